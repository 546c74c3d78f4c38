"""Addresses of pages that stand on nearly every page. Django looks through all its patterns for each of them."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from django.urls import reverse

_SAMPLE = UUID(int=0)


def address(name: str, uid: UUID | None = None) -> str:
    """As `reverse(name)` or `reverse(name, args=[uid])`. Raises NoReverseMatch as that does."""
    if uid is None:
        return _plain(name)
    before, after = _around(name)
    return f"{before}{uid}{after}"


@cache
def _plain(name: str) -> str:
    return reverse(name)


@cache
def _around(name: str) -> tuple[str, str]:
    before, _, after = reverse(name, args=[_SAMPLE]).partition(str(_SAMPLE))
    return before, after
