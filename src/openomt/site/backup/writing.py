"""Writes a backup of one consistent moment of the database."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from copy import deepcopy
from importlib.metadata import version
from pathlib import Path

from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import IsolationLevel

from openomt.care.accounts import factor_keys
from openomt.site.backup.reading import inspect
from openomt.site.backup.sealed import SealedWriter
from openomt.site.backup.tables import (
    FORMAT,
    BackupError,
    Manifest,
    applied_leaves,
    columns_of,
    models_at,
    rows_of,
    sequence_of,
)

_AUDIT = "accounts_auditevent"


def back_up(file: Path, passphrase: str, using: str = "default") -> Manifest:
    """Writes every table into a new sealed file, reads it again and returns what it holds.

    Others may read and write meanwhile: the file holds the moment at which this began. Raises BackupError where the
    file exists, SealError where the passphrase is too short. No half-written file is left.
    """
    if file.exists():
        raise BackupError(f"{file} exists already; a backup is never written over another file.")
    partial = file.with_name(f"{file.name}.part")
    try:
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out, snapshot(using) as alias:
            sealed = SealedWriter(out, passphrase)
            with gzip.GzipFile(fileobj=sealed, mode="wb", compresslevel=6, mtime=0) as packed:
                for line in _lines(alias):
                    packed.write(line.encode("utf-8") + b"\n")
            sealed.finish()
            out.flush()
            os.fsync(out.fileno())
        manifest = inspect(partial, passphrase)
        partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)
    return manifest


@contextlib.contextmanager
def snapshot(using: str) -> Iterator[str]:
    """A connection of its own that sees one moment of the database and keeps nobody from writing."""
    settings = deepcopy(connections[using].settings_dict)
    if connections[using].vendor == "sqlite":
        settings["OPTIONS"]["transaction_mode"] = "DEFERRED"
    else:
        settings["OPTIONS"]["isolation_level"] = IsolationLevel.REPEATABLE_READ
    alias = f"{using}_snapshot"
    connections.databases[alias] = settings
    try:
        with transaction.atomic(using=alias):
            yield alias
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


def _lines(using: str) -> Iterator[str]:
    loader = MigrationLoader(connections[using])
    applied = sorted(loader.applied_migrations or {})
    if not applied:
        raise BackupError("There is no database to back up yet.")
    yield json.dumps(
        {
            "openomt_backup": FORMAT,
            "made_at": dt.datetime.now(dt.UTC).isoformat(),
            "program": version("openomt"),
            "database": connections[using].vendor,
            "migrations": applied,
            "factor_keys": factor_keys.kept(),  # after the moment began: what its rows need is there
        }
    )
    tables = total = events = 0
    last_at: str | None = None
    for model in models_at(loader, applied_leaves(loader, applied)):
        table, columns = model._meta.db_table, [field.column for field in columns_of(model)]
        yield json.dumps({"table": table, "columns": columns, "sequence": sequence_of(model, using)})
        lines = _Counted(rows_of(model, using))
        yield from lines
        yield json.dumps({"rows": lines.count, "sha256": lines.sha256})
        tables, total = tables + 1, total + lines.count
        if table == _AUDIT:
            events = lines.count
            last_at = json.loads(lines.last)[columns.index("at")] if lines.last else None
    end = {"tables": tables, "rows": total, "audit_events": events, "last_audit_at": last_at}
    yield json.dumps({"end": True, **end})


class _Counted:
    """Lines that are counted and hashed as they go by."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.count, self.sha256, self.last = 0, "", ""

    def __iter__(self) -> Iterator[str]:
        digest = hashlib.sha256()
        for line in self._lines:
            digest.update(line.encode("utf-8") + b"\n")
            self.count += 1
            self.last = line
            yield line
        self.sha256 = digest.hexdigest()
