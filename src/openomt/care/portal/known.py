"""Browsers in which somebody gave the right birth date, by a signed cookie that only names them."""

from __future__ import annotations

import hashlib
import secrets

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openomt.care.patients.models import Guardian, Patient
from openomt.care.portal.models import PortalBrowser

COOKIE = "known"
_SALT = "portal.known"
_DAYS = 180
_KINDS = (
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("android", "Android"),
    ("windows", "Windows"),
    ("mac", "Macintosh"),
    ("linux", "Linux"),
)


def kind_of(request: HttpRequest) -> str:
    """What sort of device the browser says it runs on: `android`; empty where it says nothing known."""
    agent = request.headers.get("User-Agent", "")
    return next((kind for kind, mark in _KINDS if mark in agent), "")


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _token(request: HttpRequest) -> str:
    found = request.get_signed_cookie(COOKIE, default="", salt=_SALT, max_age=_DAYS * 24 * 60 * 60)
    return str(found)


def find(request: HttpRequest, patient: Patient, guardian: Guardian | None) -> PortalBrowser | None:
    """The browser, if it is known for this patient and, for a guardian's link, this guardian."""
    token = _token(request)
    if not token:
        return None
    rows = PortalBrowser.objects.filter(token_hash=hashed(token), patient=patient, guardian=guardian)
    return rows.filter(revoked_at=None).first()


def remember(request: HttpRequest, patient: Patient, guardian: Guardian | None) -> tuple[PortalBrowser, str]:
    """Makes the browser known; the row, and the token that `keep` puts into its cookie."""
    token = _token(request) or secrets.token_urlsafe(32)
    with transaction.atomic():
        row = find(request, patient, guardian) or PortalBrowser.objects.create(
            token_hash=hashed(token), patient=patient, guardian=guardian, kind=kind_of(request)
        )
        row.seen_at = timezone.now()
        row.save(update_fields=["seen_at"])
    return row, token


def keep(response: HttpResponse, token: str) -> None:
    """The cookie of a known browser. No script reads it, and it says nothing by itself."""
    response.set_signed_cookie(
        COOKIE, token, salt=_SALT, max_age=_DAYS * 24 * 60 * 60, httponly=True, samesite="Lax",
        secure=settings.HTTPS,
    )  # fmt: skip
