"""Jobs: what to do later, once. A step registers its kinds in its own `jobs.py`, imported when its app is ready.

    @job("booking.remind")
    def remind(payload: dict[str, Any], job: Job) -> None: ...

A handler changes the database and nothing else: what it wrote and that it is done are kept together, or neither.
Whatever leaves the house goes through `services.send`. `job.done_at` is the worker's now, also where a test or a
person has moved the clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from openomt.care.contact.models import Job

Handler = Callable[[dict[str, Any], Job], None]
_HANDLERS: dict[str, Handler] = {}


class JobError(Exception):
    """The job cannot be done now; the message is kept for a person of the practice and holds nothing of a patient."""


def job(kind: str) -> Callable[[Handler], Handler]:
    """Registers what does jobs of this kind."""

    def register(handler: Handler) -> Handler:
        if _HANDLERS.setdefault(kind, handler) is not handler:
            raise ValueError(f"two handlers for jobs of kind {kind}")
        return handler

    return register


def handler_of(kind: str) -> Handler:
    """Raises JobError where this program knows no such kind."""
    if kind not in _HANDLERS:
        raise JobError("This program does not know such a job: was it made by a newer one?")
    return _HANDLERS[kind]


def enqueue(
    kind: str,
    key: str,
    payload: dict[str, Any] | None = None,
    run_after: dt.datetime | None = None,
    *,
    useless_after: dt.datetime | None = None,
) -> Job:
    """A job to be done after `run_after` (none given: at once), and not at all after `useless_after`.

    Call it inside the transaction of what it follows from. The same key gives the same job, however often it is
    asked for; only a cancelled one is taken up again, with what is given now.
    """
    handler_of(kind)
    values = {
        "kind": kind,
        "payload": payload or {},
        "run_after": run_after or timezone.now(),
        "useless_after": useless_after,
    }
    with transaction.atomic():
        found, made = Job.objects.get_or_create(key=key, defaults=values)
        if made or found.ending != Job.Ending.CANCELLED:
            return found
        again = values | {"done_at": None, "ending": "", "attempts": 0, "error": "", "lease": None}
        Job.objects.filter(pk=found.pk, ending=Job.Ending.CANCELLED).update(**again, lease_until=None)
        found.refresh_from_db()
    return found


def cancel(key: str) -> bool:
    """The job will not be done. Returns whether there was one to do; its key may then be used again."""
    open_one = Job.objects.filter(key=key, done_at=None)
    return bool(
        open_one.update(
            done_at=timezone.now(), ending=Job.Ending.CANCELLED, failed_at=None, lease=None, lease_until=None
        )
    )
