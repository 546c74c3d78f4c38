"""Free times of a clinician: pure functions on hours and what takes them. No database, no clock.

A day has the hours its wall clock shows. Where the clocks go forward or back, an hour is missing or there twice; all
arithmetic is done in UTC, so that a slot of 30 minutes takes 30 minutes on that day too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From when to when, aware of its zone; the end is not part of it."""

    start: dt.datetime
    end: dt.datetime

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end

    def holds(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when, by the clock on the wall, on a weekday (0: Monday), at a location (its key)."""

    weekday: int
    start: dt.time
    end: dt.time
    location: int


@dataclass(frozen=True, slots=True, order=True)
class Open:
    """A stretch of one day in which a clinician sees patients at a location."""

    span: Span
    location: int


def at(day: dt.date, time: dt.time, zone: dt.tzinfo) -> dt.datetime:
    """The moment when the wall clock shows this, in UTC. Of an hour that is there twice, the first."""
    return dt.datetime.combine(day, time, tzinfo=zone).astimezone(dt.UTC)


def stamp(moment: dt.datetime) -> str:
    """A moment as keys and addresses carry it: `20351126T1430Z`."""
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%MZ")


def exists(day: dt.date, time: dt.time, zone: dt.tzinfo) -> bool:
    """Whether the wall clock shows this at all: where the clocks go forward, an hour is missing."""
    return at(day, time, zone).astimezone(zone).replace(tzinfo=None) == dt.datetime.combine(day, time)


def day_span(day: dt.date, zone: dt.tzinfo) -> Span:
    """A whole day of the wall clock: 23 to 25 hours."""
    return Span(at(day, dt.time(), zone), at(day + _ONE_DAY, dt.time(), zone))


def open_spans(hours: Iterable[Hours], day: dt.date, zone: dt.tzinfo) -> tuple[Open, ...]:
    """When a clinician sees patients on a day, in order."""
    found = (
        Open(Span(at(day, one.start, zone), at(day, one.end, zone)), one.location)
        for one in hours
        if one.weekday == day.weekday()
    )
    return tuple(sorted(one for one in found if one.span.end > one.span.start))


def gaps(span: Span, busy: Iterable[Span]) -> Iterator[Span]:
    """What is left of a span when everything busy is taken out, in order."""
    start = span.start
    for taken in sorted(busy):
        if taken.end <= start:
            continue
        if taken.start >= span.end:
            break
        if taken.start > start:
            yield Span(start, taken.start)
        start = max(start, taken.end)
    if start < span.end:
        yield Span(start, span.end)


def cut(gap: Span, minutes: int, step: int | None = None) -> Iterator[Span]:
    """Times of so many minutes that fit a gap, from its start on, each `step` (the length itself) after the last."""
    length, start = dt.timedelta(minutes=minutes), gap.start
    while start + length <= gap.end:
        yield Span(start, start + length)
        start += dt.timedelta(minutes=step or minutes)


def free_times(  # noqa: PLR0913, PLR0917  (what makes a time free, named at the call)
    hours: Sequence[Hours],
    busy: Sequence[Span],
    minutes: int,
    first: dt.date,
    last: dt.date,
    zone: dt.tzinfo,
    *,
    step: int | None = None,
    not_before: dt.datetime | None = None,
) -> Iterator[Open]:
    """The free times of a clinician from one day to another, both included, in order.

    `busy` is whatever takes the clinician's time, appointments and absences alike. Raises ValueError for a length
    that is not positive.
    """
    if minutes <= 0 or (step is not None and step <= 0):
        raise ValueError("a time that is offered takes at least a minute")
    day = first
    while day <= last:
        for one in open_spans(hours, day, zone):
            for gap in gaps(one.span, busy):
                for span in cut(gap, minutes, step):
                    if not_before is None or span.start >= not_before:
                        yield Open(span, one.location)
        day += _ONE_DAY
