"""What safety speaks in: facts of a patient with where they come from, a plan, and the alerts about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openomt.medicine.anatomy import Level, Region, Side


class Sex(StrEnum):
    """As the chart states it, for what depends on the body (pregnancy)."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Verdict(StrEnum):
    """What a plan may be. The worst of all its items wins; a precaution leaves it clear."""

    CLEAR = "clear"
    RELATIVE = "relative"
    ABSOLUTE = "absolute"
    STOP = "stop"

    @property
    def rank(self) -> int:
        """0 for clear up to 3 for stop."""
        return tuple(Verdict).index(self)


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact's code and the region it is true of. `region` None: the whole patient, or nobody said where."""

    code: str
    region: Region | None = None

    def __str__(self) -> str:
        return self.code if self.region is None else f"{self.code}@{self.region.value}"


class OriginKind(StrEnum):
    """What a fact was derived from."""

    STATED = "stated"  # entered as this fact
    AGE = "age"
    PREGNANCY = "pregnancy"
    IMPLIED = "implied"  # by another fact
    DIAGNOSIS = "diagnosis"
    MEDICINE = "medicine"
    VITAL = "vital sign"
    BONE_DENSITY = "bone density"
    SURGERY = "surgery"
    ANSWER = "answer"
    TEXT = "text"
    FINDING = "finding"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact comes from: the entry in its own words, the span read in it, and why it means the fact.

    source      the entry verbatim (`Eliquis 5 mg BID`, `M81.0`, `age 71`)
    start, end  the characters of `source` that were read; both 0 where the whole entry counts
    reason      one line for people
    sources     ids of the knowledge sources behind the step; `confidence` their mark
    """

    kind: OriginKind
    source: str
    reason: str
    start: int = 0
    end: int = 0
    sources: tuple[str, ...] = ()
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class KnownFact:
    """A fact that is true of the patient, with everything it was derived from."""

    fact: Fact
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class FactQuestion:
    """A fact that may be true, with what raised it: only the physician can settle it. Never a silent fact."""

    fact: Fact
    ask: str
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """All that is known of a patient for safety.

    age_months  whole months; None: not known
    weeks       completed weeks of pregnancy; None: not pregnant or not known
    present     what is true; `absent` codes somebody asked for and found not so; all else is unknown
    questions   what may be true and awaits the physician
    """

    age_months: int | None = None
    sex: Sex | None = None
    weeks: int | None = None
    present: tuple[KnownFact, ...] = ()
    absent: frozenset[str] = frozenset()
    questions: tuple[FactQuestion, ...] = ()

    @property
    def facts(self) -> frozenset[Fact]:
        return frozenset(known.fact for known in self.present)

    def has(self, code: str) -> bool:
        """Whether a fact is true of the patient, anywhere."""
        return any(known.fact.code == code for known in self.present)


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One technique, by its card's code (`HVLA`), in one region; level and side where they are chosen.

    technique   the id of the vocabulary (`functional`) where it has no card; empty where nobody said which
    region      None: nobody said where
    """

    technique: str
    region: Region | None
    level: Level | None = None
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A rule that holds for a planned item, with all a physician needs to judge it.

    level      as this practice has it; `default_level` as the record has it
    facts      the facts that made it fire
    setting    the practice's reason where it changed the level, else empty
    """

    rule: str
    level: str
    default_level: str
    facts: tuple[KnownFact, ...]
    why: str
    instead: str
    sources: tuple[str, ...]
    confidence: str
    contested: bool
    review_state: str
    doubt: str = ""
    setting: str = ""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A technique that would serve the same region and passes the rules there, and why it is named."""

    technique: str
    region: Region | None
    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class ItemAlert:
    """One planned item: its verdict, the rules behind it worst first, and what would be safer."""

    item: PlannedItem
    verdict: Verdict
    fired: tuple[FiredRule, ...]
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """What a rule of this plan needs and nobody said. `ask`: the question to the physician.

    code    the fact (`rf_*`: all red flags); for a technique without rules of its own, the technique
    rules   that the answer bears on, in the order of the matrix; `worst` the worst of their levels, or empty
    """

    code: str
    ask: str
    rules: tuple[str, ...]
    worst: str


@dataclass(frozen=True, slots=True)
class Alerts:
    """The answer for a whole plan.

    verdict   by the known facts, the worst of all items and gates
    gates     rules that hold whatever is planned, so for an empty plan too; each item repeats them
    unknown   what could still change the verdict
    """

    verdict: Verdict
    items: tuple[ItemAlert, ...]
    unknown: tuple[Unknown, ...] = ()
    gates: tuple[FiredRule, ...] = ()

    @property
    def fired(self) -> tuple[FiredRule, ...]:
        """Every rule that fired, once, worst first."""
        found: dict[str, FiredRule] = {rule.rule: rule for rule in self.gates}
        for alert in self.items:
            for rule in alert.fired:
                found.setdefault(rule.rule, rule)
        order = {"stop": 0, "absolute": 1, "relative": 2, "precaution": 3}
        return tuple(sorted(found.values(), key=lambda rule: order.get(rule.level, 4)))
