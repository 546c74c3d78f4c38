"""A small made-up practice, filled once for a session of tests."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openomt.site.tests.databases import KINDS, as_migrated, database, empty_tables, new_address, shared

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

TODAY = dt.date(2026, 11, 23)
"""Over for good: what the demonstration does today it does no later than now."""


@pytest.fixture(scope="session")
def seeded(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Path:
    """The folder of a SQLite database with every story, 24 patients and 60 signed visits. Tests leave it as it is."""
    from openomt.site.demo.scale import Scale
    from openomt.site.demo.seeding import seed

    def fill(folder: Path) -> None:
        with database("sqlite", folder, str(origin)):
            seed(TODAY, Scale(patients=24, visits=60, months=4))

    with django_db_blocker.unblock():
        origin = empty_tables(tmp_path_factory)
        return shared(tmp_path_factory, "seeded", fill)


@pytest.fixture(scope="session")
def migrated(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, str]]:
    """For each kind of database one with empty tables, to be copied (`database(template=…)`)."""
    made = {}
    with contextlib.ExitStack() as stack, django_db_blocker.unblock():
        for kind in KINDS:
            folder = tmp_path_factory.mktemp(f"migrated-{kind}")
            if kind == "sqlite":
                shutil.copytree(empty_tables(tmp_path_factory), folder, dirs_exist_ok=True)
            made[kind] = (
                stack.enter_context(new_address(as_migrated())) if kind == "postgresql" else str(folder)
            )
        yield made
