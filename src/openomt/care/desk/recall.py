"""Whom to call back: not seen for long, a review that is due, a course without a next appointment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from openomt.care.accounts.models import User
from openomt.care.booking.models import Appointment
from openomt.care.patients.models import Course, OpenedGlass, Patient
from openomt.care.visits.models import Visit
from openomt.medicine.instruments.records import review_rule

KINDS = {
    "not_seen": "Not seen for so many weeks, and nothing booked",
    "review_due": "Review of the course due within so many weeks",
    "no_next": "Course running, no next appointment",
}
USUAL_WEEKS = {"not_seen": review_rule().rethink_weeks, "review_due": 0, "no_next": 0}
_GONE = (Appointment.Status.CANCELED, Appointment.Status.NO_SHOW)
_SEEN = (Visit.State.SIGNED, Visit.State.AWAITING, Visit.State.DRAFT)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for. `clinician`: only patients whose last visit was with this person."""

    kind: str = "not_seen"
    weeks: int = 12
    clinician: User | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A patient to call back, and what to know before."""

    patient: Patient
    last_seen: dt.date | None
    seen_by: str
    course: Course | None
    next_at: dt.datetime | None


def found(asked: Asked, user: User) -> list[int]:
    """Keys of the patients, those who wait longest first. Restricted charts this person may not open are left out."""
    today = timezone.localdate()
    if asked.kind == "not_seen":
        keys = _not_seen(today - dt.timedelta(weeks=asked.weeks))
    elif asked.kind == "review_due":
        keys = _review_due(today + dt.timedelta(weeks=asked.weeks))
    else:
        keys = _no_next()
    if asked.clinician is not None:
        mine = set(_last_with(asked.clinician))
        keys = [key for key in keys if key in mine]
    closed = _closed_to(user)
    return [key for key in dict.fromkeys(keys) if key not in closed]


def _not_seen(before: dt.date) -> list[int]:
    return list(
        Visit.objects.filter(state__in=_SEEN, patient__merged_into=None)
        .order_by()
        .values("patient_id")
        .annotate(last=Max("date"))
        .filter(~Exists(_coming()), last__lt=before)
        .order_by("last", "patient_id")
        .values_list("patient_id", flat=True)
    )


def _coming() -> QuerySet[Appointment]:
    """Appointments to come of the patient of the outer query."""
    return Appointment.objects.filter(patient_id=OuterRef("patient_id"), start__gt=timezone.now()).exclude(
        status__in=_GONE
    )


def _running() -> QuerySet[Course]:
    return Course.objects.standing().filter(ended_on=None, patient__merged_into=None)


def _review_due(by: dt.date) -> list[int]:
    """By the day somebody set; without one, by the medicine's weeks and visits from the first."""
    rule = review_rule()
    started = by - dt.timedelta(weeks=rule.review_weeks[0])
    seen = Count("visits", filter=~Q(visits__state=Visit.State.ABANDONED))
    due = Q(review_on__lte=by) | Q(review_on=None, started_on__lte=started)
    due |= Q(review_on=None, seen__gte=rule.review_visits[0])
    return list(
        _running()
        .annotate(seen=seen)
        .filter(due)
        .order_by("review_on", "started_on", "pk")
        .values_list("patient_id", flat=True)
    )


def _no_next() -> list[int]:
    return list(
        _running()
        .filter(~Exists(_coming()))
        .order_by("started_on", "pk")
        .values_list("patient_id", flat=True)
    )


def _last_with(clinician: User) -> Iterable[int]:
    """Patients whose last visit was with this person."""
    later = Visit.objects.filter(patient_id=OuterRef("patient_id"), number__gt=OuterRef("number")).exclude(
        state=Visit.State.ABANDONED
    )
    return (
        Visit.objects.filter(clinician=clinician, state__in=_SEEN)
        .filter(~Exists(later))
        .values_list("patient_id", flat=True)
    )


def _closed_to(user: User) -> set[int]:
    opened = OpenedGlass.objects.filter(user=user, until__gt=timezone.now()).values("patient_id")
    return set(
        Patient.objects.filter(restricted=True)
        .exclude(care_team=user)
        .exclude(pk__in=opened)
        .values_list("pk", flat=True)
    )


def entries(keys: Sequence[int]) -> list[Entry]:
    """The patients with what is told of each, in the order of the keys."""
    people = Patient.objects.in_bulk(keys)
    last: dict[int, Visit] = {}
    seen = Visit.objects.filter(patient_id__in=keys, state__in=_SEEN).select_related("clinician")
    for visit in seen.only("date", "patient_id", "clinician__name", "clinician__credentials").order_by(
        "date"
    ):
        last[visit.patient_id] = visit
    courses = {
        course.patient_id: course for course in _running().filter(patient_id__in=keys).order_by("started_on")
    }
    coming: dict[int, dt.datetime] = {}
    booked = Appointment.objects.filter(patient_id__in=keys, start__gt=timezone.now()).exclude(
        status__in=_GONE
    )
    for key, start in booked.order_by("-start").values_list("patient_id", "start"):
        coming[key] = start
    return [
        Entry(
            patient=people[key],
            last_seen=last[key].date if key in last else None,
            seen_by=str(last[key].clinician) if key in last else "",
            course=courses.get(key),
            next_at=coming.get(key),
        )
        for key in keys
        if key in people
    ]
