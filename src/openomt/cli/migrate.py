"""`openomt migrate`: brings the database up to date."""

from __future__ import annotations

import typer

from openomt.cli import app
from openomt.cli.site import site_command


@app.command()
@site_command
def migrate() -> None:
    """Bring the database to the state of this program; `openomt serve` does the same when it starts."""
    from openomt.site import start

    steps = start.migrate()
    for step in steps:
        typer.echo(step)
    typer.echo("The database is up to date." if not steps else f"Up to date: {len(steps)} steps taken.")
