"""Runs a command with a PostgreSQL server of its own, which is gone afterwards.

python tools/with_postgres.py [--safe] COMMAND …    the command finds its database in OPENOMT_DATABASE

Where OPENOMT_DATABASE is set already, that server is used. Works as root (the server runs as `postgres`) and not as
root. `--safe` keeps the server's care for power loss, which tests do without. Where there is no PostgreSQL this
fails, unless OPENOMT_ALLOW_NO_POSTGRESQL=1: then the command is left out.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

MISSING = "There is no PostgreSQL on this machine (Debian, Ubuntu: apt install postgresql)."
CARELESS = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"


def programs() -> Path | None:
    """The folder of the newest server there is."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: int(one.parts[-3]))
    if places:
        return places[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextlib.contextmanager
def server(folder: Path, *, safe: bool) -> Iterator[str]:
    """A server in a temporary place, and the address of its database. Raises LookupError where there is none."""
    place = programs()
    if place is None:
        raise LookupError(MISSING)
    with tempfile.TemporaryDirectory(
        prefix="openomt-pg-", dir=folder, ignore_cleanup_errors=True
    ) as temporary:
        base, port = Path(temporary), free_port()
        become = _become_postgres(base)
        environment = {"LC_ALL": "C.UTF-8", "PATH": os.environ.get("PATH", "")}
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={base} -c max_connections=200"
            f" {'' if safe else CARELESS}"
        )
        control = [*become, str(place / "pg_ctl"), "-D", f"{base}/data", "-w"]
        init = [str(place / "initdb"), "-D", f"{base}/data", "-U", "openomt", "-A", "trust", "-E", "UTF8"]
        _run([*become, *init, "--no-sync"], environment)
        try:
            _run([*control, "-l", f"{base}/log", "-o", options, "start"], environment)
            yield f"postgresql://openomt@127.0.0.1:{port}/postgres"
        finally:
            if (base / "data" / "postmaster.pid").exists():
                _run([*control, "-m", "immediate", "stop"], environment)


def _become_postgres(base: Path) -> list[str]:
    """PostgreSQL refuses to run as root: the words that start it as another user, who gets the folder."""
    if os.geteuid() != 0:
        return []
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    os.chown(base, user.pw_uid, user.pw_gid)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    if done.returncode:
        raise OSError(f"{Path(command[0]).name} failed: {(done.stdout + done.stderr).strip()[-800:]}")


def run(command: list[str], environment: dict[str, str]) -> int:
    """Runs it to its end. A SIGTERM goes on to it, so that its end is waited for."""
    with subprocess.Popen(command, env=environment) as running:
        signal.signal(signal.SIGTERM, lambda *_: running.terminate())
        while True:
            try:
                return running.wait()
            except KeyboardInterrupt:
                continue  # the command was told too, by the terminal


def main() -> int:
    safe = sys.argv[1:2] == ["--safe"]
    command = sys.argv[2:] if safe else sys.argv[1:]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as Ctrl-C does: what was started is stopped
    if os.environ.get("OPENOMT_DATABASE"):
        return run(command, dict(os.environ))
    try:
        with server(Path(tempfile.gettempdir()), safe=safe) as address:
            return run(command, {**os.environ, "OPENOMT_DATABASE": address})
    except (LookupError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 0 if os.environ.get("OPENOMT_ALLOW_NO_POSTGRESQL") == "1" else 1


if __name__ == "__main__":
    raise SystemExit(main())
