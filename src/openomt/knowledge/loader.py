"""Reads the TOML files of `knowledge/data` into records, and names all that is wrong with them.

A file holds arrays of tables, each array named by the kind of its records. Its optional `[defaults]` table
gives `sources` and `confidence` to the records that state none of their own. A program reads a kind when it
first asks for it (`load`); whether all kinds hold together is checked by `read_files`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

import tomli
from pydantic import BaseModel, ValidationError

from openomt.knowledge.base import Record, Source
from openomt.knowledge.kinds import KINDS

DATA = Path(__file__).parent / "data"
R = TypeVar("R", bound=Record)
M = TypeVar("M", bound=BaseModel)
_HEADER = re.compile(r"^\[\[(\w+)\]\]", re.MULTILINE)


class KnowledgeError(ValueError):
    """The data does not hold together. `problems`: a line for each thing wrong, naming file and record."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All records by kind, and the sources they name."""

    records: Mapping[type[Record], Mapping[str, Record]]
    library: Library

    @property
    def sources(self) -> Mapping[str, Source]:
        """The texts that facts were taken from, by id."""
        return self.library.sources

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


class Library(Mapping[type[Record], Mapping[str, Record]]):
    """The records of some files by kind; a file is parsed when a kind it holds is first asked for.

    Asking raises KnowledgeError with every problem of that kind.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        paths = list(paths)
        self._order = {path.name: place for place, path in enumerate(paths)}
        self._problems: list[str] = []
        self._texts = {path: text for path in paths if (text := self._text(path)) is not None}
        self._parsed: dict[Path, dict[str, Any]] = {}
        self._kinds: dict[type[Record], dict[str, Record]] = {}

    def _text(self, path: Path) -> str | None:
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            self._problems.append(f"{path.name}: not readable as TOML: {error}")
            return None

    @cached_property
    def _holders(self) -> Mapping[str, list[Path]]:
        """The files that hold each kind, in their order."""
        found: dict[str, list[Path]] = {}
        for path, text in self._texts.items():
            for kind in dict.fromkeys(_HEADER.findall(text)):
                found.setdefault(kind, []).append(path)
        return found

    def __getitem__(self, kind: type[Record]) -> Mapping[str, Record]:
        found = self._kinds.get(kind)
        if found is None:
            if KINDS.get(kind.kind) is not kind:
                raise KeyError(kind)
            problems = list(self._problems)
            found = self._kinds[kind] = self._read(kind, problems)
            if problems:
                raise KnowledgeError(problems)
        return found

    def __iter__(self) -> Iterator[type[Record]]:
        return iter(KINDS.values())

    def __len__(self) -> int:
        return len(KINDS)

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """The texts that facts were taken from, by id. Raises KnowledgeError."""
        problems: list[str] = []
        found = self._read(Source, problems)
        if problems:
            raise KnowledgeError(problems)
        return found

    def check(self) -> list[str]:
        """A line for everything wrong with any file or record, alone or beside the others."""
        problems = list(self._problems)
        for path in self._texts:
            problems.extend(_misplaced(path.name, self._tables(path, problems)))
        records = {kind: self._read(kind, problems) for kind in KINDS.values()}
        sources = self._read(Source, problems)
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
        return sorted(dict.fromkeys(problems), key=self._place)

    def _place(self, problem: str) -> int:
        """The place of the file a problem names; problems between records come last."""
        return self._order.get(problem.partition(":")[0], len(self._order))

    def _read(self, kind: type[M], problems: list[str]) -> dict[str, M]:
        """The records of a kind, from the files that hold it."""
        name: str = kind.kind  # type: ignore[attr-defined]  # Source and Record both have one
        found: dict[str, M] = {}
        for path in self._holders.get(name, ()):
            tables = self._tables(path, problems)
            rows = tables.get(name, ())
            defaults = {} if kind is Source else tables.get("defaults", {})
            for number, row in enumerate(rows if isinstance(rows, list) else (), 1):
                where = f"{path.name}: {name} {row.get('id', f'number {number}')!r}"
                _add(kind, defaults | row, found, where, problems)
        return found

    def _tables(self, path: Path, problems: list[str]) -> dict[str, Any]:
        parsed = self._parsed.get(path)
        if parsed is None:
            try:
                parsed = tomli.loads(self._texts[path])
            except tomli.TOMLDecodeError as error:
                problems.append(f"{path.name}: not readable as TOML: {error}")
                parsed = {}
            self._parsed[path] = parsed
        return parsed


@cache
def load() -> Knowledge:
    """All records of this installation, each kind read when it is first asked for (then KnowledgeError)."""
    library = Library(_files())
    return Knowledge(library, library)


def validated() -> Knowledge:
    """All records of this installation, read and checked beside each other. Raises KnowledgeError."""
    return read_files(_files())


def _files() -> list[Path]:
    return sorted(DATA.rglob("*.toml"))


def read_files(paths: Iterable[Path]) -> Knowledge:
    """The records of these files, all read. Raises KnowledgeError with every problem of every file."""
    library = Library(paths)
    if problems := library.check():
        raise KnowledgeError(problems)
    return Knowledge(library, library)


def _missing(records: Mapping[type[Record], Mapping[str, Record]]) -> Iterable[str]:
    """A line for each record that another one names and that is not there; nothing of kinds nobody read."""
    read = {kind.kind: by_id for kind, by_id in records.items() if by_id}
    for by_id in records.values():
        for record in by_id.values():
            for kind, name in record.points_to():
                if kind in read and name not in read[kind]:
                    yield f"{record.kind} {record.id!r}: unknown {kind} {name!r}"


def _misplaced(file: str, tables: Mapping[str, Any]) -> Iterator[str]:
    """A line for each table of a file that is no array of records of a known kind."""
    for kind, rows in tables.items():
        if kind == "defaults":
            continue
        if not isinstance(rows, list):
            yield f"{file}: {kind!r} must be an array of tables"
        elif kind != Source.kind and kind not in KINDS:
            for number, row in enumerate(rows, 1):
                yield f"{file}: {kind} {row.get('id', f'number {number}')!r}: no such kind of record"


def _add(model: type[M], row: dict[str, Any], into: dict[str, M], where: str, problems: list[str]) -> None:
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
