"""The chart's pages in Chromium: by keyboard alone, without scripts that fail, without serious axe findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts.models import User
from openomt.care.intake import services as intake
from openomt.care.intake.models import FormAnswer
from openomt.care.patients.models import Course, Document, Goal, Patient, StoryEntry
from openomt.care.testing import member, patient, practice
from openomt.care.visits.models import Visit, VisitRegion

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., "Page"]


@pytest.fixture
def doctor() -> User:
    practice(zone="UTC")
    return member("physician")


def full(by: User) -> Patient:
    today = timezone.localdate()
    one = patient(why_here="Mid-back pain", what_matters="Carry my son")
    course = Course.objects.create(
        patient=one,
        title="Mid-back",
        started_on=today - dt.timedelta(days=28),
        planned_visits=6,
        review_on=today,
    )
    Goal.objects.create(course=course, text="Carry my son upstairs", start=3, now=5, target=7)
    StoryEntry.objects.create(patient=one, part="mind", label="Stress", text="A new team")
    for number, back in ((1, 28), (2, 14), (3, 0)):
        visit = Visit.objects.create(
            patient=one,
            clinician=by,
            number=number,
            date=today - dt.timedelta(days=back),
            state="signed",
            course=course,
        )
        VisitRegion.objects.create(
            visit=visit,
            region="thoracic",
            state="findings",
            findings="T5 FRSr",
            severity=4 - number,
            techniques="BLT",
        )
        intake.record_answers(by, one, "peg", [7 - number] * 3, today - dt.timedelta(days=back))
        intake.record_answers(by, one, "phq4", [1, 2, 0, number], today - dt.timedelta(days=back))
    Document.objects.create(
        patient=one,
        title="A letter",
        kind="letter",
        name="x",
        media_type="x",
        size=1,
        sha256="0" * 64,
        content=b"x",
    )
    return one


@pytest.mark.parametrize(("width", "dark"), [(390, True), (1440, False)])
def test_no_screen_has_a_serious_axe_finding_or_scrolls_sideways(
    doctor: User, open_page: OpenPage, no_serious_axe: Callable[[Page], None], dark: bool, width: int
) -> None:
    one = full(doctor)
    row = intake.record_answers(doctor, one, "phq9", [1] * 9, timezone.localdate())
    forms = reverse("form_new", args=[one.uid])
    page = open_page(doctor, "/", width=width, dark=dark)
    for path in (
        reverse("chart", args=[one.uid]),
        reverse("chart", args=[one.uid]) + "?decide=change",
        reverse("compare", args=[one.uid]),
        reverse("recall") + "?weeks=0",
        forms,
        forms + "?battery=followup",
        forms + "?instrument=rmdq",
        reverse("form_answer", args=[row.uid]),
    ):
        page.goto(path)
        no_serious_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_a_questionnaire_is_entered_by_keyboard_alone(doctor: User, open_page: OpenPage) -> None:
    one = full(doctor)
    page = open_page(doctor, reverse("form_new", args=[one.uid]) + "?instrument=peg")
    page.locator("input[name=peg-q1]").first.focus()
    page.keyboard.type("5")
    page.keyboard.type("10")
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Answers of").wait_for()
    assert FormAnswer.objects.latest("pk").answers == {"q1": 5, "q2": 10, "q3": 3}


def test_an_answer_is_taken_back_by_backspace_and_by_a_second_click(
    doctor: User, open_page: OpenPage
) -> None:
    page = open_page(doctor, reverse("form_new", args=[full(doctor).uid]) + "?instrument=phq9")
    first = page.locator("input[name=phq9-q1]").nth(2)
    first.click()
    assert first.is_checked()
    first.click()
    assert not first.is_checked()
    first.click()
    page.keyboard.press("Backspace")
    assert not first.is_checked()


def test_the_timeline_is_filtered_in_place_and_the_focus_stays(doctor: User, open_page: OpenPage) -> None:
    page = open_page(doctor, reverse("chart", args=[full(doctor).uid]))
    page.get_by_role("button", name="Documents").focus()
    page.keyboard.press("Enter")
    timeline = page.get_by_role("region", name="Timeline")
    timeline.get_by_text("Visit 3").wait_for(state="detached")
    assert timeline.get_by_text("A letter").is_visible()
    assert page.evaluate("document.activeElement.id") == "show-documents"
    assert page.get_by_role("button", name="Documents").get_attribute("aria-pressed") == "true"


def test_a_review_is_decided_by_keyboard(doctor: User, open_page: OpenPage) -> None:
    one = full(doctor)
    page = open_page(doctor, reverse("chart", args=[one.uid]))
    page.get_by_role("link", name="Continue", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_label("Next review on").focus()
    page.keyboard.press("Enter")
    page.get_by_text("The course goes on.").wait_for()
    review = Course.objects.get().review_on
    assert review is not None
    assert review > timezone.localdate()


def test_two_visits_are_chosen_and_compared(doctor: User, open_page: OpenPage) -> None:
    one = full(doctor)
    page = open_page(doctor, reverse("compare", args=[one.uid]))
    page.get_by_label("First").select_option(label=f"Visit 1, {timezone.localdate() - dt.timedelta(days=28)}")
    page.get_by_role("button", name="Compare").press("Enter")
    page.wait_for_url("**/compare?a=*")
    assert page.get_by_text("Less severe").is_visible()
