"""What follows from a change of the schedule: messages to the patient, the reminder, an offer to whoever waits.

Called by `services` inside the transaction of the change. Messages hold a day, a time and a place, and nothing else.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts.models import Location, User
from openomt.care.booking import slots
from openomt.care.booking.models import Appointment, BookingRules, WaitingEntry
from openomt.care.booking.reasons import Told
from openomt.care.booking.signals import appointment_booked, appointment_moved, danger_told
from openomt.care.contact import jobs
from openomt.care.contact import services as contact
from openomt.care.contact.models import Message
from openomt.care.contact.reach import reach
from openomt.care.portal import links
from openomt.care.portal.access import Scope

REMIND, FREE, OVER = "booking.remind", "booking.free", "booking.hold_over"
"""Kinds of jobs; `jobs` does them."""


@dataclass(frozen=True, slots=True)
class Was:
    """Where an appointment stood before it was moved."""

    clinician: User
    span: slots.Span

    @classmethod
    def of(cls, appointment: Appointment) -> Was:
        return cls(appointment.clinician, slots.Span(appointment.start, appointment.end))


def booked(appointment: Appointment, told: Told | None = None) -> None:
    _tell(appointment, "appointment_booked")
    _plan(appointment)
    appointment_booked.send(Appointment, appointment=appointment)
    if told is not None:
        danger_told.send(Appointment, appointment=appointment, told=told)


def moved(appointment: Appointment, was: Was) -> None:
    jobs.cancel(_reminder(appointment, was.span.start))
    _take_back(appointment)
    _tell(appointment, "appointment_moved")
    _plan(appointment)
    appointment_moved.send(Appointment, appointment=appointment)
    freed(was.clinician, was.span, f"appointment:{appointment.uid}")


def canceled(appointment: Appointment) -> None:
    jobs.cancel(_reminder(appointment, appointment.start))
    _take_back(appointment)
    _tell(appointment, "appointment_cancelled")
    freed(
        appointment.clinician,
        slots.Span(appointment.start, appointment.end),
        f"appointment:{appointment.uid}",
    )


def restored(appointment: Appointment) -> None:
    """A cancellation was taken back: the patient hears of it only if they had heard that it was canceled."""
    if not _take_back(appointment):
        _tell(appointment, "appointment_booked")
    _plan(appointment)


def freed(clinician: User, span: slots.Span, name: str) -> None:
    """A clinician's time is free again: whoever waits for such a time is asked. `name`: what freed it."""
    now = timezone.now()
    if span.end <= now or not WaitingEntry.objects.filter(ended_at=None).exists():
        return
    payload = {"clinician": clinician.pk, "start": span.start.isoformat(), "end": span.end.isoformat()}
    jobs.enqueue(FREE, f"{FREE}:{name}:{now:%Y%m%dT%H%M%S.%f}", payload, useless_after=span.end)


def remind(appointment: Appointment) -> None:
    """The reminder itself, when its time has come."""
    _send(
        appointment, "appointment_reminder", f"{_name(appointment)}:reminder:{slots.stamp(appointment.start)}"
    )


def said(start: dt.datetime, location: Location) -> dict[str, Any]:
    """What a message may say of an appointment."""
    place = ", ".join(filter(None, (location.name, location.street)))
    return {"day": start, "time": start, "place": place}


def _tell(appointment: Appointment, template: str) -> None:
    now = timezone.now()
    if appointment.start > now:
        _send(appointment, template, f"{_name(appointment)}:{template}:{now:%Y%m%dT%H%M%S.%f}")


def _send(appointment: Appointment, template: str, key: str) -> None:
    patient, now = appointment.patient, timezone.now()
    if not reach(patient):
        return  # no link is made that nobody gets
    target = reverse("booking_mine")
    if appointment.stands:
        target = reverse("booking_mine_one", kwargs={"uid": appointment.uid})
    link = links.make(patient, Scope.BOOKING, target, days=(appointment.start - now).days + 2)
    values = said(appointment.start, appointment.location)
    contact.send(patient, template, key=key, link=link, values=values, useless_after=appointment.start)


def _take_back(appointment: Appointment) -> int:
    """Closes what still waits to be sent about an appointment; how many that were."""
    waiting = Message.objects.filter(patient=appointment.patient_id, state=Message.State.WAITING)
    keys = [key for key in waiting.values_list("key", flat=True) if key.startswith(f"{_name(appointment)}:")]
    return sum(contact.withdraw(key) for key in keys)


def _plan(appointment: Appointment) -> None:
    hours = BookingRules.load().remind_hours
    at = appointment.start - dt.timedelta(hours=hours)
    if not hours or at <= timezone.now():
        return
    payload = {"appointment": appointment.pk, "start": slots.stamp(appointment.start)}
    key = _reminder(appointment, appointment.start)
    jobs.enqueue(REMIND, key, payload, at, useless_after=appointment.start)


def _reminder(appointment: Appointment, start: dt.datetime) -> str:
    return f"{REMIND}:{appointment.uid}:{slots.stamp(start)}"


def _name(appointment: Appointment) -> str:
    return f"appointment:{appointment.uid}"
