"""Where a line can be cut at its blanks without cutting a shape in two, so that pieces met before are not
matched again.

A shape such as `rib 4 to 6` runs over blanks. A cut is safe where the chunk on the left can begin no such
shape, or the chunk on the right can continue none. What can continue one is taken from the shapes
themselves.
"""

from __future__ import annotations

import re
from functools import cache

from openomt.medicine.notation.numbers import CARDINALS, NUMBERS
from openomt.medicine.notation.shapes import NO_WORD, SHAPES

NONE, WEAK, STRONG = 0, 1, 2
"""How readily a chunk joins its neighbor."""
LOOSE = 2
"""Two chunks may hold parts of one shape where their bonds together are above this."""
_COMPLETE = re.compile(rf"[,;:.()]*(?!{NO_WORD})[^\W\d_]{{3,}}(?:'[^\W\d_]+)?[,;:.()]*", re.IGNORECASE)
"""A plain word with its signs: no shape begins with it."""
_SHORT = re.compile(r"[,;:.()]*([^\W\d_]{1,2})[,;:.()]*")
_OPENING = frozenset({"a", "o", "c", "t", "oa", "aa", "el"})
"""One or two letters that a shape can begin with."""
_SIDE_OR_SEGMENT = re.compile(r"[,;:.()]*(?:[RL]|[CTL]\d{1,2})[,)]*", re.IGNORECASE)
"""What only a sign, a number or one of `_JOINING` can follow in a shape."""
_JOINING = frozenset(
    {"on", "o", "onr", "onl", "to", "thru", "through", "down", "axis", "oblique", *CARDINALS}
)
_ONLY_SIGNS = re.compile(r"[^\w\s]+")
_FIRST_LETTERS = re.compile(r"[^\W\d_]+")
_ENDS = (";", ":", ".", "(", ")")
"""Signs that stand in no shape."""
_STUCK = frozenset({"r", "l", "c", "t", "s", "a", "ac", "at", "al", "ar", "pc", "pt", "pl", "pr"})
"""Letters that are only part of a shape with what stands around them. A number may be stuck to some."""
_STUCK_NUMBER = re.compile(rf"(?:[rlcts]|right|left)(?:{'|'.join(NUMBERS)})")
_NO_WRITTEN_WORD = re.compile(r"\?P<\w+>|\\[a-z]|\[[^\]]*\]")
_OPTIONAL_END = re.compile(r"([A-Za-z]{2,})([A-Za-z])\?")


def opens(chunk: str) -> int:
    """How readily a shape that begins in the chunk runs on over the blank after it."""
    if not chunk.isascii():
        return STRONG
    if chunk.endswith(_ENDS) or _COMPLETE.fullmatch(chunk) or _ONLY_SIGNS.fullmatch(chunk):
        return NONE
    if _SIDE_OR_SEGMENT.fullmatch(chunk):
        return WEAK
    short = _SHORT.fullmatch(chunk)
    return STRONG if short is None or short[1].lower() in _OPENING else NONE


def continues(chunk: str) -> int:
    """How readily a shape that began before the chunk runs on into it."""
    if not chunk.isascii():
        return STRONG
    letters = _FIRST_LETTERS.match(chunk)
    if letters is None:
        return NONE if chunk.startswith(_ENDS) else STRONG
    word = letters.group().lower()
    if word in _JOINING:
        return STRONG
    part = word in _STUCK or word in _words_of_shapes() or word.startswith("rib")
    return WEAK if part or _STUCK_NUMBER.fullmatch(word) else NONE


@cache
def _words_of_shapes() -> frozenset[str]:
    """Every word that stands anywhere in a shape."""
    written = _NO_WRITTEN_WORD.sub(" ", SHAPES.pattern)
    words = set(re.findall("[A-Za-z]{2,}", written))
    words.update(stem for stem, _ in _OPTIONAL_END.findall(written))
    return frozenset(word.lower() for word in words)
