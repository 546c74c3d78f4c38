"""A screen as the template shows it: what it asks, why, the answers to choose, what was answered before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openomt.care.intake import body
from openomt.care.intake.answering import MUST
from openomt.care.intake.flow import BIRTHS, NO, YES, Entry, Step, Teller
from openomt.care.words import say, words

SCALE = 11
"""So many steps of a number are shown as buttons in a row."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. `box`: its id on the page."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Still:
    """An entry of the chart, and whether the patient said that it is still true."""

    entry: Entry
    said: str


@dataclass(frozen=True, slots=True)
class Sides:
    """A place of the body in the list: one box, or one for each side."""

    label: str
    boxes: tuple[Option, ...]


@dataclass(frozen=True)
class Screen:
    """One screen.

    look      options, scale, number, activity, text, ticks, record or places
    stem      what stands over the question, of an instrument
    fixed     whether the words are those of an instrument
    before    what was told the last time, to confirm
    """

    step: Step
    look: str
    title: str
    why: str
    stem: str = ""
    options: tuple[Option, ...] = ()
    text: str = ""
    value: str = ""
    low: str = ""
    high: str = ""
    longest: int = 0
    before: str = ""
    still: tuple[Still, ...] = ()
    sides: tuple[Sides, ...] = ()
    skips: bool = True
    none: str = ""
    hint: str = ""


def screen(step: Step, teller: Teller, answers: Mapping[str, Any], typed: Any = None) -> Screen:
    """The screen of a step. `typed`: what was sent and refused; it stays on the page."""
    makers = {
        "item": _item,
        "danger": _ticks,
        "after": _ticks,
        "places": _places,
        "record": _record,
        "text": _text,
    }
    return makers.get(step.kind, _options)(step, teller, answers.get(step.key), typed)


def _ask(step: Step, teller: Teller) -> str:
    return _word(f"ask_{step.asked.id}", teller)


def _word(key: str, teller: Teller) -> str:
    """The words for a guardian where a guardian answers."""
    of_child = f"intake.{key}_child"
    return say(of_child if teller.guardian and of_child in words() else f"intake.{key}", teller.language)


def _why(step: Step, teller: Teller) -> str:
    return _word(f"why_{step.asked.id}", teller)


def _options(step: Step, teller: Teller, given: Any, typed: Any) -> Screen:
    if step.kind == "screen":
        title = step.shown[0].ask
        found = tuple(Option(value, say(f"intake.{value}"), given == value) for value in (YES, NO))
    else:
        title = _ask(step, teller)
        values = BIRTHS if step.kind == "birth" else step.asked.options
        found = tuple(
            Option(value, say(f"intake.opt_{step.asked.id}_{value.replace('-', '_')}"), given == value)
            for value in values
        )
    return Screen(step, "options", title, _why(step, teller), options=found, skips=step.kind not in MUST)


def _ticks(step: Step, teller: Teller, given: Any, typed: Any) -> Screen:
    yes = typed.getlist("tick") if typed is not None else (given or {}).get("yes", ())
    return Screen(
        step,
        "ticks",
        step.title or _ask(step, teller),
        _why(step, teller),
        options=tuple(Option(one.code, one.ask, one.code in yes) for one in step.shown),
        skips=False,
        none=say("intake.none_of_these"),
        hint=say("intake.tick_each"),
    )


def _places(step: Step, teller: Teller, given: Any, typed: Any) -> Screen:
    chosen = typed.getlist("place") if typed is not None else given or ()
    sides = []
    for place in body.PLACES:
        label = say(f"intake.place_{place.id}")
        keys = place.keys
        words_of = [say(f"intake.side_{key.rpartition('-')[2]}") for key in keys] if place.sided else [label]
        sides.append(
            Sides(
                label,
                tuple(Option(key, word, key in chosen) for key, word in zip(keys, words_of, strict=True)),
            )
        )
    return Screen(
        step,
        "places",
        _ask(step, teller),
        _why(step, teller),
        sides=tuple(sides),
        skips=False,
        none=say("intake.no_pain"),
    )


def _text(step: Step, teller: Teller, given: Any, typed: Any) -> Screen:
    before = teller.before.get(step.key)
    before = before if isinstance(before, str) else ""
    text = typed.get("text", "")[:2000] if typed is not None else given or before
    return Screen(
        step,
        "text",
        _ask(step, teller),
        _why(step, teller),
        text=text or "",
        longest=step.asked.longest,
        before=before,
    )


def _record(step: Step, teller: Teller, given: Any, typed: Any) -> Screen:
    there = teller.on_record.get(step.key, ())
    given = given or {}
    ended = given.get("ended", ())
    still = []
    for entry in there:
        said = (NO if entry.id in ended else YES) if given else ""
        still.append(Still(entry, typed.get(f"still-{entry.id}", "") if typed is not None else said))
    return Screen(
        step,
        "record",
        _word(f"ask_{step.key}_again" if there else f"ask_{step.key}", teller),
        _why(step, teller),
        still=tuple(still),
        text=typed.get("text", "")[:5000] if typed is not None else "\n".join(given.get("new", ())),
        none="" if there else say(f"intake.none_{step.key}"),
    )


def _item(step: Step, teller: Teller, given: Any, typed: Any) -> Screen:
    item = step.item
    assert item is not None  # noqa: S101  (what the kind means)
    own = item.kind == "own_activity" and not step.words
    number = given.get("value") if isinstance(given, dict) else given
    value = typed.get("value", "")[:20] if typed is not None else _plain(number)
    old = teller.before.get(step.key)
    text = (given or old or {}).get("text", "") if own else ""
    look, values = _look(step)
    return Screen(
        step,
        look,
        say("intake.how_well_now") if step.words else item.text,
        _why(step, teller),
        stem=step.words or (item.stem if item.choices or item.id == "q1" else ""),
        options=tuple(Option(one, label, one == value) for one, label in values),
        text=typed.get("text", "")[:400] if typed is not None and own else text,
        value="" if value in {one for one, _ in values} else value,
        low=item.low_label,
        high=item.high_label,
        hint=say("intake.same_as_before") if own and old else "",
    )


def _plain(number: Any) -> str:
    return "" if number is None else f"{number:g}"


def _look(step: Step) -> tuple[str, list[tuple[str, str]]]:
    item = step.item
    assert item is not None  # noqa: S101  (what the kind means)
    if item.choices:
        return "options", [(str(one.value), one.label) for one in item.choices]
    count = round((item.high - item.low) / item.step) + 1
    if count <= SCALE:
        values = [f"{item.low + at * item.step:g}" for at in range(count)]
        own = item.kind == "own_activity" and not step.words
        return ("activity" if own else "scale"), [(one, one) for one in values]
    return "number", [(f"{one:g}", f"{one:g}") for one in step.asked.quick]
