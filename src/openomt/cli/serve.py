"""`openomt serve`: the practice's website."""

from __future__ import annotations

from typing import Annotated

import typer

from openomt.cli import app
from openomt.cli.site import site_command
from openomt.cli.worker import settings_problem

Host = Annotated[str, typer.Option(help="Address to listen on. Behind a TLS proxy, leave it at 127.0.0.1.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
Workers = Annotated[int, typer.Option(min=1, max=32, help="Processes: about one for each core.")]
Threads = Annotated[int, typer.Option(min=1, max=32, help="Requests each process answers at once.")]


@app.command()
@site_command
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Workers = 2,
    threads: Threads = 4,
    *,
    worker: Annotated[
        bool, typer.Option("--worker", help="Do jobs and send messages too, as `openomt worker` does.")
    ] = False,
) -> None:
    """Start the practice's website. Ctrl-C ends it.

    Brings the database up to date first. Where everything is kept and which names it answers to is set by the
    environment: OPENOMT_DATA, OPENOMT_DATABASE, OPENOMT_HOSTS, OPENOMT_HTTPS. Reminders and other messages are sent
    by `openomt worker`, which runs beside it.
    """
    from django.conf import settings

    from openomt.site import server, start

    server.require_free(host, port)
    if worker and (problem := settings_problem()):
        raise start.StartError(problem)
    held = start.hold(settings.DATA, alone=False)
    steps = start.migrate()
    if steps:
        typer.echo(f"The database was brought up to date: {len(steps)} steps.")
    start.collect_static()
    ready = [f"OpenOMT: http://{host}:{port}/  (Ctrl-C ends it)"]
    if not has_accounts():
        ready.append("Nobody can sign in yet. In another window: openomt createowner")
    server.serve(host, port, workers, threads, ready="\n".join(ready), worker=worker)
    held.close()


def has_accounts() -> bool:
    from openomt.care.accounts.models import User

    return User.objects.exists()
