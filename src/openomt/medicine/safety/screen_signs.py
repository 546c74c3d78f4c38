"""Every sign of a patient, from answers, words, age and known facts: present, not sure, asked and absent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from openomt.medicine.safety.screen_questions import for_person, gated_out
from openomt.medicine.safety.screen_tables import screen_tables, within
from openomt.medicine.safety.screen_text import Heard, counts, hear
from openomt.medicine.safety.screen_values import Answer, Evidence, EvidenceKind
from openomt.medicine.safety.values import PatientFacts

_GROWN_UP = 216
_NOTHING: Mapping[str, Answer] = {}


@dataclass(frozen=True, slots=True)
class Signs:
    """present, unsure   signs with what raised them; `certain` the names of the first, `possible` of both
    weak               unsure only because the age is not known: alone they raise nothing
    absent             signs of which every question of this person was answered no
    heard              all the text speaks of, counted or not
    denied             questions answered no, with the follow-ups that were not asked therefore
    asked              questions that are for this person
    """

    present: Mapping[str, tuple[Evidence, ...]]
    unsure: Mapping[str, tuple[Evidence, ...]]
    weak: frozenset[str]
    absent: frozenset[str]
    heard: tuple[Heard, ...]
    certain: frozenset[str]
    possible: frozenset[str]
    denied: frozenset[str]
    asked: frozenset[str]


def gather(
    answers: Mapping[str, Answer],
    text: str,
    patient: PatientFacts,
    told: Mapping[str, Answer] = _NOTHING,
) -> Signs:
    """The signs of a patient. What the text says counts beside a no to the same question.

    `answers` to questions by their ids, `told` answers to single signs by theirs.
    """
    found: dict[str, list[Evidence]] = defaultdict(list)
    unsure: dict[str, list[Evidence]] = defaultdict(list)
    weak: set[str] = set()
    _from_patient(patient, found, unsure, weak)
    _from_answers(answers, found, unsure)
    for sign, answer in told.items():
        if answer is not Answer.NO:
            sure = answer is Answer.YES
            _raise(found if sure else unsure, Evidence(EvidenceKind.ANSWER, sign, sign, sure=sure))
    of_child = patient.age_months is None or patient.age_months < _GROWN_UP
    heard = hear(text, of_child=of_child)
    for one in heard:
        if counts(one):
            _raise(found, _spoken(one, text))
    for sign in screen_tables().assumed:
        if patient.weeks is None and sign not in found:
            found[sign].append(Evidence(EvidenceKind.PREGNANCY, sign, "weeks not known", sure=False))
    asked = for_person(answers, patient)
    denied = gated_out(answers) | {name for name, answer in answers.items() if answer is Answer.NO}
    present = {sign: tuple(because) for sign, because in found.items()}
    may_be = {sign: tuple(because) for sign, because in unsure.items() if sign not in present}
    return Signs(
        present=present,
        unsure=may_be,
        weak=frozenset(weak),
        absent=_absent(denied, asked, {*present, *may_be}),
        heard=heard,
        certain=frozenset(present),
        possible=frozenset({*present, *may_be}),
        denied=denied,
        asked=asked,
    )


def _raise(into: dict[str, list[Evidence]], evidence: Evidence) -> None:
    """A sign and all it implies."""
    for sign in screen_tables().signs[evidence.sign].implies:
        into[sign].append(evidence)


def _from_patient(
    patient: PatientFacts,
    found: dict[str, list[Evidence]],
    unsure: dict[str, list[Evidence]],
    weak: set[str],
) -> None:
    tables = screen_tables()
    for known in patient.present:
        for sign in tables.by_fact.get(known.fact.code, ()):
            _raise(found, Evidence(EvidenceKind.FACT, sign, known.fact.code))
    for sign, bounds in tables.by_age:
        if patient.age_months is None:
            weak.add(sign)
            unsure[sign].append(Evidence(EvidenceKind.AGE, sign, "age not known", sure=False))
        elif within(bounds, patient.age_months):
            _raise(found, Evidence(EvidenceKind.AGE, sign, f"{patient.age_months} months"))
    if patient.weeks is not None:
        for sign, bounds in tables.by_weeks:
            if within(bounds, patient.weeks):
                _raise(found, Evidence(EvidenceKind.PREGNANCY, sign, f"{patient.weeks} weeks"))


def _from_answers(
    answers: Mapping[str, Answer], found: dict[str, list[Evidence]], unsure: dict[str, list[Evidence]]
) -> None:
    questions = screen_tables().questions
    for name, answer in answers.items():
        if answer is Answer.NO:
            continue
        into = found if answer is Answer.YES else unsure
        for sign in questions[name].record.signs:
            _raise(into, Evidence(EvidenceKind.ANSWER, sign, name, sure=answer is Answer.YES))


def _spoken(heard: Heard, text: str) -> Evidence:
    return Evidence(
        EvidenceKind.TEXT,
        heard.sign,
        text[heard.start : heard.end],
        heard.start,
        heard.end,
        heard.exact,
        heard.status.value != "possible",
    )


def _absent(denied: frozenset[str], asked: frozenset[str], not_absent: set[str]) -> frozenset[str]:
    if not denied:
        return frozenset()
    return frozenset(
        sign
        for sign, names in screen_tables().asks.items()
        if sign not in not_absent and (own := names & asked) and own <= denied
    )
