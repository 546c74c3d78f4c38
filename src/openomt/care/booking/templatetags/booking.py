"""How an appointment is shown wherever it is: its state as shape and word, its next steps as buttons."""

from __future__ import annotations

from django import template
from django.utils import timezone

from openomt.care.booking.models import Appointment
from openomt.care.booking.services import FORWARD

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


@register.filter
def state_words(appointment: Appointment) -> str:
    """The state; while the patient is here also where, and since when: `Room 2 since 9:26`."""
    status = Status(appointment.status)
    words = str(status.label)
    if status == Status.ROOMED and appointment.room:
        words = f"Room {appointment.room}" if len(appointment.room) < 4 else appointment.room
    if status not in _HERE:
        return words
    since = timezone.localtime(appointment.status_at)
    return f"{words} since {since.hour}:{since:%M}"


@register.inclusion_tag("booking/_state.html")
def state(appointment: Appointment) -> dict[str, str]:
    """`{% state appointment %}`: shape and words."""
    status = Status(appointment.status)
    return {"status": status.value, "shape": SHAPES[status], "words": state_words(appointment)}


@register.filter
def steps(appointment: Appointment) -> list[tuple[str, str]]:
    """The steps that may follow with the word on each button, the usual one first."""
    following = (status for status in FORWARD[appointment.status] if status != appointment.status)
    return [(status, STEPS[Status(status)]) for status in following]
