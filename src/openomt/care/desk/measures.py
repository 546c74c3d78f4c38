"""The four lines of the chart: which questionnaire tells of what, where it stands, and whether the change counts.

Every threshold, band and word of judgment comes from the medicine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from openomt.care.desk.trend import Trend, draw
from openomt.care.intake.models import FormAnswer
from openomt.care.intake.services import score_of
from openomt.medicine import instruments
from openomt.medicine.instruments import Change, ChangeState, Direction

Points = list[tuple[dt.date, float]]


@dataclass(frozen=True, slots=True)
class Slot:
    """One of the four places, and the instruments that may stand in it, the usual one first."""

    key: str
    title: str
    instruments: tuple[str, ...]


SLOTS = (
    Slot("pain", "Pain", ("peg", "nrs", "headache_diary")),
    Slot("life", "Daily life", ("psfs", "rmdq")),
    Slot("sleep", "Sleep", ("sleep",)),
    Slot("mood", "Mood and worry", ("phq4", "phq9", "gad7")),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a measure: a word with its shape, and the reason in small letters."""

    word: str
    shape: str
    why: str
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the strip. `picture` empty: nobody has answered it yet; `instrument` says what to ask."""

    slot: Slot
    instrument: str
    label: str
    what: str = ""
    value: str = ""
    unit: str = ""
    points: tuple[tuple[dt.date, str], ...] = ()
    verdict: Verdict | None = None
    picture: str = ""


def measures(answers: Sequence[FormAnswer]) -> tuple[Measure, ...]:
    """The four, out of the answers of a course in the order of their days."""
    return tuple(_measure(slot, answers) for slot in SLOTS)


def _measure(slot: Slot, answers: Sequence[FormAnswer]) -> Measure:
    of_each = {name: [one for one in answers if one.instrument == name] for name in slot.instruments}
    name = max(slot.instruments, key=lambda one: len(of_each[one]))
    mine = of_each[name]
    record = instruments.instrument(name)
    if record.scoring.method == "none":
        return _of_item(slot, name, mine)
    scored = [one for one in mine if one.score is not None]
    if not scored:
        return Measure(slot, name, record.abbreviation)
    points: Points = [(one.on, float(one.score or 0)) for one in scored]
    told = _change(name, scored)
    better = record.scoring.better
    edge = _edge(name, told, points)
    verdict = _verdict(told, len(points), edge)
    trend = Trend(
        key=f"trend-{slot.key}",
        title=f"{slot.title}, {record.abbreviation}",
        points=points,
        low=record.scoring.low,
        high=record.scoring.high,
        better=better,
        edge=edge,
        edge_words=f"counts at {_plain(edge)}" if edge is not None else "",
        lines=_borders(name, points) if edge is None else (),
    )
    return Measure(
        slot=slot,
        instrument=name,
        label=record.abbreviation,
        what=f"{record.abbreviation}, {better} is better",
        value=_plain(points[-1][1]),
        unit=f"of {_plain(record.scoring.high)}",
        points=tuple((day, _plain(value)) for day, value in points),
        verdict=verdict,
        picture=draw(replace(trend, told=_told(points, verdict))),
    )


def _change(name: str, scored: Sequence[FormAnswer]) -> Change:
    """The last against the first. Own activities are compared one by one, which numbers alone cannot tell."""
    first, last = scored[0], scored[-1]
    if instruments.instrument(name).missing.rule == "any":
        return instruments.change(name, score_of(first), score_of(last))
    return instruments.change(name, first.score, last.score)


def _verdict(told: Change, count: int, edge: float | None) -> Verdict:
    if count < 2:
        return Verdict("First answer", "note", f"A change counts at: {told.reason}" if edge else "")
    if told.state is ChangeState.CANNOT_SAY or told.points is None:
        return Verdict("Cannot say", "open", told.reason.capitalize())
    if told.state is ChangeState.NO_AGREED_VALUE:
        return _banded(told)
    why = f"{_moved(told)}. Counts: {told.reason}"
    if told.worsened:
        return Verdict("Worse", "down", why, alarm=True)
    word, shape = _WORDS["improved" if told.improved else str(told.direction)]
    return Verdict(word, shape, why)


_WORDS = {
    "improved": ("Improved", "check"),
    Direction.BETTER.value: ("Not yet", "open"),
    Direction.SAME.value: ("Unchanged", "same"),
    Direction.WORSE.value: ("Worse, not by what counts", "down"),
}


def _banded(told: Change) -> Verdict:
    """Without an agreed change only the band is told, as the record says."""
    old, new = told.band_before, told.band_after
    why = f"{_moved(told)}. {told.reason.capitalize()}"
    if old is None or new is None:
        same = told.direction is Direction.SAME
        return Verdict(_moved(told), "same" if same else "open", told.reason.capitalize())
    if old.id == new.id:
        return Verdict(f"Same band, {new.en}", "same", why)
    worse = told.direction is Direction.WORSE
    return Verdict(f"From {old.en} to {new.en}", "down" if worse else "up", why, alarm=worse)


def _moved(told: Change) -> str:
    points = told.points or 0
    if not points:
        return "No change"
    percent = f", {abs(told.percent):.0f} %" if told.percent is not None else ""
    return f"{'Up' if points > 0 else 'Down'} {_plain(abs(points))}{percent}"


# Where change begins to count -----------------------------------------------------------------------------


def _edge(name: str, told: Change, points: Points) -> float | None:
    """Where the shaded part begins. None where the comparison does not rest on the first value that is drawn."""
    first = points[0][1]
    if told.before is not None and abs(told.before - first) > 1e-6:
        return None
    return counts_at(name, first)


@lru_cache(maxsize=4096)
def counts_at(name: str, before: float) -> float | None:
    """The value nearest to `before` that the medicine calls improved, to a thousandth; None where there is none."""
    scoring = instruments.instrument(name).scoring
    best = scoring.high if scoring.better == "higher" else scoring.low
    if not instruments.change(name, before, best).improved:
        return None
    near, far = before, best
    while abs(far - near) > 0.0005:
        middle = (near + far) / 2
        if instruments.change(name, before, middle).improved:
            far = middle
        else:
            near = middle
    return round(far, 3)


def _borders(name: str, points: Points) -> tuple[tuple[float, str], ...]:
    """The borders of bands next to the last value."""
    bands = sorted(
        (band.at_least, band.en)
        for band in instruments.instrument(name).bands
        if band.of == "total" and band.at_least > 0
    )
    last = points[-1][1]
    below = [one for one in bands if one[0] <= last][-1:]
    above = [one for one in bands if one[0] > last][: 2 - len(below)]
    return tuple((at, f"{_plain(at)}, {words}") for at, words in (*below, *above))


# An instrument without a total -----------------------------------------------------------------------------


def _of_item(slot: Slot, name: str, answers: Sequence[FormAnswer]) -> Measure:
    """The item that was answered most often stands for the instrument."""
    record = instruments.instrument(name)
    by_item = {item.id: _values(item.id, answers) for item in record.items}
    item = max(record.items, key=lambda one: len(by_item[one.id]))
    points = by_item[item.id]
    if not points:
        return Measure(slot, name, record.abbreviation)
    lines = tuple((cross.at, cross.means) for cross in record.crossings if cross.of == item.id)
    low, high = _window([value for _, value in points] + [at for at, _ in lines], item.low, item.high)
    verdict = _item_verdict(name, item.id, points)
    trend = Trend(
        key=f"trend-{slot.key}",
        title=f"{slot.title}, {item.topic}",
        points=points,
        low=low,
        high=high,
        better="higher",
        lines=lines,
        told=_told(points, verdict),
    )
    return Measure(
        slot=slot,
        instrument=name,
        label=record.abbreviation,
        what=f"{item.topic.capitalize()}, {record.scoring.better} is better",
        value=_plain(points[-1][1]),
        unit=item.topic if lines else f"of {item.high}",
        points=tuple((day, _plain(value)) for day, value in points),
        verdict=verdict,
        picture=draw(trend),
    )


def _values(item: str, answers: Sequence[FormAnswer]) -> Points:
    given = ((one.on, one.answers.get(item)) for one in answers)
    return [(day, float(value)) for day, value in given if isinstance(value, (int, float))]


def _window(values: Sequence[float], low: int, high: int) -> tuple[float, float]:
    """A part of a long scale, so that half an hour of sleep is seen: everything, with a step to spare."""
    if high - low <= 10:
        return low, high
    return max(low, int(min(values)) - 2), min(high, int(max(values)) + 2)


def _item_verdict(name: str, item: str, points: Points) -> Verdict:
    first, last = ({item: points[place][1]} for place in (0, -1))
    now = instruments.score(name, last)
    band = next(one.band for one in now.items if one.id == item)
    word = band.en.capitalize() if band is not None else "Answered"
    if len(points) < 2:
        return Verdict(word, "note", "First answer")
    told = instruments.change(name, instruments.score(name, first), now)
    by = points[-1][1] - points[0][1]
    moved = f"{'Up' if by > 0 else 'Down'} {_plain(abs(by))}" if by else "No change"
    why = ". ".join((moved, *told.crossed, "No agreed value of change"))
    return Verdict(word, "up" if by > 0 else "down" if by < 0 else "same", why)


# Words ---------------------------------------------------------------------------------------------------------


def _plain(value: float) -> str:
    """`4`, `4.7`: one place, and none where it says nothing."""
    return f"{value:.1f}".removesuffix(".0")


def _told(points: Points, verdict: Verdict) -> str:
    first, last = points[0], points[-1]
    if len(points) == 1:
        return f"{_plain(last[1])} on {last[0].isoformat()}."
    return (
        f"From {_plain(first[1])} on {first[0].isoformat()} to {_plain(last[1])} on {last[0].isoformat()}. "
        f"{verdict.word}."
    )
