"""What a screen takes and answers: flags with what raised them, words for the patient, tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from openomt.medicine.safety.values import KnownFact

LANGUAGES = ("en", "es")
URGENCIES = ("E", "U", "S")
"""Emergency now, same day, work-up before treatment; the first is the most urgent."""


class Answer(StrEnum):
    """An answer to a question of the screen. A question nobody asked has none."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not sure"


class EvidenceKind(StrEnum):
    """Where a sign was seen."""

    ANSWER = "answer"
    TEXT = "text"
    FACT = "fact"
    AGE = "age"
    PREGNANCY = "pregnancy"
    ENTERED = "entered"  # the flag itself, by a clinician


@dataclass(frozen=True, slots=True)
class Evidence:
    """What raised a sign.

    source      the question's id, the words of the text, or the fact's code
    start, end  the characters of the text; both 0 where it is not from the text
    exact       False where a word was misspelt
    sure        False where the patient or the text is not sure
    """

    kind: EvidenceKind
    sign: str
    source: str
    start: int = 0
    end: int = 0
    exact: bool = True
    sure: bool = True


@dataclass(frozen=True, slots=True)
class PracticeTask:
    """What the practice must do. `hours` from now, of opening hours where `working`."""

    text: str
    urgency: str
    hours: float
    working: bool = False
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RaisedFlag:
    """A red or orange flag that is raised, or, in `Screening.unsure`, that may be.

    urgency  E, U or S, worked out from what is known
    because  the evidence, each once; `unsure` of it stands with `sure` False
    tell     what the patient is told about it
    """

    code: str
    number: str
    sign: str
    think_of: str
    urgency: str
    stops: bool
    because: tuple[Evidence, ...]
    action: str
    tell: str
    task: PracticeTask
    value: str
    sources: tuple[str, ...]
    confidence: str
    review_state: str
    translation_state: str
    doubt: str = ""
    first: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something beside the flags that a person must see (words of self-harm, pain nobody examined)."""

    code: str
    title: str
    urgency: str
    because: tuple[Evidence, ...]
    tell: str
    task: PracticeTask
    note: str
    sources: tuple[str, ...]
    confidence: str
    first: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question in the patient's language. `signs`: what a yes makes present."""

    code: str
    group: str
    ask: str
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Screening:
    """The answer of a screen.

    urgency     the worst of flags, notices and unsettled signs: E, U, S, or empty (so with orange flags)
    flags       worst first; `unsure` may be raised: a person must ask
    tell        what the patient is told now; the first line is what to do
    unanswered  questions of this person without an answer; `not_sure` those answered so
    facts       what the check of a plan can take; `absent` flags of which every question was answered no
    """

    urgency: str
    flags: tuple[RaisedFlag, ...]
    unsure: tuple[RaisedFlag, ...]
    notices: tuple[Notice, ...]
    tell: tuple[str, ...]
    tasks: tuple[PracticeTask, ...]
    unanswered: tuple[Question, ...]
    not_sure: tuple[Question, ...]
    facts: tuple[KnownFact, ...]
    absent: frozenset[str]
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)

    @property
    def stops(self) -> bool:
        """Whether treatment waits: a red flag, or one that may be."""
        return any(flag.stops for flag in (*self.flags, *self.unsure))


class UnknownAnswerError(ValueError):
    """Answers to questions that there are not. `names`: their ids."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(f"no such question: {', '.join(names)}")
        self.names = names
