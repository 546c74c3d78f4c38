"""Guardians choose among their children, and nobody gets into another family."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.models import AuditEvent
from openomt.care.patients.models import Guardian, Patient
from openomt.care.portal.sessions import KEY
from openomt.care.portal.testing import visiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def sister(guardian: Guardian) -> Patient:
    row = testing.patient(
        given_names="Cy", family_name="Quill", birth_date=timezone.localdate() - dt.timedelta(days=400)
    )
    Guardian.objects.create(
        patient=row, name="gro  QUILL", relation="mother", email="", phone="+1 (555) 555-0177"
    )
    return row


def _names(client: Client) -> str:
    return client.get(reverse("portal_people")).content.decode()


def test_a_guardian_switches_between_own_children(
    client: Client, child: Patient, guardian: Guardian, sister: Patient
) -> None:
    visiting(client, child, guardian=guardian)
    assert "Cy Quill" in _names(client)
    assert client.post(reverse("portal_person_open", args=[sister.uid])).status_code == 302
    kept = client.session[KEY]
    assert (kept["patient"], kept["guardian"]) == (sister.pk, sister.guardians.get().pk)
    event = AuditEvent.objects.filter(action="visitor.start").latest("pk")
    assert (event.patient_id, event.detail["by"], event.detail["how"]) == (sister.pk, "guardian", "switch")


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "Gil Quill"},
        {"email": "x@example.test", "phone": "555-555-0178"},
        {"may_consent": False},
        {"in_error": True},
        {"closed_at": timezone.now()},
    ],
)
def test_a_child_of_somebody_else_is_not_offered_and_does_not_open(
    client: Client, child: Patient, guardian: Guardian, sister: Patient, fields: dict[str, object]
) -> None:
    sister.guardians.update(**fields)
    visiting(client, child, guardian=guardian)
    assert "Cy Quill" not in _names(client)
    assert client.post(reverse("portal_person_open", args=[sister.uid])).status_code == 404
    assert client.session[KEY]["patient"] == child.pk


def test_a_child_turns_eighteen_and_is_no_choice_any_more(
    client: Client, child: Patient, guardian: Guardian, sister: Patient
) -> None:
    Patient.objects.filter(pk=sister.pk).update(birth_date=dt.date(2000, 1, 1))
    visiting(client, child, guardian=guardian)
    assert "Cy Quill" not in _names(client)


def test_a_patient_who_is_a_guardian_goes_to_the_child_and_back(client: Client, child: Patient) -> None:
    mother = testing.patient(
        given_names="Gro", family_name="Quill", email="gro@example.test", birth_date=dt.date(1985, 1, 2)
    )
    Guardian.objects.create(patient=child, name="Gro Quill", relation="mother", email="gro@example.test")
    visiting(client, mother)
    client.post(reverse("portal_person_open", args=[child.uid]))
    assert client.session[KEY]["guardian"] is not None
    client.post(reverse("portal_person_open", args=[mother.uid]))
    assert (client.session[KEY]["patient"], client.session[KEY]["guardian"]) == (mother.pk, None)


def test_a_guardian_does_not_become_the_patient_of_the_same_name(
    client: Client, child: Patient, guardian: Guardian
) -> None:
    mother = testing.patient(given_names="Gro", family_name="Quill", email="gro@example.test")
    visiting(client, child, guardian=guardian)
    assert client.post(reverse("portal_person_open", args=[mother.uid])).status_code == 404
