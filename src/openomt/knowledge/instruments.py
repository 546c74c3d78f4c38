"""Records of instruments: their text, whose it is, how they are scored, and what change matters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from openomt.knowledge.base import Frozen, Record
from openomt.knowledge.marks import Confidence

Verdict = Literal["SHIP", "PLUG-IN", "NO"]
Better = Literal["lower", "higher", "neither"]
ItemKind = Literal["choice", "number", "own_activity", "tick", "count"]

TOTAL = "total"
MISSING_SPANISH = "the published Spanish form must be entered; our own translation may not stand for it"
AWAITING_COMPARISON = "to be compared with the published form before release"


class Marked(Frozen):
    """Part of a record with a mark of its own. No sources: those of the record."""

    confidence: Confidence
    sources: tuple[str, ...] = ()


class License(Marked):
    """What allows us to ship the text, and whose it is."""

    owner: str = Field(min_length=1)
    statement: str = Field(min_length=1)
    attribution: str = ""


class Text(Marked):
    """Whose words the items are.

    wording    fixed: published, not to be changed by a letter; own: written by this project
    compared   whether the fixed text was compared with the published form itself
    es_state   published: a published Spanish form is entered; own: our words, awaiting a translator;
               missing: there is none here, and the published one must be entered
    """

    wording: Literal["fixed", "own"]
    compared: bool = False
    es_state: Literal["published", "own", "missing"]
    note: str = ""

    @model_validator(mode="after")
    def _no_own_translation_of_fixed_text(self) -> Self:
        if self.wording == "fixed" and self.es_state == "own":
            raise ValueError("fixed text may not be translated by us: leave es out (es_state = missing)")
        if self.wording == "own" and self.es_state == "published":
            raise ValueError("our own wording has no published Spanish form")
        return self

    @property
    def state(self) -> str:
        """What has to happen to the text before a release; empty where nothing has to."""
        return AWAITING_COMPARISON if self.wording == "fixed" and not self.compared else ""


class Option(Frozen):
    """An answer to choose. `loinc`: its LOINC answer code, where it is confirmed."""

    value: int
    en: str = Field(min_length=1)
    es: str = ""
    loinc: str = ""


class Item(Frozen):
    """One question. A number lies from `low` to `high` in whole steps of `step`.

    low_en, high_en   what the ends of the scale mean; `es` the same in Spanish
    required          False: the instrument can be scored without it
    """

    id: str = Field(pattern=r"^q[0-9]+$")
    kind: ItemKind
    topic: str = Field(min_length=1, description="one or two words for lists and messages")
    en: str = Field(min_length=1)
    es: str = ""
    low: int = 0
    high: int = 0
    step: float = Field(default=1, gt=0)
    low_en: str = ""
    high_en: str = ""
    low_es: str = ""
    high_es: str = ""
    options: tuple[Option, ...] = ()
    required: bool = True

    @model_validator(mode="after")
    def _options_or_range(self) -> Self:
        if self.options and len({option.value for option in self.options}) != len(self.options):
            raise ValueError("two options have one value")
        if self.kind not in ("choice", "tick") and self.low >= self.high:
            raise ValueError("a number needs low below high")
        return self


class Scoring(Marked):
    """How the answers become one number. `item`: the one that counts, for the method `item`."""

    method: Literal["mean", "sum", "product", "item", "none"]
    item: str = ""
    low: float = 0
    high: float = 0
    better: Better
    words: str = Field(min_length=1)


class MissingRule(Marked):
    """What happens where an answer is missing.

    rule        complete: no score unless every required item is answered; any: the mean of those answered
    published   what the published scoring says, as far as we know it
    """

    rule: Literal["complete", "any"]
    published: str = Field(min_length=1)


class Unasked(Marked):
    """Where `item` is answered with `value`, the others need not be asked and count `counts` each."""

    item: str
    value: int
    others: tuple[str, ...] = Field(min_length=1)
    counts: int


class Band(Marked):
    """A name for scores from `at_least` (included) to the next band of the same `of` (total or an item)."""

    id: str
    of: str = TOTAL
    at_least: float
    en: str = Field(min_length=1)
    es: str = Field(min_length=1)


class Cutoff(Marked):
    """A line above or below which a score counts as positive."""

    id: str
    at_least: float | None = None
    at_most: float | None = None
    means: str = Field(min_length=1)

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise ValueError("give at_least or at_most, one of them")
        return self


class Subscore(Marked):
    """A second instrument inside this one: its `items` here are that one's items, in its order."""

    instrument: str
    items: tuple[str, ...] = Field(min_length=1)


class ChangeRule(Marked):
    """How much change matters. `need`: whether points and percent are both needed, or either is enough.

    of       total, or an item rated both times (`each`)
    grade    matters: the rule that is judged; also: said beside it, and decides nothing
    """

    id: str
    of: Literal["total", "each"] = "total"
    grade: Literal["matters", "also"] = "matters"
    points: float | None = Field(default=None, gt=0)
    percent: float | None = Field(default=None, gt=0)
    need: Literal["both", "either"] = "either"
    means: str = Field(min_length=1)

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.points is None and self.percent is None:
            raise ValueError("give points or percent")
        return self


class Crossing(Marked):
    """A line whose crossing is told, though no agreed change exists. `of`: total or an item."""

    of: str
    at: float
    means: str = Field(min_length=1)


class Loinc(Marked):
    """A LOINC code. Only a confirmed one (`V`) may be sent to another system as such."""

    code: str = Field(pattern=r"^(LL)?[0-9]+-[0-9]$")
    of: str = Field(min_length=1, description="panel, total, answers, or an item's id")

    @property
    def confirmed(self) -> bool:
        return self.confidence is Confidence.CONFIRMED


class Opening(Marked):
    """When a second-step instrument may be opened on a patient's own phone.

    instrument, at_least   its score must have reached this
    needs_responder        the clinic has named a live person and hours
    otherwise              where it is done instead
    """

    instrument: str
    at_least: float
    needs_responder: bool
    otherwise: str = Field(min_length=1)


class Instrument(Record):
    """An instrument that may be shipped. Its text stands in `items`; `names` are other ways to call it.

    use       default: in every intake; optional; step2: only after a first one; review: at a review
    options   the answers of every choice item that has none of its own
    seconds   how long it takes on a phone, by our estimate
    """

    kind: ClassVar[str] = "instrument"

    title: str = Field(min_length=1)
    abbreviation: str = Field(min_length=1)
    names: tuple[str, ...] = ()
    domain: str = Field(min_length=1)
    verdict: Literal["SHIP"]
    use: Literal["default", "optional", "step2", "review", "part"]
    license: License
    text: Text
    recall_en: str = ""
    recall_es: str = ""
    intro_en: str = ""
    intro_es: str = ""
    options: tuple[Option, ...] = ()
    items: tuple[Item, ...] = Field(min_length=1)
    scoring: Scoring
    missing: MissingRule
    unasked: Unasked | None = None
    bands: tuple[Band, ...] = ()
    no_bands: str = Field(default="", description="why there are none")
    cutoffs: tuple[Cutoff, ...] = ()
    subscores: tuple[Subscore, ...] = ()
    change: tuple[ChangeRule, ...] = ()
    no_change: str = Field(default="", description="why there is no agreed change that matters")
    crossings: tuple[Crossing, ...] = ()
    loinc: tuple[Loinc, ...] = ()
    opening: Opening | None = None
    administration: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    seconds: int | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        ids = [item.id for item in self.items]
        if ids != [f"q{number}" for number in range(1, len(ids) + 1)]:
            raise ValueError("items are q1, q2, … in order")
        for item in self.items:
            if item.kind in ("choice", "tick") and not self.options_of(item):
                raise ValueError(f"{item.id} has no options")
        known = {TOTAL, *ids}
        named = {
            *(band.of for band in self.bands),
            *(crossing.of for crossing in self.crossings),
            *(one for sub in self.subscores for one in sub.items),
        }
        if self.scoring.item:
            named.add(self.scoring.item)
        if named - known:
            raise ValueError(f"no such item: {', '.join(sorted(named - known))}")
        if not self.bands and not self.no_bands:
            raise ValueError("no bands: say why in no_bands")
        if not self.change and not self.no_change:
            raise ValueError("no change that matters: say why in no_change")
        return self

    @model_validator(mode="after")
    def _spanish_is_whole_or_missing(self) -> Self:
        texts = [self.intro_es] if self.intro_en else []
        texts += [self.recall_es] if self.recall_en else []
        for item in self.items:
            texts.append(item.es)
            texts += [item.low_es] if item.low_en else []
            texts += [item.high_es] if item.high_en else []
            texts += [option.es for option in item.options]
        texts += [option.es for option in self.options]
        if self.text.es_state == "missing" and any(texts):
            raise ValueError("es_state says missing, and there is Spanish text")
        if self.text.es_state != "missing" and not all(texts):
            raise ValueError("es_state says that Spanish is there, and a part is missing")
        return self

    def options_of(self, item: Item) -> tuple[Option, ...]:
        """The answers of a choice item."""
        return item.options or self.options

    def summary(self) -> str:
        return f"{self.abbreviation}: {self.title}"

    def points_to(self) -> Iterable[tuple[str, str]]:
        named = {sub.instrument for sub in self.subscores}
        if self.opening is not None:
            named.add(self.opening.instrument)
        return tuple((Instrument.kind, name) for name in sorted(named))

    @classmethod
    def cross_check(cls, records: Mapping[type[Record], Mapping[str, Record]]) -> Iterable[str]:
        """An instrument that is barred does not load, under whatever name."""
        for record in records[cls].values():
            for barred in records[BarredInstrument].values():
                if isinstance(record, Instrument) and isinstance(barred, BarredInstrument):
                    yield from barred.refusal(record)


class BarredInstrument(Record):
    """An instrument whose text may not stand in this repository, and why.

    verdict   PLUG-IN: a practice with a license may bring its own copy; NO: not even that is prepared
    """

    kind: ClassVar[str] = "barredinstrument"

    title: str = Field(min_length=1)
    names: tuple[str, ...] = Field(min_length=1)
    verdict: Literal["PLUG-IN", "NO"]
    owner: str = Field(min_length=1)
    reason: str = Field(min_length=1)

    def refusal(self, record: Instrument) -> Iterable[str]:
        """Why a record may not be shipped, where it bears one of our names as whole words in any spelling."""
        theirs = [_words(text) for text in (record.id, record.title, record.abbreviation, *record.names)]
        mine = [_words(name) for name in (self.title, *self.names)]
        if any(f" {name} " in f" {text} " for name in mine for text in theirs):
            yield f"instrument {record.id!r} may not be shipped: {self.title} ({self.verdict}): {self.reason}"

    def summary(self) -> str:
        return f"{self.title}: {self.verdict}"


def _words(text: str) -> str:
    """Lower-case words and numbers with a space between: `SF-36v2` and `sf36 v2` are alike."""
    return " ".join(re.findall(r"[a-z]+|[0-9]+", text.casefold()))


class ImportedChange(Record):
    """The change that matters in a score computed elsewhere, under that owner's license."""

    kind: ClassVar[str] = "importedchange"

    barred: str = Field(min_length=1)
    score: str = Field(min_length=1)
    means: str = Field(min_length=1)

    def points_to(self) -> Iterable[tuple[str, str]]:
        return ((BarredInstrument.kind, self.barred),)

    def summary(self) -> str:
        return f"{self.score}: {self.means}"


class Step(Frozen):
    """One part of a battery: an instrument, or a part that is not an instrument.

    items         how many things the patient answers
    only_items    only these of the instrument
    only_if       a condition in words: `low back pain is the main reason`
    move_if_over  it moves to the second visit where the whole takes too long
    """

    instrument: str = ""
    part: str = ""
    title: str = Field(min_length=1)
    items: int = Field(ge=1)
    only_items: tuple[str, ...] = ()
    seconds: int = Field(ge=0)
    skippable: bool = False
    move_if_over: bool = False

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if bool(self.instrument) == bool(self.part):
            raise ValueError("give instrument or part, one of them")
        return self


class Extra(Frozen):
    """An instrument that is added where something holds."""

    instrument: str
    when: str = Field(min_length=1)


class Battery(Record):
    """What is asked at one occasion, in order, and how long that may take."""

    kind: ClassVar[str] = "battery"

    title: str = Field(min_length=1)
    when: str = Field(min_length=1)
    limit_seconds: int = Field(gt=0)
    steps: tuple[Step, ...] = Field(min_length=1)
    extras: tuple[Extra, ...] = ()
    notes: tuple[str, ...] = ()

    def summary(self) -> str:
        return self.title

    def points_to(self) -> Iterable[tuple[str, str]]:
        named = [step.instrument for step in self.steps if step.instrument]
        named += [extra.instrument for extra in self.extras]
        return tuple((Instrument.kind, name) for name in named)


class AnswerAlert(Record):
    """An answer that a person must see at once.

    above      an answer greater than this
    tell       ids of the phrases the patient sees at once, in order; `phone` the one with the clinic's number
    staff      what the clinic's person must do; an action must be recorded before the alert closes
    never      what must not be made of the answer
    unanswered what staff is told where nobody answered it though other items were
    """

    kind: ClassVar[str] = "answeralert"

    instrument: str
    item: str
    above: float
    tell: tuple[str, ...] = Field(min_length=1)
    phone: str
    staff: str = Field(min_length=1)
    must_record_action: Literal[True]
    never: str = Field(min_length=1)
    unanswered: str = Field(min_length=1)

    def points_to(self) -> Iterable[tuple[str, str]]:
        return (
            (Instrument.kind, self.instrument),
            *(("phrase", phrase) for phrase in (*self.tell, self.phone)),
        )


class OutcomeRule(Record):
    """When a course counts as improved. Each of the three names the rule of its instrument that decides.

    low_baseline            a pain score below this at the start leaves no room to judge by it alone
    timepoints              how many are needed
    rise_from_zero_is_worse no percent can be given from zero; a rise by the rule's points counts as worse
    note                    the phrase under every result
    """

    kind: ClassVar[str] = "outcomerule"

    pain: str
    pain_rule: str
    activity: str
    activity_rule: str
    impression: str
    impression_improved: str
    impression_worse: str
    low_baseline: float
    timepoints: int = Field(ge=2)
    rise_from_zero_is_worse: bool
    note: str
    doubt: str = ""

    def points_to(self) -> Iterable[tuple[str, str]]:
        instruments = (self.pain, self.activity, self.impression)
        return (*((Instrument.kind, name) for name in instruments), ("phrase", self.note))


class ReviewRule(Record):
    """The default course, and when to stop or change it. Visits and weeks count from the first visit.

    suggestions   by outcome: what is suggested to the clinician
    never         what the program does not do
    """

    kind: ClassVar[str] = "reviewrule"

    visits: int
    weeks: tuple[int, int]
    review_visits: tuple[int, int]
    review_weeks: tuple[int, int]
    rethink_visits: int
    rethink_weeks: int
    spacing_acute: str
    spacing_chronic: str
    suggestions: Mapping[str, tuple[str, ...]]
    never: tuple[str, ...]


RECORDS: tuple[type[Record], ...] = (
    Instrument,
    BarredInstrument,
    ImportedChange,
    Battery,
    AnswerAlert,
    OutcomeRule,
    ReviewRule,
)
