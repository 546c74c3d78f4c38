"""Instruments ready to show, the batteries they stand in, and when a second step may be opened."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from openomt.medicine.instruments import records
from openomt.medicine.instruments.values import (
    BatteryPlan,
    BatteryStep,
    Choice,
    Form,
    FormItem,
    Opening,
    Score,
    ScoreError,
    TextMissingError,
)

if TYPE_CHECKING:
    from openomt.knowledge.instruments import Instrument, Item, Step

LANGUAGES = ("en", "es")


def form(instrument_id: str, language: str = "en", only: Collection[str] = ()) -> Form:
    """An instrument to show, one item a screen; `only`: these items of it.

    Raises ScoreError for an unknown or barred instrument or item, ValueError for another language,
    TextMissingError where its published text is not here in that language.
    """
    record = records.instrument(instrument_id)
    if language not in LANGUAGES:
        raise ValueError(f"no language {language!r}: there are en and es")
    if language == "es" and record.text.es_state == "missing":
        from openomt.knowledge.instruments import MISSING_SPANISH

        raise TextMissingError(f"{record.abbreviation}: {MISSING_SPANISH}")
    for name in only:
        if name not in {item.id for item in record.items}:
            raise ScoreError(f"{record.abbreviation}: no item {name!r}", name)
    items = (item for item in record.items if not only or item.id in only)
    return Form(
        instrument=record.id,
        title=record.title,
        language=language,
        recall=record.recall_en if language == "en" else record.recall_es,
        items=tuple(_form_item(record, item, language) for item in items),
        seconds=record.seconds,
        attribution=record.license.attribution,
        notices=_notices(record, language),
    )


def _form_item(record: Instrument, item: Item, language: str) -> FormItem:
    english = language == "en"
    return FormItem(
        id=item.id,
        kind=item.kind,
        stem=record.intro_en if english else record.intro_es,
        text=item.en if english else item.es,
        choices=tuple(
            Choice(option.value, option.en if english else option.es) for option in record.options_of(item)
        ),
        low=item.low,
        high=item.high,
        step=item.step,
        low_label=item.low_en if english else item.low_es,
        high_label=item.high_en if english else item.high_es,
        required=item.required,
    )


def _notices(record: Instrument, language: str) -> tuple[str, ...]:
    from openomt.knowledge.narrative import AWAITING_TRANSLATOR

    notices = [record.text.state] if record.text.state else []
    if language == "es" and record.text.es_state == "own":
        notices.append(AWAITING_TRANSLATOR)
    return tuple(notices)


def battery(battery_id: str, extra_seconds: int = 0, language: str = "en") -> BatteryPlan:
    """What to ask at an occasion. `extra_seconds`: what the questions on danger signs take beside it.

    Parts that may wait move to the second visit where the whole is longer than its limit. Raises ValueError.
    """
    if extra_seconds < 0:
        raise ValueError("extra_seconds is below 0")
    if language not in LANGUAGES:
        raise ValueError(f"no language {language!r}: there are en and es")
    record = records.battery_record(battery_id)
    total = sum(step.seconds for step in record.steps) + extra_seconds
    over = total > record.limit_seconds
    moved = tuple(step for step in record.steps if over and step.move_if_over)
    kept = tuple(step for step in record.steps if step not in moved)
    reasons = [
        f"{step.title} moves to the second visit: {total} seconds are more than {record.limit_seconds}"
        for step in moved
    ]
    return BatteryPlan(
        id=record.id,
        title=record.title,
        steps=tuple(_step(step, language) for step in kept),
        moved=tuple(_step(step, language) for step in moved),
        seconds=total - sum(step.seconds for step in moved),
        limit_seconds=record.limit_seconds,
        added_when=tuple((extra.instrument, extra.when) for extra in record.extras),
        reasons=(*reasons, *record.notes),
        sources=record.sources,
        confidence=record.confidence.value,
    )


def _step(step: Step, language: str) -> BatteryStep:
    missing = (
        language == "es"
        and bool(step.instrument)
        and records.instrument(step.instrument).text.es_state == "missing"
    )
    return BatteryStep(
        step.instrument,
        step.part,
        step.title,
        step.items,
        step.only_items,
        step.seconds,
        step.skippable,
        missing,
    )


def may_open(
    instrument_id: str, before: Score | None = None, *, responder_named: bool, in_visit: bool = False
) -> Opening:
    """Whether an instrument may be opened now. `before`: the score that its rule asks for (PHQ-2 or PHQ-4).

    In the visit the clinician decides. Raises ScoreError for an unknown instrument or another score.
    """
    record = records.instrument(instrument_id)
    rule = record.opening
    if rule is None:
        return Opening(True, "no rule bars it", record.sources, record.confidence.value)

    def said(allowed: bool, reason: str) -> Opening:
        return Opening(allowed, reason, records.sources_of(rule, record), rule.confidence.value)

    if in_visit:
        return said(True, "in the visit the clinician is there")
    first = records.instrument(rule.instrument).abbreviation
    value = _gate_value(rule.instrument, before)
    if value is None:
        return said(False, f"{first} has no score; {rule.otherwise}")
    if value < rule.at_least:
        return said(False, f"{first} is {value:g}, below {rule.at_least:g}")
    if rule.needs_responder and not responder_named:
        return said(False, f"the clinic has named no live person and hours to answer; {rule.otherwise}")
    return said(True, f"{first} is {value:g}, and a live person is named to answer")


def _gate_value(wanted: str, before: Score | None) -> float | None:
    if before is None:
        return None
    for score in (before, *before.subscores):
        if score.instrument == wanted:
            return score.value
    raise ScoreError(f"{before.abbreviation} holds no {wanted} score")
