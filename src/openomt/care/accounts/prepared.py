"""Queries of busy pages whose SQL is made once for each shape of their values, not each time.

Django makes a query's SQL anew whenever it is asked; for Today that was half the page. `Prepared` asks Django for it
with samples in the places of the values, and afterwards only puts the values there.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DatabaseError, connection
from django.db.models import Model, QuerySet

from openomt.care.accounts.by_key import Convert, converted, converters

_MOST = 500
"""Shapes kept of one query: lists of another length are another shape."""
_SMALL = 32_767
"""The largest number every column of whole numbers takes: Django answers for larger ones without asking."""
_FAR = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)
_Key = tuple[object, ...]
_Place = tuple[int | None, Any]
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class _Statement:
    """places   for each parameter the number of its value, or None and what always stands there"""

    sql: str
    places: tuple[_Place, ...]
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
        places = [(number.get(one), one) for one in parameters]
        sql, places = _with_words(sql, places)
        return _Statement(sql, tuple(places), converters(column for column, _sql, _alias in compiler.select))


class Joined(Generic[Row]):
    """As `Prepared`, but `make` gives a query of rows; they come with the rows that `related` names, as by
    `select_related`."""

    def __init__(self, model: type[Row], related: dict[str, type[Model]], make: Callable[..., Any]) -> None:
        self._model = model
        self._related = related
        self._prepared = Prepared(lambda *values: make(*values).values_list(*self._columns()))

    def rows(self, *values: Any) -> list[Row]:
        """The rows for these values."""
        return [self._built(row) for row in self._prepared.rows(*values)]

    def _columns(self) -> Iterator[str]:
        yield from names_of(self._model)
        for field, model in self._related.items():
            yield from (f"{field}__{name}" for name in names_of(model))

    def _built(self, row: Sequence[Any]) -> Row:
        end = len(names_of(self._model))
        built = self._model.from_db(connection.alias, names_of(self._model), row[:end])
        for field, model in self._related.items():
            names = names_of(model)
            start, end = end, end + len(names)
            there = row[start] is not None
            value = model.from_db(connection.alias, names, row[start:end]) if there else None
            built._state.fields_cache[field] = value
        return built


def names_of(model: type[Model]) -> list[str]:
    """The attributes of a model's columns, in its own order: the key is the first."""
    return [one.attname for one in model._meta.concrete_fields]


@contextmanager
def plans_kept() -> Iterator[None]:
    """On PostgreSQL: what is asked inside keeps its plan whatever its values are.

    For some queries planning takes three times as long as asking, and PostgreSQL plans them anew each time, because
    it thinks that a span of time may hold much. Only for queries that are found by an index whatever is asked.
    """
    if connection.vendor != "postgresql":
        yield
        return
    _set("SET plan_cache_mode = force_generic_plan")
    try:
        yield
    finally:
        with suppress(DatabaseError):  # a transaction that failed takes the setting back by itself
            _set("RESET plan_cache_mode")


def _set(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _with_words(sql: str, places: list[_Place]) -> tuple[str, list[_Place]]:
    """Words that always stand in the query are written in it: a plan that is kept must know a rare state as one."""
    if connection.vendor != "postgresql":
        return sql, places
    written, left = [], []
    for before, (number, fixed) in zip(sql.split("%s"), places, strict=False):
        is_word = number is None and isinstance(fixed, str)
        written += [before, _literal(fixed) if is_word else "%s"]
        left += [] if is_word else [(number, fixed)]
    return "".join(written) + sql.rpartition("%s")[2] if places else sql, left


def _literal(words: str) -> str:
    return "'" + words.replace("'", "''").replace("%", "%%") + "'"


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
