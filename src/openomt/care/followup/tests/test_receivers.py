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
from openomt.care.followup.services import close
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


@pytest.fixture
def later(client: Client) -> Walk:
    """An adult who has begun the follow-up form."""
    testing.practice()
    mine = Walk(client, testing.patient(birth_date=dt.date(1985, 3, 4)), flow=Flow.FOLLOWUP)
    mine.begin()
    return mine


def test_one_telling_has_one_task_with_the_most_urgent_deadline_and_every_reason(later: Walk) -> None:
    later.answer("after_change", value="worse")
    opened = Task.objects.get()
    later.answer("nrs-q1", value="9")
    task = Task.objects.get()
    assert (task.pk, task.urgency, task.danger) == (opened.pk, "U", True)
    assert task.due_at < opened.due_at
    assert task.title.startswith("Intake: Worse than before the last visit, pain 9 of 10")
    assert task.origin != opened.origin
    assert task.told
    assert "Worse than before the last visit, pain 9 of 10" in task.words
    assert [event.kind for event in task.events.all()] == ["opened", "raised"]


def test_a_less_urgent_sign_is_added_and_takes_nothing_back(later: Walk) -> None:
    later.answer("after_danger", tick=["danger-face"])
    first = Task.objects.get()
    later.answer("after_new", tick=["today-fever"])
    task = Task.objects.get()
    assert (task.urgency, task.due_at, task.danger) == ("E", first.due_at, True)
    for reason in ("Your face droops", "Fever or chills"):
        assert reason in task.title
        assert reason in task.words


def test_a_sign_taken_back_stays_named_beside_a_new_one(later: Walk) -> None:
    later.answer("after_danger", tick=["danger-face"])
    first = Task.objects.get()
    later.answer("after_danger", none="1")
    later.answer("after_new", tick=["today-fever"])
    task = Task.objects.get()
    assert (task.urgency, task.due_at, task.danger) == ("E", first.due_at, True)
    assert "Your face droops" in task.title
    assert "Fever or chills" in task.title
    said, before = task.words.split("Said before:")
    assert "Fever or chills" in said
    assert "Your face droops" in before


def test_signs_of_a_whole_story_are_one_task_too(story: Walk) -> None:
    story.answer("reason", text="I want to kill myself")
    story.walk(until="danger-nerves")
    story.answer("danger-nerves", tick=["hands"])
    task = Task.objects.get()
    assert task.urgency == "E"
    assert len(task.title.removeprefix("Intake: ").split("; ")) > 1
    assert "I want to kill myself" in task.words


def test_what_is_said_after_the_task_was_closed_is_a_task_of_its_own(later: Walk) -> None:
    later.answer("after_change", value="worse")
    close(testing.member("physician"), Task.objects.get(), "Called; will come in.")
    later.answer("nrs-q1", value="9")
    assert [task.urgency for task in Task.objects.filter(closed_at=None)] == ["U"]
    assert Task.objects.count() == 2


def test_tasks_of_two_patients_stay_apart(later: Walk) -> None:
    later.answer("after_change", value="worse")
    other = Walk(Client(), testing.patient(birth_date=dt.date(1990, 3, 4)), flow=Flow.FOLLOWUP)
    other.begin()
    other.answer("after_change", value="worse")
    assert Task.objects.count() == 2


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
