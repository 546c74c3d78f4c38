"""Where a command's text comes from (a file, standard input, its arguments), and how bad input is refused."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import typer


def named(file: Path) -> str:
    """The file's name as errors give it."""
    return "standard input" if str(file) == "-" else str(file)


def text_of(file: Path, command: str) -> str:
    """The whole text of a file, or of standard input for `-`; ends the command where it is not UTF-8 text."""
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        refuse(command, f"{named(file)}: {error.strerror}")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        refuse(command, f"{named(file)}:{line}:{column}: not UTF-8")


def checked(words: str, command: str) -> str:
    """Text given on the command line; ends the command where the terminal sent something that is not text."""
    try:
        words.encode("utf-8")
    except UnicodeEncodeError as error:
        refuse(command, f"the text given:1:{error.start + 1}: not UTF-8")
    return words


def refuse(command: str, message: str) -> NoReturn:
    """Says on standard error what is wrong and ends with exit code 2."""
    typer.echo(f"openomt {command}: {message}", err=True)
    raise typer.Exit(2)
