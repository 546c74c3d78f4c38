"""Dates as charts write them, with as much doubt as they leave: a year alone is some day of that year."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_DAYS = {"day": 1, "week": 7, "month": 30.4375, "year": 365.25}
_UNITS = {
    "d": "day", "day": "day", "days": "day", "dia": "day", "dias": "day",
    "w": "week", "wk": "week", "wks": "week", "week": "week", "weeks": "week", "semana": "week",
    "semanas": "week",
    "mo": "month", "mos": "month", "mth": "month", "mths": "month", "month": "month", "months": "month",
    "mes": "month", "meses": "month",
    "y": "year", "yr": "year", "yrs": "year", "year": "year", "years": "year", "ano": "year", "anos": "year",
}  # fmt: skip
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "couple": 2, "few": 3, "several": 4, "un": 1, "una": 1,
    "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
    "diez": 10, "unas": 3, "unos": 3, "varias": 4, "varios": 4, "muchos": 10, "many": 10,
}  # fmt: skip
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january enero", "feb february febrero", "mar march marzo", "apr april abril", "may mayo",
            "jun june junio", "jul july julio", "aug august agosto", "sep sept september septiembre",
            "oct october octubre", "nov november noviembre", "dec december diciembre",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_NAMED = {
    "today": 0, "this morning": 0, "tonight": 0, "hoy": 0, "esta manana": 0, "yesterday": 1, "last night": 1,
    "ayer": 1, "anoche": 1, "this week": 3, "esta semana": 3, "earlier this week": 3, "last week": 7,
    "la semana pasada": 7, "semana pasada": 7, "last month": 30, "el mes pasado": 30, "mes pasado": 30,
    "last year": 365, "el ano pasado": 365,
}  # fmt: skip
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon lunes", "tuesday tues martes", "wednesday wed miercoles", "thursday thurs jueves",
            "friday fri viernes", "saturday sabado", "sunday domingo",
        )
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAY = "(?:" + "|".join(sorted(_WEEKDAYS, key=len, reverse=True)) + r")"
_COUNT = r"(?:\d{1,3}(?:\.\d)?|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r")"
_UNIT = "(?:" + "|".join(sorted(_UNITS, key=len, reverse=True)) + r")"
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")"
_NAMES = "|".join(sorted(_NAMED, key=len, reverse=True)).replace(" ", r"\s+")
_FIND = re.compile(
    rf"""(?<![\w.])(?:
      (?P<iso>(?:19|20)\d\d-\d\d?-\d\d?)
    | (?P<us>\d\d?[/-]\d\d?[/-](?:\d{{4}}|\d\d))
    | (?P<my>\d\d?/(?:19|20)\d\d)
    | (?P<iso_month>(?:19|20)\d\d-\d\d)(?!\d)
    | (?P<mdy>{_MONTH}\.?\s+\d\d?(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d)
    | (?P<dmy>\d\d?\s+(?:de\s+)?{_MONTH}\.?,?\s+(?:de[l]?\s+)?(?:19|20)\d\d)
    | (?P<month_year>{_MONTH}\.?,?\s+(?:de[l]?\s+)?(?:19|20)\d\d)
    | (?P<ago>(?:a\s+)?(?P<n>{_COUNT})(?:\s+of|\s+or\s+so)?[\s-]*(?P<unit>{_UNIT})\s*
        (?:ago|back|prior|earlier|atras|s/p|status\spost|post[\s-]?op\w*|out\s+from|after\s+surgery|postoperative|out\b))
    | (?P<x>x\s*(?P<n4>{_COUNT})\s*(?P<unit4>{_UNIT})\b)
    | (?P<hace>hace\s+(?P<n2>{_COUNT})\s+(?P<unit2>{_UNIT}))
    | (?P<pod>(?:pod|post[\s-]?op(?:erative)?\s+day)\s*[#:]?\s*(?P<n3>\d{{1,3}}))
    | (?P<month_day>{_MONTH}\.?\s+\d\d?(?:st|nd|rd|th)?(?![\d/]))
    | (?P<in_month>(?:in|since|en|desde|this\s+past|last)\s+(?P<m>{_MONTH})\b)
    | (?P<weekday>(?:last|this|this\s+past|past|on|since|el|desde\s+el)\s+(?P<wd>{_WEEKDAY})(?:\s+pasado)?)
    | (?P<named>{_NAMES})
    | (?P<year>'?(?:19|20)\d\d)(?![\d/-])
    )(?!\w)""",
    re.VERBOSE,
)
_FOR = re.compile(
    rf"(?:\b(?:for|x|over|por|durante|times)\s*(?:the\s+)?(?:past|last|about|>|over|almost)?\s*|\bx|>=?\s*)"
    rf"(?P<n>{_COUNT})(?:\s+of)?\s*(?P<unit>{_UNIT})\b"
)


@dataclass(frozen=True, slots=True)
class When:
    """The days on which something may have been, from the first possible one to the last."""

    first: date
    last: date

    def days_ago(self, today: date) -> tuple[int, int]:
        """At least and at most so many days before `today`."""
        return (today - self.last).days, (today - self.first).days

    def within(self, weeks: int, today: date) -> bool | None:
        """Whether it was in the last `weeks` (the last day included); None where it may have been."""
        least, most = self.days_ago(today)
        if most <= weeks * 7:
            return True
        return False if least > weeks * 7 else None

    def is_future(self, today: date) -> bool:
        """Whether it has not come yet."""
        return self.first > today


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text."""

    start: int
    end: int
    when: When


def dates_in(plain: str, today: date) -> tuple[FoundDate, ...]:
    """Every date of a text in small letters without accents, in its order."""
    found: list[FoundDate] = []
    for match in _FIND.finditer(plain):
        when = _when(match, today)
        if when is not None:
            found.append(FoundDate(match.start(), match.end(), _not_after(when, today)))
    return tuple(found)


def duration_days(plain: str) -> float | None:
    """How long something has been going on by the text (`for 4 months`); None where it does not say."""
    match = _FOR.search(plain)
    if match is None:
        return None
    return _number(match["n"]) * _DAYS[_UNITS[match["unit"]]]


def written_date(text: str, today: date | None = None) -> When | None:
    """A date written alone: `2015`, `2015-03`, `2015-03-04`, `3/4/2015`. None for anything else."""
    match = _FIND.fullmatch(text.strip().lower())
    if match is None or match.lastgroup in ("n", "unit", "m"):
        return None
    kinds = ("iso", "us", "my", "iso_month", "mdy", "dmy", "month_year", "year")
    if not any(match[kind] for kind in kinds):
        return None
    return _when(match, today or date.max)


def _when(match: re.Match[str], today: date) -> When | None:
    try:
        return _written(match, today) or _relative(match, today)
    except (ValueError, OverflowError):
        return None


def _written(match: re.Match[str], today: date) -> When | None:
    """A date that stands for itself; None for one that counts from today."""
    numbers = [int(digits) for digits in re.findall(r"\d+", match[0])]
    if match["iso"]:
        return _day(*numbers)
    if match["us"]:
        month, day, year = numbers
        return _day(_full_year(year, today), month, day)
    if match["my"]:
        return _month(numbers[1], numbers[0])
    if match["iso_month"]:
        return _month(*numbers)
    if match["year"]:
        return When(date(numbers[0], 1, 1), date(numbers[0], 12, 31))
    words = match["mdy"] or match["dmy"] or match["month_year"]
    return _words(words) if words else None


def _relative(match: re.Match[str], today: date) -> When:
    for number, unit in (("n", "unit"), ("n2", "unit2"), ("n4", "unit4")):
        if match[number]:
            return _back(_number(match[number]) * _DAYS[_UNITS[match[unit]]], today)
    if match["pod"]:
        return _back(int(match["n3"]), today)
    if match["weekday"]:
        return _back((today.weekday() - _WEEKDAYS[match["wd"]] - 1) % 7 + 1, today)
    if match["named"]:
        return _back(_NAMED[" ".join(match["named"].split())], today)
    if match["month_day"]:
        name, day = re.findall(r"[a-z]+|\d+", match["month_day"])[:2]
        found = _day(today.year, _MONTHS[name], int(day))
        return found if found.first <= today else _day(today.year - 1, _MONTHS[name], int(day))
    month = _MONTHS[match["m"]]
    return _month(today.year if month <= today.month else today.year - 1, month)


def _words(text: str) -> When:
    names = [word for word in re.findall(r"[a-z]+", text) if word in _MONTHS]
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    year = max(numbers)
    rest = [number for number in numbers if number != year]
    return _day(year, _MONTHS[names[0]], rest[0]) if rest else _month(year, _MONTHS[names[0]])


def _number(text: str) -> float:
    return float(_NUMBERS[text]) if text in _NUMBERS else float(text)


def _back(days: float, today: date) -> When:
    day = today - timedelta(days=round(days))
    return When(day, day)


def _day(year: int, month: int, day: int) -> When:
    return When(date(year, month, day), date(year, month, day))


def _month(year: int, month: int) -> When:
    return When(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _full_year(year: int, today: date) -> int:
    if year >= 100:
        return year
    century = today.year // 100 * 100
    return century + year if century + year <= today.year + 1 else century - 100 + year


def _not_after(when: When, today: date) -> When:
    return When(when.first, today) if when.first <= today < when.last else when
