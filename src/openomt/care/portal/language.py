"""The language of a page: what was asked for in its address, chosen before, the patient's own, the browser's."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from openomt.care.words import LANGUAGES

COOKIE = "language"
_ASK = "lang"
_YEAR = 365 * 24 * 60 * 60
_PLACES = ("/my/", "/l/", "/learn/", "/check/", "/book/")


def of_patients(path: str) -> bool:
    """Whether a page is the patient's side: it speaks their language. Pages of members stay English."""
    return path == "/" or f"{path}/".startswith(_PLACES)


def chosen(request: HttpRequest, own: str) -> str:
    """`en` or `es`. `own`: the language on the patient's record, where a patient is there."""
    for language in (request.GET.get(_ASK), request.COOKIES.get(COOKIE), own):
        if language in LANGUAGES:
            return str(language)
    first = request.headers.get("Accept-Language", "")[:2].lower()
    return first if first in LANGUAGES else LANGUAGES[0]


def keep(request: HttpRequest, response: HttpResponse) -> None:
    """Keeps what the address asked for."""
    language = request.GET.get(_ASK)
    if language in LANGUAGES:
        remember(response, str(language))


def remember(response: HttpResponse, language: str) -> None:
    response.set_cookie(COOKIE, language, max_age=_YEAR, httponly=True, samesite="Lax", secure=settings.HTTPS)


def forget(response: HttpResponse) -> None:
    """A tablet goes to the next person: their own language counts, not the last one's choice."""
    response.delete_cookie(COOKIE, samesite="Lax")
