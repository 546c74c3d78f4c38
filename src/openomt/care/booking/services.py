"""Everything that changes the schedule. One transaction each, with its entry in the audit.

Two people who book one clinician at one time: the second is refused and told what is there. Each transaction
takes the clinician's row first (SQLite: the one writer's place), so nobody books between the look and the write.
What follows (a message, a reminder, an offer to whoever waits) is planned in the same transaction: see `after`.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import Location, User
from openomt.care.booking import after, holds, slots
from openomt.care.booking.diary import practice_zone
from openomt.care.booking.models import (
    FREED,
    LONGEST,
    STEP,
    Absence,
    Appointment,
    AppointmentType,
    BookingRules,
    Hold,
    WorkingHours,
)
from openomt.care.booking.reasons import Told
from openomt.care.patients.models import Patient
from openomt.care.portal.access import Visitor
from openomt.care.times import spoken_time

Status = Appointment.Status
FORWARD: dict[str, tuple[str, ...]] = {
    Status.BOOKED: (Status.ARRIVED, Status.NO_SHOW),
    Status.ARRIVED: (Status.ROOMED, Status.WITH_CLINICIAN),
    Status.ROOMED: (Status.WITH_CLINICIAN, Status.ROOMED),
    Status.WITH_CLINICIAN: (Status.DONE,),
    Status.DONE: (),
    Status.NO_SHOW: (Status.ARRIVED,),
    Status.CANCELED: (),
}
"""From each state to those that may follow, the usual one first. To a room from a room: another room."""
_VERB = {
    Status.ARRIVED: "arrived",
    Status.ROOMED: "roomed",
    Status.WITH_CLINICIAN: "seen",
    Status.DONE: "done",
    Status.NO_SHOW: "missed",
}


By = User | Visitor
"""Who does it: a member of the practice, or a patient at their door."""


class BookingError(Exception):
    """What was asked cannot be done; the message says why, for a person."""


class TakenError(BookingError):
    """Somebody or something is there at this time."""


class NeedsReasonError(BookingError):
    """It can be done, with a reason. `warnings`: what speaks against it."""

    def __init__(self, warnings: Sequence[str]) -> None:
        super().__init__(" ".join(warnings))
        self.warnings = tuple(warnings)


@transaction.atomic
def book(  # noqa: PLR0913, PLR0917  (what an appointment is)
    by: By | None,
    patient: Patient,
    clinician: User,
    location: Location,
    type: AppointmentType,
    start: dt.datetime,
    *,
    reason: str = "",
    override: str = "",
    hold: Hold | None = None,
    told: Told | None = None,
    address: str = "",
) -> Appointment:
    """Books an appointment of the type's length.

    hold   the one that kept this time for them; it ends
    told   the danger signs in the reason, of which the patient was told

    Raises BookingError where the clinician is booked or away; NeedsReasonError without `override` where the patient
    is booked elsewhere, or the time is outside the clinician's hours or in the past.
    """
    _lock(clinician)
    if patient.merged_into_id is not None:
        raise BookingError("This record was merged into another. Book for the other.")
    if not type.is_active:
        raise BookingError(f"{type.name} is not offered any more. Choose another type.")
    span = slots.Span(start, start + dt.timedelta(minutes=type.minutes))
    warnings = _examine(clinician, patient, location, span, held=hold)
    if warnings and not override.strip():
        raise NeedsReasonError(warnings)
    appointment = Appointment.objects.create(
        patient=patient,
        clinician=clinician,
        location=location,
        type=type,
        start=span.start,
        end=span.end,
        reason=reason.strip(),
        override=override.strip() if warnings else "",
        booked_by=by if isinstance(by, User) else None,
    )
    if hold is not None:
        Hold.objects.filter(pk=hold.pk).delete()
    _record(by, "appointment.booked", appointment, address, overridden=bool(warnings))
    after.booked(appointment, told)
    return appointment


@transaction.atomic
def move(  # noqa: PLR0913  (from where to where, by whom)
    by: By,
    appointment: Appointment,
    clinician: User,
    location: Location,
    start: dt.datetime,
    *,
    override: str = "",
    address: str = "",
) -> Appointment:
    """Moves an appointment that has not begun, keeping its length. Raises as `book` does."""
    now = _held(appointment, clinician)
    if now.status != Status.BOOKED:
        raise BookingError(f"Only a booked appointment can be moved; this one is: {_word(now)}.")
    span = slots.Span(start, start + (now.end - now.start))
    warnings = _examine(clinician, now.patient, location, span, but=now)
    if warnings and not override.strip():
        raise NeedsReasonError(warnings)
    was = after.Was.of(now)
    now.clinician, now.location, now.start, now.end = clinician, location, span.start, span.end
    now.override = override.strip() if warnings else ""
    now.save(update_fields=["clinician", "location", "start", "end", "override"])
    _record(by, "appointment.moved", now, address, overridden=bool(warnings))
    after.moved(now, was)
    return now


@transaction.atomic
def cancel(by: By, appointment: Appointment, reason: str, *, address: str = "") -> Appointment:
    """Cancels an appointment. Raises BookingError without a reason, or where the visit has begun."""
    now = _held(appointment)
    if now.status not in (Status.BOOKED, Status.ARRIVED):
        raise BookingError(f"Only what has not begun can be canceled; this one is: {_word(now)}.")
    if not reason.strip():
        raise BookingError("Say why it is canceled, in a few words.")
    now.cancel_reason = reason.strip()
    _step(now, Status.CANCELED)
    _record(by, "appointment.canceled", now, address)
    after.canceled(now)
    return now


@transaction.atomic
def set_status(
    user: User, appointment: Appointment, status: str, *, room: str = "", address: str = ""
) -> Appointment:
    """One step on the way from arrived to done. Raises BookingError for a step that does not follow."""
    now = _held(appointment)
    if status == now.status and (status != Status.ROOMED or room.strip() == now.room):
        return now  # pressed twice, or by two people: it is so already
    if status not in FORWARD[now.status]:
        raise BookingError(f"It is: {_word(now)}. From there it does not go to: {_named(status)}.")
    if now.status in FREED:
        _refuse_taken(now.clinician, slots.Span(now.start, now.end), now, practice_zone())
    _step(now, Status(status), room.strip() if status == Status.ROOMED else None)
    _record(user, f"appointment.{_VERB[Status(status)]}", now, address)
    return now


@transaction.atomic
def undo(user: User, appointment: Appointment, *, address: str = "") -> Appointment:
    """Takes back the last step, once; also of a cancellation, where the time is still free."""
    now = _held(appointment)
    if not now.before:
        raise BookingError("There is no step to take back.")
    if now.status in FREED and now.before not in FREED:
        _refuse_taken(now.clinician, slots.Span(now.start, now.end), now, practice_zone())
    restored = now.status == Status.CANCELED
    now.status, now.room, now.before, now.room_before = now.before, now.room_before, "", ""
    now.cancel_reason = ""
    now.status_at = timezone.now()
    now.save(update_fields=["status", "room", "before", "room_before", "cancel_reason", "status_at"])
    _record(user, "appointment.undone", now, address)
    if restored:
        after.restored(now)
    return now


@transaction.atomic
def save_type(user: User, type: AppointmentType, *, address: str = "") -> AppointmentType:
    """Keeps a type of appointment, new or changed. What is booked keeps its length."""
    verb = "changed" if type.pk else "added"
    type.save()
    audit.record(user, f"appointment_type.{verb}", subject=f"appointment_type:{type.uid}", address=address)
    return type


@transaction.atomic
def offer_type(user: User, type: AppointmentType, *, offered: bool, address: str = "") -> AppointmentType:
    """Retires a type, or offers it again. What is booked stays."""
    type.is_active = offered
    type.save(update_fields=["is_active"])
    verb = "restored" if offered else "retired"
    audit.record(user, f"appointment_type.{verb}", subject=f"appointment_type:{type.uid}", address=address)
    return type


@transaction.atomic
def set_hours(
    user: User | None, clinician: User, hours: Iterable[WorkingHours], *, address: str = ""
) -> None:
    """Replaces a clinician's week. Raises BookingError where two stretches of a day overlap, or one is empty."""
    _lock(clinician)
    rows = sorted(hours, key=lambda row: (row.weekday, row.start))
    for row in rows:
        row.clinician = clinician
        if row.end <= row.start:
            raise BookingError(f"{_WEEKDAYS[row.weekday]}: the end must come after the start.")
    for one, other in itertools.pairwise(rows):
        if one.weekday == other.weekday and other.start < one.end:
            raise BookingError(f"{_WEEKDAYS[one.weekday]}: two stretches overlap.")
    WorkingHours.objects.filter(clinician=clinician).delete()
    WorkingHours.objects.bulk_create(rows)
    audit.record(
        user, "hours.changed", subject=f"user:{clinician.uid}", detail={"rows": len(rows)}, address=address
    )


@transaction.atomic
def add_absence(  # noqa: PLR0913  (who, when, why, by whom)
    user: User | None,
    clinician: User,
    start: dt.datetime,
    end: dt.datetime,
    words: str = "",
    *,
    keep: bool = False,
    address: str = "",
) -> Absence:
    """Adds hours in which a clinician takes no appointments.

    Raises BookingError where it ends before it starts; NeedsReasonError, naming them, where appointments stand in it,
    unless they are to `keep` standing until somebody moves them.
    """
    _lock(clinician)
    if end <= start:
        raise BookingError("The end must come after the start.")
    inside = list(_standing(clinician, slots.Span(start, end)))
    if inside and not keep:
        raise NeedsReasonError(
            [f"{len(inside)} booked in these hours:", *(_what(one, practice_zone()) for one in inside)]
        )
    absence = Absence.objects.create(clinician=clinician, start=start, end=end, words=words.strip())
    audit.record(user, "absence.added", subject=f"user:{clinician.uid}", address=address)
    return absence


@transaction.atomic
def remove_absence(user: User, absence: Absence, *, address: str = "") -> None:
    """The clinician takes appointments again in these hours."""
    clinician, span = absence.clinician, slots.Span(absence.start, absence.end)
    absence.delete()
    audit.record(user, "absence.removed", subject=f"user:{clinician.uid}", address=address)
    after.freed(clinician, span, f"absence:{absence.uid}")


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def refuse_taken(clinician: User, span: slots.Span) -> None:
    """Raises TakenError where somebody or something is there. The caller holds the clinician's diary."""
    zone = practice_zone()
    _refuse_taken(clinician, span, None, zone)
    _refuse_away(clinician, span, zone)


@transaction.atomic
def change_rules(
    user: User, rules: BookingRules, online: Iterable[AppointmentType], *, address: str = ""
) -> None:
    """Keeps what patients may do themselves, and which types of appointment they may book."""
    rules.pk, rules.changed_by = 1, user
    rules.save()
    keys = [one.pk for one in online]
    AppointmentType.objects.exclude(pk__in=keys).update(online=False)
    AppointmentType.objects.filter(pk__in=keys).update(online=True)
    audit.record(user, "booking_rules.changed", subject="practice", address=address)


_lock = holds.lock


def _held(appointment: Appointment, *others: User) -> Appointment:
    """The appointment as it is, now that nobody else can change it. Raises BookingError where it just moved away."""
    _lock(appointment.clinician, *others)
    now = Appointment.objects.select_related("patient", "clinician", "type", "location").get(
        pk=appointment.pk
    )
    if now.clinician_id not in {appointment.clinician_id, *(one.pk for one in others)}:
        raise BookingError(f"It was moved to {now.clinician} just now. Look again.")
    return now


def _examine(  # noqa: PLR0913  (a time, and what does not count as in its way)
    clinician: User,
    patient: Patient,
    location: Location,
    span: slots.Span,
    but: Appointment | None = None,
    *,
    held: Hold | None = None,
) -> list[str]:
    """What speaks against a time. Raises BookingError for what cannot be."""
    if not clinician.is_active or not clinician.is_clinician:
        raise BookingError(f"{clinician} does not see patients.")
    if not location.is_active:
        raise BookingError(f"{location} is closed. Choose another location.")
    zone = practice_zone()
    local = span.start.astimezone(zone)
    if local.second or local.microsecond or local.minute % STEP or not STEP <= span.minutes <= LONGEST:
        raise BookingError(f"Appointments begin on multiples of {STEP} minutes and last up to {LONGEST}.")
    _refuse_taken(clinician, span, but, zone, held)
    _refuse_away(clinician, span, zone)
    return [
        *_outside(clinician, location, span, zone),
        *_elsewhere(patient, span, but, zone),
        *_past(span, zone),
    ]


def _refuse_taken(
    clinician: User, span: slots.Span, but: Appointment | None, zone: dt.tzinfo, held: Hold | None = None
) -> None:
    taken = [one for one in _standing(clinician, span) if but is None or one.pk != but.pk]
    if taken:
        there = "; ".join(_what(one, zone) for one in taken)
        raise TakenError(f"{clinician} is booked at this time: {there}. Choose a free time.")
    other = holds.in_the_way(clinician, span, held)
    if other is not None:
        until = spoken_time(other.expires_at.astimezone(zone))
        raise TakenError(f"{holds.WORDS}, until {until}: {_times(other.start, other.end, zone)}.")


def _refuse_away(clinician: User, span: slots.Span, zone: dt.tzinfo) -> None:
    away = Absence.objects.filter(clinician=clinician, start__lt=span.end, end__gt=span.start).first()
    if away is not None:
        raise TakenError(f"{clinician} is away {_times(away.start, away.end, zone)}{_because(away.words)}.")


def _standing(clinician: User, span: slots.Span) -> Iterable[Appointment]:
    """What takes the clinician's time in a span. Bound below, so that an index answers it."""
    return (
        Appointment.objects.filter(
            clinician=clinician,
            start__lt=span.end,
            start__gt=span.start - dt.timedelta(minutes=LONGEST),
            end__gt=span.start,
        )
        .exclude(status__in=FREED)
        .select_related("patient", "type", "location")
    )


def _outside(clinician: User, location: Location, span: slots.Span, zone: dt.tzinfo) -> list[str]:
    day = span.start.astimezone(zone).date()
    rows = WorkingHours.objects.filter(clinician=clinician, weekday=day.weekday()).select_related("location")
    here = [row for row in rows if row.location_id == location.pk]
    hours = [slots.Hours(row.weekday, row.start, row.end, row.location_id) for row in here]
    if any(one.span.holds(span) for one in slots.open_spans(hours, day, zone)):
        return []
    if not rows:
        return [f"{clinician} has no hours on {day:%A}s."]
    listed = ", ".join(
        f"{spoken_time(row.start)} to {spoken_time(row.end)} at {row.location}" for row in rows
    )
    return [f"Outside the hours of {clinician} at {location}: {day:%A}s {listed}."]


def _elsewhere(patient: Patient, span: slots.Span, but: Appointment | None, zone: dt.tzinfo) -> list[str]:
    others = Appointment.objects.filter(patient=patient, start__lt=span.end, end__gt=span.start)
    others = others.exclude(status__in=FREED).select_related("clinician")
    return [
        f"The patient is booked with {one.clinician}, {_times(one.start, one.end, zone)}."
        for one in others
        if but is None or one.pk != but.pk
    ]


def _past(span: slots.Span, zone: dt.tzinfo) -> list[str]:
    if span.end >= timezone.now():
        return []
    return [f"{_times(span.start, span.end, zone)} is in the past."]


def _step(appointment: Appointment, status: str, room: str | None = None) -> None:
    appointment.before, appointment.room_before = appointment.status, appointment.room
    appointment.status = status
    appointment.status_at = timezone.now()
    if room is not None:
        appointment.room = room
    appointment.save(update_fields=["status", "room", "before", "room_before", "status_at", "cancel_reason"])


def _record(
    by: By | None, action: str, appointment: Appointment, address: str, *, overridden: bool = False
) -> None:
    subject = f"appointment:{appointment.uid}"
    detail: dict[str, object] = {"overridden": True} if overridden else {}
    if isinstance(by, Visitor):
        by.record(action, subject=subject, detail=detail, address=address)
        return
    audit.record(
        by,
        action,
        patient_id=appointment.patient_id,
        subject=subject,
        detail=detail,
        address=address,
        by="" if by else "somebody who confirmed a request",
    )


def _what(one: Appointment, zone: dt.tzinfo) -> str:
    return f"{one.patient.name}, {_times(one.start, one.end, zone)}, {one.type.name}"


def _times(start: dt.datetime, end: dt.datetime, zone: dt.tzinfo) -> str:
    """`Mon 23 Nov, 9:30 AM to 10:00 AM`, by the practice's clock."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    until = "" if first.date() == last.date() else f"{last:%a} {last.day} {last:%b}, "
    return f"{first:%a} {first.day} {first:%b}, {spoken_time(first)} to {until}{spoken_time(last)}"


def _because(words: str) -> str:
    return f" ({words})" if words else ""


def _word(appointment: Appointment) -> str:
    return str(appointment.get_status_display()).lower()


def _named(status: str) -> str:
    return str(Status(status).label).lower() if status in Status.values else "something else"
