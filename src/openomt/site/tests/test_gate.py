"""The gate: one request at a time in a worker, and nobody waits for a slow sender."""

from __future__ import annotations

import threading
import time
from io import BytesIO
from typing import Any

from openomt.site.gate import Gate


class Slow:
    """Counts how many calls are inside at once."""

    def __init__(self) -> None:
        self.inside = 0
        self.most = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.inside += 1
        self.most = max(self.most, self.inside)
        time.sleep(0.01)
        self.inside -= 1
        return [environ["wsgi.input"].read()]


def call(gate: Gate, body: Any = b"") -> list[bytes]:
    stream = body if hasattr(body, "read") else BytesIO(body)
    length = str(len(body)) if isinstance(body, bytes) else "4"
    return list(gate({"CONTENT_LENGTH": length, "wsgi.input": stream}, lambda *_: None))


def test_no_more_than_allowed_are_worked_on_together() -> None:
    for allowed in (1, 3):
        work = Slow()
        gate = Gate(work, allowed)
        threads = [threading.Thread(target=call, args=(gate,)) for _ in range(9)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert work.most == allowed


def test_a_slow_sender_keeps_nobody_waiting() -> None:
    arrived = threading.Event()

    class Sender:
        def read(self, size: int) -> bytes:
            arrived.wait(5)
            return b"late"[:size]

    gate = Gate(Slow(), 1)
    found: list[list[bytes]] = []
    slow = threading.Thread(target=lambda: found.append(call(gate, Sender())))
    slow.start()
    assert call(gate, b"soon") == [b"soon"]
    arrived.set()
    slow.join()
    assert found == [[b"late"]]
