"""`openomt restore FILE`: a backup takes the place of the database."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from openomt.cli import app
from openomt.cli.backup import passphrase
from openomt.cli.site import site_command, stop

if TYPE_CHECKING:
    from openomt.site.backup import Existing, Manifest

WORDS = "restore over newer"


@app.command()
@site_command
def restore(
    file: Annotated[
        Path, typer.Argument(help="A file that `openomt backup` wrote.", exists=True, dir_okay=False)
    ],
    over: Annotated[bool, typer.Option("--over", help="Where the database holds something already.")] = False,
) -> None:
    """Restore a backup of either database into this one. The site must be stopped.

    The whole file is checked before anything is touched, and what was restored is compared with it. A database that
    holds something is replaced only with --over, and a newer one only after typing so; it is kept under another name.
    """
    from django.conf import settings

    from openomt.site import start
    from openomt.site.backup import BackupError, SealError
    from openomt.site.backup import restore as put_back

    held = start.hold(settings.DATA, alone=True)
    try:
        kept = put_back(file, passphrase(new=False), lambda manifest, now: _agree(manifest, now, over=over))
    except (BackupError, SealError) as error:
        stop(str(error))
    except OSError as error:
        stop(f"{error.filename or file}: {error.strerror}")
    finally:
        held.close()
    typer.echo("Restored. Every row was compared with the backup, and the audit is whole.")
    if kept:
        typer.echo(f"What was there before is kept: {kept}. Remove it when you no longer need it.")
    typer.echo("Everybody signs in again.")


def _agree(manifest: Manifest, now: Existing, *, over: bool) -> bool:
    typer.echo(
        f"The backup of {manifest.made_at.astimezone():%Y-%m-%d %H:%M} is whole: {manifest.rows} rows, "
        f"{manifest.audit_events} events of the audit."
    )
    if now.is_empty:
        return True
    if now.events is None:
        typer.echo("The database there now cannot be read.")
    else:
        typer.echo(
            f"The database there now holds {now.accounts} accounts and {now.events} events of the audit."
        )
    if not over:
        typer.echo("To replace it, add --over.", err=True)
        return False
    if not now.is_newer:
        return True
    lost = "what it holds" if now.later is None else f"{now.later} events that are younger than the backup"
    typer.echo(f"It is newer: {lost} would no longer be there.")
    return bool(typer.prompt(f'Type "{WORDS}" to go on', default="", show_default=False).strip() == WORDS)
