"""Lets the services write what happened in the past with the time at which it happened."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator

from django.utils import timezone


class _Clock(dt.datetime):
    """The class of times, with a `now` that can be set."""

    shown: dt.datetime

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
        return cls.shown.astimezone(tz)


@contextlib.contextmanager
def clock() -> Iterator[type[_Clock]]:
    """While this is open, it is as late for Django as `shown` says. Set `shown` before anything is written."""
    real = timezone.datetime  # type: ignore[attr-defined]
    _Clock.shown = real.now(tz=dt.UTC)
    timezone.datetime = _Clock  # type: ignore[attr-defined]
    try:
        yield _Clock
    finally:
        timezone.datetime = real  # type: ignore[attr-defined]
