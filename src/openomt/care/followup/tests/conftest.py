"""A visit that was signed today after treatment, and the patient it belongs to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import User
from openomt.care.followup.models import CheckIn
from openomt.care.patients.models import Patient
from openomt.care.visits import services as visits
from openomt.care.visits.drafts import Draft
from openomt.care.visits.models import Visit

TREATED = "L3 ERSl (1) restr; MFR L3; improved"
NECK = "C4 FRSr (2) restr; HVLA C4; improved"


def sign(doctor: User, patient: Patient, text: str = TREATED, day: dt.date | None = None) -> Visit:
    """A visit, signed."""
    visit = visits.open_visit(doctor, patient, location=testing.location(), day=day or timezone.localdate())
    saved = visits.save(doctor, visit, Draft(text=text, agreed=True), base=0, tab="t")
    visit.refresh_from_db()
    visits.sign(doctor, visit, revision=saved.revision)
    visit.refresh_from_db()
    return visit


@pytest.fixture
def doctor(db: None) -> User:
    testing.practice(zone="America/New_York")
    return testing.member(Role.PHYSICIAN, name="Dana Example")


@pytest.fixture
def patient(db: None) -> Patient:
    return testing.patient(
        given_names="Ada", family_name="Quill", email="ada@example.test", contact=Patient.Contact.EMAIL
    )


@pytest.fixture
def visit(doctor: User, patient: Patient) -> Visit:
    return sign(doctor, patient)


@pytest.fixture
def check_in(visit: Visit) -> Callable[..., CheckIn]:
    """`check_in(3)`: the check-in of a day, as if sent a while ago."""

    def of(day: int, **fields: Any) -> CheckIn:
        now = timezone.now()
        one = CheckIn.objects.get(visit=visit, day=day)
        values = {
            "due_at": now - dt.timedelta(hours=1),
            "sent_at": now - dt.timedelta(hours=1),
            "useless_after": now + dt.timedelta(days=2),
        }
        CheckIn.objects.filter(pk=one.pk).update(**(values | fields))
        one.refresh_from_db()
        return one

    return of
