"""`openomt audit verify`: whether the audit is whole."""

from __future__ import annotations

import typer

from openomt.cli import app
from openomt.cli.site import site_command

_SHOWN = 20
audit = typer.Typer(help="The record of who read and wrote which chart.", no_args_is_help=True)
app.add_typer(audit, name="audit")


@audit.command()
@site_command
def verify() -> None:
    """Check that no event of the audit was changed, removed or put in. Exit code 1 where the chain breaks."""
    from openomt.care.accounts.audit import verify as verify_chain
    from openomt.site.start import require_current_database

    require_current_database()
    count, breaks = verify_chain()
    if not breaks:
        typer.echo(f"The audit is whole: {count} events, each following the one before.")
        return
    typer.echo(f"The audit is broken in {len(breaks)} places of {count} events:", err=True)
    for place in breaks[:_SHOWN]:
        typer.echo(f"  event {place.event}, {place.at:%Y-%m-%d %H:%M:%S} UTC: {place.why}", err=True)
    if len(breaks) > _SHOWN:
        typer.echo(f"  and {len(breaks) - _SHOWN} more", err=True)
    raise typer.Exit(1)


@audit.callback()
def _group() -> None:
    """The record of who read and wrote which chart."""
