"""`openomt note FILE`, `openomt note --text "…"`: the note of a visit, or the patient's summary of it."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from openomt.cli import app

if TYPE_CHECKING:
    from openomt.medicine.narrative import CodeLine, Note, Summary
    from openomt.medicine.notation import Reading
    from openomt.medicine.visit import Visit


class Language(StrEnum):
    """The languages of the patient's summary."""

    ENGLISH = "en"
    SPANISH = "es"


class Style(StrEnum):
    """How a told visit is printed."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"


@app.command()
def note(  # noqa: PLR0913  (one argument for each option)
    file: Annotated[
        Path | None, typer.Argument(help="A visit as JSON; - reads standard input.", allow_dash=True)
    ] = None,
    *,
    text: Annotated[
        str | None,
        typer.Option(help="Shorthand to read, added to FILE if one is given; - reads standard input."),
    ] = None,
    patient: Annotated[bool, typer.Option("--patient", help="The patient's summary.")] = False,
    language: Annotated[Language, typer.Option(help="Of the patient's summary.")] = Language.ENGLISH,
    markdown: Annotated[bool, typer.Option("--markdown", help="As Markdown.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Sentences with their origins.")] = False,
    codes: Annotated[bool, typer.Option("--codes", help="Add the codes, each with its reason.")] = False,
    cpt: Annotated[bool, typer.Option("--cpt", help="Show CPT numbers: you hold the license.")] = False,
) -> None:
    """Write the note of a visit. What its author must confirm goes to standard error, apart from the note."""
    from openomt.medicine.charting import visit_of
    from openomt.medicine.visit import Visit

    if language is not Language.ENGLISH and not patient:
        _refuse("--language is for the patient's summary: add --patient")
    if markdown and as_json:
        _refuse("--markdown and --json exclude each other")
    if (codes and patient) or (cpt and not codes):
        _refuse("--cpt goes with --codes, and --codes with the note, not with the patient's summary")
    if file is None and text is None:
        _refuse("give a FILE, or --text")
    if str(file) == "-" == text:
        _refuse("standard input holds the visit or the shorthand, not both")
    style = Style.JSON if as_json else Style.MARKDOWN if markdown else Style.TEXT
    visit = Visit() if file is None else _read_visit(file)
    reading = None if text is None else _read_text(text)
    if reading is not None:
        visit = visit_of(reading, visit)
    coded = coded_lines(visit, cpt=cpt) if codes else None
    told = tell(visit, patient=patient, language=language, codes=coded)
    typer.echo(printed(told, style), nl=False)
    if style is not Style.JSON:
        _print_questions(told)
    if reading is not None:
        _print_unsettled(reading)


def render_visit(
    visit: Visit,
    *,
    style: Style = Style.TEXT,
    patient: bool = False,
    language: Language = Language.ENGLISH,
    codes: tuple[CodeLine, ...] | None = None,
) -> str:
    """A visit told and printed; empty where the visit holds nothing to tell."""
    return printed(tell(visit, patient=patient, language=language, codes=codes), style)


def tell(
    visit: Visit,
    *,
    patient: bool = False,
    language: Language = Language.ENGLISH,
    codes: tuple[CodeLine, ...] | None = None,
) -> Note | Summary:
    """The note of a visit (with its codes), or the patient's summary (which holds none)."""
    from openomt.medicine import narrative

    if patient:
        return narrative.patient_summary(visit, language.value)
    return narrative.note(visit, codes=codes)


def coded_lines(visit: Visit, *, cpt: bool = False) -> tuple[CodeLine, ...]:
    """The codes that coding proposes for a visit, each once: treatment first, then evaluation."""
    from openomt.medicine.coding import code
    from openomt.medicine.narrative import CodeLine

    result = code(visit, cpt=cpt)
    proposed = [
        one
        for line in (result.treatment, result.evaluation)
        for one in ([line.code] if line.code else []) + [*line.modifiers, *line.icd]
    ]
    by_words = {(one.number, one.words): one for one in reversed(proposed)}
    return tuple(
        CodeLine(one.number or "", one.words, one.basis.reason) for one in reversed(by_words.values())
    )


def printed(told: Note | Summary, style: Style) -> str:
    """A note or summary in one of the three styles."""
    from openomt.medicine import narrative

    if style is Style.JSON:
        return json.dumps(narrative.to_data(told), indent=2) + "\n"
    return narrative.to_markdown(told) if style is Style.MARKDOWN else narrative.to_text(told)


def _print_questions(told: Note | Summary) -> None:
    from openomt.medicine.narrative import Summary, questions_text

    if not isinstance(told, Summary) and told.to_confirm:
        typer.echo("\nTo confirm before signing (not part of the note):", err=True)
        typer.echo(questions_text(told.to_confirm), err=True, nl=False)


def _read_text(text: str) -> Reading:
    from openomt.cli.input import checked, text_of
    from openomt.medicine.notation import read

    return read(text_of(Path("-"), "note") if text == "-" else checked(text, "note"))


def _print_unsettled(reading: Reading) -> None:
    """What of the shorthand does not stand in the note as structure: open questions and words not read."""
    from openomt.cli.reading import unsettled_lines

    lines = list(unsettled_lines(reading))
    if lines:
        typer.echo("\nOf the shorthand (`openomt read` shows it all):", err=True)
        for line in lines:
            typer.echo(line, err=True)


def _read_visit(file: Path) -> Visit:
    from openomt.medicine.visit_json import from_json

    name = "standard input" if str(file) == "-" else str(file)
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return from_json(json.loads(raw.decode("utf-8")))
    except json.JSONDecodeError as error:
        _refuse(f"{name}:{error.lineno}:{error.colno}: not JSON: {error.msg}")
    except RecursionError:
        _refuse(f"{name}: nested too deeply")
    except OSError as error:
        _refuse(f"{name}: {error.strerror}")
    except ValueError as error:
        _refuse(f"{name}: {error}")


def _refuse(message: str) -> NoReturn:
    typer.echo(f"openomt note: {message}", err=True)
    raise typer.Exit(2)
