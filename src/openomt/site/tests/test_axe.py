"""No serious accessibility violation on any screen, light or dark. Screens are found in the table of addresses."""

from __future__ import annotations

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


@pytest.mark.parametrize("route", [route for route in routes() if _readers(route)], ids=str)
def test_a_screen_has_no_serious_violation_in_light_or_dark(
    route: Route, open_page: OpenPage, no_serious_axe: Callable[[Page], None]
) -> None:
    world = build()
    for role in _readers(route):
        user = world.people[role]
        for address in (world.address(route), *world.also(route)):
            if not _is_screen(user, address):
                continue
            page = open_page(user, address)
            no_serious_axe(page)
            page.emulate_media(color_scheme="dark")
            no_serious_axe(page)
            page.set_viewport_size({"width": 390, "height": 844})
            no_serious_axe(page)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 390, f"{address} is {wide} px wide on a phone of 390"
            page.context.close()


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
