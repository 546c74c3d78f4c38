"""What booking does later: reminders, holds that are over, free times for those who wait."""

from __future__ import annotations

import datetime as dt
from typing import Any

from openomt.care.accounts.models import User
from openomt.care.booking import after, requests, slots, waiting
from openomt.care.booking.models import Appointment, BookingRequest, Hold, WaitingOffer
from openomt.care.contact.jobs import job
from openomt.care.contact.models import Job


@job(after.REMIND)
def remind(payload: dict[str, Any], job: Job) -> None:
    """Reminds of an appointment that still stands at the time the reminder was made for."""
    rows = Appointment.objects.select_related("patient", "location")
    one = rows.filter(pk=payload["appointment"], status=Appointment.Status.BOOKED).first()
    if one is not None and slots.stamp(one.start) == payload["start"]:
        after.remind(one)


@job(after.OVER)
def hold_over(payload: dict[str, Any], job: Job) -> None:
    """Nobody said yes in time."""
    hold = Hold.objects.filter(pk=payload["hold"]).select_related("clinician").first()
    if hold is None:
        return
    offer = WaitingOffer.objects.filter(hold=hold).first()
    if offer is not None:
        waiting.too_late(offer)
        return
    request = BookingRequest.objects.filter(hold=hold).first()
    if request is not None:
        requests.give_up(request)
    hold.delete()
    after.freed(hold.clinician, slots.Span(hold.start, hold.end), f"hold:{hold.uid}")


@job(after.FREE)
def free(payload: dict[str, Any], job: Job) -> None:
    """A time is free: whoever waits for it is asked."""
    clinician = User.objects.filter(pk=payload["clinician"], is_active=True).first()
    if clinician is not None:
        span = slots.Span(*(dt.datetime.fromisoformat(payload[name]) for name in ("start", "end")))
        waiting.offer_free(clinician, span)
