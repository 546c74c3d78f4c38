"""A visitor's session: in the browser's session beside nothing else, so that a member's sign-in never shares it."""

from __future__ import annotations

import time
import uuid
from dataclasses import asdict
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest
from django.urls import reverse

from openomt.care.accounts import audit
from openomt.care.patients.models import Guardian, Patient
from openomt.care.portal.access import BY_NOTHING, Opened, Scope, Visitor
from openomt.care.portal.adults import may_answer
from openomt.care.portal.family import people_of
from openomt.care.portal.models import PatientPasskey, PortalBrowser, PrivateLink

KEY = "visitor"
LONGEST = 30 * 24 * 60 * 60
_IDLE_SIGNED_IN, _IDLE_LINK = 30 * 60, 2 * 60 * 60
_WRITE_EVERY = 30


def idle_limit(scope: Scope) -> int:
    """Seconds without a request after which the session has ended."""
    return _IDLE_SIGNED_IN if scope is Scope.ALL else _IDLE_LINK


def begin(  # noqa: PLR0913  (one argument for each thing a session knows)
    request: HttpRequest,
    patient: Patient,
    scope: Scope,
    *,
    how: str,
    guardian: Guardian | None = None,
    target: str = "",
    opened: Opened = BY_NOTHING,
    own: int | None = None,
) -> Visitor:
    """Makes the browser a visitor's. Whatever session was there ends, a member's too.

    `how`: `link`, `sign-in link`, `passkey`, `tablet`, `switch`. It goes to the audit.
    """
    logout(request)
    now = time.time()
    kept: dict[str, Any] = {
        "patient": patient.pk,
        "guardian": guardian.pk if guardian else None,
        "scope": scope.value,
        "uid": str(uuid.uuid4()),
        "target": target,
        "tablet": how == "tablet",
        "opened": asdict(opened),
        "own": own,
        "family": False,
        "began": now,
        "seen": now,
    }
    if scope is Scope.ALL:
        kept["family"] = len(people_of(_visitor(kept, patient, guardian))) > 1
    request.session[KEY] = kept
    request.session.cycle_key()
    found = _visitor(kept, patient, guardian)
    request.visitor = found  # type: ignore[attr-defined]
    found.record("visitor.start", detail={"how": how}, address=audit.address_of(request))
    return found


def end(request: HttpRequest) -> None:
    """Signs the visitor out. Doing it twice changes nothing."""
    found: Visitor | None = getattr(request, "visitor", None)
    if found is None:
        return
    request.session.flush()
    request.visitor = None  # type: ignore[attr-defined]
    found.record("visitor.end")


def find(request: HttpRequest) -> Visitor | None:
    """Who the visitor is; None where there is none, or the session's time, link, browser or guardian has ended."""
    kept = request.session.get(KEY)
    if not isinstance(kept, dict):
        return None
    found = _standing(kept)
    if found is None:
        request.session.flush()
        return None
    now = time.time()
    if now - kept["seen"] > _WRITE_EVERY:
        request.session[KEY] = kept | {"seen": now}
    return found


def _standing(kept: dict[str, Any]) -> Visitor | None:
    now = time.time()
    scope = Scope(kept["scope"])
    if now - kept["seen"] > idle_limit(scope) or now - kept["began"] > LONGEST:
        return None
    patient = standing_patient(kept["patient"])
    if patient is None or any(_ended(model, kept["opened"][name]) for name, model in _OPENERS.items()):
        return None
    if kept["guardian"] is None:
        return _visitor(kept, patient, None)
    guardian = Guardian.objects.filter(pk=kept["guardian"]).first()
    if guardian is None or not may_answer(guardian, patient):
        return None
    return _visitor(kept, patient, guardian)


_OPENERS: dict[str, type[PrivateLink] | type[PortalBrowser] | type[PatientPasskey]] = {
    "link": PrivateLink,
    "browser": PortalBrowser,
    "passkey": PatientPasskey,
}


def _ended(model: type[PrivateLink] | type[PortalBrowser] | type[PatientPasskey], key: int | None) -> bool:
    return key is not None and not model.objects.filter(pk=key, revoked_at=None).exists()


def _visitor(kept: dict[str, Any], patient: Patient, guardian: Guardian | None) -> Visitor:
    return Visitor(
        patient=patient,
        guardian=guardian,
        scope=Scope(kept["scope"]),
        uid=kept["uid"],
        target=kept["target"],
        tablet=kept["tablet"],
        opened=Opened(**kept["opened"]),
        own=kept["own"],
        family=kept["family"],
    )


def standing_patient(key: int) -> Patient | None:
    """The patient, or the one their record was merged into."""
    found = Patient.objects.filter(pk=key).first()
    while found is not None and found.merged_into_id is not None:
        found = Patient.objects.filter(pk=found.merged_into_id).first()
    return found


def first_page(visitor: Visitor) -> str:
    """Where a visitor goes who has just signed in: whoever answers for several people chooses first."""
    return reverse("portal_people") if visitor.family else "/my/"
