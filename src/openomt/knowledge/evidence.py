"""Records of what has been studied, how sure anybody is, and what each technique is used for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from openomt.knowledge.base import Frozen, Id, Record
from openomt.knowledge.narrative import Translated
from openomt.knowledge.safety import (
    Bounds,
    Contraindication,
    PatientFact,
    Position,
    TechniqueCard,
    TechniqueCode,
)
from openomt.knowledge.vocabulary import RegionId, StructureKind, TartId

GradeName = Literal["very low", "low", "moderate", "high"]
GRADES: tuple[GradeName, ...] = ("very low", "low", "moderate", "high")
DirectionName = Literal["benefit", "mixed", "none", "harm", "not enough data"]
LabelId = Literal["studied-most", "early-evidence", "not-enough", "tested-no-help", "ask-first"]
Design = Literal[
    "meta-analysis", "systematic review", "overview of reviews", "RCT", "sham RCT", "RCT vs waiting list",
    "pilot RCT", "crossover RCT", "pilot", "chart review", "thesis", "feasibility RCT", "guideline",
]  # fmt: skip
PopulationId = Literal[
    "adult", "older", "child", "adolescent", "infant", "pregnant", "postpartum", "hospital"
]
Duration = Literal["acute", "subacute", "chronic"]
ClaimKind = Literal["promise", "mechanism", "replacement"]


class Effect(Frozen):
    """One direction of one row: what was (not) changed, against what.

    grade   of this direction alone, where the row gives it another than its own; lowest and highest
    """

    direction: DirectionName
    about: str = Field(min_length=1)
    against: str = ""
    grade: tuple[GradeName, ...] = Field(default=(), max_length=2)


class Study(Frozen):
    """A study behind a row. `n`: people; `trials`: pooled trials; `mark` M: from memory, not re-read."""

    source: str
    design: Design
    n: int | None = None
    trials: int | None = None
    mark: Literal["V", "M"] = "V"


class StudyCourse(Frozen):
    """What was given in the trials: lowest and highest; `words` as the row has it."""

    sessions: tuple[int, int] | None = None
    weeks: tuple[int, int] | None = None
    words: str = ""


class Condition(Translated):
    """A complaint or group that OMT has (or has not) been studied for, with the whole answer.

    number       its place in the table of 46
    en, es       what a patient calls it
    grade        how sure we are of the direction: lowest and highest
    effects      every direction the row has
    effect       what was found, with its numbers
    techniques   those the trials used, best known first; `technique_words` what has no code
    worst        techniques that came out worst or that the trials or a guideline advise against; `worst_why`
    population   who was studied, as the row or its trials say; adults where they say nothing
    label        the label shown to the public; `label_listed` False: the list does not name it, we chose
    unconfirmed  each part that was written from memory and not re-read
    caution      what must be said with it
    """

    kind: ClassVar[str] = "condition"

    number: int = Field(ge=1)
    title: str
    en: str = Field(min_length=1)
    grade: tuple[GradeName, ...] = Field(min_length=1, max_length=2)
    effects: tuple[Effect, ...] = Field(min_length=1)
    effect: str = Field(min_length=1)
    studies: tuple[Study, ...] = ()
    techniques: tuple[TechniqueCode, ...] = ()
    technique_words: str = ""
    worst: tuple[TechniqueCode, ...] = ()
    worst_why: str = ""
    course: StudyCourse = StudyCourse()
    population: tuple[PopulationId, ...] = Field(min_length=1)
    label: LabelId
    label_listed: bool = True
    label_note_en: str = ""
    label_note_es: str = ""
    unconfirmed: tuple[str, ...] = ()
    doubt: str = ""
    caution: str = ""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if bool(self.worst) != bool(self.worst_why):
            raise ValueError("worst and worst_why go together")
        if bool(self.label_note_en) != bool(self.label_note_es):
            raise ValueError("label_note_en and label_note_es go together")
        strange = {study.source for study in self.studies} - set(self.sources)
        if strange:
            raise ValueError(f"a study's source must be a source of the record: {sorted(strange)}")
        if (self.unconfirmed or any(study.mark == "M" for study in self.studies)) and not self.doubt:
            raise ValueError("what was not re-read must be said in doubt")
        return self

    def summary(self) -> str:
        directions = ", ".join(f"{one.direction} ({one.about})" for one in self.effects)
        return f"{self.number}. {self.title}: {' to '.join(self.grade)}; {directions}"

    def points_to(self) -> Iterable[tuple[str, str]]:
        yield EvidenceLabel.kind, self.label
        yield from ((StudyPopulation.kind, name) for name in self.population)
        yield from ((TechniqueCard.kind, code) for code in (*self.techniques, *self.worst))


class Complaint(Record):
    """How a condition (its id) is recognized in the words or the code of a complaint.

    like         another complaint whose words, codes and regions are its own too
    terms        its words, as the phrase matcher reads them
    narrower     one of these words must be said too, or one of `narrower_facts` be true of the patient
    broad        words that may mean it; they count only where no surer match is found
    excludes     words that say it is another condition
    durations    only complaints of this age; empty: of any; `weeks` the same in weeks, where they are told
    icd          how its ICD-10-CM codes begin; `icd_broad` of codes that may mean it
    regions      where the complaint lies; empty: anywhere
    """

    kind: ClassVar[str] = "complaint"

    like: str = ""
    terms: tuple[str, ...] = ()
    terms_es: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()
    narrower_facts: tuple[str, ...] = ()
    broad: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    durations: tuple[Duration, ...] = ()
    weeks: Bounds | None = None
    icd: tuple[str, ...] = ()
    icd_broad: tuple[str, ...] = ()
    regions: tuple[RegionId, ...] = ()

    @model_validator(mode="after")
    def _has_words(self) -> Self:
        if not self.like and not (self.terms and self.terms_es):
            raise ValueError("terms and terms_es, or like")
        return self

    def points_to(self) -> Iterable[tuple[str, str]]:
        yield Condition.kind, self.id
        if self.like:
            yield self.kind, self.like
        yield from ((PatientFact.kind, code) for code in self.narrower_facts)


class DurationRecord(Record):
    """How long a complaint lasts, in weeks, and words for it; `not_in`: phrases in which they are not."""

    kind: ClassVar[str] = "duration"

    id: Duration
    weeks: Bounds
    names: tuple[str, ...] = Field(min_length=1)
    not_in: tuple[str, ...] = ()


class TimeWord(Record):
    """A unit of time as complaints name it, in days."""

    kind: ClassVar[str] = "timeword"

    days: int = Field(ge=1)
    names: tuple[str, ...] = Field(min_length=1)


class StudyPopulation(Record):
    """A group that was studied, known by age in months or by a fact; by neither: only where it is said."""

    kind: ClassVar[str] = "studypopulation"

    id: PopulationId
    title: str
    age_months: Bounds | None = None
    facts: tuple[str, ...] = ()

    def points_to(self) -> Iterable[tuple[str, str]]:
        return ((PatientFact.kind, code) for code in self.facts)


class EvidenceLabel(Translated):
    """One of the five labels the public sees, and what it means; `en`, `es` the meaning."""

    kind: ClassVar[str] = "evidencelabel"

    id: LabelId
    title_en: str = Field(min_length=1)
    title_es: str = Field(min_length=1)
    lead_en: str = Field(pattern=r"\{condition\}", description="the sentence that names the condition")
    lead_es: str = Field(pattern=r"\{condition\}")
    en: str = Field(min_length=1)
    helpful: bool | None = Field(
        default=None, description="True: some benefit seen; False: none, or harm; None: not known"
    )

    def summary(self) -> str:
        return f"{self.title_en}: {self.en}"


class EvidenceSentence(Translated):
    """A sentence for the patient about evidence."""

    kind: ClassVar[str] = "evidencesentence"

    en: str = Field(min_length=1)

    def summary(self) -> str:
        return self.en


class Guideline(Record):
    """What a guideline says, in own words, and about which conditions."""

    kind: ClassVar[str] = "guideline"

    title: str
    year: int | None = None
    statement: str = Field(min_length=1)
    conditions: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    doubt: str = ""

    def points_to(self) -> Iterable[tuple[str, str]]:
        return ((Condition.kind, name) for name in self.conditions)


class Dose(Record):
    """A dose given in a trial, for a condition."""

    kind: ClassVar[str] = "dose"

    conditions: tuple[str, ...] = Field(min_length=1)
    title: str
    given: StudyCourse
    minutes: int | None = None
    helped: bool | None = Field(default=None, description="False: the trial found no benefit")
    unconfirmed: tuple[str, ...] = ()
    doubt: str = ""

    def points_to(self) -> Iterable[tuple[str, str]]:
        return ((Condition.kind, name) for name in self.conditions)


class DoseResponse(Record):
    """What more visits bought where that was tried, and by whom: no OMT dose trial was found."""

    kind: ClassVar[str] = "doseresponse"

    conditions: tuple[str, ...] = ()
    statement: str = Field(min_length=1)

    def points_to(self) -> Iterable[tuple[str, str]]:
        return ((Condition.kind, name) for name in self.conditions)


class CourseAdvice(Record):
    """What a professional body says of how much treatment to give. The default course is a `ReviewRule`."""

    kind: ClassVar[str] = "courseadvice"

    statement: str = Field(min_length=1)
    unconfirmed: tuple[str, ...] = ()
    doubt: str = ""


class PopulationAvoid(Frozen):
    """What to keep from in a group: techniques, where, and only with one of these facts (empty: always)."""

    techniques: tuple[TechniqueCode, ...] = ()
    regions: tuple[RegionId, ...] = ()
    facts: tuple[str, ...] = ()
    words: str = Field(min_length=1)


class Population(Record):
    """A group of patients treated otherwise: how to adapt, what to prefer, what to keep from.

    facts, conditions   any one of them puts the patient in the group; neither: only where it is said
    gentle              less force is better here
    positions_avoid     positions to keep from
    rules               the contraindications that already say part of it
    """

    kind: ClassVar[str] = "population"

    title: str
    facts: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    adapt: str = Field(min_length=1)
    prefer: tuple[TechniqueCode, ...] = ()
    prefer_words: str = ""
    avoid: tuple[PopulationAvoid, ...] = ()
    positions_avoid: tuple[Position, ...] = ()
    gentle: bool = False
    rules: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    doubt: str = ""

    def summary(self) -> str:
        return f"{self.title}: prefer {', '.join(self.prefer) or '-'}"

    def points_to(self) -> Iterable[tuple[str, str]]:
        yield from ((PatientFact.kind, code) for code in self.facts)
        yield from ((PatientFact.kind, code) for avoid in self.avoid for code in avoid.facts)
        yield from ((Condition.kind, name) for name in self.conditions)
        yield from ((Contraindication.kind, rule) for rule in self.rules)


class ToneFact(Record):
    """A fact that sets the tone of everything said about evidence."""

    kind: ClassVar[str] = "tonefact"

    order: int
    statement: str = Field(min_length=1)


class Comparison(Record):
    """A neutral fact about one profession that treats with the hands. They are never ranked."""

    kind: ClassVar[str] = "comparison"

    profession: Literal["DO", "PT", "DC", "all"]
    aspect: Literal["training", "manual training", "license", "main tools", "techniques", "also true"]
    statement: str = Field(min_length=1)
    unconfirmed: tuple[str, ...] = ()
    doubt: str = ""


class BarredClaim(Record):
    """Words no patient may read about OMT, and what to say instead. Whole words, any case.

    allowed   longer phrases that hold the words and mean something else
    """

    kind: ClassVar[str] = "barredclaim"

    type: ClaimKind
    words: tuple[str, ...] = Field(min_length=1)
    words_es: tuple[str, ...] = Field(min_length=1)
    allowed: tuple[str, ...] = ()
    why: str = Field(min_length=1)
    instead: str = Field(min_length=1)


class KindTest(Frozen):
    """What a finding must all be to count; a field left out asks for nothing.

    places    names of levels; `not_places` names that do not count; `no_level`: only a region is named
    patterns  the finding's named dysfunction, or words of it; `patterned`: it has any but `not_patterns`
    words     words the author wrote that have no field of their own; `not_words` words that must not be there
    """

    regions: tuple[RegionId, ...] = ()
    level_kinds: tuple[Literal["segment", "rib", "structure", "point"], ...] = ()
    structure_types: tuple[StructureKind, ...] = ()
    places: tuple[str, ...] = ()
    not_places: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    patterned: bool = False
    not_patterns: tuple[str, ...] = ()
    no_level: bool = False
    tart: tuple[TartId, ...] = ()
    motion: bool = False
    words: tuple[str, ...] = ()
    not_words: tuple[str, ...] = ()


class FindingKind(Record):
    """A kind of finding, as techniques are chosen for it. Any one of `tests` is enough."""

    kind: ClassVar[str] = "findingkind"

    title: str
    tests: tuple[KindTest, ...] = Field(min_length=1)

    def summary(self) -> str:
        return f"{self.id}: {self.title}"


class TechniqueUse(Record):
    """What a technique (its code) is used for.

    serves       kinds of finding it is named for; `also` kinds it can serve by inference
    conditions   complaints it is named for
    """

    kind: ClassVar[str] = "techniqueuse"

    id: TechniqueCode
    serves: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    doubt: str = ""

    def points_to(self) -> Iterable[tuple[str, str]]:
        yield TechniqueCard.kind, self.id
        yield from ((FindingKind.kind, name) for name in (*self.serves, *self.also))
        yield from ((Condition.kind, name) for name in self.conditions)


class RankWeight(Record):
    """A weight by which suggestions are ranked. Our convention, not a measured effect."""

    kind: ClassVar[str] = "rankweight"

    id: Id
    value: int
    why: str = Field(min_length=1)

    def summary(self) -> str:
        return f"{self.id} = {self.value}: {self.why}"


RECORDS: tuple[type[Record], ...] = (
    Condition,
    Complaint,
    DurationRecord,
    TimeWord,
    StudyPopulation,
    EvidenceLabel,
    EvidenceSentence,
    Guideline,
    Dose,
    DoseResponse,
    CourseAdvice,
    Population,
    ToneFact,
    Comparison,
    BarredClaim,
    FindingKind,
    TechniqueUse,
    RankWeight,
)
