"""`openomt explain TERM`: what a word or short form means, how meanings are told apart, and who says so."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from openomt.cli import app, records
from openomt.cli.knowledge import load_or_exit, refuse

if TYPE_CHECKING:
    from openomt.knowledge import Knowledge, Record

SMALL_WORDS = frozenset({"word", "codingword"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """A record that a term names. `spelling` is how the record writes it, `same_case` if the term does."""

    record: Record
    spelling: str
    same_case: bool


@app.command()
def explain(
    term: Annotated[list[str], typer.Argument(help="A word, short form, test, technique, rule or warning.")],
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say what a term means, how colliding meanings are told apart, and where that comes from."""

    known = load_or_exit()
    wanted = " ".join(term).strip()
    found = meanings(known, wanted)
    if not found:
        refuse(f"unknown term {wanted!r}", wanted, (t for r in known.everything() for t in records.terms(r)))
    if as_json:
        rows = [
            {"spelling": m.spelling, "same_case": m.same_case, **records.as_json(m.record, known.sources)}
            for m in found
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    _print(known, wanted, found)


def meanings(known: Knowledge, term: str) -> list[Meaning]:
    """Every record that the term names, the ones written in the same case first.

    Case decides between `PT` and `pt`, so both are kept apart; spaces, hyphens and underscores are alike.
    The readers' small words (`the`, `patient`) are given only for a term that means nothing else.
    """

    plain = _plain(term)
    found: list[Meaning] = []
    for record in known.everything():
        spellings = [t for t in records.terms(record) if _plain(t) == plain]
        if spellings:
            best = next((s for s in spellings if s == term), spellings[0])
            found.append(Meaning(record, best, best == term))
    found = [meaning for meaning in found if meaning.record.kind not in SMALL_WORDS] or found
    return sorted(found, key=lambda meaning: not meaning.same_case)


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.casefold()).strip()


def _print(known: Knowledge, term: str, found: list[Meaning]) -> None:

    exact = [m for m in found if m.same_case]
    other = [m for m in found if not m.same_case]
    count = len(exact or other)
    typer.secho(f"{term}: {count} meaning{'s' if count > 1 else ''}", bold=True)
    for meaning in exact or other:
        typer.echo("")
        typer.echo("\n".join(records.lines(meaning.record, known.sources)))
    if exact and other:
        typer.echo("")
        for meaning in other:
            typer.echo(f"also written {meaning.spelling!r}: {meaning.record.kind} {meaning.record.summary()}")
