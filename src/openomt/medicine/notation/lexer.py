"""Text to tokens: levels, points, numbers, known phrases, signs.
Every token keeps its place in the author's text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any, NamedTuple

from openomt.medicine.notation.chunks import LOOSE, STRONG, continues, opens
from openomt.medicine.notation.lexicon import Meaning, Node, corrected, lexicon
from openomt.medicine.notation.motion import motion_codes
from openomt.medicine.notation.numbers import NUMBERS
from openomt.medicine.notation.shapes import SHAPES
from openomt.medicine.notation.spelled import READERS, mark
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
    return _LETTER_HYPHEN.sub(" ", text) if "-" in text else text


_Fields = tuple[str, Any, int, int, str, str, bool, Meaning | None]
"""A token's kind, value, start and end in its chunk, text, low, fixed, code."""


class _Seed(NamedTuple):
    """What a token will be, wherever its chunk stands.

    follow   words that may follow in a known phrase that begins here
    step     the word as phrases spell it; `other`: the known word that it may be a slip of
    is_word  whether it is a plain word
    """

    fields: _Fields
    follow: dict[str, Node] | None
    step: str
    other: str | None
    is_word: bool

    def moved(self, by: int) -> _Seed:
        kind, value, start, end, *rest = self.fields
        return self._replace(fields=(kind, value, start + by, end + by, *rest))


class _Chunk(NamedTuple):
    """What stands between two blanks. `opens`, `continues`: see `chunks`."""

    seeds: list[_Seed]
    opens: int
    continues: int


_REMEMBERED_CHUNKS = 8192
_LONGEST_REMEMBERED = 40
"""Characters; what is longer is no word of anybody's, and remembering it would only hold memory."""
_WORDS = frozenset({"word", "short"})
_SIGNS = frozenset({"stop", "mark"})


def tokens(text: str) -> list[Token]:
    """The tokens of one line of normalized text."""
    seeds, bases = _seeds(text)
    out: list[Token] = []
    place = 0
    last = len(seeds) - 1
    while place <= last:
        fields, follow, _, _, _ = seeds[place]
        if follow is not None and place < last:
            after = seeds[place + 1]
            if after.step in follow or after.other in follow:
                longest, meaning = _walk(seeds, place)
                if meaning is not None:
                    out.append(_phrase(text, seeds[place:longest], bases[place:longest], meaning))
                    place = longest
                    continue
        kind, value, start, end, word, low, fixed, code = fields
        base = bases[place]
        out.append(Token(kind, value, base + start, base + end, word, low, fixed, code))
        place += 1
    return out


def _seeds(text: str) -> tuple[list[_Seed], list[int]]:
    """The seeds of a line, and where in it the chunk of each begins. Chunks met before are remembered."""
    seeds: list[_Seed] = []
    bases: list[int] = []
    if '"' in text or not text.isprintable():
        _add_run(seeds, bases, text, 0, len(text))
        return seeds, bases
    start = end = at = first = bond = 0
    joined = False
    for piece in text.split(" "):
        if len(piece) > _LONGEST_REMEMBERED:
            if not bond:
                first, start = len(seeds), at
            joined, bond, end = True, STRONG, at + len(piece)
        elif piece:
            more, opening, continuing = _chunk(piece)
            if bond + continuing > LOOSE:
                joined, bond = True, STRONG
            else:
                if joined:
                    del seeds[first:], bases[first:]
                    _add_run(seeds, bases, text, start, end)
                    joined = False
                if opening:
                    first, start = len(seeds), at
                bond = opening
                seeds += more
                bases += [at] * len(more)
            end = at + len(piece)
        at += len(piece) + 1
    if joined:
        del seeds[first:], bases[first:]
        _add_run(seeds, bases, text, start, end)
    return seeds, bases


@lru_cache(maxsize=_REMEMBERED_CHUNKS)
def _chunk(piece: str) -> _Chunk:
    seeds: list[_Seed] = []
    bases: list[int] = []
    _add_run(seeds, bases, piece, 0, len(piece))
    moved = [seed.moved(base) if base else seed for seed, base in zip(seeds, bases, strict=True)]
    return _Chunk(moved, opens(piece), continues(piece))


def _add_run(seeds: list[_Seed], bases: list[int], text: str, start: int, end: int) -> None:
    """The seeds of a stretch that may hold shapes with blanks inside, matched by their shapes."""
    for match in SHAPES.finditer(text, start, end):
        kind = match.lastgroup or ""
        first, last = match.span(kind)
        word = text[first:last]
        if kind in _WORDS:
            seeds.append(_word(word) if last - first <= _LONGEST_REMEMBERED else _word.__wrapped__(word))
            bases.append(first)
        elif kind in _SIGNS:
            seeds.append(_sign(word))
            bases.append(first)
        else:
            made: list[Token] = []
            READERS[kind](made, text, word, first, last)
            for token in made:
                seeds.append(_word(token.text) if token.kind == "word" else _seed(token, token.start))
                bases.append(token.start)


@lru_cache(maxsize=_REMEMBERED_CHUNKS)
def _sign(word: str) -> _Seed:
    return _seed(mark(word, 0, len(word)), 0)


def _seed(token: Token, base: int) -> _Seed:
    """What a token that is no plain word is."""
    start, end = token.start - base, token.end - base
    fields = (token.kind, token.value, start, end, token.text, token.low, token.fixed, token.code)
    return _Seed(fields, None, token.low, None, is_word=False)


@lru_cache(maxsize=_REMEMBERED_CHUNKS)
def _word(text: str) -> _Seed:
    """What a word is by itself: its meaning when no known phrase begins with it."""
    low = text.lower()
    end = len(text)
    fixed = False
    node = lexicon().root.get(low)
    codes = motion_codes()
    other = corrected(low)
    kind: str
    value: Any
    if len(low) == 1:
        kind, value = "letter", low
    elif node is None and low in codes:
        kind, value = "code", codes[low]
    elif node is None and low in NUMBERS:
        digits = str(NUMBERS[low])
        return _Seed(("number", low, 0, end, digits, digits, False, None), None, low, other, is_word=True)
    else:
        if node is None:
            node = lexicon().root.get(other or "")
            fixed = node is not None
        kind, value, fixed = _alone(text, low, node, fixed)
    code, follow = (None, None) if node is None else (node.code, node.follow)
    return _Seed((kind, value, 0, end, text, low, fixed, code), follow, low, other, is_word=True)


def _alone(text: str, low: str, node: Node | None, fixed: bool) -> tuple[str, Any, bool]:
    """Kind and value of a word by itself, and whether its spelling had to be corrected for that."""
    meaning = _meaning(text, node)
    if meaning is not None:
        return meaning.kind, meaning.value, fixed
    codes = motion_codes()
    return ("code", codes[low], False) if node is not None and low in codes else ("unknown", low, False)


def _meaning(text: str, node: Node | None) -> Meaning | None:
    if node is None:
        return None
    return node.capitals if node.capitals is not None and text.isupper() else node.meaning


def _misspelt(seeds: list[_Seed]) -> bool:
    """Whether a phrase was only known after its spelling was corrected."""
    node = lexicon().root.get(seeds[0].step)
    for seed in seeds[1:]:
        if node is None or node.follow is None:
            return True
        node = node.follow.get(seed.step)
    return node is None


def _walk(seeds: list[_Seed], place: int) -> tuple[int, Meaning | None]:
    """Follows the words from `place` down the tree: where the longest known phrase of several words ends,
    and what it means. None: there is no such phrase.
    """
    best: Meaning | None = None
    follow = seeds[place].follow
    end = at = place + 1
    while follow is not None and at < len(seeds):
        seed = seeds[at]
        node = follow.get(seed.step)
        if node is None and seed.other is not None:
            node = follow.get(seed.other)
        if node is None:
            break
        at += 1
        if node.meaning is not None:
            best, end = node.meaning, at
        follow = node.follow
    return end, best


def _phrase(line: str, seeds: list[_Seed], bases: list[int], meaning: Meaning) -> Token:
    """The token of a phrase of several words. One that begins with a letter is never a misspelt one."""
    words: list[str] = []
    for seed, base in zip(seeds, bases, strict=True):
        _, _, start, end, text, _, _, _ = seed.fields
        words.append(line[base + start : base + end] if seed.is_word else text)
    kind, _, first, _, _, _, fixed, _ = seeds[0].fields
    token = Token(meaning.kind, meaning.value, bases[0] + first, base + end, " ".join(words))
    token.fixed = kind != "letter" and (fixed or _misspelt(seeds))
    return token
