"""Records of the words physicians write, and where on the body each belongs."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from openomt.knowledge.base import Frozen, Record

RegionId = Literal[
    "head",
    "cervical",
    "thoracic",
    "lumbar",
    "sacral",
    "pelvic",
    "lower_extremity",
    "upper_extremity",
    "rib",
    "abdomen",
]
StructureKind = Literal[
    "bone",
    "joint",
    "muscle",
    "ligament",
    "fascia",
    "landmark",
    "area",
    "viscus",
    "suture",
    "curve",
    "nerve",
    "segment",
]
TartId = Literal["tissue_texture", "asymmetry", "restriction", "tenderness"]


class RegionRecord(Record):
    """One of the ten body regions."""

    kind: ClassVar[str] = "region"

    id: RegionId
    title: str
    plain: str = Field(description="what a patient calls it")
    icd10cm: str = Field(pattern=r"^M99\.0[0-9]$")
    names: tuple[str, ...]
    order: int


class Rival(Frozen):
    """Another region that some authors give a structure, and why."""

    region: RegionId
    why: str


class Assignment(Record):
    """A structure whose region is disputed: the default, and what a practice may choose instead."""

    kind: ClassVar[str] = "assignment"

    structures: tuple[str, ...] = Field(min_length=1)
    default: RegionId
    rivals: tuple[Rival, ...] = Field(min_length=1)

    def summary(self) -> str:
        return f"{', '.join(self.structures)}: {self.default} by default"


class Structure(Record):
    """A named place on the body. The id is its one name in findings; `names` are other spellings.

    region None: the place takes the region of the words around it (`paraspinal`, `facet`).
    landmark True: said to lie high, low, deep and so on, it shows asymmetry.
    """

    kind: ClassVar[str] = "structure"

    type: StructureKind
    landmark: bool = False
    region: RegionId | None = None
    names: tuple[str, ...] = ()
    meaning: str = ""

    def summary(self) -> str:
        return f"{self.id} ({self.type}): {self.region or 'region from context'}"


class TestRecord(Record):
    """A clinical test whose result is a finding."""

    kind: ClassVar[str] = "test"

    region: RegionId
    names: tuple[str, ...] = ()
    meaning: str = ""


class TenderPoint(Record):
    """A counterstrain point that has a name of its own, beside the coded ones (`AC4`, `PL3`)."""

    kind: ClassVar[str] = "tenderpoint"

    region: RegionId | None = None
    names: tuple[str, ...] = ()


class Pattern(Record):
    """A named dysfunction or landmark position. `structures` are the places it can stand at (empty: any).

    implies   the structure meant when the words name none (`upslip` is of an innominate)
    sided     the side is part of the pattern's own name (`torsion R`), not of the finding
    asymmetry a landmark said to lie so shows asymmetry
    """

    kind: ClassVar[str] = "pattern"

    names: tuple[str, ...] = ()
    structures: tuple[str, ...] = ()
    implies: str | None = None
    sided: bool = False
    meaning: str = ""


class TartWord(Record):
    """A word for palpatory evidence, with what it says."""

    kind: ClassVar[str] = "tartword"

    tart: TartId
    names: tuple[str, ...] = Field(min_length=1)


class Technique(Record):
    """A way of treating. `region`: the one it treats when no other is named (`rib raising`: the ribs)."""

    kind: ClassVar[str] = "technique"

    title: str
    abbreviation: str
    region: RegionId | None = None
    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = Field(default=(), description="letters that mean it only in the treatment part")
    plain: str = Field(description="what a patient is told")

    def summary(self) -> str:
        return f"{self.abbreviation}: {self.title}"


class NamedProcedure(Record):
    """A manoeuvre with a name of its own, the technique it is, and the region it treats."""

    kind: ClassVar[str] = "procedure"

    technique: str
    region: RegionId | None = None
    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = Field(default=(), description="letters that mean it only in the treatment part")


class ResponseWord(Record):
    """Words for how a region answered treatment."""

    kind: ClassVar[str] = "responseword"

    response: Literal["resolved", "improved", "unchanged", "worse"]
    names: tuple[str, ...] = Field(min_length=1)
    codes: tuple[str, ...] = ()
    subject_needed: bool = Field(
        default=False, description="only when the words speak of pain, motion or a symptom"
    )


class Word(Record):
    """A word of one of the reader's small classes: side, negation, severity, link …

    listed True: a list that a rule of the reader looks words up in; it gives them no meaning of their own.
    """

    kind: ClassVar[str] = "word"

    group: str
    value: str = ""
    listed: bool = False
    names: tuple[str, ...] = Field(min_length=1)


class Abbreviation(Record):
    """A short form and what it stands for. `collides` lists other meanings and how they are told apart."""

    kind: ClassVar[str] = "abbreviation"

    short: tuple[str, ...] = Field(min_length=1)
    meaning: str
    group: str
    collides: str = ""
    observed: bool = Field(default=True, description="False: a house form not seen in a source")

    def summary(self) -> str:
        return f"{'/'.join(self.short)}: {self.meaning}"


RECORDS: tuple[type[Record], ...] = (
    RegionRecord,
    Assignment,
    Structure,
    TestRecord,
    TenderPoint,
    Pattern,
    TartWord,
    Technique,
    NamedProcedure,
    ResponseWord,
    Word,
    Abbreviation,
)
