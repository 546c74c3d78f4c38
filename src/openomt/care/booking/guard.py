"""The database itself refuses a second appointment for a clinician at one time, whoever writes it.

The message a person reads comes from `services`; this holds for everything that forgets to ask there. On PostgreSQL
the trigger takes the clinician's row, so that of two transactions at once the second sees what the first wrote;
SQLite has one writer at a time.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_LONGEST = 12
"""Hours. No appointment is longer, so only those that begin within it before another can reach into it."""
_FREED = "('no_show', 'canceled')"
_WHEN = {"insert": "INSERT", "update": 'UPDATE OF clinician_id, start, "end", status'}


def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _sqlite() if editor.connection.vendor == "sqlite" else _postgresql():
        editor.execute(statement, params=None)


def backwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    on = "" if editor.connection.vendor == "sqlite" else " ON booking_appointment"
    for name in _WHEN:
        editor.execute(f"DROP TRIGGER IF EXISTS one_at_a_time_{name}{on}", params=None)


def _sqlite() -> list[str]:
    return [
        f"""CREATE TRIGGER one_at_a_time_{name} BEFORE {event} ON booking_appointment
        WHEN NEW.status NOT IN {_FREED} BEGIN
        SELECT RAISE(ABORT, 'an appointment is too long')
        WHERE julianday(NEW."end") - julianday(NEW.start) > {_LONGEST}.0 / 24;
        SELECT RAISE(ABORT, 'clinician is booked at this time')
        WHERE EXISTS (SELECT 1 FROM booking_appointment other WHERE other.clinician_id = NEW.clinician_id
            AND other.start < NEW."end" AND other.start > datetime(NEW.start, '-{_LONGEST} hours')
            AND other."end" > NEW.start AND other.status NOT IN {_FREED} AND other.id IS NOT NEW.id);
        END"""  # noqa: S608  (constants of this module)
        for name, event in _WHEN.items()
    ]


def _postgresql() -> list[str]:
    function = f"""CREATE OR REPLACE FUNCTION openomt_one_at_a_time() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
        IF NEW."end" - NEW.start > interval '{_LONGEST} hours' THEN
            RAISE EXCEPTION 'an appointment is too long' USING ERRCODE = 'check_violation';
        END IF;
        PERFORM 1 FROM accounts_user WHERE id = NEW.clinician_id FOR NO KEY UPDATE;
        IF EXISTS (SELECT 1 FROM booking_appointment other WHERE other.clinician_id = NEW.clinician_id
            AND other.start < NEW."end" AND other.start > NEW.start - interval '{_LONGEST} hours'
            AND other."end" > NEW.start AND other.status NOT IN {_FREED}
            AND other.id IS DISTINCT FROM NEW.id) THEN
            RAISE EXCEPTION 'clinician is booked at this time' USING ERRCODE = 'exclusion_violation';
        END IF;
        RETURN NEW; END $$"""  # noqa: S608  (constants of this module)
    return [
        function,
        *(
            f"CREATE TRIGGER one_at_a_time_{name} BEFORE {event} ON booking_appointment FOR EACH ROW "
            f"WHEN (NEW.status NOT IN {_FREED}) EXECUTE FUNCTION openomt_one_at_a_time()"
            for name, event in _WHEN.items()
        ),
    ]


def one_at_a_time() -> migrations.RunPython:
    """The migration step that adds the guard."""
    return migrations.RunPython(forwards, backwards)
