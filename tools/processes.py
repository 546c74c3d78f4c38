"""Looks at running processes through /proc: who belongs to whom, and how much memory they hold."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

_KIB = 1024


def family(pid: int) -> list[int]:
    """A process and all that it started, directly or not."""
    found = [pid]
    with contextlib.suppress(OSError):
        for child in (Path("/proc") / str(pid) / "task" / str(pid) / "children").read_text().split():
            found += family(int(child))
    return found


def is_alive(pid: int) -> bool:
    """Whether it runs; one that has ended and was not yet taken notice of does not."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def memory(pid: int) -> tuple[float, float]:
    """MiB of a whole family: shared pages counted once (PSS), and what each shows added up (RSS)."""
    shared = added = 0
    for one in family(pid):
        with contextlib.suppress(OSError):
            for line in (Path("/proc") / str(one) / "smaps_rollup").read_text().splitlines():
                name, _, rest = line.partition(":")
                shared += int(rest.split()[0]) if name == "Pss" else 0
                added += int(rest.split()[0]) if name == "Rss" else 0
    return shared / _KIB, added / _KIB


def kill(pid: int) -> None:
    """SIGKILL for a whole family, at once."""
    for one in family(pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
