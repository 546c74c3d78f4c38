"""The tests of the site use what the tests of care use, and one practice for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from openomt.care.conftest import (
    browser_type_launch_args,
    django_db_modify_db_settings,
    django_db_setup,
    no_serious_axe,
    open_page,
)

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from openomt.site.tests.world import World

__all__ = [
    "browser_type_launch_args",
    "django_db_modify_db_settings",
    "django_db_setup",
    "no_serious_axe",
    "open_page",
]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """A small practice with one of everything, made once: whoever changes it does so inside `testing.undone`."""
    from openomt.care.testing import undone
    from openomt.site.tests.world import build

    with django_db_blocker.unblock(), undone():
        yield build()
