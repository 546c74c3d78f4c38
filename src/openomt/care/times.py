"""A time of day as people read it: one form for each language, on every page, in every message and on paper."""

from __future__ import annotations

import datetime as dt

from openomt.care.words import page_language

_HALVES = {"en": ("AM", "PM"), "es": ("a.m.", "p.m.")}
"""Before them stands a plain space: one that does not break would make a text message cost twice as much."""


def spoken_time(at: dt.datetime | dt.time, language: str = "", *, seconds: bool = False) -> str:
    """`2:30 PM`, in Spanish `2:30 p.m.`. A moment is read by the clock of its own zone.

    language   `en` or `es`; none given: that of the page
    seconds    for staff, where the second counts: `2:30:07 PM`
    """
    half = _HALVES[language or page_language()][at.hour // 12]
    return f"{at.hour % 12 or 12}:{at:%M:%S} {half}" if seconds else f"{at.hour % 12 or 12}:{at:%M} {half}"
