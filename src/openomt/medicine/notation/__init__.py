"""Notation: what physicians write, read into findings, and findings written in one house style.

A line goes through `lexer` (tokens), `signs` (clauses), `compose` (motions and letters), `bind` (which words
belong to which place) and `emit` (findings); `read` puts them together. `write` is the way back.
"""

from openomt.medicine.notation.read import read
from openomt.medicine.notation.reading import (
    Question,
    ReadFinding,
    Reading,
    ReadResponse,
    ReadState,
    ReadTreatment,
    Span,
    Unread,
)
from openomt.medicine.notation.write import write

__all__ = [
    "Question",
    "ReadFinding",
    "ReadResponse",
    "ReadState",
    "ReadTreatment",
    "Reading",
    "Span",
    "Unread",
    "read",
    "write",
]
