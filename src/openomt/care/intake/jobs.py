"""Invitations: who is booked is asked for their story before a first visit, and how they are before a later one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from openomt.care.booking import slots
from openomt.care.booking.models import Appointment, AppointmentType
from openomt.care.booking.signals import appointment_booked, appointment_moved
from openomt.care.contact.jobs import enqueue, job
from openomt.care.contact.models import Job
from openomt.care.intake.services import flow_due, invite

KIND, LATER = "intake.invite", "intake.invite_later"
_KINDS = (AppointmentType.Kind.NEW, AppointmentType.Kind.CONSULTATION)
_WAIT = dt.timedelta(minutes=10)
"""Time to take a booking back before the patient hears of it."""
_BEFORE = dt.timedelta(days=2)
"""So long before a later visit they are asked how they are: asked at booking, it would be old by then. Our choice."""


@job(KIND)
def run(payload: dict[str, Any], job: Job) -> None:
    """Invites for one appointment, where it still stands and is still to come."""
    one = _standing(payload, job)
    if one is not None:
        invite(one.patient, one)


@job(LATER)
def later(payload: dict[str, Any], job: Job) -> None:
    """Invites before a later visit to what is due by then, where it stands at the time that was planned with."""
    one = _standing(payload, job)
    if one is None or slots.stamp(one.start) != payload["start"]:
        return
    flow = flow_due(one.patient)
    if flow is not None:
        invite(one.patient, one, flow=flow)


def _standing(payload: dict[str, Any], job: Job) -> Appointment | None:
    rows = Appointment.objects.select_related("patient", "type")
    one = rows.filter(pk=payload["appointment"], status=Appointment.Status.BOOKED).first()
    now = job.done_at or timezone.now()
    there = one is not None and one.start > now and one.patient.merged_into_id is None
    return one if there else None


def connect() -> None:
    """Called once, when the app is ready."""
    appointment_booked.connect(_booked, dispatch_uid=KIND)
    appointment_moved.connect(_moved, dispatch_uid=LATER)


def _booked(appointment: Appointment, **_more: Any) -> None:
    if appointment.type.kind in _KINDS and appointment.start > timezone.now():
        enqueue(
            KIND,
            f"{KIND}:{appointment.uid}",
            {"appointment": appointment.pk},
            timezone.now() + _WAIT,
            useless_after=appointment.start,
        )
    _plan_later(appointment)


def _moved(appointment: Appointment, **_more: Any) -> None:
    _plan_later(appointment)


def _plan_later(appointment: Appointment) -> None:
    now = timezone.now()
    if appointment.type.kind != AppointmentType.Kind.FOLLOW_UP or appointment.start <= now:
        return
    start = slots.stamp(appointment.start)
    enqueue(
        LATER,
        f"{LATER}:{appointment.uid}:{start}",
        {"appointment": appointment.pk, "start": start},
        max(now + _WAIT, appointment.start - _BEFORE),
        useless_after=appointment.start,
    )
