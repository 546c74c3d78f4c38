"""The audit: who did what to which chart, in a chain that shows any gap or change.

`record` runs inside the transaction of what it records: both are kept or neither is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from openomt.care.accounts.models import AuditEvent, User

if TYPE_CHECKING:
    from django.http import HttpRequest

START = "0" * 64
_LOCK = 0x0A7D17
"""The key of the advisory lock that lets one transaction at a time add to the chain (PostgreSQL)."""


def record(  # noqa: PLR0913  (one argument for each thing an event says)
    actor: User | None,
    action: str,
    *,
    patient_id: int | None = None,
    subject: str = "",
    detail: dict[str, object] | None = None,
    address: str = "",
) -> AuditEvent:
    """Adds an event. `action` is `noun.verb` (`chart.read`); `detail` names fields, never what they hold."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = AuditEvent.objects.order_by("-pk").values_list("hash", flat=True).first()
        event = AuditEvent(
            at=timezone.now(),
            actor=actor,
            actor_name=str(actor) if actor else "system",
            action=action,
            patient_id=patient_id,
            subject=subject,
            detail=detail or {},
            address=address,
            previous=last or START,
        )
        event.hash = _hash(event)
        event.save(force_insert=True)
    return event


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _hash(event: AuditEvent) -> str:
    content = [
        event.previous,
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.actor_id,
        event.actor_name,
        event.action,
        event.patient_id,
        event.subject,
        event.detail,
        event.address,
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold, and why."""

    event: int
    at: datetime
    why: str


def verify() -> tuple[int, list[Break]]:
    """How many events there are, and every place where the chain does not hold."""
    breaks: list[Break] = []
    count = 0
    previous = START
    for event in _all():
        count += 1
        if event.previous != previous:
            breaks.append(Break(event.pk, event.at, "does not follow the event before it"))
        if event.hash != _hash(event):
            breaks.append(Break(event.pk, event.at, "was changed after it was written"))
        previous = event.hash
    return count, breaks


def _all() -> Iterator[AuditEvent]:
    return AuditEvent.objects.order_by("pk").iterator(chunk_size=2000)
