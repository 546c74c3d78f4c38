"""The facts OpenOMT works with, as TOML records that each name their sources. `load()` gives all of them.

The schema is imported when one of its names is first used: most of the program runs without it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from openomt.knowledge.marks import AWAITING_REVIEW, Confidence

if TYPE_CHECKING:
    from openomt.knowledge.base import Record, Source
    from openomt.knowledge.loader import Knowledge, KnowledgeError, load, validated

__all__ = [
    "AWAITING_REVIEW",
    "Confidence",
    "Knowledge",
    "KnowledgeError",
    "Record",
    "Source",
    "load",
    "validated",
]

_HOMES = {
    "Record": "base",
    "Source": "base",
    "Knowledge": "loader",
    "KnowledgeError": "loader",
    "load": "loader",
    "validated": "loader",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"openomt.knowledge.{_HOMES[name]}"), name)
