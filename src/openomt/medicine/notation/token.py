"""One unit of the text, with its place in it."""

from __future__ import annotations

from typing import Any

from openomt.medicine.notation.lexicon import Meaning


class Token:
    """One unit of the text. `kind` and `value` as in the lexicon, or of the lexer's own kinds:

    place (Place), code (MotionCode), letter (one letter that context must explain), number, ordinal,
    fraction,
    pair (two sides: `L on R`), zink, score, axis, detail, break, comma, slash, plus, minus, colon, arrow,
    open,
    close, compare, unknown.

    low   the text in lower case; `fixed`: its spelling was corrected, or its range turned round
    code  what it means in the part about treatment (`CS`, `ART`), if it means something else there
    """

    __slots__ = ("code", "end", "fixed", "kind", "low", "start", "text", "value")

    def __init__(self, kind: str, value: Any, start: int, end: int, text: str) -> None:
        self.kind = kind
        self.value = value
        self.start = start
        self.end = end
        self.text = text
        self.low = text.lower()
        self.fixed = False
        self.code: Meaning | None = None

    def __repr__(self) -> str:
        return f"{self.kind}:{self.text}"
