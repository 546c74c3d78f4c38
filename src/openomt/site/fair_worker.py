"""A worker that leaves new connections to whichever worker is idle.

Gunicorn's own takes every connection it sees and keeps it. Of eight people one worker then serves five and another
three, and the five wait half as long again. Here a worker that has something to do accepts nothing: who comes waits
where every worker looks, and the first that is idle takes them. Under a crowd a connection ends with its answer, so
that its next request waits there too; otherwise it is kept. A connection that says nothing costs no thread.
"""

from __future__ import annotations

import select
import time
from concurrent.futures import Future
from typing import Any

from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

SLOW = 0.25
"""Seconds after which a request no longer keeps its worker from accepting: a slow sender must not close the door."""
SILENT = 0.01
"""The same for a connection that has not said anything yet: browsers open some to be ready."""
TELL_EVERY = 1.0
"""Seconds after which a worker tells the master again that it lives; it is believed for sixty."""


class FairWorker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's worker with threads, with one queue for all workers.

    _until   which connections keep it from accepting more, and how long at most
    _told    when it last told the master that it lives
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._until: dict[TConn, float] = {}
        self._told = 0.0

    def notify(self) -> None:
        """Tells the master that it lives: a file is touched, which would cost as much as a query at each event."""
        now = time.monotonic()
        if now - self._told >= TELL_EVERY:
            self._told = now
            super().notify()

    def enqueue_req(self, conn: TConn) -> None:
        """A connection that was just accepted waits for its first words without a thread."""
        conn.data_ready = conn.data_ready or _says(conn.sock)
        if conn.initialized or conn.data_ready:
            self._until[conn] = time.monotonic() + SLOW
            super().enqueue_req(conn)
            return
        self._until[conn] = time.monotonic() + SILENT
        silent: Future[object] = Future()
        silent.set_result(_DEFER)
        super().finish_request(conn, silent)

    def finish_request(self, conn: TConn, fs: Future[object]) -> None:
        self._until.pop(conn, None)
        super().finish_request(conn, fs)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        now = time.monotonic()
        self._until = {conn: until for conn, until in self._until.items() if until > now}
        if self._until:
            self.set_accept_enabled(False)
            timeout = min(timeout, max(self._until.values()) - now)
        super().wait_for_and_dispatch_events(timeout)

    def handle_request(self, req: Any, conn: TConn) -> bool:
        if len(self._until) > 1 or self._others_wait():
            req.force_close()
        return bool(super().handle_request(req, conn))

    def _others_wait(self) -> bool:
        """Whether somebody stands where all workers look."""
        return _says(*self.sockets)


def _says(*sockets: Any) -> bool:
    """Whether something is to be read from one of them."""
    look = select.poll()
    for one in sockets:
        look.register(one, select.POLLIN)
    return bool(look.poll(0))
