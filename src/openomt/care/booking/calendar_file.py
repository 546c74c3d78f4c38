"""An appointment as a calendar file (RFC 5545). It names the practice and nothing of the patient's health."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from openomt.care.booking.models import Appointment
from openomt.care.booking.online import Place
from openomt.care.words import say

MEDIA_TYPE = "text/calendar; charset=utf-8"
_LINE = 75
"""Octets; longer lines are folded."""


def calendar_file(appointment: Appointment, practice: str) -> bytes:
    """The whole file, in the language of the page."""
    canceled = appointment.status == Appointment.Status.CANCELED
    place = ", ".join(filter(None, (appointment.location.name, Place(appointment.location, ()).address)))
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//OpenOMT//Booking//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{appointment.uid}@openomt",
        f"DTSTAMP:{_utc(timezone.now())}",
        # A time that is moved must count as newer than the one a calendar holds.
        f"SEQUENCE:{int((timezone.now() - appointment.booked_at).total_seconds())}",
        f"DTSTART:{_utc(appointment.start)}",
        f"DTEND:{_utc(appointment.end)}",
        f"SUMMARY:{_text(say('booking.visit_at', practice=practice))}",
        f"LOCATION:{_text(place)}",
        f"STATUS:{'CANCELLED' if canceled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return b"".join(_folded(line) for line in lines)


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    plain = " ".join(value.split())
    for sign in "\\;,":
        plain = plain.replace(sign, f"\\{sign}")
    return plain


def _folded(line: str) -> bytes:
    """The line, cut where it is too long: a space begins what goes on. No character is cut in two."""
    rows, row = [], b""
    for char in line:
        piece = char.encode()
        if len(row) + len(piece) > _LINE:
            rows.append(row)
            row = b" "
        row += piece
    return b"\r\n".join([*rows, row]) + b"\r\n"
