"""Weeks of pregnancy, from fields and from words."""

from __future__ import annotations

import re
from bisect import bisect_right
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
_SENTENCE_END = re.compile(r"\.\s|\n|;")
_BEFORE = 20
"""Characters before a number of weeks in which a word may say what they are of."""
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
    return _by_written_due_date(text, plain, today) or _by_written_weeks(text, plain)


def _by_written_due_date(text: str, plain: str, today: date) -> Weeks | None:
    for due in _due().finditer(plain):
        for found in dates_in(plain[due.end() : due.end() + 30], today):
            if found.start == 0 and found.when.first == found.when.last:
                return _by_due(found.when.first, text, today, due.start(), due.end() + found.end)
    return None


def _by_written_weeks(text: str, plain: str) -> Weeks | None:
    ends = [match.end() for match in _SENTENCE_END.finditer(plain)]
    contexts: dict[int, _Sentence] = {}
    for match in _WEEKS.finditer(plain):
        number = bisect_right(ends, match.start())
        if number not in contexts:
            start = ends[number - 1] if number else 0
            end = ends[number] if number < len(ends) else len(plain)
            contexts[number] = _sentence(text[start:end], plain[start:end])
        if _is_of_pregnancy(match, plain, contexts[number]):
            return _known(int(match[1]), text, "weeks of pregnancy as written", match.start(), match.end())
    return None


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What a sentence says of a pregnancy: there may be one; it is over, denied or another person's."""

    pregnancy: bool
    ruled_out: bool


def _sentence(text: str, plain: str) -> _Sentence:
    said = _said_of_pregnancy(text)
    return _Sentence(
        pregnancy=bool(said) or _context().search(plain) is not None,
        ruled_out=_over().search(plain) is not None or (bool(said) and said <= _NOT_NOW),
    )


def _is_of_pregnancy(match: re.Match[str], plain: str, sentence: _Sentence) -> bool:
    with_days = any(match[name] for name in ("d", "wd", "plus", "seventh"))
    gestation_form = match["wd"] or (match["d"] and "w" in match[0] and " " not in match[0])
    if sentence.ruled_out or not (gestation_form or sentence.pregnancy):
        return False
    if _something_else_follows().match(plain, match.end()):
        return False
    before = plain[max(match.start() - _BEFORE, 0) : match.start()]
    return with_days or not _something_else_before().search(before)


def _said_of_pregnancy(sentence: str) -> frozenset[Status]:
    """What a sentence says of pregnancies; empty where it names none."""
    tables = recognition_tables()
    return frozenset(
        mention.status
        for mention in tables.matcher.find(sentence)
        if mention.meaning in tables.phrases
        and any(at.code == _PREGNANT for at in tables.phrases[mention.meaning].facts)
    )
