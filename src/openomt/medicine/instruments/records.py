"""The records of instruments, looked up once by every name they go by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from openomt.medicine.instruments.values import Mark, ScoreError

if TYPE_CHECKING:
    from openomt.knowledge.instruments import (
        AnswerAlert,
        Band,
        BarredInstrument,
        Battery,
        Instrument,
        Marked,
        OutcomeRule,
        ReviewRule,
    )
    from openomt.knowledge.narrative import Phrase


@dataclass(frozen=True, slots=True)
class _Tables:
    """Records by what they are looked up by; instruments by every name, in small letters and digits."""

    instruments: Mapping[str, Instrument]
    by_name: Mapping[str, Instrument]
    barred: Mapping[str, BarredInstrument]
    alerts: Mapping[str, tuple[AnswerAlert, ...]]
    batteries: Mapping[str, Battery]
    outcome: OutcomeRule
    review: ReviewRule
    phrases: Mapping[str, Phrase]


@cache
def _tables() -> _Tables:
    # Imported here: pydantic is not loaded until an instrument is used.
    from openomt.knowledge import instruments as kinds
    from openomt.knowledge.loader import load
    from openomt.knowledge.narrative import Phrase

    known = load()
    instruments = known.all(kinds.Instrument)
    alerts: dict[str, tuple[AnswerAlert, ...]] = {}
    for alert in known.all(kinds.AnswerAlert):
        alerts[alert.instrument] = (*alerts.get(alert.instrument, ()), alert)
    return _Tables(
        instruments={record.id: record for record in instruments},
        by_name={
            _key(name): record
            for record in instruments
            for name in (*record.names, record.title, record.abbreviation, record.id)
        },
        barred={
            _key(name): record
            for record in known.all(kinds.BarredInstrument)
            for name in (*record.names, record.title, record.id)
        },
        alerts=alerts,
        batteries={record.id: record for record in known.all(kinds.Battery)},
        outcome=known.get(kinds.OutcomeRule, "outcome"),
        review=known.get(kinds.ReviewRule, "course"),
        phrases={record.id: record for record in known.all(Phrase)},
    )


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def instruments() -> tuple[Instrument, ...]:
    """Every instrument that is shipped, in the order of the files."""
    return tuple(_tables().instruments.values())


def instrument(name: str) -> Instrument:
    """An instrument by its id, abbreviation, title or another name, in any spelling.

    Raises ScoreError where it may not be shipped (saying whose it is) or is not known.
    """
    key = _key(name)
    tables = _tables()
    if key in tables.by_name:
        return tables.by_name[key]
    if key in tables.barred:
        barred = tables.barred[key]
        raise ScoreError(
            f"{barred.title} may not be shipped with this program ({barred.verdict}; owner: {barred.owner}): "
            f"{barred.reason}"
        )
    there = ", ".join(record.id for record in tables.instruments.values())
    raise ScoreError(f"no instrument {name!r}; there are {there}")


def alerts_of(instrument_id: str) -> tuple[AnswerAlert, ...]:
    """The answers of an instrument that a person must see at once."""
    return _tables().alerts.get(instrument_id, ())


def battery_record(battery_id: str) -> Battery:
    """A battery by its id. Raises ValueError naming those there are."""
    batteries = _tables().batteries
    if battery_id not in batteries:
        raise ValueError(f"no battery {battery_id!r}; there are {', '.join(batteries)}")
    return batteries[battery_id]


def outcome_rule() -> OutcomeRule:
    """The rule of improved or not."""
    return _tables().outcome


def review_rule() -> ReviewRule:
    """The default course, and when to stop or change."""
    return _tables().review


def phrase(phrase_id: str) -> tuple[str, str]:
    """A sentence for the patient, in English and Spanish."""
    record = _tables().phrases[phrase_id]
    return record.en, record.es


def sources_of(part: Marked, record: Instrument) -> tuple[str, ...]:
    """The sources of a part of a record: its own, or else the record's."""
    return part.sources or record.sources


def band_of(record: Instrument, of: str, value: float | None) -> Mark | None:
    """The band a value lies in, of the total or of an item; None without a value or without bands."""
    if value is None:
        return None
    reached: Band | None = None
    for band in record.bands:
        if band.of == of and value >= band.at_least and (reached is None or band.at_least > reached.at_least):
            reached = band
    if reached is None:
        return None
    return Mark(reached.id, reached.en, reached.es, reached.confidence.value, sources_of(reached, record))
