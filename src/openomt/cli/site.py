"""What the commands of the site have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import NoReturn, ParamSpec

import typer

P = ParamSpec("P")


def site_command(command: Callable[P, None]) -> Callable[P, None]:
    """Starts Django first, and turns what cannot be done into words and exit code 3."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from openomt.site.start import StartError, django_ready, private_files

        private_files()
        django_ready()
        try:
            command(*args, **kwargs)
        except StartError as error:
            stop(str(error))

    return run


def stop(message: str) -> NoReturn:
    """Says on standard error why nothing was done and ends with exit code 3."""
    from openomt.site.start import NOT_READY

    typer.echo(message, err=True)
    raise typer.Exit(NOT_READY)
