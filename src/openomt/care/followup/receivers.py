"""What followup does when earlier steps of care say that somebody must act: a danger sign is a task."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from openomt.care.accounts.access import Permission
from openomt.care.accounts.models import User
from openomt.care.booking.models import Appointment
from openomt.care.booking.reasons import Told
from openomt.care.booking.signals import danger_told
from openomt.care.followup.deadlines import within
from openomt.care.followup.models import Task
from openomt.care.followup.services import TaskError, open_task, raise_task
from openomt.care.intake.danger import Danger
from openomt.care.intake.models import Intake
from openomt.care.intake.signals import danger_answered
from openomt.care.intake.summary import watched_words

URGENCY = {"E": Task.Urgency.EMERGENCY, "U": Task.Urgency.SAME_DAY, "S": Task.Urgency.CALL}
"""Urgencies of the danger screen as those of a task."""
_INTAKE = "Intake: "
_BEFORE = "Said before:"


def connect() -> None:
    """Called once, when the app is ready."""
    danger_answered.connect(_danger_answered, dispatch_uid="followup.danger_answered")
    danger_told.connect(_danger_told, dispatch_uid="followup.danger_told")


def _danger_answered(intake: Intake, danger: Danger, **_more: Any) -> None:
    """One telling has one task: what is said later raises it, as an answer to a check-in does."""
    now = timezone.now()
    urgency, due = URGENCY[danger.urgency], within(danger.task.hours, danger.task.working, now)
    origin = f"Intake. {danger.task.text}"[:120]
    told = (danger.act, *danger.more, *danger.why) if danger.at_once else ()
    words = watched_words(intake)
    standing = intake.tasks.filter(source=Task.Source.INTAKE, closed_at=None).first()
    if standing is not None:
        try:
            raise_task(
                standing,
                urgency,
                _title(danger, standing),
                _with_words_before(words, standing),
                told,
                danger=danger.at_once,
                now=now,
                due_at=due,
                origin=origin,
            )
        except TaskError:  # somebody closed it this moment: what is said now is a task of its own
            pass
        else:
            return
    open_task(
        None,
        intake.patient,
        urgency,
        _title(danger),
        words=words,
        origin=origin,
        owner=_owner(intake.appointment),
        due_at=due,
        source=Task.Source.INTAKE,
        intake=intake,
        told=told,
        danger=danger.at_once,
        now=now,
    )


def _title(danger: Danger, standing: Task | None = None) -> str:
    """Every sign of the telling, the most urgent first; what was taken back since stays named."""
    signs = [*danger.signs, *danger.also]
    before = standing.title.removeprefix(_INTAKE).split("; ") if standing is not None else []
    return _INTAKE + "; ".join(dict.fromkeys([*signs, *before]))


def _with_words_before(words: str, standing: Task) -> str:
    """The words as they stand now, and beneath them those that the patient has changed or taken back since."""
    lines = words.splitlines()
    before = [line for line in standing.words.splitlines() if line not in lines and line != _BEFORE]
    return "\n".join([*lines, _BEFORE, *before] if before else lines)


def _danger_told(appointment: Appointment, told: Told, **_more: Any) -> None:
    now = timezone.now()
    open_task(
        None,
        appointment.patient,
        URGENCY[told.urgency],
        f"Booked online: {'; '.join(told.signs)}"[:200],
        words=appointment.reason[:500],
        origin=f"Booking. {told.task.text}"[:120],
        owner=_owner(appointment),
        due_at=within(told.task.hours, told.task.working, now),
        source=Task.Source.BOOKING,
        told=(told.act, told.more) if told.more else (told.act,),
        danger=True,
        now=now,
    )


def _owner(appointment: Appointment | None) -> User | None:
    """Whom the patient is booked with, where they may answer; else nobody: an alarm on everybody's list."""
    if appointment is None:
        return None
    who = appointment.clinician
    return who if who.is_active and who.may(Permission.TASK_WRITE) else None
