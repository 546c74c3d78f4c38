"""Rows that nearly every request asks for by a key: their SQL is made once, not each time.

Django makes a query's SQL anew whenever it is asked. For the session, the person, their roles, the practice and the
patient that was a fifth of the work of a request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Statement:
    """convert   what a column of this database must pass through, by its place"""

    sql: str
    convert: tuple[tuple[int, Convert], ...]


class ByKey(Generic[Row]):
    """`ByKey(Patient, "uid").get(uid)`: as `Patient.objects.get(uid=uid)`, or None where there is none.

    lock   holds the rows until the transaction ends, as `select_for_update` does
    """

    def __init__(self, model: type[Row], column: str = "pk", *, lock: bool = False) -> None:
        self._model = model
        self._column = column
        self._lock = lock
        self._made: dict[str, _Statement] = {}

    def get(self, value: object) -> Row | None:
        """The row with this key."""
        return next(iter(self.all(value)), None)

    def all(self, value: object) -> list[Row]:
        """Every row with this value."""
        statement = self._statement()
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, [self._key.get_db_prep_value(value, connection)])
            found = cursor.fetchall()
        return [
            self._model.from_db(connection.alias, self._names, converted(row, statement.convert))
            for row in found
        ]

    @cached_property
    def _fields(self) -> Sequence[models.Field[Any, Any]]:
        return self._model._meta.concrete_fields

    @cached_property
    def _names(self) -> list[str]:
        return [one.attname for one in self._fields]

    @cached_property
    def _key(self) -> models.Field[Any, Any]:
        if self._column == "pk":
            return self._model._meta.pk
        return next(one for one in self._fields if self._column in (one.name, one.attname))

    def _statement(self) -> _Statement:
        made = self._made.get(connection.vendor)
        if made is None:
            made = self._made[connection.vendor] = self._make()
        return made

    def _make(self) -> _Statement:
        quote = connection.ops.quote_name
        table = self._model._meta.db_table
        columns = ", ".join(quote(str(one.column)) for one in self._fields)
        where = quote(str(self._key.column))
        sql = f"SELECT {columns} FROM {quote(table)} WHERE {where} = %s"  # noqa: S608  (no value in it)
        lock = " FOR UPDATE" if self._lock and connection.features.has_select_for_update else ""
        return _Statement(sql + lock, converters(one.get_col(table) for one in self._fields))


def converters(columns: Iterable[Any]) -> tuple[tuple[int, Convert], ...]:
    """What the values of these columns must pass through in this kind of database, by the place of the column."""
    return tuple(
        (place, _with(convert, column))
        for place, column in enumerate(columns)
        for convert in (
            *connection.ops.get_db_converters(column),
            *column.get_db_converters(connection),
        )
    )


def converted(row: Sequence[Any], convert: Iterable[tuple[int, Convert]]) -> list[Any]:
    """A row of the database as Django gives it."""
    values = list(row)
    for place, one in convert:
        values[place] = one(values[place])
    return values


def _with(convert: Callable[..., Any], column: object) -> Convert:
    return lambda value: convert(value, column, connection)
