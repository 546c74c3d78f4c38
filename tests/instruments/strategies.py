"""Answers to any instrument, for the tests that hold for all of them."""

from __future__ import annotations

from hypothesis import strategies as st

from openomt.knowledge.instruments import Instrument, Item
from openomt.medicine.instruments import instrument, instruments

ALL = [record.id for record in instruments()]
SCORED = [record.id for record in instruments() if record.scoring.method != "none"]


def values_of(record: Instrument, item: Item) -> list[float]:
    """Every answer an item takes, from the lowest up."""
    options = record.options_of(item)
    if options:
        return sorted(float(option.value) for option in options)
    steps = int((item.high - item.low) / item.step)
    return [item.low + step * item.step for step in range(steps + 1)]


def whole(instrument_id: str) -> st.SearchStrategy[list[float]]:
    """An answer to every item."""
    record = instrument(instrument_id)
    return st.tuples(*(st.sampled_from(values_of(record, item)) for item in record.items)).map(list)


def partial(instrument_id: str) -> st.SearchStrategy[list[float | None]]:
    """An answer to some items."""
    record = instrument(instrument_id)
    one = (st.none() | st.sampled_from(values_of(record, item)) for item in record.items)
    return st.tuples(*one).map(list)


def reaching(instrument_id: str, total: int) -> list[float]:
    """Answers whose sum is this, the first items highest."""
    record, left, given = instrument(instrument_id), float(total), []
    for item in record.items:
        answer = max(value for value in values_of(record, item) if value <= left)
        given.append(answer)
        left -= answer
    assert left == 0
    return given
