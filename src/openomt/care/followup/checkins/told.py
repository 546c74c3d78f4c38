"""What to do now, as a page says it: the act first, alone in its line. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from openomt.knowledge import load
from openomt.knowledge.redflags import Aftercare


def now_lines(told: Sequence[str]) -> tuple[str, str]:
    """The first sentence of what is told, and what follows it in the same line."""
    if not told:
        return "", ""
    act, dot, more = told[0].partition(". ")
    return (f"{act}." if dot else act), more


def self_care(language: str) -> tuple[str, ...]:
    """What everybody may do after treatment, as on the sheet."""
    found = sorted((one for one in load().all(Aftercare) if one.group == "do"), key=lambda one: one.order)
    return tuple(one.es if language == "es" else one.en for one in found)
