"""Visitors for tests. Only tests import this."""

from __future__ import annotations

import time
import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.conf import settings

from openomt.care.accounts.sessions import SessionStore
from openomt.care.patients.models import Guardian, Patient
from openomt.care.portal.access import BY_NOTHING, Scope
from openomt.care.portal.sessions import KEY

if TYPE_CHECKING:
    from django.test import Client


def visiting(  # noqa: PLR0913  (one argument for each thing a session knows)
    client: Client,
    patient: Patient,
    scope: Scope = Scope.ALL,
    guardian: Guardian | None = None,
    target: str = "",
    *,
    tablet: bool = False,
) -> Client:
    """The client as the patient's browser (or the guardian's), come in a moment ago. A member is signed out.

    `target`: the page of the private link; give it where a page must open by its link alone.
    """
    if settings.SESSION_COOKIE_NAME in client.cookies:
        client.logout()
    session = SessionStore()
    session[KEY] = {
        "patient": patient.pk,
        "guardian": guardian.pk if guardian else None,
        "scope": scope.value,
        "uid": str(uuid.uuid4()),
        "target": target,
        "tablet": tablet,
        "opened": asdict(BY_NOTHING),
        "own": patient.pk if guardian is None and scope is Scope.ALL else None,
        "family": guardian is not None,
        "began": time.time(),
        "seen": time.time(),
    }
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    return client
