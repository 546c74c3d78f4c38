"""What every page knows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from django.conf import settings
from django.http import HttpRequest

from openomt.care.accounts.access import Permission
from openomt.care.accounts.locks import LOCKED
from openomt.care.accounts.models import Practice, User


def practice(request: HttpRequest) -> dict[str, object]:
    """What templates may ask.

    `may`: what the person may do, by name (`may.VISIT_SIGN`); `held`: the same as one value, to keep a piece of a
    page by; `demo`: whether this is the demonstration; `locked`:
    whether the session is; `lock_after`: seconds without anybody there until it is. A locked page shows no messages:
    they may name a patient, and wait for the next page.
    """
    user = getattr(request, "user", None)
    held = user.held if isinstance(user, User) else frozenset()
    known: dict[str, object] = {"may": _by_name(held), "held": held, "demo": settings.DEMO}
    row = getattr(request, "practice", None)
    if isinstance(user, User) and isinstance(row, Practice):
        known["lock_after"] = row.idle_minutes * 60
    if isinstance(user, User) and request.session.get(LOCKED):
        known |= {"locked": True, "messages": ()}
    return known


@cache
def _by_name(held: frozenset[Permission]) -> Mapping[str, bool]:
    return MappingProxyType({one.name: one in held for one in Permission})
