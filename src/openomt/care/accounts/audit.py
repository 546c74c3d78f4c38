"""The audit: who did what to which chart, in a chain that shows any gap or change.

`record` runs inside the transaction of what it records: both are kept or neither is. On PostgreSQL one transaction
at a time may add to the chain, so a service records last, just before its transaction ends.

Each event carries the hash of the one before it. That shows a changed, moved or missing event, but not that the
newest events were cut off, nor that somebody with the database in hand wrote the whole chain anew. For these a *seal*
is set at the first sign-in of a day and at each check: it keeps how many events there were and the hash of the
newest, under a key that stands outside the database. What nobody can see from inside: events of after the last seal
cut off, or the last seals removed together with their events. Whoever wants to know that too notes a seal elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from openomt.care.accounts.models import AuditEvent, AuditSeal, User
from openomt.care.accounts.writing import Insert
from openomt.care.times import spoken_time

if TYPE_CHECKING:
    from django.http import HttpRequest

START = "0" * 64
_LOCK = 0x0A7D17
"""The key of the advisory lock that lets one transaction at a time add to the chain (PostgreSQL)."""
_insert = Insert(AuditEvent)
_DAY = timedelta(hours=24)
_HASHED = ("at", "actor_id", "actor_name", "action", "patient_id", "subject", "detail", "address")
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode


def record(  # noqa: PLR0913  (one argument for each thing an event says)
    actor: User | None,
    action: str,
    *,
    patient_id: int | None = None,
    subject: str = "",
    detail: dict[str, object] | None = None,
    address: str = "",
    by: str = "",
) -> AuditEvent:
    """Adds an event. `action` is `noun.verb` (`chart.read`); `detail` names fields, never what they hold.

    `by` names who it was where no member was: `patient`, `guardian`.
    """
    with transaction.atomic(savepoint=False):  # what it records and the event stand or fall together
        last = _head()
        event = AuditEvent(
            at=timezone.now(),
            actor=actor,
            actor_name=str(actor)[:180] if actor else by or "system",
            action=action[:60],
            patient_id=patient_id,
            subject=subject[:80],
            detail=json.loads(_encode(detail or {})),  # as the database will give it back
            address=address[:45],
            previous=last or START,
        )
        event.hash = _hash(event.previous, [getattr(event, name) for name in _HASHED])
        _insert(event)
    return event


def address_of(request: HttpRequest) -> str:
    """From where the request came; behind proxies we trust, what they say."""
    return get_client_ip(request) or ""


def _head() -> str | None:
    """The hash of the newest event, which stays the newest until the transaction ends."""
    _one_at_a_time()
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM accounts_auditevent ORDER BY id DESC LIMIT 1")
        row = cursor.fetchone()
    return str(row[0]) if row else None


def _one_at_a_time() -> None:
    """SQLite begins every transaction as a writer; PostgreSQL must be asked to."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _hash(previous: str, values: list[Any]) -> str:
    at, *others = values
    text = _encode([previous, at.astimezone(UTC).isoformat(timespec="microseconds"), *others])
    return hashlib.sha256(text.encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold, and why."""

    event: int
    at: datetime
    why: str


def verify() -> tuple[int, list[Break]]:
    """How many events there are, and every place where the chain does not hold, or does not reach up to a seal."""
    seals = list(AuditSeal.objects.order_by("pk"))  # before the events: a newer seal may name a newer event
    breaks = _broken_seals(seals)
    open_seals = {seal.event: seal for seal in seals}
    count = 0
    previous = START
    for pk, before, found, *values in _all():
        count += 1
        if before != previous:
            breaks.append(Break(pk, values[0], "does not follow the event before it"))
        if found != _hash(before, values):
            breaks.append(Break(pk, values[0], "was changed after it was written"))
        previous = found
        seal = open_seals.pop(pk, None)
        if seal and seal.head != found:
            breaks.append(Break(pk, values[0], f"is not the event that was sealed on {_when(seal.at)}"))
        if seal and seal.count != count:
            breaks.append(
                Break(pk, values[0], f"was event {seal.count} when it was sealed and is now event {count}")
            )
    breaks += [
        Break(one.event, one.at, f"was sealed on {_when(one.at)} and is gone") for one in open_seals.values()
    ]
    return count, breaks


def _all() -> Iterator[tuple[Any, ...]]:
    rows = AuditEvent.objects.order_by("pk").values_list("pk", "previous", "hash", *_HASHED)
    return rows.iterator(chunk_size=2000)


def _when(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local:%Y-%m-%d}, {spoken_time(local)}"


def seal() -> AuditSeal | None:
    """Seals the chain as it stands; None where nothing was added since the last seal.

    Later `verify` shows any change up to here, and any event up to here that is missing, even where the hashes of the
    chain were computed anew: the seal's own hash needs the site's secret key, which is not in the database. A seal
    made under another key (a backup moved to another machine) is compared with the chain and not proved itself.
    """
    with transaction.atomic():
        _one_at_a_time()
        last = AuditSeal.objects.order_by("-pk").first()
        newest = AuditEvent.objects.order_by("-pk").values_list("pk", "hash").first()
        if newest is None or (last and last.event >= newest[0]):
            return None
        since = AuditEvent.objects.filter(pk__gt=last.event if last else 0).count()
        made = AuditSeal(
            at=timezone.now(),
            count=(last.count if last else 0) + since,
            event=newest[0],
            head=newest[1],
            key=_key_name(),
        )
        made.mac = _mac(made, last.mac if last else START)
        made.save(force_insert=True)
    return made


def seal_daily() -> None:
    """A seal, where the last one is a day old."""
    last = AuditSeal.objects.order_by("-pk").values_list("at", flat=True).first()
    if last is None or timezone.now() - last >= _DAY:
        seal()


def _broken_seals(seals: list[AuditSeal]) -> list[Break]:
    breaks = []
    previous = START
    for one in seals:
        if one.key == _key_name() and not hmac.compare_digest(one.mac, _mac(one, previous)):
            breaks.append(
                Break(one.event, one.at, "the seal at this event is not genuine, or one before it is gone")
            )
        previous = one.mac
    return breaks


def _secret() -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), b"openomt audit seal", "sha256")


def _key_name() -> str:
    return hmac.digest(_secret(), b"name", "sha256").hex()[:8]


def _mac(one: AuditSeal, previous: str) -> str:
    content = [
        previous,
        one.at.astimezone(UTC).isoformat(timespec="microseconds"),
        one.count,
        one.event,
        one.head,
    ]
    return hmac.digest(_secret(), _encode(content).encode("ascii"), "sha256").hex()
