"""`openomt read TEXT`: what was understood of a note, what is odd in it, and what was not understood."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openomt.cli import app
from openomt.cli.input import checked, named, refuse, text_of
from openomt.cli.reading import account, as_json, house_style, oddities, wrapped

if TYPE_CHECKING:
    from openomt.medicine.notation import Reading


@app.command()
def read(
    text: Annotated[
        list[str] | None, typer.Argument(help="What was written; - reads standard input.")
    ] = None,
    *,
    file: Annotated[
        Path | None,
        typer.Option("-f", "--file", help="A text file; - reads standard input.", allow_dash=True),
    ] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option(help='Lines of {"id", "text"}; prints a prediction for each.', allow_dash=True),
    ] = None,
    json_wanted: Annotated[bool, typer.Option("--json", help="Everything with its place.")] = False,
) -> None:
    """Read a note: findings, treatments and responses, with what is inferred, odd or not understood."""
    if sum(given is not None for given in (text or None, file, jsonl)) != 1:
        refuse("read", "give a TEXT, or -f FILE, or --jsonl FILE; - reads standard input")
    if jsonl is not None:
        if json_wanted:
            refuse("read", "--json and --jsonl exclude each other")
        _predict(jsonl)
        return
    from openomt.medicine import notation

    reading = notation.read(_given(text or [], file))
    if json_wanted:
        typer.echo(json.dumps(as_json(reading), ensure_ascii=False, indent=2))
        return
    for line in report(reading):
        typer.echo(line)


def _given(text: list[str], file: Path | None) -> str:
    if file is not None:
        return text_of(file, "read")
    if text == ["-"]:
        return text_of(Path("-"), "read")
    return checked(" ".join(text), "read")


def report(reading: Reading) -> Iterator[str]:
    """The whole reading for people: line by line, then what is odd, then the house style."""
    if not reading.text.strip():
        yield "Nothing is written."
        return
    yield from account(reading)
    odd = list(oddities(reading))
    if odd:
        yield typer.style("To look at (a suggestion; the physician decides)", bold=True)
        yield from odd
    if reading.findings:
        style = house_style(reading)
        yield from wrapped(f"house style: {style or 'once the questions above are answered'}", "", "    ")


# Many texts -----------------------------------------------------------------------------------------


def _predict(file: Path) -> None:
    """One prediction for each line, in the corpus's form. A line that cannot be read is named on stderr."""
    from openomt.medicine.notation import read as read_text
    from openomt.medicine.notation.corpus import corpus_json

    failed = False
    # JSON may hold other line breaks inside its strings, so lines end at "\n" alone.
    for number, line in enumerate(text_of(file, "read").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = _row(line)
        except ValueError as error:
            failed = True
            column = error.colno if isinstance(error, json.JSONDecodeError) else 1
            reason = f"not JSON: {error.msg}" if isinstance(error, json.JSONDecodeError) else str(error)
            typer.echo(f"openomt read: {named(file)}:{number}:{column}: {reason}", err=True)
            continue
        prediction = {"id": row["id"], **corpus_json(read_text(row["text"]))}
        typer.echo(json.dumps(prediction))
    if failed:
        raise typer.Exit(2)


def _row(line: str) -> dict[str, Any]:
    """The object of one line. Raises ValueError (JSONDecodeError where it is not JSON)."""
    try:
        row = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(row, dict):
        raise ValueError('not an object with "id" and "text"')
    if "id" not in row:
        raise ValueError('no "id"')
    if not isinstance(row.get("text"), str):
        raise ValueError('"text" is missing or not a string')
    return row
