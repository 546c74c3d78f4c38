"""`openomt …`: the command line. One file for each command; plain text for people, `--json` for programs."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="openomt",
    help="Reads, checks, codes and writes up osteopathic visits.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)

from openomt.cli import audit as audit  # noqa: E402
from openomt.cli import backup as backup  # noqa: E402
from openomt.cli import check as check  # noqa: E402
from openomt.cli import code as code  # noqa: E402
from openomt.cli import createowner as createowner  # noqa: E402
from openomt.cli import demo as demo  # noqa: E402
from openomt.cli import explain as explain  # noqa: E402
from openomt.cli import knowledge as knowledge  # noqa: E402
from openomt.cli import landmarks as landmarks  # noqa: E402
from openomt.cli import migrate as migrate  # noqa: E402
from openomt.cli import note as note  # noqa: E402
from openomt.cli import read as read  # noqa: E402
from openomt.cli import restore as restore  # noqa: E402
from openomt.cli import score as score  # noqa: E402
from openomt.cli import screen as screen  # noqa: E402
from openomt.cli import serve as serve  # noqa: E402
from openomt.cli import suggest as suggest  # noqa: E402
from openomt.cli import tour as tour  # noqa: E402
from openomt.cli import triage as triage  # noqa: E402
from openomt.cli import worker as worker  # noqa: E402
