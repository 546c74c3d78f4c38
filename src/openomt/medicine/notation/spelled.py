"""Shapes to tokens: what a level, a run of ribs,
a pair of sides and so on are as soon as their shape is known."""

from __future__ import annotations

import re
from collections.abc import Callable

from openomt.medicine.anatomy import Side
from openomt.medicine.notation.levels import ordinal_place, point_place, rib_places, segment_place
from openomt.medicine.notation.lexicon import lexicon
from openomt.medicine.notation.token import Token

MARKS = {
    ",": "comma", "/": "slash", "&": "and", "+": "plus", "-": "minus", ":": "colon", "=": "colon",
    "(": "open",
    ")": "close", "[": "open", "]": "close", ";": "break", ".": "break", "\n": "break", "?": "break",
    "!": "break",
    "|": "break", "∅": "negation", "↓": "tart", "↑": "pattern", "<": "compare", ">": "compare",
    "@": "counts to",
}  # fmt: skip


_SPOKEN = frozenset({"tee", "tea", "see", "sea", "el", "ell"})


_SPOKEN_NEXT = re.compile(
    r"\s*(?:[,.;]|$|is\b|was\b|on\b|flex|ext|neutral|rotated|rot\b|side|tender|boggy|[fen]\b|[fen]?rs|nsr|through|to\b)",
    re.I,
)


"""What follows a spoken letter that stands for a level: `tee four flexed`."""
_ENDS_ITEM = re.compile(r"\s*(?:[,.;]|$)")
_BEGINS_ITEM = re.compile(r"(?:^|[,.;:(]|\b(?:to|at|of|on|and))\s*$", re.IGNORECASE)
_PIECES = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+(?:\.\d+)?|[^\s\w]|_")


_SIDE_WORD = re.compile(r"\b(right|left|R|L)\b", re.IGNORECASE)


_SIDES_IN = re.compile(r"left|right|[RL]", re.IGNORECASE)

_Reader = Callable[[list[Token], str, str, int, int], None]
"""Adds the tokens of one shape: to the list, from the whole text,
the shape's own words, and where they stand."""


def mark(word: str, start: int, end: int) -> Token:
    """One sign. An arrow up or down is a word of the vocabulary."""
    kind = MARKS.get(word, "unknown" if word.isalnum() else "mark")
    value: object = word
    if word in "↓↑" and (node := lexicon().root.get(word)) is not None and node.meaning is not None:
        kind, value = node.meaning
    return Token(kind, value, start, end, word)


def _words_of(out: list[Token], word: str, start: int) -> None:
    """A shape that turned out not to be one: its words and numbers as they are."""
    for match in _PIECES.finditer(word):
        piece = match.group()
        at = start + match.start()
        if piece[0].isalpha() or piece[0].isdigit():
            kind = "word" if piece[0].isalpha() else "number"
            out.append(Token(kind, piece.lower(), at, at + len(piece), piece))
        else:
            out.append(mark(piece, at, at + len(piece)))


def _side_of(word: str) -> Side:
    return Side.RIGHT if word[0] in "Rr" else Side.LEFT


def _take_side(out: list[Token], word: str, start: int) -> None:
    """The side that stands inside a shape: `head of the left fibula`, `rib right 4`."""
    side = _SIDE_WORD.search(word)
    if side is not None:
        out.append(Token("side", _side_of(side[1]), start + side.start(), start + side.end(), side[1]))


def _segment(out: list[Token], text: str, word: str, start: int, end: int) -> None:
    """`T4`, `C2-4`, `tee four`. `L 4` and spoken letters only where such a level can stand."""
    low = word.split(maxsplit=1)[0].split("-", maxsplit=1)[0].lower()
    apart = word[1:2] == " " and word[2:3].isdigit()
    doubtful = low in _SPOKEN or apart
    if (doubtful and not _SPOKEN_NEXT.match(text, end)) or (
        apart and low == "l" and _ends_side(text, start, end)
    ):
        _words_of(out, word, start)
        return
    place, odd = segment_place(word)
    if place is None:
        out.append(Token("unknown", odd or word, start, end, word))
        return
    token = Token("place", place, start, end, word)
    token.fixed = bool(odd)
    out.append(token)


def _ends_side(text: str, start: int, end: int) -> bool:
    """`psoas tender L 4`: an L at the end of what is said, apart from its number, is a side."""
    return bool(_ENDS_ITEM.match(text, end)) and not _BEGINS_ITEM.search(text, max(0, start - 8), start)


def _ordinal_segment(out: list[Token], _text: str, word: str, start: int, end: int) -> None:
    """`fourth thoracic vertebra`, `lumbar 2-4`."""
    place = ordinal_place(word)
    if place is None:
        _words_of(out, word, start)
    else:
        out.append(Token("place", place, start, end, word))


def _ribs(out: list[Token], _text: str, word: str, start: int, end: int) -> None:
    """`ribs 3-5 R`, `2nd and 5th ribs`: one place for each run."""
    places = rib_places(word)
    if not places:
        _words_of(out, word, start)
        return
    _take_side(out, word, start)
    for number, place in enumerate(places):
        if number:
            out.append(Token("comma", ",", start, end, ","))
        out.append(Token("place", place, start, end, word))


def _point(out: list[Token], _text: str, word: str, start: int, end: int) -> None:
    """`AC4`, `PL3-5`: a coded tender point."""
    place = point_place(word)
    if place is None:
        _words_of(out, word, start)
    else:
        out.append(Token("place", place, start, end, word))


def _pair(out: list[Token], _text: str, word: str, start: int, end: int) -> None:
    """`L on R`, `R/L`: two sides, and whether a slash stands between."""
    stem = word[:-2] if word.upper().endswith("ST") else word
    sides = _SIDES_IN.findall(stem)
    if len(sides) == 2:
        out.append(Token("pair", (_side_of(sides[0]), _side_of(sides[1]), "/" in word), start, end, word))
    else:
        _words_of(out, word, start)


def _head_of(out: list[Token], _text: str, word: str, start: int, end: int) -> None:
    """`head of the left fibula`."""
    name = "fibular head" if word.lower().endswith("fibula") else "radial head"
    _take_side(out, word, start)
    out.append(Token("place", lexicon().places[name], start, end, word))


def _axis(out: list[Token], _text: str, word: str, start: int, end: int) -> None:
    """`on the right oblique axis`, `ROA`."""
    out.append(Token("axis", _side_of(word), start, end, word))


def _both_tests(out: list[Token], _text: str, word: str, start: int, end: int) -> None:
    """`standing and seated flexion tests`: two tests."""
    places = lexicon().places
    out.append(Token("place", places["standing flexion test"], start, end, word))
    out.append(Token("and", "and", start, end, "and"))
    out.append(Token("place", places["seated flexion test"], start, end, word))


def _innominate(out: list[Token], _text: str, word: str, start: int, end: int) -> None:
    """`RAI`, `LPI`: side, direction, innominate."""
    node = (lexicon().root["ant" if word[1] in "Aa" else "post"].follow or {})["rot"]
    out.append(Token("side", _side_of(word), start, start + 1, word[0]))
    out.append(Token("place", lexicon().places["innominate"], start + 2, end, word[2]))
    if node.meaning is not None:
        out.append(Token("pattern", node.meaning.value, start + 1, start + 2, word[1]))


def _space(out: list[Token], _text: str, word: str, start: int, end: int) -> None:
    """`2nd ICS`: an intercostal space by its number."""
    out.append(Token("place", lexicon().places["intercostal space"], start, end, word))


def _quoted(out: list[Token], _text: str, word: str, start: int, end: int) -> None:
    """`"2nd ICS"`: the author's own words, kept beside the finding."""
    out.append(Token("detail", word, start, end, word))


def _simple(kind: str) -> _Reader:
    """A shape that needs no more than its kind."""

    def add(out: list[Token], _text: str, word: str, start: int, end: int) -> None:
        out.append(Token(kind, word, start, end, word))

    return add


READERS: dict[str, _Reader] = {
    "quoted": _quoted,
    "space": _space,
    "innominate": _innominate,
    "tests": _both_tests,
    "axis": _axis,
    "headof": _head_of,
    "point": _point,
    "pair": _pair,
    "seg": _segment,
    "ordseg": _ordinal_segment,
    "ribs": _ribs,
    **{kind: _simple(kind) for kind in ("zink", "score", "fraction", "ordinal", "number", "arrow")},
}
"""What each shape of `shapes.SHAPES` turns into, plain words and signs apart."""
