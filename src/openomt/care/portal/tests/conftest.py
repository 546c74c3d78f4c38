"""A practice, an adult and a child with a guardian, all reached by e-mail."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from openomt.care import testing
from openomt.care.patients.models import Guardian, Patient


@pytest.fixture(autouse=True)
def practice(db: None) -> None:
    testing.practice()


@pytest.fixture
def adult() -> Patient:
    return testing.patient(
        given_names="Ada",
        family_name="Quill",
        birth_date=dt.date(1980, 3, 4),
        email="ada@example.test",
        phone="555-555-0134",
        contact=Patient.Contact.EMAIL,
    )


@pytest.fixture
def child() -> Patient:
    born = timezone.localdate() - dt.timedelta(days=8 * 365)
    return testing.patient(
        given_names="Bo", family_name="Quill", birth_date=born, phone="", contact=Patient.Contact.EMAIL
    )


@pytest.fixture
def guardian(child: Patient) -> Guardian:
    return Guardian.objects.create(
        patient=child, name="Gro Quill", relation="mother", email="gro@example.test", phone="555-555-0177"
    )
