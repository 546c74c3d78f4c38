"""A member who signs in ends the visit of a patient in the same browser: the two never share a session."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from openomt.care.portal import doors
from openomt.care.portal.access import Scope
from openomt.care.portal.links import HOME
from openomt.care.portal.sessions import KEY


def connect() -> None:
    """Called once, when the app is ready."""
    user_logged_in.connect(_end_visit)
    doors.register(doors.Door("all", Scope.ALL, "Their own page, to sign in", lambda _patient: HOME))


def _end_visit(request: HttpRequest, **_more: Any) -> None:
    request.session.pop(KEY, None)
