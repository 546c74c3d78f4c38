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


class _Seed(NamedTuple):
    """What a token will be, wherever its chunk stands: the token's fields, counted from the chunk's start.

    said    the written word in lower case; None for what is no word
    phrase  the word's node, where known phrases begin with it
    """

    kind: str
    value: Any
    start: int
    end: int
    text: str
    low: str
    fixed: bool
    code: Meaning | None
    said: str | None
    phrase: Node | None


class _Chunk(NamedTuple):
    """What stands between two blanks. `opens`, `continues`: see `chunks`."""

    seeds: tuple[_Seed, ...]
    opens: int
    continues: int


_NO_CHUNK = _Chunk((), opens=0, continues=0)
_REMEMBERED_CHUNKS = 8192


def tokens(text: str) -> list[Token]:
    """The tokens of one line of normalized text."""
    seeds, bases = _seeds(text)
    out: list[Token] = []
    place = 0
    count = len(seeds)
    while place < count:
        kind, value, start, end, word, low, fixed, code, _, node = seeds[place]
        if node is not None:
            longest, meaning = _walk(seeds, place, node)
            if longest > place + 1 and meaning is not None:
                out.append(_phrase(text, seeds[place:longest], bases[place:longest], meaning))
                place = longest
                continue
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
    start = end = at = 0
    held: _Chunk | None = _NO_CHUNK
    bond = 0
    for piece in text.split(" "):
        if piece:
            chunk = _chunk(piece)
            if bond + chunk.continues > LOOSE:
                held, bond = None, STRONG
            else:
                if held is not None:
                    seeds += held.seeds
                    bases += [start] * len(held.seeds)
                else:
                    _add_run(seeds, bases, text, start, end)
                held, start, bond = chunk, at, chunk.opens
            end = at + len(piece)
        at += len(piece) + 1
    if held is not None:
        seeds += held.seeds
        bases += [start] * len(held.seeds)
    else:
        _add_run(seeds, bases, text, start, end)
    return seeds, bases


@lru_cache(maxsize=_REMEMBERED_CHUNKS)
def _chunk(piece: str) -> _Chunk:
    return _Chunk(tuple(_seed(t) for t in _raw(piece, 0, len(piece))), opens(piece), continues(piece))


def _add_run(seeds: list[_Seed], bases: list[int], text: str, start: int, end: int) -> None:
    """The seeds of several chunks that may hold one shape."""
    more = [_seed(token) for token in _raw(text, start, end)]
    seeds += more
    bases += [0] * len(more)


def _seed(token: Token) -> _Seed:
    """What a token is by itself: of a word, its meaning when no known phrase begins with it."""
    kind, value, text, low = token.kind, token.value, token.text, token.low
    if kind != "word":
        return _Seed(kind, value, token.start, token.end, text, low, token.fixed, token.code, None, None)
    fixed = False
    node = lexicon().root.get(low)
    codes = motion_codes()
    if len(low) == 1:
        kind = "letter"
    elif node is None and low in codes:
        kind, value = "code", codes[low]
    elif node is None and low in NUMBERS:
        digits = str(NUMBERS[low])
        return _Seed("number", low, token.start, token.end, digits, digits, False, None, low, None)
    else:
        if node is None:
            node = lexicon().root.get(corrected(low) or "")
            fixed = node is not None
        kind, value, fixed = _alone(text, low, node, fixed)
    code = None if node is None else node.code
    phrase = None if node is None or node.follow is None else node
    return _Seed(kind, value, token.start, token.end, text, low, fixed, code, low, phrase)


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
    node = lexicon().root.get(seeds[0].said or "")
    for seed in seeds[1:]:
        if node is None or node.follow is None:
            return True
        node = node.follow.get(seed.said or seed.low)
    return node is None


def _walk(seeds: list[_Seed], place: int, node: Node) -> tuple[int, Meaning | None]:
    """Follows the words from `place` down the tree:
    where the longest known phrase ends, and what it means.
    """
    best = _meaning(seeds[place].text, node)
    end = place + 1
    at = end
    while node.follow is not None and at < len(seeds):
        said = seeds[at].said
        step = node.follow.get(said or seeds[at].low)
        if step is None and said is not None and (other := corrected(said)) is not None:
            step = node.follow.get(other)
        if step is None:
            break
        node = step
        at += 1
        if node.meaning is not None:
            best, end = node.meaning, at
    return end, best


def _phrase(line: str, seeds: list[_Seed], bases: list[int], meaning: Meaning) -> Token:
    """The token of a phrase of several words. One that begins with a letter is never a misspelt one."""
    first = seeds[0]
    words = [
        seed.text if seed.said is None else line[base + seed.start : base + seed.end]
        for seed, base in zip(seeds, bases, strict=True)
    ]
    start, end = bases[0] + first.start, bases[-1] + seeds[-1].end
    token = Token(meaning.kind, meaning.value, start, end, " ".join(words))
    token.fixed = first.kind != "letter" and (first.fixed or _misspelt(seeds))
    return token


def _raw(text: str, start: int, end: int) -> list[Token]:
    """Tokens by shape alone; words are still single and known by nothing but their letters."""
    out: list[Token] = []
    add = out.append
    for match in SHAPES.finditer(text, start, end):
        kind = match.lastgroup or ""
        first, last = match.span(kind)
        word = text[first:last]
        if kind in ("word", "short"):
            token = Token("word", None, first, last, word)
            token.value = token.low
            add(token)
        elif kind == "stop":
            add(Token(MARKS[word], word, first, last, word))
        elif kind == "mark":
            add(mark(word, first, last))
        else:
            READERS[kind](out, text, word, first, last)
    return out
