"""Taking one row for oneself, for a while: two workers never hold the same one."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from openomt.care.contact.models import Leased

LEASE = dt.timedelta(minutes=2)
"""How long a worker may take over one thing. A worker that was killed holds it no longer than this."""
MAX_ATTEMPTS = 6
_PAUSES = (
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=6),
)
Row = TypeVar("Row", bound=Leased)


def free(now: dt.datetime) -> Q:
    """Nobody holds it, or whoever did has had their time."""
    return Q(lease_until=None) | Q(lease_until__lt=now)


def take(rows: QuerySet[Row], now: dt.datetime) -> Row | None:
    """The first row of these that is free, held by the caller from now on and counted as tried."""
    rows = rows.filter(free(now))
    # A look that takes no lock: SQLite begins every transaction as a writer, and mostly nothing is due.
    if not rows.exists():
        return None
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(of=("self",), skip_locked=True)
        row = rows.first()
        if row is None:
            return None
        row.lease, row.lease_until, row.attempts = uuid.uuid4(), now + LEASE, row.attempts + 1
        row.save(update_fields=["lease", "lease_until", "attempts"])
    return row


def pause(attempts: int) -> dt.timedelta:
    """How long to wait after so many tries."""
    return _PAUSES[min(attempts, len(_PAUSES)) - 1]
