"""Health check and the pages shown when something cannot be done."""

from __future__ import annotations

import sys

from django.db import DatabaseError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from openomt.care.accounts.access import Permission, open_to_all
from openomt.care.accounts.middleware import wants_data
from openomt.care.accounts.models import User
from openomt.care.accounts.who import member
from openomt.care.learning.views import home
from openomt.care.portal import errors
from openomt.care.portal.language import of_patients

_FULL = ("disk is full", "no space left")
"""How the two databases say it."""


@open_to_all
def health(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, 503 otherwise. Says nothing else to nobody."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database does not answer"}, status=503)
    return JsonResponse({"status": "ok"})


_FIRST = ((Permission.TODAY, "today"), (Permission.BILLING_WRITE, "claims"), (Permission.AUDIT_READ, "audit"))


@open_to_all
def first_page(request: HttpRequest) -> HttpResponse:
    """Where a member's work begins: the day, the claims or the audit, by what their roles allow.

    Whoever is not signed in sees the public's front page.
    """
    if not isinstance(request.user, User):
        return home(request)
    user = member(request)
    return redirect(next((name for permission, name in _FIRST if user.may(permission)), "me"))


def error_page(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    return render(request, "site/error.html", {"title": title, "message": message}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if of_patients(request.path):
        return errors.page(request, 400)
    return error_page(request, 400, "Not understood", "The browser sent something that could not be read.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if of_patients(request.path):
        return errors.page(request, 403)
    return error_page(
        request, 403, "Not for this account", str(exception) or "Your role does not include this."
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if of_patients(request.path):
        return errors.page(request, 404)
    return error_page(request, 404, "Nothing here", "There is no such page, or it is not yours to see.")


def server_error(request: HttpRequest) -> HttpResponse:
    """A script gets its answer as data. The page needs no database: that may be what failed."""
    title, message = _what_failed(sys.exception())
    if wants_data(request):
        return JsonResponse({"error": message}, status=500)
    if of_patients(request.path):
        return errors.page(request, 500)
    page = render_to_string("site/error.html", {"title": title, "message": message})
    return HttpResponse(page, status=500)


def _what_failed(error: BaseException | None) -> tuple[str, str]:
    words = str(error).lower() if isinstance(error, DatabaseError) else ""
    if any(full in words for full in _FULL):
        return (
            "Not saved",
            "The disk of the server is full: nothing was saved. Tell whoever looks after the server.",
        )
    if isinstance(error, OperationalError):
        return "Not saved", "The database does not answer: nothing was saved. Try again in a minute."
    return "Something went wrong here", "It was not saved. Nothing you saved before is lost. Try once more."


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if of_patients(request.path):
        return errors.page(request, 403, "form")
    message = "The form is too old or came from elsewhere. Go back, reload the page and send it again."
    return error_page(request, 403, "Not sent", message)
