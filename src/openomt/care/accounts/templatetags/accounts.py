"""For the sign-in page and the list of sessions."""

from __future__ import annotations

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django import template

from openomt.care.accounts import demo
from openomt.care.accounts.second_factors import unused

register = template.Library()
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


@register.simple_tag
def demo_accounts() -> list[demo.DemoAccount]:
    return demo.accounts()


@register.simple_tag
def demo_password() -> str:
    return demo.PASSWORD


@register.filter
def unused_codes(codes: object) -> int | None:
    """How many recovery codes are left, 0 where there are none; None where their key is missing."""
    return unused(codes.instance) if isinstance(codes, RecoveryCodes) else 0


@register.filter
def browser(agent: str) -> str:
    """`Firefox on Windows`, from what the browser calls itself; that itself where it is none of the usual."""
    name = next((word for mark, word in _BROWSERS if mark in agent), "")
    system = next((word for mark, word in _SYSTEMS if mark in agent), "")
    return " on ".join(filter(None, (name, system))) or agent[:60] or "Unknown browser"
