"""What is decided about a course: begin, go on, change the plan, stop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.patients import services as on_record
from openomt.care.patients.models import Course, Goal, Patient


class CourseError(ValueError):
    """Something that cannot be done with this course. The message says why, for the person who tried."""


def running(patient: Patient) -> Course | None:
    """The course that is running."""
    return Course.objects.standing().filter(patient=patient, ended_on=None).first()


def start_course(actor: User, patient: Patient, values: dict[str, Any], *, address: str = "") -> Course:
    """Begins a course. `values`: fields of Course. Raises CourseError where one is running already."""
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=patient.pk)
        if running(patient) is not None:
            raise CourseError("A course is running already. Stop it first, or change its plan.")
        return on_record.enter(Course, patient, actor, address=address, **values)


def continue_course(actor: User, patient: Patient, review_on: dt.date, *, address: str = "") -> Course:
    """Goes on as planned, with a day to look again. Raises CourseError where no course is running."""
    return _change(actor, patient, "course.continued", {"review_on": review_on}, address)


def change_plan(actor: User, patient: Patient, values: dict[str, Any], *, address: str = "") -> Course:
    """Changes what was planned. Raises CourseError where no course is running."""
    return _change(actor, patient, "course.changed", values, address)


def stop_course(
    actor: User, patient: Patient, ended_on: dt.date, outcome: str, *, address: str = ""
) -> Course:
    """Ends the course, with how it went in words. Raises CourseError where that cannot be."""
    with transaction.atomic():
        course = _locked(patient)
        if ended_on < course.started_on:
            raise CourseError("The course cannot end before its first day.")
        return on_record.end(course, actor, address=address, ended_on=ended_on, outcome=outcome)


def rate_goals(actor: User, rated: Iterable[tuple[Goal, int | None]], *, address: str = "") -> None:
    """Keeps where the patient stands with several goals, all or none."""
    with transaction.atomic():
        for goal, now in rated:
            on_record.change_goal(goal, actor, now, address=address)


def _change(actor: User, patient: Patient, action: str, values: dict[str, Any], address: str) -> Course:
    with transaction.atomic():
        course = _locked(patient)
        changed = {name: value for name, value in values.items() if getattr(course, name) != value}
        for name, value in changed.items():
            setattr(course, name, value)
        course.save(update_fields=[*changed])
        audit.record(
            actor,
            action,
            patient_id=course.patient_id,
            subject=f"course:{course.pk}",
            detail={"fields": sorted(changed)},
            address=address,
        )
    return course


def _locked(patient: Patient) -> Course:
    course = (
        Course.objects.select_for_update(of=("self",))
        .standing()
        .filter(patient=patient, ended_on=None)
        .first()
    )
    if course is None:
        raise CourseError("No course is running. Somebody may have stopped it a moment ago.")
    return course
