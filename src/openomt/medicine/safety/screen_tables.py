"""The records of danger as plain tables, compiled once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from openomt.medicine.safety.screen_values import URGENCIES

if TYPE_CHECKING:
    from openomt.knowledge.redflags import Ages, DangerSign, RedFlag, ScreenNotice, ScreenQuestion

Bounds = tuple[int, int]
_NO_END = 10_000


@dataclass(frozen=True, slots=True)
class SignRow:
    """A sign, with all it implies (itself included)."""

    code: str
    title: str
    implies: tuple[str, ...]
    background: bool
    past: bool
    assumed: bool
    becomes: str


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """Signs that raise together; `urgency` empty: that of the flag."""

    signs: frozenset[str]
    urgency: str = ""


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A red flag. `order`: its place in the tables; `hours`, `working` its deadline per urgency."""

    code: str
    order: int
    record: RedFlag
    clauses: tuple[ClauseRow, ...]
    worse: tuple[tuple[str, frozenset[str]], ...]
    eased: tuple[str, frozenset[str]] | None
    ages: Bounds | None
    questions: frozenset[str]


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice beside the flags."""

    record: ScreenNotice
    clauses: tuple[ClauseRow, ...]


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question, and who is asked."""

    code: str
    order: int
    record: ScreenQuestion
    ages: Bounds | None
    after: frozenset[str]


@dataclass(frozen=True, slots=True)
class UrgencyRow:
    """What an urgency asks of the practice."""

    tell: Mapping[str, str]
    hours: float
    working: bool
    task: str
    unsure: str
    unsure_task: str
    check_in: str


@dataclass(frozen=True, slots=True)
class ScreenTables:
    """Everything a screen looks up."""

    signs: Mapping[str, SignRow]
    by_fact: Mapping[str, tuple[str, ...]]
    by_age: tuple[tuple[str, Bounds], ...]
    by_weeks: tuple[tuple[str, Bounds], ...]
    assumed: tuple[str, ...]
    flags: tuple[FlagRow, ...]
    by_code: Mapping[str, FlagRow]
    by_sign: Mapping[str, tuple[FlagRow, ...]]
    notices: tuple[NoticeRow, ...]
    questions: Mapping[str, QuestionRow]
    follow_ups: tuple[QuestionRow, ...]
    asks: Mapping[str, frozenset[str]]
    urgencies: Mapping[str, UrgencyRow]
    phrases: Mapping[str, Mapping[str, str]]


def within(bounds: Bounds, number: int) -> bool:
    """From (included) to (excluded)."""
    return bounds[0] <= number < bounds[1]


def _bounds(ages: Ages | None) -> Bounds | None:
    if ages is None:
        return None
    return (ages.from_months or 0, _NO_END if ages.to_months is None else ages.to_months)


@cache
def screen_tables() -> ScreenTables:
    """The records of `knowledge/data/redflags`, ready for a screen."""
    from openomt.knowledge import load
    from openomt.knowledge.narrative import Phrase
    from openomt.knowledge.redflags import DangerSign, RedFlag, ScreenNotice, ScreenQuestion, UrgencyRule

    known = load()
    signs = known.all(DangerSign)
    rows = _sign_rows(signs)
    asks = _asks(rows, known.all(ScreenQuestion))
    flags = tuple(_flag(record, order, asks, rows) for order, record in enumerate(known.all(RedFlag)))
    questions = [
        QuestionRow(r.id, order, r, _bounds(r.ages), frozenset(r.after))
        for order, r in enumerate(known.all(ScreenQuestion))
    ]
    by_sign: dict[str, list[FlagRow]] = defaultdict(list)
    for flag in flags:
        for sign in {sign for clause in flag.clauses for sign in clause.signs}:
            by_sign[sign].append(flag)
    by_fact: dict[str, list[str]] = defaultdict(list)
    for record in signs:
        for code in record.facts:
            by_fact[code].append(record.id)
    return ScreenTables(
        signs=rows,
        by_fact={code: tuple(names) for code, names in by_fact.items()},
        by_age=tuple((s.id, bounds) for s in signs if (bounds := _bounds(s.ages))),
        by_weeks=tuple((s.id, (s.weeks[0], s.weeks[1] or _NO_END)) for s in signs if s.weeks),
        assumed=tuple(s.id for s in signs if s.assumed),
        flags=flags,
        by_code={flag.code: flag for flag in flags},
        by_sign={sign: tuple(rows) for sign, rows in by_sign.items()},
        notices=tuple(NoticeRow(r, _clauses(r)) for r in known.all(ScreenNotice)),
        questions={row.code: row for row in questions},
        follow_ups=tuple(row for row in questions if row.after),
        asks=asks,
        urgencies={
            r.id: UrgencyRow(
                {"en": r.tell, "es": r.es},
                r.deadline.hours,
                r.deadline.working,
                r.task,
                r.unsure,
                r.unsure_task,
                r.check_in,
            )
            for r in known.all(UrgencyRule)
        },
        phrases={r.id: {"en": r.en, "es": r.es} for r in known.all(Phrase) if r.id.startswith("screen.")},
    )


def _sign_rows(signs: Iterable[DangerSign]) -> dict[str, SignRow]:
    direct = {record.id: record.implies for record in signs}
    return {
        s.id: SignRow(s.id, s.title, _closed(s.id, direct), s.background, s.past, s.assumed, s.becomes)
        for s in signs
    }


def _closed(sign: str, direct: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    waiting = [sign]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found[here] = None
            waiting += direct[here]
    return tuple(found)


def _asks(rows: Mapping[str, SignRow], questions: Iterable[ScreenQuestion]) -> dict[str, frozenset[str]]:
    """For each sign the questions of which a yes means it."""
    found: dict[str, set[str]] = defaultdict(set)
    for question in questions:
        for named in question.signs:
            for sign in rows[named].implies:
                found[sign].add(question.id)
    return {sign: frozenset(names) for sign, names in found.items()}


def _clauses(record: RedFlag | ScreenNotice) -> tuple[ClauseRow, ...]:
    return tuple(ClauseRow(frozenset(clause.all), clause.urgency or "") for clause in record.raised_by)


def _flag(
    record: RedFlag, order: int, asks: Mapping[str, frozenset[str]], rows: Mapping[str, SignRow]
) -> FlagRow:
    clauses = _clauses(record)
    asked = {sign for clause in clauses for sign in clause.signs if not rows[sign].background}
    return FlagRow(
        code=record.id,
        order=order,
        record=record,
        clauses=clauses,
        worse=tuple((step.urgency, frozenset(step.any)) for step in record.worse),
        eased=(record.eased.urgency, frozenset(record.eased.absent)) if record.eased else None,
        ages=_bounds(record.ages),
        questions=frozenset(name for sign in asked for name in asks.get(sign, ())),
    )


def worst(urgencies: Iterable[str]) -> str:
    """The most urgent; empty for none."""
    found = [urgency for urgency in urgencies if urgency]
    return min(found, key=URGENCIES.index) if found else ""
