"""Rows of many small tables of one patient, in one query.

The chart needs a few rows of each of sixteen tables. Asked one by one, most of the page's time goes into asking.
Every column travels as text and becomes the model's own value again; the instances hold only the named fields.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from django.db import connection, models

M = TypeVar("M", bound=models.Model)
_MINE = "patient_id = %s"


@dataclass(frozen=True)
class Source:
    """Rows of one table.

    fields   those that are read beside the primary key
    where    has one place for the patient's key
    instead  what is read in the place of a field's column, by field, then by kind of database
    """

    model: type[models.Model]
    fields: tuple[str, ...]
    where: str = _MINE
    instead: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def columns(self) -> tuple[models.Field[Any, Any], ...]:
        by_name = {one.name: one for one in self.model._meta.concrete_fields}
        return (self.model._meta.pk, *(by_name[name] for name in self.fields))

    @cached_property
    def names(self) -> list[str]:
        """The attributes as `from_db` wants them, in the model's own order."""
        there = {column.attname for column in self.columns}
        return [one.attname for one in self.model._meta.concrete_fields if one.attname in there]

    @cached_property
    def readers(self) -> list[tuple[int, Callable[[str], Any]]]:
        """For each of `names`: its place in the row and how its text is read."""
        place = {column.attname: number for number, column in enumerate(self.columns)}
        by_name = {column.attname: column for column in self.columns}
        return [(place[name], _reader(by_name[name])) for name in self.names]

    def select(self, number: int, width: int) -> str:
        quote = connection.ops.quote_name
        cast = [self._text(column, quote(str(column.column))) for column in self.columns]
        cast += ["NULL"] * (width - len(cast))
        table = quote(self.model._meta.db_table)
        return f"SELECT {number}, {', '.join(cast)} FROM {table} WHERE {self.where}"  # noqa: S608  (no value in it)

    def _text(self, column: models.Field[Any, Any], name: str) -> str:
        instead = self.instead.get(column.name)
        return f"CAST({name if instead is None else instead[connection.vendor]} AS TEXT)"

    def instance(self, row: Sequence[str | None]) -> models.Model:
        values = [None if (text := row[place]) is None else read(text) for place, read in self.readers]
        return self.model.from_db(connection.alias, self.names, values)


def _reader(column: models.Field[Any, Any]) -> Callable[[str], Any]:
    kind = column.target_field if isinstance(column, models.ForeignKey) else column
    for of, reader in _READERS:
        if isinstance(kind, of):
            return reader
    return str


def _moment(text: str) -> dt.datetime:
    """SQLite keeps moments in UTC without saying so."""
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)


_READERS: tuple[tuple[type[models.Field[Any, Any]], Callable[[str], Any]], ...] = (
    (models.DateTimeField, _moment),
    (models.DateField, dt.date.fromisoformat),
    (models.BooleanField, lambda text: text in ("1", "true")),
    (models.IntegerField, int),
    (models.FloatField, float),
    (models.UUIDField, uuid.UUID),
    (models.JSONField, json.loads),
)


class Gathered:
    """What one query brought, by model, in the order of the primary key."""

    def __init__(self, found: dict[type[models.Model], list[models.Model]]) -> None:
        self._found = found

    def of(self, model: type[M]) -> list[M]:
        """The rows of one model."""
        return [row for row in self._found.get(model, ()) if isinstance(row, model)]


class Gatherer:
    """A fixed set of sources; its SQL is made once for each kind of database."""

    def __init__(self, *sources: Source) -> None:
        self._sources = sources
        self._sql: dict[str, str] = {}

    def __call__(self, patient_id: int) -> Gathered:
        """The rows of a patient."""
        found: dict[type[models.Model], list[models.Model]] = {}
        with connection.cursor() as cursor:
            cursor.execute(self._statement(), [patient_id] * len(self._sources))
            for number, *row in cursor.fetchall():
                source = self._sources[number]
                found.setdefault(source.model, []).append(source.instance(row))
        for rows in found.values():
            rows.sort(key=_key)
        return Gathered(found)

    def _statement(self) -> str:
        if connection.vendor not in self._sql:
            width = max(len(source.columns) for source in self._sources)
            selects = [source.select(number, width) for number, source in enumerate(self._sources)]
            self._sql[connection.vendor] = " UNION ALL ".join(selects)
        return self._sql[connection.vendor]


def _key(row: models.Model) -> int:
    return int(row.pk)
