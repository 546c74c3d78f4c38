"""The audit as the owner and the auditor read it."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, AuditSeal, User
from openomt.care.testing import member, practice, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(client: Client) -> Client:
    practice(zone="America/New_York")
    return signed_in(client, member(Role.AUDITOR))


@pytest.fixture
def physician() -> User:
    return member(Role.PHYSICIAN)


def _shown(client: Client, **query: Any) -> list[AuditEvent]:
    answer = client.get(reverse("audit"), query)
    assert answer.status_code == 200, answer.context["form"].errors
    return [event for event, _ in answer.context["events"]]


def _csv(client: Client, **query: Any) -> list[list[str]]:
    answer = client.get(reverse("audit_csv"), query)
    return list(csv.reader(io.StringIO(answer.getvalue().decode())))


def _at(monkeypatch: pytest.MonkeyPatch, moment: dt.datetime) -> None:
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_newest_first_and_reading_it_stands_in_it(auditor: Client, physician: User) -> None:
    for action in ("chart.read", "visit.sign"):
        audit.record(physician, action)
    assert [event.action for event in _shown(auditor)] == ["audit.read", "visit.sign", "chart.read"]


def test_by_person_action_and_patient(auditor: Client, physician: User) -> None:
    other = member(Role.TRAINEE)
    audit.record(physician, "chart.read", patient_id=1)
    audit.record(physician, "visit.sign", patient_id=2)
    audit.record(other, "chart.read", patient_id=2)
    assert len(_shown(auditor, person=physician.uid)) == 2
    assert {event.actor for event in _shown(auditor, action="chart.read")} == {physician, other}
    about = _shown(auditor, patient=2)
    assert {event.action for event in about} == {"audit.read", "visit.sign", "chart.read"}
    assert AuditEvent.objects.filter(
        action="audit.read", patient_id=2
    ).exists()  # looking at one patient's is told
    assert [event.actor for event in _shown(auditor, patient=2, action="chart.read")] == [other]


def test_by_days_of_the_practice_not_of_greenwich(
    auditor: Client, physician: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as clock:
        _at(clock, dt.datetime(2026, 3, 2, 4, 30, tzinfo=dt.UTC))  # 1 March, 23:30 in New York
        audit.record(physician, "chart.read")
    assert len(_shown(auditor, since="2026-03-01", until="2026-03-01")) == 1
    assert _shown(auditor, since="2026-03-02", until="2026-03-02") == []
    assert _csv(auditor, until="2026-03-01")[1][1] == "2026-03-01T23:30:00-05:00"


def test_pages_go_by_key_and_miss_nothing(auditor: Client, physician: User) -> None:
    for number in range(230):
        audit.record(physician, "chart.read", patient_id=number)
    seen: list[int] = []
    where = f"{reverse('audit')}?action=chart.read"
    for _ in range(3):
        answer = auditor.get(where)
        seen += [event.pk for event, _ in answer.context["events"]]
        older = answer.context["older"]
        where = f"{reverse('audit')}?{older}"
        if older:
            assert parse_qs(urlsplit(where).query)["action"] == ["chart.read"]
            audit.record(physician, "chart.read")  # what is added meanwhile moves no page
    assert len(seen) == len(set(seen)) == 230
    assert older == ""


@pytest.mark.parametrize(
    "query",
    [
        {"person": "nobody"},
        {"person": "00000000-0000-0000-0000-000000000000"},
        {"action": "no.such"},
        {"patient": "x"},
        {"patient": "-1"},
        {"patient": "9" * 40},
        {"before": "9" * 40},
        {"before": "x"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"until": "99999-01-01"},
        {"since": "'; DROP TABLE accounts_auditevent; --"},
    ],
)
def test_a_filter_that_cannot_be_is_said_and_shows_nothing(auditor: Client, query: dict[str, str]) -> None:
    for name in ("audit", "audit_csv"):
        answer = auditor.get(reverse(name), query)
        assert answer.status_code == 400
        assert answer.context["events"] == []
        assert "errors" in answer.content.decode() or "errorlist" in answer.content.decode()


def test_nothing_found_says_what_to_do(auditor: Client, physician: User) -> None:
    assert (
        "Nothing fits this filter" in auditor.get(reverse("audit"), {"until": "1990-01-01"}).content.decode()
    )


def test_the_file_has_the_filtered_events_and_taking_it_is_audited(auditor: Client, physician: User) -> None:
    audit.record(
        physician, "visit.sign", patient_id=7, subject="visit:1", detail={"fields": ["a", "b"], "n": 2}
    )
    audit.record(physician, "chart.read", patient_id=7)
    head, row = _csv(auditor, action="visit.sign")
    assert head[:4] == ["number", "at", "person", "action"]
    assert row[2:6] == [str(physician), "visit.sign", "7", "visit:1"]
    assert set(row[6].split("; ")) == {"fields: a, b", "n: 2"}
    assert AuditEvent.objects.filter(action="audit.export").get().detail == {"filters": ["action"]}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_file_can_be_run_by_a_spreadsheet(auditor: Client, start: str) -> None:
    person = member(Role.PHYSICIAN, name=f"{start}cmd|'/c calc'!A1")
    audit.record(person, "chart.read", subject=f"{start}1+1")
    rows = _csv(auditor, action="chart.read")[1:]
    assert rows
    for cell in rows[0]:
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert rows[0][2].startswith("'")


def test_what_people_are_called_is_shown_as_text(auditor: Client) -> None:
    audit.record(member(Role.PHYSICIAN, name="<img src=x onerror=alert(1)>"), "chart.read", subject="<b>")
    page = auditor.get(reverse("audit")).content.decode()
    assert "<img src=x" not in page
    assert "&lt;b&gt;" in page


def test_the_chain_is_verified_sealed_and_that_is_audited(auditor: Client, physician: User) -> None:
    audit.record(physician, "chart.read")
    answer = auditor.post(reverse("audit_verify"))
    assert "The chain holds" in answer.content.decode()
    assert AuditEvent.objects.get(action="audit.verify").detail == {"events": 1, "breaks": 0}
    assert AuditSeal.objects.get().count == 2


def test_a_broken_chain_is_shown_and_not_sealed(auditor: Client, physician: User) -> None:
    event = audit.record(physician, "chart.read")
    copy = AuditEvent.objects.get(pk=event.pk)
    copy.pk, copy.hash = None, "a" * 64
    copy.save(force_insert=True)
    page = auditor.post(reverse("audit_verify")).content.decode()
    assert "The chain is broken" in page
    assert "does not follow the event before it" in page
    assert not AuditSeal.objects.exists()


def test_a_page_of_the_audit_takes_few_queries_however_long_it_is(auditor: Client, physician: User) -> None:
    for number in range(120):
        audit.record(physician, "chart.read", patient_id=number)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        _shown(auditor, action="chart.read")
    assert len(asked) <= 20, [one["sql"][:90] for one in asked]
