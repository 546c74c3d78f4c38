"""Lets a request through to a view only where the view's policy allows it, and locks an idle session."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts import audit, locks
from openomt.care.accounts.access import policy_of
from openomt.care.accounts.adapter import KeyMissingError
from openomt.care.accounts.locks import LOCKED, SEEN
from openomt.care.accounts.models import Practice, User

__all__ = ["LOCKED", "SEEN", "AccessMiddleware", "wants_data"]
_WHILE_LOCKED = frozenset({"lock", "locked", "unlock"})


class AccessMiddleware:
    """Deny by default. Also sets the practice's time zone and `request.practice`, and forbids keeping a page.

    Costs two queries beside the session's: the person with their roles, the practice.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(None):
            response = self._next(request)
        # No browser or proxy keeps a page: after a lock or a sign-out, Back shows nothing.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        name = request.resolver_match.view_name if request.resolver_match else None
        policy = policy_of(view, name)
        if policy is None:
            raise PermissionDenied("This page is not open to anybody.")
        if policy.anonymous:
            _open(request)
            return None
        if policy.patient:
            _check_visitor(request)
            return None
        user = request.user
        if not isinstance(user, User):
            return _sign_in(request)
        practice = _load(request)
        if locks.is_locked(request, practice) and name not in _WHILE_LOCKED:
            return _unlock(request)
        if not policy.allows(user.held):
            audit.record(user, "access.refused", subject=name or "", address=audit.address_of(request))
            raise PermissionDenied("Your role does not include this.")
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """A page that would open second factors says in words that their key is missing."""
        if not isinstance(exception, KeyMissingError):
            return None
        known = {"message": exception.message, "section": "me"}
        return render(request, "accounts/key_missing.html", known, status=503)


def _load(request: HttpRequest) -> Practice:
    practice = Practice.load()
    request.practice = practice  # type: ignore[attr-defined]
    timezone.activate(zoneinfo.ZoneInfo(practice.zone))
    return practice


def _open(request: HttpRequest) -> None:
    """Pages open to all say times in the practice's zone too. The health check must answer without a database."""
    try:
        _load(request)
    except DatabaseError:
        return


def _check_visitor(request: HttpRequest) -> None:
    """Pages of patients: `care.portal` has looked before and left its word. Without it they stay closed."""
    if getattr(request, "visitor_may", False) is not True:
        raise PermissionDenied("This page is for patients.")
    _load(request)


def wants_data(request: HttpRequest) -> bool:
    """Whether a script asked, which a page of sign-in would not help."""
    return request.headers.get("Accept", "").startswith("application/json")


def _sign_in(request: HttpRequest) -> HttpResponseBase:
    if wants_data(request):
        return JsonResponse({"error": "signed out", "where": reverse("account_login")}, status=401)
    target = f"{reverse('account_login')}?{urlencode({'next': locks.safe_next(request, _where(request))})}"
    return _go(request, target)


def _unlock(request: HttpRequest) -> HttpResponseBase:
    if wants_data(request):
        return JsonResponse({"error": "locked", "where": reverse("locked")}, status=423)
    target = f"{reverse('locked')}?{urlencode({'next': locks.safe_next(request, _where(request))})}"
    return _go(request, target)


def _where(request: HttpRequest) -> str:
    """The page the person was on: what a script or a form sent from there is no page to come back to."""
    if request.headers.get("HX-Request"):
        return request.headers.get("HX-Current-URL", "/")
    return request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/")


def _go(request: HttpRequest, target: str) -> HttpResponseBase:
    """A redirect that moves the whole page also where only a part of it was asked for."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=200, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
