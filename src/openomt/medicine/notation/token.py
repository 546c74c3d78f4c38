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

    def __init__(  # noqa: PLR0913, PLR0917  # its fields, in one call for each token
        self,
        kind: str,
        value: Any,
        start: int,
        end: int,
        text: str,
        low: str | None = None,
        fixed: bool = False,
        code: Meaning | None = None,
    ) -> None:
        self.kind = kind
        self.value = value
        self.start = start
        self.end = end
        self.text = text
        self.low = text.lower() if low is None else low
        self.fixed = fixed
        self.code = code

    def __repr__(self) -> str:
        return f"{self.kind}:{self.text}"
