"""Which questions a patient is asked, one screen each, as things stand. Order and skips are data (`flow.toml`).

Nothing here knows of the database: who answers and what they answered come in, the screens come out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from openomt.care.intake import after, body
from openomt.care.intake.asking import worth_asking
from openomt.medicine import instruments
from openomt.medicine.instruments import TextMissingError
from openomt.medicine.instruments.values import FormItem
from openomt.medicine.safety.screen_questions import questions_for
from openomt.medicine.safety.screen_values import Answer, Question
from openomt.medicine.safety.values import PatientFacts
from openomt.medicine.triage import Context, Population

Answers = Mapping[str, Any]
"""By the key of a screen. A key that is not there was not reached; None: left out on purpose."""
ADULT, CHILD, INFANT = "adult", "child", "infant"
PEOPLE = (ADULT, CHILD, INFANT)
INFANT_MONTHS, ADULT_MONTHS = 24, 216
AT_ONCE = 10
"""How many follow-up questions on danger signs stand on one screen."""
_PREGNANT, _AFTER, _NEITHER = "pregnant", "after-birth", "neither"
BIRTHS = (_PREGNANT, _AFTER, _NEITHER)
YES, NO = "yes", "no"
_OWN = frozenset({"pregnant", "birth", "examined"})
"""Questions on danger signs that have a screen of their own."""
_KINDS = frozenset({"text", "places", "birth", "danger", "after", "screen", "instrument", "record", "choice"})


class Flow(StrEnum):
    """Which questions, by the battery of the medicine that they ask: the whole story, or before a later visit."""

    INTAKE = "intake"
    FOLLOWUP = "followup"


class FlowError(ValueError):
    """The flow is not right. Says where."""


@dataclass(frozen=True, slots=True)
class When:
    """A condition on an earlier answer: `some`, anything but none; `has`, one of these. `codes`: what it brings."""

    question: str
    some: bool = False
    has: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One entry of the flow. Fields as `flow.toml` explains them."""

    id: str
    label: str
    kind: str
    part: str
    who: tuple[str, ...] = PEOPLE
    seconds: int = 0
    longest: int = 0
    watch: bool = False
    becomes: str = ""
    otherwise: str = ""
    items: tuple[str, ...] = ()
    quick: tuple[float, ...] = ()
    options: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    language: str = ""
    again: bool = False
    review: bool = False
    also: tuple[When, ...] = ()
    when: tuple[When, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the chart that the patient is asked about: is it still true?"""

    id: int
    text: str


@dataclass(frozen=True)
class Teller:
    """Whose story it is, and what is known already.

    guardian   a guardian answers
    on_record  entries that stand, by kind
    before     what was told the last time, by the key of a screen
    population, context   who was treated, as a check-in asks it (the follow-up form only)
    review     the review of a running course is due
    """

    patient: PatientFacts
    language: str = "en"
    flow: Flow = Flow.INTAKE
    guardian: bool = False
    on_record: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    before: Answers = field(default_factory=dict)
    population: Population = Population.ADULT
    context: Context = field(default_factory=Context)
    review: bool = False

    @property
    def who(self) -> str:
        months = self.patient.age_months
        if months is None or months >= ADULT_MONTHS:
            return ADULT
        return INFANT if months < INFANT_MONTHS else CHILD

    @property
    def again(self) -> bool:
        """Whether they told their story before."""
        return bool(self.before)


@dataclass(frozen=True, slots=True)
class Step:
    """One screen.

    item   the item of an instrument
    words  the patient's own words from the last time, which are rated again
    shown  questions on danger signs, to tick
    title  what stands over them
    """

    key: str
    asked: Asked
    seconds: int
    item: FormItem | None = None
    instrument: str = ""
    words: str = ""
    shown: tuple[Question, ...] = ()
    title: str = ""

    @property
    def kind(self) -> str:
        return "item" if self.item is not None else self.asked.kind


@cache
def flow(which: Flow = Flow.INTAKE) -> tuple[Asked, ...]:
    """A flow as written. Raises FlowError."""
    text = (Path(__file__).parent / "flow.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    of_story = {table["id"]: table for table in tables[Flow.INTAKE]}
    found = tuple(_read({**of_story.get(table["id"], {}), **table}) for table in tables[which])
    known: set[str] = set()
    for one in found:
        for condition in (*one.when, *one.also):
            if condition.question not in known:
                raise FlowError(f"flow.toml: {one.id} asks for {condition.question}, which is not before it")
        if one.id in known:
            raise FlowError(f"flow.toml: {one.id} stands twice")
        known.add(one.id)
    return found


@cache
def every_question() -> Mapping[str, Asked]:
    """Those of all flows, by their id."""
    return {asked.id: asked for which in reversed(Flow) for asked in flow(which)}


def _read(table: dict[str, Any]) -> Asked:
    when, also = (tuple(map(_condition, table.pop(name, ()))) for name in ("when", "also"))
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in table.items()
    }
    try:
        asked = Asked(**values, when=when, also=also)
    except TypeError as error:
        raise FlowError(f"flow.toml: {table.get('id', 'a question without an id')}: {error}") from error
    if asked.kind not in _KINDS or not set(asked.who) <= set(PEOPLE):
        raise FlowError(f"flow.toml: {asked.id}: no such kind or person")
    return asked


def _condition(table: dict[str, Any]) -> When:
    lists = {name: tuple(table.get(name, ())) for name in ("has", "codes")}
    return When(table["question"], table.get("some", False), **lists)


# The screens ------------------------------------------------------------------------------------------------


def steps(teller: Teller, answers: Answers) -> tuple[Step, ...]:
    """Every screen of this person as things stand, answered or not; each once."""
    later = _put_off(teller)
    found: dict[str, Step] = {}
    for asked in flow(teller.flow):
        if asked.id not in later and _fits(asked, teller, answers):
            for step in _expanded(asked, teller, answers):
                found.setdefault(step.key, step)
    return tuple(found.values())


def _put_off(teller: Teller) -> frozenset[str]:
    """Instruments that wait for the second time, since all at once would take too long."""
    if teller.again:
        return frozenset()
    extra = sum(
        one.seconds for one in flow(teller.flow) if one.kind != "instrument" and teller.who in one.who
    )
    return frozenset(step.instrument for step in instruments.battery(teller.flow, extra).moved)


def _fits(asked: Asked, teller: Teller, answers: Answers) -> bool:
    if teller.who not in asked.who:
        return False
    if asked.language and asked.language != teller.language:
        return False
    if asked.review and not teller.review:
        return False
    return all(_holds(one, answers) for one in asked.when)


def _holds(one: When, answers: Answers) -> bool:
    given = answers.get(one.question)
    if one.some:
        return bool(given)
    values = given if isinstance(given, list) else [given]
    return any(value in one.has for value in values)


def _expanded(asked: Asked, teller: Teller, answers: Answers) -> Iterator[Step]:
    if asked.kind == "instrument":
        yield from _of_instrument(asked, teller, answers)
    elif asked.kind == "danger":
        yield from _of_danger(asked, teller, answers)
    elif asked.kind == "after":
        shown = after.questions(asked.id, teller.population, teller.language)
        yield Step(asked.id, asked, asked.seconds, shown=shown)
    elif asked.kind == "birth":
        if any(one.code == _PREGNANT for one in questions_for(teller.patient, teller.language)):
            yield Step(asked.id, asked, asked.seconds)
    elif asked.kind == "screen":
        shown = tuple(
            one
            for one in questions_for(teller.patient, teller.language, answers=_certain(teller, answers))
            if one.code == asked.id
        )
        if shown:
            yield Step(asked.id, asked, asked.seconds, shown=shown)
    else:
        yield Step(asked.id, asked, asked.seconds)


def _of_instrument(asked: Asked, teller: Teller, answers: Answers) -> Iterator[Step]:
    name = asked.id
    try:
        shown = instruments.form(name, teller.language, asked.items)
    except TextMissingError:
        yield from _instead(asked, teller, answers)
        return
    each = (asked.seconds or shown.seconds or len(shown.items) * 8) // len(shown.items)
    named = {item.id: _named(f"{name}-{item.id}", teller) for item in shown.items} if asked.again else {}
    for item in shown.items:
        if any(named.values()):
            if named[item.id]:
                yield Step(f"{name}-{item.id}", asked, each, item, name, named[item.id])
        elif not _left_out(name, item, answers):
            yield Step(f"{name}-{item.id}", asked, each, item, name)


def _named(key: str, teller: Teller) -> str:
    """The activity that the patient named the last time."""
    old = teller.before.get(key)
    return str(old.get("text", "")) if isinstance(old, dict) else ""


def _instead(asked: Asked, teller: Teller, answers: Answers) -> Iterator[Step]:
    """What is asked where the published words are not here in the language: own words, or nothing."""
    if not asked.otherwise:
        return
    ours = next((one for one in flow() if one.id == asked.otherwise), None)
    if ours is not None:
        yield Step(ours.id, ours, ours.seconds)
        return
    for item in instruments.form(asked.otherwise, teller.language).items:
        yield Step(f"{asked.otherwise}-{item.id}", asked, 8, item, asked.otherwise)


def _left_out(name: str, item: FormItem, answers: Answers) -> bool:
    """Who never exercises is not asked how long; who named no first thing is not asked for a second."""
    rule = instruments.instrument(name).unasked
    if rule is not None and item.id in rule.others:
        return answers.get(f"{name}-{rule.item}") == rule.value
    if item.kind != "own_activity":
        return False
    before = f"{name}-q{int(item.id[1:]) - 1}"
    return before in answers and answers[before] is None


# Danger signs ------------------------------------------------------------------------------------------------


def danger_key(name: str) -> str:
    """The key of a screen of danger signs."""
    return f"danger-{name}"


def screen_answers(teller: Teller, answers: Answers) -> dict[str, Answer]:
    """What was answered of the questions on danger signs: ticked is yes, shown and not ticked is no."""
    found = _certain(teller, answers)
    for key in _more_keys(answers):
        open_now = {one.code for one in questions_for(teller.patient, teller.language, answers=found)}
        given = answers[key] or {}
        found |= {
            code: _said(code in given.get("yes", ())) for code in given.get("shown", ()) if code in open_now
        }
    return found


def _certain(teller: Teller, answers: Answers) -> dict[str, Answer]:
    """The same without follow-up questions."""
    found: dict[str, Answer] = {}
    if "where" in answers:
        hurts = body.implied(answers["where"] or ())
        asked = {one.code for one in questions_for(teller.patient, teller.language)}
        found |= {code: _said(code in hurts) for code in sorted(body.PAIN_QUESTIONS & asked)}
    if answers.get("birth"):
        found["pregnant"] = _said(answers["birth"] == _PREGNANT)
        found["birth"] = _said(answers["birth"] == _AFTER)
    for key, given in answers.items():
        if key.startswith("danger-") and not key.startswith(danger_key("more")) and given:
            found |= {code: _said(code in given.get("yes", ())) for code in given.get("shown", ())}
    if answers.get("examined"):
        found["examined"] = _said(answers["examined"] == YES)
    return found


def _said(yes: bool) -> Answer:
    return Answer.YES if yes else Answer.NO


def _more_keys(answers: Answers) -> list[str]:
    start = danger_key("more-")
    return sorted((key for key in answers if key.startswith(start)), key=lambda key: int(key[len(start) :]))


def _of_danger(asked: Asked, teller: Teller, answers: Answers) -> Iterator[Step]:
    """The screens of the self-check, of each the questions that matter now; then what their answers open."""
    reached = _certain(teller, answers)
    first = {code: given for code, given in reached.items() if not _in_a_screen(code, answers)}
    open_now = _open(teller, first)
    worth = _worth(asked, teller, answers, first)
    for step in _self_check():
        key = danger_key(step.id)
        codes = _shown_in(answers, key) or [
            code for code in step.questions if code in worth and code not in first
        ]
        shown = tuple(open_now[code] for code in codes if code in open_now)
        if shown:
            yield Step(key, asked, asked.seconds, shown=shown, title=_title(step, teller))
    yield from _more(asked, teller, answers, reached)


def _worth(asked: Asked, teller: Teller, answers: Answers, reached: Mapping[str, Answer]) -> frozenset[str]:
    """Of an adult, what may matter today. A guardian has fewer other questions, and a child all of these."""
    if teller.who != ADULT:
        return frozenset(_open(teller, reached)) - set(reached)
    also = {code for one in asked.also if _holds(one, answers) for code in one.codes}
    return (worth_asking(teller.patient, reached) | set(asked.always) | also) - set(reached)


def _in_a_screen(code: str, answers: Answers) -> bool:
    return any(code in _shown_in(answers, key) for key in answers if key.startswith("danger-"))


def _shown_in(answers: Answers, key: str) -> list[str]:
    """The questions of a screen that was answered."""
    given = answers.get(key)
    return list(given["shown"]) if given else []


def _open(teller: Teller, reached: Mapping[str, Answer]) -> dict[str, Question]:
    return {one.code: one for one in questions_for(teller.patient, teller.language, answers=reached)}


def _more(asked: Asked, teller: Teller, answers: Answers, reached: dict[str, Answer]) -> Iterator[Step]:
    """Further questions that the answers make matter: those of screens already answered, then what is still open."""
    title = _phrase("more", teller.language)
    done = 0
    for key in _more_keys(answers):
        open_now = _open(teller, reached)
        shown = tuple(open_now[code] for code in _shown_in(answers, key) if code in open_now)
        done = int(key.rpartition("-")[2])
        if shown:
            yield Step(key, asked, asked.seconds, shown=shown, title=title)
        yes = (answers[key] or {}).get("yes", ())
        reached = reached | {one.code: _said(one.code in yes) for one in shown}
    if any(
        danger_key(step.id) not in answers and _waits(step, asked, teller, answers) for step in _self_check()
    ):
        return  # what is opened is known when the screens before are answered
    worth = _worth(asked, teller, answers, reached)
    left = [one for one in _open(teller, reached).values() if one.code in worth and one.code not in _OWN]
    if left:
        shown = tuple(left[:AT_ONCE])
        yield Step(danger_key(f"more-{done + 1}"), asked, asked.seconds, shown=shown, title=title)


def _waits(step: Any, asked: Asked, teller: Teller, answers: Answers) -> bool:
    """Whether a screen of the self-check is still to be answered."""
    first = {
        code: given for code, given in _certain(teller, answers).items() if not _in_a_screen(code, answers)
    }
    worth = _worth(asked, teller, answers, first)
    there = _open(teller, first)
    return any(code in worth and code in there and code not in first for code in step.questions)


@cache
def _self_check() -> tuple[Any, ...]:
    from openomt.knowledge import load  # noqa: PLC0415  (pydantic is not loaded until it is used)
    from openomt.knowledge.learning import SelfCheckStep  # noqa: PLC0415

    return tuple(sorted(load().all(SelfCheckStep), key=lambda one: one.order))


def _title(step: Any, teller: Teller) -> str:
    start = "minor_" if teller.guardian else ""
    return str(getattr(step, f"{start}{teller.language}"))


@cache
def _phrase(name: str, language: str) -> str:
    from openomt.knowledge import load  # noqa: PLC0415
    from openomt.knowledge.narrative import Phrase  # noqa: PLC0415

    return str(getattr(load().get(Phrase, f"selfcheck.{name}"), language))


# What the answers say ------------------------------------------------------------------------------------------


def watched(answers: Answers) -> str:
    """The free words in which danger signs are looked for."""
    texts: list[str] = []
    for asked in every_question().values():
        given = answers.get(asked.id)
        if not asked.watch or not given:
            continue
        texts += given["new"] if isinstance(given, dict) else [str(given)]
    return "\n".join(texts)


def given_to(answers: Answers) -> dict[str, dict[str, Any]]:
    """The answers to instruments, by instrument and item; what was left out is not there."""
    known = every_question().values()
    names = {one.id for one in known if one.kind == "instrument"} | {one.otherwise for one in known}
    found: dict[str, dict[str, Any]] = {}
    for key, given in answers.items():
        name, _, item = key.partition("-")
        if item and name in names and given is not None:
            found.setdefault(name, {})[item] = given
    return found
