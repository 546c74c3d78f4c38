"""A session locks when nobody is there, shows nothing while it is, and opens again with the password."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from openomt.care.accounts.access import Role
from openomt.care.accounts.locks import BACKGROUND, LOCKED, SEEN
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.testing import PASSWORD, member, practice, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    practice(idle_minutes=15)
    return member(Role.OWNER)


@pytest.fixture
def seated(client: Client, person: User) -> Client:
    return signed_in(client, person)


def _away(client: Client, seconds: float) -> None:
    session = client.session
    session[SEEN] = time.time() - seconds
    session.save()


def _lock(client: Client) -> None:
    client.post(reverse("lock"))


def test_idle_for_less_than_allowed_does_not_lock(seated: Client) -> None:
    _away(seated, 14 * 60)
    assert seated.get(reverse("me")).status_code == 200
    assert time.time() - seated.session[SEEN] < 5


def test_idle_for_longer_locks_and_stands_in_the_audit(seated: Client, person: User) -> None:
    _away(seated, 15 * 60 + 1)
    answer = seated.get(reverse("practice"))
    assert answer["Location"] == f"{reverse('locked')}?next=%2Fpractice"
    assert AuditEvent.objects.get(action="session.lock").detail == {"by": "idle"}
    assert seated.session[LOCKED]


def test_the_moment_is_not_written_at_each_request(seated: Client) -> None:
    _away(seated, 20)
    before = seated.session[SEEN]
    seated.get(reverse("me"))
    assert seated.session[SEEN] == before
    _away(seated, 31)
    before = seated.session[SEEN]
    seated.get(reverse("me"))
    assert seated.session[SEEN] > before


def test_with_one_minute_allowed_somebody_active_is_not_locked_out(seated: Client) -> None:
    practice(idle_minutes=1)
    for _ in range(3):
        _away(seated, 29)
        assert seated.get(reverse("me")).status_code == 200
        assert time.time() - seated.session[SEEN] < 4


def test_requests_a_page_makes_by_itself_do_not_keep_a_session_open(seated: Client) -> None:
    _away(seated, 10 * 60)
    before = seated.session[SEEN]
    seated.get(reverse("me"), headers={BACKGROUND: "1"})
    assert seated.session[SEEN] == before
    _away(seated, 16 * 60)
    assert seated.get(reverse("me"), headers={BACKGROUND: "1"}).status_code == 302


def test_a_session_that_makes_only_such_requests_locks_too(client: Client, person: User) -> None:
    client.force_login(person)
    client.get(reverse("seen"), headers={BACKGROUND: "1"})
    assert SEEN in client.session


def test_how_long_is_left(seated: Client) -> None:
    _away(seated, 10 * 60)
    left = seated.get(reverse("seen"), headers={BACKGROUND: "1"}).json()["left"]
    assert 290 <= left <= 300
    assert seated.post(reverse("seen")).json()["left"] >= 899


@pytest.mark.parametrize(
    "name", ["me", "people", "practice", "audit", "today", "patients", "find", "schedule"]
)
def test_nothing_is_shown_while_locked(seated: Client, name: str) -> None:
    _lock(seated)
    for answer in (seated.get(reverse(name)), seated.post(reverse(name))):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("locked"))
        assert answer.content == b""


def test_a_script_is_told_that_it_is_locked(seated: Client) -> None:
    _lock(seated)
    answer = seated.post(reverse("me_name"), headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (423, "locked")


def test_a_part_of_a_page_moves_the_whole_page_back_to_where_it_was(seated: Client) -> None:
    _lock(seated)
    answer = seated.post(
        reverse("me_name"),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/practice?secret=1"},
    )
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == f"{reverse('locked')}?next=%2Fpractice"


def test_the_locked_page_names_no_search_and_shows_no_message(seated: Client) -> None:
    from django.contrib.messages.storage.cookie import CookieStorage
    from django.test import RequestFactory

    _lock(seated)
    answer = seated.get("/patients?q=Secretname")
    assert "Secretname" not in answer["Location"]
    request = RequestFactory().get("/")
    storage = CookieStorage(request)
    storage.add(20, "Secretname was saved")
    held = CookieStorage.cookie_name
    response = seated.get(reverse("locked"))
    storage.update(response)
    seated.cookies[held] = response.cookies[held].value
    assert "Secretname" not in seated.get(reverse("locked")).content.decode()
    assert "Secretname" not in seated.get(reverse("account_logout")).content.decode()
    _unlock(seated)
    assert "Secretname" in seated.get(reverse("me")).content.decode()


def _unlock(client: Client, password: str = PASSWORD, **more: Any) -> Any:
    return client.post(reverse("unlock"), {"password": password, **more.pop("data", {})}, **more)


def test_the_password_opens_it_and_leads_back(seated: Client) -> None:
    _lock(seated)
    answer = _unlock(seated, data={"next": "/practice"})
    assert answer["Location"] == "/practice"
    assert seated.get("/practice").status_code == 200
    assert AuditEvent.objects.filter(action="session.unlock").count() == 1


@pytest.mark.parametrize(
    "outside",
    [
        "https://elsewhere.test/",
        "//elsewhere.test",
        "///elsewhere.test",
        "javascript:alert(1)",
        "\\\\elsewhere.test",
        "http://testserver//elsewhere.test",
        "/\\elsewhere.test",
    ],
)
def test_it_never_leads_to_another_site(seated: Client, outside: str) -> None:
    _lock(seated)
    page = seated.get(reverse("locked"), {"next": outside})
    assert 'name="next" value="/"' in page.content.decode()
    assert _unlock(seated, data={"next": outside})["Location"] == "/"
    assert seated.get(reverse("locked"), {"next": outside})["Location"] == "/"


def test_a_wrong_password_keeps_it_locked_and_stands_in_the_audit(seated: Client) -> None:
    _lock(seated)
    answer = _unlock(seated, "wrong", data={"next": "/practice"})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "This is not your password." in text
    assert 'value="/practice"' in text
    assert seated.session[LOCKED]
    assert AuditEvent.objects.filter(action="session.refused").count() == 1


def test_a_page_can_unlock_in_place(seated: Client) -> None:
    _lock(seated)
    asks: dict[str, Any] = {"headers": {"Accept": "application/json"}}
    assert _unlock(seated, "wrong", **asks).json() == {
        "unlocked": False,
        "error": "This is not your password.",
    }
    assert _unlock(seated, "", **asks).status_code == 400
    assert _unlock(seated, **asks).json() == {"unlocked": True}
    assert seated.get("/me").status_code == 200


def test_six_wrong_passwords_end_the_trying_even_for_the_right_one(seated: Client) -> None:
    _lock(seated)
    for _ in range(5):
        assert _unlock(seated, "wrong").status_code == 400
    answer = _unlock(seated)
    assert answer.status_code == 429
    assert "Wait five minutes" in answer.content.decode()
    assert seated.session[LOCKED]


def test_right_passwords_are_not_counted(seated: Client) -> None:
    for _ in range(7):
        _lock(seated)
        assert _unlock(seated).status_code == 302


def test_failed_sign_ins_of_a_stranger_do_not_keep_a_member_from_unlocking(
    seated: Client, person: User
) -> None:
    _lock(seated)
    for _ in range(6):
        Client().post(reverse("account_login"), {"login": person.email, "password": "wrong"})
    assert _unlock(seated).status_code == 302


def test_who_is_locked_can_sign_out(seated: Client) -> None:
    _lock(seated)
    seated.post(reverse("account_logout"))
    assert seated.get("/me")["Location"].startswith(reverse("account_login"))


def test_another_lock_changes_nothing(seated: Client) -> None:
    _lock(seated)
    _lock(seated)
    assert AuditEvent.objects.filter(action="session.lock").count() == 1
