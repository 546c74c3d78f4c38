"""Gathers everything the chart shows, in few queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from openomt.care.accounts.access import Permission
from openomt.care.accounts.models import User
from openomt.care.addresses import address
from openomt.care.booking.models import Appointment
from openomt.care.desk import courses, grid
from openomt.care.desk import timeline as timelines
from openomt.care.desk.bar import Bar, bar
from openomt.care.desk.course_path import draw_path
from openomt.care.desk.courses import Standing
from openomt.care.desk.gather import Gathered, Gatherer, Source
from openomt.care.desk.measures import Measure, measures
from openomt.care.desk.person import Person, person
from openomt.care.desk.timeline import Timeline
from openomt.care.followup.models import AdverseEvent, Task
from openomt.care.intake import summary as intakes
from openomt.care.intake.models import FormAnswer, Intake, Proposal
from openomt.care.patients.facts import Rows
from openomt.care.patients.models import (
    AllergyEntry,
    BoneDensityEntry,
    Course,
    Document,
    FactAnswer,
    Goal,
    MedicineEntry,
    OtherCare,
    Patient,
    PregnancyEntry,
    ProblemEntry,
    StoryEntry,
    SurgeryEntry,
    VitalsEntry,
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


@dataclass(frozen=True)
class Chart:
    """The page, as values."""

    bar: Bar
    patient: Patient
    visits: list[Visit]
    draft: Visit | None
    next_number: int
    next_appointment: Appointment | None
    measures: tuple[Measure, ...]
    since: dt.date | None
    course: Course | None
    standing: Standing | None
    path: str
    goals: list[Goal]
    person: Person
    grid: grid.Grid
    others: list[Other]
    timeline: Timeline
    urgent: list[Task]
    intake: intakes.Summary | None = None
    last_course: Course | None = None

    @cached_property
    def url(self) -> str:
        """The address of this chart, which many of its parts ask again."""
        return address("chart", self.patient.uid)

    @property
    def here_today(self) -> Appointment | None:
        """The appointment of today."""
        one = self.next_appointment
        return one if one is not None and timezone.localdate(one.start) == timezone.localdate() else None

    @property
    def note(self) -> str:
        """What is to be said with every comparison, as the patient reads it."""
        return phrase(outcome_rule().note)[0]


_URGENT = (Task.Urgency.EMERGENCY, Task.Urgency.SAME_DAY)
_STANDING = "patient_id = %s AND NOT in_error AND closed_at IS NULL"
_NO_MISTAKE = "patient_id = %s AND NOT in_error"
_DRAFT = {
    "sqlite": """CASE WHEN state = 'draft' THEN draft ELSE json_object(
        'complaint', substr(json_extract(draft, '$.complaint'), 1, 300),
        'assessment', substr(json_extract(draft, '$.assessment'), 1, 300)) END""",
    "postgresql": """CASE WHEN state = 'draft' THEN draft ELSE jsonb_build_object(
        'complaint', left(draft ->> 'complaint', 300),
        'assessment', left(draft ->> 'assessment', 300)) END""",
}
"""A draft whole; of a signed visit, which keeps its draft, only what the timeline says of it."""
_gather = Gatherer(
    Source(ProblemEntry, ("closed_at", "in_error", "text", "code", "onset", "resolved", "over"), _NO_MISTAKE),
    Source(MedicineEntry, ("closed_at", "in_error", "text", "started", "stopped"), _NO_MISTAKE),
    Source(SurgeryEntry, ("text", "on"), _NO_MISTAKE),
    Source(PregnancyEntry, ("due_date", "ended_on"), _NO_MISTAKE),
    Source(BoneDensityEntry, ("t_score", "site", "text", "on"), _NO_MISTAKE),
    Source(VitalsEntry, ("on", "systolic", "diastolic", "temperature", "pulse", "spo2"), _NO_MISTAKE),
    Source(FactAnswer, ("entered_at", "code", "region", "answer"), _NO_MISTAKE),
    Source(AllergyEntry, ("text", "reaction", "none_known"), _STANDING),
    Source(StoryEntry, ("part", "label", "text"), _STANDING),
    Source(OtherCare, ("who", "next_on", "words"), _STANDING),
    Source(
        Course,
        (
            "patient",
            "title",
            "started_on",
            "planned_visits",
            "until",
            "review_on",
            "ended_on",
            "outcome",
            "closed_at",
        ),
        _NO_MISTAKE,
    ),
    Source(
        Goal,
        ("course", "text", "start", "now", "target"),
        "NOT in_error AND closed_at IS NULL AND course_id IN (SELECT id FROM patients_course WHERE patient_id = %s)",
    ),
    Source(Document, ("patient", "uid", "title", "kind", "dated", "entered_at"), _NO_MISTAKE),
    Source(
        Task, ("uid", "urgency", "title", "words", "origin", "opened_at", "due_at", "closed_at", "outcome")
    ),
    Source(Appointment, ("uid", "start", "status", "reason"), "patient_id = %s AND status <> 'done'"),
    Source(AdverseEvent, ("uid", "technique", "region", "severity", "words", "on"), _NO_MISTAKE),
    Source(
        Visit,
        ("uid", "patient", "clinician", "course", "number", "date", "state", "draft"),
        "patient_id = %s AND state <> 'abandoned'",
        {"draft": _DRAFT},
    ),
    Source(
        FormAnswer,
        ("uid", "instrument", "on", "answers", "score", "words", "entered_at", "in_error"),
        _NO_MISTAKE,
    ),
    Source(
        Intake,
        (
            "uid",
            "flow",
            "state",
            "language",
            "interpreter",
            "answers",
            "seconds",
            "started_at",
            "finished_at",
        ),
    ),
    Source(Proposal, ("intake", "kind", "text", "ends", "accepted")),
    Source(Order, ("uid", "kind", "text", "state"), "patient_id = %s AND state IN ('ordered', 'result')"),
)


def load(patient: Patient, user: User, *, show: str = "all", count: int = timelines.STEP) -> Chart:
    """The chart of a patient, as this person may see it today."""
    today = timezone.localdate()
    there = _gather(patient.pk)
    rows = _rows(there)
    visits = sorted(there.of(Visit), key=lambda one: one.number, reverse=True)
    answers = sorted(there.of(FormAnswer), key=lambda one: (one.on, one.pk))
    course, earlier = _courses(there.of(Course))
    mine = courses.of_course(course, earlier, answers)
    days = [visit.date for visit in visits if course is not None and visit.course_id == course.pk]
    regions = grid.regions_of(visits[: max(COLUMNS, count)])
    return Chart(
        bar=bar(patient, rows),
        patient=patient,
        visits=visits,
        draft=next((one for one in visits if _is_draft_of(one, user)), None),
        next_number=visits[0].number + 1 if visits else 1,
        next_appointment=_next(there.of(Appointment), today),
        measures=measures(mine),
        since=min((one.on for one in mine), default=None),
        course=course,
        last_course=earlier,
        standing=courses.standing(course, days, mine, today) if course is not None else None,
        path=draw_path(course, days) if course is not None else "",
        goals=[goal for goal in there.of(Goal) if course is not None and goal.course_id == course.pk],
        person=person(rows, there.of(AllergyEntry)[::-1], answers, there.of(StoryEntry)),
        grid=grid.grid(visits[:COLUMNS][::-1], regions),
        others=[*map(_other_care, there.of(OtherCare)), *map(_order, there.of(Order)[::-1])],
        urgent=[task for task in there.of(Task) if task.closed_at is None and task.urgency in _URGENT],
        intake=intakes.newest(there.of(Intake), there.of(Proposal)),
        timeline=_timeline(patient, user, there, visits, regions, answers, show, count),
    )


def _rows(there: Gathered) -> Rows:
    return Rows(
        problems=tuple(there.of(ProblemEntry)),
        medicines=tuple(there.of(MedicineEntry)),
        surgeries=tuple(there.of(SurgeryEntry)),
        pregnancies=tuple(there.of(PregnancyEntry)),
        bone_densities=tuple(there.of(BoneDensityEntry)),
        vitals=tuple(there.of(VitalsEntry)),
        answers=tuple(there.of(FactAnswer)),
    )


def _is_draft_of(visit: Visit, user: User) -> bool:
    return visit.state == Visit.State.DRAFT and visit.clinician_id == user.pk


def _courses(found: Sequence[Course]) -> tuple[Course | None, Course | None]:
    """The course that is running, and the last one that ended; None where there is none."""
    running = [one for one in found if one.ended_on is None and one.closed_at is None]
    ended = [one for one in found if one.ended_on is not None]
    return (
        max(running, key=lambda one: (one.started_on, one.pk), default=None),
        max(ended, key=lambda one: (one.ended_on or dt.date.min, one.pk), default=None),
    )


def _next(appointments: Sequence[Appointment], today: dt.date) -> Appointment | None:
    """The next appointment that stands, today's too."""
    gone = (Appointment.Status.CANCELED, Appointment.Status.NO_SHOW)
    coming = [
        one for one in appointments if one.status not in gone and timezone.localdate(one.start) >= today
    ]
    return min(coming, key=lambda one: one.start, default=None)


def _other_care(one: OtherCare) -> Other:
    if one.next_on is None:
        return Other(one.who, one.words)
    day = f"{one.next_on.day} {one.next_on:%b}"
    return Other(one.who, f"next {day}" if one.next_on >= timezone.localdate() else f"was {day}")


def _order(order: Order) -> Other:
    """What was ordered and is not settled."""
    what = f"{order.get_kind_display()}: {order.text}"
    if order.state == Order.State.RESULT:
        return Other(what, "result to read", alarm=True, url=address("order", order.uid))
    return Other(what, "ordered", url=address("order", order.uid))


def _timeline(  # noqa: PLR0913, PLR0917  (one argument for each source)
    patient: Patient,
    user: User,
    there: Gathered,
    visits: Sequence[Visit],
    regions: dict[int, list[VisitRegion]],
    answers: Sequence[FormAnswer],
    show: str,
    count: int,
) -> Timeline:
    every = show == "all"
    documents = there.of(Document) if user.may(Permission.DOCUMENT_READ) else []
    for document in documents:
        document.patient = patient
    return timelines.timeline(
        visits if every or show == "visits" else (),
        regions,
        there.of(VitalsEntry),
        answers if every or show == "forms" else (),
        documents if every or show == "documents" else (),
        there.of(Task) if every else (),
        there.of(Appointment) if every else (),
        there.of(AdverseEvent) if every or show == "visits" else (),
        count,
    )
