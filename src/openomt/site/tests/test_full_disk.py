"""When the disk is full, a save says that it was not saved, and leaves everything as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection
from django.test import Client

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, Practice
from openomt.care.testing import member, patient, signed_in
from openomt.care.visits.models import DraftSave, Visit
from openomt.care.visits.services import open_visit

LONG = "low back pain since spring, " * 3000


@pytest.fixture
def visit(transactional_db: None) -> Visit:
    return open_visit(member(Role.PHYSICIAN), patient())


@pytest.fixture
def client_of(visit: Visit) -> Client:
    client = Client(raise_request_exception=False)
    return signed_in(client, visit.clinician)


@pytest.fixture
def full(visit: Visit) -> Iterator[None]:
    """SQLite may not take another page of the disk. PostgreSQL is told apart below."""
    if connection.vendor != "sqlite":
        pytest.skip("a limit of pages is SQLite's; PostgreSQL's message is tried in test_words_of_a_failure")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # pages that other tests gave back would be taken first
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        try:
            yield
        finally:
            cursor.execute("PRAGMA max_page_count = 1073741823")


def save(client: Client, visit: Visit, text: str) -> tuple[int, dict[str, object]]:
    body = {"draft": {"text": "L5 FRSl", "history": text}, "base": visit.revision, "tab": "t", "line": 1}
    answer = client.post(
        f"/visits/{visit.uid}/draft",
        json.dumps(body),
        content_type="application/json",
        headers={"accept": "application/json"},
    )
    return answer.status_code, json.loads(answer.content)


def test_a_save_that_does_not_fit_is_not_acknowledged_and_leaves_nothing(
    visit: Visit, client_of: Client, full: None
) -> None:
    events = AuditEvent.objects.count()
    status, told = save(client_of, visit, LONG)
    assert (status, told) == (
        500,
        {"error": "The disk of the server is full: nothing was saved. Tell whoever looks after the server."},
    )
    visit.refresh_from_db()
    assert (visit.revision, visit.draft) == (0, {})
    assert not DraftSave.objects.exists()
    assert AuditEvent.objects.count() == events


def test_once_there_is_room_again_the_same_save_is_kept(visit: Visit, client_of: Client) -> None:
    status, _ = save(client_of, visit, LONG)
    assert status == 200
    visit.refresh_from_db()
    assert visit.draft["history"] == LONG.strip() or visit.draft["history"] == LONG


WORDS = [
    ("database or disk is full", "The disk of the server is full"),
    ('could not extend file "base/1/2": No space left on device', "The disk of the server is full"),
    ("server closed the connection unexpectedly", "The database does not answer"),
]


@pytest.mark.parametrize(("said", "told"), WORDS, ids=[one[0][:20] for one in WORDS])
def test_words_of_a_failure(
    said: str, told: str, visit: Visit, client_of: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*arguments: object, **named: object) -> None:
        raise OperationalError(said)

    monkeypatch.setattr("openomt.care.visits.services._keep", fails)
    status, answer = save(client_of, visit, "x")
    assert status == 500
    assert str(answer["error"]).startswith(told)
    visit.refresh_from_db()
    assert visit.revision == 0


def test_a_page_says_it_without_the_database(client_of: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(Practice, "load", fails)
    answer = client_of.get("/today")
    assert answer.status_code == 500
    assert "The database does not answer" in answer.content.decode()
