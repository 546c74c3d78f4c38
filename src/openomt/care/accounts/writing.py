"""Rows that busy pages write: their SQL is made once, not each time, as `by_key` does for reading."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DatabaseError, connection, models, transaction

Row = TypeVar("Row", bound=models.Model)
Other = TypeVar("Other", bound=models.Model)
_Fields = Sequence[models.Field[Any, Any]]


class Insert(Generic[Row]):
    """`Insert(DraftSave)(row)`: as `row.save(force_insert=True)`, but that no signal is sent."""

    def __init__(self, model: type[Row]) -> None:
        self._model = model

    def __call__(self, row: Row) -> Row:
        """Writes the row, and gives it the key that the database made."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.values(row))
            (row.pk,) = cursor.fetchone()
        row._state.adding = False
        row._state.db = connection.alias
        return row

    def values(self, row: Row) -> list[Any]:
        """What takes the places in `sql`."""
        return _values(self._fields, row, add=True)

    @cached_property
    def _fields(self) -> _Fields:
        return [one for one in self._model._meta.concrete_fields if not one.primary_key]

    @cached_property
    def sql(self) -> str:
        """The same in both kinds of database, as names of columns are quoted alike."""
        places = ", ".join("%s" for _ in self._fields)
        return f"{self._into} VALUES ({places}) RETURNING {_key(self._model)}"

    def sql_from(self, source: str) -> str:
        """The statement that adds the row once for each row of `source`."""
        places = ", ".join(f"%s::{one.db_type(connection)}" for one in self._fields)
        return f"{self._into} SELECT {places} FROM {source} RETURNING {_key(self._model)}"  # noqa: S608  (nor here)

    @property
    def _into(self) -> str:
        columns = ", ".join(_quoted(one.column) for one in self._fields)
        return f"INSERT INTO {_quoted(self._model._meta.db_table)} ({columns})"


class Update(Generic[Row]):
    """`Update(Visit, "draft", "revision")(row)`: as `row.save(update_fields=[…])`, but that no signal is sent."""

    def __init__(self, model: type[Row], *names: str) -> None:
        self._model = model
        self._names = names

    def __call__(self, row: Row) -> None:
        """Writes these fields of the row. Raises DatabaseError where it is gone, as Django does."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.values(row))
            if cursor.rowcount != 1:
                raise DatabaseError("The row to be changed is gone.")

    def values(self, row: Row) -> list[Any]:
        """What takes the places in `sql`."""
        return [*_values(self._fields, row, add=False), row.pk]

    @cached_property
    def _fields(self) -> _Fields:
        by_name = {one.name: one for one in self._model._meta.concrete_fields}
        return [by_name[name] for name in self._names]

    @cached_property
    def sql(self) -> str:
        """The same in both kinds of database."""
        columns = ", ".join(f"{_quoted(one.column)} = %s" for one in self._fields)
        table = _quoted(self._model._meta.db_table)
        return f"UPDATE {table} SET {columns} WHERE {_key(self._model)} = %s"  # noqa: S608  (no value in it)


class UpdateAndInsert(Generic[Row, Other]):
    """Changes a row where a condition still holds, and adds the row that tells of it: both or neither.

    On PostgreSQL it is one statement. A transaction of its own would ask the server four times, and would hold the
    row all that time.

    condition   SQL that both kinds of database understand, with `%s` for its values
    """

    def __init__(self, update: Update[Row], insert: Insert[Other], condition: str) -> None:
        self._update = update
        self._insert = insert
        self._condition = condition

    def __call__(self, changed: Row, added: Other, values: Sequence[Any]) -> bool:
        """Whether the condition held and both are written. `values`: of the condition."""
        update = [*self._update.values(changed), *values]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(self._in_one, [*update, *self._insert.values(added)])
                return bool(cursor.rowcount)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(self._sql, update)
            done = bool(cursor.rowcount)
            if done:
                self._insert(added)
            return done

    @cached_property
    def _sql(self) -> str:
        return f"{self._update.sql} AND {self._condition}"

    @cached_property
    def _in_one(self) -> str:
        return f"WITH changed AS ({self._sql} RETURNING 1) {self._insert.sql_from('changed')}"


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))


def _key(model: type[models.Model]) -> str:
    return _quoted(model._meta.pk.column)


def _values(fields: _Fields, row: models.Model, *, add: bool) -> list[Any]:
    return [one.get_db_prep_save(one.pre_save(row, add), connection) for one in fields]
