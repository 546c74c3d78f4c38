"""Records of the words in which charts and patients say things, and of codes and medicines that mean facts.

A fact is named by its code, with `@region` where it is true of one region, and with `@words` where the region
is read from the words around it (`fracture_acute@rib`, `arthroplasty@words`).
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from openomt.knowledge.base import Record
from openomt.knowledge.safety import Bounds
from openomt.knowledge.vocabulary import RegionId

Language = Literal["en", "es"]
TriggerRole = Literal[
    "no", "denies", "no after", "answer no", "answer yes", "not a denial", "family", "family after", "other",
    "other after", "past", "past after", "possible", "possible after", "possible directly after", "contrast",
    "clause", "self", "predicate", "cause", "or", "and", "since", "abbreviated",
]  # fmt: skip


class TriggerWords(Record):
    """Words that change what is said of phrases near them, all in one role."""

    kind: ClassVar[str] = "trigger"

    role: TriggerRole
    language: Language
    names: tuple[str, ...] = Field(min_length=1)

    def summary(self) -> str:
        return f"{self.role} ({self.language}): {', '.join(self.names)}"


class OrdinaryWords(Record):
    """Words spelt right that lie one slip from a word that matters: they mean what they say."""

    kind: ClassVar[str] = "ordinarywords"

    language: Language
    names: tuple[str, ...] = Field(min_length=1)

    def summary(self) -> str:
        return f"{len(self.names)} words ({self.language})"


FactAt = Annotated[str, Field(pattern=r"^[a-z0-9_]+(@[a-z_]+)?$")]
Course = Literal["lasting", "passing", "event", "active"]
Measure = Literal["systolic", "diastolic", "temperature", "spo2", "t_score", "platelets"]


class ShortForms(Record):
    """Short forms of single words, each with the word it stands for. They are read as both."""

    kind: ClassVar[str] = "shortforms"

    language: Language
    pairs: dict[str, str] = Field(min_length=1)

    def summary(self) -> str:
        return f"{len(self.pairs)} short forms ({self.language})"


class FactReading(Record):
    """How a fact behaves in time, so that an old entry is not read as true today. The id is the fact's code.

    lasting    once true, true: a history of it counts
    passing    true while it lasts: an old or past one does not count
    event      true for the fact's weeks after a date; without a date somebody has to say when
    active     a disease that may be over: a past one does not count
    weeks      how long one with a date still counts (event: the fact record's own weeks where empty)
    ask_weeks  how long after that it is asked about
    past_asks  what a past one makes worth asking
    """

    kind: ClassVar[str] = "factreading"

    course: Course
    weeks: int | None = None
    ask_weeks: int | None = None
    past_asks: tuple[FactAt, ...] = ()

    def summary(self) -> str:
        return f"{self.id}: {self.course}"


class FactPhrase(Record):
    """Ways of writing something that means facts, or makes them worth asking about.

    names    phrases, as `medicine.phrases` reads them
    facts    what they mean; asks: what they make worth asking; denies: what they say is not so. With none of
             these they only shield their words: `fracture risk` is no fracture
    whole    only where one makes up a whole entry of a list
    why      one line for people
    """

    kind: ClassVar[str] = "factphrase"

    language: Language
    names: tuple[str, ...] = Field(min_length=1)
    facts: tuple[FactAt, ...] = ()
    asks: tuple[FactAt, ...] = ()
    denies: tuple[FactAt, ...] = ()
    whole: bool = False
    gap: int = 4
    why: str = ""

    def summary(self) -> str:
        return f"{', '.join(self.facts or self.asks) or 'nothing'}: {self.names[0]}"


class CodeFacts(Record):
    """What a code of ICD-10-CM means. The longest code that begins a patient's code decides.

    codes      beginnings of codes, or ranges of categories (`D66-D68`)
    encounter  the seventh character tells whether care is initial, later or for what remains: see `Encounter`
    """

    kind: ClassVar[str] = "codefacts"

    codes: tuple[str, ...] = Field(min_length=1)
    facts: tuple[FactAt, ...] = ()
    lasting: tuple[FactAt, ...] = Field((), description="true whatever the seventh character says")
    asks: tuple[FactAt, ...] = ()
    encounter: bool = False
    weeks: bool = Field(False, description="the characters behind are weeks of pregnancy")
    why: str = ""

    def summary(self) -> str:
        return f"{', '.join(self.codes)}: {', '.join((*self.facts, *self.lasting, *self.asks)) or 'nothing'}"


class Encounter(Record):
    """What a seventh character says of an injury: it is as new, it heals, or only its traces remain."""

    kind: ClassVar[str] = "encounter"

    letters: str = Field(pattern=r"^[A-Z]+$")
    state: Literal["current", "healing", "over"]


class MedicineClass(Record):
    """Medicines that count alike for safety, by generic names and brands, as `medicine.phrases` reads them.

    not_as   forms in which they do not count (`cream`)
    """

    kind: ClassVar[str] = "medicineclass"

    names: tuple[str, ...] = Field(min_length=1)
    not_as: tuple[str, ...] = ()

    def summary(self) -> str:
        return f"{self.id}: {', '.join(self.names)}"


class MedicineRule(Record):
    """What taking medicines of these classes means.

    all_of      classes taken together; none_of: none of these with them
    facts, asks as everywhere
    long_weeks  only when taken this long; for less: nothing; unknown: asked
    after_days  after stopping, days for which it is asked about
    """

    kind: ClassVar[str] = "medicinerule"

    all_of: tuple[str, ...] = Field(min_length=1)
    none_of: tuple[str, ...] = ()
    facts: tuple[FactAt, ...] = ()
    asks: tuple[FactAt, ...] = ()
    long_weeks: int | None = None
    after_days: int = 0
    why: str = Field(min_length=1)


class Threshold(Record):
    """A number that means a fact. `least` and `most` are included, `below` and `above` are not.

    unless     facts that keep it from counting
    needs      a fact that has to be known besides
    fresh_days a value older than this is only asked about
    """

    kind: ClassVar[str] = "threshold"

    measure: Measure
    least: float | None = None
    most: float | None = None
    above: float | None = None
    below: float | None = None
    facts: tuple[FactAt, ...] = ()
    asks: tuple[FactAt, ...] = ()
    unless: tuple[str, ...] = ()
    needs: str = ""
    age_months: Bounds | None = None
    fresh_days: int | None = None
    why: str = Field(min_length=1)


class FollowingFact(Record):
    """A fact that another one means in certain regions."""

    kind: ClassVar[str] = "followingfact"

    given: str
    regions: tuple[RegionId, ...] = Field(min_length=1)
    fact: str


class RegionWords(Record):
    """Words that name a region in problems, operations and injuries."""

    kind: ClassVar[str] = "regionwords"

    regions: tuple[RegionId, ...] = Field(min_length=1)
    names: tuple[str, ...] = Field(min_length=1)


class ChartWords(Record):
    """Small sets of words that reading a chart needs: what tells that something is recent or lasting."""

    kind: ClassVar[str] = "chartwords"

    names: tuple[str, ...] = Field(min_length=1)


class ChartNumber(Record):
    """A number that reading a chart needs and no rule of safety states."""

    kind: ClassVar[str] = "chartnumber"

    value: float
    why: str = Field(min_length=1)

    def summary(self) -> str:
        return f"{self.id}: {self.value:g}"


RECORDS: tuple[type[Record], ...] = (
    TriggerWords,
    OrdinaryWords,
    ShortForms,
    FactReading,
    FactPhrase,
    CodeFacts,
    Encounter,
    MedicineClass,
    MedicineRule,
    Threshold,
    FollowingFact,
    RegionWords,
    ChartWords,
    ChartNumber,
)
