"""Who asks, and in which practice."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from openomt.care.accounts.models import Practice, User


def member(request: HttpRequest) -> User:
    """The person who is signed in. Views behind a policy always have one."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user


def practice_of(request: HttpRequest) -> Practice:
    """The practice, as `AccessMiddleware` loaded it for this request."""
    practice: Practice | None = getattr(request, "practice", None)
    return practice or Practice.load()
