"""The answer to a check-in after treatment, and to one that nobody answered.

Section 5c of the safety research, as records. Of the rows that fit, the most urgent answers; of equals the
first in the order of the table. So one more complaint never makes an answer less urgent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openomt.medicine.safety.screen import first_lines, flags_of, notices_of
from openomt.medicine.safety.screen_signs import Signs, gather
from openomt.medicine.safety.screen_tables import screen_tables
from openomt.medicine.safety.screen_values import (
    LANGUAGES,
    Answer,
    Evidence,
    Notice,
    PracticeTask,
    RaisedFlag,
    UnknownAnswerError,
)
from openomt.medicine.safety.values import Fact, KnownFact, Origin, OriginKind, PatientFacts
from openomt.medicine.triage.tables import Row, triage_tables
from openomt.medicine.triage.values import DAYS, Change, CheckIn, Context, Population, Triage

if TYPE_CHECKING:
    from openomt.knowledge.redflags import Reported, TriageCell

_INFANT = ("infant", "infant_under_3_months")
"""Signs that hold for an infant whose age nobody gave: the younger, the more urgent."""


@dataclass(frozen=True, slots=True)
class _Fit:
    """A row that fits, what it answers today, and the signs that made it fit."""

    row: Row
    cell: TriageCell
    result: str
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """Red flags and notices in a check-in."""

    flags: tuple[RaisedFlag, ...]
    unsure: tuple[RaisedFlag, ...]
    notices: tuple[Notice, ...]

    @property
    def all(self) -> tuple[RaisedFlag | Notice, ...]:
        everything: tuple[RaisedFlag | Notice, ...] = (*self.flags, *self.unsure, *self.notices)
        return everything


def triage(  # noqa: PLR0913, PLR0917  # a check-in with its circumstances
    day: int,
    answers: CheckIn | None = None,
    text: str = "",
    population: Population = Population.ADULT,
    context: Context | None = None,
    language: str = "en",
) -> Triage:
    """How urgent a check-in is, what the patient is told, and who acts by when.

    `day` is 1, 3 or 7. Raises ValueError for another day or language, and an answer to a sign there is not.
    """
    _check(day, language)
    answers, context = answers or CheckIn(), context or Context()
    patient = _patient(population, context)
    signs = _signs(answers, text, patient, population)
    flags, unsure = flags_of(signs, patient, language)
    seen = _Seen(flags, unsure, notices_of(signs, flags, language))
    fits = [
        fit
        for row in triage_tables().rows
        if population.value in row.record.populations
        and (fit := _fit(row, day, answers, signs, (seen, _words(context, population)))) is not None
    ]
    real = [fit for fit in fits if not fit.row.record.fallback] or fits[:1]
    return _answer(day, real, signs, seen, language)


def holds_danger(text: str, patient: PatientFacts | None = None) -> bool:
    """Whether words of the first rows (T1 to T5) stand in a text, whatever is said of them: a person must read it."""
    return _holds_danger(gather({}, text, patient or PatientFacts()))


def no_reply(
    day: int,
    reminders_sent: int,
    context: Context | None = None,
    population: Population = Population.ADULT,
    language: str = "en",
) -> Triage:
    """What is done about a check-in without a reply: a reminder, a call by staff, or a closing note.

    Raises ValueError for another day than 1, 3 or 7, another language, or a negative count.
    """
    _check(day, language)
    if reminders_sent < 0:
        raise ValueError(f"reminders are counted from 0, not {reminders_sent}")
    record = triage_tables().silent
    words = _words(context or Context(), population)
    cell = _cell(record.cells, day, CheckIn(), words)
    result = cell.result if reminders_sent >= (record.reminders or 0) else "remind"
    row = Row(record, (), ())
    nothing = _Seen((), (), ())
    return _answer(day, [_Fit(row, cell, result, ())], gather({}, "", PatientFacts()), nothing, language)


def _check(day: int, language: str) -> None:
    if day not in DAYS:
        raise ValueError(f"a check-in is on day 1, 3 or 7, not {day}")
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language!r}; known are {', '.join(LANGUAGES)}")


def _patient(population: Population, context: Context) -> PatientFacts:
    told = {
        "anticoagulant": context.anticoagulant,
        "long_term_steroids": context.steroid,
        "osteoporosis": context.osteoporosis,
        "age_over_65": context.older,
        "pregnant": population is Population.PREGNANT,
    }
    return PatientFacts(
        age_months=context.age_months,
        weeks=context.weeks,
        present=tuple(
            KnownFact(Fact(code), (Origin(OriginKind.STATED, code, "told with the check-in"),))
            for code, true in told.items()
            if true
        ),
    )


def _signs(answers: CheckIn, text: str, patient: PatientFacts, population: Population) -> Signs:
    tables = screen_tables()
    unknown = tuple(n for n in answers.signs if n not in tables.signs and n not in tables.questions)
    if unknown:
        raise UnknownAnswerError(unknown)
    told = {name: answer for name, answer in answers.signs.items() if name in tables.signs}
    asked = {name: answer for name, answer in answers.signs.items() if name not in tables.signs}
    if population is Population.INFANT and patient.age_months is None:
        told |= dict.fromkeys(_INFANT, Answer.YES)
    return gather(asked, text, patient, told)


def _words(context: Context, population: Population) -> frozenset[str]:
    """The circumstances in the words of the table."""
    true = {
        "neck_treated": context.neck_treated,
        "thrust": context.thrust,
        "rib_treated": context.rib_treated,
        "counterstrain_or_blt": context.counterstrain_or_blt,
        "anticoagulant": context.anticoagulant,
        "older_or_steroid": context.older or context.steroid,
        "pregnant": population is Population.PREGNANT,
        "infant": population is Population.INFANT,
    }
    return frozenset(word for word, holds in true.items() if holds)


def _fit(
    row: Row, day: int, answers: CheckIn, signs: Signs, around: tuple[_Seen, frozenset[str]]
) -> _Fit | None:
    """The row with today's answer, where it fits. One that only may fit asks for a person to call."""
    seen, words = around
    met = [clause for clause in row.clauses if clause <= signs.certain]
    sure = bool(met) or any(_reported(one, answers) for one in row.record.reported)
    sure = sure or any(flag.code in row.record.flags for flag in seen.flags)
    may = [clause for clause in row.clauses if clause <= signs.possible and not clause <= signs.weak]
    if not sure and not may:
        return None
    cell = _cell(row.record.cells, day, answers, words)
    result = (
        cell.result if sure else screen_tables().urgencies["E"].unsure if cell.result == "E" else cell.result
    )
    names = tuple(sorted({sign for clause in met or may for sign in clause}))
    return _Fit(row, cell, result, names)


def _reported(one: Reported, answers: CheckIn) -> bool:
    if one.change and answers.change.value not in one.change:
        return False
    if one.no_pain_given:
        return answers.pain is None
    if one.pain is not None:
        return answers.pain is not None and one.pain[0] <= answers.pain <= one.pain[1]
    return True


def _cell(cells: tuple[TriageCell, ...], day: int, answers: CheckIn, words: frozenset[str]) -> TriageCell:
    """The first cell of the day whose conditions hold; every row has one without conditions for each day."""
    easing = answers.easing if answers.easing is not None else answers.change is Change.BETTER or None
    for cell in cells:
        if day not in cell.days or (cell.easing is not None and cell.easing != easing):
            continue
        if not cell.context or any(words.issuperset(group) for group in cell.context):
            return cell
    raise LookupError(f"no answer for day {day}")


def _answer(day: int, fits: list[_Fit], signs: Signs, seen: _Seen, language: str) -> Triage:
    results = triage_tables().results
    best = min(fits, key=lambda fit: (results[fit.result].rank, fit.row.record.order))
    urgency, lifted = _lifted(best.result, seen)
    result, record = results[urgency], best.row.record
    asks = result.task and result.deadline is not None
    why = f": {record.answer}" if not lifted else f": {', '.join(lifted)}"
    task = None
    if asks and result.deadline is not None:
        codes = tuple(flag.code for flag in (*seen.flags, *seen.unsure))
        task = PracticeTask(
            f"{result.task}{why}", urgency, result.deadline.hours, result.deadline.working, codes
        )
    return Triage(
        day=day,
        row=record.id,
        urgency=urgency,
        title=result.title,
        tell=_told(best, urgency, seen, language),
        task=task,
        escalate=result.escalate,
        because=tuple(f"{fit.row.record.id}: {fit.row.record.answer} ({fit.row.record.why})" for fit in fits)
        + tuple(f"red flag: {name}" for name in lifted),
        evidence=_evidence(fits, signs, seen),
        also=tuple(fit.row.record.id for fit in fits if fit is not best),
        flags=seen.flags,
        unsure=seen.unsure,
        notices=seen.notices,
        sources=record.sources,
        confidence=record.confidence.value,
        review_state=record.review_state,
        doubt=record.doubt,
        never_auto_close=task is not None or _holds_danger(signs),
        again_in_days=best.cell.again_in_days if not lifted else None,
    )


def _lifted(result: str, seen: _Seen) -> tuple[str, tuple[str, ...]]:
    """The result, more urgent where a red flag outside the rows asks for it, and the codes that do."""
    results, rules = triage_tables().results, screen_tables().urgencies
    asked = [
        (rules[one.urgency].check_in, one.code)
        for one in seen.all
        if results[rules[one.urgency].check_in].rank < results[result].rank
    ]
    if not asked:
        return result, ()
    worst = min((name for name, _ in asked), key=lambda name: results[name].rank)
    return worst, tuple(code for name, code in asked if name == worst)


def _told(best: _Fit, urgency: str, seen: _Seen, language: str) -> tuple[str, ...]:
    result = triage_tables().results[urgency]
    said = best.cell.es if language == "es" else best.cell.say
    usual = said if said and urgency == best.cell.result else result.es if language == "es" else result.tell
    raised: tuple[RaisedFlag | Notice, ...] = (*seen.flags, *seen.notices)
    own = [one for one in raised if one.first and one.urgency == urgency]
    lines = (
        first_lines(urgency, [one for one in raised if one.urgency == urgency], language) if own else [usual]
    )
    if result.escalate:
        lines = [*lines, *(one.tell for one in raised)]
    return tuple(dict.fromkeys(lines))


def _evidence(fits: list[_Fit], signs: Signs, seen: _Seen) -> tuple[Evidence, ...]:
    found: dict[Evidence, None] = {}
    for fit in fits:
        for sign in fit.signs:
            for one in signs.present.get(sign) or signs.unsure.get(sign, ()):
                found[one] = None
    for raised in seen.all:
        found |= dict.fromkeys(raised.because)
    return tuple(found)


def _holds_danger(signs: Signs) -> bool:
    """Whether words of the first rows stand in the text, whatever is said of them."""
    rows = screen_tables().signs
    spoken = {sign for one in signs.heard for sign in rows[one.sign].implies} | signs.certain
    of_text = {sign for one in signs.heard for sign in rows[one.sign].implies}
    return any(
        clause <= spoken and not clause.isdisjoint(of_text)
        for row in triage_tables().rows
        for clause in row.scanned
    )
