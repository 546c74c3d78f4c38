"""Which second factors people have: passkeys, an authenticator app, recovery codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.exceptions import ValidationError

from openomt.care.accounts.models import User


@dataclass(frozen=True, slots=True)
class Factors:
    """What one person may sign in with, beside the password."""

    passkeys: int = 0
    app: bool = False
    codes_left: int = 0

    @property
    def words(self) -> str:
        keys = f"{self.passkeys} passkey{'s' if self.passkeys > 1 else ''}" if self.passkeys else ""
        return ", ".join(filter(None, (keys, "app" if self.app else "")))


def of_person(user: User) -> Factors:
    """All of one person's."""
    rows = list(Authenticator.objects.filter(user=user))
    codes = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    return _count([row.type for row in rows], _unused(codes) if codes else 0)


def of_people(people: Iterable[User]) -> dict[int, Factors]:
    """Of many at once, by the person's key; recovery codes are not counted."""
    types: dict[int, list[str]] = {}
    for person, kind in Authenticator.objects.filter(user__in=people).values_list("user_id", "type"):
        types.setdefault(person, []).append(kind)
    return {person: _count(kinds) for person, kinds in types.items()}


def _unused(codes: Authenticator) -> int:
    """Those whose key is missing are of no use."""
    try:
        return len(RecoveryCodes(codes).get_unused_codes())
    except ValidationError:
        return 0


def _count(types: list[str], codes: int = 0) -> Factors:
    return Factors(types.count(Authenticator.Type.WEBAUTHN), Authenticator.Type.TOTP in types, codes)
