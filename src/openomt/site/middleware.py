"""Refuses text that no part of the site can keep; sends the pages of patients compressed."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, RawPostDataException
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

from openomt.care.portal.language import of_patients

_NULL = "\x00"


class BadTextMiddleware:
    """Answers a null character in an address, a query or a form field with a clear message.

    No database keeps one, and no person types one. The form's other text goes back to the person.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        place = _where(request)
        if place is None:
            return self._next(request)
        message = f"{place}: holds a null character, which cannot be kept. Remove it and send again."
        return render(request, "site/error.html", {"title": "Not saved", "message": message}, status=400)


def _where(request: HttpRequest) -> str | None:
    if _NULL in request.path or any(
        _NULL in text for text in (*request.GET, *map(str, request.GET.values()))
    ):
        return "The address"
    if request.method != "POST" or not (request.content_type or "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        return None
    try:
        fields = request.POST.lists()
    except RawPostDataException:
        return None
    for name, values in fields:
        if _NULL in name or any(_NULL in str(value) for value in values):
            return f"The field {name.replace(_NULL, '')!r}"
    return None


class CompressForPatientsMiddleware(GZipMiddleware):
    """Compresses the pages of patients: on a slow phone the bytes of a page are most of the time it takes.

    Who watches how many bytes come may guess a secret of a compressed page by having their own text put beside it
    (the attack called BREACH; it takes thousands of fetches). Three things stand against it. Django adds a random
    number of bytes, up to a hundred, to each answer. The token in a form is masked anew for each page. And another
    site cannot fetch a page as the patient unseen: the session's cookie is SameSite=Lax, so each fetch must open the
    page in view. Pages of members are left as they are: they hold more, and are read in an office.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if not (of_patients(request.path) and kind.startswith("text/html")):
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
