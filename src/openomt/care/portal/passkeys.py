"""Passkeys of patients: kept apart from those of members, checked by the same library."""

from __future__ import annotations

from typing import Any

from allauth.mfa import app_settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from openomt.care.accounts.who import practice_of
from openomt.care.portal.access import Visitor
from openomt.care.portal.adults import may_answer
from openomt.care.portal.known import kind_of
from openomt.care.portal.models import PatientPasskey

_STATE = "passkey"
_MOST = 10
"""Passkeys of one person: more are a mistake."""


class PasskeyError(Exception):
    """The answer of the authenticator does not fit."""


def _server(request: HttpRequest) -> Fido2Server:
    host = request.get_host().rsplit(":", 1)[0]
    entity = PublicKeyCredentialRpEntity(name=practice_of(request).name, id=host)
    if app_settings.WEBAUTHN_ALLOW_INSECURE_ORIGIN:
        return Fido2Server(entity, verify_origin=lambda _origin: True)
    return Fido2Server(entity)


def of_visitor(visitor: Visitor) -> list[PatientPasskey]:
    """The passkeys of this patient, or of this guardian for the child."""
    rows = PatientPasskey.objects.filter(patient=visitor.patient, guardian=visitor.guardian)
    return list(rows.filter(revoked_at=None))


def begin_adding(request: HttpRequest, visitor: Visitor) -> dict[str, Any]:
    """What the browser needs to make a passkey."""
    held = of_visitor(visitor)
    if len(held) >= _MOST:
        raise PasskeyError
    person = visitor.guardian.name if visitor.guardian else visitor.patient.name
    options, state = _server(request).register_begin(
        # A random name of its own for each: what an authenticator keeps tells nothing of the record.
        PublicKeyCredentialUserEntity(id=visitor.uid.encode(), name=person, display_name=person),
        credentials=[_public(row) for row in held],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    request.session[_STATE] = state
    return dict(options)


def add(request: HttpRequest, visitor: Visitor, answer: dict[str, Any]) -> PatientPasskey:
    """Keeps the passkey that the browser made. Raises PasskeyError."""
    state = request.session.pop(_STATE, None)
    try:
        made = _server(request).register_complete(state, answer).credential_data
    except Exception as error:  # the library raises what it likes at a broken answer
        raise PasskeyError from error
    name = websafe_encode(made.credential_id) if made else ""
    if made is None or PatientPasskey.objects.filter(credential_id=name).exists():
        raise PasskeyError
    with transaction.atomic():
        row = PatientPasskey.objects.create(
            patient=visitor.patient,
            guardian=visitor.guardian,
            credential_id=name,
            credential=websafe_encode(made),
            kind=kind_of(request),
        )
        visitor.record("passkey.add", subject=f"passkey:{row.uid}")
    return row


def begin_sign_in(request: HttpRequest) -> dict[str, Any]:
    """What the browser needs to ask for a passkey, whoever it is."""
    options, state = _server(request).authenticate_begin(
        user_verification=UserVerificationRequirement.REQUIRED
    )
    request.session[_STATE] = state
    return dict(options)


def check(request: HttpRequest, answer: dict[str, Any]) -> PatientPasskey:
    """Whose passkey answered the challenge. Raises PasskeyError; a challenge is good for one answer."""
    state = request.session.pop(_STATE, None)
    rows = PatientPasskey.objects.select_related("patient", "guardian").filter(revoked_at=None)
    row = rows.filter(credential_id=str(answer.get("id", ""))[:400], patient__merged_into=None).first()
    if row is None or state is None:
        raise PasskeyError
    if row.guardian is not None and not may_answer(row.guardian, row.patient):
        raise PasskeyError
    try:
        _server(request).authenticate_complete(state, [_public(row)], answer)
    except Exception as error:  # as above
        raise PasskeyError from error
    row.used_at = timezone.now()
    row.save(update_fields=["used_at"])
    return row


def _public(row: PatientPasskey) -> AttestedCredentialData:
    return AttestedCredentialData(websafe_decode(row.credential))
