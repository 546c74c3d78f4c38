"""Who is signed in: the sign-in library's own check, and the person with their roles by one statement made once."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection
from django.db.models import QuerySet

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import User
from openomt.care.accounts.prepared import Prepared, names_of


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]
    """As the library's, but for how a person is found at every request."""

    def get_user(self, user_id: object) -> User | None:
        rows = _with_roles.rows(user_id) if isinstance(user_id, int) else []
        if not rows:
            return None
        found = User.from_db(connection.alias, names_of(User), rows[0][:-1])
        found.role_names = frozenset(Role(role) for *_, role in rows if role is not None)
        return found if self.user_can_authenticate(found) else None


@Prepared
def _with_roles(user: int) -> QuerySet[User, Any]:
    """A row for each role; one without a role for a person who has none."""
    return User.objects.filter(pk=user).values_list(*names_of(User), "grants__role")
