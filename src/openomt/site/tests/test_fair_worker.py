"""Two workers share one queue: who comes is served by the one that is idle."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tools.with_postgres import free_port

SERVER = """
import os, sys, time
from gunicorn.app.base import BaseApplication

def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        time.sleep(0.15)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]

class Server(BaseApplication):
    def load_config(self):
        for name, value in {"bind": f"127.0.0.1:{sys.argv[1]}", "workers": 2, "threads": 4, "loglevel": "error",
                            "worker_class": "openomt.site.fair_worker.FairWorker",
                            "control_socket_disable": True}.items():
            self.cfg.set(name, value)
    def load(self):
        return application

Server().run()
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    number = free_port()
    with subprocess.Popen([sys.executable, "-c", SERVER, str(number)]) as running:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", number), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        time.sleep(1)  # both workers stand
        yield number
        running.terminate()


def _served_by(port: int, path: str = "/slow") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return str(answer.read().decode())


def test_two_who_come_together_are_served_by_two_workers(port: int) -> None:
    for _ in range(5):
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(_served_by, port)
            time.sleep(0.04)
            second = pool.submit(_served_by, port)
            assert first.result() != second.result()


def test_who_says_nothing_keeps_no_thread_from_the_others(port: int) -> None:
    silent = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(24)]
    begun = time.monotonic()
    assert _served_by(port, "/")
    assert (
        time.monotonic() - begun < 3
    )  # two workers of four threads would wait five seconds for their first words
    for one in silent:
        one.close()


def test_a_connection_is_kept_where_nobody_else_waits(port: int) -> None:
    one = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    one.connect()
    kept = one.sock
    for _ in range(3):
        one.request("GET", "/")
        assert one.getresponse().read()
        assert one.sock is kept
    one.close()
