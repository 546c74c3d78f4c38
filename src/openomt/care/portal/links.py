"""Private links: made, opened, sent again, ended. Only this module writes them.

A link is 256 bits of chance, of which only the hash is kept. Whoever opens one in a browser we do not know gives the
patient's birth date; after five wrong ones the link is locked and a new one must be asked for, which goes to the
address on file and never to the one who asks.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from enum import StrEnum

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.contact import services as contact
from openomt.care.contact.models import Message
from openomt.care.contact.reach import guardian_of
from openomt.care.patients.models import Guardian, Patient
from openomt.care.portal.access import Scope, Visitor
from openomt.care.portal.adults import is_adult, may_answer
from openomt.care.portal.known import hashed
from openomt.care.portal.models import PrivateLink

HOME = "/my/"
DAYS = {
    Scope.BOOKING: 60,
    Scope.INTAKE: 14,
    Scope.AGREE: 7,
    Scope.CHECKIN: 7,
    Scope.AFTERCARE: 30,
}
SIGN_IN_MINUTES = 30


class Answer(StrEnum):
    """What came of a birth date."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    GONE = "gone"


def make(  # noqa: PLR0913  (one argument for each thing a link says)
    patient: Patient,
    scope: Scope,
    target: str,
    *,
    guardian: Guardian | None = None,
    days: int | None = None,
    by: User | None = None,
) -> str:
    """The absolute address of a new link to a page of the patient's side (`target`: its path).

    For a child without `guardian` the first guardian who may consent is taken. Raises ValueError for a target that is
    no patient page. Call it inside the transaction of what the link is for.
    """
    return _make(patient, scope, target, guardian=guardian, days=days, by=by)[1]


def _make(  # noqa: PLR0913  (as `make`)
    patient: Patient,
    scope: Scope,
    target: str,
    *,
    guardian: Guardian | None = None,
    days: int | None = None,
    by: User | None = None,
) -> tuple[PrivateLink, str]:
    if not target.startswith("/my/"):
        raise ValueError(f"a private link opens a page under /my/, not {target}")
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        link = PrivateLink.objects.create(
            token_hash=hashed(token),
            patient=patient,
            guardian=guardian or answers_for(patient),
            scope=scope.value,
            target=target,
            once=scope is Scope.ALL,
            expires_at=timezone.now() + _lasts(scope, days),
            made_by=by,
        )
        audit.record(
            by,
            "private_link.make",
            patient_id=patient.pk,
            subject=f"link:{link.uid}",
            detail={"scope": scope.value},
        )
    return link, address(token)


def _lasts(scope: Scope, days: int | None) -> dt.timedelta:
    if days is None and scope is Scope.ALL:
        return dt.timedelta(minutes=SIGN_IN_MINUTES)
    return dt.timedelta(days=DAYS[scope] if days is None else days)


def address(token: str) -> str:
    """The whole address of a link."""
    return f"{settings.SITE_ADDRESS}{reverse('portal_link', kwargs={'token': token})}"


def answers_for(patient: Patient) -> Guardian | None:
    """The guardian who answers for a child: the first who can be reached, else the first. None for an adult."""
    if is_adult(patient):
        return None
    first = Guardian.objects.standing().filter(patient=patient, may_consent=True).order_by("pk").first()
    return guardian_of(patient, patient.contact) or first


def find(token: str) -> PrivateLink | None:
    """The link, whatever its state."""
    rows = PrivateLink.objects.select_related("patient", "guardian")
    return rows.filter(token_hash=hashed(token)).first()


def works(link: PrivateLink | None) -> bool:
    """Whether a link may be opened now. A guardian's stops when the child is eighteen."""
    if link is None or not link.standing or link.patient.merged_into_id is not None:
        return False
    return link.guardian is None or may_answer(link.guardian, link.patient)


def answer(link: PrivateLink, born: dt.date) -> Answer:
    """Compares a birth date with the patient's, counts it where it is wrong, and opens the link where it is right."""
    with transaction.atomic():
        held = PrivateLink.objects.select_for_update(of=("self",)).select_related("patient", "guardian")
        now = held.get(pk=link.pk)
        if not works(now):
            return Answer.GONE
        if now.locked:
            return Answer.LOCKED
        if constant_time_compare(now.patient.birth_date.isoformat(), born.isoformat()):
            _opened(now)
            return Answer.RIGHT
        now.tries += 1
        now.save(update_fields=["tries"])
        action = "private_link.lock" if now.locked else "private_link.refused"
        audit.record(None, action, patient_id=now.patient_id, subject=f"link:{now.uid}", by="nobody known")
        return Answer.LOCKED if now.locked else Answer.WRONG


def opened(link: PrivateLink) -> Answer:
    """Opens the link without a birth date, in a known browser."""
    with transaction.atomic():
        held = PrivateLink.objects.select_for_update(of=("self",)).select_related("patient", "guardian")
        now = held.get(pk=link.pk)
        if not works(now):
            return Answer.GONE
        if now.locked:
            return Answer.LOCKED
        _opened(now)
    return Answer.RIGHT


def _opened(link: PrivateLink) -> None:
    link.tries = 0
    link.first_opened_at = link.first_opened_at or timezone.now()
    link.save(update_fields=["tries", "first_opened_at"])


def send(  # noqa: PLR0913  (as `make`)
    patient: Patient,
    scope: Scope,
    target: str,
    *,
    guardian: Guardian | None = None,
    by: User | None = None,
    template: str = "private_link",
    asked_for: bool = False,
) -> Message | None:
    """Makes a link and queues it to the address on file; None, and no link, where the patient cannot be reached."""
    with transaction.atomic():
        link, where = _make(patient, scope, target, guardian=guardian, by=by)
        sent = contact.send(
            patient,
            template,
            key=f"portal:{link.uid}",
            link=where,
            guardian=link.guardian,
            useless_after=link.expires_at,
            asked_for=asked_for,
        )
        if sent is None:
            end(link)
    return sent


def send_again(link: PrivateLink) -> None:
    """A new link like one that is over or locked, to the address on file. Nothing for one that somebody ended."""
    with transaction.atomic():
        now = PrivateLink.objects.select_for_update(of=("self",)).select_related("patient", "guardian")
        old = now.get(pk=link.pk)
        if old.revoked_at is not None or old.patient.merged_into_id is not None:
            return
        if old.guardian is not None and not may_answer(old.guardian, old.patient):
            return
        end(old)
        scope = Scope(old.scope)
        template = "sign_in" if scope is Scope.ALL else "new_link"
        send(old.patient, scope, old.target, guardian=old.guardian, template=template, asked_for=True)


def end(link: PrivateLink, visitor: Visitor | None = None) -> None:
    """Ends a link, and every session it opened. Ending it twice changes nothing."""
    with transaction.atomic():
        if not PrivateLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now()):
            return
        if visitor is not None:
            visitor.record("private_link.end", subject=f"link:{link.uid}")


def of_visitor(visitor: Visitor) -> list[PrivateLink]:
    """The links of this visitor that still open, and those whose session may still go on."""
    rows = PrivateLink.objects.filter(patient=visitor.patient, guardian=visitor.guardian, revoked_at=None)
    lately = timezone.now() - dt.timedelta(hours=12)
    return [
        link
        for link in rows.filter(Q(expires_at__gt=timezone.now()) | Q(first_opened_at__gt=lately))
        if not link.locked
    ]


def standing_of(patient: Patient) -> list[PrivateLink]:
    """Every link of a patient that still opens, or would if it were not locked. For staff."""
    rows = PrivateLink.objects.select_related("guardian").filter(patient=patient, revoked_at=None)
    return [link for link in rows.filter(expires_at__gt=timezone.now()) if link.standing]


def one_of_visitor(visitor: Visitor, uid: uuid.UUID) -> PrivateLink | None:
    """A link of this visitor by its name; None for anybody else's."""
    return next((link for link in of_visitor(visitor) if link.uid == uid), None)
