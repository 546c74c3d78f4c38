"""The tests of the site use what the tests of care use, and one practice for all tests of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

    from openomt.site.tests.world import World


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """A small practice with one of everything, made once: whoever changes it does so inside `testing.undone`."""
    from openomt.care.testing import undone
    from openomt.site.tests.world import build

    with django_db_blocker.unblock(), undone():
        yield build()


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints a figure even where the test passes."""

    def say(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}", flush=True)

    return say
