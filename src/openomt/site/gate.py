"""Lets a worker do one request at a time, however many connections it keeps.

Python computes one thing at a time in a process anyhow. With more, one of them holds the database's
write lock while another computes, and everybody waits for it: eight people saving at once waited ten times as long.
A slow sender is read in full before the gate, so that nobody else waits for it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
MOST_READ_AHEAD = 34 * 1024 * 1024


class Gate:
    """`at_once` requests of this process are worked on together; the others wait their turn."""

    def __init__(self, application: Application, at_once: int) -> None:
        self._application = application
        self._turn = threading.BoundedSemaphore(at_once)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and 0 < int(length) <= MOST_READ_AHEAD:
            environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read(int(length)))
        with self._turn:
            return self._application(environ, start_response)
