"""`openomt landmarks TEST=RESULT …`: which dysfunctions the tests fit, why, and which test would decide."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from openomt.cli import app

if TYPE_CHECKING:
    from openomt.medicine.landmarks import Candidate, Diagnosis, Reason

_SHOWN = 4  # candidates printed for one area; --all prints the rest
_TITLES = {
    "sacrum": "Sacrum",
    "pelvis": "Pelvis",
    "rib": "Ribs",
    "segment": "Vertebra",
    "OA": "OA",
    "AA": "AA",
}


@app.command()
def landmarks(
    tests: Annotated[
        list[str] | None, typer.Argument(help="TEST=RESULT, as in seated-flexion=R sulcus-deep=R spring=neg")
    ] = None,
    list_tests: Annotated[bool, typer.Option("--list", help="Every test and its results.")] = False,
    show_all: Annotated[bool, typer.Option("--all", help="Every candidate, fitting or not.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Name the dysfunctions that tests and landmarks fit, with reasons, and the test that would decide."""
    from openomt.medicine.landmarks import ObservationError, diagnose, read_tests

    if list_tests:
        _print_catalog(as_json)
        return
    try:
        found = diagnose(read_tests(tests or ()))
    except ObservationError as error:
        _refuse(str(error))
    if not found:
        _refuse("give at least one test, as in seated-flexion=R; --list shows them all")
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
        return
    for one in found:
        _print_diagnosis(one, show_all)
    _print_legend(found)


def _title(family: str) -> str:
    return _TITLES.get(family, family)


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)


def _print_catalog(as_json: bool) -> None:
    from openomt.medicine.landmarks import catalog

    rows = catalog()
    if as_json:
        keys = ("family", "title", "key", "results")
        typer.echo(
            json.dumps([dict(zip(keys, row, strict=True)) for row in rows], ensure_ascii=False, indent=2)
        )
        return
    family = ""
    for row_family, title, key, results in rows:
        if row_family != family:
            family = row_family
            typer.secho(_title(family), bold=True)
        typer.echo(f"  {key + '=':28}{' | '.join(results):44}{title}")
    typer.echo("Place of the tests that follow: segment=T5, segment=T4-T7, ribs=4-6")


def _print_diagnosis(one: Diagnosis, show_all: bool) -> None:
    place = f", {one.place.name}" if one.place else ""
    typer.secho(f"{_title(one.family)}{place}", bold=True)
    for conflict in one.conflicts:
        typer.secho(f"  ! {conflict}", fg=typer.colors.YELLOW)
    shown = [c for c in one.candidates if show_all or c.fits]
    for candidate in shown if show_all else shown[:_SHOWN]:
        _print_candidate(candidate, is_open=candidate.name in one.open)
    if not shown:
        typer.echo("  No dysfunction in the tables fits these results.")
    if not show_all and len(shown) > _SHOWN:
        typer.echo(f"  and {len(shown) - _SHOWN} more that some test fits (--all)")
    for test in one.deciding[:2]:
        typer.echo(f"  Would decide: {test.title}")
        for result, names in test.results:
            typer.echo(f"      {result}: {' or '.join(names)}")
    typer.echo("")


def _print_candidate(candidate: Candidate, *, is_open: bool) -> None:
    title = typer.style(candidate.name, bold=is_open)
    note = f" ({candidate.note})" if candidate.note else ""
    typer.echo(f"  {candidate.rank}. {title} [{candidate.confidence}]{note}")
    if candidate.finding is not None and candidate.finding.motion and candidate.finding.motion.inferred:
        parts = " and ".join(candidate.finding.motion.inferred)
        typer.echo(f"      {parts} inferred, not tested")
    for reason in candidate.fits:
        typer.secho(f"      ✓ {_because(reason)}", fg=typer.colors.GREEN)
    for reason in candidate.contradicts:
        expected = " or ".join(reason.expected)
        typer.secho(f"      ✗ {_because(reason)}; expected {expected}", fg=typer.colors.RED)
    if candidate.missing:
        typer.echo(f"      not done: {', '.join(reason.title for reason in candidate.missing)}")
    for suggestion in candidate.suggestions:
        typer.echo(f"      {suggestion}")
    typer.echo(f"      sources: {', '.join(candidate.sources)}; {candidate.review}")


def _because(reason: Reason) -> str:
    return f"{reason.title} {reason.observed}: {reason.why}"


def _print_legend(found: tuple[Diagnosis, ...]) -> None:
    """What the confidence marks mean that were printed."""
    from openomt.knowledge.marks import CONFIDENCE_WORDS

    marks = {candidate.confidence for one in found for candidate in one.candidates if candidate.fits}
    words = [f"[{mark.value}] {text}" for mark, text in CONFIDENCE_WORDS.items() if mark.value in marks]
    typer.echo("; ".join(words))
    typer.echo("A suggestion from tables, not a diagnosis: the examining physician decides.")
