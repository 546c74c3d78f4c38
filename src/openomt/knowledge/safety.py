"""Records of safety: what may be true of a patient, and what that bars, limits or asks for."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from openomt.knowledge.base import Confidence, Id, Record
from openomt.knowledge.narrative import Translated
from openomt.knowledge.vocabulary import RegionId

TechniqueCode = Literal[
    "HVLA", "ME", "ART", "SOFT", "INHIB", "MFR", "CS", "FPR", "STILL", "BLT", "LAS", "OCMM", "CV4", "SOR",
    "RR", "DIA", "TP", "AP", "PP", "GAL", "VISC", "CHAP", "SACRK",
]  # fmt: skip
VerdictLevel = Literal["stop", "absolute", "relative", "precaution"]
FactGroup = Literal[
    "gate", "bone and joint", "vessels and blood", "tumor, fracture, infection, skin",
    "nerve, brain, surgery", "heart, lung, abdomen", "pregnancy, infants, children", "age", "orange flag",
]  # fmt: skip
Position = Literal["supine", "prone", "side", "seated", "standing"]

ANY_REGION = "any"
SAME_REGION = "same"
ALL_TECHNIQUES = "ALL"
ANY_RED_FLAG = "rf_*"
LOOSEN_ONLY = frozenset({Confidence.UNCERTAIN, Confidence.TEACHING})


class PatientFact(Record):
    """Something that may be true of a patient and that a rule asks for. The id is its one code.

    regional        true of a region, not of the whole patient (`surgery_recent` of the lumbar spine)
    implies         facts that are true wherever this one is
    definition      the working definition, where the word alone is not enough
    ask             what a physician is asked where nobody knows
    age_months      follows from the age: from (included) to (excluded); None: no end
    weeks           follows from the weeks of pregnancy, in the same way
    recent_weeks    weeks after the event for which the fact holds; None: it does not expire
    """

    kind: ClassVar[str] = "fact"

    title: str = Field(min_length=1)
    group: FactGroup
    regional: bool = False
    implies: tuple[str, ...] = ()
    definition: str = ""
    ask: str = Field(min_length=1)
    age_months: tuple[int, int | None] | None = None
    weeks: tuple[int, int | None] | None = None
    recent_weeks: int | None = None

    def summary(self) -> str:
        return f"{self.id}: {self.title}"


class Contraindication(Record):
    """A row of the matrix: where one of `facts` is true, `techniques` in `regions` are at `level`.

    techniques   codes, or `ALL`
    regions      region ids; `any`; or `same`: the region the fact itself is true of
    facts        any one of them is enough; `rf_*` is every red flag
    instead      what to do instead, in words; `safer` the technique codes among it, best first
    doubt        what of the row is unconfirmed, or where sources disagree
    loosest, strictest   how far a practice may set the level; None: the bounds of `bounds`
    """

    kind: ClassVar[str] = "contraindication"

    id: Id = Field(pattern=r"^R-G?[0-9]+$")
    section: str = Field(min_length=1)
    techniques: tuple[TechniqueCode | Literal["ALL"], ...] = Field(min_length=1)
    regions: tuple[RegionId | Literal["any", "same"], ...] = Field(min_length=1)
    facts: tuple[str, ...] = Field(min_length=1)
    level: VerdictLevel
    why: str = Field(min_length=1)
    instead: str = Field(min_length=1)
    safer: tuple[TechniqueCode, ...] = ()
    doubt: str = ""
    loosest: VerdictLevel | None = None
    strictest: VerdictLevel | None = None

    @model_validator(mode="after")
    def _words_stand_alone(self) -> Self:
        for words, alone in (
            (self.techniques, ALL_TECHNIQUES),
            (self.regions, ANY_REGION),
            (self.regions, SAME_REGION),
        ):
            if alone in words and len(words) > 1:
                raise ValueError(f"{alone!r} stands alone")
        return self

    @property
    def contested(self) -> bool:
        """Sources disagree about the level."""
        return self.confidence is Confidence.UNCERTAIN

    def summary(self) -> str:
        techniques, regions = ", ".join(self.techniques), ", ".join(self.regions)
        return f"{techniques}, {regions}, with {' or '.join(self.facts)}: {self.level}"


class TechniqueCard(Translated):
    """What a physician needs to know of a technique before the hand moves. The id is its code.

    of        the vocabulary's record: `technique:hvla` or `procedure:CV4`
    plain     what a patient is told; `es` the same in Spanish
    regions   where it can be used; `positions` how the patient can lie or sit for it
    active    the patient does part of the work
    """

    kind: ClassVar[str] = "techniquecard"

    id: TechniqueCode
    of: str = Field(pattern=r"^(technique|procedure):.+$")
    title: str
    plain: str = Field(min_length=1)
    approach: tuple[Literal["direct", "indirect"], ...] = Field(min_length=1)
    active: bool = False
    force: str = Field(min_length=1)
    positions: tuple[Position, ...] = Field(min_length=1)
    breath: str = Field(min_length=1)
    dose: str = Field(min_length=1)
    regions: tuple[RegionId, ...] = Field(min_length=1)
    used_for: str = Field(min_length=1)
    expected: str = Field(min_length=1)
    doubt: str = ""

    def summary(self) -> str:
        return f"{self.id}: {self.title}"


RECORDS: tuple[type[Record], ...] = (PatientFact, Contraindication, TechniqueCard)
