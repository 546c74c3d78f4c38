"""Records of the rules of coding and documentation: levels, modifiers, rule sets, warnings, audit checklist.

Code numbers of CPT stand here as configuration, shown only where a practice has confirmed its license.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from openomt.knowledge.base import Frozen, Record

CptNumber = str
EffortId = Literal["minimal", "low", "moderate", "high"]
StatusId = Literal["new", "established", "initial", "subsequent", "any"]
Severity = Literal["stop", "fix", "review"]
About = Literal["treatment", "evaluation", "note", "claim"]


class OmtLevel(Record):
    """A code of treatment by the number of regions it covers."""

    kind: ClassVar[str] = "omtlevel"

    regions_from: int = Field(ge=1, le=10)
    regions_to: int = Field(ge=1, le=10)
    number: CptNumber = Field(pattern=r"^[0-9]{5}$")
    words: str

    def summary(self) -> str:
        return self.words


class EmFamily(Record):
    """Evaluation codes that belong together. `status_by`: what chooses between first and later visits."""

    kind: ClassVar[str] = "emfamily"

    title: str
    status_by: Literal["patient", "stay", "none"]


class EmLevel(Record):
    """One evaluation code: its family, whose visit it is, the decision making and minutes that reach it."""

    kind: ClassVar[str] = "emlevel"

    family: str
    status: StatusId
    efforts: tuple[EffortId, ...] = Field(min_length=1, description="levels of decision making that give it")
    minutes: int | None = Field(default=None, description="met or exceeded; None: never chosen by time")
    number: CptNumber = Field(pattern=r"^[0-9]{5}$")
    words: str

    def summary(self) -> str:
        return self.words


class PlaceOfService(Record):
    """A two-digit place of service and the family of evaluation codes used there."""

    kind: ClassVar[str] = "place"

    title: str
    family: str
    remote: bool = False

    def summary(self) -> str:
        return f"{self.id}: {self.title}"


class RuleSet(Record):
    """A way of judging an evaluation beside treatment, and the payers whose default it is."""

    kind: ClassVar[str] = "ruleset"

    title: str
    explanation: str
    payers: tuple[str, ...] = ()
    default: bool = False
    advance_notice: bool = Field(description="whether the Advance Beneficiary Notice exists for these payers")

    def summary(self) -> str:
        return self.title


class EmWork(Record):
    """Work named as reason for an evaluation. `barred_by`: rule sets under which it is none."""

    kind: ClassVar[str] = "emwork"

    title: str
    names: tuple[str, ...] = Field(min_length=1)
    barred_by: tuple[str, ...] = ()

    def summary(self) -> str:
        return self.title


class SameDayKind(Record):
    """A family of services that meet treatment on the same day, and the warning they raise.

    codes          numbers and runs of numbers (`98940-98943`)
    for_treatment  it is a matter only if given so that the treatment could be done:
                   `always` taken so unless denied, `if_said` only when somebody says so
    """

    kind: ClassVar[str] = "sameday"

    words: str
    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    warning: str = ""
    other_discipline: str = Field(default="", description="warning when another discipline gave it")
    apart_modifiers: tuple[str, ...] = Field(
        default=(),
        description="modifiers that say it was apart; with another region or session they settle it",
    )
    for_treatment: Literal["", "always", "if_said"] = ""

    def summary(self) -> str:
        return self.words


class PerformerKind(Record):
    """Who treated, as far as it changes the claim."""

    kind: ClassVar[str] = "performer"

    title: str
    names: tuple[str, ...] = Field(min_length=1)
    bills: bool = True
    modifier: str = ""

    def summary(self) -> str:
        return self.title


class ModifierRecord(Record):
    """A two-character modifier. `system` cpt: its number needs the licence too."""

    kind: ClassVar[str] = "modifier"

    system: Literal["cpt", "hcpcs"]
    words: str

    def summary(self) -> str:
        return f"{self.id}: {self.words}"


class ClaimSetting(Record):
    """A number or code of the claim form."""

    kind: ClassVar[str] = "claim"

    value: int | str
    meaning: str

    def summary(self) -> str:
        return f"{self.meaning}: {self.value}"


class WarningRecord(Record):
    """A warning of the coding vocabulary. `message` may hold {what}."""

    kind: ClassVar[str] = "codingwarning"

    title: str
    message: str
    todo: str
    severity: Severity
    about: About

    def summary(self) -> str:
        return f"{self.severity}: {self.title}"


class Part(Frozen):
    """One thing an audit looks for, and what to add where it is missing ({what}: the regions it is missing
    for).
    """

    id: str
    add: str


class AuditRow(Record):
    """A row of the audit checklist."""

    kind: ClassVar[str] = "auditrow"

    number: int = Field(ge=1)
    element: str
    parts: tuple[Part, ...] = Field(min_length=1)

    def summary(self) -> str:
        return f"{self.number}. {self.element}"


class CodingText(Record):
    """Words of a reason or a remark, with {places} to fill."""

    kind: ClassVar[str] = "codingtext"

    text: str

    def summary(self) -> str:
        return self.text


class CodingWord(Record):
    """Words that forms and files use for a value of a visit."""

    kind: ClassVar[str] = "codingword"

    group: str
    value: str
    names: tuple[str, ...] = Field(min_length=1)


class SymptomCode(Record):
    """An ICD-10-CM code often used beside somatic dysfunction. The id is the code; no title is typed."""

    kind: ClassVar[str] = "symptomcode"

    def summary(self) -> str:
        from openomt.knowledge import icd  # noqa: PLC0415  # titles are read only when a list is printed

        return f"{self.id}: {icd.title(self.id)}"


RECORDS: tuple[type[Record], ...] = (
    OmtLevel,
    EmFamily,
    EmLevel,
    PlaceOfService,
    RuleSet,
    EmWork,
    SameDayKind,
    PerformerKind,
    ModifierRecord,
    ClaimSetting,
    WarningRecord,
    AuditRow,
    CodingText,
    CodingWord,
    SymptomCode,
)
