"""The past of the made-up practice: courses, appointments, signed visits, questionnaires, and who did what when.

Rows are written in large lots, which the services, made for one visit at a time, cannot. The document that is signed
is the services' own (`visits.signing.document`), and each event stands in the audit under its own time.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from random import Random
from typing import Any

from django.db import transaction

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.booking.models import Appointment, AppointmentType
from openomt.care.intake.models import FormAnswer
from openomt.care.intake.services import meaning
from openomt.care.patients.facts import Rows, known
from openomt.care.patients.models import (
    BoneDensityEntry,
    Course,
    FactAnswer,
    Goal,
    MedicineEntry,
    OnRecord,
    Patient,
    PregnancyEntry,
    ProblemEntry,
    RefusalEntry,
    SurgeryEntry,
    VitalsEntry,
)
from openomt.care.visits import signing
from openomt.care.visits.around import Around
from openomt.care.visits.documents import digest
from openomt.care.visits.drafts import Circumstances, Draft, to_data, value
from openomt.care.visits.models import CoSignature, SignedVisit, Visit, VisitRegion
from openomt.medicine import instruments
from openomt.medicine.safety.values import PatientFacts
from openomt.medicine.visit import Visit as VisitValue
from openomt.site.demo.claims import write_claims
from openomt.site.demo.clock import clock
from openomt.site.demo.diary import SLOT, Diary
from openomt.site.demo.drafts import Finding, findings_of, safe, written
from openomt.site.demo.people import Person, Plan, put, uid
from openomt.site.demo.staff import ZONE, Staff

_ZONE = zoneinfo.ZoneInfo(ZONE)
_LOT = 500
_REVIEWED_AFTER = dt.timedelta(days=42)
_NEW_SLOTS = 2
_LASTS = dt.timedelta(minutes=24)  # from the beginning of a visit to its signature


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of the audit that is still to be written."""

    at: dt.datetime
    actor: User
    action: str
    patient_id: int
    subject: str = ""


@dataclass(slots=True)
class Told:
    """One visit of the past before it is written."""

    person: Person
    plan: Plan
    place: int
    start: dt.datetime
    clinician: User
    course: Course
    found: tuple[Finding, ...]
    is_new: bool
    number: int = 0
    facts: PatientFacts = field(default_factory=PatientFacts)
    draft: Draft = field(default_factory=Draft)

    @property
    def date(self) -> dt.date:
        return self.start.astimezone(_ZONE).date()


@dataclass(slots=True)
class _Lot:
    """Rows of one lot of visits."""

    appointments: list[Appointment] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    signed: list[SignedVisit] = field(default_factory=list)
    regions: list[VisitRegion] = field(default_factory=list)
    cosigned: list[CoSignature] = field(default_factory=list)
    billed: list[tuple[Visit, VisitValue]] = field(default_factory=list)
    forms: list[FormAnswer] = field(default_factory=list)


def write_history(staff: Staff, people: Sequence[Person], today: dt.date, since: dt.date) -> int:
    """Writes patients, what is on record of them, and their visits; how many visits were signed."""
    told = list(_all_told(staff, people, today, since))
    told.sort(key=lambda one: one.start)
    numbers: dict[int, int] = {}
    for one in told:
        number = numbers.get(id(one.person), 0) + 1
        numbers[id(one.person)] = one.number = number
    events: list[Event] = []
    with transaction.atomic():
        _write_people(people, events)
        _write_courses({id(one.course): one for one in told}.values())
        for start in range(0, len(told), _LOT):
            _write_visits(staff, told[start : start + _LOT], today, events)
    write_events(events)
    return len(told)


# Patients -------------------------------------------------------------------------------------------------


def _write_people(people: Sequence[Person], events: list[Event]) -> None:
    Patient.objects.bulk_create([one.patient for one in people], batch_size=_LOT)
    rows: dict[type[OnRecord], list[OnRecord]] = {}
    for one in people:
        added = one.patient.added_by
        if added is not None:
            events.append(Event(one.patient.added_at, added, "patient.added", one.patient.pk))
        for row in one.rows:
            row.patient_id = one.patient.pk  # type: ignore[attr-defined]
            rows.setdefault(type(row), []).append(row)
    for kind, entries in rows.items():
        kind._base_manager.bulk_create(entries, batch_size=_LOT)
    for one in people:
        if one.care_team:
            one.patient.care_team.set(one.care_team)


def _write_courses(told: Iterable[Told]) -> None:
    firsts = list(told)
    for one in firsts:
        one.course.patient_id = one.person.patient.pk
    Course.objects.bulk_create([one.course for one in firsts], batch_size=_LOT)
    goals = []
    for one in firsts:
        chance = Random(f"goals {one.person.key} {one.plan.wished}")  # noqa: S311
        for text in one.plan.trouble.goals:
            start = chance.choice((2, 3, 4))
            now = min(9, start + round(one.plan.improves * one.plan.visits * 0.9))
            goals.append(
                Goal(
                    course_id=one.course.pk,
                    text=text,
                    start=start,
                    now=now,
                    target=chance.choice((7, 8)),
                    entered_at=one.course.entered_at,
                    entered_by=one.course.entered_by,
                )
            )
    Goal.objects.bulk_create(goals, batch_size=_LOT)


# Visits -----------------------------------------------------------------------------------------------------


def _all_told(staff: Staff, people: Sequence[Person], today: dt.date, since: dt.date) -> Iterator[Told]:
    """Every visit with its time. Stories come first, so that they get the days they are told with."""
    diary = Diary(since, today - dt.timedelta(days=1))
    for person in people:
        earliest = max(since, person.patient.birth_date)
        for plan in person.plans:
            chance = Random(f"{person.key} {plan.trouble.title} {plan.wished}")  # noqa: S311
            found = findings_of(plan, chance)
            trainee = plan.by_trainee
            clinician = staff.trainee if trainee else staff.physicians[person.clinician]
            starts = _starts(diary, -1 if trainee else person.clinician, plan, earliest)
            if not starts:
                continue
            course = _course(plan, starts, clinician, today)
            put_problem(person, plan, starts[0], clinician)
            for place, start in enumerate(starts):
                yield Told(person, plan, place, start, clinician, course, found, is_new=place == 0)
            earliest = starts[-1].date() + dt.timedelta(days=1)


def put_problem(person: Person, plan: Plan, start: dt.datetime, clinician: User) -> None:
    """What somebody comes for stands on the problem list from then on."""
    if any(isinstance(row, ProblemEntry) and row.text == plan.trouble.title for row in person.rows):
        return
    put(
        person,
        ProblemEntry,
        text=plan.trouble.title,
        code=plan.trouble.code,
        onset=str(start.date())[:7],
        entered_at=start,
        entered_by=clinician,
    )


def _starts(diary: Diary, clinician: int, plan: Plan, earliest: dt.date) -> list[dt.datetime]:
    starts: list[dt.datetime] = []
    for place in range(plan.visits):
        wished = plan.wished + dt.timedelta(days=place * plan.days_between)
        after = starts[-1].date() + dt.timedelta(days=1) if starts else earliest
        found = diary.take(clinician, wished, _NEW_SLOTS if place == 0 else 1, after)
        if found is None:
            break
        starts.append(found)
    return starts


def _course(plan: Plan, starts: Sequence[dt.datetime], clinician: User, today: dt.date) -> Course:
    first, last = starts[0].date(), starts[-1].date()
    runs = plan.still > 0
    until = last + dt.timedelta(days=plan.days_between * plan.still)
    return Course(
        title=plan.trouble.title,
        started_on=first,
        planned_visits=plan.visits + plan.still,
        until=max(until, today) if runs else last,
        review_on=plan.wished + _REVIEWED_AFTER,
        ended_on=None if runs else last,
        outcome=""
        if runs
        else ("Goals reached" if plan.improves > 0.6 else "No change that counts; back to referrer"),
        entered_at=starts[0],
        entered_by=clinician,
    )


def _write_visits(staff: Staff, told: Sequence[Told], today: dt.date, events: list[Event]) -> None:
    lot = _Lot()
    made = [_visit(staff, one, lot) for one in told]
    Appointment.objects.bulk_create(lot.appointments)
    for visit in lot.visits:
        visit.appointment_id = visit.appointment.pk if visit.appointment else None
    Visit.objects.bulk_create(lot.visits)
    for one, visit in zip(told, made, strict=True):
        _sign(staff, one, visit, today, lot, events)
    SignedVisit.objects.bulk_create(lot.signed)
    VisitRegion.objects.bulk_create(lot.regions)
    CoSignature.objects.bulk_create(lot.cosigned)
    Visit.objects.bulk_update([one for one in lot.visits if one.state != Visit.State.SIGNED], ["state"])
    FormAnswer.objects.bulk_create(lot.forms)
    write_claims(
        [(visit, told) for visit, told in lot.billed if visit.state == Visit.State.SIGNED],
        staff.biller,
        today,
    )


def _visit(staff: Staff, one: Told, lot: _Lot) -> Visit:
    chance = Random(f"visit {one.person.key} {one.number}")  # noqa: S311
    one.facts = known(one.person.patient, one.date, rows_of(one.person))
    one.draft = _draft(one)
    location = staff.locations[one.person.clinician % 2 if one.person.clinician < 2 else 0]
    kind = AppointmentType.Kind.NEW if one.is_new else AppointmentType.Kind.FOLLOW_UP
    appointment = Appointment(
        uid=uid(chance),
        patient_id=one.person.patient.pk,
        clinician=one.clinician,
        location=location,
        type=staff.types[kind],
        start=one.start,
        end=one.start + (_NEW_SLOTS if one.is_new else 1) * SLOT,
        status=Appointment.Status.DONE,
        status_at=one.start + _LASTS,
        reason=one.plan.trouble.title,
        booked_by=staff.front_desk,
        booked_at=one.start - dt.timedelta(days=7),
    )
    lot.appointments.append(appointment)
    visit = Visit(
        uid=uid(chance),
        patient=one.person.patient,
        clinician=one.clinician,
        location=location,
        appointment=appointment,
        course=one.course,
        number=one.number,
        date=one.date,
        state=Visit.State.SIGNED,
        draft=to_data(one.draft),
        revision=1,
        saved_at=one.start + _LASTS,
        saved_by=one.clinician,
        opened_at=one.start,
    )
    lot.visits.append(visit)
    lot.forms += _forms(one, staff)
    return visit


def rows_of(person: Person) -> Rows:
    """What is on record, as the medicine takes it."""
    return Rows(
        problems=person.of(ProblemEntry),  # type: ignore[arg-type]
        medicines=person.of(MedicineEntry),  # type: ignore[arg-type]
        surgeries=person.of(SurgeryEntry),  # type: ignore[arg-type]
        pregnancies=person.of(PregnancyEntry),  # type: ignore[arg-type]
        bone_densities=person.of(BoneDensityEntry),  # type: ignore[arg-type]
        vitals=person.of(VitalsEntry),  # type: ignore[arg-type]
        answers=person.of(FactAnswer),  # type: ignore[arg-type]
    )


def refused_by(person: Person) -> tuple[str, ...]:
    return tuple(row.technique for row in person.rows if isinstance(row, RefusalEntry))


def _draft(one: Told) -> Draft:
    chance = Random(f"draft {one.person.key} {one.number}")  # noqa: S311
    return written(one.plan, one.found, one.place, safe(one.facts, refused_by(one.person)), chance)


def _sign(  # noqa: PLR0913, PLR0917  (what a signature needs)
    staff: Staff, one: Told, visit: Visit, today: dt.date, lot: _Lot, events: list[Event]
) -> None:
    around = Around(
        circumstances=Circumstances(
            date=visit.date,
            performer=str(visit.clinician),
            payer=visit.patient.payer_kind,
            place_of_service=visit.location.place_of_service if visit.location else "11",
            new_patient=one.number == 1,
            pregnant=one.facts.weeks is not None or None,
        ),
        facts=one.facts,
        always_refused=refused_by(one.person),
    )
    at = one.start + _LASTS
    made = signing.document(visit.clinician, visit, one.draft, around, at)
    if made.unanswered:
        raise AssertionError(f"visit {one.number} of {one.person.key}: {made.unanswered}")
    lot.signed.append(
        SignedVisit(
            visit=visit,
            schema=made.data["schema"],
            document=made.text,
            sha256=digest(made.text),
            note=made.note,
            signed_by=visit.clinician,
            signed_as=str(visit.clinician),
            signed_at=at,
        )
    )
    lot.regions += made.regions
    patient, subject = visit.patient_id, f"visit:{visit.uid}"
    events.append(Event(one.start, visit.clinician, "visit.opened", patient, subject))
    events.append(Event(at, visit.clinician, "visit.signed", patient, subject))
    lot.billed.append((visit, value(one.draft, around.circumstances)))
    if not one.plan.by_trainee:
        return
    if (today - visit.date).days <= 4:
        visit.state = Visit.State.AWAITING
        return
    later = at + dt.timedelta(hours=3)
    physician = staff.physicians[0]
    lot.cosigned.append(
        CoSignature(
            visit=visit,
            signed_by=physician,
            signed_as=str(physician),
            signed_at=later,
            words="Seen with the resident; I agree with the findings and the plan.",
            sha256=digest(made.text),
        )
    )
    events.append(Event(later, physician, "visit.cosigned", patient, subject))


# Questionnaires -----------------------------------------------------------------------------------------------


def _forms(one: Told, staff: Staff) -> list[FormAnswer]:
    """Pain, daily life, sleep and mood at every other visit of a course, drifting the way the course goes."""
    if one.place % 2 and one.place != one.plan.visits - 1:
        return []
    base = Random(f"forms {one.person.key} {one.plan.wished}")  # noqa: S311
    pain, able, hours, mood = (
        base.choice((5, 6, 7)),
        base.choice((2, 3, 4)),
        base.choice((5, 6, 7)),
        base.choice((3, 5, 6)),
    )
    chance = Random(f"answers {one.person.key} {one.number}")  # noqa: S311
    gain = one.plan.improves * one.place
    lines: list[tuple[str, dict[str, Any]]] = [
        ("peg", {f"q{item}": _on_scale(pain - gain + chance.choice((0, 0, 1)), 10) for item in (1, 2, 3)}),
        (
            "psfs",
            {
                f"q{item}": {"value": _on_scale(able + gain, 10), "text": goal}
                for item, goal in enumerate(one.plan.trouble.goals, 1)
            },
        ),
        ("sleep", {"q1": _on_scale(hours + gain * 0.3, 12), "q2": _on_scale(4 + gain * 0.6, 10)}),
        (
            "phq4",
            {
                f"q{item}": _on_scale((mood - gain * 0.6) / 4 + chance.choice((0, 0, 0.6)), 3)
                for item in (1, 2, 3, 4)
            },
        ),
    ]
    rows = []
    for name, answers in lines:
        score = instruments.score(name, answers)
        rows.append(
            FormAnswer(
                uid=uid(chance),
                patient_id=one.person.patient.pk,
                instrument=name,
                on=one.start.date(),
                answers=answers,
                score=score.value,
                words=meaning(score)[:200],
                entered_at=one.start - dt.timedelta(minutes=10),
                entered_by=staff.front_desk,
            )
        )
    return rows


def _on_scale(value: float, most: int) -> int:
    return max(0, min(most, round(value)))


# Audit --------------------------------------------------------------------------------------------------------


def write_events(events: list[Event]) -> None:
    """Puts events into the audit in the order of their times."""
    events.sort(key=lambda one: one.at)
    with clock() as now:
        for _, lot in groupby(enumerate(events), key=lambda pair: pair[0] // _LOT):
            with transaction.atomic():
                for _, one in lot:
                    now.shown = one.at
                    audit.record(
                        one.actor,
                        one.action,
                        patient_id=one.patient_id,
                        subject=one.subject,
                        address="192.0.2.10",
                    )
