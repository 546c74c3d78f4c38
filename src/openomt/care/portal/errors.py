"""What a patient reads where something cannot be done."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from openomt.care.accounts.models import Practice
from openomt.care.portal.context import languages

KINDS = frozenset({"400", "403", "404", "500", "form"})


def page(request: HttpRequest, status: int, kind: str = "") -> HttpResponse:
    """The page of an error, in the language of the page. It needs no database: that may be what failed."""
    values = languages() | {
        "practice_row": getattr(request, "practice", None) or _practice(status),
        "request": request,
        "title_key": f"portal.error_{kind or status}",
        "text_key": f"portal.error_{kind or status}_text",
        "demo": settings.DEMO,
    }
    return HttpResponse(render_to_string("portal/error.html", values), status=status)


def _practice(status: int) -> Practice | None:
    if status >= 500:
        return None
    try:
        return Practice.load()
    except DatabaseError:
        return None
