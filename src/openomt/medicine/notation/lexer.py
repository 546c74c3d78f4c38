"""Text to tokens: levels, points, numbers, known phrases, signs.
Every token keeps its place in the author's text."""

from __future__ import annotations

import re
import unicodedata

from openomt.medicine.notation.lexicon import Meaning, Node, corrected, lexicon
from openomt.medicine.notation.motion import MotionCode, motion_codes
from openomt.medicine.notation.numbers import NUMBERS
from openomt.medicine.notation.shapes import SHAPES
from openomt.medicine.notation.spelled import MARKS, READERS, mark
from openomt.medicine.notation.token import Token

_LETTER_HYPHEN = re.compile(r"(?<=[^\W\d_])(?<!\bOA)(?<!\bAA)-(?=[^\W\d_])", re.IGNORECASE)


_LAST_ASCII = 127


class _Plain(dict[int, str]):
    """The plain character for any other that stands for just one:
    dashes, quotes, sub- and superscripts, full width.
    """

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code))
        self[code] = plain if len(plain) == 1 and code > _LAST_ASCII else chr(code)
        return self[code]


_PLAIN = _Plain({ord(c): "-" for c in "‐‑‒–—−"} | {0x2019: "'", 0x2018: "'", 0xA0: " ", 9: " "})  # fmt: skip


def normalized(text: str) -> str:
    """The text with dashes, quotes, blanks and sub- or superscript letters made plain.
    Length never changes.
    """
    text = text.translate(_PLAIN) if not text.isascii() else text.replace("\t", " ")
    return _LETTER_HYPHEN.sub(" ", text)


def tokens(text: str) -> list[Token]:
    """The tokens of one line of normalized text."""
    raw = _raw(text)
    root = lexicon().root
    codes = motion_codes()
    out: list[Token] = []
    place = 0
    count = len(raw)
    while place < count:
        token = raw[place]
        if token.kind != "word":
            out.append(token)
            place += 1
        elif len(token.low) == 1:
            place = _letter(raw, place, root.get(token.low), out)
        else:
            place = _word(raw, place, root, codes, out)
    return out


def _letter(raw: list[Token], place: int, node: Node | None, out: list[Token]) -> int:
    """One letter: the start of a known phrase, or a letter that its context must explain.
    Returns the next place.
    """
    token = raw[place]
    if node is not None:
        if node.follow is not None:
            longest, meaning = _walk(raw, place, node)
            if longest > place + 1 and meaning is not None:
                out.append(_phrase(raw, place, longest, meaning))
                return longest
        token.code = node.code
    token.kind = "letter"
    out.append(token)
    return place + 1


def _word(
    raw: list[Token], place: int, root: dict[str, Node], codes: dict[str, MotionCode], out: list[Token]
) -> int:
    """A word: the longest known phrase it begins, a motion code, a number or an unknown.
    Returns the next place.
    """
    token = raw[place]
    low = token.low
    node = root.get(low)
    fixed = False
    if node is None:
        if low in codes or low in NUMBERS:
            out.append(_code_or_number(token, codes))
            return place + 1
        node = root.get(corrected(low) or "")
        fixed = node is not None
    if node is None:
        token.kind = "unknown"
        out.append(token)
        return place + 1
    longest, meaning = _walk(raw, place, node)
    if meaning is None:
        token.kind, token.value = ("code", codes[low]) if low in codes else ("unknown", low)
        token.code = node.code
        out.append(token)
        return place + 1
    if longest > place + 1:
        token = _phrase(raw, place, longest, meaning)
        fixed = fixed or _misspelt(raw, place, longest, root)
    else:
        token.kind, token.value = meaning
        token.code = node.code
    token.fixed = fixed
    out.append(token)
    return longest


def _code_or_number(token: Token, codes: dict[str, MotionCode]) -> Token:
    code = codes.get(token.low)
    if code is None:
        return Token("number", token.low, token.start, token.end, str(NUMBERS[token.low]))
    token.kind, token.value = "code", code
    return token


def _misspelt(raw: list[Token], place: int, end: int, root: dict[str, Node]) -> bool:
    """Whether a phrase was only known after its spelling was corrected."""
    node = root.get(raw[place].value)
    for token in raw[place + 1 : end]:
        if node is None or node.follow is None:
            return True
        node = node.follow.get(token.low)
    return node is None


def _walk(raw: list[Token], place: int, node: Node) -> tuple[int, Meaning | None]:
    """Follows the words from `place` down the tree:
    where the longest known phrase ends, and what it means.
    """
    first = raw[place].text
    best = node.capitals if node.capitals is not None and first.isupper() else node.meaning
    end = place + 1
    at = end
    while node.follow is not None and at < len(raw):
        token = raw[at]
        step = node.follow.get(token.low)
        if step is None and token.kind == "word" and (other := corrected(token.low)) is not None:
            step = node.follow.get(other)
        if step is None:
            break
        node = step
        at += 1
        if node.meaning is not None:
            best, end = node.meaning, at
    return end, best


def _phrase(raw: list[Token], place: int, end: int, meaning: Meaning) -> Token:
    first, last = raw[place], raw[end - 1]
    text = " ".join([t.text for t in raw[place:end]])
    return Token(meaning.kind, meaning.value, first.start, last.end, text)


def _raw(text: str) -> list[Token]:
    """Tokens by shape alone; words are still single and known by nothing but their letters."""
    out: list[Token] = []
    add = out.append
    for match in SHAPES.finditer(text):
        kind = match.lastgroup or ""
        start, end = match.span(kind)
        word = text[start:end]
        if kind in ("word", "short"):
            token = Token("word", None, start, end, word)
            token.value = token.low
            add(token)
        elif kind == "stop":
            add(Token(MARKS[word], word, start, end, word))
        elif kind == "mark":
            add(mark(word, start, end))
        else:
            READERS[kind](out, text, word, start, end)
    return out
