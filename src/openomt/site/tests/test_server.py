"""The server as a practice starts it: it answers, keeps its memory small, and ends with everything it began."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from openomt.site.tests.seeded import migrated

__all__ = ["migrated"]
OPENOMT = Path(sys.executable).with_name("openomt")
MOST = 350
"""MiB of the whole server with two workers, shared pages counted once."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENOMT_", "DJANGO_"))}
    return {**kept, "OPENOMT_DATA": str(folder)}


@pytest.fixture(scope="module")
def running(migrated: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server on a database of its own, and its address."""
    port = free_port()
    process = subprocess.Popen(
        [OPENOMT, "serve", "--port", str(port)],
        env=environment(Path(migrated["sqlite"])),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(1200):
            if process.poll() is not None:
                pytest.fail(
                    f"the server did not start: {(process.stderr or contextlib.nullcontext()).read()!r}"
                )
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(f"{address}/health", timeout=5).close()
                break
            time.sleep(0.1)
        yield process, address
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def test_it_answers_and_says_so(running: tuple[subprocess.Popen[bytes], str]) -> None:
    process, address = running
    with urllib.request.urlopen(f"{address}/health", timeout=10) as answer:
        assert (answer.status, answer.read()) == (200, b'{"status": "ok"}')
    with urllib.request.urlopen(f"{address}/account/login/", timeout=10) as answer:
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert process.stdout is not None
    assert address.encode() in process.stdout.readline()


def test_static_files_are_served_packed_and_kept_by_the_browser(
    running: tuple[subprocess.Popen[bytes], str],
) -> None:
    _, address = running
    page = urllib.request.urlopen(f"{address}/account/login/", timeout=10).read().decode()
    path = page.split('href="/static/site/site')[1].split('"')[0]
    ask = urllib.request.Request(f"{address}/static/site/site{path}", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(ask, timeout=10) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]


def test_its_memory_is_small(running: tuple[subprocess.Popen[bytes], str]) -> None:
    process, _ = running
    master = psutil.Process(process.pid)
    shared = sum(one.memory_full_info().pss for one in (master, *master.children(recursive=True)))
    assert shared / 2**20 < MOST


def test_nothing_is_restored_while_it_runs(
    running: tuple[subprocess.Popen[bytes], str], migrated: dict[str, str]
) -> None:
    file = Path(migrated["sqlite"]) / "some.omt"
    file.write_bytes(b"x")
    told = {**environment(Path(migrated["sqlite"])), "OPENOMT_PASSPHRASE": "correct horse battery"}
    done = subprocess.run([OPENOMT, "restore", file], env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "A server is running" in done.stderr


def test_ctrl_c_ends_all_of_it(running: tuple[subprocess.Popen[bytes], str]) -> None:
    process, address = running
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) == 2
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the master and to every worker
    assert process.wait(30) == 0
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(f"{address}/health", timeout=5)
