"""The visit: the one value that flows from the words on paper to the note and the codes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from enum import StrEnum

from openomt.medicine.anatomy import Level, Region, Side
from openomt.medicine.findings import Finding


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


@dataclass(frozen=True, slots=True)
class Treatment:
    """One technique at one place. `region` None: the place was not said. `technique` None: treated, method not said."""

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


@dataclass(frozen=True, slots=True)
class Consent:
    """What was discussed and agreed before treatment. `given` None: nobody said."""

    given: bool | None = None
    discussed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What comes next."""

    goals: tuple[str, ...] = ()
    frequency: str = ""
    next_review: str = ""
    stop_when: str = ""
    home_exercise: tuple[str, ...] = ()
    aftercare: tuple[str, ...] = ()
    return_precautions: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Visit:
    """One encounter. Fields that nobody filled stay empty: nothing here is ever made up.

    shorthand     the physician's own line or lines, verbatim
    responses     response per treated region
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
