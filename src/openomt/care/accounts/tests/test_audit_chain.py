"""The chain shows whatever was done to it, on both databases, and many can write to it at once."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, AuditSeal, User
from openomt.care.testing import member

EVENTS, SEALS = "accounts_auditevent", "accounts_auditseal"


@pytest.fixture
def person(db: None) -> User:
    return member(Role.PHYSICIAN)


@pytest.fixture
def chain(person: User) -> list[int]:
    """Ten events."""
    return [
        audit.record(
            person, "chart.read", patient_id=number, subject=f"visit:{number}", detail={"fields": ["a"]}
        ).pk
        for number in range(10)
    ]


@contextmanager
def _without_triggers(table: str = EVENTS) -> Iterator[Any]:
    """As somebody with the database in hand does it. The end of the test puts the triggers back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield cursor
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
            return
        for name in ("no_update", "no_delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}")
        yield cursor


def _whys() -> list[str]:
    return [one.why for one in audit.verify()[1]]


def test_an_untouched_chain_holds(chain: list[int]) -> None:
    assert audit.verify() == (10, [])


def test_an_empty_chain_holds(db: None) -> None:
    assert audit.verify() == (0, [])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "chart.write"),
        ("actor_name", "Somebody else"),
        ("actor_id", None),
        ("patient_id", 99),
        ("subject", "visit:99"),
        ("detail", '{"fields": ["b"]}'),
        ("address", "192.0.2.1"),
        ("at", "2020-01-01 00:00:00+00:00"),
        ("previous", "0" * 64),
        ("hash", "f" * 64),
    ],
)
def test_a_changed_event_is_found(chain: list[int], column: str, value: object) -> None:
    with _without_triggers() as cursor:
        cursor.execute(f"UPDATE {EVENTS} SET {column} = %s WHERE id = %s", [value, chain[4]])  # noqa: S608
    count, breaks = audit.verify()
    assert count == 10
    assert chain[4] in {one.event for one in breaks}


def test_an_event_taken_out_is_found_at_the_one_after_it(chain: list[int]) -> None:
    with _without_triggers() as cursor:
        cursor.execute(f"DELETE FROM {EVENTS} WHERE id = %s", [chain[4]])  # noqa: S608
    count, breaks = audit.verify()
    assert (count, [one.event for one in breaks]) == (9, [chain[5]])
    assert breaks[0].why == "does not follow the event before it"


def test_the_first_event_taken_out_is_found(chain: list[int]) -> None:
    with _without_triggers() as cursor:
        cursor.execute(f"DELETE FROM {EVENTS} WHERE id = %s", [chain[0]])  # noqa: S608
    assert [one.event for one in audit.verify()[1]] == [chain[1]]


def test_two_events_that_changed_places_are_found(chain: list[int]) -> None:
    with _without_triggers() as cursor:
        for old, new in ((chain[3], -1), (chain[6], chain[3]), (-1, chain[6])):
            cursor.execute(f"UPDATE {EVENTS} SET id = %s WHERE id = %s", [new, old])  # noqa: S608
    assert {one.event for one in audit.verify()[1]} >= {chain[3], chain[4], chain[6], chain[7]}


def test_an_event_slipped_in_is_found(chain: list[int], person: User) -> None:
    event = AuditEvent.objects.get(pk=chain[-1])
    event.pk = None
    event.hash = "a" * 64
    event.save(force_insert=True)
    assert len(_whys()) == 2


def test_the_end_cut_off_is_found_up_to_the_last_seal(chain: list[int]) -> None:
    audit.seal()
    with _without_triggers() as cursor:
        cursor.execute(f"DELETE FROM {EVENTS} WHERE id >= %s", [chain[7]])  # noqa: S608
    count, breaks = audit.verify()
    assert (count, [one.event for one in breaks]) == (7, [chain[-1]])
    assert "is gone" in breaks[0].why


def test_events_after_the_last_seal_cut_off_cannot_be_seen_from_inside(
    chain: list[int], person: User
) -> None:
    audit.seal()
    last = audit.record(person, "chart.read").pk
    with _without_triggers() as cursor:
        cursor.execute(f"DELETE FROM {EVENTS} WHERE id = %s", [last])  # noqa: S608
    assert audit.verify() == (10, [])


def _rewrite(cursor: Any, chain: list[int]) -> None:
    """Changes an event and computes every hash anew, as the code that anybody may read says."""
    previous = audit.START
    for event in AuditEvent.objects.order_by("pk"):
        event.previous = previous
        if event.pk == chain[4]:
            event.action = "chart.nothing"
        event.hash = audit._hash(previous, [getattr(event, name) for name in audit._HASHED])
        cursor.execute(
            f"UPDATE {EVENTS} SET previous = %s, action = %s, hash = %s WHERE id = %s",  # noqa: S608
            [event.previous, event.action, event.hash, event.pk],
        )
        previous = event.hash


def test_a_chain_written_anew_is_found_by_its_seal(chain: list[int]) -> None:
    audit.seal()
    with _without_triggers() as cursor:
        _rewrite(cursor, chain)
    assert [why.split(" on ")[0] for why in _whys()] == ["is not the event that was sealed"]


def test_a_chain_written_anew_without_any_seal_cannot_be_seen_from_inside(chain: list[int]) -> None:
    with _without_triggers() as cursor:
        _rewrite(cursor, chain)
    assert audit.verify() == (10, [])


def test_a_seal_made_to_fit_is_found_without_the_key(chain: list[int]) -> None:
    audit.seal()
    with _without_triggers() as cursor:
        _rewrite(cursor, chain)
    head = AuditEvent.objects.get(pk=chain[-1]).hash
    with _without_triggers(SEALS) as cursor:
        cursor.execute(f"UPDATE {SEALS} SET head = %s", [head])  # noqa: S608
    assert _whys() == ["the seal at this event is not genuine, or one before it is gone"]


def test_a_seal_taken_out_of_the_middle_is_found(chain: list[int], person: User) -> None:
    for _ in range(3):
        audit.record(person, "chart.read")
        audit.seal()
    middle = AuditSeal.objects.order_by("pk")[1]
    with _without_triggers(SEALS) as cursor:
        cursor.execute(f"DELETE FROM {SEALS} WHERE id = %s", [middle.pk])  # noqa: S608
    assert len(_whys()) == 1


def test_a_seal_under_another_key_is_compared_and_not_proved(chain: list[int], settings: Any) -> None:
    audit.seal()
    settings.SECRET_KEY = "of another machine"
    assert audit.verify() == (10, [])
    with _without_triggers() as cursor:
        cursor.execute(f"DELETE FROM {EVENTS} WHERE id = %s", [chain[-1]])  # noqa: S608
    assert len(_whys()) == 1


def test_a_seal_counts_all_events_and_is_set_only_for_new_ones(chain: list[int], person: User) -> None:
    first = audit.seal()
    assert first
    assert (first.count, first.event) == (10, chain[-1])
    assert audit.seal() is None
    audit.record(person, "chart.read")
    second = audit.seal()
    assert second
    assert second.count == 11


def test_a_day_has_one_seal_by_itself(
    chain: list[int], person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit.seal_daily()
    audit.record(person, "chart.read")
    audit.seal_daily()
    assert AuditSeal.objects.count() == 1
    tomorrow = timezone.now() + dt.timedelta(hours=25)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    audit.seal_daily()
    assert AuditSeal.objects.count() == 2


@pytest.mark.parametrize("table", [EVENTS, SEALS])
@pytest.mark.parametrize("order", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_itself_refuses_to_change_or_delete(chain: list[int], table: str, order: str) -> None:
    audit.seal()
    if order.startswith("TRUNCATE") and connection.vendor == "sqlite":
        order = "DELETE FROM {} WHERE 1"  # SQLite has no TRUNCATE
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else it refuses TRUNCATE for that reason
    with (
        pytest.raises(DatabaseError, match="only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(order.format(table))
    assert AuditEvent.objects.count() == 10


def test_what_is_odd_in_a_detail_verifies_all_the_same(person: User) -> None:
    audit.record(
        person,
        "x.y",
        detail={"numbers": [1, 2.5, 10], "name": "é😀 \u2028", "nested": {"b": (1, 2), "a": None}},
    )
    audit.record(None, "x" * 200, subject="s" * 200, address="a" * 200)
    assert audit.verify() == (2, [])


def test_an_event_is_undone_with_what_it_tells_of(person: User) -> None:
    def write_and_fail() -> None:
        with transaction.atomic():
            audit.record(person, "chart.write")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert AuditEvent.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_keep_one_chain() -> None:
    person = member(Role.PHYSICIAN)

    def write(number: int) -> None:
        for step in range(10):
            with transaction.atomic():
                audit.record(person, "chart.read", patient_id=number, subject=str(step))
        audit.seal()
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert audit.verify() == (80, [])
    assert AuditEvent.objects.values("previous").distinct().count() == 80


@pytest.mark.django_db(transaction=True)
def test_verifying_while_others_write_finds_nothing_wrong() -> None:
    person = member(Role.PHYSICIAN)
    until = time.monotonic() + 1.5

    def write(_: int) -> None:
        while time.monotonic() < until:
            audit.record(person, "chart.read")
            audit.seal()
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(write, number) for number in range(2)]
        while time.monotonic() < until:
            assert audit.verify()[1] == []
        for writer in writers:
            writer.result()
    assert audit.verify()[1] == []
