"""Gathers everything the chart shows, in few queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, F, JSONField, Prefetch, QuerySet, When
from django.utils import timezone

from openomt.care.accounts.access import Permission
from openomt.care.accounts.models import User
from openomt.care.booking.models import Appointment
from openomt.care.desk import courses, grid, timeline
from openomt.care.desk.bar import Bar, bar
from openomt.care.desk.course_path import draw_path
from openomt.care.desk.courses import Standing
from openomt.care.desk.measures import Measure, measures
from openomt.care.desk.person import Person, person
from openomt.care.followup.models import Task
from openomt.care.intake.models import FormAnswer
from openomt.care.patients.facts import rows_of
from openomt.care.patients.models import (
    AllergyEntry,
    Course,
    Document,
    Goal,
    OtherCare,
    Patient,
    StoryEntry,
)
from openomt.care.visits.models import Order, Visit, VisitRegion
from openomt.medicine.instruments.records import outcome_rule, phrase

COLUMNS = 6
"""Visits that stand beside each other in the table of findings."""


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else on the same plan, or something ordered. `alarm`: nothing has come of it yet."""

    who: str
    words: str
    alarm: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """The page, as values."""

    bar: Bar
    patient: Patient
    visits: list[Visit]
    draft: Visit | None
    next_number: int
    next_appointment: Appointment | None
    answers: list[FormAnswer]
    measures: tuple[Measure, ...]
    since: dt.date | None
    course: Course | None
    standing: Standing | None
    path: str
    goals: list[Goal]
    person: Person
    grid: grid.Grid
    others: list[Other]
    events: list[timeline.Event]
    more_events: int = 0
    last_course: Course | None = None

    @property
    def here_today(self) -> Appointment | None:
        """The appointment of today."""
        one = self.next_appointment
        return one if one is not None and timezone.localdate(one.start) == timezone.localdate() else None

    @property
    def note(self) -> str:
        """What is to be said with every comparison, as the patient reads it."""
        return phrase(outcome_rule().note)[0]


def load(patient: Patient, user: User, *, show: str = "all", count: int = timeline.STEP) -> Chart:
    """The chart of a patient, as this person may see it today."""
    today = timezone.localdate()
    rows = rows_of(patient)
    visits = list(visits_of(patient))
    answers = list(FormAnswer.objects.filter(patient=patient, in_error=False))
    course, earlier = _courses(patient)
    mine = courses.of_course(course, earlier, answers)
    days = [visit.date for visit in visits if course is not None and visit.course_id == course.pk]
    standing = courses.standing(course, days, mine, today) if course is not None else None
    appointments = list(_appointments(patient))
    coming = [one for one in reversed(appointments) if timezone.localdate(one.start) >= today and _stands(one)]
    listed = visits[: max(COLUMNS, count)]
    regions = grid.regions_of(listed)
    events = _events(patient, user, visits, regions, answers, appointments, show)
    draft = next((one for one in visits if one.state == Visit.State.DRAFT and one.clinician_id == user.pk), None)
    return Chart(
        bar=bar(patient, rows),
        patient=patient,
        visits=visits,
        draft=draft,
        next_number=max((one.number for one in visits), default=0) + 1,
        next_appointment=coming[0] if coming else None,
        answers=answers,
        measures=measures(mine),
        since=min((one.on for one in mine), default=None),
        course=course,
        last_course=earlier,
        standing=standing,
        path=draw_path(course, days) if course is not None else "",
        goals=list(course.goals.all()) if course is not None else [],
        person=person(
            rows,
            list(AllergyEntry.objects.standing().filter(patient=patient).order_by("-pk")),
            answers,
            StoryEntry.objects.standing().filter(patient=patient).order_by("pk"),
        ),
        grid=grid.grid(visits[:COLUMNS][::-1], regions),
        others=[*_other_care(patient), *_orders(patient)],
        events=events[:count],
        more_events=max(len(events) - count, 0),
    )


def visits_of(patient: Patient) -> QuerySet[Visit]:
    """The patient's visits, the newest first; of a signed one its draft is not read."""
    return (
        Visit.objects.filter(patient=patient)
        .exclude(state=Visit.State.ABANDONED)
        .annotate(
            open_draft=Case(
                When(state=Visit.State.DRAFT, then=F("draft")), default=None, output_field=JSONField()
            )
        )
        .only("uid", "number", "date", "state", "course_id", "clinician_id", "patient_id")
        .order_by("-number")
    )


def _courses(patient: Patient) -> tuple[Course | None, Course | None]:
    """The course that is running, and the one before it; both None where there was none."""
    found = list(
        Course.objects.filter(patient=patient, in_error=False).prefetch_related(
            Prefetch("goals", queryset=Goal.objects.standing())
        )[:4]
    )
    running = next((one for one in found if one.ended_on is None and one.standing), None)
    ended = sorted((one for one in found if one.ended_on is not None), key=lambda one: one.ended_on or dt.date.min)
    return running, ended[-1] if ended else None


def _appointments(patient: Patient) -> QuerySet[Appointment]:
    """Those that are no visit (yet): coming, missed, canceled; the newest first."""
    return (
        Appointment.objects.filter(patient=patient)
        .exclude(status=Appointment.Status.DONE)
        .order_by("-start")
        .only("uid", "start", "status", "reason", "patient_id")[:60]
    )


def _stands(one: Appointment) -> bool:
    return one.status not in (Appointment.Status.CANCELED, Appointment.Status.NO_SHOW)


def _other_care(patient: Patient) -> list[Other]:
    return [
        Other(one.who, _when(one), alarm=False)
        for one in OtherCare.objects.standing().filter(patient=patient)
    ]


def _when(one: OtherCare) -> str:
    if one.next_on is None:
        return one.words
    day = f"{one.next_on.day} {one.next_on:%b}"
    return f"next {day}" if one.next_on >= timezone.localdate() else f"was {day}"


def _orders(patient: Patient) -> list[Other]:
    """What was ordered and is not settled."""
    words = {Order.State.ORDERED: "ordered", Order.State.RESULT: "result to read"}
    found = Order.objects.filter(patient=patient, state__in=list(words)).only("uid", "kind", "text", "state")
    return [
        Other(
            f"{order.get_kind_display()}: {order.text}",
            words[Order.State(order.state)],
            alarm=order.state == Order.State.RESULT,
        )
        for order in found[:12]
    ]


def _events(  # noqa: PLR0913, PLR0917  (one argument for each source)
    patient: Patient,
    user: User,
    visits: Sequence[Visit],
    regions: dict[int, list[VisitRegion]],
    answers: Sequence[FormAnswer],
    appointments: Sequence[Appointment],
    show: str,
) -> list[timeline.Event]:
    every = show == "all"
    documents = Document.objects.filter(patient=patient, in_error=False).defer("content", "sha256")
    read = user.may(Permission.DOCUMENT_READ) and show in ("all", "documents")
    return timeline.events(
        visits if every or show == "visits" else (),
        regions,
        answers if every or show == "forms" else (),
        documents if read else (),
        Task.objects.filter(patient=patient) if every else (),
        appointments if every else (),
    )
