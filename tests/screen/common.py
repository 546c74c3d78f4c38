"""What the tests of the screen share: patients from table rows, and how each flag is raised by answers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from openomt.medicine.safety.screen_questions import for_person
from openomt.medicine.safety.screen_tables import FlagRow, screen_tables
from openomt.medicine.safety.screen_values import Answer
from openomt.medicine.safety.values import Fact, KnownFact, Origin, OriginKind, PatientFacts, Sex

USUAL_AGE = 45 * 12
AGES = (1, 5, 40, 12 * 8, 12 * 30, 12 * 45, 12 * 55, 12 * 63, 12 * 75)
YES, NO, NOT_SURE = Answer.YES, Answer.NO, Answer.NOT_SURE


def known(*codes: str) -> tuple[KnownFact, ...]:
    return tuple(KnownFact(Fact(code), (Origin(OriginKind.STATED, code, "entered"),)) for code in codes)


def person(row: Mapping[str, Any]) -> PatientFacts:
    """The patient of a table's row; 45 years where no age is given."""
    return PatientFacts(
        age_months=row.get("months", USUAL_AGE),
        sex=Sex(row["sex"]) if "sex" in row else None,
        weeks=row.get("weeks"),
        present=known(*row.get("facts", ())),
    )


def ways_by_answers(flag: FlagRow) -> list[tuple[PatientFacts, dict[str, Answer]]]:
    """Patients and yes answers that hold a clause of the flag, one for each clause that can be asked."""
    tables = screen_tables()
    found = []
    for clause in flag.clauses:
        for months, weeks in product(AGES, (None, 30)):
            patient = PatientFacts(
                age_months=months, weeks=weeks, sex=Sex.FEMALE if weeks is not None else None
            )
            answers: dict[str, Answer] = {}
            here = for_person({"pregnant": YES} if weeks else {}, patient)
            for sign in sorted(clause.signs - _of_person(patient)):
                names = sorted(tables.asks.get(sign, frozenset()) & here)
                if names:
                    answers[names[0]] = YES
            asked = for_person(answers, patient)
            raised = {s for name in answers for n in tables.questions[name].record.signs
                      for s in tables.signs[n].implies} | _of_person(patient)  # fmt: skip
            if answers and set(answers) <= asked and clause.signs <= raised and _is_of_age(flag, months):
                found.append((patient, answers))
                break
    return found


def _is_of_age(flag: FlagRow, months: int) -> bool:
    return flag.ages is None or flag.ages[0] <= months < flag.ages[1]


def _of_person(patient: PatientFacts) -> set[str]:
    tables = screen_tables()
    named = {sign for sign, (low, high) in tables.by_age if low <= (patient.age_months or 0) < high}
    if patient.weeks is not None:
        named |= {sign for sign, (low, high) in tables.by_weeks if low <= patient.weeks < high}
    return {implied for sign in named for implied in tables.signs[sign].implies}
