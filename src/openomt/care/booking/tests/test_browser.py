"""The schedule in Chromium, by keyboard alone, and as axe sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import User
from openomt.care.booking import slots
from openomt.care.booking.models import Absence, Appointment, WorkingHours
from openomt.care.booking.tests.test_pages import MONDAY, ZONE

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def when(clock: str) -> dt.datetime:
    return slots.at(MONDAY, dt.time.fromisoformat(clock), ZONE)


@pytest.fixture
def desk() -> User:
    testing.practice(zone="America/New_York")
    doctor = testing.member(Role.PHYSICIAN, name="Ada Example")
    testing.appointment_type()
    WorkingHours.objects.create(
        clinician=doctor, location=testing.location(), weekday=0, start=dt.time(8), end=dt.time(12)
    )
    for clock, status in (
        ("08:00", "done"),
        ("08:30", "roomed"),
        ("09:00", "arrived"),
        ("09:30", "canceled"),
    ):
        testing.appointment(clinician=doctor, start=when(clock), status=status)
    Absence.objects.create(clinician=doctor, start=when("11:30"), end=when("12:00"), words="lunch")
    testing.patient(given_names="Zora", family_name="Findable")
    return testing.member(Role.FRONT_DESK)


def test_a_free_time_is_booked_by_keyboard_alone(desk: User, open_page: OpenPage) -> None:
    page = open_page(desk, f"/schedule?day={MONDAY}")
    page.get_by_role("link", name="10:30 AM free").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/schedule/new**")
    page.keyboard.type("findab")  # the search has the focus
    page.get_by_role("radio", name="Findable, Zora").wait_for()
    page.keyboard.press("Tab")  # the only one found is chosen already
    assert page.evaluate("document.activeElement.checked") is True
    page.get_by_role("button", name="Book").press("Enter")
    page.get_by_role("status").get_by_text("Booked for Monday").wait_for()
    assert page.get_by_role("link", name="10:30 AM Zora Findable").count() == 1
    assert Appointment.objects.get(patient__family_name="Findable").start == when("10:30")


def test_another_choice_is_shown_at_once(desk: User, open_page: OpenPage) -> None:
    testing.appointment_type(name="Long", minutes=60)
    page = open_page(desk, f"/schedule?day={MONDAY}")
    page.get_by_label("Free times for").select_option(label="Long, 60 min")
    page.wait_for_url("**type=**")
    page.get_by_role("link", name="10:30 AM free").wait_for()
    assert page.get_by_role("link", name="11:00 AM free").count() == 0


@pytest.mark.parametrize(("width", "dark"), [(390, True), (1440, False)])
def test_no_serious_axe_findings(
    desk: User, open_page: OpenPage, no_serious_axe: Callable[[Page], None], width: int, dark: bool
) -> None:
    one = Appointment.objects.filter(status="arrived").get()
    doctor = one.clinician
    page = open_page(desk, f"/schedule?day={MONDAY}", width=width, dark=dark)
    for path in (
        None,
        f"/schedule?day={MONDAY}&view=week",
        "/schedule/new",
        f"/appointment/{one.uid}",
        "/schedule/hours",
        f"/schedule/hours/{doctor.uid}",
    ):
        if path:
            page.goto(path)
        no_serious_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
