"""Records of safety: what may be true of a patient, and what that bars, limits or asks for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from openomt.knowledge.base import Frozen, Id, Record
from openomt.knowledge.marks import Confidence
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
FLAG_KIND = "redflag"


class Bounds(Frozen):
    """A run of whole numbers: from `least` (included) to `below` (excluded). `below` None: no end."""

    least: int = Field(ge=0)
    below: int | None = None

    def hold(self, number: int) -> bool:
        """Whether a number lies within."""
        return self.least <= number and (self.below is None or number < self.below)


def is_flag(code: str) -> bool:
    """Whether a code is that of a red or an orange flag, which are records of their own."""
    return code.startswith(("rf_", "yf_"))


class PatientFact(Record):
    """Something that may be true of a patient and that a rule asks for. The id is its one code.

    regional         true of a region, not of the whole patient (`surgery_recent` of the lumbar spine)
    implies          facts that are true wherever this one is; where they are absent, so is this one
    needs            facts without which this one cannot be true, but which no rule draws from it
    definition       the working definition, where the word alone is not enough
    ask              what a physician is asked where nobody knows; `ask_where` where the region is missing
    age_months       follows from the age, and with a known age from nothing else
    weeks            follows from the completed weeks of pregnancy, in the same way
    never_sex        sexes in which it cannot be true; `possible_months` the ages at which it can
    recent_weeks     weeks after the event for which the fact holds; None: it does not expire
    doubt            what of the definition is our choice or unconfirmed
    """

    kind: ClassVar[str] = "fact"

    title: str = Field(min_length=1)
    group: FactGroup
    regional: bool = False
    implies: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    definition: str = ""
    ask: str = Field(min_length=1)
    ask_where: str = ""
    age_months: Bounds | None = None
    weeks: Bounds | None = None
    never_sex: tuple[Literal["female", "male"], ...] = ()
    possible_months: Bounds | None = None
    recent_weeks: int | None = Field(default=None, gt=0)
    doubt: str = ""

    @model_validator(mode="after")
    def _where_is_asked_of_regions(self) -> Self:
        if self.regional != bool(self.ask_where):
            raise ValueError("a regional fact has ask_where, and no other has")
        return self

    def points_to(self) -> Iterable[tuple[str, str]]:
        return ((self.kind, code) for code in (*self.implies, *self.needs))

    def summary(self) -> str:
        return f"{self.id}: {self.title}"


class Contraindication(Record):
    """A row of the matrix: where one of `facts` is true, `techniques` in `regions` are at `level`.

    techniques   codes, or `ALL`
    regions      region ids; `any`; or `same`: the region the fact itself is true of
    facts        any one of them is enough; `rf_*` is every red flag
    instead      what to do instead, in words; `safer` the technique codes among it, best first
    elsewhere    `instead` is for another region or is no treatment: nothing is offered for this region
    doubt        what of the row is inferred, unconfirmed, a choice of ours, or disputed, and by whom
    topic        the contested question it belongs to, which users are shown as such
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
    elsewhere: bool = False
    doubt: str = ""
    topic: str = ""

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
        """Sources disagree about the level, or about the question the row belongs to."""
        return self.confidence is Confidence.UNCERTAIN or bool(self.topic)

    def points_to(self) -> Iterable[tuple[str, str]]:
        for code in self.facts:
            if code != ANY_RED_FLAG:
                yield (FLAG_KIND if is_flag(code) else PatientFact.kind, code)
        for code in self.safer:
            yield TechniqueCard.kind, code

    def summary(self) -> str:
        techniques, regions = ", ".join(self.techniques), ", ".join(self.regions)
        return f"{techniques}, {regions}, with {' or '.join(self.facts)}: {self.level}"


class TechniqueCard(Translated):
    """What a physician needs to know of a technique before the hand moves. The id is its code.

    of          the vocabulary's record: `technique:hvla` or `procedure:CV4`
    also        vocabulary records so general that they may mean this technique (`technique:lymphatic`)
    plain       what a patient is told; `es` the same in Spanish
    approach    the usual one first; `combined` is indirect, then direct
    active      the patient does part of the work
    effort      what the patient is asked to do, with breath or muscle
    regions     where it can be used, the first of them where no other is named; `where` in the source's words
    positions   how the patient can lie or sit for it; `position_note` what a position needs
    gentleness  1 for holds of ease up to 5 for the thrust: our order, from approach and force, by which
                gentler techniques are named first
    """

    kind: ClassVar[str] = "techniquecard"

    id: TechniqueCode
    of: str = Field(pattern=r"^(technique|procedure):.+$")
    also: tuple[str, ...] = ()
    title: str
    plain: str = Field(min_length=1)
    approach: tuple[Literal["direct", "indirect", "combined"], ...] = Field(min_length=1)
    active: bool = False
    force: str = Field(min_length=1)
    positions: tuple[Position, ...] = Field(min_length=1)
    position_note: str = ""
    effort: str = Field(min_length=1)
    dose: str = Field(min_length=1)
    regions: tuple[RegionId, ...] = Field(min_length=1)
    where: str = Field(min_length=1)
    used_for: str = Field(min_length=1)
    expected: str = Field(min_length=1)
    gentleness: int = Field(ge=1, le=5)
    doubt: str = ""

    def points_to(self) -> Iterable[tuple[str, str]]:
        for name in (self.of, *self.also):
            kind, _, record_id = name.partition(":")
            yield kind, record_id

    def summary(self) -> str:
        return f"{self.id}: {self.title}"


class TechniqueCaution(Record):
    """A rule for the hand that holds whatever the patient's facts are.

    techniques   codes, or `ALL`; `regions` ids, or `any`
    """

    kind: ClassVar[str] = "techniquecaution"

    techniques: tuple[TechniqueCode | Literal["ALL"], ...] = Field(min_length=1)
    regions: tuple[RegionId | Literal["any"], ...] = Field(min_length=1)
    say: str = Field(min_length=1)
    doubt: str = ""

    def summary(self) -> str:
        return self.say


class SettingBound(Record):
    """How far a practice may set the level of a rule, by the rule's own level and confidence.

    levels, marks   the rules it is for: the level as recorded, and how well it is confirmed
    loosen          by how many steps it may be made milder
    mildest         the mildest level a rule may ever be set to; `strictest` the strictest
    fixed           no setting is taken at all
    """

    kind: ClassVar[str] = "settingbound"

    levels: tuple[VerdictLevel, ...] = Field(min_length=1)
    marks: tuple[Confidence, ...] = Field(min_length=1)
    loosen: int = Field(ge=0)
    mildest: VerdictLevel = "precaution"
    strictest: VerdictLevel
    fixed: bool = False
    why: str = Field(min_length=1)

    def summary(self) -> str:
        return self.why


RECORDS: tuple[type[Record], ...] = (
    PatientFact,
    Contraindication,
    TechniqueCard,
    TechniqueCaution,
    SettingBound,
)
