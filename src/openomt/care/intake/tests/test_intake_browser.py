"""An intake on a phone: by keyboard, with the picture and without, large text, both languages; and what staff see."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from openomt.care.intake import services
from openomt.care.intake.tellers import target_of
from openomt.care.intake.tests.conftest import Walk
from openomt.care.patients.models import Patient
from openomt.care.portal.access import Scope
from openomt.care.portal.testing import visiting
from openomt.care.testing import member

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from openomt.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAP = 44
SMALL = """least => [...document.querySelectorAll(
        'main a, main button, main input, main label.choice, main summary, main .hit')]
    .filter(one => one.checkVisibility() && one.type !== 'radio' && one.type !== 'checkbox')
    .map(one => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
    .filter(([, box]) => box.height < least - 0.5 || box.width < least - 0.5).map(([html]) => html)"""
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def _become(page: Page, client: Client) -> None:
    where = "/".join(page.url.split("/")[:3])
    page.context.add_cookies(
        [{"name": name, "value": one.value, "url": where} for name, one in client.cookies.items()]
    )


def _press_to(page: Page, selector: str) -> None:
    """Tabs until the focus stands on it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


@pytest.fixture
def look(no_serious_axe: Callable[[Page], None]) -> Callable[[Page, str], None]:
    """Axe, targets, and text at 200 %."""

    def check(page: Page, name: str) -> None:
        no_serious_axe(page)
        assert page.evaluate(SMALL, TAP) == [], name
        assert not page.evaluate(SIDEWAYS), name
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert not page.evaluate(SIDEWAYS), f"{name}: text at 200 % makes the page scroll sideways"
        page.evaluate("document.documentElement.style.fontSize = ''")

    return check


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_intake_on_a_phone_by_keyboard(
    language: str, open_page: OpenPage, look: Callable[[Page, str], None], adult: Patient
) -> None:
    Patient.objects.filter(pk=adult.pk).update(language=language)
    adult.refresh_from_db()
    intake = services.open_one(adult)
    client = visiting(Client(), adult, Scope.INTAKE, target=target_of(intake))
    page = open_page(None, "/my/signed-out", width=390, height=844)
    _become(page, client)
    page.goto(target_of(intake))
    look(page, f"{language}-welcome")
    _press_to(page, "main .btn-primary")
    page.keyboard.press("Enter")
    page.wait_for_selector("#text")
    look(page, f"{language}-reason")
    _press_to(page, "#text")
    page.keyboard.type("My back")
    _press_to(page, "button[name=next]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".picture:not([hidden])")
    _press_to(page, '[data-hit="low_back-right"]')
    page.keyboard.press("Space")
    assert page.locator('[data-hit="low_back-right"]').get_attribute("aria-checked") == "true"
    page.locator('[data-hit="neck"]').last.click()
    look(page, f"{language}-body")
    page.locator('[data-view="front"]').click()
    look(page, f"{language}-body-front")
    page.locator('[data-show="list"]').click()
    assert page.locator('input[value="low_back-right"]').is_checked()
    assert page.locator('input[value="neck"]').is_checked()
    look(page, f"{language}-body-list")
    page.locator("button[name=next]").click()
    page.wait_for_url("**/question/birth")
    look(page, f"{language}-birth")
    _press_to(page, "button[value=neither]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/question/danger-now")
    look(page, f"{language}-danger")
    page.locator("button[name=next]").click()
    page.wait_for_selector("[role=alert]")
    _press_to(page, "input[value=chest]")
    page.keyboard.press("Space")
    _press_to(page, "button[name=next]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".now h1")
    first = {"en": "Call 911 now. Do not drive yourself.", "es": "Llame al 911 ahora. No maneje usted."}
    assert page.inner_text(".now h1") == first[language]
    look(page, f"{language}-now")


def test_every_kind_of_screen_is_for_everybody_and_the_physician_reads_it(
    open_page: OpenPage,
    look: Callable[[Page, str], None],
    adult: Patient,
    no_serious_axe: Callable[[Page], None],
) -> None:
    mine = Walk(Client(), adult)
    mine.begin()
    page = open_page(None, "/my/signed-out", width=390, height=844)
    _become(page, mine.client)
    for key in ("peg-q1", "psfs-q1", "medicine", "sleep-q1", "phq4-q2"):
        mine.walk(until=key)
        page.goto(mine.at(key))
        look(page, key)
    page.emulate_media(color_scheme="dark")
    no_serious_axe(page)
    mine.walk()
    page.goto(reverse("intake_mine_send", args=[mine.intake.uid]))
    page.locator("main .btn-primary").click()
    page.wait_for_selector("h1")
    look(page, "done")
    staff = open_page(member("physician"), reverse("intake_summary", args=[mine.intake.uid]), width=1440)
    no_serious_axe(staff)
    staff.goto(reverse("chart", args=[adult.uid]))
    no_serious_axe(staff)
    staff.set_viewport_size({"width": 390, "height": 844})
    staff.goto(reverse("intake_summary", args=[mine.intake.uid]))
    assert not staff.evaluate(SIDEWAYS)
