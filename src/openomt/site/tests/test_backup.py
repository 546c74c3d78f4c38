"""A backup holds everything of one moment, and comes back whole, into either database, or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.urls import reverse

from openomt.care.accounts import audit, factor_keys
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.patients.models import Patient
from openomt.care.testing import PASSWORD, member, patient
from openomt.care.visits.models import SignedVisit
from openomt.site import start
from openomt.site.backup import (
    BackupError,
    Existing,
    Manifest,
    SealError,
    back_up,
    existing,
    inspect,
    restore,
    sealed,
)
from openomt.site.backup.tables import LEFT_OUT, applied_leaves, models_at, rows_of
from openomt.site.backup.writing import snapshot
from openomt.site.tests.databases import KINDS, database, instead, migrating_once
from openomt.site.tests.seeded import migrated, seeded

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

__all__ = ["migrated", "seeded"]
PASSPHRASE = "correct horse battery"
pytestmark = pytest.mark.database


@pytest.fixture(scope="module", autouse=True)
def any_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Databases of their own, whose tables are made step by step once, and passphrases that are quick to try."""
    with django_db_blocker.unblock(), migrating_once(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed, "_COST", (10, 8, 1))
        yield


@pytest.fixture(scope="module")
def backup_file(seeded: Path, any_database: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the made-up practice, from SQLite."""
    file = tmp_path_factory.mktemp("backup") / "practice.omt"
    with instead("", seeded):
        back_up(file, PASSPHRASE)
    return file


@pytest.fixture(scope="module", params=KINDS)
def restored(
    request: pytest.FixtureRequest, backup_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The made-up practice restored into a new database of each kind. Tests leave it as it is."""
    with database(request.param, tmp_path_factory.mktemp("restored")):
        assert restore(backup_file, PASSPHRASE, yes) is None
        yield request.param


@pytest.fixture(params=KINDS)
def target(request: pytest.FixtureRequest, migrated: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """A database of each kind, with empty tables."""
    folder = tmp_path / "target"
    folder.mkdir()
    with database(request.param, folder, migrated[request.param]):
        yield request.param


def yes(manifest: Manifest, now: Existing) -> bool:
    return True


def no(manifest: Manifest, now: Existing) -> bool:
    return False


def everything() -> dict[str, list[str]]:
    """Every row of every table."""
    loader = MigrationLoader(connection)
    models = models_at(loader, applied_leaves(loader, loader.applied_migrations or {}))
    return {model._meta.db_table: list(rows_of(model, "default")) for model in models}


def test_every_table_comes_back_equal(seeded: Path, restored: str) -> None:
    here = everything()
    with instead("", seeded):
        assert here == everything()
        tables = set(connection.introspection.table_names())
    assert tables - set(here) - {"site_cache"} == {"django_migrations", *LEFT_OUT}
    assert len(here["visits_signedvisit"]) == 60
    assert audit.verify() == (len(here["accounts_auditevent"]), [])


def test_a_backup_of_the_restored_holds_the_same(backup_file: Path, restored: str, tmp_path: Path) -> None:
    again = back_up(tmp_path / "again.omt", PASSPHRASE)
    first = inspect(backup_file, PASSPHRASE)
    assert (again.tables, again.hashes) == (first.tables, first.hashes)
    assert again.database == restored


def test_what_only_grows_still_refuses_changes_after_a_restore(restored: str) -> None:
    for change in (
        lambda: AuditEvent.objects.order_by("pk")[:1].get().delete(),
        lambda: AuditEvent.objects.update(action="x"),
        lambda: SignedVisit.objects.update(note="x"),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()


def test_new_rows_get_keys_nobody_had(restored: str) -> None:
    highest, events = Patient.objects.order_by("-pk")[0].pk, AuditEvent.objects.count()
    with transaction.atomic():
        assert patient().pk == highest + 1
        assert audit.record(None, "test.done").pk == events + 1
        transaction.set_rollback(True)


def test_a_key_that_was_given_to_a_row_now_gone_is_not_given_again(target: str, tmp_path: Path) -> None:
    gone = patient()
    number = gone.pk
    gone.delete()
    SessionStore().create()
    back_up(tmp_path / "gone.omt", PASSPHRASE)
    restore(tmp_path / "gone.omt", PASSPHRASE, yes)
    assert patient().pk == number + 1
    assert Session.objects.count() == 0, "nobody stays signed in"


def test_a_backup_is_one_moment_while_others_go_on_writing(target: str) -> None:
    patient()
    with snapshot("default") as alias:
        before = list(rows_of(Patient, alias))
        patient()
        patient()
        assert list(rows_of(Patient, alias)) == before
    assert Patient.objects.count() == 3


# What must not work -------------------------------------------------------------------------------------


DAMAGES: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("a flipped byte in the middle", lambda raw: raw[:5000] + bytes([raw[5000] ^ 1]) + raw[5001:], "changed"),
    ("a flipped last byte", lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]), "changed"),
    ("the end cut off", lambda raw: raw[: len(raw) * 2 // 3], "cut off"),
    ("only its beginning", lambda raw: raw[:74], "cut off"),
    ("something put behind it", lambda raw: raw + b"more", "changed"),
    ("another file", lambda _raw: b"not a backup" * 100, "not a backup"),
    ("an empty file", lambda _raw: b"", "not a backup"),
]


@pytest.mark.parametrize(("what", "damage", "words"), DAMAGES, ids=[one[0] for one in DAMAGES])
def test_a_damaged_backup_changes_nothing(  # noqa: PLR0917
    what: str, damage: Callable[[bytes], bytes], words: str, backup_file: Path, restored: str, tmp_path: Path
) -> None:
    before = everything()
    bad = tmp_path / "bad.omt"
    bad.write_bytes(damage(backup_file.read_bytes()))
    with pytest.raises(SealError, match=words):
        restore(bad, PASSPHRASE, yes)
    assert everything() == before


def test_a_wrong_passphrase_changes_nothing(backup_file: Path, restored: str) -> None:
    before = everything()
    with pytest.raises(SealError, match="passphrase is wrong"):
        restore(backup_file, "another horse battery", yes)
    assert everything() == before


def test_a_no_changes_nothing(backup_file: Path, restored: str) -> None:
    before = everything()
    with pytest.raises(BackupError, match="Nothing was changed"):
        restore(backup_file, PASSPHRASE, no)
    assert everything() == before


def test_a_newer_database_is_seen_to_be_newer(backup_file: Path, restored: str) -> None:
    manifest = inspect(backup_file, PASSPHRASE)
    same = existing(manifest)
    assert (same.is_empty, same.is_newer) == (False, False)
    with transaction.atomic():
        audit.record(None, "test.done")
        now = existing(manifest)
        transaction.set_rollback(True)
    assert (now.later, now.is_newer) == (1, True)


def test_a_failure_half_way_changes_nothing(
    backup_file: Path, target: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from openomt.site.backup import restoring

    patient(family_name="Stays")

    def fails(*arguments: object) -> None:
        raise BackupError("full")

    monkeypatch.setattr(restoring, "set_sequence", fails)
    with pytest.raises(BackupError, match="full"):
        restore(backup_file, PASSPHRASE, yes)
    assert list(Patient.objects.values_list("family_name", flat=True)) == ["Stays"]
    assert not list((tmp_path / "target").glob("*restoring*"))


def test_what_was_there_is_kept_beside(backup_file: Path, target: str, tmp_path: Path) -> None:
    patient(family_name="Before")
    audit.record(None, "test.done")
    kept = restore(backup_file, PASSPHRASE, yes)
    assert kept
    assert not Patient.objects.filter(family_name="Before").exists()
    if target == "sqlite":
        Path(kept).rename(tmp_path / "openomt.sqlite3")
        with instead("", tmp_path):
            assert Patient.objects.filter(family_name="Before").exists()
    else:
        schema = kept.split()[1]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT family_name FROM {schema}.patients_patient")  # noqa: S608
            assert cursor.fetchall() == [("Before",)]


def test_a_backup_of_a_newer_program_is_refused(target: str, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('visits', '0999_later', '2030-01-01')"
        )
    with pytest.raises(BackupError, match=r"visits\.0999_later"):
        back_up(tmp_path / "future.omt", PASSPHRASE)
    assert not list(tmp_path.glob("future*"))


@pytest.mark.parametrize("kind", KINDS)
def test_an_older_backup_is_brought_up_to_date(kind: str, tmp_path: Path) -> None:
    with database(kind, tmp_path):
        call_command("migrate", "booking", "0001", verbosity=0)
        manifest = back_up(tmp_path / "old.omt", PASSPHRASE)
        assert "visits_visit" not in manifest.tables
        restore(tmp_path / "old.omt", PASSPHRASE, yes)
        _is_current()


def _is_current() -> None:
    start.require_current_database()
    assert "visits_visit" in connection.introspection.table_names()


def test_codes_of_an_app_work_on_a_new_machine(target: str, tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path / "old"
    person, secret = member(Role.OWNER), generate_totp_secret()
    TOTP.activate(person, secret)
    old = factor_keys.kept()
    back_up(tmp_path / "keys.omt", PASSPHRASE)
    settings.DATA = tmp_path / "new"
    factor_keys.make()
    own = factor_keys.kept()
    restore(tmp_path / "keys.omt", PASSPHRASE, yes)
    assert factor_keys.kept() == [*own, *old]
    assert _signs_in(person, secret)


def test_plain_secrets_of_an_older_backup_are_sealed_and_work(
    target: str, tmp_path: Path, settings: Any
) -> None:
    settings.DATA = tmp_path / "new"
    person, secret = member(Role.OWNER), generate_totp_secret()
    call_command("migrate", "accounts", "0004", verbosity=0)
    for kind, data in (("totp", {"secret": secret}), ("recovery_codes", {"seed": "5eed", "used_mask": 0})):
        Authenticator.objects.create(user=person, type=kind, data=data)
    assert _signs_in(person, secret)
    back_up(tmp_path / "plain.omt", PASSPHRASE)
    restore(tmp_path / "plain.omt", PASSPHRASE, yes)
    there = str(Authenticator.objects.values_list("data", flat=True))
    assert secret not in there
    assert "5eed" not in there
    assert _signs_in(person, secret)


def _signs_in(person: User, secret: str) -> bool:
    cache.clear()  # a code is good once
    client = Client()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    client.post(reverse("mfa_authenticate"), {"code": code})
    return client.get(reverse("me")).status_code == 200


def test_a_backup_is_never_written_over_a_file(target: str, tmp_path: Path) -> None:
    there = tmp_path / "there.omt"
    there.write_bytes(b"precious")
    with pytest.raises(BackupError, match="exists already"):
        back_up(there, PASSPHRASE)
    assert there.read_bytes() == b"precious"


def test_only_the_owner_can_read_a_backup(backup_file: Path) -> None:
    assert backup_file.stat().st_mode & 0o077 == 0


def test_no_half_written_backup_is_left(
    seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("openomt.site.backup.writing.os.fsync", full)
    with instead("", seeded), pytest.raises(OSError, match="No space"):
        back_up(tmp_path / "full.omt", PASSPHRASE)
    assert list(tmp_path.iterdir()) == []
