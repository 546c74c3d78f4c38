"""`openomt score …`: an instrument's score by its published rule, and whether a change in it matters."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openomt.cli import app
from openomt.cli.input import named, refuse, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openomt.medicine.instruments import Alert, Answers, Change, Score

_LEFT_OPEN = ("-", "?")
_NOTICE = "A score is not a diagnosis; the physician decides."


@app.command(context_settings={"ignore_unknown_options": True})  # so that -1 is named as an answer
def score(  # noqa: PLR0913, PLR0917  (one argument for each option)
    name: Annotated[str | None, typer.Argument(help="An instrument: PEG, phq9, AUDIT-C.")] = None,
    values: Annotated[
        list[str] | None, typer.Argument(help="The answers in order; - for one left open.")
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(help='Answers as JSON: a list, or {"q1": 3}; - reads standard input.', allow_dash=True),
    ] = None,
    items: Annotated[bool, typer.Option("--items", help="The questions and what each takes.")] = False,
    language: Annotated[str, typer.Option(help="Of the questions: en or es.")] = "en",
    compared: Annotated[
        tuple[float, float] | None, typer.Option("--change", help="Two scores: BEFORE AFTER.")
    ] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            help='Lines of {"id", "instrument", "answers"}; - reads standard input.', allow_dash=True
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Score an instrument, show its questions, or say whether a change in it matters."""
    if jsonl is not None:
        if name is not None:
            refuse("score", "--jsonl names the instrument in each line")
        _score_lines(jsonl)
    elif name is None:
        _catalog(as_json=as_json)
    elif items:
        _items(name, language, as_json=as_json)
    elif compared is not None:
        _change(name, compared, as_json=as_json)
    else:
        _score(name, _given(name, values or [], answers), as_json=as_json)


# What is given -------------------------------------------------------------------------------------------


def _given(name: str, values: list[str], file: Path | None) -> Answers:
    if values and file is not None:
        refuse("score", "give the answers in order, or --answers FILE, not both")
    if file is not None:
        return _answers_of(file)
    if not values:
        refuse("score", f"give the answers of {name}, or --items to see its questions")
    return [_number(value) for value in values]


def _number(value: str) -> float | None:
    if value in _LEFT_OPEN:
        return None
    try:
        return int(value) if value.lstrip("-").isdecimal() else float(value)
    except ValueError:
        refuse("score", f"{value!r} is no number")


def _answers_of(file: Path) -> Answers:
    try:
        given = json.loads(text_of(file, "score"))
    except json.JSONDecodeError as error:
        refuse("score", f"{named(file)}:{error.lineno}:{error.colno}: not JSON: {error.msg}")
    if isinstance(given, dict) and isinstance(given.get("answers"), (dict, list)):
        given = given["answers"]
    if not isinstance(given, (dict, list)):
        refuse("score", f"{named(file)}: answers are a list, or an object item by item")
    return given


# One score -----------------------------------------------------------------------------------------------


def _score(name: str, answers: Answers, *, as_json: bool) -> None:
    from openomt.medicine import instruments

    try:
        result = instruments.score(name, answers)
    except instruments.ScoreError as error:
        _warn_of(name, answers)
        refuse("score", str(error))
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(result), ensure_ascii=False, indent=2))
        return
    for line in _account(result):
        typer.echo(line)


def _warn_of(name: str, answers: Answers) -> None:
    """An answer a person must see at once is told even where another answer is refused."""
    from openomt.medicine import instruments

    try:
        found = instruments.urgent(name, answers)
    except instruments.ScoreError:
        return
    for alert in found:
        typer.echo("\n".join(_alert(alert)), err=True)


def _account(result: Score) -> Iterator[str]:
    for alert in result.alerts:
        yield from _alert(alert)
    yield _headline(result)
    for mark in result.positives:
        yield f"  reached: {mark.en} [{mark.confidence}]"
    for sub in result.subscores:
        reached = "; ".join(mark.en for mark in sub.positives)
        yield f"  {_headline(sub)}{': ' + reached if reached else ''}"
    for item in result.items:
        value = "not answered" if item.value is None else f"{item.value:g}"
        words = f" ({item.words})" if item.words else ""
        band = f": {item.band.en} [{item.band.confidence}]" if item.band else ""
        yield f"  {item.id:<4} {item.topic:<28} {value}{words}{band}"
    for notice in result.notices:
        yield f"  note: {notice}"
    yield f"  {result.reason} [{', '.join(result.sources)}; {result.confidence}]"
    yield f"  {_NOTICE} {result.review_state[0].upper()}{result.review_state[1:]}."


def _headline(result: Score) -> str:
    if result.value is None:
        return f"{result.abbreviation}: no score"
    better = f"; {result.better} is better" if result.better != "neither" else ""
    band = f": {result.band.en} [{result.band.confidence}]" if result.band else ""
    return f"{result.abbreviation} {result.value:.4g} of {result.low:g} to {result.high:g}{better}{band}"


def _alert(alert: Alert) -> Iterator[str]:
    yield f"A PERSON MUST SEE THIS NOW: {alert.instrument} {alert.item} is {alert.value:g}"
    for line in alert.lines("en", phone="(the phone of the clinic)"):
        yield f"  to the patient: {line}"
    yield f"  to staff: {alert.staff} {alert.never[0].upper()}{alert.never[1:]}."


# Many scores ---------------------------------------------------------------------------------------------


def _score_lines(file: Path) -> None:
    """One line of score for each line read. One that cannot be scored is left out and named on stderr."""
    failed = False
    for number, line in enumerate(text_of(file, "score").split("\n"), 1):
        if not line.strip():
            continue
        try:
            typer.echo(json.dumps(_score_line(line), ensure_ascii=False))
        except json.JSONDecodeError as error:
            failed = True
            typer.echo(f"{named(file)}:{number}:{error.colno}: not JSON: {error.msg}", err=True)
        except ValueError as error:
            failed = True
            typer.echo(f"{named(file)}:{number}: {error}", err=True)
    if failed:
        raise typer.Exit(2)


def _score_line(line: str) -> dict[str, Any]:
    from openomt.medicine import instruments

    case = json.loads(line)
    if not isinstance(case, dict) or not isinstance(case.get("instrument"), str) or "answers" not in case:
        raise ValueError('not an object with "id", "instrument" and "answers"')
    try:
        result = instruments.score(case["instrument"], case["answers"])
    except instruments.ScoreError:
        _warn_of(case["instrument"], case["answers"])
        raise
    return {"id": case.get("id"), **_row(result)}


def _row(result: Score) -> dict[str, Any]:
    """A score in short: a whole number where it is one, else rounded to two places."""
    value = result.value
    if value is not None:
        value = int(value) if value.is_integer() else round(value, 2)
    return {
        "instrument": result.instrument,
        "score": value,
        "band": result.band.id if result.band else None,
        "positives": [mark.id for mark in result.positives],
        "subscores": {
            sub.instrument: None if sub.value is None else int(sub.value) for sub in result.subscores
        },
        "items": {item.id: item.band.id for item in result.items if item.band},
        "missing": list(result.missing),
        "alerts": [alert.id for alert in result.alerts],
        "reason": result.reason,
    }


# Change --------------------------------------------------------------------------------------------------


def _change(name: str, compared: tuple[float, float], *, as_json: bool) -> None:
    from openomt.medicine import instruments

    try:
        result = instruments.change(name, *compared)
    except instruments.ScoreError as error:
        refuse("score", str(error))
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(result), ensure_ascii=False, indent=2))
        return
    for line in _change_lines(result):
        typer.echo(line)


def _change_lines(result: Change) -> Iterator[str]:
    percent = "no percent of 0" if result.percent is None else f"{result.percent:+.1f} percent"
    yield (
        f"{result.instrument} {result.before:g} to {result.after:g}: {result.points:+.4g} points, {percent}, "
        f"{result.direction or 'no direction'}"
    )
    yield f"  {result.state.value}: {result.reason} [{', '.join(result.sources)}; {result.confidence}]"
    for rule in result.rules:
        if not rule.decides and rule.met is not None:
            yield f"  also {'met' if rule.met else 'not met'}: {rule.means} [{rule.confidence}]"
    if result.band_before and result.band_after and result.band_before != result.band_after:
        yield f"  from {result.band_before.en} to {result.band_after.en}"
    yield from (f"  {line}" for line in result.crossed)
    yield "  It cannot show what caused the change."


# What there is -------------------------------------------------------------------------------------------


def _catalog(*, as_json: bool) -> None:
    from openomt.knowledge import load
    from openomt.knowledge.instruments import BarredInstrument
    from openomt.medicine import instruments

    shipped, barred = instruments.instruments(), load().all(BarredInstrument)
    if as_json:
        rows = [record.model_dump(mode="json") for record in (*shipped, *barred)]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for record in shipped:
        typer.echo(f"{record.id:<15} {record.title} ({record.use}, {len(record.items)} items)")
        typer.echo(f"{'':<15} {record.license.statement} [{record.license.confidence.value}]")
        if record.text.state:
            typer.echo(f"{'':<15} text: {record.text.state}")
        if record.text.es_state == "missing":
            typer.echo(f"{'':<15} no Spanish yet: the published form must be entered")
    typer.echo("Not shipped")
    for one in barred:
        typer.echo(f"{one.id:<15} {one.title} ({one.verdict}): {one.reason} [{one.confidence.value}]")


def _items(name: str, language: str, *, as_json: bool) -> None:
    from openomt.medicine import instruments

    try:
        shown = instruments.form(name, language)
        record = instruments.instrument(name)
    except ValueError as error:
        refuse("score", str(error))
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(shown), ensure_ascii=False, indent=2))
        return
    typer.echo(f"{shown.title}{', ' + shown.recall if shown.recall else ''}")
    stem = ""
    for item, known in zip(shown.items, record.items, strict=True):
        if item.stem and item.stem != stem:
            stem = item.stem
            typer.echo(stem)
        typer.echo(f"  {item.id:<4} {item.text}")
        if item.choices:
            typer.echo("       " + "; ".join(f"{choice.value} {choice.label}" for choice in item.choices))
            continue
        ends = f" ({item.low} {item.low_label}; {item.high} {item.high_label})" if item.low_label else ""
        typer.echo(f"       {instruments.allowed(record, known)}{ends}")
    for line in (shown.attribution, *shown.notices):
        if line:
            typer.echo(line)
