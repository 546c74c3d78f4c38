"""Queries of busy pages whose SQL is made once for each shape of their values, not each time.

Django makes a query's SQL anew whenever it is asked; for Today that was half the page. `Prepared` asks Django for it
with samples in the places of the values, and afterwards only puts the values there.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from openomt.care.accounts.by_key import Convert, converted, converters

_MOST = 500
"""Shapes kept of one query: lists of another length are another shape."""
_SMALL = 32_767
"""The largest number every column of whole numbers takes: Django answers for larger ones without asking."""
_FAR = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Statement:
    """places   for each parameter the number of its value, or None and what always stands there"""

    sql: str
    places: tuple[tuple[int | None, Any], ...]
    convert: tuple[tuple[int, Convert], ...]


class Prepared:
    """`make` gets the values and gives a `values_list` of them. What it does must depend on their shape alone:
    the truth of booleans, the length of lists, the kind of all others (numbers, words, days, moments, UUIDs)."""

    def __init__(self, make: Callable[..., QuerySet[Any, Any]]) -> None:
        self._make = make
        self._made: dict[_Key, _Statement | None] = {}

    def rows(self, *values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values."""
        statement = self._statement(values)
        if statement is None:
            return []
        flat = [_adapted(one) for one in _flat(values)]
        parameters: list[Any] = [
            fixed if number is None else flat[number] for number, fixed in statement.places
        ]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, parameters)
            return [tuple(converted(row, statement.convert)) for row in cursor.fetchall()]

    def _statement(self, values: tuple[Any, ...]) -> _Statement | None:
        key = (connection.vendor, *map(_shape, values))
        if key not in self._made:
            if len(self._made) >= _MOST:
                self._made.clear()
            self._made[key] = self._compiled(values)
        return self._made[key]

    def _compiled(self, values: tuple[Any, ...]) -> _Statement | None:
        """The statement; None where no row can be meant, as with an empty list."""
        count = itertools.count()
        samples = [_sample(one, count) for one in values]
        compiler = self._make(*samples).query.get_compiler(connection.alias)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            if all(values_of != [] for values_of in values):
                raise
            return None
        number = {_adapted(one): place for place, one in enumerate(_flat(samples))}
        places = tuple((number.get(one), one) for one in parameters)
        return _Statement(sql, places, converters(column for column, _sql, _alias in compiler.select))


def _shape(value: Any) -> object:
    if isinstance(value, list):
        return len(value)
    return value if isinstance(value, bool) else type(value)


def _flat(values: Any) -> Iterator[Any]:
    for one in values:
        if isinstance(one, list):
            yield from one
        elif not isinstance(one, bool):
            yield one


def _sample(value: Any, count: Iterator[int]) -> Any:
    """Something of the same kind that no query holds by itself."""
    if isinstance(value, list):
        return [_sample(one, count) for one in value]
    if isinstance(value, bool):
        return value
    for kind, make in _SAMPLES:
        if isinstance(value, kind):
            return make(next(count))
    raise TypeError(f"{type(value).__name__}: not a kind of value a prepared query takes")


_SAMPLES: tuple[tuple[type, Callable[[int], Any]], ...] = (
    (dt.datetime, lambda number: _FAR + dt.timedelta(seconds=number)),
    (dt.date, lambda number: _FAR.date() + dt.timedelta(days=number)),
    (int, lambda number: _SMALL - number),
    (str, lambda number: f"\x01sample {number}"),
    (uuid.UUID, lambda number: uuid.UUID(int=number)),
)


def _adapted(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value
