"""The whole course, on a phone: from the first page to a task that staff closed, in each language."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import User
from openomt.care.booking.models import Appointment, AppointmentType, WorkingHours
from openomt.care.contact import worker
from openomt.care.contact.models import ContactSettings, Message
from openomt.care.followup.models import Task
from openomt.care.intake.models import Intake
from openomt.care.patients.models import Patient
from openomt.care.testing import PIN, appointment_type, location, member, practice
from openomt.care.visits import services as visits
from openomt.care.visits.models import Visit
from openomt.care.words import say

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from openomt.conftest import OpenPage

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.both_databases]
SCREENS = 80
"""More screens than any form has: whoever gets here goes round in circles."""
FOUND = "T5 FRSr (2) tender; ME\nL3 NRrSl; MFR"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
BORN = dt.date(1984, 3, 9)
DAY_1, DAY_3 = (dt.timedelta(days=days, hours=14) for days in (1, 3))


@pytest.fixture
def doctor() -> User:
    practice(name="Hill Street Osteopathy", phone="555-0100", zone="America/New_York")
    ContactSettings.objects.create(pk=1, quiet_from=dt.time(0), quiet_until=dt.time(0))
    doctor = member(Role.PHYSICIAN, name="Maya Lindqvist")
    place = location(name="Hill Street", street="12 Hill Street", city="Albany", state="NY", phone="555-0100")
    WorkingHours.objects.bulk_create(
        WorkingHours(clinician=doctor, location=place, weekday=day, start=dt.time(8), end=dt.time(17))
        for day in range(7)
    )
    appointment_type(name="New patient", kind=AppointmentType.Kind.NEW, minutes=60)
    return doctor


class Phone:
    """A patient with a phone of 390 pixels, who reads one language."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.language = language

    def words(self, key: str) -> str:
        return say(key, self.language)

    def press(self, key: str) -> None:
        self.page.locator("main").get_by_role("button", name=self.words(key), exact=True).first.click()
        self.look()

    def follow(self, key: str) -> None:
        self.page.get_by_role("link", name=self.words(key)).first.click()
        self.look()

    def look(self) -> None:
        """Every page speaks the patient's language and fits the phone."""
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        expect(self.page.locator("h1, .now h2, [role=alert] h2").first).to_be_visible()
        for _ in range(20):  # while it is laid out it may be wider for a moment
            if self.page.evaluate(SIDEWAYS) <= 0:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{self.page.url} is wider than the phone")

    def birth_date(self) -> None:
        self.page.locator("#month").select_option(str(BORN.month))
        self.page.locator("#day").fill(str(BORN.day))
        self.page.locator("#year").fill(str(BORN.year))

    def message(self, template: str, *, after: dt.timedelta = dt.timedelta()) -> Message:
        """The newest message of this kind, once the worker did what is due by then."""
        worker.run_due(timezone.now() + after)
        found = Message.objects.filter(template=template).order_by("pk").last()
        assert found is not None, (
            f"no message {template}; there are {list(Message.objects.values_list('template'))}"
        )
        assert found.language == self.language
        assert found.state == Message.State.KEPT
        return found

    def open(self, message: Message) -> None:
        """Opens the link of a message; a browser that is not known yet gives the birth date."""
        self.page.goto(message.link[message.link.index("/", 8) :])
        self.look()
        if self.page.locator("#year").count():
            self.birth_date()
            self.press("portal.go_on")


def _book(phone: Phone) -> Appointment:
    phone.follow("learning.home_book")
    phone.page.locator(".choice", has_text=phone.words("booking.needs_new")).click()
    phone.page.locator("label.choice", has=phone.page.locator("[name=at]")).first.click()
    phone.press("portal.go_on")
    fill = phone.page.locator
    fill("[name=given_names]").fill("Elena")
    fill("[name=family_name]").fill("Prado")
    phone.birth_date()
    fill("label.choice", has=fill("[name=sex][value=female]")).click()
    fill("[name=email]").fill("elena@example.test")
    fill("[name=phone]").fill("212-555-0142")
    fill("label.choice", has=fill("[name=channel][value=email]")).click()
    fill("label.choice", has=fill(f"[name=language][value={phone.language}]")).click()
    fill("[name=reason]").fill("Back")
    phone.press("booking.ask_for_it")
    expect(phone.page.get_by_role("heading", name=phone.words("booking.sent"))).to_be_visible()
    phone.open(phone.message("booking_confirm"))
    phone.press("booking.confirm_do")
    expect(phone.page.get_by_role("heading", name=phone.words("booking.booked"))).to_be_visible()
    return Appointment.objects.get()


def _tell(phone: Phone) -> None:
    """Answers every question as somebody with a sore back and nothing else."""
    phone.open(phone.message("intake", after=dt.timedelta(minutes=11)))
    phone.press("intake.start")
    for _ in range(SCREENS):
        if Intake.objects.get().state == Intake.State.DONE:
            break
        _answer_one(phone.page)
        phone.look()
    assert Intake.objects.get().state == Intake.State.DONE


def _answer_one(page: Page) -> None:
    if page.locator("[data-hit]").count():
        page.locator("[data-hit]").locator("visible=true").nth(3).click()
        go = page.locator("button[name=next]")
    elif page.locator("main button[name=none]").count():
        go = page.locator("main button[name=none]")
    elif page.locator("main [name=text]").count():
        page.locator("main [name=text]").fill("Lift my child")
        scale = page.locator("label.choice", has=page.locator("[name=value]"))
        if scale.count():
            scale.nth(4).click()
        go = page.locator("button[name=next]")
    else:
        choices = page.locator("main button[name=value]")
        go = (
            choices.nth(min(2, choices.count() - 1)) if choices.count() else page.locator("main .btn-primary")
        )
    with page.expect_navigation():
        go.click()


def _agree(phone: Phone) -> None:
    phone.open(phone.message("agree"))
    phone.follow("agree.start")
    for _ in range(SCREENS):
        page = phone.page
        if page.locator("#name").count():
            page.locator("#name").fill("Elena Prado")
            phone.press("agree.sign")
            break
        yes = page.locator("label.choice", has=page.locator("[value=yes], [value=fine]"))
        answers = yes if yes.count() else page.locator("label.choice")
        if answers.count():
            answers.first.click()
        page.locator("main form button[type=submit]").first.click()
        phone.look()
    expect(phone.page.get_by_role("heading", name=phone.words("agree.signed"))).to_be_visible()


def _fine(phone: Phone) -> None:
    """The first day: better, and nothing of the list."""
    phone.open(phone.message("checkin", after=DAY_1))
    phone.press("followup.better")
    phone.press("followup.none")
    assert not Task.objects.filter(closed_at=None).exists()


def _worse(phone: Phone) -> None:
    """The third day: much worse, sore, and not easing."""
    phone.open(phone.message("checkin", after=DAY_3))
    phone.press("followup.worse")
    page = phone.page
    for _ in range(SCREENS):
        if not page.locator("main [name=step]").count():
            break
        if page.locator("#words").count():
            page.locator("#words").fill("Back")
            phone.press("followup.send")
            continue
        choices = page.locator("main form button.choice")
        with page.expect_navigation():
            if choices.count():
                choices.nth(min(5, choices.count() - 1)).click()
            else:
                page.locator("button[name=none]").click()
        phone.look()
    expect(page.locator("main")).to_contain_text("Maya Lindqvist")


@pytest.mark.parametrize("language", ["en", "es"])
def test_from_the_first_page_to_a_closed_task(open_page: OpenPage, doctor: User, language: str) -> None:
    phone = Phone(open_page(None, f"/?lang={language}", width=390, height=844), language)
    phone.look()
    booked = _book(phone)
    one: Patient = booked.patient
    assert (one.language, one.birth_date) == (language, BORN)
    _tell(phone)

    visit: Visit = visits.open_visit(doctor, one, location=booked.location)
    desk = open_page(doctor, f"/visits/{visit.uid}")
    desk.get_by_role("textbox", name="Findings and treatment").fill(FOUND)
    expect(desk.get_by_role("region", name="Note")).to_contain_text("T5")
    expect(desk.get_by_text("saved", exact=False).first).to_be_visible()
    desk.reload()
    desk.get_by_role("button", name="Ask on the patient’s phone").click()
    expect(desk.locator("#asked")).to_contain_text("elena@example.test")
    _agree(phone)

    desk.goto(f"/visits/{visit.uid}")
    desk.get_by_role("textbox", name="Findings and treatment").fill(f"{FOUND}\nall regions improved")
    expect(desk.get_by_role("region", name="Note")).to_contain_text("improved")
    desk.keyboard.press("Control+Enter")
    desk.get_by_label("Signing PIN").fill(PIN)
    expect(desk.get_by_role("button", name="Add addendum")).to_be_visible()
    visit.refresh_from_db()
    assert visit.state == Visit.State.SIGNED

    phone.open(phone.message("aftercare"))
    expect(phone.page.locator("h1")).to_be_visible()
    _fine(phone)
    _worse(phone)

    task = Task.objects.get(closed_at=None)
    assert task.owner == doctor
    desk.goto("/answers")
    desk.get_by_role("link", name="Elena Prado").first.click()
    desk.locator("[name=outcome]").fill("Called. Sore and no danger sign. Seen tomorrow.")
    desk.get_by_role("button", name="Close it").click()
    expect(desk.get_by_role("status").or_(desk.locator(".messages"))).to_contain_text("Closed")
    task.refresh_from_db()
    assert task.closed_by == doctor
    assert "Sore" in task.outcome
