"""Public pages on a phone and a wide screen: no serious axe finding, no sideways scroll, all of it by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from openomt.care.testing import location, practice

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]

PATHS = (
    "/",
    "/learn/",
    "/learn/conditions/",
    "/learn/techniques/",
    "/learn/conditions/low-back-pain",
    "/learn/techniques/counterstrain",
    "/learn/benefits-and-risks",
    "/learn/search?q=neck",
    "/check/",
)
TAP = 44
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SMALL = """least => [...document.querySelectorAll('main a, main button, main input, main select, main label.choice')]
    .filter(one => one.offsetParent && !one.closest('p, label, .mark') && !one.classList.contains('mark'))
    .map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect().height])
    .filter(([, height]) => height < least)"""
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(autouse=True)
def _practice() -> None:
    practice(name="Hill Street Osteopathy", phone="555-0100")
    location()


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_for_everybody_on_every_screen(
    path: str, open_page: OpenPage, no_serious_axe: Callable[[Page], None]
) -> None:
    page = open_page(None, path, width=390, height=844)
    no_serious_axe(page)
    assert page.evaluate(SMALL, TAP) == []
    assert not page.evaluate(SIDEWAYS)
    page.emulate_media(color_scheme="dark")
    no_serious_axe(page)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not page.evaluate(SIDEWAYS), "text at 200 % makes the page scroll sideways"
    page.set_viewport_size({"width": 1440, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = ''")
    no_serious_axe(page)


def _press_to(page: Page, selector: str) -> None:
    """Tabs until the focus stands on it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_the_check_is_done_by_keyboard_to_a_danger_and_is_for_everybody(
    open_page: OpenPage, no_serious_axe: Callable[[Page], None]
) -> None:
    page = open_page(None, "/check/?lang=es", width=390, height=844)
    _press_to(page, "button[value=adult]")
    page.keyboard.press("Enter")
    page.wait_for_selector("button[value=neither]")
    _press_to(page, "button[value=neither]")
    page.keyboard.press("Enter")
    page.wait_for_selector("input[value=chest]")
    no_serious_axe(page)
    assert page.evaluate(SMALL, TAP) == []
    _press_to(page, "button[name=next]")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    no_serious_axe(page)
    _press_to(page, "input[value=chest]")
    page.keyboard.press("Space")
    _press_to(page, "button[name=next]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".now h1")
    assert page.inner_text(".now h1") == "Llame al 911 ahora. No maneje usted."
    top = page.evaluate("document.querySelector('.now h1').getBoundingClientRect().top")
    assert top < 300, "the act is not on the first screen"
    no_serious_axe(page)
    page.emulate_media(color_scheme="dark")
    no_serious_axe(page)
    assert page.url.endswith("/check/")


def test_a_printed_page_leaves_out_what_is_only_for_the_screen(open_page: OpenPage) -> None:
    page = open_page(None, "/learn/after-your-visit")
    page.emulate_media(media="print")
    for hidden in (".top", ".foot", ".learn .acts", ".up"):
        assert not page.is_visible(hidden), hidden
    assert page.is_visible(".sources")
    assert page.is_visible("h1")
