"""What every page knows."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from openomt.care.accounts.access import Permission
from openomt.care.accounts.models import User


def practice(request: HttpRequest) -> dict[str, object]:
    """`may`: what the person may do, by name (`may.VISIT_SIGN`); `demo`: whether this is the demonstration."""
    user = getattr(request, "user", None)
    held = user.held if isinstance(user, User) else frozenset()
    return {"may": {one.name: one in held for one in Permission}, "demo": settings.DEMO}
