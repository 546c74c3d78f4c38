"""What every test shares: none fails because the machine is busy, and every run draws the same examples.

`make fuzz` is what draws new ones.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves out what the plugins for Django and Chromium set up before every test: these have to do with neither,
    and for twelve thousand of them it takes longer than the tests themselves.
    """
    for item in items:
        if isinstance(item, pytest.Function) and item.path.is_relative_to(_HERE):
            item.fixturenames = [name for name in item.fixturenames if not _is_of_plugin(item, name)]


def _is_of_plugin(item: pytest.Function, name: str) -> bool:
    """Whether a plugin brings it and the test does not name it; what a named one needs is made when it is."""
    known = item._fixtureinfo
    made = known.name2fixturedefs.get(name)
    return name not in known.argnames and (made is None or not made[-1].baseid)


@pytest.fixture(scope="session")
def tabular() -> Any:
    """ICD-10-CM as others keep it. The package takes two seconds and 190 MB: one process of the tests needs it."""
    return importlib.import_module("simple_icd_10_cm")
