"""Django's PostgreSQL, but for how it is known that a kept connection still stands."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Asked at the beginning of every request; Django asks the server each time, which is as long as a query."""

    def is_usable(self) -> bool:
        """Whether the server has said nothing since: what it says unasked is good-bye."""
        held = self.connection
        if held is None or held.closed:
            return False
        said = select.poll()
        said.register(held.fileno(), select.POLLIN)
        return not said.poll(0)
