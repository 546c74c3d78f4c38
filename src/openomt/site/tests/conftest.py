"""The tests of the site use what the tests of care use, and one practice for all tests of a file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from copy import copy
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoDbBlocker

    from openomt.care.accounts.models import User
    from openomt.site.tests.world import World

    ComeIn = Callable[[User | None], Client]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """A small practice with one of everything, made once: whoever changes it does so inside `testing.undone`."""
    from openomt.care.testing import undone
    from openomt.site.tests.world import build

    with django_db_blocker.unblock(), undone():
        yield build()


@pytest.fixture(scope="module")
def come_in(world: World) -> ComeIn:
    """`come_in(user)`: a new browser of somebody of the small practice (None: of nobody).

    Each signs in once for all tests of a file, which takes longer than most pages. What a browser asks must stand
    inside `testing.undone`, or the next one of the same person may find itself signed out.
    """
    from django.test import Client

    from openomt.care.testing import signed_in

    first, late = Client(), time.time() + 86_400  # nobody idles, however long the tests take
    cookies = {user.pk: signed_in(Client(), user, late).cookies for user in world.people.values()}

    def browser(user: User | None) -> Client:
        client = Client(raise_request_exception=False)
        client.handler = first.handler  # which has loaded what stands around the views
        if user is not None:
            client.cookies = copy(cookies[user.pk])
        return client

    return browser


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints a figure even where the test passes."""

    def say(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}", flush=True)

    return say
