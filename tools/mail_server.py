"""A mail server for tests and benches: real SMTP on a port of this machine, which keeps what it took in memory.

Addresses say what it does: `busy@…` is refused for now, `nobody@…` for good, `cut@…` is taken and the line cut before
the answer.
"""

# ruff: noqa: ARG002  (the library calls with all of it)

from __future__ import annotations

import asyncio
import contextlib
import email
import threading
from collections.abc import Iterator
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tools.with_postgres import free_port

HOST = "127.0.0.1"


class Recorder:
    """What came in, in order. `only`: the user and password it asks for; `slow`: seconds before it answers."""

    def __init__(self, only: tuple[str, str] | None = None, slow: float = 0) -> None:
        self.port = 0
        self._only, self._slow = only, slow
        self._taken: list[Message] = []
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        user = "{}:{}@".format(*self._only) if self._only else ""
        return f"smtp://{user}{HOST}:{self.port}"

    @property
    def taken(self) -> list[Message]:
        with self._lock:
            return list(self._taken)

    def ids(self) -> list[str]:
        """The Message-IDs of all that was taken."""
        return [str(one["Message-ID"]) for one in self.taken]

    async def handle_RCPT(  # noqa: N802  (the library's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._only and not session.authenticated:
            return "530 5.7.0 sign in first"
        if address.startswith("busy@"):
            return "450 4.2.0 mailbox busy"
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        await asyncio.sleep(self._slow / 2)
        with self._lock:
            self._taken.append(email.message_from_bytes(content))
        await asyncio.sleep(self._slow / 2)
        if envelope.rcpt_tos[0].startswith("cut@") and server.transport is not None:
            server.transport.close()
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        wanted = tuple(one.encode() for one in self._only or ())
        right = isinstance(given, LoginPassword) and (given.login, given.password) == wanted
        return AuthResult(success=right)


@contextlib.contextmanager
def mail_server(only: tuple[str, str] | None = None, slow: float = 0) -> Iterator[Recorder]:
    """A server on a free port, which asks for a user and password where `only` names them."""
    recorder = Recorder(only, slow)
    recorder.port = free_port()
    controller = Controller(
        recorder,
        hostname=HOST,
        port=recorder.port,
        authenticator=recorder.authenticate if only else None,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield recorder
    finally:
        controller.stop()
