"""Sessions in the database, as Django keeps them, read by a statement that was made once."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from openomt.care.accounts.by_key import ByKey

_by_key = ByKey(Session)


class SessionStore(DatabaseStore):
    """Django's, but for how a session is found."""

    def _get_session_from_db(self) -> Session | None:
        found = _by_key.get(self.session_key)
        if found is not None and found.expire_date > timezone.now():
            return found
        self._session_key = None
        return None
