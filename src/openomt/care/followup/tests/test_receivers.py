"""A danger sign in an intake is a task at once, with its deadline, for whom the patient is booked with."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from openomt.care import testing
from openomt.care.booking.models import Appointment
from openomt.care.booking.reasons import screened
from openomt.care.booking.signals import danger_told
from openomt.care.followup.models import Task
from openomt.care.intake.flow import Flow
from openomt.care.intake.models import Intake
from openomt.care.intake.tellers import finished
from openomt.care.intake.tests.conftest import Walk
from openomt.care.patients.models import Patient

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(client: Client) -> Walk:
    """An adult who has begun."""
    testing.practice()
    mine = Walk(client, testing.patient(birth_date=dt.date(1985, 3, 4), sex=Patient.Sex.FEMALE))
    mine.begin()
    return mine


@pytest.mark.parametrize(
    ("screen", "tick", "urgency", "hours"),
    [
        ("danger-nerves", "saddle", "E", 0),
        ("danger-nerves", "hands", "U", 4),
        ("danger-now", "chest", "E", 0),
    ],
)
def test_a_danger_is_a_task_with_its_deadline(
    screen: str, tick: str, urgency: str, hours: int, story: Walk
) -> None:
    before = timezone.now()
    story.walk(until=screen)
    story.answer(screen, tick=[tick])
    task = Task.objects.get()
    assert (task.urgency, task.patient_id, task.danger) == (urgency, story.intake.patient_id, True)
    assert before <= task.due_at - dt.timedelta(hours=hours) <= timezone.now()
    assert (task.source, task.get_source_display()) == ("intake", "Answer in an intake")
    assert task.title.startswith("Intake: ")
    assert task.told[0]
    assert task.words


def test_it_is_for_whom_the_patient_is_booked_with(story: Walk) -> None:
    booked = testing.appointment(patient=story.intake.patient)
    Intake.objects.filter(pk=story.intake.pk).update(appointment=booked)
    story.answer("reason", text="I want to kill myself")
    assert Task.objects.get().owner == booked.clinician


def test_pain_that_nobody_examined_is_a_call_in_office_hours_and_no_danger(story: Walk) -> None:
    story.walk(until="examined")
    assert story.answer("examined", value="yes")["Location"] == story.at("peg-q1")
    task = Task.objects.get()
    assert (task.urgency, task.danger) == ("C", False)
    assert task.due_at > timezone.now() + dt.timedelta(hours=5)


@pytest.mark.parametrize(
    ("screen", "sent", "urgency", "danger", "words"),
    [
        ("after_danger", {"tick": ["danger-face"]}, "E", True, "Your face droops"),
        ("after_new", {"tick": ["today-fever"]}, "U", True, "Fever or chills."),
        ("after_change", {"value": "worse"}, "C", False, "Worse than before the last visit"),
    ],
)
def test_a_bad_after_effect_before_a_later_visit_is_a_task_as_after_a_check_in(
    *, screen: str, sent: dict[str, Any], urgency: str, danger: bool, words: str, client: Client
) -> None:
    testing.practice()
    mine = Walk(client, testing.patient(birth_date=dt.date(1985, 3, 4)), flow=Flow.FOLLOWUP)
    mine.begin()
    mine.answer(screen, **sent)
    task = Task.objects.get()
    assert (task.urgency, task.danger) == (urgency, danger)
    assert words in task.words
    assert task.due_at >= task.opened_at


def test_an_answer_without_danger_is_no_task(story: Walk) -> None:
    story.walk()
    assert not finished(story.intake.patient)
    assert not Task.objects.exists()


def test_a_danger_in_the_reason_of_a_booking_is_a_task_for_whom_it_is_booked_with() -> None:
    testing.practice()
    reason = "Chest pain and I can not breathe"
    booked = testing.appointment(reason=reason)
    told = screened(reason, dt.date(1985, 3, 4), "female", "en")
    assert told is not None
    danger_told.send(Appointment, appointment=booked, told=told)
    task = Task.objects.get()
    assert (task.urgency, task.danger, task.owner) == ("E", True, booked.clinician)
    assert (task.words, task.told[0]) == (reason, told.act)
    assert task.source == "booking"
    assert task.title.startswith("Booked online: ")
