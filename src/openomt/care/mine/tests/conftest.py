"""A patient in the middle of a course, with one of most things; and another patient, who has nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import User
from openomt.care.intake.models import FormAnswer
from openomt.care.mine import services
from openomt.care.patients import services as records
from openomt.care.patients.models import Course, Document, Goal, Patient
from openomt.care.visits import services as visits
from openomt.care.visits.drafts import Draft
from openomt.care.visits.models import Visit

TEXT = "T5 FRSr (2) boggy; ME T5; improved\nL3 ERSl (1) restr; MFR L3; unchanged"


@pytest.fixture(autouse=True)
def practice(db: None) -> None:
    cache.clear()
    testing.practice(phone="555-555-0199")


@pytest.fixture
def doctor() -> User:
    return testing.member(Role.PHYSICIAN, name="Dora Vance")


@pytest.fixture
def ada(doctor: User) -> Patient:
    """Better in pain by what counts, with a plan, a visit, advice and a paper."""
    today = timezone.localdate()
    one = testing.patient(
        given_names="Ada",
        family_name="Quill",
        birth_date=dt.date(1980, 3, 4),
        email="ada@example.test",
        what_matters="Carry my grandson",
    )
    course = Course.objects.create(
        patient=one,
        title="Lumbar strain",
        started_on=today - dt.timedelta(days=30),
        planned_visits=4,
        review_on=today + dt.timedelta(days=12),
    )
    Goal.objects.create(course=course, text="Sit through dinner", start=3, now=5, target=8)
    for ago, instrument, score in ((29, "peg", 7.0), (29, "phq4", 6.0), (1, "peg", 4.0), (1, "phq4", 3.0)):
        FormAnswer.objects.create(
            patient=one, instrument=instrument, on=today - dt.timedelta(days=ago), answers={}, score=score
        )
    for ago, hours in ((29, 6), (1, 7)):
        FormAnswer.objects.create(
            patient=one, instrument="sleep", on=today - dt.timedelta(days=ago), answers={"q1": hours}
        )
    services.advise(doctor, one, "Ten slow squats each morning", days=14)
    paper = records.add_document(
        one, doctor, b"%PDF-1.4 report", "report.pdf", title="X-ray report", kind="report"
    )
    records.share_document(paper, doctor, shared=True)
    return one


@pytest.fixture
def paper(ada: Patient) -> Document:
    return Document.objects.get(patient=ada)


@pytest.fixture
def seen(ada: Patient, doctor: User) -> Visit:
    """A signed visit with treatment."""
    visit = visits.open_visit(doctor, ada, location=testing.location(), day=timezone.localdate())
    saved = visits.save(doctor, visit, Draft(text=TEXT, agreed=True), base=0, tab="t")
    visit.refresh_from_db()
    visits.sign(doctor, visit, revision=saved.revision)
    visit.refresh_from_db()
    return visit


@pytest.fixture
def other() -> Patient:
    return testing.patient(given_names="Oto", family_name="Otherone", birth_date=dt.date(1975, 6, 7))
