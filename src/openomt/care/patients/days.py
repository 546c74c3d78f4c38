"""Days as people write them, and ages as people say them."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from openomt.medicine.safety.dates import When, written_date

FIRST = dt.date(1900, 1, 1)
"""Nobody alive was born before."""
_EIGHT = re.compile(r"(\d{2})(\d{2})(\d{4})")
_ISO_EIGHT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_LONGEST = 40
_WEEK, _MONTHS_IN_WORDS, _YEARS_IN_WORDS = 7, 24, 12


def read_day(text: str, today: dt.date) -> dt.date | None:
    """The day that was written: `1990-03-04`, `3/4/1990`, `03041990`, `Mar 4 1990`, `4 Mar 1990`. Else None."""
    plain = " ".join(text.split())[:_LONGEST]
    when = _when(plain, today)
    if when is not None and when.first == when.last:
        return when.first
    for pattern, order in ((_ISO_EIGHT, (0, 1, 2)), (_EIGHT, (2, 0, 1))):
        match = pattern.fullmatch(plain)
        found = _day(*(int(match.groups()[place]) for place in order)) if match else None
        if found is not None:
            return found
    return None


def read_about(text: str, today: dt.date) -> str | None:
    """A year, a month or a day as charts keep it: `2015`, `2015-03`, `2015-03-04`. None where it is none."""
    day = read_day(text, today)
    if day is not None:
        return day.isoformat()
    when = _when(" ".join(text.split())[:_LONGEST], today)
    if when is None:
        return None
    if when.first.month == when.last.month:
        return f"{when.first:%Y-%m}"
    return f"{when.first:%Y}"


def _when(text: str, today: dt.date) -> When | None:
    return written_date(text.replace(",", ", ").replace("  ", " "), today) if text.isascii() else None


def _day(year: int, month: int, day: int) -> dt.date | None:
    if not (1 <= month <= 12 and 1 <= year <= 9999 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return dt.date(year, month, day)


def age(born: dt.date, today: dt.date) -> str:
    """An age as it is said: `6 days`, `7 weeks`, `5 months`, `34 y`."""
    if born > today:
        return "not born yet"
    gone = (today - born).days
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months >= _MONTHS_IN_WORDS:
        return f"{months // _YEARS_IN_WORDS} y"
    if months >= 3:
        return f"{months} months"
    if gone >= 2 * _WEEK:
        return f"{gone // _WEEK} weeks"
    return f"{gone} day{'' if gone == 1 else 's'}"
