"""Which questions a person is asked, and in which order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from openomt.medicine.anatomy import Region
from openomt.medicine.safety.screen_tables import QuestionRow, screen_tables, within
from openomt.medicine.safety.screen_values import Answer, Question
from openomt.medicine.safety.values import PatientFacts, Sex

_OPENS = (Answer.YES, Answer.NOT_SURE)


def asked_now(
    answers: Mapping[str, Answer], patient: PatientFacts, regions: Collection[Region], language: str
) -> tuple[Question, ...]:
    """The questions for this person as things stand.

    A follow-up once its question was answered yes or not sure, or at once with a complaint in its region.
    """
    here = for_person(answers, patient)
    opened = {name for name, answer in answers.items() if answer in _OPENS}
    places = {region.value for region in regions}
    return tuple(
        _question_of(row.code, language)
        for row in screen_tables().questions.values()
        if row.code in here
        and (
            not row.after
            or row.code in answers
            or not opened.isdisjoint(row.after)
            or not places.isdisjoint(row.record.regions)
        )
    )


def questions_for(
    patient: PatientFacts,
    language: str = "en",
    regions: Collection[Region] = (),
    answers: Mapping[str, Answer] | None = None,
) -> tuple[Question, ...]:
    """The questions this person is asked, in order; follow-ups only once `answers` open them."""
    return asked_now(answers or {}, patient, regions, language)


def for_person(answers: Mapping[str, Answer], patient: PatientFacts) -> frozenset[str]:
    """The questions that are for this person at all. An unknown age or sex bars nothing."""
    pregnant = patient.weeks is not None or any(patient.has(code) for code in ("pregnant", "preg_over20"))
    now = pregnant or answers.get("pregnant") in _OPENS
    return _for_person(patient.age_months, patient.sex, now, now or answers.get("birth") in _OPENS)


@lru_cache(maxsize=4096)
def _for_person(age: int | None, sex: Sex | None, pregnant: bool, pregnant_or_after: bool) -> frozenset[str]:
    return frozenset(
        row.code
        for row in screen_tables().questions.values()
        if (row.ages is None or age is None or within(row.ages, age))
        and (row.record.sex is None or sex in (None, Sex.OTHER) or sex.value == row.record.sex)
        and _pregnancy_fits(row, sex, pregnant, pregnant_or_after)
    )


def _pregnancy_fits(row: QuestionRow, sex: Sex | None, pregnant: bool, pregnant_or_after: bool) -> bool:
    if row.record.pregnancy is None:
        return True
    needed = pregnant if row.record.pregnancy == "pregnant" else pregnant_or_after
    return needed and sex is not Sex.MALE


def gated_out(answers: Mapping[str, Answer]) -> frozenset[str]:
    """Follow-ups that were not asked because every question before them was answered no."""
    denied = {name for name, answer in answers.items() if answer is Answer.NO}
    if not denied:
        return frozenset()
    waiting = [row for row in screen_tables().follow_ups if row.code not in answers]
    found: set[str] = set()
    while True:
        more = [row for row in waiting if row.after <= denied]
        if not more:
            return frozenset(found)
        names = {row.code for row in more}
        found |= names
        denied |= names
        waiting = [row for row in waiting if row.code not in names]


@lru_cache(maxsize=1024)
def _question_of(code: str, language: str) -> Question:
    row = screen_tables().questions[code]
    record = row.record
    return Question(row.code, record.group, record.es if language == "es" else record.ask, record.signs)
