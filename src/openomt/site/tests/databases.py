"""Databases of their own for tests that make, fill, back up and restore whole ones."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import load_backend

from openomt.site.settings import _database

KINDS = ["postgresql" if os.environ.get("OPENOMT_DATABASE") else "sqlite"]
"""The kind of database that the tests run on: `make test` runs them on both, one after the other."""
_AS_MIGRATED = "_as_migrated"


def shared(factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], None]) -> Path:
    """A folder that all processes of a run of tests have in common. The first that asks for it fills it."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder = base / name
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            half = factory.mktemp(name)
            fill(half)
            half.rename(folder)
    return folder


def empty_tables(factory: pytest.TempPathFactory) -> Path:
    """The folder of a SQLite database as the migrations leave it, to be copied: they take seconds."""
    return shared(factory, "empty-tables", _migrate)


def _migrate(folder: Path) -> None:
    from openomt.site import start

    with instead("", folder):
        start.migrate()


@contextlib.contextmanager
def instead(address: str, folder: Path) -> Iterator[None]:
    """Another database stands for the default one meanwhile."""
    settings = connections.configure_settings({"default": _database(address, folder)})["default"]
    old = connections["default"]
    new = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, "default")
    connections["default"] = new
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = old


@contextlib.contextmanager
def database(kind: str, folder: Path, template: str = "") -> Iterator[str]:
    """A new database as the default one; gives its address (empty: SQLite in the folder).

    template  what it is a copy of: an address, for SQLite a folder; empty: nothing, it has no tables
    """
    if kind == "sqlite":
        if template:
            shutil.copy(Path(template) / "openomt.sqlite3", folder / "openomt.sqlite3")
        with instead("", folder):
            yield ""
        return
    with new_address(template) as address, instead(address, folder):
        yield address


def as_migrated() -> str:
    """The address of the copy that `kept_as_migrated` keeps."""
    name = connections.settings["default"]["NAME"]
    return _on(os.environ["OPENOMT_DATABASE"], f"{name}{_AS_MIGRATED}")


@contextlib.contextmanager
def kept_as_migrated() -> Iterator[None]:
    """Beside the PostgreSQL database of the tests stands a copy of it as it is now, until afterwards."""
    name = connections.settings["default"]["NAME"]
    connections["default"].close()
    with new_address(_on(os.environ["OPENOMT_DATABASE"], name), f"{name}{_AS_MIGRATED}"):
        yield


@contextlib.contextmanager
def new_address(template: str = "", name: str = "") -> Iterator[str]:
    """A new database of the PostgreSQL server, gone afterwards."""
    server = os.environ["OPENOMT_DATABASE"]
    name = name or f"openomt_{uuid.uuid4().hex[:12]}"
    origin = urlsplit(template).path.lstrip("/") if template else "template1"
    with psycopg.connect(_on(server, "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {origin}")
    try:
        yield _on(server, name)
    finally:
        with psycopg.connect(_on(server, "postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def migrating_once() -> Iterator[None]:
    """A database without tables that is migrated as far as another was before gets them by the same statements.

    These are quick. What takes seconds is how Django finds out, step by step, which they are.
    """
    plain = MigrationExecutor.migrate
    kept: dict[tuple[object, ...], list[tuple[str, Any]]] = {}

    def migrate(self: MigrationExecutor, targets: Any, *more: Any, **options: Any) -> Any:
        if more or options or self.loader.applied_migrations:
            return plain(self, targets, *more, **options)
        key = (self.connection.vendor, *targets)
        if key not in kept:
            kept[key] = []
            with self.connection.execute_wrapper(noting(kept[key])):
                return plain(self, targets)
        with self.connection.schema_editor(), self.connection.cursor() as cursor:
            for statement in kept[key]:
                cursor.execute(*statement)
        return None

    def noting(made: list[tuple[str, Any]]) -> Callable[..., Any]:
        def note(execute: Callable[..., Any], sql: str, values: Any, many: bool, more: Any) -> Any:
            if not sql.startswith("BEGIN"):
                made.extend((sql, one) for one in (values if many else [values]))
            return execute(sql, values, many, more)

        return note

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MigrationExecutor, "migrate", migrate)
        yield


def _on(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
