"""`openomt knowledge`: lists, filters and validates the records of facts, and says what awaits review."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from openomt.cli import app, records
from openomt.knowledge.marks import AWAITING_REVIEW, CONFIDENCE_WORDS, Confidence

if TYPE_CHECKING:
    from openomt.knowledge import Knowledge, Record, Source

SOURCE = "source"

knowledge_app = typer.Typer(help="List, filter, validate and show the records of facts.")
app.add_typer(knowledge_app, name="knowledge")


@knowledge_app.callback(invoke_without_command=True)
def knowledge(  # noqa: PLR0913  (one argument for each option)
    context: typer.Context,
    *,
    kind: Annotated[str, typer.Option(help="Only records of this kind: region, technique …")] = "",
    source: Annotated[str, typer.Option(help="Only records that name this source, by its id.")] = "",
    confidence: Annotated[str, typer.Option(help="Only records marked V, 1, K, ? or derived.")] = "",
    awaiting: Annotated[
        bool, typer.Option("--awaiting", help="Only what no physician has reviewed; alone: counts by kind.")
    ] = False,
    search: Annotated[str, typer.Option(help="Only records that hold this text, in any field.")] = "",
    validate: Annotated[
        bool, typer.Option("--validate", help="Check every file; exit 1 when one is wrong.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Whole records, for programs.")] = False,
) -> None:
    """List the records of facts. Without a filter: how many there are of each kind."""
    if context.invoked_subcommand is not None:
        return
    known = load_or_exit(whole=validate)
    if validate:
        typer.echo(f"{len(list(known.everything()))} records and {len(known.sources)} sources hold together.")
        return
    _check_filters(known, kind, source, confidence)
    if kind == SOURCE:
        _print_sources(known, search, as_json)
        return
    found = [
        record
        for record in known.everything()
        if kind in ("", record.kind)
        and (not source or source in record.sources)
        and confidence in ("", record.confidence.value)
        and not (awaiting and record.reviewed)
        and (not search or _holds(records.own_fields(record), search))
    ]
    if as_json:
        _print_json(known, found)
    elif kind or source or confidence or search:
        _print_list(found)
    else:
        _print_counts(found, awaiting)


@knowledge_app.command()
def show(
    record_id: Annotated[str, typer.Argument(metavar="ID", help="Id of a record or of a source.")],
    kind: Annotated[str, typer.Option(help="The kind, when several kinds share the id.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Show one record whole, with the titles of its sources."""
    known = load_or_exit()
    _check_filters(known, kind)
    found = [r for r in known.everything() if r.id == record_id and kind in ("", r.kind)]
    sources = [s for s in known.sources.values() if s.id == record_id and kind in ("", SOURCE)]
    if not found and not sources:
        refuse(f"no record {record_id!r}", record_id, [*(r.id for r in known.everything()), *known.sources])
    if as_json:
        _print_json(known, found, sources)
        return
    blocks = [records.lines(record, known.sources) for record in found]
    blocks += [records.source_lines(source) for source in sources]
    typer.echo("\n\n".join("\n".join(block) for block in blocks))


def refuse(problem: str, word: str = "", choices: Iterable[str] = ()) -> NoReturn:
    """Say what is wrong with the input, and what is nearest to it among the choices; exit 2."""
    near = nearest(word, choices)
    hint = f"; nearest: {', '.join(near)}" if near else ""
    typer.echo(f"{problem}{hint}", err=True)
    raise typer.Exit(2)


def nearest(word: str, choices: Iterable[str], limit: int = 5) -> list[str]:
    """The choices that look most like a word, best first."""
    distinct = dict.fromkeys(choices)
    best = process.extract(
        word, distinct.keys(), scorer=fuzz.ratio, processor=default_process, limit=limit, score_cutoff=60
    )
    return [choice for choice, _, _ in best]


def load_or_exit(*, whole: bool = False) -> Knowledge:
    """All records, with `whole` checked beside each other; prints every problem and exits 1 for any."""
    from openomt.knowledge import KnowledgeError, load, validated

    try:
        known = validated() if whole else load()
        list(known.everything())  # every kind is read here, where its problems are told
        return known
    except KnowledgeError as error:
        for problem in error.problems:
            typer.echo(problem, err=True)
        typer.echo(f"{len(error.problems)} problems", err=True)
        raise typer.Exit(1) from None


def _check_filters(known: Knowledge, kind: str, source: str = "", confidence: str = "") -> None:
    from openomt.knowledge.kinds import KINDS

    if kind and kind not in (*KINDS, SOURCE):
        refuse(f"no such kind: {kind!r}; kinds: {', '.join([*KINDS, SOURCE])}")
    if source and source not in known.sources:
        refuse(f"no such source: {source!r}", source, known.sources)
    if confidence and confidence not in list(Confidence):
        refuse(f"no such confidence: {confidence!r}; one of {', '.join(Confidence)}")


def _holds(dump: object, text: str) -> bool:
    wanted = text.casefold()
    return any(wanted in part.casefold() for part in records.texts(dump))


def _print_json(known: Knowledge, found: Sequence[Record], sources: Sequence[Source] = ()) -> None:
    rows = [records.as_json(record, known.sources) for record in found]
    rows += [{"kind": SOURCE, **source.model_dump(mode="json")} for source in sources]
    typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))


def _print_sources(known: Knowledge, search: str, as_json: bool) -> None:
    found = [s for s in known.sources.values() if not search or _holds(s.model_dump(mode="json"), search)]
    if as_json:
        _print_json(known, (), found)
        return
    for source in found:
        unread = "" if source.retrieved else "  (text not retrieved)"
        typer.echo(f"{source.id}  {source.title}{unread}")


def _print_list(found: Sequence[Record]) -> None:
    for record in found:
        summary = record.summary()
        text = "" if summary == record.id else f"  {summary}"
        typer.echo(f"{record.kind} {record.id}{text}  ({records.standing(record)})")
    typer.echo(f"{len(found)} records", err=True)


def _print_counts(found: Sequence[Record], awaiting: bool) -> None:
    total = Counter(record.kind for record in found)
    unread = Counter(record.kind for record in found if record.reviewed is None)
    for kind, number in total.items():
        typer.echo(f"{number:6}  {kind}" if awaiting else f"{number:6}  {kind} ({unread[kind]} await review)")
    typer.echo(f"{len(found):6}  in all; {unread.total()} are {AWAITING_REVIEW}")
    if awaiting:
        return
    marks = Counter(record.confidence for record in found)
    typer.echo("\nConfidence:")
    for mark in Confidence:
        typer.echo(f"{marks[mark]:6}  {CONFIDENCE_WORDS[mark]} [{mark.value}]")
    typer.echo("\nList them: --kind, --source, --confidence, --search. One whole: openomt knowledge show ID")
