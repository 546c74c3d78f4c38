"""The pages in a browser: by keyboard, in parts, at every size, and read by axe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.models import User
from openomt.care.patients import services
from openomt.care.patients.models import (
    Course,
    MedicineEntry,
    Patient,
    PregnancyEntry,
    ProblemEntry,
    RefusalEntry,
    StoryEntry,
    SurgeryEntry,
    VitalsEntry,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Averylongwordwithoutanybreakinitthatgoesonandon" * 4


@pytest.fixture
def doctor() -> User:
    testing.practice()
    return testing.member("physician", "owner")


@pytest.fixture
def patient(doctor: User) -> Patient:
    row = testing.patient(family_name="Alvareztest", given_names="Rosa", birth_date=dt.date(1992, 3, 4))
    today = timezone.localdate()
    services.enter(ProblemEntry, row, doctor, text=LONG)
    services.enter(MedicineEntry, row, doctor, text="Eliquis 5 mg BID")
    services.end(services.enter(MedicineEntry, row, doctor, text="Ibuprofen"), doctor, stopped="2024")
    services.enter(SurgeryEntry, row, doctor, text="appendectomy")
    services.enter(PregnancyEntry, row, doctor, due_date=today + dt.timedelta(days=100))
    services.enter(VitalsEntry, row, doctor, on=today, systolic=182, diastolic=110)
    services.enter(RefusalEntry, row, doctor, technique="hvla", words="Not my neck")
    services.enter(StoryEntry, row, doctor, part="mind", label="Mood", text=LONG)
    course = services.enter(Course, row, doctor, title="Neck", started_on=today, planned_visits=4)
    services.add_goal(course, doctor, text="Lift my son", start=2, target=8)
    return row


def paths(patient: Patient, other: Patient) -> list[str]:
    own = [f"/patients/{patient.uid}/{name}" for name in ("record", "edit", "documents", "restrict")]
    pair = f"/patients/duplicates/{patient.uid}/{other.uid}"
    return [*own, "/patients", "/patients?q=zzz", "/patients/new", "/patients/duplicates", pair, "/glass"]


def test_axe_finds_nothing_serious_with_everything_unfolded(
    open_page: OpenPage, no_serious_axe: Callable[[Page], None], doctor: User, patient: Patient
) -> None:
    other = testing.patient(
        family_name="Alvareztest", given_names="Rosa", birth_date=patient.birth_date, restricted=True
    )
    services.open_glass(other, doctor, "Covering for a colleague")
    page = open_page(doctor, "/patients", dark=True)
    for path in paths(patient, other):
        page.goto(path)
        for details in page.locator("details").all():
            details.evaluate("one => { one.open = true }")
        no_serious_axe(page)


@pytest.mark.parametrize("width", [390, 820])
def test_no_page_is_wider_than_the_screen(
    open_page: OpenPage, doctor: User, patient: Patient, width: int
) -> None:
    other = testing.patient(family_name=f"{LONG[:70]}", given_names=LONG[:80], birth_date=patient.birth_date)
    page = open_page(doctor, "/patients", width=width)
    for path in paths(patient, other):
        page.goto(path)
        for details in page.locator("details").all():
            details.evaluate("one => { one.open = true }")
        root = page.locator("html")
        assert root.evaluate("html => html.scrollWidth <= html.clientWidth"), path


def test_a_patient_is_found_and_opened_by_keyboard_alone(
    open_page: OpenPage, doctor: User, patient: Patient
) -> None:
    from playwright.sync_api import expect

    page = open_page(doctor, "/patients/new")
    page.keyboard.press("/")
    page.keyboard.type("rosa alva")
    expect(page.locator("#found a")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{page.url.split('/patients')[0]}/patients/{patient.uid}/chart")


def test_a_medicine_is_added_in_its_card_by_keyboard_and_the_bar_follows(
    open_page: OpenPage, doctor: User
) -> None:
    from playwright.sync_api import expect

    row = testing.patient()
    page = open_page(doctor, f"/patients/{row.uid}/record")
    page.get_by_text("Add a medicine").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Eliquis 5 mg BID")
    page.keyboard.press("Enter")
    card = page.locator("#card-medicine")
    expect(card.get_by_text("Takes an anticoagulant ← Eliquis")).to_be_visible()
    expect(page.get_by_label("Facts of the patient")).to_contain_text("Takes an anticoagulant: Eliquis")
    expect(page.locator("#said")).to_have_text("Medicines: added.")
    # the next one can be typed at once
    expect(page.get_by_label("Medicine and dose")).to_be_focused()
    page.keyboard.type("prednisone 10 mg daily")
    page.keyboard.press("Enter")
    question = page.get_by_role("region", name="1 question only you can settle")
    expect(question).to_contain_text("Has the patient taken steroids for long?")
    question.get_by_role("button", name="Yes").click()
    expect(page.get_by_label("Facts of the patient")).to_contain_text("Long-term steroids")


def test_what_is_wrong_is_said_in_the_card_and_what_was_typed_stays(
    open_page: OpenPage, doctor: User
) -> None:
    from playwright.sync_api import expect

    row = testing.patient()
    page = open_page(doctor, f"/patients/{row.uid}/record")
    page.get_by_text("Add a problem").click()
    card = page.locator("#card-problem")
    card.get_by_label("Problem").fill("Neck pain")
    card.get_by_label("ICD-10-CM").fill("54.M")
    card.get_by_role("button", name="Add").click()
    expect(card.get_by_text("ICD-10-CM has no such code.")).to_be_visible()
    expect(card.get_by_label("ICD-10-CM")).to_be_focused()
    expect(card.get_by_label("Problem")).to_have_value("Neck pain")
