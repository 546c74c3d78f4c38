"""Finds free times for made-up visits, so that no clinician is in two rooms at once."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import defaultdict

from openomt.site.demo.staff import AFTER_NOON, OPENS, ZONE

SLOT = dt.timedelta(minutes=30)
_MORNING, _AFTERNOON = 7, 8


class Diary:
    """Half hours on working days, each given once for each clinician."""

    def __init__(self, first: dt.date, last: dt.date) -> None:
        self._first, self._last = first, last
        self._taken: dict[tuple[int, dt.date], set[int]] = defaultdict(set)
        self._zone = zoneinfo.ZoneInfo(ZONE)

    def take(self, clinician: int, wished: dt.date, slots: int, not_before: dt.date) -> dt.datetime | None:
        """The first free time from the wished day on, else the last before it; None where there is none left."""
        start = max(wished, not_before, self._first)
        later = (start + dt.timedelta(days=away) for away in range((self._last - start).days + 1))
        earlier = (
            start - dt.timedelta(days=away)
            for away in range(1, (start - max(not_before, self._first)).days + 1)
        )
        for day in (*later, *earlier):
            if (found := self._on(clinician, day, slots)) is not None:
                return found
        return None

    def _on(self, clinician: int, day: dt.date, slots: int) -> dt.datetime | None:
        if day.weekday() > 4 or day > self._last:
            return None
        taken = self._taken[clinician, day]
        for number in range(_MORNING + _AFTERNOON - slots + 1):
            wanted = set(range(number, number + slots))
            if wanted & taken or (number < _MORNING <= number + slots - 1):
                continue
            taken |= wanted
            return self._moment(day, number)
        return None

    def _moment(self, day: dt.date, number: int) -> dt.datetime:
        base, extra = (OPENS, number) if number < _MORNING else (AFTER_NOON, number - _MORNING)
        return (dt.datetime.combine(day, base, tzinfo=self._zone) + extra * SLOT).astimezone(dt.UTC)
