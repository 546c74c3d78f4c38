"""`openomt tour`: two visits from shorthand to note, codes and the patient's summary, on bundled input."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import typer

from openomt.cli import app
from openomt.cli.reading import WIDTH, account, oddities, wrapped

if TYPE_CHECKING:
    from openomt.medicine.coding import Basis, ChecklistRow, Code, CodingResult
    from openomt.medicine.landmarks import Candidate, Diagnosis
    from openomt.medicine.narrative import Question
    from openomt.medicine.notation import Reading
    from openomt.medicine.visit import Visit

_CANDIDATES = 2  # of each area, best first


@dataclass(frozen=True, slots=True)
class Example:
    """A bundled visit: its shorthand, what else was entered, its tests as `openomt landmarks` takes them."""

    title: str
    text: str
    entered: Visit
    landmarks: tuple[str, ...]


@app.command()
def tour() -> None:
    """Take two visits the whole way: read, check, write the note, code it, audit it, tell the patient."""
    first, followup = _example("first"), _example("followup")
    for line in (*_opening(), *_whole(first), *_brief(followup), *_closing()):
        typer.echo(line)


def _example(name: str) -> Example:
    from openomt.medicine.visit_json import from_json

    folder = files("openomt.cli") / "tour_data"
    data = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return Example(
        title=data["title"],
        text=(folder / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n"),
        entered=from_json(data["visit"]),
        landmarks=tuple(data.get("landmarks", ())),
    )


def _opening() -> Iterator[str]:
    yield from wrapped(
        "Two visits from shorthand to note, codes and summary. The patient is nobody: both were written for "
        "this tour. Everything runs on this computer and nothing is stored. Suggestions warn, they never "
        "block: the examining physician decides."
    )


def _closing() -> Iterator[str]:
    yield ""
    yield from wrapped(
        'Try your own: openomt read "T5 FRSr, ribs 3-5 inh L; HVLA, ME; improved". '
        "No rule has been reviewed by a licensed osteopathic physician unless it says so."
    )


def _whole(example: Example) -> Iterator[str]:
    """Every step of one visit."""
    from openomt.medicine.charting import visit_of
    from openomt.medicine.coding import code
    from openomt.medicine.landmarks import diagnose, read_tests
    from openomt.medicine.narrative import note, patient_summary, to_text
    from openomt.medicine.notation import read

    reading = read(example.text)
    visit = visit_of(reading, example.entered)
    result = code(visit)
    told = note(visit)
    yield from _visit_heading(example.title)
    yield from _in_short(reading, result)
    yield from _read_steps(reading)
    yield from _heading("What the landmarks and tests fit")
    for one in diagnose(read_tests(example.landmarks)):
        yield from _diagnosis(one)
    yield from _heading("The note")
    yield from to_text(told).splitlines()
    yield from _questions(told.to_confirm)
    yield from _heading("The codes, and why (in words: CPT numbers need the practice's license)")
    yield from _codes(result)
    yield from _heading("What an auditor would miss")
    yield from _audit(result)
    yield from _heading("What the patient takes home")
    yield from to_text(patient_summary(visit, "en")).splitlines()


def _brief(example: Example) -> Iterator[str]:
    """A visit as far as its codes."""
    from openomt.medicine.charting import visit_of
    from openomt.medicine.coding import code
    from openomt.medicine.notation import read

    reading = read(example.text)
    result = code(visit_of(reading, example.entered))
    yield from _visit_heading(example.title)
    yield from _in_short(reading, result)
    yield from _read_steps(reading)
    yield from _heading("The codes, and why")
    yield from _codes(result)
    yield f"  An auditor would miss {len(_missing(result))} of {len(result.checklist)} things."


def _visit_heading(title: str) -> Iterator[str]:
    yield ""
    yield typer.style(f"{title.upper()} ".ljust(WIDTH, "="), bold=True)


def _in_short(reading: Reading, result: CodingResult) -> Iterator[str]:
    from openomt.medicine.typicality import judge

    odd = sum(oddity.grade.value != "info" for oddity in judge(reading.values))
    counts = (
        (len(reading.findings), "findings"),
        (len(reading.treatments), "treatments"),
        (len(reading.responses), "responses read"),
        (len(reading.questions), "to confirm"),
        (len(reading.unread), "not read"),
        (odd, "odd"),
    )
    treatment = result.treatment.code.words if result.treatment.code else "nothing to bill"
    evaluation = result.evaluation.code.words if result.evaluation.code else "no evaluation"
    told = ", ".join(f"{count} {what}" for count, what in counts)
    audit = f"an auditor would miss {len(_missing(result))} of {len(result.checklist)}"
    yield from wrapped(f"{told}. {treatment}; {evaluation}; {audit}.")


def _heading(title: str) -> Iterator[str]:
    yield ""
    yield typer.style(f"-- {title} ".ljust(WIDTH, "-"), bold=True)


def _read_steps(reading: Reading) -> Iterator[str]:
    yield from _heading("What was written, and what was read")
    yield from account(reading)
    yield from _heading("What is odd")
    yield from list(oddities(reading)) or ["  Nothing."]


# Landmarks ------------------------------------------------------------------------------------------


def _diagnosis(one: Diagnosis) -> Iterator[str]:
    for conflict in one.conflicts:
        yield from wrapped(f"conflict: {conflict}", "  ", "    ")
    for candidate in one.candidates[:_CANDIDATES]:
        yield from _candidate(candidate)
    for test in one.deciding[:1]:
        results = "; ".join(f"{result}: {' or '.join(names)}" for result, names in test.results)
        yield from wrapped(f"would decide: {test.title} ({results})", "  ", "    ")


def _candidate(candidate: Candidate) -> Iterator[str]:
    note = f" ({candidate.note})" if candidate.note else ""
    yield from wrapped(f"{candidate.rank}. {candidate.name} [{candidate.confidence}]{note}", "  ", "    ")
    fits = ", ".join(f"{reason.title} {reason.observed}" for reason in candidate.fits)
    yield from wrapped(f"fits: {fits}", "     ", "       ")
    for reason in candidate.contradicts:
        expected = " or ".join(reason.expected)
        yield from wrapped(
            f"against: {reason.title} {reason.observed}, expected {expected}: {reason.why}",
            "     ",
            "       ",
        )


# Note, codes, audit ---------------------------------------------------------------------------------


def _questions(questions: tuple[Question, ...]) -> Iterator[str]:
    if not questions:
        return
    yield ""
    yield "To confirm before signing (not part of the note):"
    for question in questions:
        yield from wrapped(question.text, "- ", "  ")


def _codes(result: CodingResult) -> Iterator[str]:
    for title, line in (("Treatment", result.treatment), ("Evaluation", result.evaluation)):
        if line.code is None:
            yield from wrapped(f"{title}: nothing to bill. {_because(line.basis)}", "  ", "    ")
            continue
        yield typer.style(f"  {title}: {line.code.words}", bold=True)
        yield from wrapped(_because(line.code.basis), "    ", "    ")
        yield from _grouped((*line.modifiers, *line.icd))
    for warning in result.warnings:
        yield from wrapped(f"{warning.severity.upper()} {warning.message}. {warning.todo}.", "  ! ", "    ")


def _grouped(codes: Iterable[Code]) -> Iterator[str]:
    """Codes under the reason they share."""
    by_reason: dict[str, list[str]] = {}
    for one in codes:
        shown = one.words if one.number is None else f"{one.number} {one.words}"
        by_reason.setdefault(one.basis.reason, []).append(shown)
    for reason, shown_codes in by_reason.items():
        yield f"    {reason}:"
        for shown in shown_codes:
            yield from wrapped(shown, "      ", "        ")


def _because(basis: Basis) -> str:
    return f"{basis.reason} [{', '.join(basis.sources)}; {basis.confidence}]"


def _audit(result: CodingResult) -> Iterator[str]:
    missing = _missing(result)
    yield f"  {len(missing)} of {len(result.checklist)}:"
    for row in missing:
        yield from wrapped(row.element, f"  {row.number:>2} ", "     ")
        for part in row.add:
            yield from wrapped(f"add {part}", "       ", "         ")


def _missing(result: CodingResult) -> list[ChecklistRow]:
    return [row for row in result.checklist if row.state.value == "missing"]
