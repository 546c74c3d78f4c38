"""The commands that keep a practice's site: what they do, and in which words they refuse."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

OPENOMT = Path(sys.executable).with_name("openomt")
PASSPHRASE = "correct horse battery"  # noqa: S105
PASSWORD = "a long enough password"  # noqa: S105


def run(folder: Path, *words: str, typed: str = "", **given: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENOMT_", "DJANGO_"))}
    told = {**kept, "OPENOMT_DATA": str(folder), **given}
    return subprocess.run(
        [OPENOMT, *words], env=told, input=typed, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice that has an owner."""
    folder = tmp_path_factory.mktemp("practice")
    made = run(
        folder,
        "createowner",
        "--email",
        "Owner@Example.test",
        "--name",
        "The owner",
        OPENOMT_PASSWORD=PASSWORD,
    )
    assert (made.returncode, made.stderr) == (0, "")
    assert "owner@example.test is the owner" in made.stdout
    return folder


@pytest.fixture(scope="module")
def backed_up(practice: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("backup") / "practice.omt"
    made = run(practice, "backup", str(file), OPENOMT_PASSPHRASE=PASSPHRASE)
    assert made.returncode == 0, made.stderr
    assert "Written, read again and checked" in made.stdout
    return file


REFUSED = [
    (["--email", "x@example.test", "--name", "X"], "short", "at least 12"),
    (["--email", "no address", "--name", "X"], PASSWORD, "valid email"),
    (["--email", "owner@example.test", "--name", "X"], PASSWORD, "has this address already"),
]


@pytest.mark.parametrize(("words", "password", "why"), REFUSED, ids=[one[2] for one in REFUSED])
def test_an_owner_is_refused_in_words(words: list[str], password: str, why: str, practice: Path) -> None:
    made = run(practice, "createowner", *words, OPENOMT_PASSWORD=password)
    assert made.returncode == 3
    assert why in made.stderr


def test_migrating_twice_does_nothing(practice: Path) -> None:
    done = run(practice, "migrate")
    assert (done.returncode, done.stdout) == (0, "The database is up to date.\n")


def test_a_whole_audit_is_said_to_be_whole(practice: Path) -> None:
    done = run(practice, "audit", "verify")
    assert done.returncode == 0
    assert "The audit is whole" in done.stdout


def test_a_changed_audit_ends_with_exit_code_1_and_the_place(practice: Path, tmp_path: Path) -> None:
    with (
        sqlite3.connect(practice / "openomt.sqlite3") as origin,
        sqlite3.connect(tmp_path / "openomt.sqlite3") as copy,
    ):
        origin.backup(copy)
    with sqlite3.connect(tmp_path / "openomt.sqlite3") as database:
        database.execute("DROP TRIGGER accounts_auditevent_no_update")
        database.execute("UPDATE accounts_auditevent SET action = 'person.hide' WHERE id = 1")
    done = run(tmp_path, "audit", "verify")
    assert done.returncode == 1
    assert "event 1," in done.stderr
    assert "was changed after it was written" in done.stderr


def test_no_audit_without_a_database(tmp_path: Path) -> None:
    done = run(tmp_path, "audit", "verify")
    assert done.returncode == 3
    assert "openomt migrate" in done.stderr


def test_a_backup_comes_back_into_an_empty_folder(backed_up: Path, tmp_path: Path) -> None:
    done = run(tmp_path, "restore", str(backed_up), OPENOMT_PASSPHRASE=PASSPHRASE)
    assert done.returncode == 0, done.stderr
    assert "Every row was compared" in done.stdout
    assert run(tmp_path, "audit", "verify").returncode == 0


def test_a_restore_over_data_asks(practice: Path, backed_up: Path, tmp_path: Path) -> None:
    shutil.copytree(practice, tmp_path, dirs_exist_ok=True)
    refused = run(tmp_path, "restore", str(backed_up), OPENOMT_PASSPHRASE=PASSPHRASE)
    assert refused.returncode == 3
    assert "add --over" in refused.stderr
    run(tmp_path, "createowner", "--email", "two@example.test", "--name", "Two", OPENOMT_PASSWORD=PASSWORD)
    newer = ["restore", "--over", str(backed_up)]
    for typed in ("", "yes\n", "restore\n"):
        refused = run(tmp_path, *newer, typed=typed, OPENOMT_PASSPHRASE=PASSPHRASE)
        assert refused.returncode != 0
    assert "1 events that are younger" in refused.stdout
    done = run(tmp_path, *newer, typed="restore over newer\n", OPENOMT_PASSPHRASE=PASSPHRASE)
    assert done.returncode == 0, done.stderr
    assert "What was there before is kept" in done.stdout


@pytest.mark.parametrize(
    ("passphrase", "why"),
    [("another horse battery", "passphrase is wrong"), ("short", "passphrase is wrong")],
)
def test_a_wrong_passphrase_is_said_to_be_wrong(
    passphrase: str, why: str, backed_up: Path, tmp_path: Path
) -> None:
    done = run(tmp_path, "restore", str(backed_up), OPENOMT_PASSPHRASE=passphrase)
    assert done.returncode == 3
    assert why in done.stderr


def test_a_short_passphrase_is_not_taken_for_a_new_backup(practice: Path, tmp_path: Path) -> None:
    done = run(practice, "backup", str(tmp_path / "x.omt"), OPENOMT_PASSPHRASE="short")  # noqa: S106
    assert done.returncode == 3
    assert "at least 12" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_backup_into_no_folder_says_so(practice: Path, tmp_path: Path) -> None:
    done = run(practice, "backup", str(tmp_path / "no" / "x.omt"), OPENOMT_PASSPHRASE=PASSPHRASE)
    assert done.returncode == 3
    assert "No such file or directory" in done.stderr
