"""`openomt suggest FINDINGS`: techniques for each finding, ranked, with reasons, evidence and rules."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from openomt.cli import app
from openomt.cli.input import checked, refuse

if TYPE_CHECKING:
    from openomt.medicine.notation import Reading
    from openomt.medicine.safety.values import FiredRule, PatientFacts, Sex
    from openomt.medicine.techniques import Evidence, Option, Reason, Suggestions, Target

_FULL = 4  # options of a finding that are offered and shown with every reason; --all shows all so
_ROWS = 2  # rows of evidence shown whole; --all shows all so
_MANY = 3  # so many rows of evidence behind one option are told as one
_ASKED = 6  # open questions shown; --all shows all
_YEAR = 12


@app.command()
def suggest(  # noqa: PLR0913, PLR0917  (one argument for each option)
    findings: Annotated[str, typer.Argument(help='Shorthand: "T5 FRSr, PL3 tender; OA FSrRl".')] = "",
    complaint: Annotated[str, typer.Option(help="The complaint in words, or an ICD-10-CM code.")] = "",
    age: Annotated[int | None, typer.Option(min=0, help="In years.")] = None,
    months: Annotated[int | None, typer.Option(min=0, help="Age in months, for a small child.")] = None,
    sex: Annotated[str, typer.Option(help="F, M or other.")] = "",
    weeks: Annotated[int | None, typer.Option(min=0, max=45, help="Weeks of pregnancy.")] = None,
    facts: Annotated[str, typer.Option(help="True of the patient: osteoporosis,surgery_recent@lumbar.")] = "",
    absent: Annotated[str, typer.Option(help="Asked for and not true: anticoagulant,rf_ces.")] = "",
    refuse_once: Annotated[str, typer.Option("--refuse", help="Not wanted today: HVLA,cranial.")] = "",
    refuse_always: Annotated[str, typer.Option("--never", help="Never wanted: HVLA.")] = "",
    prefer: Annotated[str, typer.Option(help="What the patient likes: MFR.")] = "",
    gentle: Annotated[bool, typer.Option("--gentle", help="The patient asks for gentle work.")] = False,
    cannot: Annotated[str, typer.Option(help="Positions not possible: prone,supine.")] = "",
    usual: Annotated[str, typer.Option(help="What you use most: ME,BLT or ME=12,BLT=5.")] = "",
    group: Annotated[str, typer.Option(help="Groups no fact tells: athlete,hospital,frail.")] = "",
    everything: Annotated[bool, typer.Option("--all", help="Every reason and question.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, for programs.")] = False,
) -> None:
    """Rank techniques for what was found: what fits, what the evidence says, and what is unsafe, with why."""
    from openomt.medicine.notation import read
    from openomt.medicine.techniques import Preferences, Refusal, Scope, worded
    from openomt.medicine.techniques import suggest as suggestions_for

    if not findings.strip() and not complaint.strip():
        refuse("suggest", 'give findings ("L4 FRSr"), or --complaint, or both')
    reading = read(checked(findings, "suggest"))
    preferences = Preferences(
        refused=(
            *(Refusal(word, Scope.ONCE) for word in _list(refuse_once)),
            *(Refusal(word, Scope.ALWAYS) for word in _list(refuse_always)),
        ),
        preferred=_list(prefer),
        gentle=gentle,
        positions_not_possible=_positions(cannot),
        groups=_list(group),
    )
    try:
        patient = replace(_patient(facts, absent), age_months=_age(age, months), sex=_sex(sex), weeks=weeks)
        found = suggestions_for(
            patient, worded(reading), checked(complaint, "suggest"), preferences, _usual(usual)
        )
    except ValueError as error:
        refuse("suggest", str(error))
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(found), ensure_ascii=False, indent=2, default=str))
        return
    for line in report(found, reading, everything=everything):
        typer.echo(line)


# What is given -----------------------------------------------------------------------------------


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in checked(text, "suggest").split(",") if part.strip())


def _sex(text: str) -> Sex | None:
    from openomt.medicine.safety.values import Sex

    if not text.strip():
        return None
    known = {one.value: one for one in Sex} | {"f": Sex.FEMALE, "m": Sex.MALE, "o": Sex.OTHER, "x": Sex.OTHER}
    if text.strip().casefold() not in known:
        raise ValueError(f"--sex {text!r}: give F, M or other")
    return known[text.strip().casefold()]


def _age(years: int | None, months: int | None) -> int | None:
    if years is not None and months is not None:
        raise ValueError("--age and --months exclude each other")
    return months if years is None else years * _YEAR


def _patient(facts: str, absent: str) -> PatientFacts:
    from openomt.medicine.safety.plan import fact_named, stated
    from openomt.medicine.safety.values import PatientFacts

    return PatientFacts(
        present=tuple(stated(fact_named(one), one) for one in _list(facts)),
        absent=frozenset(str(fact_named(one)) for one in _list(absent)),
    )


def _positions(text: str) -> frozenset[str]:
    from typing import get_args

    from openomt.knowledge.safety import Position

    given = frozenset(one.casefold() for one in _list(text))
    strange = sorted(given - set(get_args(Position)))
    if strange:
        refuse("suggest", f"--cannot {strange[0]}: positions are {', '.join(get_args(Position))}")
    return given


def _usual(text: str) -> dict[str, int]:
    """`ME=12,BLT=5`; without numbers the first named counts most."""
    given = _list(text)
    counted: dict[str, int] = {}
    for place, one in enumerate(given):
        name, equals, number = one.partition("=")
        if equals and not number.strip().isdigit():
            raise ValueError(f"--usual {one!r}: a count is a whole number, as in ME=12")
        counted[name.strip()] = int(number) if equals else len(given) - place
    return counted


# What is shown -----------------------------------------------------------------------------------


def report(found: Suggestions, reading: Reading, *, everything: bool = False) -> Iterator[str]:
    """The whole advice for people: evidence first, then each finding, then what is not known."""
    from openomt.cli.reading import unsettled_lines, wrapped

    yield from _evidence(found, everything)
    for target in found.targets:
        yield from _target(target, everything)
    yield from _skipped(found)
    yield from _groups(found)
    yield from _unknown(found, everything)
    unsettled = list(unsettled_lines(reading))
    if unsettled:
        yield typer.style("To settle in the findings", bold=True)
        yield from unsettled
    yield from wrapped(_legend(found))
    yield "A suggestion from tables, not an order: the physician decides."


def _evidence(found: Suggestions, everything: bool) -> Iterator[str]:
    from openomt.cli.reading import wrapped

    if found.unheard:
        yield from wrapped(f"Complaint not recognized: {found.unheard}. No evidence is weighed.")
    for at, one in enumerate(found.evidence):
        if at == 0:
            yield typer.style("Evidence for the complaint", bold=True)
        yield from _one_evidence(one, everything or at < _ROWS)
    if found.evidence and found.targets:
        yield ""


def _one_evidence(one: Evidence, full: bool) -> Iterator[str]:
    from openomt.cli.reading import wrapped

    head = f"{one.match.number}. {one.match.title}: {one.label} [{one.confidence}]"
    notes = [f"if it fits: {missing} is not said" for missing in one.match.missing]
    notes += [] if one.match.sure else ["may be meant"]
    notes += ["studied in other people, not weighed"] if one.match.studied is False else []
    yield from wrapped(head + (f" ({'; '.join(notes)})" if notes else ""), "  ", "     ")
    yield from wrapped("; ".join(direction.text for direction in one.directions), "     ", "     ")
    if not full:
        return
    yield from wrapped(one.effect, "     ", "     ")
    if one.helps is False:
        yield from wrapped("Not helpful here, by these studies.", "     ", "     ")
    if one.course:
        yield from wrapped(f"Course in trials: {one.course}", "     ", "     ")
    for label, text in (("Caution", one.caution), ("Doubt", one.doubt)):
        if text:
            yield from wrapped(f"{label}: {text}", "     ", "     ")
    for part in one.unconfirmed:
        yield from wrapped(f"Not re-read: {part}", "     ", "     ")
    yield from wrapped(f"Sources: {', '.join(one.sources)}; {one.review_state}", "     ", "     ")


def _target(target: Target, everything: bool) -> Iterator[str]:
    from openomt.cli.reading import said, wrapped

    kinds = f" ({', '.join(target.kinds)})" if target.kinds else ""
    yield from wrapped(typer.style(f"{said(target.finding)}{kinds}", bold=True))
    shown = 0
    for option in target.options:
        offered = option.standing.order == 0
        full = everything or not offered or shown < _FULL
        shown += offered
        yield from _option(option, full, everything)
    yield ""


def _option(option: Option, full: bool, everything: bool) -> Iterator[str]:
    from openomt.cli.reading import wrapped

    offered = option.standing.order == 0
    standing = "" if offered else f": {option.standing.value.upper()}"
    first = f"  {option.rank}. {option.technique}  {option.title} ({option.score:g}){standing}"
    yield typer.style(first, bold=full and offered, fg=None if offered else typer.colors.RED)
    if not full:
        return
    for rule in option.fired:
        yield from wrapped(_rule(rule), "     ! ", "       ")
    reasons = option.reasons if everything else tuple(_merged(option.reasons))
    for reason in reasons:
        if reason.kind.value == "safety":  # its rule stands above
            continue
        if offered or everything or reason.kind.value in ("patient", "position") or reason.weight < 0:
            yield from wrapped(_reason(reason), f"     {_sign(reason)} ", "       ")
    if offered:
        yield from wrapped(f"positions: {', '.join(option.positions)}", "       ", "       ")


def _merged(reasons: tuple[Reason, ...]) -> Iterator[Reason]:
    """The rows of evidence as one reason: each stands above in full."""
    rows = [reason for reason in reasons if reason.kind.value == "evidence"]
    for reason in reasons:
        if reason not in rows or len(rows) < _MANY:
            yield reason
        elif reason is rows[0]:
            marks = ", ".join(dict.fromkeys(row.confidence for row in rows))
            weight = round(sum(row.weight for row in rows), 1)
            text = f"{len(rows)} rows of the evidence above"
            yield replace(reason, text=text, weight=weight, confidence=marks)


def _sign(reason: Reason) -> str:
    return "+" if reason.weight > 0 else "-" if reason.weight < 0 else "·"


def _reason(reason: Reason) -> str:
    return f"{reason.text} [{reason.confidence}] {reason.weight:+g}"


def _rule(rule: FiredRule) -> str:
    facts = ", ".join(str(known.fact) for known in rule.facts)
    contested = ", contested" if rule.contested else ""
    return (
        f"{rule.rule} {rule.level} [{rule.confidence}{contested}] ({facts}): {rule.why}. "
        f"Instead: {rule.instead}. {', '.join(rule.sources)}"
    )


def _skipped(found: Suggestions) -> Iterator[str]:
    from openomt.cli.reading import said, wrapped

    for one in found.skipped:
        yield from wrapped(f"No technique for {said(one.finding)}: {one.why}", "", "  ")


def _groups(found: Suggestions) -> Iterator[str]:
    from openomt.cli.reading import wrapped

    if found.groups:
        yield typer.style("Adapt", bold=True)
    for group in found.groups:
        yield from wrapped(
            f"{group.title} ({group.because}): {group.adapt} [{group.confidence}]", "  ", "    "
        )


def _unknown(found: Suggestions, everything: bool) -> Iterator[str]:
    from openomt.cli.reading import wrapped

    if not found.unknown:
        return
    yield typer.style("Not asked, and could change what is safe", bold=True)
    shown = found.unknown if everything else found.unknown[:_ASKED]
    for one in shown:
        yield from wrapped(f"{one.ask} ({one.code}{': ' + one.worst if one.worst else ''})", "  ", "    ")
    left = len(found.unknown) - len(shown)
    if left:
        yield f"  and {left} more (--all)"


def _legend(found: Suggestions) -> str:
    """What the marks mean that were printed."""
    from openomt.knowledge.marks import CONFIDENCE_WORDS

    marks = {one.confidence for one in found.evidence} | {one.confidence for one in found.groups}
    for target in found.targets:
        for option in target.options:
            marks |= {reason.confidence for reason in option.reasons}
            marks |= {rule.confidence for rule in option.fired}
    words = [f"[{mark.value}] {text}" for mark, text in CONFIDENCE_WORDS.items() if mark.value in marks]
    return "; ".join([*words, "weights in brackets order the list and measure nothing"])
