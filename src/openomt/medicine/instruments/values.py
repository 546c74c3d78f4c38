"""What instruments speak in: forms to show, scores, the change between two, the outcome of a course."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Answer = int | float | bool | None | Mapping[str, object]
Answers = Mapping[str, Answer] | Sequence[Answer]


class ScoreError(ValueError):
    """An answer, or an instrument, that cannot be taken. `item`: the item's id, where one is to blame."""

    def __init__(self, message: str, item: str | None = None) -> None:
        super().__init__(message)
        self.item = item


class TextMissingError(ValueError):
    """The instrument's text is not here in that language, and may not be translated by us."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A name for a value (a band, a line reached), with where it comes from. `es` empty: not for patients."""

    id: str
    en: str
    es: str
    confidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to choose."""

    value: int
    label: str


@dataclass(frozen=True, slots=True)
class FormItem:
    """One screen. `choices`, or a number from `low` to `high` in steps of `step` with labels at its ends.

    kind   choice, number, own_activity (the patient's own words beside a number), tick, count
    """

    id: str
    kind: str
    stem: str
    text: str
    choices: tuple[Choice, ...]
    low: int
    high: int
    step: float
    low_label: str
    high_label: str
    required: bool


@dataclass(frozen=True, slots=True)
class Form:
    """An instrument ready to show in one language, one item a screen, in order.

    notices   what has to happen to its text before a release
    """

    instrument: str
    title: str
    language: str
    recall: str
    items: tuple[FormItem, ...]
    seconds: int | None
    attribution: str
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One answer as it was taken. `value` None: not answered. `words`: the patient's own, for an activity."""

    id: str
    topic: str
    value: float | None
    band: Mark | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """An answer that a person must see at once. Never a level of risk.

    tell    what the patient sees now, as (English, Spanish); one may have a slot for {phone}
    staff   what the clinic's person does; an action is recorded before the alert closes
    """

    id: str
    instrument: str
    item: str
    value: float
    tell: tuple[tuple[str, str], ...]
    staff: str
    must_record_action: bool
    never: str
    sources: tuple[str, ...]
    confidence: str

    def lines(self, language: str, phone: str | None = None) -> tuple[str, ...]:
        """What the patient sees. Without a phone of the clinic its line is left out: no number is made up."""
        texts = (english if language == "en" else spanish for english, spanish in self.tell)
        return tuple(
            text.format(phone=phone) if "{phone}" in text else text
            for text in texts
            if phone or "{phone}" not in text
        )


@dataclass(frozen=True, slots=True)
class Score:
    """An instrument scored. `value` None: no score, and `reason` says why.

    positives   lines that were reached
    missing     required items without an answer
    alerts      answers a person must see at once, whatever the score
    notices     what staff should know
    """

    instrument: str
    abbreviation: str
    value: float | None
    low: float
    high: float
    better: str
    band: Mark | None
    positives: tuple[Mark, ...]
    subscores: tuple[Score, ...]
    items: tuple[ItemScore, ...]
    missing: tuple[str, ...]
    alerts: tuple[Alert, ...]
    notices: tuple[str, ...]
    reason: str
    sources: tuple[str, ...]
    confidence: str
    review_state: str


class ChangeState(StrEnum):
    """Whether a change is as large as matters, by the instrument's own rule. `direction` says which way."""

    MET = "met"
    NOT_MET = "not met"
    NO_AGREED_VALUE = "no agreed value"
    CANNOT_SAY = "cannot say"


class Direction(StrEnum):
    """Which way a score went, in the patient's interest."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule of change. `met` None: cannot say. `decides` False: said beside it, and decides nothing."""

    id: str
    means: str
    met: bool | None
    decides: bool
    which: tuple[str, ...]
    confidence: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Two scores of one instrument compared.

    points    after minus before
    percent   points of the score before, in percent; None from zero (no percent can be given)
    crossed   lines that were crossed, and which way
    """

    instrument: str
    state: ChangeState
    before: float | None
    after: float | None
    points: float | None
    percent: float | None
    direction: Direction | None
    rules: tuple[RuleResult, ...]
    band_before: Mark | None
    band_after: Mark | None
    crossed: tuple[str, ...]
    reason: str
    sources: tuple[str, ...]
    confidence: str

    @property
    def improved(self) -> bool:
        """Better by as much as matters."""
        return self.state is ChangeState.MET and self.direction is Direction.BETTER

    @property
    def worsened(self) -> bool:
        """Worse by as much as matters."""
        return self.state is ChangeState.MET and self.direction is Direction.WORSE


@dataclass(frozen=True, slots=True)
class Timepoint:
    """What was answered on one day of a course, counted from its first visit. None: not asked or no score."""

    day: int
    peg: Score | float | None = None
    psfs: Score | float | None = None
    pgic: Score | float | None = None


class OutcomeKind(StrEnum):
    """How a course has gone so far."""

    IMPROVED = "improved"
    PARTLY_IMPROVED = "partly improved"
    NO_CLEAR_CHANGE = "no clear change"
    WORSE = "worse"
    CANNOT_SAY = "cannot say"


class SignalState(StrEnum):
    """What one instrument says about a course."""

    IMPROVED = "improved"
    NOT_MET = "not met"
    WORSE = "worse"
    UNKNOWN = "cannot say"


@dataclass(frozen=True, slots=True)
class Signal:
    """One of the three: pain (PEG), activity (PSFS), impression (PGIC)."""

    name: str
    state: SignalState
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a course has gone, by the published thresholds, with every reason.

    contradictory   some signal improved and some got worse; worse was taken, as the safer reading
    told, note      what the patient reads, as (English, Spanish); the note stands under every result
    """

    kind: OutcomeKind
    signals: tuple[Signal, ...]
    reasons: tuple[str, ...]
    contradictory: bool
    told: tuple[str, str]
    note: tuple[str, str]
    doubt: str
    sources: tuple[str, ...]
    confidence: str
    review_state: str

    @property
    def any_worse(self) -> bool:
        """Whether any signal got worse, also where the outcome cannot be said."""
        return any(signal.state is SignalState.WORSE for signal in self.signals)


class Due(StrEnum):
    """Whether the review of a course is due."""

    NOT_YET = "not yet"
    DUE = "due"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Advice:
    """What the stop-or-change rule suggests. The clinician decides, and nothing is booked.

    review        whether the review is due; `rethink`: the whole plan is due to be thought through again
    suggestions   in order, the first being to ask the patient
    """

    review: Due
    rethink: bool
    suggestions: tuple[str, ...]
    reasons: tuple[str, ...]
    spacing: str
    never: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: str
    review_state: str


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether an instrument may be opened on the patient's own phone now, and why."""

    allowed: bool
    reason: str
    sources: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class BatteryStep:
    """One part of a battery: an instrument with some of its items, or a part that is no instrument."""

    instrument: str
    part: str
    title: str
    items: int
    only_items: tuple[str, ...]
    seconds: int
    skippable: bool
    text_missing: bool


@dataclass(frozen=True, slots=True)
class BatteryPlan:
    """What to ask at one occasion. `moved`: put off to the second visit, since the whole took too long."""

    id: str
    title: str
    steps: tuple[BatteryStep, ...]
    moved: tuple[BatteryStep, ...]
    seconds: int
    limit_seconds: int
    added_when: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: str
