"""The site starts only where it can keep its word, and says in words why it cannot."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from openomt.site import start
from openomt.site.server import require_free
from openomt.site.settings import _secret_key
from openomt.site.start import StartError
from openomt.site.tests.databases import KINDS, database, instead
from openomt.site.tests.seeded import migrated

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker, Settings

__all__ = ["migrated"]


@pytest.fixture(autouse=True)
def any_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.mark.database
@pytest.mark.parametrize("kind", KINDS)
def test_a_database_of_a_newer_program_is_left_alone(
    kind: str, migrated: dict[str, str], tmp_path: Path
) -> None:
    with database(kind, tmp_path, migrated[kind]):
        assert start.migrate() == []
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('visits', '0999_later', '2030-01-01')"
            )
        with pytest.raises(StartError, match=r"newer OpenOMT.*visits\.0999_later.*Nothing was changed"):
            start.migrate()
        with pytest.raises(StartError, match="newer"):
            start.require_current_database()


def test_a_database_that_is_behind_is_said_to_be(tmp_path: Path) -> None:
    with database("sqlite", tmp_path), pytest.raises(StartError, match="openomt migrate"):
        start.require_current_database()


def test_a_database_that_does_not_answer_is_said_not_to(tmp_path: Path) -> None:
    with (
        instead("postgresql://nobody@127.0.0.1:1/nothing", tmp_path),
        pytest.raises(StartError, match="does not answer"),
    ):
        start.migrate()


_START = "from openomt.site import settings; from openomt.care.accounts import factor_keys as keys"
_KEYS = f"import django; {_START}; django.setup(); print(settings.SECRET_KEY, keys.seal('x'))"


def test_processes_that_start_first_at_once_have_the_same_keys(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    around = {**os.environ, "OPENOMT_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "openomt.site.settings"}
    around.pop("OPENOMT_SECRET_KEY", None)
    command = [sys.executable, "-c", _KEYS]
    starting = [subprocess.Popen(command, env=around, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate(timeout=60)[0].split() for process in starting]
    assert [process.returncode for process in starting] == [0, 0]
    assert len({secret for secret, _ in told}) == 1
    key = Fernet((folder / "second-factor-keys").read_text(encoding="ascii").strip())
    assert [key.decrypt(sealed) for _, sealed in told] == [b"x", b"x"]


def test_threads_that_make_the_secret_key_at_once_have_one(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    at_once = Barrier(8)

    def make(_number: int) -> str:
        at_once.wait()
        return _secret_key(folder)

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(make, range(8)))
    assert made == {(folder / "secret-key").read_text(encoding="ascii")}
    assert [file.name for file in folder.iterdir()] == ["secret-key"]
    assert (folder / "secret-key").stat().st_mode & 0o777 == 0o600


def test_who_comes_second_has_the_secret_key_of_who_was_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(_size: int) -> str:
        (tmp_path / "secret-key").write_text("of the first", encoding="ascii")
        return "of the second"

    monkeypatch.setattr("secrets.token_urlsafe", slow)
    assert _secret_key(tmp_path) == "of the first"
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]


def test_static_files_are_collected_once_and_again_when_one_changes(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = tmp_path / "ours"
    ours.mkdir()
    (ours / "a.css").write_text("a{}")
    settings.STATICFILES_DIRS = [str(ours)]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = str(tmp_path / "static")
    _forget_finders(monkeypatch)
    assert start.collect_static() is True
    assert start.collect_static() is False
    (ours / "a.css").write_text("b{}")
    assert start.collect_static() is True
    assert (tmp_path / "static" / "a.css").read_text() == "b{}"


def _forget_finders(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.staticfiles import finders

    finders.get_finder.cache_clear()  # type: ignore[attr-defined]
    monkeypatch.setattr(finders, "searched_locations", [])


@pytest.fixture(autouse=True, scope="module")
def finders_as_before() -> Iterator[None]:
    from django.contrib.staticfiles import finders

    yield
    finders.get_finder.cache_clear()  # type: ignore[attr-defined]


def test_a_folder_is_restored_into_by_one_alone(tmp_path: Path) -> None:
    with start.hold(tmp_path, alone=False), start.hold(tmp_path, alone=False):  # noqa: SIM117
        with pytest.raises(StartError, match="worker is running"):
            start.hold(tmp_path, alone=True)
    with start.hold(tmp_path, alone=True), pytest.raises(StartError, match="restore is running"):
        start.hold(tmp_path, alone=False)


def test_a_port_that_is_taken_is_named() -> None:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen()
        port = one.getsockname()[1]
        with pytest.raises(StartError, match=f"Port {port} is in use"):
            require_free("127.0.0.1", port)
    require_free("127.0.0.1", port)
