"""What the tests of agreeing share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import User
from openomt.care.agree import services
from openomt.care.agree.models import Asking
from openomt.care.patients.models import Guardian, Patient
from openomt.care.patients.services import enter
from openomt.care.portal.access import Scope
from openomt.care.portal.testing import visiting
from openomt.care.testing import location, member, patient, practice
from openomt.care.visits import services as visits
from openomt.care.visits.drafts import Draft
from openomt.care.visits.models import Visit

TEXT = "T5 FRSr (2); HVLA T5, ME T5\nL3 ERSl (1); ME L3"


@pytest.fixture
def doctor() -> User:
    practice()
    return member(Role.PHYSICIAN, name="Dana Doctor")


@pytest.fixture
def ana() -> Patient:
    return patient(given_names="Ana", family_name="Askedone", email="ana@example.test", contact="email")


@pytest.fixture
def child() -> tuple[Patient, Guardian]:
    born = timezone.localdate() - dt.timedelta(days=365 * 8)
    row = patient(given_names="Kim", family_name="Little", birth_date=born, contact="email")
    guardian = enter(Guardian, row, None, name="Gina Little", relation="mother", email="gina@example.test")
    return row, guardian


def visit_of(doctor: User, one: Patient, text: str = TEXT) -> Visit:
    visit = visits.open_visit(doctor, one, location=location())
    visits.save(doctor, visit, Draft(text=text), base=0, tab="test")
    visit.refresh_from_db()
    return visit


@pytest.fixture
def asking(doctor: User, ana: Patient) -> Asking:
    return services.ask(doctor, visit_of(doctor, ana), ["HVLA", "ME"])


Walk = Callable[..., Client]


@pytest.fixture
def walk() -> Walk:
    """`walk(client, asking, HVLA="always")`: answers every step (yes to what is not named) and signs."""
    return walked


def walked(client: Client, asking: Asking, *, name: str = "Ana Askedone", **said: str) -> Client:
    base = f"/my/agree/{asking.uid}/step/"
    for step in services.steps(asking):
        sent = {
            "technique": {"answer": said.get(step.key, "yes")},
            "thrust": {"answer": said.get("thrust", "fine")},
            "question": {"answer": RIGHT.get(step.key, "")},
            "child": {"answer": said.get("child", "yes"), "words": said.get("words", "")},
            "sign": {"name": name, "interpreter": said.get("interpreter", "")},
        }.get(step.kind, {})
        answer = client.post(base + step.name, sent)
        assert answer.status_code == 302, (step, answer.content.decode())
    return client


RIGHT = {"common": "sore", "bad-pain": "call", "stop": "always"}


def as_patient(asking: Asking, guardian: Guardian | None = None, *, tablet: bool = False) -> Client:
    return visiting(
        Client(),
        asking.visit.patient,
        Scope.AGREE,
        guardian,
        target=f"/my/agree/{asking.uid}",
        tablet=tablet,
    )
