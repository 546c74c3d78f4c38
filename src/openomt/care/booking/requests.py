"""Visits asked for by people we do not know: a time is held, a link is sent, and who opens it has the visit.

Nobody learns from any answer whether there is a record of somebody: it is looked for only after the link was opened,
by name, birth date and the address the link went to, and the page says the same in either case.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.booking import after, holds, services
from openomt.care.booking.models import AppointmentType, BookingRequest, BookingRules, Hold
from openomt.care.booking.online import Slot
from openomt.care.booking.reasons import screened
from openomt.care.contact import jobs
from openomt.care.contact import services as contact
from openomt.care.patients import names
from openomt.care.patients import services as patients
from openomt.care.patients.models import Guardian, Patient
from openomt.care.portal.known import hashed

_OTHER_VISIT = "Asked for online. Look at it: another visit at this time, or outside the hours."


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody says of themselves, or of the child they answer for."""

    given_names: str
    family_name: str
    birth_date: dt.date
    sex: str
    phone: str
    email: str
    channel: str
    language: str
    reason: str = ""
    guardian_name: str = ""
    guardian_relation: str = ""


class Outcome(StrEnum):
    """What came of opening the link."""

    BOOKED = "booked"
    OVER = "over"


@transaction.atomic
def hold(slot: Slot, type_: AppointmentType, until: dt.datetime) -> Hold:
    """Keeps a time. Raises TakenError where somebody was quicker."""
    holds.lock(slot.clinician)
    services.refuse_taken(slot.clinician, slot.span)
    kept = Hold.objects.create(
        clinician=slot.clinician,
        location=slot.location,
        type=type_,
        start=slot.start,
        end=slot.end,
        expires_at=until,
    )
    jobs.enqueue(after.OVER, f"{after.OVER}:{kept.uid}", {"hold": kept.pk}, until)
    return kept


@transaction.atomic
def ask(slot: Slot, type_: AppointmentType, person: Person, urgency: str = "", *, address: str = "") -> bool:
    """Holds the time and sends the link that confirms it; False where no link can be sent, and nothing is held.

    Raises TakenError.
    """
    until = timezone.now() + dt.timedelta(minutes=BookingRules.load().hold_minutes)
    token = secrets.token_urlsafe(32)
    where = person.email if person.channel == Patient.Contact.EMAIL else person.phone
    kept = hold(slot, type_, until)
    row = BookingRequest.objects.create(
        hold=kept,
        token_hash=hashed(token),
        urgency=urgency,
        **{name: getattr(person, name) for name in Person.__dataclass_fields__},
    )
    sent = contact.send_to_stranger(
        person.channel,
        where,
        person.language,
        "booking_confirm",
        key=f"booking:{row.uid}",
        link=f"{settings.SITE_ADDRESS}{reverse('booking_confirm', kwargs={'token': token})}",
        values=after.said(slot.start, slot.location),
        useless_after=until,
    )
    if sent is None:
        transaction.set_rollback(True)
        return False
    audit.record(
        None, "booking.asked", subject=f"request:{row.uid}", address=address, by="somebody who books online"
    )
    return True


def of_token(token: str) -> BookingRequest | None:
    """The request a link confirms; None for one that is over."""
    rows = BookingRequest.objects.select_related(
        "hold__clinician",
        "hold__location",
        "hold__type",
        "appointment__clinician",
        "appointment__location",
        "appointment__type",
    )
    found = rows.filter(token_hash=hashed(token)).first()
    if found is None or found.confirmed_at is not None:
        return found
    return found if found.hold is not None and found.hold.expires_at > timezone.now() else None


def confirm(token: str, *, address: str = "") -> Outcome:
    """Books what was held. Doing it twice books once."""
    try:
        with transaction.atomic():
            return _confirm(token, address)
    except services.BookingError:  # the type was retired, the clinician has left
        return Outcome.OVER


def _confirm(token: str, address: str) -> Outcome:
    rows = BookingRequest.objects.select_for_update(of=("self",))
    row = rows.filter(token_hash=hashed(token)).first()
    if row is None:
        return Outcome.OVER
    if row.confirmed_at is not None:
        return Outcome.BOOKED
    kept = Hold.objects.select_related("clinician", "location", "type").filter(request=row).first()
    if kept is None or kept.expires_at <= timezone.now():
        return Outcome.OVER
    known = _known(row)
    patient = known or _new_patient(row, address)
    appointment = services.book(
        None,
        patient,
        kept.clinician,
        kept.location,
        kept.type,
        kept.start,
        reason=row.reason,
        override=_OTHER_VISIT,
        hold=kept,
        told=screened(row.reason, row.birth_date, row.sex, row.language),
        address=address,
    )
    jobs.cancel(f"{after.OVER}:{kept.uid}")
    row.hold, row.patient, row.appointment, row.new_record = None, patient, appointment, known is None
    row.confirmed_at = timezone.now()
    row.save()
    return Outcome.BOOKED


def _known(row: BookingRequest) -> Patient | None:
    """The one record with this name, birth date and address; None where there is none, or more than one."""
    rows = Patient.objects.filter(
        birth_date=row.birth_date, family_key=names.key(row.family_name), merged_into=None
    )
    given = names.key(row.given_names)
    found = [one for one in rows if given in {one.given_key, one.called_key} and _reached(one, row)]
    return found[0] if len(found) == 1 else None


def _reached(patient: Patient, row: BookingRequest) -> bool:
    """Whether the address that the link went to stands on file, for the patient or a guardian."""
    on_file: list[Patient | Guardian] = [patient, *Guardian.objects.standing().filter(patient=patient)]
    if row.channel == Patient.Contact.EMAIL:
        return any(one.email.strip().casefold() == row.email.strip().casefold() for one in on_file)
    return any(names.digits(one.phone) == names.digits(row.phone) for one in on_file)


def _new_patient(row: BookingRequest, address: str) -> Patient:
    made = patients.add_patient(
        None,
        address=address,
        given_names=row.given_names,
        family_name=row.family_name,
        birth_date=row.birth_date,
        sex=row.sex,
        phone=row.phone,
        email=row.email,
        contact=row.channel,
        language=row.language,
        why_here=row.reason,
    )
    if row.guardian_name:
        patients.enter(
            Guardian,
            made,
            None,
            address=address,
            name=row.guardian_name,
            relation=row.guardian_relation,
            phone=row.phone,
            email=row.email,
        )
    return made


@transaction.atomic
def give_up(row: BookingRequest) -> None:
    """Nobody confirmed it: what they typed is gone."""
    rows = BookingRequest.objects.select_for_update(of=("self",)).filter(pk=row.pk, confirmed_at=None)
    if rows.first() is not None:
        BookingRequest.objects.filter(pk=row.pk).delete()
        audit.record(None, "booking.expired", subject=f"request:{row.uid}")


@transaction.atomic
def check(user: User, row: BookingRequest, *, address: str = "") -> None:
    """A person of the practice has looked at it. Doing it twice changes nothing."""
    now = BookingRequest.objects.filter(pk=row.pk, checked_at=None)
    if now.update(checked_at=timezone.now(), checked_by=user):
        audit.record(
            user,
            "booking.checked",
            patient_id=row.patient_id,
            subject=f"request:{row.uid}",
            address=address,
        )
