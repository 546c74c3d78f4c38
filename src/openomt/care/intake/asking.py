"""Which questions on danger signs are worth the patient's minutes before the visit.

A screen before treatment has some fifty questions; most people cannot answer them all in the minutes they give us. A
question is asked on the phone where its yes, beside what is known by then, would need somebody today. The others are
asked at the visit, where the physician sees that they are open.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from openomt.medicine.safety.screen import screen
from openomt.medicine.safety.screen_questions import questions_for
from openomt.medicine.safety.screen_values import URGENCIES, Answer
from openomt.medicine.safety.values import PatientFacts

_TODAY = ("E", "U")


def worth_asking(patient: PatientFacts, answers: Mapping[str, Answer]) -> frozenset[str]:
    """The open questions whose yes would raise something that needs somebody today, or make it more urgent."""
    return _worth(patient, tuple(sorted(answers.items())))


@lru_cache(maxsize=512)
def _worth(patient: PatientFacts, given: tuple[tuple[str, Answer], ...]) -> frozenset[str]:
    answers = dict(given)
    known = _raised(patient, answers)
    return frozenset(
        one.code
        for one in questions_for(patient, answers=answers)
        if one.code not in answers and _is_more(_raised(patient, {**answers, one.code: Answer.YES}), known)
    )


def _raised(patient: PatientFacts, answers: Mapping[str, Answer]) -> dict[str, str]:
    """What calls for somebody today, by its code."""
    seen = screen(answers, patient=patient)
    found = {flag.code: flag.urgency for flag in (*seen.unsure, *seen.flags) if flag.stops}
    found |= {notice.code: notice.urgency for notice in seen.notices}
    return {code: urgency for code, urgency in found.items() if urgency in _TODAY}


def _is_more(now: Mapping[str, str], before: Mapping[str, str]) -> bool:
    return any(
        code not in before or URGENCIES.index(urgency) < URGENCIES.index(before[code])
        for code, urgency in now.items()
    )
