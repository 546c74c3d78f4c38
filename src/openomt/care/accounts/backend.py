"""Who is signed in: the sign-in library's own check, and the person with their roles by statements made once."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import ValidationError

from openomt.care.accounts.by_key import ByKey
from openomt.care.accounts.models import User

_by_key = ByKey(User)


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]
    """As the library's, but for how a person is found at every request."""

    def get_user(self, user_id: object) -> User | None:
        try:
            found = _by_key.get(user_id)
        except (TypeError, ValueError, ValidationError):
            return None
        return found if found is not None and self.user_can_authenticate(found) else None
