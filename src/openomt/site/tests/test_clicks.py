"""How many clicks and keys a whole visit costs, counted in Chromium. A chord counts as one, a typed letter as one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import User
from openomt.care.patients.models import Patient
from openomt.care.testing import PIN, location, member, patient, practice
from openomt.care.visits import services
from openomt.care.visits.documents import Document, signed_document
from openomt.care.visits.drafts import Draft
from openomt.care.visits.models import Phrase, Visit
from openomt.medicine.anatomy import Region
from openomt.medicine.visit import Response

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from openomt.conftest import OpenPage

TYPED = "C4FRSr(2),ST\nT5ERSl(2),T8FRSl,ME,MFR\nL3NRrSl,CS\nLonL,BLT"
"""Five findings in four regions, five techniques, as somebody types who knows the shorthand."""
REGIONS = {Region.CERVICAL, Region.THORACIC, Region.LUMBAR, Region.SACRAL}
TREATED = {
    ("cervical", "soft_tissue"),
    ("thoracic", "muscle_energy"),
    ("thoracic", "mfr"),
    ("lumbar", "counterstrain"),
    ("sacral", "blt"),
}
DIAGNOSES = ["M99.01", "M99.02", "M99.03", "M99.04"]
PLAN = "Walk 20 min daily. Back in 2 weeks."
MOST, MOST_AGAIN = 75, 10
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


class Hands:
    """Clicks and types, and counts both."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.clicks = 0
        self.keys = 0

    def click(self, target: Locator) -> None:
        target.click()
        self.clicks += 1

    def press(self, chord: str) -> None:
        self._page.keyboard.press(chord)
        self.keys += 1

    def type(self, text: str) -> None:
        for letter in text:
            self.press("Enter" if letter == "\n" else letter)

    @property
    def count(self) -> int:
        return self.clicks + self.keys

    def __str__(self) -> str:
        return f"{self.clicks} clicks + {self.keys} keys = {self.count}"


@pytest.fixture
def doctor() -> User:
    practice(cpt_confirmed_at=timezone.now())
    doctor = member(Role.PHYSICIAN)
    Phrase.objects.create(user=doctor, short="w", text=PLAN)
    return doctor


@pytest.fixture
def known(doctor: User) -> Patient:
    """A patient seen before, whose visits of today are therefore follow-ups."""
    return patient(why_here="Neck and back pain")


def _open(doctor: User, one: Patient, days_ago: int = 0) -> Visit:
    day = timezone.localdate() - dt.timedelta(days=days_ago)
    return services.open_visit(doctor, one, location=location(), day=day)


def _signed_before(doctor: User, one: Patient) -> None:
    visit = _open(doctor, one, days_ago=14)
    draft = Draft(text=f"{TYPED}; improved", agreed=True, plan=PLAN, danger_none=True)
    saved = services.save(doctor, visit, draft, base=0, tab="before")
    services.sign(doctor, visit, revision=saved.revision)


def _document(visit: Visit) -> Document:
    visit.refresh_from_db()
    assert visit.state == Visit.State.SIGNED
    return signed_document(visit)


def _says_it_all(document: Document) -> None:
    value = document.visit
    assert len(value.findings) == 5
    assert all(found.motion or found.pattern for found in value.findings), "each finding is structured"
    assert {found.region for found in value.findings} == REGIONS
    assert {(one.region.value, one.technique) for one in value.treatments if one.region} == TREATED
    assert dict(value.responses) == dict.fromkeys(REGIONS, Response.IMPROVED)
    assert value.consent.given is True
    assert PLAN in " ".join(value.plan.other)
    assert document.data["codes"]["treatment"]["code"] == "98926"
    assert [one["code"] for one in document.data["codes"]["diagnoses"]] == DIAGNOSES


def _sign(page: Page, hands: Hands) -> None:
    hands.press("Control+Enter")
    expect(page.get_by_label("Signing PIN")).to_be_focused()
    hands.type(PIN)
    expect(page.get_by_role("button", name="Add addendum")).to_be_visible()


def test_a_visit_from_empty_to_signed_takes_at_most_75_clicks_and_keys(
    open_page: OpenPage, doctor: User, known: Patient, tell: Callable[[str], None]
) -> None:
    visit = _open(doctor, known)
    page = open_page(doctor, f"/visits/{visit.uid}")
    hands = Hands(page)
    expect(page.get_by_role("textbox", name="Findings and treatment")).to_be_focused()
    hands.type(TYPED)
    expect(page.get_by_role("region", name="Codes")).to_contain_text("98926")
    hands.press("Alt+i")
    expect(page.get_by_role("region", name="Note")).to_contain_text("improved")
    hands.press("Alt+a")
    hands.click(page.get_by_role("textbox", name="Plan", exact=True))
    hands.type(".w ")
    expect(page.get_by_role("textbox", name="Plan", exact=True)).to_have_value(PLAN + " ")
    _sign(page, hands)
    _says_it_all(_document(visit))
    tell(f"empty to signed: {hands} (at most {MOST})")
    assert hands.count <= MOST, str(hands)


def test_a_follow_up_with_the_same_findings_takes_at_most_10_clicks_and_keys(
    open_page: OpenPage, doctor: User, known: Patient, tell: Callable[[str], None]
) -> None:
    _signed_before(doctor, known)
    visit = _open(doctor, known)
    page = open_page(doctor, f"/visits/{visit.uid}")
    hands = Hands(page)
    hands.press("Alt+c")
    expect(page.get_by_role("region", name="Codes")).to_contain_text("98926")
    hands.press("Alt+i")
    hands.press("Alt+a")
    expect(page.get_by_role("status", name="Saved")).to_contain_text("saved")
    _sign(page, hands)
    _says_it_all(_document(visit))
    tell(f"follow-up, carried forward, to signed: {hands} (at most {MOST_AGAIN})")
    assert hands.count <= MOST_AGAIN, str(hands)
