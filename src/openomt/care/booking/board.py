"""The schedule as columns of items, ready to be drawn: by clinician for a day, by day for a week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from openomt.care.accounts.models import User
from openomt.care.booking import slots
from openomt.care.booking.diary import Diary
from openomt.care.booking.models import STEP, Absence, Appointment

_HOUR = 60
_LINES = 24 * _HOUR // STEP
_USUAL = (8, 17)
"""Hours that are drawn where nobody works."""


@dataclass(frozen=True, slots=True)
class Item:
    """What stands in a column: an appointment, an absence, or (neither) a free time. Lines count from 1."""

    start: dt.datetime
    end: dt.datetime
    line: int
    until: int
    appointment: Appointment | None = None
    absence: Absence | None = None
    location: int = 0

    @property
    def is_short(self) -> bool:
        """Whether there is room for one line of words only."""
        return self.until - self.line < 6

    @property
    def stamp(self) -> str:
        """The start as an address carries it."""
        return self.start.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%MZ")


@dataclass(frozen=True, slots=True)
class Column:
    """A clinician's day. `opening`: lines between which patients are seen; `gone`: who canceled or did not come."""

    clinician: User
    day: dt.date
    opening: tuple[tuple[int, int], ...]
    items: tuple[Item, ...]
    gone: tuple[Appointment, ...]
    now: int = 0

    @property
    def booked(self) -> int:
        return sum(item.appointment is not None for item in self.items)

    @property
    def free(self) -> int:
        return sum(item.appointment is None and item.absence is None for item in self.items)


@dataclass(frozen=True, slots=True)
class Board:
    """Columns side by side, and the hours written at their side (line, hour)."""

    columns: tuple[Column, ...]
    hours: tuple[tuple[int, dt.time], ...]
    lines: int


def board(
    diary: Diary, clinicians: Sequence[User], minutes: int, now: dt.datetime, location: int | None = None
) -> Board:
    """The diaries drawn: a column for each clinician and day, free times of `minutes`, at one location or all."""
    days = [diary.first + dt.timedelta(days=n) for n in range((diary.last - diary.first).days + 1)]
    places = [(clinician, day) for day in days for clinician in clinicians]
    first, last = _bounds(diary, places)
    columns = tuple(
        _column(diary, clinician, day, minutes, now, location, first) for clinician, day in places
    )
    hours = tuple(((hour - first) * _HOUR // STEP + 1, dt.time(hour)) for hour in range(first, last))
    return Board(columns, hours, (last - first) * _HOUR // STEP)


def _bounds(diary: Diary, places: Iterable[tuple[User, dt.date]]) -> tuple[int, int]:
    """The first and the last hour that are drawn: those in which anybody works or is booked."""
    found: list[int] = []
    for clinician, day in places:
        for one in _spans(diary, clinician, day):
            start, end = _minute(one.start, day, diary.zone), _minute(one.end, day, diary.zone)
            found += [start // _HOUR, -(-end // _HOUR)]
    return (max(0, min(found)), min(24, max(found))) if found else _USUAL


def _spans(diary: Diary, clinician: User, day: dt.date) -> Iterator[slots.Span]:
    whole = slots.day_span(day, diary.zone)
    for opening in slots.open_spans(diary.hours.get(clinician.pk, ()), day, diary.zone):
        yield opening.span
    for one in diary.appointments.get(clinician.pk, ()):
        span = slots.Span(one.start, one.end)
        if one.stands and span.overlaps(whole):
            yield span


def _minute(moment: dt.datetime, day: dt.date, zone: dt.tzinfo) -> int:
    """Minutes since midnight by the clock on the wall; before the day 0, after it 24 hours."""
    local = moment.astimezone(zone)
    if local.date() != day:
        return 0 if local.date() < day else 24 * _HOUR
    return local.hour * _HOUR + local.minute


def _column(  # noqa: PLR0913, PLR0917  (all that a column shows)
    diary: Diary,
    clinician: User,
    day: dt.date,
    minutes: int,
    now: dt.datetime,
    location: int | None,
    first: int,
) -> Column:
    def line(moment: dt.datetime) -> int:
        lines = (_minute(moment, day, diary.zone) - first * _HOUR) // STEP
        return max(0, min(lines, _LINES)) + 1

    def item(start: dt.datetime, end: dt.datetime, **what: object) -> Item:
        at = line(start)
        return Item(start, end, at, max(line(end), at + 1), **what)  # type: ignore[arg-type]

    whole = slots.day_span(day, diary.zone)
    today = [
        one
        for one in diary.appointments.get(clinician.pk, ())
        if whole.start <= one.start < whole.end and location in (None, one.location_id)
    ]
    away = [
        one for one in diary.absences.get(clinician.pk, ()) if slots.Span(one.start, one.end).overlaps(whole)
    ]
    hours = [one for one in diary.hours.get(clinician.pk, ()) if location in (None, one.location)]
    free = slots.free_times(hours, diary.busy(clinician.pk), minutes, day, day, diary.zone)
    items = [item(one.start, one.end, appointment=one) for one in today if one.stands]
    items += [
        item(max(one.start, whole.start), min(one.end, whole.end), absence=one)
        for one in away
        if hours or today
    ]
    items += [item(one.span.start, one.span.end, location=one.location) for one in free if one.span.end > now]
    opening = (one.span for one in slots.open_spans(hours, day, diary.zone))
    return Column(
        clinician=clinician,
        day=day,
        opening=tuple((line(one.start), line(one.end)) for one in opening),
        items=tuple(sorted(items, key=lambda one: (one.start, one.absence is None))),
        gone=tuple(one for one in today if not one.stands),
        now=line(now) if whole.start <= now < whole.end else 0,
    )
