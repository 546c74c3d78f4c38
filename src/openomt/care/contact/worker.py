"""Doing what is due: jobs first, then the messages they made."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from openomt.care.contact.jobs import JobError, handler_of
from openomt.care.contact.leases import MAX_ATTEMPTS, pause, take
from openomt.care.contact.models import Job
from openomt.care.contact.outbox import send_next

POLL = 1.0
"""Seconds between two looks where nothing was due."""
_DATABASE_AWAY = 5.0
_ENDED = "The worker ended each time while it did this."
log = logging.getLogger(__name__)


def run_due(now: dt.datetime | None = None, limit: int | None = None) -> int:
    """Does everything that is due, at most `limit` things, and returns how many it dealt with.

    now   the moment to act at; none given: the clock, looked at anew for each thing
    """
    done = 0
    while (limit is None or done < limit) and run_next(now or timezone.now()):
        done += 1
    return done


def run_next(now: dt.datetime) -> bool:
    """Deals with one job or one message that is due; whether there was any."""
    return _run_job(now) or send_next(now)


def work_forever(
    stop: threading.Event, *, poll: float = POLL, alive: Callable[[], bool] = lambda: True
) -> None:
    """Does what is due until `stop` is set or `alive` says no; what was begun is ended first."""
    while not stop.is_set() and alive():
        try:
            close_old_connections()
            if not run_next(timezone.now()):
                stop.wait(poll)
        except DatabaseError as problem:
            # What was under way is taken up again after its lease. The text of the error may repeat a row.
            log.error("The worker could not use the database: %s", type(problem).__name__)
            connection.close()
            stop.wait(_DATABASE_AWAY)


def _run_job(now: dt.datetime) -> bool:
    due = Job.objects.filter(done_at=None, failed_at=None, run_after__lte=now).order_by("run_after", "pk")
    job = take(due, now)
    if job is None:
        return False
    if job.useless_after is not None and job.useless_after <= now:
        _mine(job).update(done_at=now, ending=Job.Ending.TOO_LATE, lease=None, lease_until=None)
    elif job.attempts > MAX_ATTEMPTS:
        _give_up(job, now, job.error or _ENDED)
    else:
        _try(job, now)
    return True


def _try(job: Job, now: dt.datetime) -> None:
    try:
        with transaction.atomic():  # what it does and that it is done are kept together
            won = _mine(job).update(
                done_at=now, ending=Job.Ending.DONE, error="", lease=None, lease_until=None
            )
            if won:
                job.done_at = now
                handler_of(job.kind)(job.payload, job)
    except JobError as problem:
        _try_later(job, now, str(problem))
    except Exception as problem:
        log.error("A job of kind %s failed", job.kind, exc_info=problem)
        _try_later(job, now, _where(problem))


def _try_later(job: Job, now: dt.datetime, why: str) -> None:
    if job.attempts >= MAX_ATTEMPTS:
        _give_up(job, now, why)
        return
    later = now + pause(job.attempts)
    _mine(job).update(error=why[:300], run_after=later, lease=None, lease_until=None)


def _give_up(job: Job, now: dt.datetime, why: str) -> None:
    log.error("A job of kind %s was given up", job.kind)
    _mine(job).update(failed_at=now, error=why[:300], lease=None, lease_until=None)


def _mine(job: Job) -> QuerySet[Job]:
    """The job, as long as this worker holds it and nobody has cancelled it."""
    return Job.objects.filter(pk=job.pk, lease=job.lease, done_at=None, failed_at=None)


def _where(problem: Exception) -> str:
    """Kind and place of an error, without its words: they may repeat what was typed."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" at {trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else ""
    return f"{type(problem).__name__}{place}"
