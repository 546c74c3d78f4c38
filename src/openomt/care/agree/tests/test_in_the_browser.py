"""The whole way on a phone, by keyboard, in Spanish too; and the visit's page takes in what was signed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from playwright.sync_api import expect

from openomt.care.accounts.models import User
from openomt.care.agree import services
from openomt.care.agree.tests.conftest import as_patient, visit_of
from openomt.care.patients.models import Patient

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ANSWERS = {"common": "molestias", "bad-pain": "inmediato", "stop": "cualquier momento"}
"""A word of the right answer to each question."""


def _come_in(page: Page, client: Client) -> None:
    host = re.match(r"https?://[^/]+", page.url)
    assert host
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": name, "value": one.value, "url": host[0]} for name, one in client.cookies.items()]
    )


def test_a_patient_agrees_on_a_phone_by_keyboard_and_the_visit_page_knows(
    open_page: Callable[..., Page],
    no_serious_axe: Callable[[Page], None],
    ana: Patient,
    doctor: User,
) -> None:
    row = visit_of(doctor, ana)
    visit = open_page(doctor, f"/visits/{row.uid}")
    visit.get_by_role("button", name="Ask on the patient’s phone").press("Enter")
    visit.get_by_text("The link goes to ana@example.test").wait_for()
    visit.get_by_text("Not begun.").wait_for()
    asking = services.open_asking(row)
    assert asking is not None
    phone = open_page(None, "/health", width=390, height=844)
    _come_in(phone, as_patient(asking))
    phone.goto(f"/my/agree/{asking.uid}?lang=es")
    no_serious_axe(phone)
    phone.get_by_role("link", name="Empezar").press("Enter")
    for step in services.steps(asking):
        phone.wait_for_url(f"**/step/{step.name}")
        no_serious_axe(phone)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390, step.name
        if step.kind == "technique":
            word = "Nunca" if step.key == "HVLA" else "Sí"
            phone.get_by_role("radio", name=re.compile(f"^{word}")).press("Space")
        elif step.kind == "question":
            phone.get_by_role("radio", name=re.compile(ANSWERS[step.key])).press("Space")
        elif step.kind == "sign":
            phone.get_by_label("Escriba su nombre completo").fill("Ana Askedone")
        phone.get_by_role("button", name=re.compile("^(Siguiente|Ya leí|Firmar)")).press("Enter")
    phone.get_by_role("heading", name="Está firmado").wait_for()
    no_serious_axe(phone)
    visit.get_by_text("yes to Muscle energy (ME)").first.wait_for(timeout=30_000)
    expect(visit.locator("[data-always]").first).to_be_checked(timeout=30_000)
    assert visit.locator("[data-box=agreed]").is_checked()
    visit.get_by_text("The patient does not want this at all").first.wait_for()
    no_serious_axe(visit)
    visit.goto(f"/visits/{asking.visit.uid}/agree")
    no_serious_axe(visit)
