"""What every patient page knows beside what its view tells it."""

from __future__ import annotations

from django.http import HttpRequest

from openomt.care.accounts.who import practice_of
from openomt.care.portal.access import Scope, Visitor
from openomt.care.portal.language import of_patients
from openomt.care.words import page_language

_OTHER = {"en": ("es", "Español"), "es": ("en", "English")}


def portal(request: HttpRequest) -> dict[str, object]:
    """`visitor`, `page_language`, and `other_language` with its name, on patient and public pages only.

    `signed_in_visitor`: whether they signed in, so that more than one page is theirs.
    """
    if not of_patients(request.path):
        return {}
    visitor: Visitor | None = getattr(request, "visitor", None)
    return languages() | {
        "visitor": visitor,
        "signed_in_visitor": visitor is not None and visitor.scope is Scope.ALL,
        "practice_row": practice_of(request),
    }


def languages() -> dict[str, object]:
    """The language of the page and the other one, which the switch offers."""
    language = page_language()
    code, name = _OTHER[language]
    return {"page_language": language, "other_language": code, "other_language_name": name}
