"""Gets the site ready: Django, the database's tables, the cache table, the static files."""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path
from typing import IO

NOT_READY = 3
"""Exit code where the site cannot be started as things are."""


class StartError(Exception):
    """Why the site cannot start or an order cannot be carried out, in words for the person who runs it."""


def django_ready() -> None:
    """Loads the settings and the apps. Nothing else of Django may be imported before."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openomt.site.settings")
    django.setup()


def private_files() -> None:
    """Every file made from here on can be read by its owner only."""
    os.umask(0o077)


# Database ---------------------------------------------------------------------------------------------


def unknown_migrations(using: str = "default") -> list[str]:
    """Steps of the database that this program does not know: a newer program made them."""
    from django.apps import apps
    from django.db import connections
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connections[using])
    ours = {config.label for config in apps.get_app_configs()}
    applied = loader.applied_migrations or {}
    return sorted(
        f"{app}.{name}" for app, name in applied if app in ours and (app, name) not in loader.disk_migrations
    )


def migrate() -> list[str]:
    """Brings the database to the state of this program and returns the steps taken.

    Raises StartError where the database was made by a newer program, or does not answer.
    """
    from django.core.management import call_command
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    from openomt.care.accounts import factor_keys

    try:
        newer = unknown_migrations()
        if newer:
            raise StartError(
                "The database was made by a newer OpenOMT: this program does not know "
                f"{', '.join(newer)}. Nothing was changed. Start the newer program, or restore a backup."
            )
        factor_keys.make()
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    except OperationalError as error:
        raise StartError(f"The database does not answer: {str(error).strip()}") from error
    return [f"{step.app_label}.{step.name}" for step, _ in plan]


def require_current_database() -> None:
    """Raises StartError unless the database is there and in the state of this program."""
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        if newer := unknown_migrations():
            raise StartError(f"The database was made by a newer OpenOMT ({', '.join(newer)}).")
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise StartError("The database is not up to date. Run: openomt migrate")
    except OperationalError as error:
        raise StartError(f"The database does not answer: {str(error).strip()}") from error


# Static files -----------------------------------------------------------------------------------------


def collect_static() -> bool:
    """Collects and compresses the static files where any changed since; returns whether it did."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".fingerprint"
    now = static_fingerprint()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == now:
        return False
    stamp.unlink(missing_ok=True)
    # Cleared first: by itself it compares times, and a new release may hold older files.
    call_command("collectstatic", clear=True, interactive=False, verbosity=0)
    stamp.write_text(now, encoding="ascii")
    return True


def static_fingerprint() -> str:
    """Of names and contents of all static files, and of how they are stored."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    found = sorted(
        (path, storage.path(path))
        for finder in get_finders()
        for path, storage in finder.list(ignore_patterns=None)
    )
    for path, file in found:
        digest.update(path.encode())
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()


# One at a time ----------------------------------------------------------------------------------------


def hold(folder: Path, *, alone: bool) -> IO[str]:
    """Marks the data folder as in use until the file that is returned is closed, or every process ends.

    alone  nobody else may hold it: a restore. A server shares it with other servers.
    Raises StartError where somebody else holds it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = (folder / "in-use").open("a", encoding="ascii")
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        who = "A server or a worker is running" if alone else "A restore is running"
        raise StartError(f"{who} on {folder}. Stop it, or wait, and start this again.") from None
    return file
