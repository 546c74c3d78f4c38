"""Staff see which public pages are overdue, first of all."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
from django.test import Client

from openomt.care.accounts.access import Role
from openomt.care.testing import member, signed_in
from openomt.medicine import learning

pytestmark = pytest.mark.django_db


def _rows(client: Client) -> list[str]:
    page = client.get("/practice/pages").content.decode()
    return re.findall(r"<tr>\s*<th scope=\"row\">.*?</tr>", page, re.DOTALL)


@pytest.fixture
def doctor(client: Client) -> Client:
    return signed_in(client, member(Role.PHYSICIAN))


def _set_day(monkeypatch: pytest.MonkeyPatch, day: dt.date) -> None:
    monkeypatch.setattr("openomt.care.learning.views.timezone.localdate", lambda: day)


def test_every_page_is_listed(doctor: Client) -> None:
    assert len(_rows(doctor)) == len(learning.all_pages("en")) == 78


def test_before_it_is_due_nothing_is_overdue(doctor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    _set_day(monkeypatch, dt.date(2027, 11, 29))
    assert not any("Overdue" in row for row in _rows(doctor))


def test_what_is_overdue_comes_first(doctor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = dict(learning.all_pages("en"))
    key = ("learn", "pregnancy")
    old = _with(pages[key], review_due=dt.date(2027, 1, 1))
    monkeypatch.setattr(
        "openomt.care.learning.views.learning.all_pages", lambda _language: pages | {key: old}
    )
    _set_day(monkeypatch, dt.date(2027, 1, 1))
    rows = _rows(doctor)
    assert "/learn/pregnancy" in rows[0]
    assert [("Overdue" in row) for row in rows].count(True) == 1


def test_who_read_a_page_and_when_is_said(doctor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = dict(learning.all_pages("en"))
    key = ("learn", "questions")
    read = _with(pages[key], reviewed=("A. Reader, DO", dt.date(2026, 12, 3)))
    monkeypatch.setattr(
        "openomt.care.learning.views.learning.all_pages", lambda _language: pages | {key: read}
    )
    assert "A. Reader, DO, December 3, 2026" in _rows(doctor)[-1]


def _with(page: learning.Page, **fields: object) -> learning.Page:
    return replace(page, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.PHYSICIAN, 200),
        (Role.OWNER, 200),
        (Role.AUDITOR, 200),
        (Role.FRONT_DESK, 403),
        (Role.BILLER, 403),
    ],
)
def test_who_may_see_the_list(role: Role, status: int, client: Client) -> None:
    assert signed_in(client, member(role)).get("/practice/pages").status_code == status
