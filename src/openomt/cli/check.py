"""`openomt check`: a plan against a patient's facts: verdict, the rules behind it, what would be safer."""

from __future__ import annotations

import dataclasses
import json
import textwrap
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from openomt.cli import app
from openomt.cli.input import checked, named, refuse, text_of

if TYPE_CHECKING:
    from openomt.medicine.anatomy import Region
    from openomt.medicine.safety.practice import Settings
    from openomt.medicine.safety.values import Alerts, FiredRule, ItemAlert, PatientFacts, PlannedItem

COMMAND = "check"
WIDTH = 100
NO_RULES = "no rules are known for it"
VERDICT_WORDS = {
    "stop": "no treatment by hand until the action below is done",
    "absolute": "a technique must not be used where it is planned; another may",
    "relative": "only with a written reason, consent to the named risk, and the change shown",
    "clear": "no rule against it among what is known",
}


@app.command(COMMAND)
def check_plan(  # noqa: PLR0913  (one argument for each option)
    plan: Annotated[
        str | None, typer.Argument(help='A plan: "HVLA cervical; ME lumbar". Empty: what holds for any plan.')
    ] = None,
    *,
    age: Annotated[int | None, typer.Option(min=0, help="Age in years.")] = None,
    months: Annotated[int | None, typer.Option(min=0, help="Age in months, for children.")] = None,
    sex: Annotated[str, typer.Option(help="F, M or other.")] = "",
    weeks: Annotated[int | None, typer.Option(min=0, help="Completed weeks of pregnancy.")] = None,
    facts: Annotated[
        str, typer.Option(help="Codes of facts, by commas: anticoagulant,surgery_recent@lumbar.")
    ] = "",
    absent: Annotated[str, typer.Option(help="Codes asked for and not so; rf_*: no red flag.")] = "",
    settings: Annotated[
        Path | None,
        typer.Option(help="The practice's own levels: a TOML file with a table named setting for each."),
    ] = None,
    chart: Annotated[
        Path | None,
        typer.Option(help="What is on record, as JSON: its facts are recognized.", allow_dash=True),
    ] = None,
    jsonl: Annotated[
        Path | None,
        typer.Option(help='Lines of {"id", "patient", "plan"}; - reads standard input.', allow_dash=True),
    ] = None,
    read_text: Annotated[
        bool, typer.Option("--read-text", help="With --jsonl: recognize facts in each patient's text too.")
    ] = False,
    today: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day to count from; default: this day.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole result as JSON.")] = False,
) -> None:
    """Check a plan: what bars, limits or qualifies each technique for this patient, why, and what is safer.

    It supports a physician and never decides: no rule has been reviewed yet unless it says so.
    """
    levels = _settings(settings)
    day = today.date() if today else date.today()
    if jsonl is not None:
        if plan is not None or chart is not None:
            refuse(COMMAND, "give a plan or --jsonl FILE, not both")
        _check_lines(jsonl, levels, day if read_text else None)
        return
    given = {
        "age_years": age,
        "age_months": months,
        "sex": checked(sex, COMMAND),
        "weeks": weeks,
        "facts": [code for code in checked(facts, COMMAND).split(",") if code.strip()],
        "absent": [code for code in checked(absent, COMMAND).split(",") if code.strip()],
    }
    alerts = _one(checked(plan or "", COMMAND), given, levels, None if chart is None else (chart, day))
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(alerts), indent=2, ensure_ascii=False))
    else:
        typer.echo("\n".join(account(alerts)))


def _one(plan: str, given: dict[str, Any], settings: Settings, chart: tuple[Path, date] | None) -> Alerts:
    from openomt.medicine.safety.check import check
    from openomt.medicine.safety.closing import joined
    from openomt.medicine.safety.from_json import patient_from_json
    from openomt.medicine.safety.plan import read_plan

    try:
        patient = patient_from_json(given)
        if chart is not None:
            patient = joined(patient, _recognized(*chart))
        return check(patient, read_plan(plan), settings)
    except ValueError as error:
        refuse(COMMAND, str(error))


def _recognized(file: Path, today: date) -> PatientFacts:
    from openomt.medicine.safety.chart_json import chart_from_json
    from openomt.medicine.safety.recognize import recognize

    try:
        return recognize(chart_from_json(json.loads(text_of(file, COMMAND))), today)
    except json.JSONDecodeError as error:
        refuse(COMMAND, f"{named(file)}:{error.lineno}:{error.colno}: not JSON: {error.msg}")
    except ValueError as error:
        refuse(COMMAND, f"{named(file)}: {error}")


def _settings(file: Path | None) -> Settings:
    import tomllib

    from openomt.medicine.safety.practice import Setting, practice

    if file is None:
        return ()
    try:
        rows = tomllib.loads(text_of(file, COMMAND)).get("setting", [])
        settings = tuple(Setting(**row) for row in rows)
        practice(settings)
    except (TypeError, ValueError) as error:
        refuse(COMMAND, f"{named(file)}: {error}")
    return settings


# Many cases -------------------------------------------------------------------------------------------


def _check_lines(file: Path, settings: Settings, today: date | None) -> None:
    """One line of answers for each line read. One that cannot be read is left out and named on stderr."""
    failed = False
    for number, line in enumerate(text_of(file, COMMAND).split("\n"), 1):
        if not line.strip():
            continue
        where = f"{named(file)}:{number}"
        try:
            typer.echo(json.dumps(_check_line(line, where, settings, today), ensure_ascii=False))
        except json.JSONDecodeError as error:
            failed = True
            typer.echo(f"{where}:{error.colno}: not JSON: {error.msg}", err=True)
        except ValueError as error:
            failed = True
            typer.echo(f"{where}: {error}", err=True)
    if failed:
        raise typer.Exit(2)


def _check_line(line: str, where: str, settings: Settings, today: date | None) -> dict[str, Any]:
    from openomt.medicine.safety.check import check
    from openomt.medicine.safety.from_json import patient_from_json, patient_with_text, plan_from_json

    case = json.loads(line)
    if not isinstance(case, dict) or "patient" not in case or "plan" not in case:
        raise ValueError('not an object with "id", "patient" and "plan"')
    unread: list[str] = []
    if today is None:
        patient = patient_from_json(case["patient"], unread=unread)
    else:
        patient = patient_with_text(case["patient"], today, unread)
    plan, spelled = plan_from_json(case["plan"], unread=unread)
    alerts = check(patient, plan, settings)
    for path in unread:
        typer.echo(f"{where}: {path}: not read, no such field", err=True)
    return {"id": case.get("id"), **case_row(alerts, spelled)}


def case_row(alerts: Alerts, spelled: dict[Region, str] | None = None) -> dict[str, Any]:
    """The answer to a case: verdict, the rules behind it, each in full, and what is not known."""
    return {
        "verdict": alerts.verdict.value,
        "because": [rule.rule for rule in alerts.fired],
        "details": list(_details(alerts, spelled or {})),
        "alternatives": [
            {
                "instead_of": alert.item.technique,
                "technique": one.technique,
                "region": _spelled(one.region, spelled or {}),
                "verdict": one.verdict.value,
                "reason": one.reason,
            }
            for alert in alerts.items
            for one in alert.alternatives
        ],
        "unknown": [dataclasses.asdict(one) for one in alerts.unknown],
    }


def _details(alerts: Alerts, spelled: dict[Region, str]) -> Iterator[dict[str, Any]]:
    if not alerts.items:
        yield from (_detail(rule, None, spelled) for rule in alerts.gates)
    for alert in alerts.items:
        yield from (_detail(rule, alert.item, spelled) for rule in alert.fired)


def _detail(rule: FiredRule, item: PlannedItem | None, spelled: dict[Region, str]) -> dict[str, Any]:
    return {
        "rule": rule.rule,
        "level": rule.level,
        "default_level": rule.default_level,
        "technique": item.technique if item else None,
        "region": _spelled(item.region, spelled) if item else None,
        "facts": [str(one.fact) for one in rule.facts],
        "origins": [
            {"fact": str(one.fact), **dataclasses.asdict(origin)}
            for one in rule.facts
            for origin in one.origins
        ],
        "why": rule.why,
        "instead": rule.instead,
        "doubt": rule.doubt,
        "setting": rule.setting,
        "sources": list(rule.sources),
        "confidence": rule.confidence,
        "contested": rule.contested,
        "review": rule.review_state,
    }


def _spelled(region: Region | None, spelled: dict[Region, str]) -> str | None:
    return None if region is None else spelled.get(region, region.value)


# One plan, for people ---------------------------------------------------------------------------------


def account(alerts: Alerts) -> Iterator[str]:
    """The alerts in lines of plain text: verdict, items with their rules, then what is not known."""
    from openomt.medicine.safety.tables import tables

    yield f"{alerts.verdict.value.upper()}: {VERDICT_WORDS[alerts.verdict.value]}"
    if not alerts.items:
        yield from _rules(alerts.gates, shown=set())
    shown: set[str] = set()
    for number, alert in enumerate(alerts.items, 1):
        yield ""
        ruled = alert.item.technique in tables().cards
        yield f"{number}. {_item(alert.item)}: {alert.verdict.value if ruled or alert.fired else NO_RULES}"
        yield from _rules(alert.fired, shown)
        yield from _safer(alert)
    yield ""
    yield from _unknown(alerts)
    yield ""
    yield "For a physician's judgment. Rules hold as their sources say; each names who has reviewed it."


def _rules(fired: Iterable[FiredRule], shown: set[str]) -> Iterator[str]:
    for rule in fired:
        facts = ", ".join(f"{one.fact} ({'; '.join(_origins(one.origins))})" for one in rule.facts)
        yield from _wrapped(f"{rule.rule} {rule.level}, with {facts}", "   ")
        if rule.rule in shown:
            yield "      as above"
            continue
        shown.add(rule.rule)
        yield from _wrapped(rule.why, "      ")
        yield from _wrapped(f"instead: {rule.instead}", "      ")
        if rule.setting:
            yield from _wrapped(f"here {rule.level}, else {rule.default_level}: {rule.setting}", "      ")
        if rule.contested or rule.doubt:
            word = "contested" if rule.contested else "in doubt"
            yield from _wrapped(f"{word}: {rule.doubt or 'sources disagree about this question'}", "      ")
        yield from _wrapped(
            f"[{', '.join(rule.sources)}; {_mark(rule.confidence)}; {rule.review_state}]", "      "
        )


def _origins(origins: Iterable[Any]) -> Iterator[str]:
    for origin in origins:
        yield "entered" if origin.kind.value == "stated" else f'"{origin.source}": {origin.reason}'


def _safer(alert: ItemAlert) -> Iterator[str]:
    for one in alert.alternatives:
        place = "" if one.region is None else f" {_words(one.region)}"
        yield from _wrapped(f"safer: {one.technique}{place}: {one.reason}", "   ")


def _unknown(alerts: Alerts) -> Iterator[str]:
    if not alerts.unknown:
        yield "Nothing that stops or bars it is left unasked."
        return
    yield f"Not known ({len(alerts.unknown)}); the answer may change the verdict"
    for one in alerts.unknown:
        level = f"{one.worst}: " if one.worst else ""
        rules = f" ({', '.join(one.rules)})" if one.rules else ""
        yield from _wrapped(f"{level}{one.ask} [{one.code}]{rules}", "   ")


def _item(item: PlannedItem) -> str:
    place = item.level.name if item.level else _words(item.region) if item.region else "(nobody said where)"
    return f"{item.technique or 'a technique nobody named'} {place}"


def _words(region: Region) -> str:
    return region.value.replace("_", " ")


def _mark(confidence: str) -> str:
    from openomt.knowledge.marks import CONFIDENCE_WORDS, Confidence

    return CONFIDENCE_WORDS[Confidence(confidence)]


def _wrapped(text: str, indent: str) -> Iterator[str]:
    yield from textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ")
