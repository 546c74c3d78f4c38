"""How often strangers may try at the patient's door. All workers share the counts, as in `accounts.limits`."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest

RATES = {
    "birth_date": "30/10m/ip",
    "again": "3/h/key,20/h/ip",
    "sign_in": "4/15m/key,30/h/ip",
    "passkey": "30/10m/ip",
    "ask": "20/h/key",
    "everything": "5/h/key",
}
"""A link has a lock of its own beside `birth_date`. People in one waiting room share an address of the network."""


def allowed(request: HttpRequest, action: str, key: str = "") -> bool:
    """Counts a try; False where there were too many, and nothing may be looked at."""
    usage = ratelimit.consume(
        request, app="openomt", action=f"portal.{action}", config={f"portal.{action}": RATES[action]}, key=key,
        limit_get=True,
    )  # fmt: skip
    return usage is not None
