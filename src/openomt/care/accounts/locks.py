"""The lock of an idle session: the person stays signed in, and nothing is shown until they give their password."""

from __future__ import annotations

import time

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from openomt.care.accounts import audit
from openomt.care.accounts.models import Practice
from openomt.care.accounts.who import member

LOCKED, SEEN = "locked", "seen"
BACKGROUND = "X-OpenOMT-Background"
"""The header of a request that a page makes by itself: it tells nothing about whether anybody is there."""
_WRITE_EVERY = 30


def is_locked(request: HttpRequest, practice: Practice) -> bool:
    """Whether the session is locked: by hand, or because nobody did anything for too long.

    Where it is not, the moment is kept as the last one somebody was there. That is not written at each request but at
    most every half minute, or every twentieth of the time allowed: a session locks by so much too early, never late.
    """
    session = request.session
    if session.get(LOCKED):
        return True
    now = time.time()
    seen = session.get(SEEN)
    allowed = practice.idle_minutes * 60
    if seen is not None and now - seen > allowed:
        session[LOCKED] = True
        audit.record(
            member(request), "session.lock", detail={"by": "idle"}, address=audit.address_of(request)
        )
        return True
    if seen is None or (BACKGROUND not in request.headers and now - seen > min(_WRITE_EVERY, allowed / 20)):
        session[SEEN] = now
    return False


def lock(request: HttpRequest) -> None:
    """Locks the session now. Locking it again changes nothing."""
    if request.session.get(LOCKED):
        return
    request.session[LOCKED] = True
    audit.record(member(request), "session.lock", detail={"by": "hand"}, address=audit.address_of(request))


def unlock(request: HttpRequest) -> None:
    """Opens the session again. Whoever calls this has checked the password."""
    request.session.pop(LOCKED, None)
    request.session[SEEN] = time.time()
    audit.record(member(request), "session.unlock", address=audit.address_of(request))


def seconds_left(request: HttpRequest, practice: Practice) -> int:
    """How long until the session locks if nobody does anything."""
    seen = request.session.get(SEEN, time.time())
    return max(0, int(seen + practice.idle_minutes * 60 - time.time()))


def safe_next(request: HttpRequest, address: str) -> str:
    """The path of an address on this site, without its query, which may hold what was searched for; else `/`."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    path = address.split("?", 1)[0].split("#", 1)[0]
    if "://" in path:
        path = "/" + path.split("://", 1)[1].partition("/")[2]
    return path if path.startswith("/") and not path.startswith("//") else "/"
