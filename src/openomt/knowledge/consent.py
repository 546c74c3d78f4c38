"""Records of what a patient is told and asked before they agree to a plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from openomt.knowledge.base import Frozen, Record
from openomt.knowledge.narrative import Translated
from openomt.knowledge.redflags import AfterEffectNumber
from openomt.knowledge.safety import TechniqueCode

PointGroup = Literal["common", "rare", "other_ways", "rights"]
Audience = Literal["all", "child", "pregnant"]
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


class ConsentPoint(Translated):
    """A line that is told before a patient agrees: what is common or rare, what else there is, what they may do.

    techniques   codes it is told of; empty: of every plan
    audience     told of a child, or in pregnancy; else to all
    number       the figure it puts in plain words; none of its own numbers may be missing there, save `of`
    of           the round number of people it counts in
    """

    kind: ClassVar[str] = "consentpoint"

    group: PointGroup
    order: int
    en: str = Field(min_length=1)
    techniques: tuple[TechniqueCode, ...] = ()
    audience: Audience = "all"
    number: str = ""
    of: Literal[0, 100] = 0
    doubt: str = ""

    @model_validator(mode="after")
    def _a_count_has_its_figure(self) -> Self:
        if not self.number and (_NUMBER.search(self.en) or _NUMBER.search(self.es)):
            raise ValueError("a line with a number names the figure it stands on (`number`)")
        return self

    def summary(self) -> str:
        return self.en

    def points_to(self) -> Iterable[tuple[str, str]]:
        if self.number:
            yield AfterEffectNumber.kind, self.number

    @classmethod
    def cross_check(cls, records: Mapping[type[Record], Mapping[str, Record]]) -> Iterable[str]:
        """Each number of a line stands in its figure, as it is or rounded, and so do its sources."""
        for point in records[cls].values():
            figure = records[AfterEffectNumber].get(getattr(point, "number", ""))
            if not isinstance(point, ConsentPoint) or not isinstance(figure, AfterEffectNumber):
                continue
            known = numbers(f"{figure.figure} {figure.who}")
            known |= {float(round(number)) for number in known} | {float(point.of)}
            strange = (numbers(point.en) | numbers(point.es)) - known
            if strange:
                yield f"{cls.kind} {point.id!r}: {sorted(strange)} do not stand in {figure.id!r}"
            if set(point.sources) - set(figure.sources):
                yield f"{cls.kind} {point.id!r}: has sources that {figure.id!r} does not have"


def numbers(text: str) -> set[float]:
    """Every number of a text: `1,847` is one."""
    return {float(found.replace(",", "")) for found in _NUMBER.findall(text)}


class Choice(Frozen):
    """An answer to choose. `right`: it shows that the patient understood."""

    id: str = Field(pattern=r"^[a-z]+$")
    en: str = Field(min_length=1)
    es: str = Field(min_length=1)
    right: bool = False


class UnderstandingQuestion(Translated):
    """A question that shows whether the patient understood, before they agree. It never bars care.

    explain_en, explain_es   what is told after a wrong answer, before the question is asked again
    """

    kind: ClassVar[str] = "understandingquestion"

    order: int
    en: str = Field(min_length=1)
    choices: tuple[Choice, ...] = Field(min_length=2)
    explain_en: str = Field(min_length=1)
    explain_es: str = Field(min_length=1)
    doubt: str = ""

    @model_validator(mode="after")
    def _one_is_right(self) -> Self:
        if sum(choice.right for choice in self.choices) != 1:
            raise ValueError("exactly one choice is right")
        if len({choice.id for choice in self.choices}) < len(self.choices):
            raise ValueError("two choices have one id")
        return self

    def summary(self) -> str:
        return self.en


class AssentWords(Translated):
    """What a child is asked beside the consent of the guardian, from an age on.

    from_months   the age from which a child is asked; `doubt`: what of it is not confirmed
    adult_en, adult_es   what the guardian is told to do
    """

    kind: ClassVar[str] = "assentwords"

    en: str = Field(min_length=1)
    adult_en: str = Field(min_length=1)
    adult_es: str = Field(min_length=1)
    from_months: int = Field(ge=0)
    doubt: str = Field(min_length=1)

    def summary(self) -> str:
        return self.en


RECORDS: tuple[type[Record], ...] = (ConsentPoint, UnderstandingQuestion, AssentWords)
