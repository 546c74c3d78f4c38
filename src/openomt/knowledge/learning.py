"""Records of what the public reads about OMT: pages, what each condition and technique adds to them, a self-check."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from openomt.knowledge.base import Frozen, Id, Record
from openomt.knowledge.evidence import Condition
from openomt.knowledge.marks import Confidence
from openomt.knowledge.narrative import HasSpanish, Translated
from openomt.knowledge.redflags import ScreenQuestion
from openomt.knowledge.safety import TechniqueCard, TechniqueCode

Topic = Literal["start", "visit", "people", "questions"]
Style = Literal["text", "list", "steps"]
Pose = Literal["back", "side", "face_down", "sitting", "standing", "knees_to_chest"]
HandsAt = Literal[
    "head", "jaw", "neck", "chest", "ribs", "belly", "upper_back", "low_back", "tailbone", "knee", "feet"
]
PLACES: Mapping[str, str] = {
    "learn": "educationpage",
    "conditions": "conditionpage",
    "techniques": "techniquepage",
}
"""The kind of record behind the first word of a link from one page to another."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Said(Frozen):
    """A paragraph, or an item of a list.

    sources      those of the page's sources it stands on, where not on all
    confidence   where it is less sure than its page
    """

    en: str = Field(min_length=1)
    es: str = Field(min_length=1)
    sources: tuple[str, ...] = ()
    confidence: Confidence | None = None


class PagePart(Frozen):
    """A part of a page under a heading (`en`, `es`).

    take   records whose own words follow those of `says`: `aftercare:do-walk`
    """

    en: str = Field(min_length=1)
    es: str = Field(min_length=1)
    style: Style = "text"
    says: tuple[Said, ...] = ()
    take: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.says and not self.take:
            raise ValueError("says, or take")
        return self


class PublicPage(HasSpanish):
    """What every public page carries: when it was written, and by when a person reads it again.

    related   pages to go on to, as `learn/pregnancy`, `conditions/migraine` or `techniques/counterstrain`
    """

    id: Id = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    written: dt.date
    review_due: dt.date
    related: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.review_due <= self.written:
            raise ValueError("review_due must be after written")
        strange = {name for line in self.said() for name in line.sources} - set(self.sources)
        if strange:
            raise ValueError(f"a line's source must be a source of the page: {sorted(strange)}")
        return self

    def points_to(self) -> Iterable[tuple[str, str]]:
        for link in self.related:
            place, _, page = link.partition("/")
            yield PLACES.get(place, place), page

    def said(self) -> Iterable[Said]:
        """Every line of the page's own words."""
        return ()


class EducationPage(PublicPage, Translated):
    """A page of its own. `en`, `es`: its title; its id is its address."""

    kind: ClassVar[str] = "educationpage"

    topic: Topic
    order: int
    en: str = Field(min_length=1)
    lead_en: str = Field(min_length=1)
    lead_es: str = Field(min_length=1)
    parts: tuple[PagePart, ...] = Field(min_length=1)

    def summary(self) -> str:
        return self.en

    def points_to(self) -> Iterable[tuple[str, str]]:
        yield from super().points_to()
        for part in self.parts:
            for name in part.take:
                kind, _, record = name.partition(":")
                yield kind, record

    def said(self) -> Iterable[Said]:
        return (line for part in self.parts for line in part.says)


class Count(Frozen):
    """The same thing counted in two groups: so many of `of` people with OMT, and with something else.

    condition   the record its numbers stand in
    """

    condition: str
    en: str = Field(min_length=1)
    es: str = Field(min_length=1)
    with_omt: int = Field(ge=0)
    without: int = Field(ge=0)
    of: Literal[100] = 100
    against_en: str = Field(min_length=1)
    against_es: str = Field(min_length=1)

    @model_validator(mode="after")
    def _is_a_share(self) -> Self:
        if max(self.with_omt, self.without) > self.of:
            raise ValueError("more than there are people")
        return self


class ConditionPage(PublicPage):
    """The page of a condition: what its records say to the public, and their numbers in plain words.

    conditions   the records it is made from; the first gives its name. Label, advice and course come from them
    says         what was found, study by study
    counts       numbers that a picture shows
    """

    kind: ClassVar[str] = "conditionpage"

    conditions: tuple[str, ...] = Field(min_length=1)
    says: tuple[Said, ...] = Field(min_length=1)
    counts: tuple[Count, ...] = ()

    def summary(self) -> str:
        return f"{self.id}: {', '.join(self.conditions)}"

    def points_to(self) -> Iterable[tuple[str, str]]:
        yield from super().points_to()
        yield from ((Condition.kind, name) for name in self.conditions)

    def said(self) -> Iterable[Said]:
        return self.says

    @classmethod
    def cross_check(cls, records: Mapping[type[Record], Mapping[str, Record]]) -> Iterable[str]:
        """Each condition has one page; those on a page share a label; a count stands in its condition's record."""
        pages = [one for one in records[cls].values() if isinstance(one, ConditionPage)]
        if not pages:
            return
        shown = [name for page in pages for name in page.conditions]
        for name in records[Condition]:
            if shown.count(name) != 1:
                yield f"{cls.kind}: condition {name!r} has {shown.count(name)} pages"
        for page in pages:
            yield from page._problems(records[Condition])

    def _problems(self, conditions: Mapping[str, Record]) -> Iterable[str]:
        own = {n: one for n in self.conditions if isinstance(one := conditions.get(n), Condition)}
        if len({one.label for one in own.values()}) > 1:
            yield f"{self.kind} {self.id!r}: its conditions have different labels"
        for count in self.counts:
            record = own.get(count.condition)
            if record is None:
                yield f"{self.kind} {self.id!r}: counts {count.condition!r}, which is none of its conditions"
            elif not {str(count.with_omt), str(count.without)} <= set(_NUMBER.findall(record.effect)):
                yield f"{self.kind} {self.id!r}: a number that {count.condition!r} does not have"


class TechniquePage(PublicPage):
    """The page of a technique: its card's words for the patient, what it feels like, drawings of the position.

    code     its card; `name_en`, `name_es`: what a patient calls it
    poses    how the patient lies, sits or stands, the usual first; `hands` where the doctor's hands are
    feel     what it feels like; `do` what the patient does; `after` what may follow
    """

    kind: ClassVar[str] = "techniquepage"

    code: TechniqueCode
    name_en: str = Field(min_length=1)
    name_es: str = Field(min_length=1)
    poses: tuple[Pose, ...] = Field(min_length=1)
    hands: HandsAt
    feel: tuple[Said, ...] = Field(min_length=1)
    do: tuple[Said, ...] = Field(min_length=1)
    after: tuple[Said, ...] = Field(min_length=1)

    def summary(self) -> str:
        return f"{self.code}: {self.name_en}"

    def points_to(self) -> Iterable[tuple[str, str]]:
        yield from super().points_to()
        yield TechniqueCard.kind, self.code

    def said(self) -> Iterable[Said]:
        return (*self.feel, *self.do, *self.after)

    @classmethod
    def cross_check(cls, records: Mapping[type[Record], Mapping[str, Record]]) -> Iterable[str]:
        """Each technique has one page, and is drawn only in positions its card allows."""
        pages = [one for one in records[cls].values() if isinstance(one, TechniquePage)]
        codes = [page.code for page in pages]
        for code in records[TechniqueCard] if pages else ():
            if codes.count(code) != 1:  # type: ignore[arg-type]  # ids of cards are codes
                yield f"{cls.kind}: technique {code!r} has {codes.count(code)} pages"  # type: ignore[arg-type]
        for page in pages:
            card: Any = records[TechniqueCard].get(page.code)
            for pose in page.poses if card else ():
                if POSITION_OF[pose] not in card.positions:
                    yield f"{cls.kind} {page.id!r}: drawn {pose}, which its card does not have"


POSITION_OF: Mapping[str, str] = {
    "back": "supine",
    "knees_to_chest": "supine",
    "side": "side",
    "face_down": "prone",
    "sitting": "seated",
    "standing": "standing",
}
"""The position of a technique's card that each drawing shows."""


class SelfCheckStep(Translated):
    """A screen of the self-check: `en`, `es` above the questions of the red flags that it shows to tick.

    minor_en, minor_es   the same where the answers are about a child
    """

    kind: ClassVar[str] = "selfcheckstep"

    order: int
    en: str = Field(min_length=1)
    minor_en: str = Field(min_length=1)
    minor_es: str = Field(min_length=1)
    questions: tuple[str, ...] = Field(min_length=1)

    def summary(self) -> str:
        return self.en

    def points_to(self) -> Iterable[tuple[str, str]]:
        return ((ScreenQuestion.kind, name) for name in self.questions)


class SelfCheckWho(Translated):
    """Whom the self-check is for: a span of ages, and the age in months that its danger rules count with."""

    kind: ClassVar[str] = "selfcheckwho"

    order: int
    en: str = Field(min_length=1)
    months: int = Field(ge=0)
    minor: bool = False

    def summary(self) -> str:
        return self.en


RECORDS: tuple[type[Record], ...] = (EducationPage, ConditionPage, TechniquePage, SelfCheckStep, SelfCheckWho)
