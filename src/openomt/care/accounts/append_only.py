"""Tables that only grow: the database itself refuses to change or delete a row."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def append_only(table: str, except_columns: tuple[str, ...] = ()) -> migrations.RunPython:
    """A migration step after which rows of `table` cannot be changed, save for `except_columns`, nor deleted."""

    def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        for statement in _statements(table, except_columns, editor):
            editor.execute(statement, params=None)

    def backwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "sqlite":
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_update")
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_delete")
            return
        for name in ("no_update", "no_delete", "no_truncate"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}")

    return migrations.RunPython(forwards, backwards)


def _statements(table: str, free: tuple[str, ...], editor: BaseDatabaseSchemaEditor) -> list[str]:
    columns = [
        column.name
        for column in editor.connection.introspection.get_table_description(editor.connection.cursor(), table)
        if column.name not in free
    ]
    quoted = ", ".join(f'"{name}"' for name in columns)
    if editor.connection.vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {quoted} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END",
        ]
    return [
        "CREATE OR REPLACE FUNCTION openomt_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {quoted} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION openomt_only_grows()",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION openomt_only_grows()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION openomt_only_grows()",
    ]
