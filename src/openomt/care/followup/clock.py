"""The clock of a task in words, and how much of its time is gone. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from openomt.care.times import spoken_time

_COUNTED = dt.timedelta(hours=12)
"""Below this the time that is left is counted down; above it the day and hour are said."""
_LAST = 0.25
"""The last quarter of the time is shown as urgent."""


@dataclass(frozen=True, slots=True)
class Clock:
    """`big` and `small` words (`0:12`, `left of 4 h`), what part is gone (0 to 1), and whether it presses."""

    big: str
    small: str
    gone: float
    late: bool
    presses: bool

    @property
    def width(self) -> str:
        """The part that is gone, of 64."""
        return f"{self.gone * 64:.1f}"

    @property
    def spoken(self) -> str:
        return f"{self.big} {self.small}"


def read(opened: dt.datetime, due: dt.datetime, now: dt.datetime, zone: dt.tzinfo) -> Clock:
    """How the clock of a task stands."""
    whole, left = due - opened, due - now
    # In hundredths: the same clock for a while, so that what is drawn of it can be kept.
    gone = 1.0 if whole <= dt.timedelta() else round(min(max((now - opened) / whole, 0.0), 1.0), 2)
    if whole <= dt.timedelta():
        return Clock("Now", f"since {_clock(opened, zone)}", 1.0, late=True, presses=True)
    if left < dt.timedelta():
        return Clock(*_overdue(-left), gone, late=True, presses=True)
    presses = gone >= 1 - _LAST
    if left <= _COUNTED:
        return Clock(_minutes(left), f"left of {_hours(whole)}", gone, late=False, presses=presses)
    local, today = due.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return Clock("Today", _clock(due, zone), gone, late=False, presses=presses)
    if (local.date() - today).days < 7:
        return Clock(
            f"{local:%a}", f"{local.day} {local:%b}, {_clock(due, zone)}", gone, late=False, presses=presses
        )
    return Clock(f"{local.day} {local:%b}", _clock(due, zone), gone, late=False, presses=presses)


def _overdue(by: dt.timedelta) -> tuple[str, str]:
    if by < dt.timedelta(days=1):
        return _minutes(by), "too late"
    return f"{by.days} d", "too late"


def _minutes(length: dt.timedelta) -> str:
    """`0:12`: hours and whole minutes that are left."""
    minutes = int(length.total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def _hours(length: dt.timedelta) -> str:
    hours = length.total_seconds() / 3600
    if hours < 1:
        return f"{round(hours * 60)} min"
    return f"{hours:.0f} h" if hours >= 10 or abs(hours - round(hours)) < 0.05 else f"{hours:.1f} h"


def _clock(moment: dt.datetime, zone: dt.tzinfo) -> str:
    return spoken_time(moment.astimezone(zone))
