"""Records of danger: signs and the words for them, red flags, screening questions, imaging, check-ins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from openomt.knowledge.base import Frozen, Id, Record
from openomt.knowledge.narrative import HasSpanish, Translated

Urgency = Literal["E", "U", "S"]
Language = Literal["en", "es"]
QuestionGroup = Literal[
    "back", "neck and headache", "chest", "general", "limbs", "pregnancy", "child", "infant"
]
Population = Literal["adult", "pregnant", "infant"]
ResultId = Literal[
    "E", "U", "office", "self_care", "thanks", "as_planned", "remind", "staff_call", "close_with_note"
]
ContextWord = Literal[
    "neck_treated", "thrust", "rib_treated", "counterstrain_or_blt", "anticoagulant", "older_or_steroid",
    "pregnant", "infant",
]  # fmt: skip


class Deadline(Frozen):
    """By when: `hours` from now, of the practice's opening hours where `working`."""

    hours: float = Field(ge=0)
    working: bool = False


class Ages(Frozen):
    """Months of age, from (included) to (excluded). None: no end on that side."""

    from_months: int | None = None
    to_months: int | None = None


def _signs(clauses: Iterable[Clause]) -> Iterable[tuple[str, str]]:
    return (("dangersign", sign) for clause in clauses for sign in clause.all)


class DangerSign(Record):
    """One thing that may be the matter, as small as a question can ask. Flags are made of these.

    title        for the physician
    facts        codes of patient facts that mean the same (`ra` for a lax neck)
    implies      signs that are true wherever this one is
    ages         true by age alone; `weeks`: true by weeks of pregnancy alone, from and to (excluded)
    words        ways it is said: the concepts (`means` of danger phrases) that stand near each other, in any
                 order. A phrase may also mean the sign itself.
    within       how many words may lie between them
    background   who the patient is, not what is wrong now (age, a known disease)
    clinician    found in an examination or a chart: no patient is asked
    assumed      counts as true where nobody knows (weeks of pregnancy not told)
    past         said of the past it still counts (`history of cancer`, `hit my head last week`)
    becomes      the patient fact it is for the check of a plan, where it is exactly that
    """

    kind: ClassVar[str] = "dangersign"

    title: str = Field(min_length=1)
    facts: tuple[str, ...] = ()
    implies: tuple[str, ...] = ()
    ages: Ages | None = None
    weeks: tuple[int, int | None] | None = None
    words: tuple[tuple[str, ...], ...] = ()
    within: int = Field(default=7, ge=0)
    background: bool = False
    clinician: bool = False
    assumed: bool = False
    past: bool = False
    becomes: str = ""

    def summary(self) -> str:
        return f"{self.id}: {self.title}"

    def points_to(self) -> Iterable[tuple[str, str]]:
        yield from (("dangersign", name) for name in self.implies)
        yield from (("fact", code) for code in (*self.facts, self.becomes) if code)


class DangerPhrase(Record):
    """How people say one thing in one language. `means`: a sign, or a concept that `words` of signs join.

    harmless   an idiom (`numb with boredom`, `my back is killing me`) in which no danger word counts
    exact      not matched with a misspelling, because another word is too near
    quiet      words that also rule what is said of others (`but`, `my son`), and still do
    """

    kind: ClassVar[str] = "dangerphrase"

    means: str = Field(min_length=1)
    language: Language
    phrases: tuple[str, ...] = Field(min_length=1)
    harmless: bool = False
    exact: bool = False
    quiet: bool = False

    def summary(self) -> str:
        return f"{self.means} ({self.language}): {', '.join(self.phrases[:4])}"


class MeasuredSign(Record):
    """A number in the text that is a sign: a temperature, a blood pressure.

    sign      what it means from `at_least` up, or below `below`
    kind_of   how the number is written; for a blood pressure `second` is the lower figure, either is enough
    """

    kind: ClassVar[str] = "measuredsign"

    sign: str
    kind_of: Literal["celsius", "fahrenheit", "blood pressure", "weeks of pregnancy"]
    at_least: float
    below: float | None = None
    second: float | None = None


class Clause(Frozen):
    """Signs that raise a flag when all are present. Written as a bare list, or with an urgency of its own."""

    all: tuple[str, ...] = Field(min_length=1)
    urgency: Urgency | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare_list(cls, value: Any) -> Any:
        return {"all": value} if isinstance(value, list | tuple) else value


class Worse(Frozen):
    """More urgent where any of these signs is present."""

    urgency: Urgency
    any: tuple[str, ...] = Field(min_length=1)


class Ease(Frozen):
    """Less urgent only where every one of these signs was asked and is absent."""

    urgency: Urgency
    absent: tuple[str, ...] = Field(min_length=1)


class RedFlag(Translated):
    """A red flag (stops treatment) or an orange one (`stops` false: refer). The id is its fact code.

    urgency      E emergency now, U same day, S work-up first; the more urgent where sources give two
    worse, eased what changes it, where a screen can know that
    raised_by    any one clause is enough
    ages         who it applies to; `pregnancy`: pregnant or in the year after birth
    tell         what the patient is told; `es` the same in Spanish
    task         what the practice must do; `deadline` where it differs from that of the urgency
    """

    kind: ClassVar[str] = "redflag"

    id: Id = Field(pattern=r"^(rf|yf)_[a-z0-9_]+$")
    number: str = Field(pattern=r"^[LNHCIP][0-9]+$")
    section: str = Field(min_length=1)
    sign: str = Field(min_length=1)
    think_of: str = ""
    value: str = ""
    urgency: Urgency
    worse: tuple[Worse, ...] = ()
    eased: Ease | None = None
    raised_by: tuple[Clause, ...] = Field(min_length=1)
    ages: Ages | None = None
    pregnancy: bool = False
    stops: bool = True
    action: str = Field(min_length=1)
    tell: str = Field(min_length=1)
    first: str = Field(default="", description="phrase id of the first line, where not that of the urgency")
    task: str = Field(min_length=1)
    deadline: Deadline | None = None
    doubt: str = ""

    @model_validator(mode="after")
    def _orange_does_not_stop(self) -> Self:
        if self.stops != self.id.startswith("rf_"):
            raise ValueError("an rf_ flag stops, a yf_ flag does not")
        return self

    def summary(self) -> str:
        return f"{self.number} {self.id} [{self.urgency}]: {self.sign}"

    def points_to(self) -> Iterable[tuple[str, str]]:
        yield from _signs(self.raised_by)
        eased = self.eased.absent if self.eased else ()
        yield from (("dangersign", sign) for sign in (*(s for step in self.worse for s in step.any), *eased))
        if self.first:
            yield "phrase", self.first


class ScreenNotice(Translated):
    """Something a person must see that is no red flag: words of self-harm, pain nobody examined.

    raised_by, tell, task as in a red flag; `fact`: the patient fact it becomes, for the check of a plan
    """

    kind: ClassVar[str] = "screennotice"

    title: str = Field(min_length=1)
    raised_by: tuple[Clause, ...] = Field(min_length=1)
    urgency: Urgency
    fact: str = ""
    tell: str = Field(min_length=1)
    first: str = ""
    task: str = Field(min_length=1)
    note: str = Field(default="", description="what it is not, for the physician")
    doubt: str = ""

    def summary(self) -> str:
        return f"{self.id}: {self.title}"

    def points_to(self) -> Iterable[tuple[str, str]]:
        yield from _signs(self.raised_by)
        if self.fact:
            yield "fact", self.fact
        if self.first:
            yield "phrase", self.first


class UrgencyRule(Translated):
    """What an urgency means: the patient's first line (`tell`, `es`) and the practice's task and deadline."""

    kind: ClassVar[str] = "urgencyrule"

    id: Urgency
    title: str
    tell: str
    deadline: Deadline
    task: str
    unsure: Urgency = Field(description="urgency of a sign the patient is not sure of")
    unsure_task: str
    check_in: ResultId = Field(description="result of a check-in in which such a flag stands")


class ScreenQuestion(Translated):
    """A yes/no/not-sure question. `ask` in English, `es` in Spanish; `signs` what a yes makes present.

    ages, sex, pregnancy   who is asked; None: everyone
    regions                with a complaint in one of these it is asked at once, without waiting for `after`
    after                  asked only once one of these questions was answered yes or not sure; empty: always
    """

    kind: ClassVar[str] = "screenquestion"

    group: QuestionGroup
    ask: str = Field(min_length=1)
    signs: tuple[str, ...] = Field(min_length=1)
    ages: Ages | None = None
    sex: Literal["female", "male"] | None = None
    pregnancy: Literal["pregnant", "pregnant or after birth"] | None = None
    regions: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def summary(self) -> str:
        return f"{self.id}: {self.ask}"

    def points_to(self) -> Iterable[tuple[str, str]]:
        yield from (("dangersign", sign) for sign in self.signs)
        yield from (("screenquestion", name) for name in self.after)


class ImagingRule(Record):
    """Whether pictures are needed before treatment. `first`: what to do first.

    before_force   no thrust until it is done
    """

    kind: ClassVar[str] = "imagingrule"

    situation: str = Field(min_length=1)
    first: str = Field(min_length=1)
    imaging: Literal["none", "first", "emergency", "if persisting", "not before gentle treatment"]
    flags: tuple[str, ...] = ()
    before_force: bool = False
    doubt: str = ""

    def summary(self) -> str:
        return f"{self.situation}: {self.first}"


class NeckStep(Record):
    """A step of the vascular screening before any technique at the neck, in order."""

    kind: ClassVar[str] = "neckstep"

    order: int
    step: str = Field(min_length=1)
    stops: bool = False
    doubt: str = ""

    def summary(self) -> str:
        return f"{self.order}. {self.step}"


class TriageResult(Translated):
    """An answer to a check-in: the message to the patient (`tell`, `es`) and the practice's task, if any.

    rank       0 is the most urgent
    escalate   a person is alerted, not only a list filled
    """

    kind: ClassVar[str] = "triageresult"

    id: ResultId
    rank: int = Field(ge=0)
    title: str
    tell: str
    task: str = ""
    deadline: Deadline | None = None
    escalate: bool = False
    doubt: str = ""


class TriageCell(Frozen):
    """What a row answers on some days. The first cell whose conditions all hold counts.

    context   any of these groups is enough, each word of which is true; empty: always
    easing    whether the patient says it is easing; None: no matter
    say, es   replaces the message of the result; `task` the task
    again_in_days   ask again after so many days
    """

    days: tuple[Literal[1, 3, 7], ...] = Field(min_length=1)
    result: ResultId
    context: tuple[tuple[ContextWord, ...], ...] = ()
    easing: bool | None = None
    say: str = ""
    es: str = ""
    task: str = ""
    again_in_days: int | None = None

    @model_validator(mode="after")
    def _both_languages(self) -> Self:
        if bool(self.say) != bool(self.es):
            raise ValueError("say and es come together")
        return self


class Reported(Frozen):
    """What the patient reported, all of it: pain from and to (both included) of 10, and the change.

    no_pain_given   true of a reply without a number
    """

    pain: tuple[int, int] | None = None
    no_pain_given: bool = False
    change: tuple[Literal["much worse", "worse", "same", "better", "unknown"], ...] = ()


class TriageRow(HasSpanish):
    """A row of the check-in table. Of those that fit, the most urgent answers; of equals the first.

    populations     who it is for
    raised_by       signs, as in a red flag; `flags` red flags that are this row; `reported` pain and change:
                    any one of all these is enough
    scan            its words in free text keep a check-in open, whatever is said about them
    reminders       the row is for a patient who did not answer after so many
    fallback        only where no other row fits
    """

    kind: ClassVar[str] = "triagerow"

    order: int
    answer: str = Field(min_length=1)
    populations: tuple[Population, ...] = ("adult", "pregnant", "infant")
    raised_by: tuple[Clause, ...] = ()
    flags: tuple[str, ...] = ()
    reported: tuple[Reported, ...] = ()
    scan: bool = False
    reminders: int | None = None
    fallback: bool = False
    cells: tuple[TriageCell, ...] = Field(min_length=1)
    why: str = Field(min_length=1)
    doubt: str = ""

    def summary(self) -> str:
        return f"{self.id}: {self.answer}"

    def points_to(self) -> Iterable[tuple[str, str]]:
        yield from _signs(self.raised_by)
        yield from (("redflag", code) for code in self.flags)


class CheckInSign(Translated):
    """A line of the list on a check-in, ticked where it is so. `signs`: what a tick makes present, all of them.

    group   danger: what no one waits with; today: what is told the same day
    """

    kind: ClassVar[str] = "checkinsign"

    group: Literal["danger", "today"]
    order: int
    en: str = Field(min_length=1)
    signs: tuple[str, ...] = Field(min_length=1)
    populations: tuple[Population, ...] = ("adult", "pregnant", "infant")

    def summary(self) -> str:
        return self.en

    def points_to(self) -> Iterable[tuple[str, str]]:
        yield from (("dangersign", sign) for sign in self.signs)


class AfterEffectNumber(Record):
    """How often something follows treatment, and in whom. `serious`: shown only as a range."""

    kind: ClassVar[str] = "aftereffectnumber"

    what: str = Field(min_length=1)
    figure: str = Field(min_length=1)
    who: str = Field(min_length=1)
    serious: bool = False
    doubt: str = ""

    def summary(self) -> str:
        return f"{self.what}: {self.figure}"


class Aftercare(Translated):
    """A line for every patient after treatment: what to expect, what to do, when to call."""

    kind: ClassVar[str] = "aftercare"

    group: Literal["expect", "do", "call"]
    order: int
    en: str = Field(min_length=1)
    basis: str = Field(default="", description="how well the advice is supported")

    def summary(self) -> str:
        return self.en


class AdverseSeverity(Record):
    """How bad harm after treatment was, for a clinician to judge.

    rank        1 is the mildest
    definition  what tells it from the others, in a few words
    pain_from   pain of 10 from which a check-in proposes it; None: pain alone never does
    """

    kind: ClassVar[str] = "adverseseverity"

    id: Literal["mild", "moderate", "severe", "serious"]
    rank: int = Field(ge=1)
    title: str = Field(min_length=1)
    definition: str = Field(min_length=1)
    pain_from: int | None = Field(default=None, ge=0, le=10)
    doubt: str = ""

    @property
    def words(self) -> str:
        """`Moderate: changed routine`."""
        return f"{self.title}: {self.definition}"

    def summary(self) -> str:
        return self.words


RECORDS: tuple[type[Record], ...] = (
    DangerSign,
    DangerPhrase,
    MeasuredSign,
    RedFlag,
    ScreenNotice,
    UrgencyRule,
    ScreenQuestion,
    ImagingRule,
    NeckStep,
    TriageResult,
    TriageRow,
    CheckInSign,
    AfterEffectNumber,
    Aftercare,
    AdverseSeverity,
)
