"""No serious accessibility violation on any screen, light or dark. Screens are found in the table of addresses."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from openomt.care.accounts.access import POLICIES, Role, policy_of
from openomt.care.testing import practice, signed_in
from openomt.site.tests.world import build
from tools.routes import Route, routes

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from openomt.care.accounts.models import User
    from openomt.conftest import OpenPage

READERS = (Role.PHYSICIAN, Role.OWNER, Role.BILLER, Role.FRONT_DESK)
MOST_READERS = 2
"""By how many roles a screen is looked at: one that may do more than the other, where there are two."""
ELSEWHERE = frozenset({"account_logout", "lock"})
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def _readers(route: Route) -> list[Role]:
    policy = policy_of(route.view, route.name)
    if policy is None or route.name in ELSEWHERE:
        return []
    return [role for role in READERS if policy.allows(POLICIES[role])][:MOST_READERS]


def _is_screen(user: User, address: str) -> bool:
    answer = signed_in(Client(), user).get(address)
    return answer.status_code == 200 and not answer.streaming and b"<html" in answer.content


SCREENS = [route for route in routes() if _readers(route)]
PARTS = 12
"""The screens stand in so many tests: making a practice for each would take longer than looking."""
WHOLE = os.environ.get("OPENOMT_AXE") == "whole"
"""All of them take minutes: `make axe`. Otherwise a third of them, another one each day."""
TODAY = [part for part in range(PARTS) if WHOLE or part % 3 == dt.date.today().toordinal() % 3]


@pytest.mark.parametrize("part", TODAY)
def test_no_screen_has_a_serious_violation_in_light_or_dark(
    part: int, open_page: OpenPage, no_serious_axe: Callable[[Page], None]
) -> None:
    world = build()
    wrong = []
    for route in SCREENS[part::PARTS]:
        for role in _readers(route):
            for address in (world.address(route), *world.also(route)):
                if not _is_screen(world.people[role], address):
                    continue
                page = open_page(world.people[role], address)
                try:
                    _look(page, no_serious_axe)
                except AssertionError as found:
                    wrong.append(f"{route} as {role}: {found}")
                page.context.close()
    assert not wrong, "\n".join(wrong)


def _look(page: Page, no_serious_axe: Callable[[Page], None]) -> None:
    """Light on a wide screen, dark on a phone."""
    no_serious_axe(page)
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    no_serious_axe(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390, f"{page.url} is {wide} px wide on a phone of 390"


@pytest.mark.parametrize(
    "address", ["/account/login/", "/account/password/reset/", "/nowhere", "/account/signup/"]
)
def test_a_page_for_nobody_signed_in_has_no_serious_violation(
    address: str, open_page: OpenPage, no_serious_axe: Callable[[Page], None]
) -> None:
    practice()
    page = open_page(None, address)
    no_serious_axe(page)
    page.emulate_media(color_scheme="dark")
    no_serious_axe(page)
