"""Knows the visitor of a request, speaks their language, and opens patient pages to those who may."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from openomt.care.accounts.access import policy_of
from openomt.care.accounts.middleware import wants_data
from openomt.care.accounts.models import User
from openomt.care.portal import sessions
from openomt.care.portal.access import Visitor
from openomt.care.portal.language import chosen, keep, of_patients


class VisitorMiddleware:
    """Sets `request.visitor`, and the language of patient and public pages. Stands before `AccessMiddleware`.

    That one closes a patient page unless this one left its word (`request.visitor_may`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.visitor = None  # type: ignore[attr-defined]
        if not of_patients(request.path):
            return self._next(request)
        found = sessions.find(request)
        request.visitor = found  # type: ignore[attr-defined]
        language = chosen(request, found.patient.language if found else "")
        with translation.override(language):
            response = self._next(request)
            response.headers.setdefault("Content-Language", language)
        keep(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Mapping[str, Any]
    ) -> HttpResponseBase | None:
        policy = policy_of(view)
        if policy is None or not policy.patient:
            return None
        found: Visitor | None = getattr(request, "visitor", None)
        if found is None:
            if isinstance(request.user, User):
                raise PermissionDenied("This page is for patients.")
            return _sign_in(request)
        if not found.may_open(view) or not _of_target(found, kwargs):
            raise PermissionDenied("This link does not open this page.")
        request.visitor_may = True  # type: ignore[attr-defined]
        return None


def _of_target(found: Visitor, kwargs: Mapping[str, Any]) -> bool:
    """Whether a page speaks of what the link was made for: a link to one check-in opens no other."""
    if not found.target:
        return True
    try:
        named = resolve(found.target.partition("?")[0]).kwargs
    except Resolver404:
        return False
    return all(str(kwargs[name]) == str(value) for name, value in named.items() if name in kwargs)


def _sign_in(request: HttpRequest) -> HttpResponseBase:
    where = reverse("portal_sign_in")
    if wants_data(request):
        return JsonResponse({"error": "signed out", "where": where}, status=401)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=200, headers={"HX-Redirect": where})
    if request.method == "GET":
        where = f"{where}?{urlencode({'next': request.path})}"
    return HttpResponseRedirect(where)
