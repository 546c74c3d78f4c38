"""The site starts only where it can keep its word, and says in words why it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from openomt.site import start
from openomt.site.server import require_free
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
