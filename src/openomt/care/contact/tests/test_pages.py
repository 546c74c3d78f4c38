"""The staff's list of messages, the quiet hours, and the page where a reader ends messages."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent
from openomt.care.contact import reach, services, worker
from openomt.care.contact.letters import stop_address, stop_token
from openomt.care.contact.models import ContactSettings, Job, Message
from openomt.care.testing import member, patient, practice, signed_in

pytestmark = pytest.mark.django_db
LINK = "https://practice.example/l/secret-link"


def _message(state: str = "waiting", *, key: str = "key", error: str = "", **fields: Any) -> Message:
    made = services.send(
        patient(**({"contact": "email", "email": "alma@example.test", "family_name": f"Of {state}"} | fields)),
        "checkin", key=key, link=LINK,
    )  # fmt: skip
    assert made is not None
    Message.objects.filter(pk=made.pk).update(state=state, error=error)
    made.refresh_from_db()
    return made


def _dead() -> Job:
    return Job.objects.create(key="dead", kind="world.job", failed_at=timezone.now(), error="It broke.")


@pytest.fixture
def desk(client: Client) -> Client:
    practice()
    return signed_in(client, member(Role.FRONT_DESK))


def _page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


# Staff ------------------------------------------------------------------------------------------------


def test_the_list_shows_first_what_needs_a_person(desk: Client) -> None:
    for state in ("in_doubt", "failed", "waiting", "sent", "kept", "closed"):
        _message(state, key=state, error="Refused." if state == "failed" else "")
    _dead()
    page = _page(desk, "/messages")
    assert "Of in_doubt" in page
    assert "Of failed" in page
    assert "Refused." in page
    assert "It broke." in page
    assert not [state for state in ("waiting", "sent", "kept", "closed") if f"Of {state}" in page]
    assert "Need you <b>3</b>" in page
    for show, states in {"waiting": ("waiting",), "sent": ("sent", "kept"), "closed": ("closed",)}.items():
        page = _page(desk, f"/messages?show={show}")
        assert all(f"Of {state}" in page for state in states)
        assert page.count("/messages/") == len(states)
    assert AuditEvent.objects.filter(action="messages.read").count() == 4


def test_a_list_with_many_messages_has_pages(desk: Client) -> None:
    one = patient(contact="email", email="alma@example.test")
    for number in range(55):
        services.send(one, "checkin", key=str(number), link=LINK)
    assert "1 of 2" in _page(desk, "/messages?show=waiting")
    assert _page(desk, "/messages?show=waiting&page=2").count("/messages/") == 5
    for odd in ("0", "-1", "x", "99"):
        assert "of 2" in _page(desk, f"/messages?show=waiting&page={odd}")


def test_one_message_shows_what_it_says_but_never_the_patients_private_link(desk: Client) -> None:
    message = _message(language="es")
    page = _page(desk, f"/messages/{message.uid}")
    assert "Por favor díganos cómo está" in page
    assert "secret-link" not in page
    assert stop_token(message) not in page
    seen = AuditEvent.objects.get(action="message.read")
    assert (seen.patient_id, seen.subject) == (message.patient_id, f"message:{message.uid}")


def test_a_message_to_a_member_stands_under_their_name(desk: Client) -> None:
    reader = member("physician", name="Rae Reader")
    message = services.send_to_member(
        reader, "task_waits", key="m", link="https://practice.example/answers",
        values={"day": timezone.now(), "time": timezone.now()},
    )  # fmt: skip
    assert message is not None
    assert "Rae Reader" in _page(desk, "/messages?show=waiting")
    page = _page(desk, f"/messages/{message.uid}")
    assert "https://practice.example/answers" in page
    assert "Not a patient" not in page


def test_the_demonstration_shows_the_link(desk: Client, settings: Any) -> None:
    settings.DEMO = True
    message = _message()
    worker.run_due(message.not_before)
    assert f'href="{LINK}"' in _page(desk, f"/messages/{message.uid}")


@pytest.mark.parametrize(("act", "state"), [("again", "waiting"), ("close", "closed")])
@pytest.mark.parametrize("before", ["in_doubt", "failed"])
def test_a_person_decides_about_a_message_once(desk: Client, before: str, act: str, state: str) -> None:
    message = _message(before)
    address = f"/messages/{message.uid}/{act}"
    assert desk.post(address, follow=True).status_code == 200
    message.refresh_from_db()
    assert message.state == state
    assert message.link == (LINK if state == "waiting" else "")
    assert "Nothing to decide" in desk.post(address, follow=True).content.decode()
    actions = {"again": "message.send_again", "close": "message.closed"}
    assert AuditEvent.objects.get(action=actions[act]).actor is not None


def test_a_message_that_is_under_way_cannot_be_sent_again(desk: Client) -> None:
    for state in ("waiting", "handing", "sent", "kept", "closed"):
        message = _message(state, key=state)
        desk.post(f"/messages/{message.uid}/again")
        message.refresh_from_db()
        assert message.state == state


def test_a_person_tries_a_dead_letter_again_or_closes_it(desk: Client) -> None:
    job = _dead()
    desk.post(f"/jobs/{job.pk}/again")
    job.refresh_from_db()
    assert (job.failed_at, job.attempts) == (None, 0)
    Job.objects.update(failed_at=timezone.now())
    desk.post(f"/jobs/{job.pk}/close")
    job.refresh_from_db()
    assert job.ending == "closed"
    assert "Nothing to decide" in desk.post(f"/jobs/{job.pk}/close", follow=True).content.decode()
    assert [one.action for one in AuditEvent.objects.filter(subject=f"job:{job.pk}").order_by("pk")] == [
        "job.retried",
        "job.closed",
    ]


def test_staff_is_told_when_nothing_goes_out(desk: Client) -> None:
    message = _message()
    assert "Nothing goes out" not in _page(desk, "/messages")
    Message.objects.filter(pk=message.pk).update(not_before=timezone.now() - dt.timedelta(minutes=6))
    assert "Nothing goes out" in _page(desk, "/messages")


def test_the_owner_sets_the_quiet_hours(client: Client) -> None:
    practice()
    owner = member(Role.OWNER)
    signed_in(client, owner)
    assert 'value="20:00"' in _page(client, "/practice/messages")
    assert "contact_settings" not in _page(client, "/practice")
    assert reverse("contact_settings") in _page(client, "/practice")
    client.post("/practice/messages", {"quiet_from": "21:00", "quiet_until": "07:30"})
    row = ContactSettings.load()
    assert (row.quiet_from, row.quiet_until) == (dt.time(21), dt.time(7, 30))
    assert AuditEvent.objects.filter(action="quiet_hours.changed", actor=owner).count() == 1


@pytest.mark.parametrize("wrong", ["25:00", "", "eight", "8:00 \u0000"])
def test_hours_that_are_none_are_refused_with_what_was_typed(client: Client, wrong: str) -> None:
    signed_in(client, member(Role.OWNER))
    answer = client.post("/practice/messages", {"quiet_from": wrong, "quiet_until": "07:30"})
    assert answer.status_code in {400, 422}
    assert ContactSettings.load().quiet_until == dt.time(8)


# Readers ----------------------------------------------------------------------------------------------


def _stop(message: Message) -> str:
    return stop_address(message).removeprefix("http://localhost")


def test_a_reader_stops_messages_by_one_click_and_may_take_it_back(client: Client) -> None:
    practice()
    message = _message(language="es")
    page = _page(client, _stop(message))
    assert "¿Ya no quiere mensajes en esta dirección?" in page
    assert not reach.opted_out("email", message.address), "looking alone changes nothing"
    assert "Listo." in client.post(_stop(message), {"do": "stop"}).content.decode()
    assert reach.opted_out("email", message.address)
    assert "Sí quiero los mensajes" in _page(client, _stop(message))
    client.post(_stop(message), {"do": "again"})
    assert not reach.opted_out("email", message.address)
    assert set(AuditEvent.objects.filter(patient_id=message.patient_id).values_list("action", flat=True)) >= {
        "messages.stopped",
        "messages.wanted_again",
    }


def test_a_mail_program_stops_messages_for_its_reader_without_a_session() -> None:
    practice()
    message = _message()
    program = Client(enforce_csrf_checks=True)
    answer = program.post(_stop(message), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert reach.opted_out("email", message.address)


@pytest.mark.parametrize("change", ["x", "", ":x", "é"])
def test_a_token_that_we_did_not_sign_stops_nothing(client: Client, change: str) -> None:
    practice()
    message = _message()
    token = stop_token(message)
    broken = token[:-2] + change if change else token.split(":")[0]
    answer = client.post(reverse("contact_stop", kwargs={"token": broken}))
    assert answer.status_code == 404
    assert not reach.opted_out("email", message.address)


def test_the_page_names_nobody(client: Client) -> None:
    practice()
    message = _message()
    page = _page(client, _stop(message))
    assert message.address not in page
    assert message.patient is not None
    assert message.patient.family_name not in page


def _text(client: Client, body: Any, token: str = "secret") -> Any:  # noqa: S107
    return client.post(
        "/my/messages/texts",
        body if isinstance(body, bytes | str) else json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )


@pytest.mark.parametrize(
    ("said", "out"),
    [("STOP", True), (" stop. ", True), ("Alto", True), ("¡BASTA!", True), ("please stop it", False)],
)
def test_the_word_stop_ends_text_messages_to_a_number(
    client: Client, settings: Any, said: str, out: bool
) -> None:
    settings.TEXT_TOKEN = "secret"
    assert _text(client, {"from": "+15555550100", "text": said}).status_code == 200
    assert reach.opted_out("text", "555-555-0100") is out
    _text(client, {"from": "+1 555 555 0100", "text": "START"})
    assert not reach.opted_out("text", "555-555-0100")


def test_only_the_gateway_may_bring_texts(client: Client, settings: Any) -> None:
    for kept in ("", "secret"):
        settings.TEXT_TOKEN = kept
        assert _text(client, {"from": "+15555550100", "text": "STOP"}, token="").status_code == 401
        assert _text(client, {"from": "+15555550100", "text": "STOP"}, token="é").status_code == 401
    assert not reach.opted_out("text", "555-555-0100")


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"[]", b"{}", b"null", b'{"from": 1, "text": "STOP"}', b'{"from": "x", "text": "STOP"}',
     b'{"from": "+15555550100", "text": null}', b"[" * 9000, b" " * 20_000],
)  # fmt: skip
def test_what_is_no_text_is_refused(client: Client, settings: Any, body: bytes) -> None:
    settings.TEXT_TOKEN = "secret"
    assert _text(client, body).status_code == 400
