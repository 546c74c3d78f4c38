"""The visit: the one value that flows from the words on paper to the note and the codes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from openomt.medicine.anatomy import Level, Region, Side
from openomt.medicine.findings import Finding
from openomt.medicine.quick import quick


class Response(StrEnum):
    """How a region answered treatment."""

    RESOLVED = "resolved"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    WORSE = "worse"


class ExamState(StrEnum):
    """Three states that are never confused: not examined, examined and normal, examined with findings."""

    NOT_EXAMINED = "not_examined"
    NORMAL = "normal"
    FINDINGS = "findings"


@quick
@dataclass(frozen=True, slots=True)
class Treatment:
    """One technique at one place. `region` None: place not said. `technique` None: method not said."""

    technique: str | None
    region: Region | None = None
    level: Level | None = None
    side: Side | None = None


class PatientStatus(StrEnum):
    """New or established, as E/M coding uses the words (seen within three years)."""

    NEW = "new"
    ESTABLISHED = "established"


class EffortLevel(StrEnum):
    """Levels of the three elements of medical decision making; `minimal` counts as straightforward."""

    MINIMAL = "minimal"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class EmMethod(StrEnum):
    """How the E/M level is chosen."""

    DECISION_MAKING = "mdm"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The evaluation and management part of the visit, apart from the treatment.

    beyond_omt_work   work that is not part of treating itself: True, False, or None when nobody said
    separate_in_note  whether the note sets it apart from the procedure; None when nobody said
    stands_alone      whether its text would stand without the treatment; None when nobody said
    other_day         True: it took place on another day than the treatment
    first_of_stay     hospital and nursing facility: first visit of the stay; None: as the patient's status
    reasons           what the separate work was, in the physician's words
    codes             ICD-10-CM codes it points to, in the order entered
    total_minutes     whole time on the day, treatment included; `omt_minutes` of it were treatment
    """

    beyond_omt_work: bool | None = None
    method: EmMethod = EmMethod.DECISION_MAKING
    problems: EffortLevel | None = None
    data: EffortLevel | None = None
    risk: EffortLevel | None = None
    total_minutes: int | None = None
    omt_minutes: int | None = None
    separate_in_note: bool | None = None
    reasons: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    entered_modifiers: tuple[str, ...] | None = None
    only_reason: str | None = None
    stands_alone: bool | None = None
    other_day: bool = False
    first_of_stay: bool | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """What was discussed and agreed before treatment. `given` None: nobody said."""

    given: bool | None = None
    discussed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What comes next. `functional_goal`: whether one is charted, where `goals` has no words."""

    goals: tuple[str, ...] = ()
    frequency: str = ""
    next_review: str = ""
    stop_when: str = ""
    home_exercise: tuple[str, ...] = ()
    aftercare: tuple[str, ...] = ()
    return_precautions: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    functional_goal: bool | None = None

    @property
    def has_goal(self) -> bool:
        return bool(self.goals) or self.functional_goal is True


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, with credentials, and when."""

    name: str
    credentials: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Setting:
    """Where, for whom and under which payer's rules the visit is coded."""

    payer: str = "commercial"
    place_of_service: str = "11"
    performer: str = ""
    modality: str = "in_person"
    patient: PatientStatus = PatientStatus.ESTABLISHED


class Abn(StrEnum):
    """Advance Beneficiary Notice: the patient's signed word that Medicare may not pay."""

    ON_FILE = "on_file"
    MISSING = "missing"
    VOLUNTARY = "voluntary"


@dataclass(frozen=True, slots=True)
class SameDayService:
    """Another service of the same day, as entered. None means that nobody said.

    code              its number as entered, or empty
    name              its words as entered, or empty
    other_discipline  True: somebody of another discipline gave it (a therapist); False: the same physician
    region            where it was given; `regions_differ` True: said to be apart from the treated regions
    other_session     True: at another time of the day
    for_omt           given so that the treatment could be done (anesthesia, nerve block)
    """

    code: str = ""
    name: str = ""
    other_discipline: bool | None = None
    region: Region | None = None
    regions_differ: bool | None = None
    other_session: bool | None = None
    for_omt: bool | None = None
    modifiers: tuple[str, ...] = ()
    units: int = 1


@dataclass(frozen=True, slots=True)
class Billing:
    """What bears on the codes and not on the medicine.

    diagnoses           ICD-10-CM codes charted for the visit as a whole, in the order entered
    entered_treatment   codes of the treatment that somebody already entered, one for each line and unit
    entered_treatment_modifiers  modifiers somebody already put on them
    same_day            other services of the day
    abn                 Advance Beneficiary Notice; None: nobody said
    maintenance         True: care without expected improvement, so that a denial is to be expected
    pregnant            None: nobody said
    """

    diagnoses: tuple[str, ...] = ()
    entered_treatment: tuple[str, ...] = ()
    entered_treatment_modifiers: tuple[str, ...] = ()
    same_day: tuple[SameDayService, ...] = ()
    abn: Abn | None = None
    maintenance: bool | None = None
    pregnant: bool | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One encounter. Fields that nobody filled stay empty: nothing here is ever made up.

    shorthand     the physician's own line or lines, verbatim
    responses     response per treated region
    response_words  response per treated region in words that are none of the four
    signed        whether it is signed, where no `signature` says by whom; None when nobody said
    title         a name for the visit in lists of examples; never part of the note
    states        what the physician said of whole regions that hold no finding
    complications what went wrong during treatment; empty tuple with `complications_asked` True means "none"
    """

    date: dt.date | None = None
    setting: Setting = field(default_factory=Setting)
    chief_complaint: str = ""
    history: str = ""
    function: str = ""
    function_change: str = ""
    safety_screen: str = ""
    related_exam: str = ""
    assessment: str = ""
    shorthand: str = ""
    findings: tuple[Finding, ...] = ()
    states: tuple[tuple[Region, ExamState], ...] = ()
    treatments: tuple[Treatment, ...] = ()
    responses: tuple[tuple[Region, Response], ...] = ()
    positions: str = ""
    tolerance: str = ""
    complications: tuple[str, ...] = ()
    complications_asked: bool = False
    evaluation: Evaluation | None = None
    consent: Consent = field(default_factory=Consent)
    plan: Plan = field(default_factory=Plan)
    signature: Signature | None = None
    free_text: str = ""
    response_words: tuple[tuple[Region, str], ...] = ()
    signed: bool | None = None
    billing: Billing = field(default_factory=Billing)
    title: str = ""

    @property
    def is_signed(self) -> bool:
        return self.signature is not None or self.signed is True

    def state_of(self, region: Region) -> ExamState:
        """Whether a region was examined, and with what result. A region nobody mentions was not examined."""
        if any(f.region is region and not f.absent for f in self.findings):
            return ExamState.FINDINGS
        stated = dict(self.states).get(region)
        if stated is not None:
            return stated
        if any(f.region is region for f in self.findings):
            return ExamState.NORMAL
        return ExamState.NOT_EXAMINED
