"""What of the answers is a danger, and what the patient and the practice are told of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from openomt.care.intake import after, body
from openomt.care.intake.flow import Answers, Flow, Teller, screen_answers, watched
from openomt.medicine.safety.screen import first_lines, screen
from openomt.medicine.safety.screen_values import (
    URGENCIES,
    Notice,
    PracticeTask,
    RaisedFlag,
    Screening,
)
from openomt.medicine.safety.values import PatientFacts
from openomt.medicine.triage import Triage
from openomt.medicine.triage.tables import triage_tables

AT_ONCE = ("E", "U")
"""Urgencies that the patient sees on the next screen."""
_LIFELINE, _EMERGENCY = "988", "911"
_AS_CHECK_IN = {"E": "E", "U": "U", "office": "S"}
"""Results of a check-in that call for somebody, as urgencies of the danger screen: a call in office hours is S."""
_READ_WORDS = "Read the patient's own words: they name a danger sign"
Raised = RaisedFlag | Notice


@dataclass(frozen=True, slots=True)
class Danger:
    """Everything in the answers that calls for something to be done.

    act       what to do now, the first line; `more` further such lines
    why       what the patient is told of each sign of this urgency
    call      a number to call at once; empty: that of the practice
    signs     the signs of this urgency as a clinician names them; `also`: less urgent ones
    codes     what was raised, with its urgency
    task      the most urgent thing for the practice to do
    """

    urgency: str
    act: str
    more: tuple[str, ...]
    why: tuple[str, ...]
    call: str
    signs: tuple[str, ...]
    codes: Mapping[str, str]
    task: PracticeTask
    also: tuple[str, ...] = ()

    @property
    def at_once(self) -> bool:
        return self.urgency in AT_ONCE


def danger(teller: Teller, answers: Answers) -> Danger | None:
    """The danger in the answers; None where there is none. What the chart alone raises is not told here."""
    if teller.flow is Flow.FOLLOWUP:
        return _after_treatment(teller, answers)
    seen = _screening(teller, answers)
    known = {one.code for one in _all(_screening(teller, {}))}
    raised = [one for one in _all(seen) if one.code not in known and _stops(one)]
    return _danger(raised, teller.language) if raised else None


def _screening(teller: Teller, answers: Answers) -> Screening:
    return screen(
        screen_answers(teller, answers),
        text=watched(answers),
        patient=_without_flags(teller.patient),
        language=teller.language,
        regions=body.regions(answers.get("where") or ()),
    )


def _without_flags(patient: PatientFacts) -> PatientFacts:
    """A flag that a clinician entered is theirs to follow up, and no news from the patient."""
    return replace(
        patient, present=tuple(one for one in patient.present if not one.fact.code.startswith(("rf_", "yf_")))
    )


def _all(seen: Screening) -> Iterable[Raised]:
    return (*seen.flags, *seen.unsure, *seen.notices)


def _stops(one: Raised) -> bool:
    return bool(one.urgency) and (isinstance(one, Notice) or one.stops)


def _danger(raised: list[Raised], language: str) -> Danger:
    raised = sorted(raised, key=lambda one: URGENCIES.index(one.urgency))
    urgency = raised[0].urgency
    leading = [one for one in raised if one.urgency == urgency]
    act, *more = first_lines(urgency, leading, language)
    return Danger(
        urgency=urgency,
        act=act,
        more=tuple(more),
        why=tuple(dict.fromkeys(one.tell for one in leading)),
        call=_number(urgency, act),
        signs=tuple(dict.fromkeys(_sign(one) for one in leading)),
        codes={one.code: one.urgency for one in raised},
        task=min((one.task for one in leading), key=lambda task: (task.working, task.hours)),
        also=tuple(dict.fromkeys(_sign(one) for one in raised if one.urgency != urgency)),
    )


def _number(urgency: str, act: str) -> str:
    if _LIFELINE in act:
        return _LIFELINE
    return _EMERGENCY if urgency == "E" else ""


def _sign(one: Raised) -> str:
    return one.title if isinstance(one, Notice) else one.sign


# Before a later visit ------------------------------------------------------------------------------------------


def _after_treatment(teller: Teller, answers: Answers) -> Danger | None:
    """The same of the follow-up form: what a check-in with these answers would do."""
    about = (teller.population, teller.context)
    found = after.judged(answers, watched(answers), *about, teller.language)
    urgency = _AS_CHECK_IN.get(found.urgency, "S" if found.never_auto_close else "")
    if not urgency:
        return None
    ticks = after.new_signs(answers)
    why = after.new_signs(answers, teller.language).values()
    act, *more = found.tell
    return Danger(
        urgency=urgency,
        act=act,
        more=(),
        why=tuple(dict.fromkeys((*why, *more))),
        call=_number(urgency, act),
        signs=_told_signs(answers, found),
        codes=dict.fromkeys(("after", *ticks, *(one.code for one in _raised(found))), urgency),
        task=found.task or _to_read(urgency),
    )


def _told_signs(answers: Answers, found: Triage) -> tuple[str, ...]:
    """What was ticked, how much worse it is, and what their own words say, as a clinician reads it."""
    told = [text.rstrip(".") for text in after.new_signs(answers).values()]
    told += [after.change_in_words(answers), *map(_sign, _raised(found))]
    return tuple(dict.fromkeys(filter(None, told))) or (found.because[0],)


def _raised(found: Triage) -> tuple[Raised, ...]:
    return (*found.flags, *found.unsure, *found.notices)


def _to_read(urgency: str) -> PracticeTask:
    """Words of danger in an answer that asks for nothing: a person reads them in office hours."""
    by = triage_tables().results["office"].deadline
    return PracticeTask(_READ_WORDS, urgency, by.hours if by else 0, by.working if by else False)


def is_news(found: Danger, told: Mapping[str, str]) -> bool:
    """Whether it says more, or is more urgent, than what was told before."""
    return any(
        code not in told or URGENCIES.index(urgency) < URGENCIES.index(told[code])
        for code, urgency in found.codes.items()
    )
