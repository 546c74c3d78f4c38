"""What coding a visit gives: codes, warnings, remarks and the audit checklist, each with its reason and
sources.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openomt.medicine.anatomy import Region
from openomt.medicine.visit import EffortLevel


@dataclass(frozen=True, slots=True)
class Basis:
    """Why something is said, and what it rests on. `sources` are ids of [[source]] records."""

    reason: str
    sources: tuple[str, ...]
    confidence: str


class CodeSystem(StrEnum):
    """Whose code it is. CPT numbers need a licence."""

    CPT = "cpt"
    HCPCS = "hcpcs"
    ICD10CM = "icd10cm"


@dataclass(frozen=True, slots=True)
class Code:
    """A code and what it means in words. `number` is None for a CPT code while CPT is off."""

    system: CodeSystem
    number: str | None
    words: str
    basis: Basis

    @property
    def shown(self) -> str:
        """The number if it may be shown, else the words."""
        return self.words if self.number is None else self.number


class RegionState(StrEnum):
    """Whether a region counts, and if not, what it lacks."""

    COUNTED = "counted"
    NO_FINDING = "no_finding"
    NOT_TREATED = "not_treated"
    JOINT_ELSEWHERE = "joint_elsewhere"


@dataclass(frozen=True, slots=True)
class RegionAccount:
    """A region found or treated, and what met there. `tart_count`: kinds of evidence charted for it."""

    region: Region
    state: RegionState
    findings: tuple[str, ...]
    treatments: tuple[str, ...]
    tart_count: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the three questions that decide whether an evaluation is billed beside treatment. None: not
    said.
    """

    question: str
    yes: bool | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class CodingWarning:
    """One warning of the vocabulary. `severity`: stop, fix or review. `about`: treatment, evaluation, note,
    claim.
    """

    id: str
    title: str
    message: str
    todo: str
    severity: str
    about: str
    sources: tuple[str, ...]
    confidence: str


class RowState(StrEnum):
    """State of a row of the checklist."""

    MET = "met"
    MISSING = "missing"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One thing an auditor looks for, and what to add where it is missing."""

    number: int
    element: str
    state: RowState
    add: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class AppliedRules:
    """The payer's reading that was applied, and why this one."""

    id: str
    title: str
    explanation: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class TreatmentLine:
    """The line for treatment. `code` None: nothing to bill, for the reason in `basis`.

    icd       somatic dysfunction of every region counted
    pointers  those the claim line points to, best supported first
    """

    code: Code | None
    modifiers: tuple[Code, ...]
    icd: tuple[Code, ...]
    pointers: tuple[Code, ...]
    basis: Basis


@dataclass(frozen=True, slots=True)
class EvaluationLine:
    """The line for evaluation. `code` None: nothing to bill, for the reason in `basis`.

    effort   level of decision making, where that chose the code
    minutes  minutes that count, where time chose it
    """

    code: Code | None
    modifiers: tuple[Code, ...]
    icd: tuple[Code, ...]
    questions: tuple[Answer, ...]
    effort: EffortLevel | None
    minutes: int | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class CodingResult:
    """A visit in codes. `regions` holds every region found or treated, in the order the visit names them."""

    regions: tuple[RegionAccount, ...]
    treatment: TreatmentLine
    evaluation: EvaluationLine
    rules: AppliedRules
    warnings: tuple[CodingWarning, ...]
    remarks: tuple[Basis, ...]
    checklist: tuple[ChecklistRow, ...]

    @property
    def regions_counted(self) -> tuple[Region, ...]:
        """Regions the treatment line stands for; none where no treatment can be billed."""
        if self.treatment.code is None:
            return ()
        return tuple(account.region for account in self.regions if account.state is RegionState.COUNTED)

    @property
    def warning_ids(self) -> tuple[str, ...]:
        return tuple(warning.id for warning in self.warnings)
