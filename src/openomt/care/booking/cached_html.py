"""HTML that depends on one value alone is made once and kept; only what is of one request is put in each time.

Rows of lists that are open all day (`today`, `answers`) are drawn again and again from the same values. Nothing of a
session may stand in them: the token against forged requests is put in the place of `CSRF` when a page is sent.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

CSRF = mark_safe("<!--csrf-->")
"""Stands in kept HTML where `{% csrf_token %}` would. It cannot come from a value: a template escapes `<`."""


def join(request: HttpRequest, parts: Iterable[str]) -> SafeString:
    """Kept parts as one piece of this request's page."""
    token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
    return mark_safe("".join(parts).replace(CSRF, token))  # noqa: S308  (each part was rendered by a template)
