"""How an appointment is shown wherever it is: its state as shape and word, its next steps as buttons."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import timezone

from openomt.care.booking.models import Appointment
from openomt.care.booking.services import FORWARD
from openomt.care.times import spoken_time

register = template.Library()
Status = Appointment.Status
SHAPES = {
    Status.BOOKED: "clock",
    Status.ARRIVED: "person",
    Status.ROOMED: "form",
    Status.WITH_CLINICIAN: "half",
    Status.DONE: "check",
    Status.NO_SHOW: "x",
    Status.CANCELED: "minus",
}
STEPS = {
    Status.ARRIVED: "Arrived",
    Status.ROOMED: "To a room",
    Status.WITH_CLINICIAN: "Start",
    Status.DONE: "Done",
    Status.NO_SHOW: "Did not come",
}
_HERE = (Status.ARRIVED, Status.ROOMED, Status.WITH_CLINICIAN)


def state_words(status: str, room: str, at: dt.datetime) -> str:
    """The state in words; while the patient is here also where, and since when: `Room 2 since 9:26 AM`."""
    words = str(Status(status).label)
    if status == Status.ROOMED and room:
        words = f"Room {room}" if len(room) < 4 else room
    if status not in _HERE:
        return words
    return f"{words} since {spoken_time(timezone.localtime(at))}"


def following(status: str) -> tuple[tuple[str, str], ...]:
    """The steps that may follow a state with the word on each button, the usual one first."""
    return tuple((str(one), STEPS[Status(one)]) for one in FORWARD[status] if one != status)


@register.inclusion_tag("booking/_state.html")
def state(appointment: Appointment) -> dict[str, str]:
    """`{% state appointment %}`: shape and words."""
    status = Status(appointment.status)
    words = state_words(status, appointment.room, appointment.status_at)
    return {"status": status.value, "shape": SHAPES[status], "words": words}


@register.filter
def steps(appointment: Appointment) -> tuple[tuple[str, str], ...]:
    """`{% for status, word in appointment|steps %}`"""
    return following(appointment.status)
