"""The worker as a process: it does jobs and sends messages until it is told to stop.

python -m openomt.site.work PID    as a child of the server PID; ends when that process is gone
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from types import FrameType

GRACE = 30
"""Seconds a worker has to end what it has begun; longer than a mail server may take for one answer."""


def work(parent: int = 0, *, ready: str = "") -> None:
    """Works until SIGTERM or Ctrl-C, or until `parent` is gone; what was begun is ended first.

    ready   said once it can be ended gently
    """
    from django.urls import get_resolver

    from openomt.care.contact.worker import work_forever

    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    if ready:
        sys.stdout.write(f"{ready}\n")
        sys.stdout.flush()
    get_resolver().url_patterns  # noqa: B018  (seconds to load: not in the time of the first message's lease)
    work_forever(stop, alive=lambda: not parent or os.getppid() == parent)


@contextlib.contextmanager
def beside(wanted: bool = True) -> Iterator[None]:
    """A worker in a process of its own, for as long as the block runs; Ctrl-C or the end of this process ends it."""
    if not wanted:
        yield
        return
    child = subprocess.Popen([sys.executable, "-m", "openomt.site.work", str(os.getpid())])  # noqa: S603
    owner = os.getpid()
    try:
        yield
    finally:
        if (
            os.getpid() == owner
        ):  # the server's own processes, forked from this one, come by here too when they end
            _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Gently, and after a while not gently."""
    child.terminate()
    try:
        child.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def main() -> None:
    from openomt.site.start import django_ready, private_files

    private_files()
    django_ready()
    work(int(sys.argv[1]))


if __name__ == "__main__":
    main()
