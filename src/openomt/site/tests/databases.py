"""Databases of their own for tests that make, fill, back up and restore whole ones."""

from __future__ import annotations

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connections
from django.db.utils import load_backend

from openomt.site.settings import _database

KINDS = ["sqlite", *(["postgresql"] if os.environ.get("OPENOMT_DATABASE") else [])]
"""Both, where a server is named (`make test` starts one)."""


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


@contextlib.contextmanager
def new_address(template: str = "") -> Iterator[str]:
    """A new database of the PostgreSQL server, gone afterwards."""
    server = os.environ["OPENOMT_DATABASE"]
    name = f"openomt_{uuid.uuid4().hex[:12]}"
    origin = urlsplit(template).path.lstrip("/") if template else "template1"
    with psycopg.connect(_on(server, "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {origin}")
    try:
        yield _on(server, name)
    finally:
        with psycopg.connect(_on(server, "postgres"), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _on(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
