"""What the first page of a patient shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from openomt.care.booking.models import Appointment
from openomt.care.followup.aftercare.services import sheets
from openomt.care.followup.deadlines import answer_by
from openomt.care.followup.models import Reply
from openomt.care.mine.models import Advice
from openomt.care.mine.trends import progress
from openomt.care.patients.models import Course, Goal, Patient
from openomt.care.portal import doors
from openomt.care.portal.access import Scope
from openomt.care.portal.doors import Offer
from openomt.care.visits.models import Visit

DONE = (Visit.State.SIGNED, Visit.State.AWAITING)
"""Visits a patient may read: the document is signed, though a second signature may be to come."""
_TO_DO = (Scope.CHECKIN, Scope.AGREE, Scope.INTAKE)
"""Doors behind which the practice waits for something from the patient, the most pressing first."""


@dataclass(frozen=True, slots=True)
class Home:
    """The first page. `told`, `note`: how the course goes in words; empty where no course runs.

    last_visit   the last one with treatment, which has its page on what to expect
    """

    name: str
    to_do: tuple[Offer, ...]
    unread: tuple[Reply, ...]
    next_visit: Appointment | None
    matters: str
    course: Course | None
    goals: tuple[Goal, ...]
    told: str
    note: str
    advice: tuple[Advice, ...]
    last_visit: Visit | None
    answer_by: dt.datetime


def home_of(patient: Patient) -> Home:
    """Everything on it."""
    now = timezone.now()
    going = progress(patient, timezone.localdate())
    course = going.course if going.course is not None and going.course.ended_on is None else None
    return Home(
        name=patient.called or patient.given_names,
        to_do=_to_do(patient),
        unread=tuple(Reply.objects.filter(patient=patient, read_at=None).order_by("-pk")),
        next_visit=_next_visit(patient, now),
        matters=patient.what_matters,
        course=course,
        goals=tuple(Goal.objects.standing().filter(course=course)) if course is not None else (),
        told=going.told if course is not None and going.since is not None else "",
        note=going.note,
        advice=advice_of(patient),
        last_visit=sheets(patient).first(),
        answer_by=answer_by(now),
    )


def advice_of(patient: Patient) -> tuple[Advice, ...]:
    """What the patient is to do at home today."""
    today = timezone.localdate()
    rows = Advice.objects.standing().filter(patient=patient).select_related("entered_by")
    return tuple(row for row in rows if row.holds(today))


def visits_of(patient: Patient) -> QuerySet[Visit]:
    """The visits a patient may read, newest first."""
    rows = Visit.objects.filter(patient=patient, state__in=DONE)
    return rows.select_related("clinician", "location", "patient").order_by("-date", "-pk")


def _next_visit(patient: Patient, now: dt.datetime) -> Appointment | None:
    rows = Appointment.objects.filter(patient=patient, status=Appointment.Status.BOOKED, start__gte=now)
    return rows.select_related("clinician", "location").order_by("start").first()


def _to_do(patient: Patient) -> tuple[Offer, ...]:
    waiting = [one for one in doors.offers(patient) if one.door.scope in _TO_DO]
    return tuple(sorted(waiting, key=lambda one: _TO_DO.index(one.door.scope)))
