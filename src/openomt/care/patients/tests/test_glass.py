"""Restricted charts: who gets in, who is asked for a reason, and what is kept of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.patients import services
from openomt.care.patients.models import OpenedGlass, Patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor() -> User:
    return testing.member("physician")


@pytest.fixture
def patient() -> Patient:
    return testing.patient(restricted=True)


def test_a_reason_is_asked_kept_and_opens_the_page_that_was_wanted(
    client: Client, doctor: User, patient: Patient
) -> None:
    signed = testing.signed_in(client, doctor)
    wanted = f"/patients/{patient.uid}/record"
    asked = signed.get(wanted)
    assert asked.status_code == 302
    assert asked["Location"].startswith(f"/patients/{patient.uid}/open?next=")
    assert not AuditEvent.objects.filter(action="record.read").exists()
    page = signed.get(asked["Location"])
    assert wanted in page.content.decode()
    short = signed.post(asked["Location"], {"reason": "because", "next": wanted})
    assert short.status_code == 422
    assert "because" in short.content.decode()
    opened = signed.post(asked["Location"], {"reason": "Covering for a colleague", "next": wanted})
    assert opened["Location"] == wanted
    assert signed.get(wanted).status_code == 200
    event = AuditEvent.objects.get(action="glass.opened")
    assert (event.actor, event.patient_id) == (doctor, patient.pk)
    assert "colleague" not in str(event.detail)


def test_it_closes_after_its_hours(client: Client, doctor: User, patient: Patient) -> None:
    services.open_glass(patient, doctor, "Covering for a colleague")
    OpenedGlass.objects.update(until=timezone.now() - dt.timedelta(seconds=1))
    assert testing.signed_in(client, doctor).get(f"/patients/{patient.uid}/record").status_code == 302


def test_it_opens_to_one_person_only(client: Client, doctor: User, patient: Patient) -> None:
    services.open_glass(patient, doctor, "Covering for a colleague")
    other = testing.signed_in(client, testing.member("physician"))
    assert other.get(f"/patients/{patient.uid}/record").status_code == 302


def test_the_care_team_is_not_asked(client: Client, doctor: User, patient: Patient) -> None:
    patient.care_team.add(doctor)
    signed = testing.signed_in(client, doctor)
    assert signed.get(f"/patients/{patient.uid}/record").status_code == 200
    assert signed.get(f"/patients/{patient.uid}/open").status_code == 302


@pytest.mark.parametrize(
    "path",
    ["edit", "documents", "restrict", "record/medicine/add", "record/answer", "record/about"],
)
def test_no_page_of_it_opens_without_a_reason(
    client: Client, doctor: User, patient: Patient, path: str
) -> None:
    signed = testing.signed_in(client, doctor)
    answer = signed.post(f"/patients/{patient.uid}/{path}", {"text": "Ibuprofen"})
    assert answer.status_code == 302
    assert answer["Location"] == f"/patients/{patient.uid}/open"
    assert patient.medicines.count() == 0


def test_scripts_and_parts_of_pages_are_told_too(client: Client, doctor: User, patient: Patient) -> None:
    signed = testing.signed_in(client, doctor)
    part = signed.get(f"/patients/{patient.uid}/record", headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == f"/patients/{patient.uid}/open"
    data = signed.get(f"/patients/{patient.uid}/record", headers={"Accept": "application/json"})
    assert (data.status_code, data.json()["error"]) == (403, "restricted chart")


@pytest.mark.parametrize(
    "target",
    ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "\\\\elsewhere", "x"],
)
def test_nobody_is_led_elsewhere(client: Client, doctor: User, patient: Patient, target: str) -> None:
    signed = testing.signed_in(client, doctor)
    opened = signed.post(
        f"/patients/{patient.uid}/open", {"reason": "Covering for a colleague", "next": target}
    )
    assert opened["Location"] == f"/patients/{patient.uid}/chart"


def test_owner_and_auditor_read_the_openings(client: Client, doctor: User, patient: Patient) -> None:
    services.open_glass(patient, doctor, "<i>Covering</i> for a colleague")
    for role in ("owner", "auditor"):
        page = testing.signed_in(Client(), testing.member(role)).get("/glass").content.decode()
        assert "&lt;i&gt;Covering&lt;/i&gt; for a colleague" in page
    assert testing.signed_in(client, doctor).get("/glass").status_code == 403


def test_a_duplicate_that_is_restricted_is_not_merged_unseen(
    client: Client, doctor: User, patient: Patient
) -> None:
    other = testing.patient()
    signed = testing.signed_in(client, doctor)
    answer = signed.post(f"/patients/duplicates/{other.uid}/{patient.uid}/merge", {"keep": str(other.uid)})
    assert answer["Location"] == f"/patients/{patient.uid}/open"
    patient.refresh_from_db()
    assert patient.merged_into is None
