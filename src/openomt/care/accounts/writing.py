"""Rows that busy pages write: their SQL is made once, not each time, as `by_key` does for reading."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DatabaseError, connection, models

Row = TypeVar("Row", bound=models.Model)
_Fields = Sequence[models.Field[Any, Any]]


class Insert(Generic[Row]):
    """`Insert(DraftSave)(row)`: as `row.save(force_insert=True)`, but that no signal is sent."""

    def __init__(self, model: type[Row]) -> None:
        self._model = model

    def __call__(self, row: Row) -> Row:
        """Writes the row, and gives it the key that the database made."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, _values(self._fields, row, add=True))
            (row.pk,) = cursor.fetchone()
        row._state.adding = False
        row._state.db = connection.alias
        return row

    @cached_property
    def _fields(self) -> _Fields:
        return [one for one in self._model._meta.concrete_fields if not one.primary_key]

    @cached_property
    def _sql(self) -> str:
        """The same in both kinds of database, as names of columns are quoted alike."""
        quote = connection.ops.quote_name
        columns = ", ".join(quote(str(one.column)) for one in self._fields)
        places = ", ".join("%s" for _ in self._fields)
        table, key = quote(self._model._meta.db_table), quote(str(self._model._meta.pk.column))
        return f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING {key}"  # noqa: S608  (no value in it)


class Update(Generic[Row]):
    """`Update(Visit, "draft", "revision")(row)`: as `row.save(update_fields=[…])`, but that no signal is sent."""

    def __init__(self, model: type[Row], *names: str) -> None:
        self._model = model
        self._names = names

    def __call__(self, row: Row) -> None:
        """Writes these fields of the row. Raises DatabaseError where it is gone, as Django does."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, [*_values(self._fields, row, add=False), row.pk])
            if cursor.rowcount != 1:
                raise DatabaseError("The row to be changed is gone.")

    @cached_property
    def _fields(self) -> _Fields:
        by_name = {one.name: one for one in self._model._meta.concrete_fields}
        return [by_name[name] for name in self._names]

    @cached_property
    def _sql(self) -> str:
        quote = connection.ops.quote_name
        columns = ", ".join(f"{quote(str(one.column))} = %s" for one in self._fields)
        table, key = quote(self._model._meta.db_table), quote(str(self._model._meta.pk.column))
        return f"UPDATE {table} SET {columns} WHERE {key} = %s"  # noqa: S608  (no value in it)


def _values(fields: _Fields, row: models.Model, *, add: bool) -> list[Any]:
    return [one.get_db_prep_save(one.pre_save(row, add), connection) for one in fields]
