"""From what was sent to an answer, or to what is wrong with it in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from openomt.care.intake import body
from openomt.care.intake.flow import BIRTHS, NO, YES, Step, Teller
from openomt.care.words import say
from openomt.medicine import instruments
from openomt.medicine.instruments import ScoreError

MUST = frozenset({"danger", "after", "birth", "screen", "places"})
"""Kinds of screen that nobody may leave out; a button says that none of it is so."""
LINES, LINE = 20, 200
ACTIVITY = 80


class Sent(Protocol):
    """What a form sends."""

    def get(self, key: str, default: str) -> str: ...
    def getlist(self, key: str) -> list[str]: ...
    def __contains__(self, key: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Read:
    """An answer as it is kept, or what is wrong (`fault`)."""

    answer: Any = None
    fault: str = ""


def read(step: Step, sent: Sent, teller: Teller) -> Read:
    """The answer that was sent to a screen."""
    if "skip" in sent and step.kind not in MUST:
        return Read(None)
    readers = {
        "text": _text,
        "places": _places,
        "birth": _one,
        "screen": _one,
        "choice": _one,
        "danger": _danger,
        "after": _danger,
        "item": _item,
        "record": _record,
    }
    return readers[step.kind](step, sent, teller)


def is_empty(step: Step, sent: Sent) -> bool:
    """Whether nothing was chosen or typed."""
    names = ("value", "text", "place", "tick")
    typed = any(text.strip() for name in names for text in sent.getlist(name))
    return not typed and not any(name.startswith("still-") for name in getattr(sent, "keys", list)())


def _fault(key: str, **values: int) -> Read:
    return Read(fault=say(f"intake.fault_{key}").format(**values))


def _text(step: Step, sent: Sent, teller: Teller) -> Read:
    before = teller.before.get(step.key)
    if "same" in sent and before:
        return Read(before)
    text = _clean(sent.get("text", ""))
    if not text:
        return _fault("text")
    if len(text) > step.asked.longest:
        return _fault("long", most=step.asked.longest, there=len(text))
    return Read(text)


def _clean(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())


def _places(step: Step, sent: Sent, teller: Teller) -> Read:
    chosen = set(sent.getlist("place"))
    if not chosen <= set(body.KEYS):
        return _fault("pick")
    if "none" in sent:
        return _fault("both") if chosen else Read([])
    if not chosen:
        return _fault("place")
    return Read([key for key in body.KEYS if key in chosen])


def _one(step: Step, sent: Sent, teller: Teller) -> Read:
    options = {"birth": BIRTHS, "screen": (YES, NO)}.get(step.kind, step.asked.options)
    value = sent.get("value", "")
    return Read(value) if value in options else _fault("pick")


def _danger(step: Step, sent: Sent, teller: Teller) -> Read:
    shown = [one.code for one in step.shown]
    ticked = set(sent.getlist("tick"))
    if ticked - set(shown) or (not ticked and "none" not in sent):
        return _fault("tick")
    if ticked and "none" in sent:
        return _fault("both")
    return Read({"shown": shown, "yes": [code for code in shown if code in ticked]})


def _item(step: Step, sent: Sent, teller: Teller) -> Read:
    item = step.item
    assert item is not None  # noqa: S101  (what the kind means)
    typed = sent.get("value", "").strip().replace(",", ".")
    text = step.words or _clean(sent.get("text", "")).replace("\n", " ")
    if item.kind == "own_activity":
        if not text:
            return _fault("activity")
        if len(text) > ACTIVITY:
            return _fault("long", most=ACTIVITY, there=len(text))
    number = _number(typed)
    answer: Any = {"value": number, "text": text} if item.kind == "own_activity" else number
    try:
        if number is None:
            raise ScoreError("no number", item.id)
        instruments.score(step.instrument, {item.id: answer})
    except ScoreError:
        if item.choices or not typed:
            return _fault("pick")
        return _fault("number", low=item.low, high=item.high)
    return Read(answer)


def _number(typed: str) -> int | float | None:
    if not typed.isascii() or len(typed) > 6:
        return None
    try:
        number = float(typed) if typed.replace(".", "", 1).isdecimal() else None
    except ValueError:
        return None
    return int(number) if number is not None and number.is_integer() else number


def _record(step: Step, sent: Sent, teller: Teller) -> Read:
    there = teller.on_record.get(step.key, ())
    lines = [line for line in _clean(sent.get("text", "")).split("\n") if line]
    if len(lines) > LINES:
        return _fault("lines", most=LINES)
    if any(len(line) > LINE for line in lines):
        return _fault("long", most=LINE, there=max(map(len, lines)))
    still = {entry.id: sent.get(f"still-{entry.id}", "") for entry in there}
    all_true = "all" in sent
    if not all_true and any(value not in (YES, NO) for value in still.values()):
        return _fault("still")
    none = "none" in sent
    if lines and none:
        return _fault("both")
    if not there and not lines and not none:
        return _fault("record")
    ended = [] if all_true else [key for key, value in still.items() if value == NO]
    return Read({"new": list(dict.fromkeys(lines)), "ended": ended, "none": none and not there})
