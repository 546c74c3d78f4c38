"""The check-in on a phone: two touches, no script, keyboard, large text, both languages, no serious axe finding."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.followup import services
from openomt.care.followup.models import CheckIn, Reply, Task
from openomt.care.followup.tests.conftest import sign
from openomt.care.patients.models import Patient
from openomt.care.portal.testing import visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
    from pytest_django.live_server_helper import LiveServer

    from openomt.conftest import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def one() -> CheckIn:
    """The check-in of day 3, sent."""
    testing.practice(zone="America/New_York", phone="555-010-0142")
    doctor = testing.member(Role.PHYSICIAN, name="Maya Lindqvist")
    patient = testing.patient(
        given_names="Rosa", family_name="Alvarez", email="r@example.test", contact="email"
    )
    now = timezone.now()
    visit = sign(doctor, patient, day=timezone.localdate() - dt.timedelta(days=3))
    CheckIn.objects.filter(visit=visit).update(
        due_at=now - dt.timedelta(hours=1), sent_at=now, useless_after=now + dt.timedelta(days=3)
    )
    return CheckIn.objects.select_related("patient", "visit").get(visit=visit, day=3)


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer) -> Any:
    """`phone(patient, "/my/...")`: the page in the patient's browser."""
    contexts = []

    def open_(
        patient: Patient, path: str, *, script: bool = True, width: int = 390, dark: bool = False
    ) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 844},
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        context.set_default_navigation_timeout(60_000)
        cookies = visiting(Client(), patient).cookies
        context.add_cookies(
            [{"name": n, "value": c.value, "url": live_server.url} for n, c in cookies.items()]
        )
        page = context.new_page()
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()


def address(one: CheckIn) -> str:
    return reverse("followup_mine_checkin", args=[one.uid])


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_a_fine_answer_takes_two_touches_without_script(one: CheckIn, phone: Any) -> None:
    page = phone(one.patient, address(one), script=False)
    begun = time.monotonic()
    page.get_by_role("button", name="Better").click()
    page.get_by_role("button", name="None of these").click()
    assert "Thank you" in page.locator("h1").inner_text()
    assert time.monotonic() - begun < 60
    assert CheckIn.objects.get(pk=one.pk).result == "as_planned"


def test_worse_by_keyboard_alone_ends_at_a_named_person_and_hour(
    one: CheckIn, phone: Any, no_serious_axe: Callable[[Page], None]
) -> None:
    page = phone(one.patient, address(one))

    def press(name: str) -> None:
        no_serious_axe(page)
        assert fits(page)
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.innerText.trim()") == name:
                with page.expect_navigation():
                    page.keyboard.press("Enter")
                return
        pytest.fail(f"{name} is not reached by Tab")

    for name in ("Worse", "A bit worse", "6", "None of these"):
        press(name)
    page.get_by_label("In your own words").fill("It hurts when I turn")
    press("Send")
    no_serious_axe(page)
    assert "Please call us when we are open." in page.locator("h1").inner_text()
    assert "Maya Lindqvist" in page.locator(".clock").inner_text()
    assert page.locator('a[href="tel:555-010-0142"]').count() >= 1
    assert Task.objects.get().words.endswith("It hurts when I turn")


@pytest.mark.parametrize("language", ["en", "es"])
def test_danger_stands_first_and_large_text_fits(
    one: CheckIn, phone: Any, no_serious_axe: Callable[[Page], None], language: str
) -> None:
    page = phone(one.patient, f"{address(one)}?lang={language}", dark=language == "es")
    no_serious_axe(page)
    with page.expect_navigation():
        page.locator(".signs button").click()
    no_serious_axe(page)
    now = page.locator(".now h1")
    assert now.inner_text() == ("Call 911 now." if language == "en" else "Llame al 911 ahora.")
    assert page.locator(".now a").get_attribute("href") == "tel:911"
    box = page.locator(".now a").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 844  # seen without scrolling
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert fits(page)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_after_the_visit_and_a_reply(
    one: CheckIn, phone: Any, no_serious_axe: Callable[[Page], None], language: str
) -> None:
    task = services.open_task(None, one.patient, "U", "Question", visit=one.visit)
    reply = Reply.objects.create(
        task=task, patient=one.patient, words="Rest.\nThen walk.", by=one.visit.clinician
    )
    for name, uid in (("followup_mine_aftercare", one.visit.uid), ("followup_mine_reply", reply.uid)):
        page = phone(one.patient, f"{reverse(name, args=[uid])}?lang={language}")
        no_serious_axe(page)
        assert fits(page)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert fits(page)


def test_a_touch_is_large_enough(one: CheckIn, phone: Any) -> None:
    CheckIn.objects.filter(pk=one.pk).update(
        answers={"change": "worse", "much": "worse", "pain": 2, "easing": True, "today": ["today-fever"]}
    )
    for step in ("change", "much", "pain", "easing", "today", "words"):
        page = phone(one.patient, f"{address(one)}?step={step}")
        for target in page.locator("main button, main a, main label.choice").all():
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= 44, target.inner_text()


def test_the_task_page_on_a_phone_and_a_screen(
    one: CheckIn, open_page: OpenPage, no_serious_axe: Callable[[Page], None]
) -> None:
    doctor = one.visit.clinician
    task = services.open_task(
        None, one.patient, "E", "Alert a person at once: an emergency sign after treatment", visit=one.visit,
        owner=doctor, words="Your chest hurts\nno puedo respirar", check_in=one, told=["Call 911 now."], danger=True,
    )  # fmt: skip
    services.called(doctor, task, "Nobody answered, tried twice", reached=False)
    Task.objects.filter(pk=task.pk).update(escalations=1)
    services.open_task(
        None, one.patient, "U", "Dizzy", visit=one.visit, due_at=timezone.now() - dt.timedelta(hours=2)
    )
    for width in (390, 1440):
        for path in ("/answers", reverse("task", args=[task.uid]), reverse("adverse_new", args=[task.uid])):
            page = open_page(doctor, path, width=width, dark=width == 1440)
            no_serious_axe(page)
            assert fits(page)
