"""`openomt demo`: a made-up practice in the browser."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import typer

from openomt.cli import app
from openomt.cli.serve import Host, Port, Threads, Workers
from openomt.cli.site import stop

FOLDER, MARK = "openomt-demo", "demonstration"


@app.command()
def demo(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 2, threads: Threads = 4) -> None:
    """Start the demonstration: a made-up practice with 300 patients. Ctrl-C ends it.

    It is kept in the folder openomt-demo and goes on from there the next time; remove the folder to begin anew.
    """
    from openomt.site.start import StartError, private_files

    private_files()
    _environment(host, port)
    try:
        _serve(host, port, workers, threads)
    except StartError as error:
        stop(str(error))


def _environment(host: str, port: int) -> None:
    """A folder and a database of its own: no real data is near."""
    os.environ.setdefault("OPENOMT_DATA", FOLDER)
    os.environ |= {"OPENOMT_DEMO": "1", "OPENOMT_DATABASE": "", "OPENOMT_HTTPS": ""}
    os.environ |= {"OPENOMT_ADDRESS": f"http://{'localhost' if host == '127.0.0.1' else host}:{port}"}
    if host not in ("127.0.0.1", "localhost"):
        os.environ.setdefault("OPENOMT_HOSTS", f"localhost,127.0.0.1,{host}")


def _serve(host: str, port: int, workers: int, threads: int) -> None:
    from openomt.site import server, start

    server.require_free(host, port)
    folder = Path(os.environ["OPENOMT_DATA"]).absolute()
    held = start.hold(folder, alone=False)
    if not (folder / MARK).exists():
        _make(folder)
    start.django_ready()
    start.migrate()
    _refresh()
    start.collect_static()
    server.serve(host, port, workers, threads, ready="\n".join(_welcome(host, port)), worker=True)
    held.close()


def _make(folder: Path) -> None:
    """In a process of its own: what it needs of memory is gone before the server starts."""
    for ending in ("", "-wal", "-shm"):  # of one that was not finished
        (folder / f"openomt.sqlite3{ending}").unlink(missing_ok=True)
    typer.echo("Making up a practice: 300 patients, 2,000 visits. This takes half a minute, once.")
    if subprocess.run([sys.executable, "-m", "openomt.site.demo"], check=False).returncode:
        stop("The demonstration could not be made.")


def _refresh() -> None:
    from openomt.site.demo import seeding

    seeding.refresh(seeding.today())


def _welcome(host: str, port: int) -> list[str]:
    from openomt.care.accounts.demo import PASSWORD, accounts
    from openomt.site.demo.staff import PIN

    width = max(len(one.email) for one in accounts())
    return [
        "",
        f"OpenOMT, demonstration: http://{host}:{port}/",
        "",
        *(f"  {one.email.ljust(width)}  {one.role}" for one in accounts()),
        "",
        f"  password for all: {PASSWORD}      signing PIN: {PIN}",
        "  Nobody in it exists. CPT is off: the owner can switch it on under Practice, with a license.",
        "",
        "Ctrl-C ends it.",
    ]
