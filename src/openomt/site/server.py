"""The web server: gunicorn with threads, started and stopped by `openomt serve`."""

from __future__ import annotations

import errno
import signal
import socket
import sys
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.config import Config
from gunicorn.glogging import Logger

from openomt.site.logs import NoPatientData
from openomt.site.start import StartError

GRACE = 20
"""Seconds that requests already running have to end when the server is stopped."""


class ServerLog(Logger):  # type: ignore[misc]
    """The server's own messages, without patient data: a request that fails is logged by its address alone."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.addFilter(NoPatientData())


class _Master(Arbiter):  # type: ignore[misc]
    """Ctrl-C ends the server as gently as a stop by the system does: running requests end first."""

    def handle_int(self) -> None:
        self.handle_term()


class Server(BaseApplication):  # type: ignore[misc]
    """The site behind gunicorn, configured here and nowhere else."""

    def __init__(self, host: str, port: int, workers: int, threads: int, ready: str = "") -> None:
        self._ready = ready
        self._settings = {
            "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            "workers": workers,
            "worker_class": "openomt.site.fair_worker.FairWorker",
            "threads": threads,
            "preload_app": True,
            "control_socket_disable": True,
            "graceful_timeout": GRACE,
            "timeout": 60,
            "keepalive": 5,
            "loglevel": "warning",
            "logger_class": "openomt.site.server.ServerLog",
            "proc_name": "openomt",
            "when_ready": self._say_ready,
            "post_worker_init": _worker_ready,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def _say_ready(self, master: Arbiter) -> None:
        sys.stdout.write(f"{self._ready}\n")
        sys.stdout.flush()

    def load(self) -> Any:
        """The application, with all that workers can share, and no connection that a fork would share too."""
        from django.db import connections

        from openomt.site import warm
        from openomt.site.wsgi import application

        connections.close_all()
        warm.shared()
        return application

    def run(self) -> None:
        _Master(self).run()


def _worker_ready(worker: Any) -> None:
    """A worker leaves Ctrl-C to the master, which lets running requests end."""
    from openomt.site import warm

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm.own()


def require_free(host: str, port: int) -> None:
    """Raises StartError where the address cannot be taken, before anything slow is done."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise StartError(f"Port {port} is in use. Give another: --port {port + 1}") from error
        raise StartError(f"{host} port {port} cannot be used: {error.strerror}") from error


def serve(  # noqa: PLR0913  (what a server is)
    host: str, port: int, workers: int, threads: int, *, ready: str, worker: bool = False
) -> None:
    """Serves until it is stopped; `ready` is said once the address answers. Ends the process, with 0 after Ctrl-C.

    worker   does jobs and sends messages too, in a process of its own that ends with this one
    """
    from openomt.site.work import beside

    with beside(worker):
        Server(host, port, workers, threads, ready).run()
