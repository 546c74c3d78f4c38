"""Billing in a browser: from the register to a file by keyboard alone, and what axe finds on each page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from openomt.care.accounts.models import User
from openomt.care.billing.models import Claim, ClaimFile
from openomt.care.billing.tests import made

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from openomt.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def user(live_server: object) -> User:
    made.practice()
    made.house()
    made.fees(c98926="85", c99203="150")
    return made.biller()


def test_a_claim_goes_out_by_keyboard_alone(user: User, open_page: OpenPage) -> None:
    from playwright.sync_api import expect

    claim = made.claim(agreed=None)
    page = open_page(user, "/claims")

    def press(role: str, name: str) -> None:
        page.get_by_role(role, name=name).first.focus()  # type: ignore[arg-type]
        page.keyboard.press("Enter")

    press("link", "Example, Ada")
    press("button", "Code this claim")
    expect(page.get_by_text("Answer 1 open warning")).to_be_visible()
    summary = page.get_by_text("Answer it")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("On a signed form")
    page.keyboard.press("Enter")
    expect(page.get_by_text("On a signed form").first).to_be_visible()
    press("button", "Export as 837P")
    expect(page.get_by_role("heading", name="Files sent")).to_be_visible()
    claim.refresh_from_db()
    assert claim.state == Claim.State.EXPORTED
    assert ClaimFile.objects.get().claims_count == 1


@pytest.mark.parametrize(("width", "dark"), [(390, True), (1440, False)])
def test_axe_finds_nothing_serious_and_no_page_is_wider_than_its_window(
    user: User, open_page: OpenPage, no_serious_axe: Callable[[Page], None], dark: bool, width: int
) -> None:
    coded = made.coded(user, separate=made.SEPARATE)
    open_one = made.claim(agreed=None)
    page = open_page(user, "/claims", width=width, dark=dark)
    for where in (
        "/claims",
        "/claims?state=coded",
        "/claims?state=paid",
        reverse("claim", args=[coded.uid]),
        reverse("claim", args=[open_one.uid]),
        "/claims/files",
        "/fees",
        "/payers",
        reverse("visit_print", args=[coded.visit.uid]),
    ):
        page.goto(where)
        for summary in page.locator("summary").all():
            summary.click()
        no_serious_axe(page)
        wider = page.locator("html").evaluate("root => root.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{where} is wider than its window"
