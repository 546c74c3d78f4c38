"""The server as a practice starts it: it answers, keeps its memory small, and ends with everything it began."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from openomt.site.tests.seeded import migrated
from tools.processes import family, is_alive, memory

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


Running = tuple["subprocess.Popen[bytes]", int]


@pytest.fixture(scope="module")
def running(migrated: dict[str, str]) -> Iterator[Running]:
    """A server on a database of its own, and its port."""
    port = free_port()
    with subprocess.Popen(
        [OPENOMT, "serve", "--port", str(port)],
        env=environment(Path(migrated["sqlite"])),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        for _ in range(1200):
            if process.poll() is not None:
                pytest.fail(f"the server did not start: {process.communicate()[1]!r}")
            with contextlib.suppress(ConnectionError):
                get(port, "/health")
                break
            time.sleep(0.1)
        yield process, port
        process.kill()


def get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content of a page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, dict(answer.headers.items()), answer.read()
    finally:
        connection.close()


def test_it_answers_and_says_so(running: Running) -> None:
    process, port = running
    status, _, content = get(port, "/health")
    assert (status, content) == (200, b'{"status": "ok"}')
    _, headers, _ = get(port, "/account/login/")
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert process.stdout is not None
    assert f"http://127.0.0.1:{port}/" in process.stdout.readline().decode()


def test_static_files_are_served_packed_and_kept_by_the_browser(running: Running) -> None:
    _, port = running
    _, _, page = get(port, "/account/login/")
    path = page.decode().split('href="/static/site/site')[1].split('"')[0]
    _, headers, _ = get(port, f"/static/site/site{path}", **{"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip"
    assert "immutable" in headers["Cache-Control"]


def test_its_memory_is_small(running: Running) -> None:
    process, _ = running
    shared, _ = memory(process.pid)
    assert 50 < shared < MOST


def test_nothing_is_restored_while_it_runs(
    running: Running, migrated: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "some.omt"
    file.write_bytes(b"x")
    told = {**environment(Path(migrated["sqlite"])), "OPENOMT_PASSPHRASE": "correct horse battery"}
    done = subprocess.run([OPENOMT, "restore", file], env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "A server or a worker is running" in done.stderr


def test_ctrl_c_ends_all_of_it(running: Running) -> None:
    process, port = running
    workers = family(process.pid)[1:]
    assert len(workers) == 2
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the master and to every worker
    assert process.wait(30) == 0
    assert not any(map(is_alive, workers))
    with pytest.raises(ConnectionError):
        get(port, "/health")
