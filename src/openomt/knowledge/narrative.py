"""Records of the words in which a visit is told to the patient, and of what a note asks its author."""

from __future__ import annotations

from string import Formatter
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from openomt.knowledge.base import Record, Review

AWAITING_TRANSLATOR = "awaiting a qualified translator"


def slots(template: str) -> set[str]:
    """The names in braces of a template: `{region}` gives `region`."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


class HasSpanish(Record):
    """A record with Spanish words. `translation_reviewed` empty: no qualified translator has read them."""

    translation_reviewed: Review | None = None

    @property
    def translation_state(self) -> str:
        """`reviewed by NAME on DATE`, or that a translator has yet to read it."""
        review = self.translation_reviewed
        return (
            AWAITING_TRANSLATOR if review is None else f"reviewed by {review.by} on {review.on.isoformat()}"
        )


class Translated(HasSpanish):
    """A record that says in `es` what another field says in English."""

    es: str = Field(min_length=1)


class Phrase(Translated):
    """A sentence, heading or label for the patient. Both languages fill the same slots."""

    kind: ClassVar[str] = "phrase"

    en: str = Field(min_length=1)

    @model_validator(mode="after")
    def _same_slots(self) -> Self:
        if slots(self.en) != slots(self.es):
            raise ValueError("en and es must have the same names in braces")
        return self

    def summary(self) -> str:
        return f"{self.en} / {self.es}"


class PlainName(Translated):
    """The Spanish everyday name of a region or technique; the English one stands in its own record."""

    kind: ClassVar[str] = "plainname"

    id: str = Field(pattern=r"^(region|technique)\.[a-z0-9_]+$")

    def summary(self) -> str:
        return f"{self.id}: {self.es}"


class PatternWords(Record):
    """How a physician's note spells out a pattern whose bare name is easily misread."""

    kind: ClassVar[str] = "patternwords"

    pattern: str
    level: Literal["segment", "rib", "structure", "point", "test"] | None = Field(
        default=None, description="only at this kind of level; None: at any"
    )
    words: str = Field(min_length=1)


class Observation(Record):
    """A pattern (its id) that tells how something lies or feels, but does not name a somatic dysfunction."""

    kind: ClassVar[str] = "observation"

    why: str = Field(min_length=1)

    def summary(self) -> str:
        return f"{self.id}: {self.why}"


class NoteQuestion(Record):
    """What a note asks its author before signing. `ask` has slots in braces; `reason` says why."""

    kind: ClassVar[str] = "notequestion"

    ask: str = Field(min_length=1)
    reason: str = Field(min_length=1)


RECORDS: tuple[type[Record], ...] = (Phrase, PlainName, PatternWords, Observation, NoteQuestion)
