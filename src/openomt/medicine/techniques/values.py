"""What advice on techniques is made of: options with their reasons, and what the evidence says as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from openomt.medicine.anatomy import Level, Region, Side
from openomt.medicine.findings import Finding
from openomt.medicine.safety.values import FiredRule, Unknown, Verdict


class ReasonKind(StrEnum):
    """What a reason for or against a technique comes from."""

    FINDING = "finding"
    COMPLAINT = "complaint"
    EVIDENCE = "evidence"
    POPULATION = "population"
    GENTLENESS = "gentleness"
    PATIENT = "patient"
    POSITION = "position"
    USUAL = "usual"
    SAFETY = "safety"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a technique ranks where it does. `weight`: for (above 0) or against it; 0 only says something."""

    kind: ReasonKind
    text: str
    weight: float
    sources: tuple[str, ...]
    confidence: str


class Standing(StrEnum):
    """What an option is to this patient, best first. Options rank by it before they rank by weight."""

    OFFERED = "offered"
    WITH_REASON = "only with a written reason"
    NO_POSITION = "no position the patient can take"
    REFUSED = "the patient refused"
    CONTRAINDICATED = "contraindicated"

    @property
    def order(self) -> int:
        return tuple(Standing).index(self)


class Scope(StrEnum):
    """How long a refusal holds."""

    ONCE = "once"
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A technique (its code) that the patient does not want, today or at all."""

    technique: str
    scope: Scope = Scope.ONCE


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the patient wants and can do.

    preferred               codes of techniques the patient likes
    gentle                  the patient asks for the gentler one
    positions_not_possible  `supine`, `prone`, `side`, `seated`, `standing`
    groups                  groups the patient belongs to that no fact tells, by id or name: `athlete`
    """

    refused: tuple[Refusal, ...] = ()
    preferred: tuple[str, ...] = ()
    gentle: bool = False
    positions_not_possible: frozenset[str] = frozenset()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One technique for one finding.

    rank       from 1, within its finding
    score      the sum of the reasons' weights: it ranks options of one standing and means nothing else
    fired      every rule that holds, worst first, precautions included
    positions  those the technique is done in and the patient can take
    """

    technique: str
    title: str
    region: Region
    level: Level | None
    side: Side | None
    rank: int
    standing: Standing
    verdict: Verdict
    score: float
    reasons: tuple[Reason, ...]
    fired: tuple[FiredRule, ...]
    positions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A finding, the kinds of finding it is (their titles), and every technique of its region, best first."""

    finding: Finding
    kinds: tuple[str, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A finding no technique is suggested for, and why."""

    finding: Finding
    why: str


@dataclass(frozen=True, slots=True)
class Match:
    """A condition that a complaint means or may mean.

    sure     False: its words may mean another condition too
    words    the words or the code it was recognized by
    missing  what would settle it and is not said: `how long`
    studied  whether people like this patient were studied: True, False, or None where that is not known
    """

    condition: str
    number: int
    title: str
    sure: bool
    words: str
    missing: tuple[str, ...] = ()
    studied: bool | None = None


@dataclass(frozen=True, slots=True)
class Direction:
    """One direction of the evidence: `benefit`, `mixed`, `none`, `harm` or `not enough data`, of what."""

    direction: str
    about: str
    against: str
    grade: tuple[str, ...]

    @property
    def text(self) -> str:
        """`no benefit (function, against a sham), moderate`."""
        word = {"none": "no benefit", "harm": "worse outcome"}.get(self.direction, self.direction)
        against = f", against {self.against}" if self.against else ""
        return f"{word} ({self.about}{against}), {' to '.join(self.grade)}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence for the patient, in both languages, and whether a translator has read it."""

    en: str
    es: str
    translation_state: str


@dataclass(frozen=True, slots=True)
class DoseLine:
    """A dose given in a trial. `helped` False: that trial found no benefit."""

    text: str
    helped: bool | None
    sources: tuple[str, ...]
    confidence: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """What a professional body says of how much treatment to give."""

    id: str
    statement: str
    sources: tuple[str, ...]
    confidence: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """The default course. Pairs are lowest and highest; visits and weeks count from the first visit.

    at_review  by outcome (`improved`, `worse` …): what is suggested then, as `instruments.review` does
    never      what the program does not do
    """

    id: str
    visits: int
    weeks: tuple[int, int]
    review_visits: tuple[int, int]
    rethink_visits: int
    rethink_weeks: int
    spacing: str
    at_review: Mapping[str, tuple[str, ...]]
    never: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: str

    @property
    def statement(self) -> str:
        """The course in one line."""
        return (
            f"{self.visits} visits over {_range(self.weeks)} weeks; "
            f"review at visit {_range(self.review_visits)}; at most {self.rethink_visits} visits "
            f"or {self.rethink_weeks} weeks before a full re-think. {self.spacing}"
        )


def _range(pair: tuple[int, int]) -> str:
    return f"{pair[0]} to {pair[1]}"


@dataclass(frozen=True, slots=True)
class DoseAdvice:
    """How much was given in trials, what more visits bought, and the default course with its review."""

    condition: str
    trials: tuple[DoseLine, ...]
    more_visits: tuple[DoseLine, ...]
    default: Course
    others: tuple[Advice, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one condition.

    weighed      False: it is shown and moves no rank (other people were studied, or its words are unsure)
    helps        by the public label: True some benefit, False none or harm, None not known
    patient      sentences for the patient; `label`, `label_es` the public label
    unconfirmed  the parts that were written from memory and not re-read
    """

    match: Match
    weighed: bool
    grade: tuple[str, ...]
    directions: tuple[Direction, ...]
    effect: str
    course: str
    helps: bool | None
    label_id: str
    label: str
    label_es: str
    patient: tuple[Sentence, ...]
    caution: str
    doubt: str
    unconfirmed: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: str
    review_state: str
    guidelines: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A group of patients this one belongs to, why, and how to adapt."""

    id: str
    title: str
    because: str
    adapt: str
    avoid: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Everything there is to say. A suggestion from tables: the physician decides.

    evidence  of the conditions the complaint means or may mean, best match first
    gates     rules that hold whatever is done
    unknown   what safety rules ask for and nobody said
    unheard   the complaint, where no condition is recognized in it
    """

    targets: tuple[Target, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    groups: tuple[Group, ...] = ()
    gates: tuple[FiredRule, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    unheard: str = ""
    patient: tuple[Sentence, ...] = field(default=())
