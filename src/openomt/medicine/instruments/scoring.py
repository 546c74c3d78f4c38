"""Answers to a score, by the published rule of each instrument. What is missing stays missing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from openomt.medicine.instruments import records
from openomt.medicine.instruments.values import Alert, Answer, Answers, ItemScore, Mark, Score, ScoreError

if TYPE_CHECKING:
    from openomt.knowledge.instruments import AnswerAlert, Instrument, Item

Given = dict[str, tuple[float | None, str]]


def score(instrument_id: str, answers: Answers) -> Score:
    """The score of an instrument. `answers`: by item id (`q1`, or `1`), or in order; None: not answered.

    An own activity is a number, or {"value": 4, "text": "climb stairs"}. Raises ScoreError naming the item
    and what is allowed. An answer a person must see at once is in `alerts` even where there is no score.
    """
    record = records.instrument(instrument_id)
    return _scored(record, _given(record, answers))


def urgent(instrument_id: str, answers: Answers) -> tuple[Alert, ...]:
    """Only the answers a person must see at once, also where other answers cannot be taken."""
    record = records.instrument(instrument_id)
    given: Given = {}
    for name, answer in _pairs(record, answers):
        item = _item(record, name)
        if item is None:
            continue
        try:
            given[item.id] = _answer(record, item, answer)
        except ScoreError:
            continue
    return _alerts(record, given)


# Reading the answers -----------------------------------------------------------------------------------


def _given(record: Instrument, answers: Answers) -> Given:
    given: Given = {item.id: (None, "") for item in record.items}
    seen: set[str] = set()
    for name, answer in _pairs(record, answers):
        item = _item(record, name)
        if item is None:
            allowed = f"{record.items[0].id} to {record.items[-1].id}"
            raise ScoreError(f"{record.abbreviation}: no item {name!r}; there are {allowed}", name)
        if item.id in seen:
            raise ScoreError(f"{record.abbreviation} {item.id}: answered twice", item.id)
        seen.add(item.id)
        given[item.id] = _answer(record, item, answer)
    return given


def _pairs(record: Instrument, answers: Answers) -> tuple[tuple[str, Answer], ...]:
    if isinstance(answers, Mapping):
        return tuple((str(name), answer) for name, answer in answers.items())
    if isinstance(answers, (str, bytes)) or not hasattr(answers, "__len__"):
        raise ScoreError(f"{record.abbreviation}: answers are a list in order, or item by item")
    if len(answers) > len(record.items):
        raise ScoreError(f"{record.abbreviation}: {len(answers)} answers for {len(record.items)} items")
    return tuple((item.id, answer) for item, answer in zip(record.items, answers, strict=False))


def _item(record: Instrument, name: str) -> Item | None:
    plain = name.strip().casefold()
    return next((item for item in record.items if plain in (item.id, item.id.removeprefix("q"))), None)


def _answer(record: Instrument, item: Item, answer: object) -> tuple[float | None, str]:
    """The number and the patient's own words of an answer."""
    words = ""
    if item.kind == "own_activity" and isinstance(answer, Mapping):
        if set(answer) - {"value", "text"}:
            raise _refused(record, item, answer)
        text = answer.get("text", "")
        if not isinstance(text, str):
            raise _refused(record, item, answer)
        words, answer = text, answer.get("value")
    if answer is None:
        return None, words
    if isinstance(answer, bool) and item.kind == "tick":
        return float(answer), words
    if isinstance(answer, bool) or not isinstance(answer, (int, float)) or not _allowed(record, item, answer):
        raise _refused(record, item, answer)
    return float(answer), words


def _allowed(record: Instrument, item: Item, value: float) -> bool:
    options = record.options_of(item)
    if item.kind in ("choice", "tick"):
        return any(option.value == value for option in options)
    if not math.isfinite(value) or not item.low <= value <= item.high:
        return False
    return ((value - item.low) / item.step).is_integer() if isinstance(value, float) else True


def _refused(record: Instrument, item: Item, answer: object) -> ScoreError:
    return ScoreError(
        f"{record.abbreviation} {item.id} ({item.topic}): {answer!r} is not allowed; {allowed(record, item)}",
        item.id,
    )


def allowed(record: Instrument, item: Item) -> str:
    """What an item takes, in words: `a whole number from 0 to 10`."""
    if item.kind == "tick":
        return "true, false, 1 or 0"
    if item.kind == "choice":
        return "one of " + ", ".join(str(option.value) for option in record.options_of(item))
    unit = "a whole number" if item.step == 1 else f"a number in steps of {item.step:g}"
    return f"{unit} from {item.low} to {item.high}"


# From answers to a score -------------------------------------------------------------------------------


def _scored(record: Instrument, given: Given) -> Score:
    values = {name: value for name, (value, _) in given.items()}
    _fill_unasked(record, values)
    value, reason = _value(record, values)
    return Score(
        instrument=record.id,
        abbreviation=record.abbreviation,
        value=value,
        low=record.scoring.low,
        high=record.scoring.high,
        better=record.scoring.better,
        band=records.band_of(record, "total", value),
        positives=_positives(record, value),
        subscores=_subscores(record, given),
        items=tuple(
            ItemScore(
                item.id,
                item.topic,
                values[item.id],
                records.band_of(record, item.id, values[item.id]),
                given[item.id][1],
            )
            for item in record.items
        ),
        missing=_missing(record, values),
        alerts=_alerts(record, given),
        notices=_notices(record, given),
        reason=reason,
        sources=records.sources_of(record.scoring, record),
        confidence=record.scoring.confidence.value,
        review_state=record.review_state,
    )


def _fill_unasked(record: Instrument, values: dict[str, float | None]) -> None:
    """Who never drinks is not asked how much: the rule's items count what it says, where nobody answered."""
    rule = record.unasked
    if rule is None or values[rule.item] != rule.value:
        return
    for name in rule.others:
        if values[name] is None:
            values[name] = float(rule.counts)


def _missing(record: Instrument, values: Mapping[str, float | None]) -> tuple[str, ...]:
    return tuple(item.id for item in record.items if item.required and values[item.id] is None)


def _value(record: Instrument, values: Mapping[str, float | None]) -> tuple[float | None, str]:
    """The score and how it came about, or None and why there is none."""
    scoring = record.scoring
    answered = [value for value in values.values() if value is not None]
    if scoring.method == "none":
        return None, scoring.words
    if not answered:
        return None, "nothing was answered"
    missing = _missing(record, values)
    if missing and record.missing.rule == "complete":
        return None, f"no score: {', '.join(missing)} not answered; {record.missing.published}"
    if scoring.method == "item":
        return values[scoring.item], scoring.words
    if scoring.method == "product":
        return math.prod(answered), scoring.words
    total = math.fsum(answered)
    return (total / len(answered) if scoring.method == "mean" else total), scoring.words


def _positives(record: Instrument, value: float | None) -> tuple[Mark, ...]:
    if value is None:
        return ()
    return tuple(
        Mark(cutoff.id, cutoff.means, "", cutoff.confidence.value, records.sources_of(cutoff, record))
        for cutoff in record.cutoffs
        if (cutoff.at_least is not None and value >= cutoff.at_least)
        or (cutoff.at_most is not None and value <= cutoff.at_most)
    )


def _subscores(record: Instrument, given: Given) -> tuple[Score, ...]:
    found = []
    for sub in record.subscores:
        inner = records.instrument(sub.instrument)
        pairs = zip(inner.items, sub.items, strict=True)
        found.append(_scored(inner, {item.id: given[name] for item, name in pairs}))
    return tuple(found)


def _alerts(record: Instrument, given: Given) -> tuple[Alert, ...]:
    return tuple(
        _alert(rule, value)
        for rule in records.alerts_of(record.id)
        if (value := given.get(rule.item, (None, ""))[0]) is not None and value > rule.above
    )


def _alert(rule: AnswerAlert, value: float) -> Alert:
    return Alert(
        id=rule.id,
        instrument=rule.instrument,
        item=rule.item,
        value=value,
        tell=tuple(records.phrase(name) for name in rule.tell),
        staff=rule.staff,
        must_record_action=rule.must_record_action,
        never=rule.never,
        sources=rule.sources,
        confidence=rule.confidence.value,
    )


def _notices(record: Instrument, given: Given) -> tuple[str, ...]:
    """Staff hears of a question of life and death that was left open, where others were answered."""
    if all(value is None for value, _ in given.values()):
        return ()
    return tuple(rule.unanswered for rule in records.alerts_of(record.id) if given[rule.item][0] is None)
