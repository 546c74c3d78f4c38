"""The outbox as staff read it: what needs a person first, what waits, what went out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from openomt.care.contact.leases import LEASE
from openomt.care.contact.models import Job, Message

PAGE = 50
LATE = dt.timedelta(minutes=5)
_S = Message.State


@dataclass(frozen=True, slots=True)
class Show:
    """One view of the list."""

    name: str
    title: str
    states: tuple[str, ...]
    none: str


SHOWS = (
    Show("needs", "Need you", (_S.IN_DOUBT, _S.FAILED), "Nothing needs you: what was to go out went out."),
    Show("waiting", "Waiting", (_S.WAITING, _S.HANDING), "Nothing waits to be sent."),
    Show("sent", "Sent", (_S.SENT, _S.KEPT), "Nothing was sent yet."),
    Show("closed", "Closed", (_S.CLOSED,), "Nothing was closed yet."),
)


def show_of(name: str) -> Show:
    return next((one for one in SHOWS if one.name == name), SHOWS[0])


def messages_in(show: Show) -> QuerySet[Message]:
    """Newest first; what waits by when it goes out."""
    order = ("not_before", "pk") if show.name == "waiting" else ("-made_at", "-pk")
    found = Message.objects.filter(state__in=show.states)
    return found.select_related("patient", "guardian", "member").order_by(*order)


def dead_jobs() -> QuerySet[Job]:
    return Job.objects.exclude(failed_at=None).filter(done_at=None).order_by("-failed_at")


def counts() -> dict[str, int]:
    """How many need a person, and how many wait."""
    needs = Message.objects.filter(state__in=SHOWS[0].states).count() + dead_jobs().count()
    return {"needs": needs, "waiting": Message.objects.filter(state__in=SHOWS[1].states).count()}


def late_since(now: dt.datetime) -> dt.datetime | None:
    """Since when something is due and nobody does it: the worker does not run. None: it keeps up."""
    before = now - LATE
    jobs = Job.objects.filter(done_at=None, failed_at=None, run_after__lt=before, attempts=0)
    letters = Message.objects.filter(state=_S.WAITING, not_before__lt=before, lease_until=None)
    waiting = [
        jobs.order_by("run_after").values_list("run_after", flat=True).first(),
        letters.order_by("not_before").values_list("not_before", flat=True).first(),
        Message.objects.filter(state=_S.HANDING, lease_until__lt=before - LEASE)
        .order_by("lease_until")
        .values_list("lease_until", flat=True)
        .first(),
    ]
    return min((one for one in waiting if one is not None), default=None)
