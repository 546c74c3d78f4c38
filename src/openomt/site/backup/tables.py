"""The tables of a database as lines of JSON, and lines of JSON as tables.

    {"openomt_backup": 1, "made_at": …, "database": …, "migrations": [[app, name], …], "factor_keys": […]}
    {"table": …, "columns": […], "sequence": …}      then a line for each row, then
    {"rows": …, "sha256": …}                          of the lines of the rows
    {"end": true, "tables": …, "rows": …, "audit_events": …, "last_audit_at": …}

Values are written as the models know them, not as a database keeps them, so that both databases write the same lines.
"""

from __future__ import annotations

import base64
import datetime as dt
import decimal
import hashlib
import json
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.management.color import no_style
from django.db import connection, connections, models
from django.db.migrations.loader import MigrationLoader
from django.utils.duration import duration_iso_string

FORMAT = 1
LEFT_OUT = frozenset({"django_session", "usersessions_usersession"})
"""Sessions: a restored database lets nobody in without signing in."""
_AT_ONCE = 2000
_LARGE_AT_ONCE = 10

Model = type[models.Model]


class BackupError(Exception):
    """A backup that does not hold together, or that this program cannot restore, in words for people."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    made_at: dt.datetime
    program: str
    database: str
    migrations: tuple[tuple[str, str], ...]
    tables: dict[str, int]
    hashes: dict[str, str]
    audit_events: int
    last_audit_at: dt.datetime | None

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


@dataclass(frozen=True, slots=True)
class Head:
    """The first line. `factor_keys`: what opens the second factors in the rows; none from an older program."""

    made_at: dt.datetime
    program: str
    database: str
    migrations: tuple[tuple[str, str], ...]
    factor_keys: tuple[str, ...] = field(default=(), repr=False)


def head_of(line: str) -> Head:
    """The first line, read. Raises BackupError where it is not one this program knows."""
    data = json.loads(line)
    if not isinstance(data, dict) or "openomt_backup" not in data:
        raise BackupError("The backup does not begin as one.")
    if data["openomt_backup"] != FORMAT:
        raise BackupError(
            f"The backup has format {data['openomt_backup']}; this program reads format {FORMAT}."
        )
    return Head(
        dt.datetime.fromisoformat(data["made_at"]),
        data["program"],
        data["database"],
        tuple((app, name) for app, name in data["migrations"]),
        tuple(data.get("factor_keys", ())),
    )


# Which tables ---------------------------------------------------------------------------------------


def applied_leaves(loader: MigrationLoader, applied: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The newest of these migrations, one or more for each app.

    Raises BackupError where this program does not know one of them.
    """
    nodes = set(applied)
    missing = sorted(node for node in nodes if node not in loader.graph.nodes)
    if missing:
        names = ", ".join(f"{app}.{name}" for app, name in missing)
        raise BackupError(f"Made by a newer or another OpenOMT: this program does not know {names}.")
    return sorted(
        node
        for node in nodes
        if not any(
            child.key in nodes and child.key[0] == node[0] for child in loader.graph.node_map[node].children
        )
    )


def models_at(loader: MigrationLoader, leaves: list[tuple[str, str]]) -> list[Model]:
    """Models of every table there was after these migrations, by the name of their table."""
    apps = loader.project_state(leaves).apps
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    return [found[table] for table in sorted(found) if table not in LEFT_OUT]


def columns_of(model: Model) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]


# Out of a database ------------------------------------------------------------------------------------


def rows_of(model: Model, using: str) -> Iterator[str]:
    """A line for each row, in the order of the primary key."""
    fields = columns_of(model)
    large = any(isinstance(field, models.BinaryField) for field in fields)
    rows = model._base_manager.using(using).order_by("pk").values_list(*(field.attname for field in fields))
    for row in rows.iterator(chunk_size=_LARGE_AT_ONCE if large else _AT_ONCE):
        yield json.dumps(
            [_plain(value) for value in row], ensure_ascii=False, sort_keys=True, separators=(",", ":")
        )


def _plain(value: object) -> object:
    """A value as JSON holds it. What a JSON column holds is JSON already."""
    if value is None or isinstance(value, str | int | float | dict | list):
        return value
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return duration_iso_string(value)
    if isinstance(value, decimal.Decimal | uuid.UUID):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    raise TypeError(f"{type(value).__name__}: no way to write it into a backup")


def sequence_of(model: Model, using: str) -> int | None:
    """The last key the database gave to this table, which may be of a row that is gone."""
    key = model._meta.auto_field
    if key is None:
        return None
    database = connections[using]
    with database.cursor() as cursor:
        if database.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
            found = cursor.fetchone()
            return int(found[0]) or None if found else None
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{model._meta.db_table}"', key.column])
        name = cursor.fetchone()[0]
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value END FROM {name}")  # noqa: S608
        last = cursor.fetchone()[0]
        return None if last is None else int(last)


def digest_of(lines: Iterable[str]) -> tuple[int, str]:
    """How many lines, and their hash."""
    count, digest = 0, hashlib.sha256()
    for line in lines:
        count += 1
        digest.update(line.encode("utf-8") + b"\n")
    return count, digest.hexdigest()


# Into a database --------------------------------------------------------------------------------------


def put_rows(model: Model, columns: Sequence[str], lines: Iterator[str]) -> None:
    """Adds rows to a table. Raises BackupError where the columns are not the table's."""
    fields = {field.column: field for field in columns_of(model)}
    if set(columns) != set(fields):
        raise BackupError(f"{model._meta.db_table}: the columns of the backup are not those of the table")
    chosen = [fields[column] for column in columns]
    values = ([_prepared(f, v) for f, v in zip(chosen, json.loads(line), strict=True)] for line in lines)
    table = connection.ops.quote_name(model._meta.db_table)
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        for row in values:
            cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", row)  # noqa: S608


def _prepared(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, models.JSONField) and not (value is None and field.null):
        return field.get_db_prep_value(value, connection)
    prepared = field.get_db_prep_save(field.to_python(value), connection)
    return bytes(prepared) if isinstance(prepared, memoryview) else prepared


def set_sequence(model: Model, last: int | None) -> None:
    """Lets the database go on after the last key it gave."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
                cursor.execute(statement)
        if last is None:
            return
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [model._meta.db_table, last]
            )
            return
        key = model._meta.auto_field
        column = key.column if key else ""
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [f'"{model._meta.db_table}"', column, last]
        )
