"""What takes a message out of the house: e-mail by SMTP, text messages by a gateway of the practice's choice.

A sender is used in two steps, so that the worker can write down that it is about to hand a message over. `ready`
does all that cannot have sent anything: connecting, signing in. `hand_over` gives the message away. It raises
NotSentError where the other side has refused; any other exception leaves it in doubt whether the message went out.
"""

from __future__ import annotations

import json
import smtplib
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.utils.module_loading import import_string

from openomt.care.accounts.models import Practice
from openomt.care.contact.letters import Letter
from openomt.care.contact.models import Message

TIMEOUT = 20
"""Seconds for each answer of the other side: well under a lease."""
_SECURITY = {"smtp": {}, "smtps": {"use_ssl": True}, "smtp+tls": {"use_tls": True}}
_PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
_REASON = 200


class NotSentError(Exception):
    """The message surely did not go out. `final`: trying again would not help. The text is for staff."""

    def __init__(self, why: str, *, final: bool = False) -> None:
        super().__init__(" ".join(why.split())[:_REASON])
        self.final = final


class Sender(Protocol):
    """One way out, for one message."""

    def ready(self) -> None:
        """Prepares the hand-over. Whatever it raises: nothing went out."""

    def hand_over(self, message: Message, letter: Letter) -> None:
        """Gives the message away. Raises NotSentError where it was refused."""

    def close(self) -> None:
        """Ends the connection, if there is one."""


class TextGateway(Protocol):
    """What a practice plugs in for text messages (OPENOMT_TEXT_GATEWAY names such a class, made without arguments).

    Raise `NotSentError` only where the gateway surely did not take the message; after any other exception nobody
    knows, and a person decides whether it is sent again.
    """

    def send(self, *, uid: str, to: str, text: str) -> None:
        """Sends one text message. `uid` names it for good: a gateway that knows it already must not send it again."""


def can_send(channel: str) -> bool:
    """Whether this installation has a way out for a channel, or keeps messages to be looked at."""
    if settings.KEEP_MESSAGES:
        return True
    return bool(
        settings.SMTP and settings.MAIL_FROM if channel == Message.Channel.EMAIL else settings.TEXT_GATEWAY
    )


def sender_of(channel: str) -> Sender:
    """The way out for a channel. Raises NotSentError where none is set up."""
    if not can_send(channel):
        raise NotSentError("This installation is not set up to send this kind of message.")
    return _Mail() if channel == Message.Channel.EMAIL else _Text()


# E-mail -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server, as OPENOMT_SMTP names it."""

    host: str
    port: int
    user: str
    password: str
    use_ssl: bool = False
    use_tls: bool = False


def server(address: str) -> Server:
    """`smtp://user:password@host:port`, `smtps://` for TLS from the start, `smtp+tls://` for STARTTLS."""
    parts = urlsplit(address)
    if parts.scheme not in _SECURITY or not parts.hostname:
        raise ValueError("OPENOMT_SMTP: smtp://, smtps:// or smtp+tls://, then user:password@host:port")
    return Server(
        parts.hostname,
        parts.port or _PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        **_SECURITY[parts.scheme],
    )


class _Mail:
    """By Django's SMTP backend, one connection for one message: one that fails leaves no other in doubt."""

    def __init__(self) -> None:
        one = server(settings.SMTP)
        self._backend = EmailBackend(
            host=one.host,
            port=one.port,
            username=one.user,
            password=one.password,
            use_tls=one.use_tls,
            use_ssl=one.use_ssl,
            timeout=TIMEOUT,
        )

    def ready(self) -> None:
        self._backend.open()

    def hand_over(self, message: Message, letter: Letter) -> None:
        try:
            self._backend.send_messages([mail(message, letter)])
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            raise _refused(code, words) from None
        except smtplib.SMTPResponseException as refused:
            raise _refused(refused.smtp_code, refused.smtp_error) from None

    def close(self) -> None:
        self._backend.close()


def _refused(code: int, said: bytes | str) -> NotSentError:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return NotSentError(f"The mail server refused it: {code} {words}", final=code >= 500)


def mail(message: Message, letter: Letter) -> EmailMessage:
    """The e-mail, under a Message-ID that is the message's own for good."""
    practice = Practice.load()
    name, address = parseaddr(settings.MAIL_FROM)
    domain = address.rpartition("@")[2]
    ends = {"List-Unsubscribe": f"<{letter.stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return EmailMessage(
        letter.subject,
        letter.body,
        formataddr((name or practice.name, address)),
        [message.address],
        reply_to=[practice.email] if practice.email else None,
        headers={
            "Message-ID": f"<{message.uid}@{domain}>",
            **(ends if letter.stop else {}),
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.language,
        },
    )


# Text messages ----------------------------------------------------------------------------------------


class _Text:
    def __init__(self) -> None:
        self._gateway = gateway(settings.TEXT_GATEWAY)

    def ready(self) -> None:
        """A gateway is called once, when it is handed the message."""

    def hand_over(self, message: Message, letter: Letter) -> None:
        self._gateway.send(uid=str(message.uid), to=message.address, text=letter.body)

    def close(self) -> None:
        """Nothing stays open."""


@lru_cache(maxsize=4)
def gateway(where: str) -> TextGateway:
    """The gateway that OPENOMT_TEXT_GATEWAY names: an https address, or the dotted name of a class."""
    if where.startswith("https://"):
        return JsonGateway(where)
    made: TextGateway = import_string(where)()
    return made


class JsonGateway:
    """A gateway behind one address: POST `{"id", "to", "text"}` with the token of OPENOMT_TEXT_TOKEN.

    Its answer: 2xx, it took the message; 409, it had taken this id before; anything else, it did not take it.
    """

    def __init__(self, address: str) -> None:
        self._address = address

    def send(self, *, uid: str, to: str, text: str) -> None:
        request = urllib.request.Request(  # noqa: S310  (https, checked where it is set)
            self._address,
            data=json.dumps({"id": uid, "to": to, "text": text}).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {settings.TEXT_TOKEN}"},
            method="POST",
        )
        try:
            _OPENER.open(request, timeout=TIMEOUT).close()
        except urllib.error.HTTPError as answer:
            answer.close()
            if answer.code != _TAKEN_BEFORE:
                raise _refused_text(answer.code) from None
        except urllib.error.URLError as problem:
            if isinstance(problem.reason, ConnectionRefusedError):
                raise NotSentError("The text gateway does not answer.") from None
            raise


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token is given to the address that was set, and to no other."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)
_TAKEN_BEFORE = 409
_BUSY = frozenset({408, 425, 429})


def _refused_text(code: int) -> NotSentError:
    final = 400 <= code < 500 and code not in _BUSY
    return NotSentError(f"The text gateway refused it: HTTP {code}", final=final)
