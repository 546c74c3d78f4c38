"""Free times, as a table a person can check."""

from __future__ import annotations

import datetime as dt
import itertools
import zoneinfo

import pytest

from openomt.care.booking import slots

NEW_YORK = zoneinfo.ZoneInfo("America/New_York")
MONDAY = dt.date(2026, 11, 23)
FORWARD = dt.date(2026, 3, 8)
"""A Sunday on which 2:00 becomes 3:00 in New York."""
BACK = dt.date(2026, 11, 1)
"""A Sunday on which 2:00 becomes 1:00 again."""


def hours(weekday: int, first: str, last: str, location: int = 1) -> slots.Hours:
    return slots.Hours(weekday, dt.time.fromisoformat(first), dt.time.fromisoformat(last), location)


def span(day: dt.date, first: str, last: str) -> slots.Span:
    return slots.Span(
        slots.at(day, dt.time.fromisoformat(first), NEW_YORK),
        slots.at(day, dt.time.fromisoformat(last), NEW_YORK),
    )


def clock(found: list[slots.Open]) -> list[str]:
    return [f"{one.span.start.astimezone(NEW_YORK):%H:%M}" for one in found]


def free(
    week: list[slots.Hours], busy: list[slots.Span], minutes: int, day: dt.date = MONDAY
) -> list[slots.Open]:
    return list(slots.free_times(week, busy, minutes, day, day, NEW_YORK))


@pytest.mark.parametrize(
    ("busy", "minutes", "expected"),
    [
        ([], 60, ["08:00", "09:00", "10:00", "11:00"]),
        ([("09:00", "10:00")], 60, ["08:00", "10:00", "11:00"]),
        ([("08:30", "09:15")], 30, ["08:00", "09:15", "09:45", "10:15", "10:45", "11:15"]),
        ([("07:00", "08:30")], 45, ["08:30", "09:15", "10:00", "10:45"]),
        ([("11:30", "13:00")], 60, ["08:00", "09:00", "10:00"]),
        ([("09:00", "10:00"), ("09:30", "11:00")], 60, ["08:00", "11:00"]),
        ([("07:00", "13:00")], 15, []),
        ([], 300, []),
    ],
)
def test_what_is_busy_is_not_offered(busy: list[tuple[str, str]], minutes: int, expected: list[str]) -> None:
    taken = [span(MONDAY, *one) for one in busy]
    assert clock(free([hours(0, "08:00", "12:00")], taken, minutes)) == expected


def test_no_offer_overlaps_another_or_what_is_busy() -> None:
    taken = [span(MONDAY, "09:10", "09:50"), span(MONDAY, "10:25", "10:40")]
    offered = [one.span for one in free([hours(0, "08:00", "12:00")], taken, 20)]
    everything = sorted([*offered, *taken])
    assert all(one.end <= other.start for one, other in itertools.pairwise(everything))


def test_each_stretch_offers_its_own_location() -> None:
    found = free([hours(0, "13:00", "14:00", 2), hours(0, "08:00", "09:00", 1)], [], 60)
    assert [(one.location, at) for one, at in zip(found, clock(found), strict=True)] == [
        (1, "08:00"),
        (2, "13:00"),
    ]


def test_other_weekdays_offer_nothing() -> None:
    assert free([hours(1, "08:00", "12:00")], [], 30) == []


def test_a_range_of_days_is_offered_day_by_day() -> None:
    week = [hours(0, "08:00", "09:00"), hours(2, "08:00", "09:00")]
    found = slots.free_times(week, [], 60, MONDAY, MONDAY + dt.timedelta(days=6), NEW_YORK)
    assert [one.span.start.astimezone(NEW_YORK).date().day for one in found] == [23, 25]


def test_nothing_before_now_is_offered() -> None:
    now = slots.at(MONDAY, dt.time(9, 1), NEW_YORK)
    found = slots.free_times([hours(0, "08:00", "11:00")], [], 60, MONDAY, MONDAY, NEW_YORK, not_before=now)
    assert clock(list(found)) == ["10:00"]


def test_offers_may_begin_closer_together_than_they_last() -> None:
    found = slots.free_times([hours(0, "08:00", "09:30")], [], 60, MONDAY, MONDAY, NEW_YORK, step=15)
    assert clock(list(found)) == ["08:00", "08:15", "08:30"]


@pytest.mark.parametrize("minutes", [0, -30])
def test_a_length_that_is_not_positive_is_refused(minutes: int) -> None:
    with pytest.raises(ValueError, match="at least a minute"):
        free([hours(0, "08:00", "12:00")], [], minutes)


def test_the_hour_the_clocks_skip_is_not_offered() -> None:
    found = free([hours(6, "01:00", "04:00")], [], 60, FORWARD)
    assert clock(found) == ["01:00", "03:00"]
    assert all(one.span.minutes == 60 for one in found)


def test_the_hour_that_is_there_twice_is_offered_twice() -> None:
    found = free([hours(6, "00:00", "03:00")], [], 60, BACK)
    assert clock(found) == ["00:00", "01:00", "01:00", "02:00"]
    assert len({one.span.start for one in found}) == 4


@pytest.mark.parametrize(("day", "expected"), [(FORWARD, 23), (BACK, 25), (MONDAY, 24)])
def test_a_day_has_the_hours_of_its_wall_clock(day: dt.date, expected: int) -> None:
    assert slots.day_span(day, NEW_YORK).minutes == expected * 60


def test_hours_stand_by_the_clock_before_and_after_the_change() -> None:
    week = [hours(0, "08:00", "09:00")]
    before, after = dt.date(2026, 10, 26), dt.date(2026, 11, 2)
    assert clock(free(week, [], 60, before)) == clock(free(week, [], 60, after)) == ["08:00"]


@pytest.mark.parametrize(
    ("day", "time", "there"), [(FORWARD, "02:30", False), (FORWARD, "03:00", True), (BACK, "01:30", True)]
)
def test_a_time_the_clock_never_shows_is_known(day: dt.date, time: str, there: bool) -> None:
    assert slots.exists(day, dt.time.fromisoformat(time), NEW_YORK) is there
