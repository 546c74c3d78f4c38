"""Booking on a phone, in both languages: keyboard, axe, 390 px, text at 200 %, and without JavaScript."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.booking import requests
from openomt.care.booking.models import BookingRules, WaitingEntry, WaitingOffer, WorkingHours
from openomt.care.booking.online import Wanted, free
from openomt.care.contact.models import Message
from openomt.care.patients.models import Patient
from openomt.care.portal.testing import visiting

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _practice() -> None:
    cache.clear()
    testing.practice(name="Elm Practice", phone="555-555-0100")
    place = testing.location(street="1 Elm St", city="Albany", state="NY", phone="555-555-0111")
    doctor = testing.member(Role.PHYSICIAN, name="Dora Example")
    for day in range(7):
        WorkingHours.objects.create(
            clinician=doctor, location=place, weekday=day, start=dt.time(9), end=dt.time(12)
        )
    testing.appointment_type(name="First", kind="new", minutes=60)
    testing.appointment_type(name="Again", kind="follow_up", minutes=30)
    testing.appointment_type(name="Talk", kind="consultation", minutes=30)


def _become(page: Page, client: Client) -> None:
    where = "/".join(page.url.split("/")[:3])
    page.context.add_cookies(
        [{"name": name, "value": one.value, "url": where} for name, one in client.cookies.items()]
    )


def _fits(page: Page, check: Callable[[Page], None], name: str) -> None:
    check(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    small = page.evaluate(
        """() => [...document.querySelectorAll('main a, main button, main select, main input:not([type=hidden])')]
        .filter(e => e.offsetParent && !e.closest('.trap, p.why, .faults') && !e.matches('.choice input'))
        .filter(e => e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))"""
    )
    assert not small, (name, small)


def test_a_stranger_books_by_keyboard_on_a_phone(
    open_page: OpenPage, no_serious_axe: Callable[[Page], None]
) -> None:
    page = open_page(None, "/book/?kind=new", width=390)
    _fits(page, no_serious_axe, "book")
    page.get_by_role("link", name="First visit").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Choose a time")).to_be_visible()
    page.get_by_role("link", name="Next week").click()
    _fits(page, no_serious_axe, "times")
    page.locator("input[name=at]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Ask for this visit").click()
    expect(page.get_by_role("heading", name="Please look at this")).to_be_visible()
    _fits(page, no_serious_axe, "faults")
    page.get_by_label("First name").fill("Nell")
    page.get_by_label("Last name").fill("Newman")
    page.get_by_label("Month").select_option("2")
    page.get_by_label("Day", exact=True).fill("3")
    page.get_by_label("Year").fill("1985")
    page.get_by_label("Female").check()
    page.get_by_label("E-mail", exact=True).fill("nell@example.test")
    page.get_by_label("Why do you come").fill("I cannot feel my legs and lost control of my bladder")
    page.get_by_role("button", name="Ask for this visit").click()
    expect(page.locator(".now")).to_be_visible()
    _fits(page, no_serious_axe, "danger")
    page.get_by_role("button", name="I have read it").click()
    expect(page.get_by_role("heading", name="Look at your messages")).to_be_visible()
    page.goto("/book/confirm/" + Message.objects.get().link.rsplit("/", 1)[1])
    _fits(page, no_serious_axe, "confirm")
    page.get_by_role("button", name="Yes, book it").click()
    expect(page.get_by_role("heading", name="Your visit is booked")).to_be_visible()
    _fits(page, no_serious_axe, "done")


def test_a_patients_pages_fit_a_phone_in_spanish(
    open_page: OpenPage, no_serious_axe: Callable[[Page], None]
) -> None:
    rosa = testing.patient(
        given_names="Rosa",
        family_name="Quill",
        email="r@example.test",
        contact=Patient.Contact.EMAIL,
        language="es",
    )
    today = timezone.localdate()
    slots = free(Wanted(30), today + dt.timedelta(days=4), today + dt.timedelta(days=6), BookingRules())
    kind = testing.appointment_type(name="Again")
    one = testing.appointment(
        patient=rosa,
        clinician=slots[0].clinician,
        start=slots[0].start,
        type=kind,
        location=slots[0].location,
    )
    entry = WaitingEntry.objects.create(patient=rosa, type=kind)
    hold = requests.hold(slots[1], kind, timezone.now() + dt.timedelta(hours=2))
    offer = WaitingOffer.objects.create(entry=entry, clinician=hold.clinician, start=hold.start, hold=hold)
    page = open_page(None, "/book/?lang=es", width=390, dark=True)
    _become(page, visiting(Client(), rosa))
    uid = {"uid": one.uid}
    for name, address in (
        ("es-book", "/book/"),
        ("es-mine", reverse("booking_mine")),
        ("es-one", reverse("booking_mine_one", kwargs=uid)),
        ("es-move", reverse("booking_mine_move", kwargs=uid)),
        ("es-wait", reverse("booking_mine_wait")),
        ("es-offer", reverse("booking_mine_offer", kwargs={"offer": offer.uid})),
    ):
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("lang", "es")
        _fits(page, no_serious_axe, name)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
