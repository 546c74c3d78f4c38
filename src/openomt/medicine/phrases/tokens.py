"""Words and marks of a text, without case and accents, at their places in the text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_MARK = "'"
"""Stands for what a word may hold and does not need: an apostrophe, a combining accent."""

_TOKEN = re.compile(
    r"""(?![ \t])(?:
    [^\W\d_]/(?:[^\W\d_](?![^\W_])|(?=[\s\d]|$))      # s/p, h/o, w/ with
  | \d+[.,]\d+(?![^\W_])                           # 2.5
  | [^\W_]+(?:'+[^\W_]+)*                          # a word
  | [\n,;:!=•·]
  | \.(?=\s|$)
  | \([-+?]\) | [()?+]
  | (?<!\S)-(?=\s) | (?<=\S)-(?=\s)                # a dash between words
    )""",
    re.VERBOSE,
)
HARD = frozenset({".", ";", "!", "\n", "•", "·", "?"})
SOFT = frozenset({",", ":", "-", "(", ")", "=", "+", "(-)", "(+)"})
ASKED_AHEAD = "?>"
"""A question mark that stands before what is in question (`?DVT`)."""
_SPECIAL = frozenset({"\n", ".", "?", "(?)"})
_WRAPPED = 50
"""A line at least this long that ends within a sentence was broken by the edge of a page."""
_SAME = {
    "’": _MARK, "‘": _MARK, "ʼ": _MARK, "`": _MARK, "´": _MARK, "–": "-", "—": "-", "‑": "-", "−": "-",
    "¿": " ", "¡": " ", "\r": " ", "\u2028": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n",
}  # fmt: skip


class _Folding(dict[int, str]):
    """One plain character for each character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold(chr(code))
        return folded


def _fold(char: str) -> str:
    if char in _SAME:
        return _SAME[char]
    if unicodedata.combining(char):
        return _MARK
    plain = unicodedata.normalize("NFKD", char)[0].lower()
    return plain if len(plain) == 1 else plain[0]


_FOLDING = _Folding()


@dataclass(slots=True)
class Tokens:
    """The tokens of a text, in three lists of one length, and the text."""

    text: str
    words: list[str]
    starts: list[int]
    ends: list[int]

    def in_capitals(self, at: int) -> bool:
        """Whether a token is written in capitals."""
        return self.text[self.starts[at] : self.ends[at]].isupper()


def folded(text: str) -> str:
    """The text without case and accents, character for character."""
    if text.isascii() and not any(mark in text for mark in ("`", "\r", "\x0b", "\x0c")):
        return text.lower()
    return text.translate(_FOLDING)


def stem(word: str) -> str:
    """A word without the ending of its plural, so that one form stands for both."""
    if len(word) > 4 and word[-1] == "s" and word[-2] not in "sui":
        return word[:-1]
    return word


def tokens(text: str, abbreviations: frozenset[str] = frozenset()) -> Tokens:
    """The tokens of a text. A full stop after one of `abbreviations` ends no sentence."""
    plain = folded(text)
    found = Tokens(text, [], [], [])
    words, starts, ends = found.words, found.starts, found.ends
    for match in _TOKEN.finditer(plain):
        word = match[0]
        if word in _SPECIAL:
            if word == "\n" and _only_wrapped(plain, match.start()):
                continue
            if word == "." and words and words[-1] in abbreviations:
                continue
            if word == "(?)":
                word = "?"
            elif word == "?" and _asks_ahead(plain, match.start()):
                word = ASKED_AHEAD
        elif _MARK in word:
            word = word.replace(_MARK, "")
        start, end = match.span()
        words.append(word)
        starts.append(start)
        ends.append(end)
    return found


def _asks_ahead(plain: str, at: int) -> bool:
    before = plain[at - 1 : at]
    return (before in ("", " ", "\n", "(", ",", ";", ":", "-")) and bool(plain[at + 1 : at + 3].strip())


def _only_wrapped(plain: str, at: int) -> bool:
    """Whether a line break was set by the width of a page and not by the author."""
    if plain[at + 1 : at + 2] in ("", "\n", " ", "-", "*", "•") or not plain[at + 1].isalpha():
        return False
    begin = plain.rfind("\n", 0, at) + 1
    return at - begin >= _WRAPPED and plain[at - 1] not in ".;:!?"
