"""What patients and staff change at the door, beside links (`links`) and passkeys (`passkeys`)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.patients.models import Patient
from openomt.care.portal import links
from openomt.care.portal.access import Scope, Visitor
from openomt.care.portal.family import Person, who_signs_in
from openomt.care.portal.models import PatientPasskey, PortalBrowser, PrivateLink

_MOST_PEOPLE = 3
"""More people with one address and one birth date are no family: nobody is written to."""


def ask_to_sign_in(address: str, born: dt.date, target: str) -> None:
    """Queues a link to sign in to whoever has this address and birth date on file. Says nothing of whether it did."""
    found = _one_per_person(who_signs_in(address, born))
    if len(found) > _MOST_PEOPLE:
        return
    with transaction.atomic():
        for patient, guardian in found:
            links.send(patient, Scope.ALL, target, guardian=guardian, template="sign_in", asked_for=True)


def _one_per_person(found: list[Person]) -> list[Person]:
    """Twins have one guardian, who needs one link: the other child is a choice after it."""
    kept: dict[str, Person] = {}
    for patient, guardian in found:
        kept.setdefault(f"guardian {guardian.name}" if guardian else str(patient.pk), (patient, guardian))
    return list(kept.values())


def browsers_of(visitor: Visitor) -> list[PortalBrowser]:
    """The known browsers of this patient, or of this guardian for the child."""
    rows = PortalBrowser.objects.filter(patient=visitor.patient, guardian=visitor.guardian)
    return list(rows.filter(revoked_at=None))


def end_browser(visitor: Visitor, uid: uuid.UUID) -> bool:
    """The browser is not known any more, and its sessions end. False where it is not the visitor's."""
    return _end(PortalBrowser, "browser.end", visitor, uid)


def end_passkey(visitor: Visitor, uid: uuid.UUID) -> bool:
    """The passkey signs nobody in any more, and its sessions end. False where it is not the visitor's."""
    return _end(PatientPasskey, "passkey.end", visitor, uid)


def _end(
    model: type[PortalBrowser] | type[PatientPasskey], action: str, visitor: Visitor, uid: uuid.UUID
) -> bool:
    with transaction.atomic():
        rows = model.objects.filter(
            uid=uid, patient=visitor.patient, guardian=visitor.guardian, revoked_at=None
        )
        if not rows.update(revoked_at=timezone.now()):
            return False
        visitor.record(action, subject=f"{action.partition('.')[0]}:{uid}")
    return True


def end_link(by: User, patient: Patient, uid: uuid.UUID) -> bool:
    """Staff end a link, and every session it opened. False where it is not this patient's or is over."""
    with transaction.atomic():
        rows = PrivateLink.objects.filter(uid=uid, patient=patient, revoked_at=None)
        if not rows.update(revoked_at=timezone.now()):
            return False
        audit.record(by, "private_link.end", patient_id=patient.pk, subject=f"link:{uid}")
    return True
