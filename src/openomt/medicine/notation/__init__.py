"""Notation: what physicians write, read into findings, and findings written in one house style.

A line goes through `lexer` (tokens), `signs` (clauses), `compose` (motions and letters), `bind` (which words
belong to which place) and `emit` (findings); `read` puts them together. `write` is the way back.
Compiled modules, where `make setup` built them of these very sources, come before the sources.
"""

from pathlib import Path

from openomt.compiled import compiled_folder

if (_folder := compiled_folder(Path(__file__).resolve().parent)) is not None:
    __path__.insert(0, _folder)

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
