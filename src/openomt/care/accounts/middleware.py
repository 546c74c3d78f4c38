"""Lets a request through to a view only where the view's policy allows it, and locks an idle session."""

from __future__ import annotations

import time
import zoneinfo
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.access import policy_of
from openomt.care.accounts.models import Practice, User

LOCKED, SEEN = "locked", "seen"
_WHILE_LOCKED = frozenset({"locked", "unlock", "account_logout"})


class AccessMiddleware:
    """Deny by default. Also sets the practice's time zone and `request.practice`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(None):
            return self._next(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        name = request.resolver_match.view_name if request.resolver_match else None
        policy = policy_of(view, name)
        if policy is None:
            raise PermissionDenied("This page is not open to anybody.")
        if policy.anonymous:
            return None
        user = request.user
        if not isinstance(user, User):
            return _sign_in(request)
        practice = Practice.load()
        request.practice = practice  # type: ignore[attr-defined]
        timezone.activate(zoneinfo.ZoneInfo(practice.zone))
        if _is_locked(request, practice) and name not in _WHILE_LOCKED:
            return _unlock(request)
        if not policy.allows(user.held):
            audit.record(user, "access.refused", subject=name or "", address=audit.address_of(request))
            raise PermissionDenied("Your role does not include this.")
        return None


def _is_locked(request: HttpRequest, practice: Practice) -> bool:
    """Whether the session is locked: by hand, or because nobody did anything for too long.

    The time is written at most twice a minute, so that reading pages does not write sessions.
    """
    now = time.time()
    seen = request.session.get(SEEN)
    if seen is not None and now - seen > practice.idle_minutes * 60:
        request.session[LOCKED] = True
    if request.session.get(LOCKED):
        return True
    if seen is None or now - seen > 30:
        request.session[SEEN] = now
    return False


def wants_data(request: HttpRequest) -> bool:
    """Whether a script asked, which a page of sign-in would not help."""
    return request.headers.get("Accept", "").startswith("application/json")


def _sign_in(request: HttpRequest) -> HttpResponseBase:
    if wants_data(request):
        return JsonResponse({"error": "signed out", "where": reverse("account_login")}, status=401)
    target = f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
    return _go(request, target)


def _unlock(request: HttpRequest) -> HttpResponseBase:
    if wants_data(request):
        return JsonResponse({"error": "locked", "where": reverse("locked")}, status=423)
    target = request.get_full_path() if request.method == "GET" and not _is_htmx(request) else "/"
    return _go(request, f"{reverse('locked')}?{urlencode({'next': target})}")


def _is_htmx(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def _go(request: HttpRequest, target: str) -> HttpResponseBase:
    """A redirect that moves the whole page also where only a part of it was asked for."""
    if _is_htmx(request):
        return HttpResponse(status=200, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
