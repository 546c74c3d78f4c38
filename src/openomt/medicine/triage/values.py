"""What a check-in says, in what circumstances, and the answer to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from openomt.medicine.safety.screen_values import Answer, Evidence, Notice, PracticeTask, RaisedFlag
from openomt.medicine.safety.values import PatientFacts

DAYS = (1, 3, 7)
WORST_PAIN = 10
_INFANT_MONTHS = 24


class Change(StrEnum):
    """How the patient is, compared with before the visit."""

    MUCH_WORSE = "much worse"
    WORSE = "worse"
    SAME = "same"
    BETTER = "better"
    UNKNOWN = "unknown"


class Population(StrEnum):
    """Whose check-in it is. After birth counts as pregnant; a child from 2 years as an adult."""

    ADULT = "adult"
    PREGNANT = "pregnant"
    INFANT = "infant"


def population_of(facts: PatientFacts, *, gave_birth: bool) -> Population:
    """Whose row of the table counts. `gave_birth`: in the past year."""
    if facts.age_months is not None and facts.age_months < _INFANT_MONTHS:
        return Population.INFANT
    if facts.weeks is not None or facts.has("pregnant") or gave_birth:
        return Population.PREGNANT
    return Population.ADULT


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The answers of a check-in.

    pain     0 to 10; None: not given. Raises ValueError outside.
    easing   whether it is easing; None: not said. Better is easing.
    signs    answers to signs, by their ids (`face_droop`), or to questions of the screen
    """

    pain: int | None = None
    change: Change = Change.UNKNOWN
    easing: bool | None = None
    signs: Mapping[str, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.pain is not None and not 0 <= self.pain <= WORST_PAIN:
            raise ValueError(f"pain goes from 0 to {WORST_PAIN}, not {self.pain}")


@dataclass(frozen=True, slots=True)
class Context:
    """What was done and to whom.

    age_months   None: not known
    older        over 65, where the age is not given
    """

    neck_treated: bool = False
    thrust: bool = False
    rib_treated: bool = False
    counterstrain_or_blt: bool = False
    anticoagulant: bool = False
    older: bool = False
    steroid: bool = False
    osteoporosis: bool = False
    weeks: int | None = None
    age_months: int | None = None

    @classmethod
    def of(cls, facts: PatientFacts) -> Context:
        """What is known of the patient; nothing of what was done."""
        return cls(
            anticoagulant=facts.has("anticoagulant"),
            older=facts.has("age_over_65"),
            steroid=facts.has("long_term_steroids"),
            osteoporosis=facts.has("osteoporosis"),
            weeks=facts.weeks,
            age_months=facts.age_months,
        )


@dataclass(frozen=True, slots=True)
class Triage:
    """The answer to a check-in.

    row        the row of the table that answers; `also` the others that fit
    urgency    E, U, office, staff_call, self_care, remind, close_with_note, thanks or as_planned
    tell       the message to the patient; the first line is what to do
    task       for the practice, with its deadline; None where there is nothing to do
    escalate   a person is alerted at once
    flags      red flags in the words or answers; `unsure` that may be
    never_auto_close   words of danger stand in the text, whatever is said of them, or a person must act
    again_in_days      ask again after so many days; None: as planned
    """

    day: int
    row: str
    urgency: str
    title: str
    tell: tuple[str, ...]
    task: PracticeTask | None
    escalate: bool
    because: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    also: tuple[str, ...]
    flags: tuple[RaisedFlag, ...]
    unsure: tuple[RaisedFlag, ...]
    notices: tuple[Notice, ...]
    sources: tuple[str, ...]
    confidence: str
    review_state: str
    doubt: str
    never_auto_close: bool
    again_in_days: int | None = None
