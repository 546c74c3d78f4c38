"""Handing messages over: once each, by a real mail server, and what becomes of those that do not arrive."""

from __future__ import annotations

import datetime as dt
import http.server
import json
import smtplib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts.models import AuditEvent
from openomt.care.contact import outbox, senders, services, worker
from openomt.care.contact.leases import LEASE, MAX_ATTEMPTS, take
from openomt.care.contact.letters import letter
from openomt.care.contact.models import Message
from openomt.care.contact.senders import JsonGateway, NotSentError
from openomt.care.contact.signals import undelivered
from openomt.care.testing import member, patient, practice
from tools.mail_server import Recorder, mail_server

pytestmark = pytest.mark.django_db
LINK = "https://practice.example/l/abc"
SECOND = dt.timedelta(seconds=1)
WEEK = dt.timedelta(days=7)


@pytest.fixture
def mail(settings: Any) -> Iterator[Recorder]:
    """A mail server, and an installation that sends by it."""
    practice(name="Elm Street", email="office@practice.example")
    with mail_server() as server:
        settings.KEEP_MESSAGES = False
        settings.SMTP, settings.MAIL_FROM = server.address, "robot@practice.example"
        yield server


@pytest.fixture
def given_up() -> Iterator[list[str]]:
    """The states of messages that the rest of the program was told of."""
    told: list[str] = []

    def note(sender: object, message: Message, **more: object) -> None:
        told.append(message.state)

    undelivered.connect(note)
    yield told
    undelivered.disconnect(note)


def _message(address: str = "alma@example.test", key: str = "key", **fields: Any) -> Message:
    one = patient(contact="email", email=address, **fields)
    made = services.send(one, "checkin", key=key, link=LINK, asked_for=True)
    assert made is not None
    return made


def _now(message: Message) -> Message:
    message.refresh_from_db()
    return message


def test_an_email_goes_out_once_under_the_messages_own_id(mail: Recorder) -> None:
    message = _message(language="es")
    assert worker.run_due() == 1
    assert worker.run_due(timezone.now() + WEEK) == 0
    [taken] = mail.taken
    assert taken["Message-ID"] == f"<{message.uid}@practice.example>"
    assert taken["To"] == "alma@example.test"
    assert taken["From"] == "Elm Street <robot@practice.example>"
    assert taken["Reply-To"] == "office@practice.example"
    assert taken["List-Unsubscribe"].split() == [f"<{letter(message).stop}>"]
    assert taken["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    body = taken.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert "¿Cómo está?" not in body.decode()
    assert "díganos cómo está" in body.decode()
    assert LINK in body.decode()
    _now(message)
    assert (message.state, message.link, message.lease) == ("sent", "", None)
    assert AuditEvent.objects.filter(action="message.sent", patient_id=message.patient_id).count() == 1


def test_a_member_of_the_practice_cannot_end_what_a_clock_sends_them(mail: Recorder) -> None:
    now, reader = timezone.now(), member("physician", email="doctor@practice.example")
    for _ in range(2):
        services.send_to_member(reader, "task_waits", key="m", link=LINK, values={"day": now, "time": now})
    worker.run_due()
    [taken] = mail.taken
    assert taken["To"] == "doctor@practice.example"
    assert taken["List-Unsubscribe"] is None
    body = taken.get_payload(decode=True)
    assert isinstance(body, bytes)
    assert LINK in body.decode()
    assert reverse("contact_stop", args=["x"])[:-1] not in body.decode()


def test_a_practice_name_cannot_slip_a_header_in(mail: Recorder) -> None:
    practice(name="Elm, Oak\r\nBcc: x@example.test")
    _message()
    worker.run_due()
    assert all("x@example.test" not in str(one.get_all("Bcc")) for one in mail.taken)


def test_the_demonstration_keeps_its_messages(mail: Recorder, settings: Any) -> None:
    settings.KEEP_MESSAGES = True
    message = _message()
    worker.run_due()
    assert (_now(message).state, message.link) == ("kept", LINK)
    assert not mail.taken


def test_what_is_refused_for_now_is_tried_again_later_and_then_given_up(
    mail: Recorder, given_up: list[str]
) -> None:
    message, now = _message("busy@example.test"), timezone.now()
    for number in range(1, MAX_ATTEMPTS + 1):
        assert worker.run_due(now) == 1
        assert _now(message).attempts == number
        now = max(message.not_before, now)
    assert message.state == "failed"
    assert message.error == "The mail server refused it: 450 4.2.0 mailbox busy"
    assert given_up == ["failed"]
    assert worker.run_due(now + WEEK) == 0


def test_what_is_refused_for_good_is_not_tried_again(mail: Recorder, given_up: list[str]) -> None:
    message = _message("nobody@example.test")
    worker.run_due()
    assert (_now(message).state, message.attempts) == ("failed", 1)
    assert given_up == ["failed"]


def test_a_mail_server_that_is_away_is_asked_again_and_nothing_is_in_doubt(
    mail: Recorder, settings: Any
) -> None:
    message, there = _message(), settings.SMTP
    settings.SMTP = "smtp://127.0.0.1:9"
    worker.run_due()
    assert (_now(message).state, message.error) == (
        "waiting",
        "Nobody answers at the other side (ConnectionRefusedError)",
    )
    settings.SMTP = there
    worker.run_due(message.not_before)
    assert _now(message).state == "sent"
    assert len(mail.taken) == 1


def test_a_line_that_breaks_before_the_answer_leaves_the_message_in_doubt(
    mail: Recorder, given_up: list[str]
) -> None:
    message = _message("cut@example.test")
    worker.run_due()
    assert len(mail.taken) == 1, "it did arrive, but nobody said so"
    assert _now(message).state == "in_doubt"
    assert "SMTPServerDisconnected" in message.error
    assert given_up == ["in_doubt"]
    assert worker.run_due(timezone.now() + WEEK) == 0
    assert len(mail.taken) == 1


def test_a_worker_killed_before_the_hand_over_leaves_the_message_to_the_next(mail: Recorder) -> None:
    message, now = _message(), timezone.now()
    assert take(Message.objects.filter(state="waiting"), now) is not None
    assert worker.run_due(now + SECOND) == 0
    assert worker.run_due(now + LEASE + SECOND) == 1
    assert _now(message).state == "sent"
    assert mail.ids() == [f"<{message.uid}@practice.example>"]


def test_a_worker_killed_during_the_hand_over_leaves_the_message_in_doubt_and_it_is_not_sent_again(
    mail: Recorder, given_up: list[str]
) -> None:
    message, now = _message(), timezone.now()
    take(Message.objects.filter(state="waiting"), now)
    Message.objects.update(state="handing")
    assert worker.run_due(now + SECOND) == 0
    assert worker.run_due(now + LEASE + SECOND) == 1
    assert _now(message).state == "in_doubt"
    assert given_up == ["in_doubt"]
    assert worker.run_due(now + WEEK) == 0
    assert not mail.taken


def test_a_slow_worker_may_still_say_that_it_went_out(mail: Recorder) -> None:
    _message()
    now = timezone.now()
    slow = take(Message.objects.filter(state="waiting"), now)
    assert slow is not None
    Message.objects.update(state="handing")
    worker.run_due(now + LEASE + SECOND)
    outbox._end(slow, Message.State.SENT, now + LEASE + 2 * SECOND)
    assert (_now(slow).state, slow.given_up_at) == ("sent", None)


def test_a_worker_that_lost_its_message_changes_nothing(mail: Recorder) -> None:
    message, now = _message(), timezone.now()
    slow = take(Message.objects.filter(state="waiting"), now)
    assert slow is not None
    assert worker.run_due(now + LEASE + SECOND) == 1
    outbox._deal_with(slow, now + LEASE + 2 * SECOND)
    outbox._end(slow, Message.State.FAILED, now + LEASE + 2 * SECOND, "late")
    assert _now(message).state == "sent"
    assert len(mail.taken) == 1


def test_a_person_sends_again_what_is_in_doubt_or_closes_it(mail: Recorder) -> None:
    user = None
    message = _message("cut@example.test")
    worker.run_due()
    Message.objects.update(address="alma@example.test")
    services.send_again(user, message)  # type: ignore[arg-type]
    worker.run_due()
    assert _now(message).state == "sent"
    assert len(set(mail.ids())) == 1, "the same id, so that a mail program may show it once"
    with pytest.raises(services.MessageError):
        services.send_again(user, message)  # type: ignore[arg-type]
    with pytest.raises(services.MessageError):
        services.close_message(user, message)  # type: ignore[arg-type]


def test_a_password_is_given_where_the_server_asks_for_one(
    mail: Recorder, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(senders, "TIMEOUT", 1)
    message = _message()
    with mail_server(("robot", "p@ss/word")) as locked:
        settings.SMTP = f"smtp://robot:wrong@127.0.0.1:{locked.port}"
        worker.run_due()
        assert _now(message).state == "waiting"
        assert "wrong" not in message.error
        assert not locked.taken
        settings.SMTP = f"smtp://robot:p%40ss%2Fword@127.0.0.1:{locked.port}"
        worker.run_due(message.not_before)
        assert len(locked.taken) == 1


@pytest.mark.parametrize(
    ("address", "port", "ssl", "tls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtps://u:p@mail.example", 465, True, False),
        ("smtp+tls://u:p@mail.example:2525", 2525, False, True),
    ],
)
def test_how_the_line_is_secured_stands_in_the_address(address: str, port: int, ssl: bool, tls: bool) -> None:
    one = senders.server(address)
    assert (one.host, one.port, one.use_ssl, one.use_tls) == ("mail.example", port, ssl, tls)


@pytest.mark.parametrize("address", ["mail.example:25", "http://mail.example", "smtp://"])
def test_an_address_that_is_none_is_refused_without_repeating_its_password(address: str) -> None:
    with pytest.raises(ValueError, match="OPENOMT_SMTP: smtp://"):
        senders.server(address)


# Text messages ----------------------------------------------------------------------------------------


class Gateway:
    """A gateway of a practice's own, for tests."""

    seen: list[dict[str, str]] = []
    problem: Exception | None = None

    def send(self, *, uid: str, to: str, text: str) -> None:
        self.seen.append({"uid": uid, "to": to, "text": text})
        if self.problem is not None:
            raise self.problem


@pytest.fixture
def texts(settings: Any, monkeypatch: pytest.MonkeyPatch) -> type[Gateway]:
    practice(name="Elm Street")
    settings.KEEP_MESSAGES = False
    settings.TEXT_GATEWAY = "practice.own.Gateway"
    Gateway.seen, Gateway.problem = [], None
    monkeypatch.setattr(senders, "import_string", {"practice.own.Gateway": Gateway}.__getitem__)
    senders.gateway.cache_clear()
    return Gateway


def _text() -> Message:
    one = patient(contact="text", phone="555-555-0100")
    made = services.send(one, "checkin", key="text", link=LINK, asked_for=True)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("problem", "state"),
    [
        (None, "sent"),
        (NotSentError("busy"), "waiting"),
        (NotSentError("no such number", final=True), "failed"),
        (TimeoutError(), "in_doubt"),
    ],
)
def test_a_text_goes_out_by_the_practices_gateway(
    texts: type[Gateway], problem: Exception | None, state: str
) -> None:
    texts.problem = problem
    message = _text()
    worker.run_due()
    assert _now(message).state == state
    [seen] = texts.seen
    assert (seen["uid"], seen["to"]) == (str(message.uid), "+15555550100")
    assert seen["text"].endswith(f"{LINK} Reply STOP to end.")


class _Answers(http.server.BaseHTTPRequestHandler):
    status = 200
    asked: list[tuple[str, Any]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.headers["Authorization"], body))
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Silent."""


@pytest.mark.parametrize(
    ("status", "final"),
    [(200, None), (202, None), (409, None), (400, True), (302, False), (429, False), (503, False)],
)
def test_the_json_gateway_tells_taken_from_refused_and_gives_its_token_to_nobody_else(
    settings: Any, status: int, final: bool | None
) -> None:
    settings.TEXT_TOKEN = "secret"
    _Answers.status, _Answers.asked = status, []
    with http.server.HTTPServer(("127.0.0.1", 0), _Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        gateway = JsonGateway(f"http://127.0.0.1:{server.server_address[1]}/send")
        try:
            gateway.send(uid="u", to="+15555550100", text="hello")
            refused = None
        except NotSentError as problem:
            refused = problem.final
        server.shutdown()
    assert refused == final
    assert _Answers.asked == [("Bearer secret", {"id": "u", "to": "+15555550100", "text": "hello"})]


def test_a_gateway_without_tls_is_no_gateway() -> None:
    with pytest.raises(ImportError):
        senders.gateway("http://gateway.example/send")


def test_smtp_errors_that_say_no_are_refusals_and_all_others_are_doubts(mail: Recorder) -> None:
    assert issubclass(smtplib.SMTPSenderRefused, smtplib.SMTPResponseException)
    assert issubclass(smtplib.SMTPDataError, smtplib.SMTPResponseException)
    assert not issubclass(smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException)
