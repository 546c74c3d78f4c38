"""`openomt screen`: answers and the patient's own words to red flags, and what to do first."""

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

if TYPE_CHECKING:
    from openomt.medicine.safety.screen_values import Answer, Evidence, Notice, RaisedFlag, Screening
    from openomt.medicine.safety.values import PatientFacts

COMMAND = "screen"
WIDTH = 100
URGENCY_WORDS = {
    "E": "emergency now",
    "U": "a doctor the same day",
    "S": "a work-up before any treatment by hand",
    "": "no red flag in what was told",
}


class Language(StrEnum):
    """Language of the words to the patient."""

    ENGLISH = "en"
    SPANISH = "es"


@app.command(COMMAND)
def screen_patient(  # noqa: PLR0913  (one argument for each option)
    *,
    answers: Annotated[
        Path | None, typer.Option(help='JSON {"question": "yes" | "no" | "not sure"}.', allow_dash=True)
    ] = None,
    text: Annotated[str, typer.Option(help="The patient's own words, English or Spanish.")] = "",
    age: Annotated[int | None, typer.Option(min=0, help="Age in years.")] = None,
    months: Annotated[int | None, typer.Option(min=0, help="Age in months, for children.")] = None,
    sex: Annotated[str, typer.Option(help="F, M or other.")] = "",
    weeks: Annotated[int | None, typer.Option(min=0, help="Completed weeks of pregnancy.")] = None,
    facts: Annotated[
        str, typer.Option(help="Codes of known facts, by commas: osteoporosis,anticoagulant.")
    ] = "",
    language: Annotated[Language, typer.Option(help="Of the words to the patient.")] = Language.ENGLISH,
    jsonl: Annotated[
        Path | None,
        typer.Option(
            help='Lines of {"id", "patient", "answers", "text"}; - reads standard input.', allow_dash=True
        ),
    ] = None,
    questions: Annotated[
        bool, typer.Option("--questions", help="The questions this person is asked.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The whole result as JSON.")] = False,
) -> None:
    """Find red flags in answers and words: what to do first, what raised each, and who must act by when.

    It errs to a person, and says only what it saw: no result means that all is well.
    """
    from openomt.medicine.safety.screen import screen

    if jsonl is not None:
        _screen_lines(jsonl, language)
        return
    given = {"age_years": age, "age_months": months, "sex": sex, "weeks": weeks, "facts": _codes(facts)}
    patient = _patient({name: value for name, value in given.items() if value not in (None, "", [])})
    told = _answers(answers)
    if questions:
        _print_questions(patient, told, language, as_json=as_json)
        return
    if answers is None and not text and not given["facts"]:
        refuse(COMMAND, "give --answers FILE, --text WORDS or --jsonl FILE; --questions lists the questions")
    result = screen(told, checked(text, COMMAND), patient, language.value)
    if as_json:
        typer.echo(json.dumps(to_data(result), ensure_ascii=False, indent=2))
        return
    _print(result)


def to_data(result: Screening) -> dict[str, Any]:
    """A screening as plain values; sets sorted."""
    data = dataclasses.asdict(result)
    data["absent"] = sorted(result.absent)
    return data


def _codes(facts: str) -> list[str]:
    return [code.strip() for code in facts.split(",") if code.strip()]


def _patient(data: dict[str, Any]) -> PatientFacts:
    from openomt.medicine.safety.from_json import patient_from_json

    try:
        return patient_from_json(data)
    except ValueError as error:
        refuse(COMMAND, str(error))


def _answers(file: Path | None) -> dict[str, Answer]:
    from openomt.medicine.safety.screen_json import answers_from_json
    from openomt.medicine.safety.screen_tables import screen_tables

    if file is None:
        return {}
    try:
        return answers_from_json(json.loads(text_of(file, COMMAND)), screen_tables().questions)
    except json.JSONDecodeError as error:
        refuse(COMMAND, f"{named(file)}:{error.lineno}:{error.colno}: not JSON: {error.msg}")
    except ValueError as error:
        refuse(COMMAND, f"{named(file)}: {error}")


def _screen_lines(file: Path, language: Language) -> None:
    from openomt.medicine.safety.from_json import patient_from_json
    from openomt.medicine.safety.screen import screen
    from openomt.medicine.safety.screen_json import answers_from_json
    from openomt.medicine.safety.screen_tables import screen_tables

    known = screen_tables().questions
    for number, line in enumerate(text_of(file, COMMAND).splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError("a line must be an object")
            patient = patient_from_json(row.get("patient") or {})
            words = row.get("text") or (row.get("patient") or {}).get("text") or ""
            if not isinstance(words, str):
                raise ValueError(f"text: not text: {words!r}")
            result = screen(answers_from_json(row.get("answers"), known), words, patient, language.value)
        except (ValueError, RecursionError) as error:
            refuse(COMMAND, f"{named(file)}:{number}: {error}")
        typer.echo(json.dumps({"id": row.get("id")} | _short(result), ensure_ascii=False))


def _short(result: Screening) -> dict[str, Any]:
    return {
        "urgency": result.urgency,
        "flags": [_short_flag(flag) for flag in result.flags],
        "unsure": [_short_flag(flag) for flag in result.unsure],
        "notices": [notice.code for notice in result.notices],
        "tell": list(result.tell),
        "tasks": [dataclasses.asdict(task) for task in result.tasks],
        "unanswered": [question.code for question in result.unanswered],
        "not_sure": [question.code for question in result.not_sure],
        "facts": [str(known.fact) for known in result.facts],
        "absent": sorted(result.absent),
    }


def _short_flag(flag: RaisedFlag) -> dict[str, Any]:
    return {
        "code": flag.code,
        "number": flag.number,
        "urgency": flag.urgency,
        "stops": flag.stops,
        "because": [dataclasses.asdict(one) for one in flag.because],
        "action": flag.action,
        "sources": list(flag.sources),
        "confidence": flag.confidence,
    }


def _print_questions(
    patient: PatientFacts, told: dict[str, Answer], language: Language, *, as_json: bool
) -> None:
    from openomt.medicine.safety.screen_questions import questions_for

    asked = questions_for(patient, language.value, answers=told)
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(one) for one in asked], ensure_ascii=False, indent=2))
        return
    group = ""
    for one in asked:
        if one.group != group:
            group = one.group
            typer.secho(group.capitalize(), bold=True)
        answer = told.get(one.code)
        typer.echo(f"  {one.code:18}{one.ask}" + (f"  [{answer.value}]" if answer else ""))
    typer.echo(f"{len(asked)} questions; a yes or a not sure can open further ones.")


def _print(result: Screening) -> None:
    color = {"E": typer.colors.RED, "U": typer.colors.YELLOW, "S": typer.colors.YELLOW}.get(result.urgency)
    urgency = f"{result.urgency}: " if result.urgency else ""
    typer.secho(f"{urgency}{URGENCY_WORDS[result.urgency]}", bold=True, fg=color)
    typer.echo("Told to the patient:")
    for line in result.tell:
        _wrapped(line, "  ")
    for flag in result.flags:
        _print_flag(flag)
    for notice in result.notices:
        _print_notice(notice)
    for flag in result.unsure:
        typer.secho(
            f"  not settled  {flag.number} {flag.code}: {_because(flag.because)}", fg=typer.colors.YELLOW
        )
    if result.tasks:
        typer.echo("For the practice:")
    for task in result.tasks:
        _wrapped(f"{deadline(task.hours, working=task.working)}: {task.text}", "  ")
    if result.not_sure:
        typer.echo(f"Answered not sure: {', '.join(one.code for one in result.not_sure)}")
    if result.unanswered:
        typer.echo(f"Not answered: {len(result.unanswered)} questions (--questions lists them)")
    typer.echo(
        "It sees only words and answers it knows; a person decides. Records await a physician's review."
    )


def deadline(hours: float, *, working: bool) -> str:
    """A deadline in words."""
    if not hours:
        return "now"
    return f"within {hours:g} {'working ' if working else ''}hours"


def _print_flag(flag: RaisedFlag) -> None:
    kind = "" if flag.stops else " (orange: refer, does not stop)"
    typer.secho(f"  {flag.urgency}  {flag.number} {flag.code}{kind}", bold=True)
    _wrapped(f"{flag.sign}{f' ({flag.think_of})' if flag.think_of else ''}", "     ")
    _wrapped(f"because of {_because(flag.because)}", "     ")
    _wrapped(f"action: {flag.action} [{flag.confidence}]: {', '.join(flag.sources)}", "     ")
    if flag.doubt:
        _wrapped(f"in doubt: {flag.doubt}", "     ")


def _print_notice(notice: Notice) -> None:
    typer.secho(f"  {notice.urgency}  {notice.title}", bold=True)
    _wrapped(f"because of {_because(notice.because)}", "     ")
    _wrapped(f"{notice.note} [{notice.confidence}]: {', '.join(notice.sources)}", "     ")


def _because(because: tuple[Evidence, ...]) -> str:
    return "; ".join(dict.fromkeys(_words(one) for one in because))


def _words(one: Evidence) -> str:
    doubt = ("" if one.exact else ", misspelt") + ("" if one.sure else ", not sure")
    if one.kind.value == "text":
        return f'"{one.source}" (characters {one.start}-{one.end}{doubt})'
    return f"{one.kind.value} {one.source}{doubt}"


def _wrapped(line: str, indent: str) -> None:
    typer.echo(textwrap.fill(line, WIDTH, initial_indent=indent, subsequent_indent=indent + "  "))
