"""Before a later visit: who is asked and when, the whole form in two languages, dangers, scores and the summary."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care.booking.models import Appointment, AppointmentType
from openomt.care.booking.services import book, move
from openomt.care.contact.models import Message
from openomt.care.contact.worker import run_due
from openomt.care.intake import services
from openomt.care.intake.danger import Danger
from openomt.care.intake.flow import Flow
from openomt.care.intake.models import FormAnswer, Intake, Proposal
from openomt.care.intake.tests.conftest import TYPICAL, Walk
from openomt.care.patients.models import Course, Patient
from openomt.care.portal.access import Scope
from openomt.care.testing import appointment_type, location, member, signed_in

pytestmark = pytest.mark.django_db
Walker = Callable[..., Walk]
ACTIVITY = "Lift my child"
BETTER: dict[str, Any] = {
    "after_change": {"value": "better"},
    "peg-q1": {"value": "2"},
    "peg-q2": {"value": "2"},
    "peg-q3": {"value": "2"},
    "nrs-q1": {"value": "2"},
    "psfs-q1": {"value": "7"},
    "sleep-q2": {"value": "8"},
    "pgic-q1": {"value": "2"},
}


@pytest.fixture
def told(walk: Walker, adult: Patient) -> Patient:
    """Who told their story three weeks ago."""
    mine = walk(adult)
    mine.begin()
    mine.walk()
    mine.client.post(reverse("intake_mine_send", args=[mine.intake.uid]))
    then = timezone.now() - dt.timedelta(days=21)
    Intake.objects.update(made_at=then, started_at=then, finished_at=then)
    FormAnswer.objects.update(on=timezone.localdate(then))
    return adult


@pytest.fixture
def later(walk: Walker, told: Patient) -> Walk:
    mine: Walk = walk(told, Scope.INTAKE, Flow.FOLLOWUP)
    return mine


def _send(mine: Walk) -> str:
    page = mine.client.post(reverse("intake_mine_send", args=[mine.intake.uid]), follow=True)
    return str(page.content.decode())


def _book(one: Patient, days: float = 20) -> Appointment:
    start = (timezone.now() + dt.timedelta(days=days)).replace(hour=15, minute=0, second=0, microsecond=0)
    kind = appointment_type(name="Follow-up", kind=AppointmentType.Kind.FOLLOW_UP)
    return book(None, one, member("physician"), location(), kind, start, override="no hours are set")


# Who is asked, and when -----------------------------------------------------------------------------------


def test_a_later_visit_brings_it_two_days_before_and_once(told: Patient) -> None:
    booked = _book(told)
    run_due(booked.start - dt.timedelta(days=3))
    assert not Intake.objects.filter(state=Intake.State.OPEN).exists()
    for _ in range(2):
        run_due(booked.start - dt.timedelta(days=1))
    mine = Intake.objects.get(state=Intake.State.OPEN)
    assert (mine.flow, mine.appointment_id) == (Flow.FOLLOWUP, booked.pk)
    assert Message.objects.filter(template="intake_followup").count() == 1


def test_a_visit_that_was_moved_brings_it_before_its_new_time(told: Patient) -> None:
    booked = _book(told)
    earlier = booked.start - dt.timedelta(days=10)
    move(
        member("front_desk"), booked, booked.clinician, booked.location, earlier, override="no hours are set"
    )
    run_due(earlier - dt.timedelta(days=1))
    assert Message.objects.filter(template="intake_followup").count() == 1
    run_due(booked.start + dt.timedelta(days=9))
    assert Message.objects.filter(template="intake_followup").count() == 1


@pytest.mark.parametrize(("days", "flow"), [(300, Flow.FOLLOWUP), (400, Flow.INTAKE)])
def test_an_old_story_is_told_again_as_a_whole(days: int, flow: Flow, told: Patient) -> None:
    Intake.objects.update(finished_at=timezone.now() - dt.timedelta(days=days))
    assert services.flow_due(told) is flow


def test_who_told_no_story_here_is_not_asked(adult: Patient) -> None:
    booked = _book(adult)
    run_due(booked.start - dt.timedelta(hours=3))
    assert not Intake.objects.exists()


def test_what_was_begun_before_a_visit_that_is_past_is_not_gone_on_with(told: Patient) -> None:
    first, second = _book(told, 1), _book(told, 8)
    old = services.open_one(told, first, flow=Flow.FOLLOWUP)
    assert services.open_one(told, second, flow=Flow.FOLLOWUP) == old
    ago = timezone.now() - dt.timedelta(hours=1)
    Appointment.objects.filter(pk=first.pk).update(start=ago, end=ago + dt.timedelta(minutes=30))
    Intake.objects.filter(pk=old.pk).update(appointment=first)
    new = services.open_one(told, second, flow=Flow.FOLLOWUP)
    assert new != old
    assert services.open_one(told).flow == Flow.INTAKE  # the whole story replaces it
    states = dict(Intake.objects.filter(flow=Flow.FOLLOWUP).values_list("pk", "state"))
    assert states == {old.pk: "withdrawn", new.pk: "withdrawn"}


def test_staff_send_it(client: Client, told: Patient) -> None:
    desk = signed_in(client, member("front_desk"))
    desk.post(reverse("intake_send", args=[told.uid]), {"flow": "followup"})
    assert Intake.objects.get(state=Intake.State.OPEN).flow == Flow.FOLLOWUP


# Telling ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "keys", "asks", "scores"),
    [
        (
            "en",
            ["peg-q1", "peg-q2", "peg-q3", "psfs-q1", "sleep-q2"],
            "How well can you do this now?",
            {"peg": 2.0, "psfs": 7.0, "sleep": None},
        ),
        (
            "es",
            ["nrs-q1", "psfs-q1", "sleep-q2"],
            "¿Qué tan bien puede hacer esto ahora?",
            {"nrs": 2.0, "psfs": 7.0, "sleep": None},
        ),
    ],
)
def test_the_whole_form_is_told_and_scored(
    *,
    language: str,
    keys: list[str],
    asks: str,
    scores: dict[str, float | None],
    later: Walk,
    heard: list[Danger],
) -> None:
    Patient.objects.filter(pk=later.intake.patient_id).update(language=language)
    before = set(FormAnswer.objects.values_list("pk", flat=True))
    later.begin()
    seen: dict[str, str] = {}
    asked = later.walk(
        language=language,
        typical=BETTER,
        seen=lambda step, page: seen.update({step.key: html.unescape(page)}),
    )
    assert asked == ["after_change", "after_danger", "after_new", *keys]
    assert ACTIVITY in seen["psfs-q1"]
    assert asks in seen["psfs-q1"]
    assert all(f'<html lang="{language}"' in page for page in seen.values())
    _send(later)
    assert later.now().state == Intake.State.DONE
    new = FormAnswer.objects.exclude(pk__in=before)
    assert dict(new.values_list("instrument", "score")) == scores
    assert new.get(instrument="psfs").answers == {"q1": {"value": 7, "text": ACTIVITY}}
    assert Proposal.objects.filter(intake=later.intake).count() == 0
    assert not heard


def test_another_device_goes_on_where_it_stopped(later: Walk) -> None:
    later.begin()
    later.walk(until="after_new", typical=BETTER)
    there = later.client.get(reverse("intake_mine", args=[later.intake.uid]))
    assert there["Location"] == later.at("after_new")


def test_danger_signs_cannot_be_left_out(later: Walk) -> None:
    later.begin()
    assert later.answer("after_danger", skip="1").status_code == 400
    assert later.answer("after_new").status_code == 400


def test_what_was_rated_last_is_what_is_rated_next_whoever_wrote_it_down(later: Walk, told: Patient) -> None:
    at_the_desk = {"q1": {"value": 5, "text": "Climb stairs"}}
    services.record_answers(member("physician"), told, "psfs", at_the_desk, timezone.localdate())
    assert [step.words for step in later.steps() if step.instrument == "psfs"] == ["Climb stairs"]


@pytest.mark.parametrize(("days", "asked"), [(-3, True), (0, True), (9, False)])
def test_change_since_the_start_is_asked_where_the_review_is_due(
    days: int, asked: bool, later: Walk, told: Patient
) -> None:
    today = timezone.localdate()
    Course.objects.create(
        patient=told, title="Back", started_on=today, planned_visits=4, review_on=today + dt.timedelta(days)
    )
    assert ("pgic-q1" in [step.key for step in later.steps()]) is asked


# Dangers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("screen", "sent", "urgency", "first"),
    [
        ("after_danger", {"tick": ["danger-chest"]}, "E", "Call 911 now"),
        ("after_new", {"tick": ["today-calf"]}, "U", "We want to talk to you today"),
        ("after_change", {"value": "much_worse"}, "U", "We want to talk to you today"),
    ],
)
def test_a_danger_is_told_first_and_to_the_practice_at_once(
    *, screen: str, sent: dict[str, Any], urgency: str, first: str, later: Walk, heard: list[Danger]
) -> None:
    later.begin()
    later.walk(until=screen, typical=BETTER)
    answer = later.answer(screen, **sent)
    assert answer["Location"] == reverse("intake_mine_now", args=[later.intake.uid])
    page = later.client.get(answer["Location"]).content.decode()
    assert page.index(first) < page.index("<main")
    assert later.at(screen) in page  # where a mistake is taken back
    assert [one.urgency for one in heard] == [urgency]


def test_another_sign_is_told_again_and_the_same_is_not(later: Walk, heard: list[Danger]) -> None:
    later.begin()
    for ticks in (["danger-chest"], ["danger-chest"], ["danger-chest", "danger-face"]):
        later.answer("after_danger", tick=ticks)
    assert len(heard) == 2


def test_soreness_that_lasts_is_told_once_and_severe_pain_again(later: Walk, heard: list[Danger]) -> None:
    later.begin()
    assert later.answer("after_change", value="worse")["Location"] == later.at("nrs-q1")
    later.answer("nrs-q1", value="3")
    assert [(one.urgency, one.at_once, one.task.working) for one in heard] == [("S", False, True)]
    assert later.answer("nrs-q1", value="9")["Location"].endswith("/now")
    assert [one.urgency for one in heard] == ["S", "U"]


# What the physician reads ----------------------------------------------------------------------------------


def test_the_physician_reads_what_changed_and_what_still_waits_of_the_story(
    later: Walk, told: Patient
) -> None:
    later.begin()
    typical = {**BETTER, "after_change": {"value": "worse"}, "after_new": {"tick": "today-bruise"}}
    later.walk(typical=typical)
    _send(later)
    doctor = signed_in(Client(), member("physician"))
    page = html.unescape(doctor.get(reverse("intake_summary", args=[later.intake.uid])).content.decode())
    for said in (
        "Follow-up form",
        "A bit worse",
        "A big bruise, or one that grows.",
        "PEG 5",
        "PEG 2",
        "better",
        ACTIVITY,
    ):
        assert said in page
    assert "still to ask at the visit" not in page
    story = Intake.objects.get(flow=Flow.INTAKE)
    chart = html.unescape(doctor.get(reverse("chart", args=[told.uid])).content.decode())
    assert "Before a later visit" in chart
    assert f"{reverse('intake_summary', args=[story.uid])}#proposed" in chart


def test_a_story_told_again_starts_from_the_newest_words(later: Walk, walk: Walker, told: Patient) -> None:
    later.begin()
    later.walk(typical=BETTER)
    _send(later)
    again = walk(told)
    again.begin()
    page = html.unescape(again.client.get(again.at("reason")).content.decode())
    assert TYPICAL["reason"]["text"] in page
    assert ACTIVITY in again.client.get(again.at("psfs-q1")).content.decode()
