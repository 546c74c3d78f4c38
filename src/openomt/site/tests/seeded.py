"""A small made-up practice, filled once for a session of tests."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from openomt.site.tests.databases import KINDS, database, instead, new_address

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

TODAY = dt.date(2026, 11, 23)
"""Over for good: what the demonstration does today it does no later than now."""


@pytest.fixture(scope="session")
def seeded(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Path:
    """The folder of a SQLite database with every story, 24 patients and 60 signed visits."""
    from openomt.site import start
    from openomt.site.demo.scale import Scale
    from openomt.site.demo.seeding import seed

    folder = tmp_path_factory.mktemp("seeded")
    with django_db_blocker.unblock(), database("sqlite", folder):
        start.migrate()
        seed(TODAY, Scale(patients=24, visits=60, months=4))
    return folder


@pytest.fixture(scope="session")
def migrated(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, str]]:
    """For each kind of database one with empty tables, to be copied (`database(template=…)`)."""
    from openomt.site import start

    made = {}
    with contextlib.ExitStack() as stack:
        for kind in KINDS:
            folder = tmp_path_factory.mktemp(f"migrated-{kind}")
            address = stack.enter_context(new_address()) if kind == "postgresql" else ""
            with django_db_blocker.unblock(), instead(address, folder):
                start.migrate()
            made[kind] = address or str(folder)
        yield made
