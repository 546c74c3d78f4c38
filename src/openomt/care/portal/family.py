"""Who may sign in as whom: patients for themselves from eighteen on, guardians for their children until then."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from openomt.care.patients.models import Guardian, Patient
from openomt.care.patients.names import digits, key
from openomt.care.portal.access import Visitor
from openomt.care.portal.adults import is_adult, may_answer

Person = tuple[Patient, Guardian | None]
"""A patient, and who answers for them where they do not themselves."""
_ENOUGH_DIGITS = 7


def who_signs_in(address: str, born: dt.date) -> list[Person]:
    """Who has this address on file and a patient's birth date that fits: the patient, or a guardian of the child."""
    found: list[Person] = []
    for patient in Patient.objects.filter(birth_date=born, merged_into=None):
        if is_adult(patient):
            if _has(patient, address):
                found.append((patient, None))
            continue
        guardian = next((one for one in _guardians(patient) if _reaches(one, address)), None)
        if guardian is not None:
            found.append((patient, guardian))
    return found


def _guardians(patient: Patient) -> list[Guardian]:
    rows = Guardian.objects.standing().filter(patient=patient, may_consent=True).order_by("pk")
    return [one for one in rows.select_related("patient") if may_answer(one, patient)]


def _reaches(guardian: Guardian, address: str) -> bool:
    """A guardian's own address; the child's, where the guardian has none on file."""
    if guardian.email or guardian.phone:
        return _has(guardian, address)
    return _has(guardian.patient, address)


def _has(person: Patient | Guardian, address: str) -> bool:
    if "@" in address:
        return bool(person.email) and person.email.strip().casefold() == address.strip().casefold()
    number = digits(address)
    return len(number) >= _ENOUGH_DIGITS and digits(person.phone) == number


def people_of(visitor: Visitor) -> list[Person]:
    """Whose pages this visitor may open: their own, if they are a patient, and those of children they answer for.

    The same guardian stands on the record of each child. Two rows are one person where the name is the same and an
    address too: a wrong address on one record alone lets nobody in.
    """
    own = _own(visitor)
    me: Patient | Guardian | None = own or visitor.guardian
    if me is None:
        return []
    found: list[Person] = [(own, None)] if own is not None else []
    rows = Guardian.objects.standing().filter(may_consent=True, patient__merged_into=None)
    if visitor.guardian is None or own is not None:
        rows = rows.filter(_by_address(me))
    else:
        rows = rows.filter(_by_address(me) | Q(pk=visitor.guardian.pk))
    seen: set[int] = set()
    for row in rows.select_related("patient").order_by("patient__birth_date", "pk"):
        if row.patient_id in seen or not may_answer(row, row.patient):
            continue
        if row == visitor.guardian or _same_person(me, row):
            seen.add(row.patient_id)
            found.append((row.patient, row))
    return found


def _own(visitor: Visitor) -> Patient | None:
    if visitor.guardian is None:
        return visitor.patient
    return Patient.objects.filter(pk=visitor.own, merged_into=None).first() if visitor.own else None


def _by_address(me: Patient | Guardian) -> Q:
    """Rows that may be the same person's. `_same_person` decides; a phone may be spelled in many ways."""
    asked = Q(pk__in=())
    if me.email:
        asked |= Q(email__iexact=me.email.strip())
    if len(digits(me.phone)) >= _ENOUGH_DIGITS:
        asked |= Q(phone__contains=digits(me.phone)[-2:])
    return asked


def _same_person(me: Patient | Guardian, row: Guardian) -> bool:
    return _name(me) == key(row.name) and bool(
        (me.email and _has(row, me.email)) or (me.phone and _has(row, me.phone))
    )


def _name(person: Patient | Guardian) -> str:
    if isinstance(person, Guardian):
        return key(person.name)
    return key(f"{person.given_names} {person.family_name}")
