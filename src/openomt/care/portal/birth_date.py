"""A birth date as three fields: nobody scrolls a calendar back to 1950, and no order of day and month is guessed."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils import timezone
from django.utils.dates import MONTHS

from openomt.care.patients.days import FIRST

_KEPT = 6000
"""Characters given back where they were wrong; no birth date has so many."""
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class BirthDate:
    """What was typed, the day it means, and the word that says what is wrong (`portal.<fault>`)."""

    month: str = ""
    day: str = ""
    year: str = ""
    value: dt.date | None = None
    fault: str = ""

    @property
    def months(self) -> list[tuple[str, str]]:
        """The choices, in the language of the page."""
        return [(str(number), str(name)) for number, name in MONTHS.items()]


def read(posted: QueryDict) -> BirthDate:
    """The birth date of a form."""
    typed = {name: posted.get(name, "").strip()[:_KEPT] for name in ("month", "day", "year")}
    said = BirthDate(typed["month"], typed["day"], typed["year"])
    if not all(typed.values()):
        return replace(said, fault="birth_date_missing")
    month, day, year = map(_number, typed.values())
    if not (FIRST.year <= year <= timezone.localdate().year):
        return replace(said, fault="birth_year_wrong")
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return replace(said, fault="birth_day_wrong")
    return replace(said, value=dt.date(year, month, day))


def _number(text: str) -> int:
    """0 for what is no number that a date could hold."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0
