"""What a patient answered so far, and the steps they are led through, one thing a screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from openomt.knowledge.consent import AssentWords, UnderstandingQuestion
from openomt.knowledge.loader import load

THRUST = "HVLA"
TRIES = 2
"""Answers to a question of understanding; after these the physician talks it over."""
Yes = Literal["yes", "today", "always"]
Thrust = Literal["fine", "today", "always"]
Assent = Literal["yes", "no", "unsure"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Understood(_Part):
    """How a question was answered."""

    tries: Annotated[int, Field(ge=0, le=TRIES)] = 0
    right: bool = False

    @property
    def done(self) -> bool:
        return self.right or self.tries >= TRIES


class Answers(_Part):
    """Everything answered so far. `read`: steps that only tell something and were read."""

    read: tuple[str, ...] = ()
    techniques: dict[str, Yes] = Field(default_factory=dict)
    thrust: Thrust | None = None
    questions: dict[str, Understood] = Field(default_factory=dict)
    assent: Assent | None = None
    assent_words: str = ""

    def with_(self, **changes: object) -> Answers:
        return self.model_copy(update=changes)


@dataclass(frozen=True, slots=True)
class Step:
    """One screen. `key`: what it is about, a technique's code or a question's id."""

    kind: Literal["risks", "technique", "thrust", "question", "child", "sign"]
    key: str = ""

    @property
    def name(self) -> str:
        """How its address names it."""
        return f"{self.kind}-{self.key}" if self.key else self.kind

    def done(self, answers: Answers) -> bool:
        match self.kind:
            case "risks":
                return self.name in answers.read
            case "technique":
                return self.key in answers.techniques
            case "thrust":
                return answers.thrust is not None
            case "question":
                return answers.questions.get(self.key, Understood()).done
            case "child":
                return answers.assent is not None
        return False


def steps_of(techniques: tuple[str, ...], months: int, *, child: bool) -> tuple[Step, ...]:
    """The screens of an asking in their order; the last one signs. `months`: the patient's age."""
    return tuple(_steps(techniques, months, child))


def _steps(techniques: tuple[str, ...], months: int, child: bool) -> Iterator[Step]:
    yield Step("risks")
    for code in techniques:
        yield Step("technique", code)
    if THRUST not in techniques:
        yield Step("thrust")
    for question in questions():
        yield Step("question", question.id)
    if child and months >= assent().from_months:
        yield Step("child")
    yield Step("sign")


def questions() -> tuple[UnderstandingQuestion, ...]:
    return tuple(sorted(load().all(UnderstandingQuestion), key=lambda one: one.order))


def assent() -> AssentWords:
    return load().get(AssentWords, "assent")
