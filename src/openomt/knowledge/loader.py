"""Reads every TOML file of `knowledge/data` into records, once, and names all that is wrong with them.

A file holds arrays of tables, each array named by the kind of its records. Its optional `[defaults]` table
gives `sources` and `confidence` to the records that state none of their own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from openomt.knowledge.base import Record, Source
from openomt.knowledge.kinds import KINDS

DATA = Path(__file__).parent / "data"
R = TypeVar("R", bound=Record)


class KnowledgeError(ValueError):
    """The data does not hold together. `problems`: a line for each thing wrong, naming file and record."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All records by kind, and the sources they name."""

    records: Mapping[type[Record], Mapping[str, Record]]
    sources: Mapping[str, Source]

    def all(self, kind: type[R]) -> tuple[R, ...]:
        """Every record of a kind, in the order of the files."""
        return cast("tuple[R, ...]", tuple(self.records.get(kind, {}).values()))

    def get(self, kind: type[R], record_id: str) -> R:
        """One record. Raises KeyError naming the kind and the id."""
        try:
            return cast("R", self.records[kind][record_id])
        except KeyError:
            raise KeyError(f"no {kind.kind} {record_id!r} in knowledge") from None

    def everything(self) -> Iterable[Record]:
        """Every record of every kind."""
        for by_id in self.records.values():
            yield from by_id.values()


@cache
def load() -> Knowledge:
    """All records of this installation. Raises KnowledgeError."""
    return read_files(sorted(DATA.rglob("*.toml")))


def read_files(paths: Iterable[Path]) -> Knowledge:
    """The records of these files. Raises KnowledgeError with every problem of every file."""
    problems: list[str] = []
    records: dict[type[Record], dict[str, Record]] = {kind: {} for kind in KINDS.values()}
    sources: dict[str, Source] = {}
    for path in paths:
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.append(f"{path.name}: not readable as TOML: {error}")
            continue
        _read_tables(path.name, tables, records, sources, problems)
    for by_id in records.values():
        for record in by_id.values():
            problems.extend(
                f"{record.kind} {record.id!r}: unknown source {name!r}"
                for name in record.sources
                if name not in sources
            )
    problems.extend(_missing(records))
    for kind in records:
        problems.extend(kind.cross_check(records))
    if problems:
        raise KnowledgeError(problems)
    return Knowledge(records, sources)


def _missing(records: Mapping[type[Record], Mapping[str, Record]]) -> Iterable[str]:
    """A line for each record that another one names and that is not there; nothing of kinds nobody read."""
    read = {kind.kind: by_id for kind, by_id in records.items() if by_id}
    for by_id in records.values():
        for record in by_id.values():
            for kind, name in record.points_to():
                if kind in read and name not in read[kind]:
                    yield f"{record.kind} {record.id!r}: unknown {kind} {name!r}"


def _read_tables(
    file: str,
    tables: dict[str, Any],
    records: dict[type[Record], dict[str, Record]],
    sources: dict[str, Source],
    problems: list[str],
) -> None:
    defaults = tables.pop("defaults", {})
    for kind, rows in tables.items():
        if not isinstance(rows, list):
            problems.append(f"{file}: {kind!r} must be an array of tables")
            continue
        for number, row in enumerate(rows, 1):
            where = f"{file}: {kind} {row.get('id', f'number {number}')!r}"
            if kind == Source.kind:
                _add(Source, row, sources, where, problems)
            elif kind in KINDS:
                _add(KINDS[kind], defaults | row, records[KINDS[kind]], where, problems)
            else:
                problems.append(f"{where}: no such kind of record")


def _add(
    model: type[BaseModel], row: dict[str, Any], into: dict[str, Any], where: str, problems: list[str]
) -> None:
    try:
        record = model.model_validate(row)
    except ValidationError as error:
        problems.extend(
            f"{where}: {'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in error.errors()
        )
        return
    record_id: str = record.id  # type: ignore[attr-defined]  # Source and Record both have one
    if record_id in into:
        problems.append(f"{where}: the id is taken")
        return
    into[record_id] = record
