"""`openomt code FILE`: the codes of a visit, why, and what an auditor would miss."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from openomt.cli import app

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openomt.medicine.anatomy import Region
    from openomt.medicine.coding import Basis, Code, CodingResult, EvaluationLine, TreatmentLine

CPT_NOTICE = (
    "CPT is a trademark of the American Medical Association. Code numbers are shown because this practice "
    "states that it holds a license."
)


@app.command()
def code(
    file: Annotated[
        Path | None, typer.Argument(help="A visit as JSON; - reads standard input.", allow_dash=True)
    ] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option(help='Lines of {"id", "visit"}; - reads standard input.', allow_dash=True),
    ] = None,
    cpt: Annotated[bool, typer.Option("--cpt", help="Show CPT numbers: you hold the license.")] = False,
    rules: Annotated[str | None, typer.Option(help="A rule set, in place of the payer's default.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole result as JSON.")] = False,
) -> None:
    """Code a visit: each code and warning with its reason, and the audit checklist."""
    if (file is None) == (jsonl is None):
        _refuse("give a FILE or --jsonl FILE")
    if jsonl is not None:
        _code_lines(jsonl, cpt=cpt, rules=rules)
        return
    if file is not None:
        _code_file(file, cpt=cpt, rules=rules, as_json=as_json)


def _code_file(file: Path, *, cpt: bool, rules: str | None, as_json: bool) -> None:
    from openomt.medicine.visit_json import from_json

    try:
        result = _coded(from_json(json.loads(_text(file))), cpt=cpt, rules=rules)
    except json.JSONDecodeError as error:
        _refuse(f"{_name(file)}:{error.lineno}:{error.colno}: not JSON: {error.msg}")
    except ValueError as error:
        _refuse(f"{_name(file)}: {error}")
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(result), indent=2))
    else:
        typer.echo("\n".join(account(result, cpt=cpt)))


def _coded(visit: Any, *, cpt: bool, rules: str | None) -> CodingResult:
    from openomt.medicine import coding

    return coding.code(visit, rules=rules, cpt=cpt)


# Many visits ----------------------------------------------------------------------------------------


def _code_lines(file: Path, *, cpt: bool, rules: str | None) -> None:
    """One line of codes for each line read. One that cannot be read is left out and named on stderr."""
    failed = False
    for number, line in enumerate(_text(file).split("\n"), 1):
        if not line.strip():
            continue
        try:
            typer.echo(json.dumps(_code_line(line, f"{_name(file)}:{number}", cpt=cpt, rules=rules)))
        except json.JSONDecodeError as error:
            failed = True
            typer.echo(f"{_name(file)}:{number}:{error.colno}: not JSON: {error.msg}", err=True)
        except ValueError as error:
            failed = True
            typer.echo(f"{_name(file)}:{number}: {error}", err=True)
    if failed:
        raise typer.Exit(2)


def _code_line(line: str, where: str, *, cpt: bool, rules: str | None) -> dict[str, Any]:
    from openomt.medicine.visit_json import from_json, region_spellings

    case = json.loads(line)
    if not isinstance(case, dict) or "visit" not in case:
        raise ValueError('not an object with "id" and "visit"')
    unread: list[str] = []
    result = _coded(from_json(case["visit"], unread=unread), cpt=cpt, rules=rules)
    for path in unread:
        typer.echo(f"{where}: {path}: not read, no such field", err=True)
    return {"id": case.get("id"), **case_row(result, region_spellings(case["visit"]))}


def case_row(result: CodingResult, spellings: dict[Region, str]) -> dict[str, Any]:
    """The fields of a coding case's `expect`. Regions are spelled as the case spells them."""
    treatment, evaluation = result.treatment, result.evaluation
    return {
        "regions_counted": [spellings.get(region, region.value) for region in result.regions_counted],
        "omt_cpt": treatment.code.shown if treatment.code else None,
        "omt_modifiers": [modifier.shown for modifier in treatment.modifiers],
        "icd_omt": [one.shown for one in treatment.icd],
        "em_cpt": evaluation.code.shown if evaluation.code else None,
        "em_modifiers": [modifier.shown for modifier in evaluation.modifiers],
        "icd_em": [one.shown for one in evaluation.icd],
        "warnings": list(result.warning_ids),
    }


# One visit, for people ------------------------------------------------------------------------------


def account(result: CodingResult, *, cpt: bool) -> Iterator[str]:
    """The result in lines of plain text."""
    yield f"Rules: {result.rules.title}. {result.rules.explanation}. {result.rules.basis.reason}."
    yield ""
    yield "Regions"
    for region in result.regions:
        mark = "+" if region.state.value == "counted" else "-"
        yield f"  {mark} {region.region.value.replace('_', ' ')}: {_reason(region.basis)}"
    if not result.regions:
        yield "  none charted"
    yield ""
    yield from _line("Treatment", result.treatment)
    points = ", ".join(one.shown for one in result.treatment.pointers)
    if len(result.treatment.pointers) < len(result.treatment.icd):
        yield f"  the line points to {points}; the rest stand on the claim"
    yield ""
    yield from _line("Evaluation", result.evaluation)
    for answer in result.evaluation.questions:
        said = {True: "yes", False: "no", None: "not said"}[answer.yes]
        yield f"  {answer.question} {said}"
    yield ""
    yield f"Warnings ({len(result.warnings)})"
    for warning in result.warnings:
        yield f"  {warning.severity.upper()} {warning.message}"
        yield f"    to do: {warning.todo}"
        yield f"    {warning.id}, {_sources(warning.sources, warning.confidence)}"
    for remark in result.remarks:
        yield f"  note: {_reason(remark)}"
    yield ""
    yield from _audit(result)
    if cpt:
        yield ""
        yield CPT_NOTICE


def _line(title: str, line: TreatmentLine | EvaluationLine) -> Iterator[str]:
    if line.code is None:
        yield f"{title}: nothing to bill. {_reason(line.basis)}"
        return
    yield f"{title}: {_code(line.code)}"
    yield f"  {_reason(line.code.basis)}"
    if line.basis.reason != line.code.basis.reason:
        yield f"  {_reason(line.basis)}"
    for one in (*line.modifiers, *line.icd):
        yield f"  {_code(one)}: {_reason(one.basis)}"


def _audit(result: CodingResult) -> Iterator[str]:
    missing = sum(row.state.value == "missing" for row in result.checklist)
    yield f"What an auditor would miss: {missing} of {len(result.checklist)}"
    for row in result.checklist:
        yield f"  {row.number:>2} {row.state.value:<14} {row.element}"
        for part in row.add:
            yield f"     add {part}"


def _code(one: Code) -> str:
    return one.words if one.number is None else f"{one.number} {one.words}"


def _reason(basis: Basis) -> str:
    return f"{basis.reason} [{_sources(basis.sources, basis.confidence)}]"


def _sources(sources: Iterable[str], confidence: str) -> str:
    return f"{', '.join(dict.fromkeys(sources))}; {confidence}"


def _name(file: Path) -> str:
    return "standard input" if str(file) == "-" else str(file)


def _text(file: Path) -> str:
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return raw.decode("utf-8")
    except OSError as error:
        _refuse(f"{_name(file)}: {error.strerror}")
    except UnicodeDecodeError as error:
        _refuse(f"{_name(file)}: not UTF-8 at byte {error.start}")


def _refuse(message: str) -> NoReturn:
    typer.echo(f"openomt code: {message}", err=True)
    raise typer.Exit(2)
