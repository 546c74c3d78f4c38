"""How often something may be tried.

The counts live in the shared cache, as those of the sign-in library do, whose limiter this uses.
"""

from __future__ import annotations

from allauth.core.internal import ratelimit

from openomt.care.accounts.models import User

TRIES = "5/5m/key"
"""Wrong passwords of somebody who is signed in: five in five minutes. Failed sign-ins have a limit of their own
(`ACCOUNT_RATE_LIMITS`), so that a stranger at the sign-in page cannot keep a member from unlocking a screen."""


class TooManyError(Exception):
    """Tried too often: nothing was looked at."""

    def __init__(self) -> None:
        super().__init__("Too many wrong passwords. Wait five minutes, then try again.")


def check_password(user: User, password: str) -> bool:
    """Whether this is the password of a member who is signed in already. Raises TooManyError."""
    # A GET is never counted by the library, and there may be no request at all: count every call.
    usage = ratelimit.consume(
        None, app="openomt", action="password", config={"password": TRIES}, key=str(user.uid), limit_get=True
    )
    if usage is None:
        raise TooManyError
    if not user.check_password(password):
        return False
    usage.rollback()
    return True
