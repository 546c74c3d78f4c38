"""The main flows by keyboard alone: every step is reached by Tab, arrows, Enter or a shortcut; the focus is seen."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import User
from openomt.care.billing.models import Claim
from openomt.care.booking.models import Appointment
from openomt.care.followup.models import Task
from openomt.care.patients.models import Patient
from openomt.care.testing import PIN, location, member, patient, practice
from openomt.care.visits.models import Visit
from openomt.site.tests.world import build

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from openomt.conftest import OpenPage

MOST_TABS = 80
_IS_FOCUSED = "element => element === document.activeElement"
_SHOWS_FOCUS = """element => {
  const shown = [element, element.closest("label"), element.parentElement].filter(Boolean).map(getComputedStyle);
  return shown.some(style => style.outlineStyle !== "none" || style.boxShadow !== "none");
}"""
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


class Keyboard:
    """A person without a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, chord: str) -> None:
        self.page.keyboard.press(chord)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def reach(self, target: Locator) -> None:
        """Tabs to a control. Fails where Tab never comes there, or where nobody sees that the focus is there."""
        expect(target).to_be_visible()
        for _ in range(MOST_TABS):
            if target.evaluate(_IS_FOCUSED):
                assert target.evaluate(_SHOWS_FOCUS), f"the focus on {target} is not seen"
                return
            self.press("Tab")
        raise AssertionError(f"{MOST_TABS} times Tab do not come to {target}")

    def fill(self, label: str, text: str) -> None:
        self.reach(self.page.get_by_label(label))
        self.press("Control+a")
        self.type(text)

    def choose(self, label: str, option: str) -> None:
        """An option of a list, by typing its first letters."""
        box = self.page.get_by_label(label)
        self.reach(box)
        self.type(option)
        expect(box.locator("option:checked")).to_have_text(re.compile(re.escape(option)))

    def go(self, role: str, name: str | re.Pattern[str]) -> None:
        """Reaches a link or a button and presses Enter."""
        self.reach(self.page.get_by_role(role, name=name).first)  # type: ignore[arg-type]
        self.press("Enter")


def _start(open_page: OpenPage, user: User, path: str = "/") -> Keyboard:
    page = open_page(user, path)
    page.mouse.move(0, 0)
    return Keyboard(page)


def test_the_first_tab_offers_to_skip_to_the_content(open_page: OpenPage) -> None:
    practice()
    hands = _start(open_page, member(Role.PHYSICIAN), "/today")
    hands.press("Tab")
    expect(hands.page.get_by_role("link", name="Skip to the content")).to_be_focused()
    hands.press("Enter")
    expect(hands.page).to_have_url(re.compile("#main$"))


def test_a_patient_is_found_the_chart_opened_a_visit_written_and_signed(open_page: OpenPage) -> None:
    practice()
    location()
    doctor = member(Role.PHYSICIAN)
    patient(family_name="Quillfeather", given_names="Ada")
    hands = _start(open_page, doctor, "/today")
    hands.press("/")
    expect(hands.page.get_by_role("searchbox", name="Find a patient")).to_be_focused()
    hands.type("quil")
    expect(hands.page.locator("#found a")).to_have_count(1)
    hands.press("ArrowDown")
    hands.press("Enter")
    expect(hands.page.get_by_role("heading", level=1)).to_contain_text("Quillfeather")
    hands.go("button", re.compile("^Open visit"))
    expect(hands.page.get_by_role("textbox", name="Findings and treatment")).to_be_focused()
    hands.type("T5 FRSr (2) boggy; ME; improved")
    expect(hands.page.get_by_role("region", name="Note")).to_contain_text("improved")
    hands.reach(hands.page.get_by_role("checkbox", name=re.compile("agrees")))
    hands.press("Space")
    hands.reach(hands.page.get_by_role("textbox", name="Plan", exact=True))
    hands.type("Walk 20 min daily.")
    expect(hands.page.get_by_role("status", name="Saved")).to_contain_text("saved")
    hands.go("button", re.compile("^Sign visit"))
    expect(hands.page.get_by_label("Signing PIN")).to_be_focused()
    hands.type(PIN)
    expect(hands.page.get_by_role("button", name="Add addendum")).to_be_visible()
    assert Visit.objects.get().state == Visit.State.SIGNED


def test_an_appointment_is_booked(open_page: OpenPage) -> None:
    world = build()
    desk = world.people[Role.FRONT_DESK]
    booked_before = Appointment.objects.count()
    hands = _start(open_page, desk, "/schedule")
    hands.go("link", re.compile("Book"))
    expect(hands.page.get_by_role("heading", level=1)).to_contain_text("Book")
    hands.reach(hands.page.get_by_label("Patient", exact=True))
    hands.type("quil")
    expect(hands.page.get_by_role("radio")).to_have_count(2)
    hands.press("Tab")
    hands.press("Space")
    expect(hands.page.get_by_role("radio", name="Quill, Ada 1990")).to_be_checked()
    hands.choose("Clinician", world.people[Role.PHYSICIAN].name)
    hands.fill("Day", f"{_monday():%m/%d/%Y}")
    hands.fill("Time", "0930AM")
    hands.go("button", "Book")
    expect(hands.page.get_by_role("main")).not_to_contain_text("Book an")
    assert Appointment.objects.count() == booked_before + 1


def _monday() -> dt.date:
    """A Monday, on which the clinician of the little practice is there."""
    today = timezone.localdate()
    return today + dt.timedelta(days=7 + (7 - today.weekday()))


def test_a_claim_is_coded(open_page: OpenPage) -> None:
    world = build()
    Claim.objects.update(state=Claim.State.NOT_CODED)
    hands = _start(open_page, world.people[Role.BILLER], "/claims")
    hands.go("link", re.compile("Quill"))
    hands.go("button", "Code this claim")
    expect(hands.page.get_by_role("main")).to_contain_text("Coded")
    assert Claim.objects.get().state == Claim.State.CODED


def test_a_task_is_taken_answered_and_closed(open_page: OpenPage) -> None:
    world = build()
    one = Task.objects.get(uid=world.objects["answers/<uid>"])
    Task.objects.exclude(pk=one.pk).update(closed_at=timezone.now())
    hands = _start(open_page, world.people[Role.PHYSICIAN], "/answers")
    hands.go("button", re.compile("^Take it"))
    expect(hands.page.get_by_role("button", name=re.compile("^Take it"))).to_have_count(0)
    hands.go("link", re.compile("^Answer .*Quill"))
    hands.reach(hands.page.get_by_label(re.compile("came of it|outcome", re.IGNORECASE)))
    hands.type("Called: sore since yesterday, better with walking. Comes on Friday.")
    hands.go("button", "Close it")
    expect(hands.page.get_by_text("Nobody waits for an answer")).to_be_visible()
    one.refresh_from_db()
    assert (one.owner, one.closed_by) == (world.people[Role.PHYSICIAN],) * 2


def test_a_person_is_added(open_page: OpenPage) -> None:
    practice()
    owner = member(Role.OWNER)
    hands = _start(open_page, owner, "/people")
    hands.go("link", "Add a person")
    expect(hands.page.get_by_role("heading", level=1)).to_have_text("Add a person")
    hands.fill("Email", "new.person@example.test")
    hands.fill("Name", "New Person")
    hands.reach(hands.page.get_by_label("Front desk"))
    hands.press("Space")
    hands.go("button", "Add")
    expect(hands.page.get_by_role("main")).to_contain_text("New Person")
    assert User.objects.get(email="new.person@example.test").role_names == {Role.FRONT_DESK}


def test_a_patient_is_added(open_page: OpenPage) -> None:
    practice()
    hands = _start(open_page, member(Role.FRONT_DESK), "/patients/new")
    hands.fill("Family name", "Quillfeather")
    hands.fill("Given names", "Ada")
    hands.reach(hands.page.get_by_label("Birth date"))
    hands.type("5/17/1990")
    hands.choose("Sex", "Female")
    hands.go("button", "Add patient")
    expect(hands.page.get_by_role("main")).to_contain_text("Quillfeather")
    assert Patient.objects.get().birth_date.isoformat() == "1990-05-17"
