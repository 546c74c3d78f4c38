"""A practice, an adult, a child and a baby with a guardian, and a patient's browser that walks through an intake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care import testing
from openomt.care.intake import services
from openomt.care.intake.danger import Danger
from openomt.care.intake.flow import Flow, Step, Teller, steps
from openomt.care.intake.models import Intake
from openomt.care.intake.signals import danger_answered
from openomt.care.intake.tellers import target_of, teller_of
from openomt.care.patients.models import Guardian, Patient
from openomt.care.portal.access import Scope
from openomt.care.portal.testing import visiting

TYPICAL: Mapping[str, Any] = {
    "reason": {"text": "My low back has hurt for two months"},
    "where": {"place": ["low_back-left"]},
    "examined": {"value": "no"},
    "birth": {"value": "neither"},
    "psfs-q1": {"text": "Lift my child", "value": "4"},
    "psfs-q2": {"skip": "1"},
    "medicine": {"text": "Ibuprofen 400 mg"},
    "hope": {"text": "Sleep through the night"},
    "sleep-q1": {"value": "6"},
    "evs-q1": {"value": "3"},
    "evs-q2": {"value": "30"},
}
"""What the scripted typical patient sends; elsewhere they say none, or the mildest."""


@pytest.fixture
def practice() -> None:
    testing.practice()


@pytest.fixture
def adult(practice: None) -> Patient:
    return testing.patient(
        given_names="Ada",
        family_name="Quill",
        birth_date=dt.date(1985, 3, 4),
        email="ada@example.test",
        contact=Patient.Contact.EMAIL,
    )


def _minor(years: float) -> Patient:
    born = timezone.localdate() - dt.timedelta(days=round(years * 365.25))
    one = testing.patient(
        given_names="Bo", family_name="Quill", birth_date=born, phone="", contact=Patient.Contact.EMAIL
    )
    Guardian.objects.create(patient=one, name="Gro Quill", relation="mother", email="gro@example.test")
    return one


@pytest.fixture
def child(practice: None) -> Patient:
    return _minor(8)


@pytest.fixture
def baby(practice: None) -> Patient:
    return _minor(0.4)


def sent_for(step: Step, typical: Mapping[str, Any] = TYPICAL) -> dict[str, Any]:
    """What the typical patient sends to a screen."""
    if step.key in typical:
        return dict(typical[step.key])
    if step.kind == "item":
        return {"value": str(step.item.choices[0].value if step.item and step.item.choices else 5)}
    if step.kind == "choice":
        return {"value": step.asked.options[0]}
    if step.kind in ("danger", "after", "record", "places"):
        return {"none": "1"}
    return {"skip": "1"}


class Walk:
    """A patient's browser in one intake."""

    def __init__(
        self, client: Client, patient: Patient, scope: Scope = Scope.INTAKE, flow: Flow = Flow.INTAKE
    ) -> None:
        self.intake: Intake = services.open_one(patient, flow=flow)
        self.client = visiting(client, patient, scope, self.intake.guardian, target_of(self.intake))

    def at(self, key: str) -> str:
        return reverse("intake_mine_question", args=[self.intake.uid, key])

    def begin(self) -> Any:
        return self.client.post(reverse("intake_mine", args=[self.intake.uid]), follow=True)

    def now(self) -> Intake:
        self.intake.refresh_from_db()
        return self.intake

    def teller(self, language: str = "en") -> Teller:
        now = self.now()
        return teller_of(now, language, now.guardian)

    def steps(self, language: str = "en") -> tuple[Step, ...]:
        return steps(self.teller(language), self.intake.answers)

    def answer(self, key: str, **sent: Any) -> Any:
        return self.client.post(self.at(key), sent)

    def walk(
        self,
        *,
        until: str = "",
        language: str = "en",
        seen: Callable[[Step, str], None] | None = None,
        typical: Mapping[str, Any] = TYPICAL,
    ) -> list[str]:
        """Answers screen after screen as the typical patient; the keys in order. Stops before `until`."""
        keys: list[str] = []
        teller = self.teller(language)  # answers change nothing of what is on record
        for _ in range(80):
            answers = self.now().answers
            left = [step for step in steps(teller, answers) if step.key not in answers]
            if not left or left[0].key == until:
                return keys
            step = left[0]
            if seen is not None:
                seen(step, self.client.get(self.at(step.key)).content.decode())
            answer = self.answer(step.key, **sent_for(step, typical))
            assert answer.status_code == 302, (step.key, answer.content.decode())
            keys.append(step.key)
        raise AssertionError("the intake does not end")


@pytest.fixture
def walk(client: Client) -> Callable[..., Walk]:
    return lambda patient, scope=Scope.INTAKE, flow=Flow.INTAKE: Walk(client, patient, scope, flow)


@pytest.fixture
def heard() -> Iterator[list[Danger]]:
    """The dangers of which the practice hears."""
    found: list[Danger] = []

    def hear(danger: Danger, **_more: Any) -> None:
        found.append(danger)

    danger_answered.connect(hear)
    yield found
    danger_answered.disconnect(hear)
