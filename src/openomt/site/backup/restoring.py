"""Puts a backup into a new database. The old one is kept beside it, whole, under another name."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from openomt.care.accounts import audit, factor_keys
from openomt.care.accounts.models import AuditEvent, User
from openomt.site.backup.reading import inspect, opened
from openomt.site.backup.tables import (
    BackupError,
    Manifest,
    Model,
    applied_leaves,
    digest_of,
    models_at,
    put_rows,
    rows_of,
    set_sequence,
)


@dataclass(frozen=True, slots=True)
class Existing:
    """What the database holds that a restore would replace.

    events  entries of its audit; `later` of them are younger than the backup. None: it could not be read
    """

    accounts: int | None
    events: int | None
    later: int | None

    @property
    def is_empty(self) -> bool:
        return self.accounts == 0 and self.events == 0

    @property
    def is_newer(self) -> bool:
        """Whether something would be lost that the backup does not hold, as far as can be told."""
        return self.later is None or self.later > 0


def existing(manifest: Manifest) -> Existing:
    """What stands in the database now."""
    try:
        if AuditEvent._meta.db_table not in connection.introspection.table_names():
            return Existing(0, 0, 0)
        events = AuditEvent.objects.all()
        later = events.filter(at__gt=manifest.last_audit_at) if manifest.last_audit_at else events
        return Existing(User.objects.count(), events.count(), later.count())
    except DatabaseError:
        return Existing(None, None, None)


def restore(file: Path, passphrase: str, agree: Callable[[Manifest, Existing], bool]) -> str | None:
    """Restores a backup into a new database and returns where the old one is kept (None: there was none).

    The whole file is checked first. Then `agree` is asked, with what the backup and the database hold; where it says
    no, nothing is changed and BackupError is raised. The new database takes the place of the old one only after every
    row was read back from it and compared, and its audit was verified. Raises SealError or BackupError otherwise.
    """
    manifest = inspect(file, passphrase)
    _require_known(manifest)
    now = existing(manifest)
    if not agree(manifest, now):
        raise BackupError("Nothing was changed.")
    stamp = dt.datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
    fill = _Fill(file, passphrase, manifest)
    if connection.vendor == "sqlite":
        return _into_file(fill, f"before-{stamp}", keep=not now.is_empty)
    return _into_schema(fill, f"before_{stamp.replace('-', '_')}", keep=not now.is_empty)


def _require_known(manifest: Manifest) -> None:
    applied_leaves(MigrationExecutor(connection).loader, manifest.migrations)


@dataclass(frozen=True, slots=True)
class _Fill:
    """Makes the tables of a backup in an empty database, fills them, and compares them with the backup."""

    file: Path
    passphrase: str
    manifest: Manifest

    def __call__(self) -> None:
        executor = MigrationExecutor(connections["default"])
        leaves = applied_leaves(executor.loader, self.manifest.migrations)
        executor.migrate(leaves)
        models = {model._meta.db_table: model for model in models_at(executor.loader, leaves)}
        if set(models) != set(self.manifest.tables):
            raise BackupError("The backup's tables are not those its program had.")
        with transaction.atomic():
            connection.check_constraints()  # which leaves every one deferred: tables come in no order
            self._put(models)
            connection.check_constraints()  # also settles what PostgreSQL defers, so that tables may change next
        self._compare(models)
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        count, breaks = audit.verify()
        if breaks or count != self.manifest.audit_events:
            raise BackupError(f"The audit in the backup is broken in {len(breaks)} places of {count} events.")

    def _put(self, models: dict[str, Model]) -> None:
        with opened(self.file, self.passphrase) as backup:
            factor_keys.add(backup.head.factor_keys)  # also where the restore fails later, they do no harm
            for section in backup.sections():
                model = models[section.table]
                if model._base_manager.exists():  # rows that migrations themselves put in
                    model._base_manager.all().delete()
                put_rows(model, section.columns, section.rows())
                set_sequence(model, section.sequence)
            if backup.manifest() != self.manifest:
                raise BackupError("The file changed while it was restored.")

    def _compare(self, models: dict[str, Model]) -> None:
        for table, model in models.items():
            if digest_of(rows_of(model, "default")) != (
                self.manifest.tables[table],
                self.manifest.hashes[table],
            ):
                raise BackupError(f"{table}: what was restored is not what was backed up")


def _into_file(fill: _Fill, kept: str, *, keep: bool) -> str | None:
    """SQLite: a new file, which then takes the old one's name."""
    place = Path(str(connection.settings_dict["NAME"]))
    new = place.with_name(f"{place.name}.restoring")
    _remove(new)
    try:
        with _instead(new):
            fill()
            _settle()
        _settle()
        if keep:
            place.rename(place.with_name(f"{place.name}.{kept}"))
        new.rename(place)
        _sync(place.parent)
    finally:
        _remove(new)
    return f"{place}.{kept}" if keep else None


@contextlib.contextmanager
def _instead(file: Path) -> Iterator[None]:
    """Another file stands for the database meanwhile."""
    old = connections["default"]
    new = old.copy()
    new.settings_dict["NAME"] = file
    connections["default"] = new
    try:
        yield
    finally:
        new.close()
        connections["default"] = old


def _settle() -> None:
    """Moves everything into the one file and closes it."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _remove(file: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _into_schema(fill: _Fill, kept: str, *, keep: bool) -> str | None:
    """PostgreSQL: the old tables move into a schema of their own; all of it is one transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        others = cursor.fetchone()[0]
    if others:
        raise BackupError(f"{others} other programs are connected to this database. Stop them first.")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema()")
            schema = connection.ops.quote_name(cursor.fetchone()[0])
            if keep:
                cursor.execute(f"ALTER SCHEMA {schema} RENAME TO {connection.ops.quote_name(kept)}")
            else:
                cursor.execute(f"DROP SCHEMA {schema} CASCADE")
            cursor.execute(f"CREATE SCHEMA {schema}")
        fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # until the server gets to it by itself, it would guess how to find a row
    return f"schema {kept} of the same database" if keep else None
