"""Weeks of pregnancy, from fields and from words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from openomt.medicine.phrases import Status
from openomt.medicine.phrases.tokens import folded
from openomt.medicine.safety.chart import Chart
from openomt.medicine.safety.dates import dates_in
from openomt.medicine.safety.recognition_tables import number, one_of, recognition_tables
from openomt.medicine.safety.values import Origin, OriginKind

_WEEKS = re.compile(
    r"""(?<![\d/.+-])(\d{1,2})(?:
      \s*(?:w(?:ee)?ks?|w|semanas?|sem|sdg|/40)\b\.?\s*(?:y|and|&|,)?\s*(?:(?P<d>\d)\s*(?:d(?:ays?)?|dias?|/7)\b)?
    | \s*w(?:ee)?k?s?\s*(?P<wd>\d)\s*d\b
    | \s*\+\s*(?P<plus>[0-6])\b
    | \s+(?P<seventh>[0-6])/7)""",
    re.VERBOSE,
)
_PREGNANT = "pregnant"
_NOT_NOW = frozenset({Status.NEGATED, Status.FAMILY, Status.OTHER_PERSON})
_GRAVIDA = r"g\d\s?p\d\w*|g\d"


@cache
def _context() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{one_of('pregnancy')}|{_GRAVIDA})\b")


@cache
def _due() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{one_of('names of the due date')})\b\s*(?:is|on|of|by|[:=])*\s*")


@cache
def _something_else_follows() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{one_of('weeks of something else follow')})\b")


@cache
def _something_else_before() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{one_of('weeks of something else before')})\s*$")


@cache
def _over() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{one_of('pregnancy over')})\b")


@dataclass(frozen=True, slots=True)
class Weeks:
    """Completed weeks of pregnancy, and where that comes from."""

    weeks: int
    origin: Origin


def weeks_of(chart: Chart, texts: list[str], pregnant: bool, today: date) -> Weeks | None:
    """The weeks on a day: as entered, by the due date, by what is written, or by the last period.

    The last period counts only where a pregnancy is stated: everybody who menstruates has one.
    """
    if chart.weeks is not None:
        return _known(chart.weeks, f"{chart.weeks} weeks", "weeks of pregnancy on record")
    if chart.due_date is not None:
        return _by_due(chart.due_date, f"due date {chart.due_date.isoformat()}", today)
    for text in texts:
        found = weeks_in(text, today)
        if found is not None:
            return found
    if chart.last_period is not None and pregnant:
        days = (today - chart.last_period).days
        source = f"last period {chart.last_period.isoformat()}"
        return _known(days // 7, source, "weeks since the last period")
    return None


def _known(weeks: int, source: str, reason: str, start: int = 0, end: int = 0) -> Weeks | None:
    if not 0 <= weeks < number("weeks of the longest pregnancy"):
        return None
    return Weeks(
        weeks, Origin(OriginKind.PREGNANCY, source, reason, start, end, ("openomt-research",), "derived")
    )


def _by_due(due: date, source: str, today: date, start: int = 0, end: int = 0) -> Weeks | None:
    days = (today - (due - timedelta(days=number("days of pregnancy")))).days
    return _known(days // 7, source, "weeks by the due date", start, end)


def weeks_in(text: str, today: date) -> Weeks | None:
    """The weeks a text states (`22w3d`, `G2P1 at 22 weeks`, `EDD 8/14/2026`); None where it states none."""
    if not any(char.isdigit() for char in text):
        return None
    plain = folded(text)
    return _by_written_due_date(text, plain, today) or next(
        (
            _known(int(match[1]), text, "weeks of pregnancy as written", match.start(), match.end())
            for match in _WEEKS.finditer(plain)
            if _is_of_pregnancy(match, text, plain)
        ),
        None,
    )


def _by_written_due_date(text: str, plain: str, today: date) -> Weeks | None:
    for due in _due().finditer(plain):
        for found in dates_in(plain[due.end() : due.end() + 30], today):
            if found.start == 0 and found.when.first == found.when.last:
                return _by_due(found.when.first, text, today, due.start(), due.end() + found.end)
    return None


def _is_of_pregnancy(match: re.Match[str], text: str, plain: str) -> bool:
    start, end = _sentence(plain, match.start())
    around = plain[start:end]
    with_days = any(match[name] for name in ("d", "wd", "plus", "seventh"))
    gestation_form = match["wd"] or (match["d"] and "w" in match[0] and " " not in match[0])
    said = _said_of_pregnancy(text[start:end])
    if not (gestation_form or said or _context().search(around)) or _over().search(around):
        return False
    if _something_else_follows().match(plain, match.end()):
        return False
    if not with_days and _something_else_before().search(plain[: match.start()]):
        return False
    return not said or not said <= _NOT_NOW


def _sentence(plain: str, at: int) -> tuple[int, int]:
    start = max(plain.rfind(mark, 0, at) for mark in (". ", "\n", ";")) + 1
    ends = [end for mark in (". ", "\n", ";") if (end := plain.find(mark, at)) >= 0]
    return start, min(ends, default=len(plain))


def _said_of_pregnancy(sentence: str) -> frozenset[Status]:
    """What a sentence says of pregnancies; empty where it names none."""
    tables = recognition_tables()
    return frozenset(
        mention.status
        for mention in tables.matcher.find(sentence)
        if mention.meaning in tables.phrases
        and any(at.code == _PREGNANT for at in tables.phrases[mention.meaning].facts)
    )
