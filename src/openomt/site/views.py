"""Health check and the pages shown when something cannot be done."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from openomt.care.accounts.access import open_to_all


@open_to_all
def health(request: HttpRequest) -> JsonResponse:
    """200 while the database answers, 503 otherwise. Says nothing else to nobody."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database does not answer"}, status=503)
    return JsonResponse({"status": "ok"})


def error_page(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    return render(request, "site/error.html", {"title": title, "message": message}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400, "Not understood", "The browser sent something that could not be read.")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(
        request, 403, "Not for this account", str(exception) or "Your role does not include this."
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404, "Nothing here", "There is no such page, or it is not yours to see.")


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500, "Something went wrong here", "Nothing you saved is lost. Try once more.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = "The form is too old or came from elsewhere. Go back, reload the page and send it again."
    return error_page(request, 403, "Not sent", message)
