"""The worker as a practice starts it: real processes, killed at random, and ended gently."""

from __future__ import annotations

import contextlib
import importlib
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from openomt.site.tests.databases import KINDS, database
from openomt.site.tests.seeded import migrated
from openomt.site.tests.test_server import OPENOMT, environment, free_port, get
from tools.processes import family, is_alive

__all__ = ["migrated"]
kill_worker = importlib.import_module("bench.kill_worker")  # a folder of programs, not a package


@pytest.mark.database
@pytest.mark.parametrize("kind", KINDS)
def test_workers_killed_at_random_lose_no_check_in_and_send_none_twice(
    kind: str, migrated: dict[str, str], tmp_path: Path
) -> None:
    chance = random.Random(kind)  # noqa: S311  (moments, not secrets)
    with database(kind, tmp_path, migrated[kind]) as address:
        found = kill_worker.run(address, tmp_path, jobs=24, kills=2, chance=chance)
    assert not found.wrong, str(found)
    assert (found.done, found.kills) == (24, 2)
    assert found.sent >= 24 - kill_worker.WORKERS * 2, "only what a worker held when it died can be in doubt"


def _until(true: Callable[[], bool], seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.05)
    return true()


@contextlib.contextmanager
def _running(*words: str, folder: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [OPENOMT, *words],
        env=environment(Path(folder)) | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_ends_gently(migrated: dict[str, str], sign: int) -> None:
    with _running("worker", folder=migrated["sqlite"]) as process:
        assert process.stdout is not None
        assert b"at work" in process.stdout.readline()
        process.send_signal(sign)
        assert process.wait(30) == 0


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("OPENOMT_SMTP", "mail.example:25", "OPENOMT_MAIL_FROM is not set"),
        ("OPENOMT_TEXT_GATEWAY", "no.such.Gateway", "A message could not leave: No module named"),
    ],
)
def test_a_worker_that_could_send_nothing_says_so_and_does_not_start(
    migrated: dict[str, str], setting: str, value: str, says: str
) -> None:
    with _running("worker", folder=migrated["sqlite"], **{setting: value}) as process:
        _, told = process.communicate(timeout=60)
    assert process.returncode == 3
    assert says in told.decode()


@pytest.fixture
def served(migrated: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
    """A server with a worker beside it, as the demonstration has, and the processes it started."""
    port = free_port()
    with _running("serve", "--port", str(port), "--worker", folder=migrated["sqlite"]) as process:

        def answers() -> bool:
            with contextlib.suppress(ConnectionError):
                return get(port, "/health")[0] == 200
            return False

        assert _until(answers, 120)
        assert _until(lambda: len(family(process.pid)) == 4)
        yield process, family(process.pid)[1:]


def _is_worker(pid: int) -> bool:
    return b"openomt.site.work" in (Path("/proc") / str(pid) / "cmdline").read_bytes()


def test_the_end_of_the_server_is_the_end_of_its_worker(
    served: tuple[subprocess.Popen[bytes], list[int]],
) -> None:
    process, children = served
    assert sum(map(_is_worker, children)) == 1
    process.terminate()  # as a system does: to the server alone
    assert process.wait(60) == 0
    assert not any(map(is_alive, children))


def test_ctrl_c_ends_server_and_worker(served: tuple[subprocess.Popen[bytes], list[int]]) -> None:
    process, children = served
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
    assert process.wait(60) == 0
    assert not any(map(is_alive, children))


def test_a_worker_outlives_a_process_of_the_server_and_not_the_server(
    served: tuple[subprocess.Popen[bytes], list[int]],
) -> None:
    process, children = served
    [worker] = filter(_is_worker, children)
    other = next(one for one in children if one != worker)
    os.kill(other, signal.SIGTERM)
    assert _until(lambda: not is_alive(other), 30)
    time.sleep(0.5)
    assert is_alive(worker)
    assert process.poll() is None
    process.kill()
    assert _until(lambda: not is_alive(worker), 30)
