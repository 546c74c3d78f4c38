"""The page after a visit: sent, read by its patient alone, made from what was treated, on one sheet of paper."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from openomt.care import testing
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.contact.models import Message
from openomt.care.followup.aftercare.services import sheets
from openomt.care.followup.tests.conftest import NECK, sign
from openomt.care.patients.models import Patient
from openomt.care.portal import doors
from openomt.care.portal.access import Scope
from openomt.care.portal.models import PrivateLink
from openomt.care.portal.testing import visiting
from openomt.care.visits.models import SignedVisit, Visit
from openomt.knowledge import load
from openomt.knowledge.redflags import Aftercare

pytestmark = pytest.mark.django_db
MUCH = """C4 FRSr (2) tender
T5 FRSr (2) tender; ribs 3-5 inh L
L3 ERSl (1) restr
sacrum L on R torsion
ME T5, ribs 3-5; improved
HVLA C4; improved
MFR L3; improved
BLT sacrum; unchanged"""


def test_the_link_goes_out_when_the_visit_is_signed(visit: Visit) -> None:
    [message] = Message.objects.filter(template="aftercare")
    assert message.patient == visit.patient
    link = PrivateLink.objects.get(scope=Scope.AFTERCARE)
    assert link.target == reverse("followup_mine_aftercare", args=[visit.uid])


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_says_what_the_sheet_says(visit: Visit, client: Client, language: str) -> None:
    address = reverse("followup_mine_aftercare", args=[visit.uid])
    visiting(client, visit.patient, Scope.AFTERCARE, target=address)
    shown = html.unescape(client.get(address, {"lang": language}).content.decode())
    for record in load().all(Aftercare):
        assert (record.en if language == "en" else record.es) in shown
    assert ("low back" if language == "en" else "parte baja de la espalda") in shown
    assert shown.index("911") < shown.index("Walk" if language == "en" else "Camine")
    assert shown.count("202") >= 3  # the days on which the patient is asked
    assert AuditEvent.objects.filter(action="aftercare.read", patient_id=visit.patient_id).exists()


def test_the_page_is_its_patients_alone(visit: Visit, client: Client) -> None:
    page, sheet = (
        reverse(name, args=[visit.uid]) for name in ("followup_mine_aftercare", "followup_mine_aftercare_pdf")
    )
    visiting(client, testing.patient())
    assert {client.get(page).status_code, client.get(sheet).status_code} == {404}
    visiting(client, visit.patient, Scope.CHECKIN)
    assert {client.get(page).status_code, client.get(sheet).status_code} == {403}
    visiting(client, visit.patient)
    assert {client.get(page).status_code, client.get(sheet).status_code} == {200}


def test_a_visit_without_treatment_has_no_page(doctor: User, patient: Patient, client: Client) -> None:
    visit = sign(doctor, patient, text="L3 ERSl (1) restr")
    assert not sheets(patient).exists()
    visiting(client, patient)
    assert client.get(reverse("followup_mine_aftercare", args=[visit.uid])).status_code == 404


def test_a_document_that_was_changed_is_not_shown(
    visit: Visit, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openomt.care.visits.documents.digest", lambda _text: "changed")
    visiting(client, visit.patient)
    answer = client.get(reverse("followup_mine_aftercare", args=[visit.uid]))
    assert answer.status_code == 409
    assert "Please call us" in answer.content.decode()
    assert SignedVisit.objects.exists()


@pytest.mark.skipif(not shutil.which("pdfinfo"), reason="poppler-utils is not installed")
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("text", [NECK, MUCH], ids=["one region", "five regions"])
def test_the_sheet_is_one_page(  # noqa: PLR0917  (fixtures)
    doctor: User, patient: Patient, client: Client, tmp_path: Path, language: str, text: str
) -> None:
    visit = sign(doctor, patient, text=text)
    visiting(client, patient)
    made = client.get(reverse("followup_mine_aftercare_pdf", args=[visit.uid]), {"lang": language}).content
    file = tmp_path / "sheet.pdf"
    file.write_bytes(made)
    told = subprocess.run(["pdfinfo", file], capture_output=True, check=True).stdout.decode()  # noqa: S607
    assert re.search(r"Pages:\s+1$", told, re.MULTILINE)
    assert re.search(r"Tagged:\s+yes", told)


def test_staff_can_open_both_pages_from_the_patients_door(visit: Visit) -> None:
    assert doors.offer(visit.patient, "aftercare") is not None
    assert doors.offer(visit.patient, "checkin") is None  # day 1 is tomorrow
