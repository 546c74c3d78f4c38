"""`openomt triage`: a check-in after treatment to its urgency, the message to the patient and the task."""

from __future__ import annotations

import dataclasses
import json
import textwrap
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openomt.cli import app
from openomt.cli.input import checked, named, refuse, text_of
from openomt.cli.screen import Language, deadline

if TYPE_CHECKING:
    from openomt.medicine.triage import CheckIn, Context, Triage

COMMAND = "triage"
WIDTH = 100
CONTEXT_HELP = (
    "What was done and to whom, by commas: neck_treated, thrust, rib_treated, counterstrain_or_blt, "
    "anticoagulant, older, steroid, osteoporosis."
)


class ChangeWord(StrEnum):
    """How the patient is, compared with before the visit."""

    MUCH_WORSE = "much-worse"
    WORSE = "worse"
    SAME = "same"
    BETTER = "better"
    UNKNOWN = "unknown"


class PopulationWord(StrEnum):
    """Whose check-in it is."""

    ADULT = "adult"
    PREGNANT = "pregnant"
    INFANT = "infant"


@app.command(COMMAND)
def triage_checkin(  # noqa: PLR0913  (one argument for each option)
    *,
    day: Annotated[int | None, typer.Option(help="1, 3 or 7.")] = None,
    pain: Annotated[int | None, typer.Option(min=0, max=10, help="0 to 10.")] = None,
    change: Annotated[ChangeWord, typer.Option(help="Compared with before the visit.")] = ChangeWord.UNKNOWN,
    worse: Annotated[bool, typer.Option("--worse", help="Short for --change worse.")] = False,
    easing: Annotated[
        bool | None, typer.Option("--easing/--not-easing", help="Whether it is easing.")
    ] = None,
    text: Annotated[str, typer.Option(help="The patient's own words.")] = "",
    population: Annotated[PopulationWord, typer.Option(help="Whose check-in it is.")] = PopulationWord.ADULT,
    context: Annotated[str, typer.Option(help=CONTEXT_HELP)] = "",
    no_reply: Annotated[
        int | None, typer.Option(min=0, metavar="REMINDERS", help="No reply after so many reminders.")
    ] = None,
    language: Annotated[Language, typer.Option(help="Of the message to the patient.")] = Language.ENGLISH,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            help='Lines of {"id", "day", "pain", "change", "easing", "signs", "text", "population", '
            '"context", "reminders"}; - reads standard input.',
            allow_dash=True,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole result as JSON.")] = False,
) -> None:
    """Say how urgent a check-in on day 1, 3 or 7 is, what the patient is told now, and who acts by when."""
    if jsonl is not None:
        _lines(jsonl, language)
        return
    if day is None:
        refuse(COMMAND, "give --day 1, 3 or 7, or --jsonl FILE")
    row: dict[str, Any] = {
        "day": day,
        "pain": pain,
        "change": ("worse" if worse and change is ChangeWord.UNKNOWN else change.value).replace("-", " "),
        "easing": easing,
        "text": checked(text, COMMAND),
        "population": population.value,
        "context": {word.strip(): True for word in context.split(",") if word.strip()},
        "reminders": no_reply,
    }
    try:
        result = _triage(row, language)
    except ValueError as error:
        refuse(COMMAND, str(error))
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(result), ensure_ascii=False, indent=2))
        return
    _print(result)


def _lines(file: Path, language: Language) -> None:
    for number, line in enumerate(text_of(file, COMMAND).splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("a line must be an object")
            result = _triage(row, language)
        except (ValueError, RecursionError) as error:
            refuse(COMMAND, f"{named(file)}:{number}: {error}")
        typer.echo(json.dumps({"id": row.get("id")} | _short(result), ensure_ascii=False))


def _triage(row: dict[str, Any], language: Language) -> Triage:
    """The answer to one check-in. Raises ValueError naming what is not as it must be."""
    from openomt.medicine import triage as rules
    from openomt.medicine.visit_words import bad

    unknown = set(row) - {
        "id", "day", "pain", "change", "easing", "signs", "text", "population", "context", "reminders",
    }  # fmt: skip
    if unknown:
        raise ValueError(f"no such field: {', '.join(sorted(unknown))}")
    day, words = row.get("day"), row.get("text") or ""
    if not isinstance(day, int) or isinstance(day, bool):
        raise bad("day", day, "1, 3 or 7")
    if not isinstance(words, str):
        raise bad("text", words, "text")
    population = rules.Population(row.get("population") or "adult")
    context = _context(row.get("context") or {})
    if row.get("reminders") is not None:
        return rules.no_reply(day, row["reminders"], context, population, language.value)
    return rules.triage(day, _checkin(row), words, population, context, language.value)


def _checkin(row: dict[str, Any]) -> CheckIn:
    from openomt.medicine.safety.screen_json import answers_from_json
    from openomt.medicine.safety.screen_tables import screen_tables
    from openomt.medicine.triage import Change, CheckIn
    from openomt.medicine.visit_words import bad

    pain, easing = row.get("pain"), row.get("easing")
    if pain is not None and (not isinstance(pain, int) or isinstance(pain, bool)):
        raise bad("pain", pain, "a whole number from 0 to 10")
    if easing is not None and not isinstance(easing, bool):
        raise bad("easing", easing, "true or false")
    known = {**screen_tables().questions, **screen_tables().signs}
    change = Change(str(row.get("change") or "unknown").replace("_", " ").replace("-", " "))
    return CheckIn(pain, change, easing, answers_from_json(row.get("signs"), known, "signs"))


def _context(data: object) -> Context:
    from openomt.medicine.triage import Context

    if not isinstance(data, dict):
        raise ValueError("context: must be an object")
    known = {field.name for field in dataclasses.fields(Context)}
    unknown = sorted(set(data) - known)
    if unknown:
        raise ValueError(f"context: no such word: {', '.join(unknown)}; known are {', '.join(sorted(known))}")
    return Context(**data)


def _short(result: Triage) -> dict[str, Any]:
    return {
        "row": result.row,
        "urgency": result.urgency,
        "tell": list(result.tell),
        "task": dataclasses.asdict(result.task) if result.task else None,
        "escalate": result.escalate,
        "flags": [flag.code for flag in result.flags],
        "unsure": [flag.code for flag in result.unsure],
        "notices": [notice.code for notice in result.notices],
        "because": list(result.because),
        "never_auto_close": result.never_auto_close,
        "again_in_days": result.again_in_days,
        "sources": list(result.sources),
        "confidence": result.confidence,
    }


def _print(result: Triage) -> None:
    color = {"E": typer.colors.RED, "U": typer.colors.YELLOW}.get(result.urgency)
    typer.secho(f"{result.title} (row {result.row}, day {result.day})", bold=True, fg=color)
    typer.echo("Told to the patient:")
    for line in result.tell:
        _wrapped(line)
    if result.task is not None:
        typer.echo(f"For the practice, {deadline(result.task.hours, working=result.task.working)}:")
        _wrapped(result.task.text)
    if result.again_in_days:
        typer.echo(f"Ask again in {result.again_in_days} day(s).")
    typer.echo("Because:")
    for line in result.because:
        _wrapped(line)
    words = [
        f'"{one.source}" (characters {one.start}-{one.end}{"" if one.exact else ", misspelt"})'
        for one in result.evidence
        if one.kind.value == "text"
    ]
    for line in dict.fromkeys(words):
        _wrapped(line)
    if result.never_auto_close:
        typer.echo("A person must read this check-in before it is closed.")
    if result.doubt:
        _wrapped(f"in doubt: {result.doubt}")
    typer.echo(f"[{result.confidence}] {', '.join(result.sources)}; {result.review_state}")


def _wrapped(line: str) -> None:
    typer.echo(textwrap.fill(line, WIDTH, initial_indent="  ", subsequent_indent="    "))
