"""Which second factors people have: passkeys, an authenticator app, recovery codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from openomt.care.accounts.adapter import KeyMissingError
from openomt.care.accounts.models import User


@dataclass(frozen=True, slots=True)
class Factors:
    """What one person may sign in with, beside the password.

    key_missing  the recovery codes cannot be read on this machine
    """

    passkeys: int = 0
    app: bool = False
    codes_left: int = 0
    key_missing: bool = False

    @property
    def words(self) -> str:
        keys = f"{self.passkeys} passkey{'s' if self.passkeys > 1 else ''}" if self.passkeys else ""
        return ", ".join(filter(None, (keys, "app" if self.app else "")))


def of_person(user: User) -> Factors:
    """All of one person's."""
    rows = list(Authenticator.objects.filter(user=user))
    codes = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    left = unused(codes) if codes is not None else 0
    return _count([row.type for row in rows], left)


def of_people(people: Iterable[User]) -> dict[int, Factors]:
    """Of many at once, by the person's key; recovery codes are not counted."""
    types: dict[int, list[str]] = {}
    for person, kind in Authenticator.objects.filter(user__in=people).values_list("user_id", "type"):
        types.setdefault(person, []).append(kind)
    return {person: _count(kinds) for person, kinds in types.items()}


def unused(codes: Authenticator) -> int | None:
    """How many recovery codes are left; None where their key is missing, so that they are of no use."""
    try:
        return len(RecoveryCodes(codes).get_unused_codes())
    except KeyMissingError:
        return None


def _count(types: list[str], codes: int | None = 0) -> Factors:
    keys, app = types.count(Authenticator.Type.WEBAUTHN), Authenticator.Type.TOTP in types
    return Factors(keys, app, codes or 0, key_missing=codes is None)
