"""The self-check in the browser's terms: by POST, nothing in the address, nothing kept."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client

from openomt.care.accounts.models import AuditEvent
from openomt.care.testing import practice

pytestmark = pytest.mark.django_db
FIELD = re.compile(r'name="state" value="([^"]*)"')


@pytest.fixture(autouse=True)
def _practice() -> None:
    practice(phone="555-0100")


def _text(answer: Any) -> str:
    return unescape(answer.content.decode())


def _state(answer: Any) -> str:
    found = FIELD.search(answer.content.decode())
    assert found
    return unescape(found[1])


def _next(client: Client, answer: Any, **fields: object) -> Any:
    return client.post("/check/", {"state": _state(answer), **fields})


def _to_ticks(client: Client, who: str = "adult", language: str = "en") -> Any:
    answer = client.get("/check/", {"lang": language})
    answer = _next(client, answer, choice=who)
    return _next(client, answer, choice="neither") if who == "adult" else answer


def _through(client: Client, answer: Any, **choices: str) -> Any:
    """Answers every list of ticks with none of these, and the rest by these choices, to the end."""
    for _ in range(12):
        page = _text(answer)
        if "/book/?kind=" in page or 'class="now"' in page:
            return answer
        if 'name="none"' in page:
            answer = _next(client, answer, none="1")
        else:
            answer = _next(client, answer, choice=choices["condition" if "<select" in page else "reason"])
    raise AssertionError("no end")


@pytest.mark.parametrize(
    ("language", "act"),
    [("en", "Call 911 now. Do not drive yourself."), ("es", "Llame al 911 ahora. No maneje usted.")],
)
def test_a_danger_sign_says_what_to_do_in_the_first_line(client: Client, language: str, act: str) -> None:
    answer = _next(client, _to_ticks(client, language=language), choice=["chest"], next="1")
    page = _text(answer)
    first = re.search(r"<h1>(.*?)</h1>", page)
    assert first
    assert first[1] == act
    assert 'href="tel:911"' in page
    assert "/book/?kind=" not in page


def test_a_sign_for_today_gives_the_phone_of_the_practice(client: Client) -> None:
    answer = _next(client, _to_ticks(client), none="1")
    answer = _next(client, answer, choice=["hands"], next="1")
    page = _text(_through(client, answer, reason="curious"))
    assert "<h1>You need a doctor today. Call us now.</h1>" in page
    assert 'href="tel:555-0100"' in page


@pytest.mark.parametrize(
    ("reason", "kind"), [("unexamined", "consultation"), ("again", "follow_up"), ("curious", "consultation")]
)
def test_the_end_offers_to_book_the_kind_that_fits(client: Client, reason: str, kind: str) -> None:
    page = _text(_through(client, _to_ticks(client), reason=reason))
    assert f'href="/book/?kind={kind}"' in page


def test_a_named_condition_leads_to_its_page(client: Client) -> None:
    page = _text(_through(client, _to_ticks(client), reason="named", condition="migraine"))
    assert 'href="/learn/conditions/migraine"' in page
    assert 'href="/book/?kind=new"' in page


def test_a_baby_is_asked_in_words_for_a_parent(client: Client) -> None:
    page = _text(_to_ticks(client, who="baby"))
    assert "Do any of these fit your child now?" in page
    assert "Answer for the child." in page


def test_nothing_is_kept_and_nothing_stands_in_an_address(client: Client) -> None:
    before = (Session.objects.count(), AuditEvent.objects.count())
    answer = _through(client, _to_ticks(client), reason="named", condition="migraine")
    assert (Session.objects.count(), AuditEvent.objects.count()) == before
    assert "sessionid" not in client.cookies
    page = _text(answer)
    assert 'action="/check/"' in page
    assert not re.search(r'href="[^"]*(adult|chest|reason)', page)
    assert answer["Cache-Control"] == "no-store"
    asked = client.get("/check/", {"choice": "adult"})
    assert "Who is this for?" in _text(asked)


@pytest.mark.parametrize("state", ["", "x", "made:up:state"])
def test_a_state_that_is_not_ours_starts_anew(client: Client, state: str) -> None:
    answer = client.post("/check/", {"state": state, "choice": "adult"})
    assert answer.status_code == 400
    assert "Please start again." in _text(answer)
    assert "Who is this for?" in _text(answer)


def test_a_state_that_was_signed_for_something_else_starts_anew(client: Client) -> None:
    other = signing.dumps([["who", ["adult"], ["adult"]]], salt="another")
    assert client.post("/check/", {"state": other, "choice": "adult"}).status_code == 400


def test_a_state_too_old_starts_anew(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    old = _state(_to_ticks(client))
    monkeypatch.setattr("openomt.care.learning.check_views._HOURS", -1)
    assert "Please start again." in _text(client.post("/check/", {"state": old, "none": "1"}))


def test_a_state_of_an_older_version_starts_anew(client: Client) -> None:
    for trail in (
        [["who", ["gone"]]],
        [["who", ["adult"], ["adult"]], ["now", ["gone"], ["gone"]]],
        "text",
        7,
    ):
        state = signing.dumps(trail, salt="learning.check", compress=True)
        assert client.post("/check/", {"state": state, "none": "1"}).status_code == 400


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"next": "1"}, "Tick what fits, or choose None of these."),
        ({"next": "1", "choice": ["nonsense"]}, "Tick what fits, or choose None of these."),
        ({"none": "1", "choice": ["fever", "chest"]}, "Tick what fits, or choose None of these."),
        ({"none": "1", "choice": ["faint"]}, "You ticked something."),
    ],
)
def test_an_answer_that_can_not_be_read_is_asked_again(
    client: Client, sent: dict[str, object], error: str
) -> None:
    answer = _next(client, _to_ticks(client), **sent)
    assert answer.status_code == 400
    assert error in _text(answer)


def test_what_was_ticked_stays_ticked_after_a_mistake(client: Client) -> None:
    answer = _next(client, _to_ticks(client), none="1", choice=["faint"])
    assert re.search(r'value="faint" checked', _text(answer))


def test_a_choice_that_is_missing_is_asked_again(client: Client) -> None:
    first = client.get("/check/")
    for sent in ({}, {"choice": "nobody"}, {"choice": ["adult", "teen"]}):
        assert "Choose one." in _text(_next(client, first, **sent))


def test_back_goes_one_screen_back_and_start_again_to_the_first(client: Client) -> None:
    ticks = _to_ticks(client)
    assert "had a baby" in _text(_next(client, ticks, back="1"))
    assert "Who is this for?" in _text(_next(client, ticks, again="1"))
