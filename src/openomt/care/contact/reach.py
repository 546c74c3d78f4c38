"""Whether a message may reach a patient, at which address, in which language; or why not, for staff."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.utils import timezone

from openomt.care.contact import senders
from openomt.care.contact.models import Message, OptOut
from openomt.care.patients.models import Guardian, Patient

OF_AGE = 18
_AMERICAN = re.compile(r"1?([2-9]\d{9})")


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a message goes. `why_not` set: nowhere, and this is the reason, for a person of the practice."""

    channel: str = ""
    address: str = ""
    language: str = "en"
    guardian: Guardian | None = None
    why_not: str = ""

    def __bool__(self) -> bool:
        return not self.why_not


def reach(patient: Patient, *, guardian: Guardian | None = None, asked_for: bool = False) -> Reach:  # noqa: PLR0911
    """How to reach the patient, or the guardian who answers for a child.

    asked_for   the patient has just asked for this very message: an opt-out does not hold it back, and who else
                prefers the phone gets it by e-mail, or as a text
    """
    if patient.merged_into_id is not None:
        return Reach(why_not="This record was merged into another.")
    channel = str(patient.contact)
    if channel not in Message.Channel.values:
        if not asked_for:
            return Reach(why_not=_PREFERENCES[Patient.Contact(channel)])
        channel = _any_way(patient, guardian)
    person: Patient | Guardian = patient
    if guardian is not None or is_child(patient):
        answers = guardian or guardian_of(patient, channel)
        if answers is None:
            return Reach(why_not="A child, and no guardian who may consent has an address for this way.")
        person = guardian = answers
    address = address_of(person, channel)
    if not address:
        way = Message.Channel(channel).label.lower()
        return Reach(why_not=f"Prefers {way}, and there is no address on file that could take one.")
    if not senders.can_send(channel):
        way = Message.Channel(channel).label.lower()
        return Reach(why_not=f"This installation is not set up to send by {way}.")
    if not asked_for and opted_out(channel, address):
        return Reach(why_not="This address wants no messages.")
    return Reach(channel, address, patient.language, guardian)


_PREFERENCES = {
    Patient.Contact.PHONE: "Prefers the phone.",
    Patient.Contact.NONE: "Does not want to be contacted.",
}


def _any_way(patient: Patient, guardian: Guardian | None) -> str:
    """The first way that has an address and that this installation can send by; e-mail where there is none."""
    for channel in Message.Channel.values:
        person = guardian or (guardian_of(patient, channel) if is_child(patient) else patient)
        if person is not None and address_of(person, channel) and senders.can_send(channel):
            return channel
    return Message.Channel.EMAIL.value


def is_child(patient: Patient, today: dt.date | None = None) -> bool:
    """Whether a guardian answers for the patient: under 18."""
    return is_under_age(patient.birth_date, today)


def is_under_age(born: dt.date, today: dt.date | None = None) -> bool:
    """Whether somebody born on this day is not eighteen yet."""
    day = today or timezone.localdate()
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) < OF_AGE


def guardian_of(patient: Patient, channel: str) -> Guardian | None:
    """The first guardian entered who may consent and can be reached this way."""
    standing = Guardian.objects.standing().filter(patient=patient, may_consent=True).order_by("pk")
    return next((one for one in standing if address_of(one, channel)), None)


def address_of(person: Patient | Guardian, channel: str) -> str:
    """The address a message goes to, in one spelling; empty where there is none that could take it."""
    if channel == Message.Channel.EMAIL:
        return person.email.strip()
    return text_number(person.phone)


def text_number(phone: str) -> str:
    """`+15555550100`: a number as gateways take it; empty for one that is no whole number."""
    digits = re.sub(r"\D", "", phone)
    if phone.strip().startswith("+") and 8 <= len(digits) <= 15:
        return f"+{digits}"
    match = _AMERICAN.fullmatch(digits)
    return f"+1{match[1]}" if match else ""


def plain(channel: str, address: str) -> str:
    """An address as opt-outs are kept: case does not matter."""
    return address.strip().lower() if channel == Message.Channel.EMAIL else text_number(address)


def opted_out(channel: str, address: str) -> bool:
    """Whether this address wants no messages."""
    return OptOut.objects.filter(channel=channel, address=plain(channel, address), back_at=None).exists()
