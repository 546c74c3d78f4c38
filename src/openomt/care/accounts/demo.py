"""The accounts of the demonstration, as its sign-in page lists them."""

from __future__ import annotations

from typing import NamedTuple

PASSWORD = "osteopathic demo 2026"  # noqa: S105  (of the demonstration only, and printed on its sign-in page)


class DemoAccount(NamedTuple):
    """An account of the demonstration: the address to sign in with, and what that person is, in words."""

    email: str
    role: str


_ACCOUNTS = [
    DemoAccount("owner@demo.test", "Owner"),
    DemoAccount("physician@demo.test", "Physician"),
    DemoAccount("trainee@demo.test", "Trainee, needs a co-signature"),
    DemoAccount("frontdesk@demo.test", "Front desk"),
    DemoAccount("biller@demo.test", "Biller"),
    DemoAccount("auditor@demo.test", "Auditor, reads only"),
]


def accounts() -> list[DemoAccount]:
    """Every account of the demonstration. They share one password, `PASSWORD`."""
    return list(_ACCOUNTS)
