"""The patient's own pages in Chromium: a phone and a desk, light and dark, axe, keyboard, text at 200 %."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from openomt.care.accounts.models import User
from openomt.care.patients.models import Patient
from openomt.care.portal.testing import visiting
from openomt.care.visits.models import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ("mine_home", "mine_progress", "mine_visits", "mine_ask", "mine_everything")


def _become(page: Page, client: Client) -> None:
    """The page's browser takes over a client's cookies."""
    where = "/".join(page.url.split("/")[:3])
    page.context.add_cookies(
        [{"name": name, "value": one.value, "url": where} for name, one in client.cookies.items()]
    )


def _sideways(page: Page) -> bool:
    """Whether the page must be moved sideways to be read."""
    wider: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wider


def _small_targets(page: Page) -> list[str]:
    """Links and buttons under 44 px in both directions that are no part of a sentence."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main a, main button, main summary, nav a")]
          .filter(one => one.getClientRects().length && one.getBoundingClientRect().height < 43.5)
          .map(one => one.outerHTML.slice(0, 120))"""
    )
    return found


@pytest.mark.parametrize(("width", "dark", "language"), [(390, False, "es"), (1440, True, "en")])
def test_every_page_reads_well(
    open_page: OpenPage,
    no_serious_axe: Callable[[Page], None],
    ada: Patient,
    seen: Visit,
    *,
    width: int,
    dark: bool,
    language: str,
) -> None:
    page = open_page(None, reverse("portal_sign_in"), width=width, dark=dark)
    _become(page, visiting(Client(), ada))
    addresses = [reverse(name) for name in PAGES] + [reverse("mine_visit", args=[seen.uid])]
    for address in addresses:
        page.goto(f"{address}?lang={language}")
        expect(page.locator("h1")).to_have_count(1)
        no_serious_axe(page)
        assert not _sideways(page), address
        assert not _small_targets(page), address
        page.set_viewport_size({"width": width // 2, "height": 422})  # what is left of it at 200 %
        assert not _sideways(page), f"{address} with text at 200 %"
        page.set_viewport_size({"width": width, "height": 900})


def test_a_message_is_written_and_read_by_keyboard_alone(
    open_page: OpenPage, no_serious_axe: Callable[[Page], None], ada: Patient
) -> None:
    page = open_page(None, reverse("portal_sign_in"), width=390, dark=True)
    _become(page, visiting(Client(), ada))
    page.goto(reverse("mine_ask"))
    page.get_by_label("Your message").focus()
    page.keyboard.type("I have chest pain and can not breathe")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    first = page.get_by_role("alert")
    expect(first).to_contain_text("911")
    expect(first.get_by_role("link")).to_have_attribute("href", "tel:911")
    assert first.bounding_box()["y"] < 300  # type: ignore[index]
    no_serious_axe(page)


def test_the_file_comes_after_the_birth_date(open_page: OpenPage, ada: Patient, seen: Visit) -> None:
    page = open_page(None, reverse("portal_sign_in"), width=390)
    _become(page, visiting(Client(), ada))
    page.goto(reverse("mine_everything"))
    page.get_by_label("Month").select_option("3")
    page.get_by_label("Day").fill("4")
    page.get_by_label("Year").fill("1980")
    with page.expect_download() as got:
        page.get_by_role("button", name="Get my file").click()
    assert got.value.suggested_filename.endswith(".zip")


def test_staff_give_advice(
    open_page: OpenPage, no_serious_axe: Callable[[Page], None], ada: Patient, doctor: User
) -> None:
    page = open_page(doctor, reverse("chart", args=[ada.uid]), width=1440)
    page.get_by_role("link", name="Advice").click()
    page.get_by_label("What to do").fill("Breathe slowly, five minutes a day")
    page.get_by_role("button", name="Put it on the patient's page").click()
    expect(page.get_by_role("region", name="On the patient's page now")).to_contain_text("Breathe slowly")
    no_serious_axe(page)
