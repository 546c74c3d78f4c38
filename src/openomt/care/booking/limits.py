"""How often strangers may ask for a visit, and patients change theirs. All workers share the counts."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.http import HttpRequest

RATES = {
    "ask": "4/h/key,12/h/ip",
    "confirm": "30/10m/ip",
    "change": "20/h/key",
}


def allowed(request: HttpRequest, action: str, key: str = "") -> bool:
    """Counts a try; False where there were too many, and nothing may be done."""
    usage = ratelimit.consume(
        request, app="openomt", action=f"booking.{action}", config={f"booking.{action}": RATES[action]}, key=key,
        limit_get=True,
    )  # fmt: skip
    return usage is not None
