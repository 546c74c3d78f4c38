"""Invitations: who is booked for a first visit or a consultation is asked to tell their story before it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from openomt.care.booking.models import Appointment, AppointmentType
from openomt.care.booking.signals import appointment_booked
from openomt.care.contact.jobs import enqueue, job
from openomt.care.contact.models import Job
from openomt.care.intake.taking import invite

KIND = "intake.invite"
_KINDS = (AppointmentType.Kind.NEW, AppointmentType.Kind.CONSULTATION)
_WAIT = dt.timedelta(minutes=10)
"""Time to take a booking back before the patient hears of it."""


@job(KIND)
def run(payload: dict[str, Any], job: Job) -> None:
    """Invites for one appointment, where it still stands and is still to come."""
    rows = Appointment.objects.select_related("patient", "type")
    one = rows.filter(pk=payload["appointment"], status=Appointment.Status.BOOKED).first()
    now = job.done_at or timezone.now()
    if one is not None and one.start > now and one.patient.merged_into_id is None:
        invite(one.patient, one)


def connect() -> None:
    """Called once, when the app is ready."""
    appointment_booked.connect(_booked, dispatch_uid=KIND)


def _booked(appointment: Appointment, **_more: Any) -> None:
    now = timezone.now()
    if appointment.type.kind in _KINDS and appointment.start > now:
        enqueue(
            KIND,
            f"{KIND}:{appointment.uid}",
            {"appointment": appointment.pk},
            now + _WAIT,
            useless_after=appointment.start,
        )
