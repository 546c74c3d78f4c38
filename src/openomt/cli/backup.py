"""`openomt backup FILE`: the whole practice in one sealed file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from openomt.cli import app
from openomt.cli.site import site_command, stop

PASSPHRASE = "OPENOMT_PASSPHRASE"  # noqa: S105  (the name of a variable)


@app.command()
@site_command
def backup(file: Annotated[Path, typer.Argument(help="The file to write. It must not exist yet.")]) -> None:
    """Back up every table, documents included, into one file that only the passphrase opens.

    May run while the site is served. The passphrase is asked for, or taken from OPENOMT_PASSPHRASE. Without it the
    backup is lost: nobody can open it. In it are also the keys that open second factors. Not in it: the secret key of
    the installation, and who is signed in.
    """
    from openomt.site.backup import BackupError, SealError, back_up

    try:
        manifest = back_up(file, passphrase(new=True))
    except (BackupError, SealError) as error:
        stop(str(error))
    except OSError as error:
        stop(f"{file}: {error.strerror}. Nothing was written.")
    typer.echo(
        f"{file}: {len(manifest.tables)} tables, {manifest.rows} rows, {manifest.audit_events} events of the audit. "
        "Written, read again and checked."
    )


def passphrase(*, new: bool) -> str:
    """From the environment, else asked for; a new one twice. Ends the command where it is too short."""
    from openomt.site.backup import SHORTEST

    given = os.environ.get(PASSPHRASE) or typer.prompt(
        "Passphrase", hide_input=True, confirmation_prompt=new, err=True
    )
    if new and len(given) < SHORTEST:
        stop(f"The passphrase needs at least {SHORTEST} characters: several words are best.")
    return str(given)
