"""Entering questionnaires at the desk: choose, answer, see what it means, do what must be done."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts.models import AuditEvent, User
from openomt.care.followup.models import Task
from openomt.care.intake import services
from openomt.care.intake.models import FormAnswer
from openomt.care.patients.models import Patient
from openomt.care.testing import member, patient, practice, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor() -> User:
    practice(zone="UTC")
    return member("physician")


def get(who: User, one: Patient, **query: str) -> Any:
    return signed_in(Client(), who).get(reverse("form_new", args=[one.uid]), query)


def send(who: User, one: Patient, query: str, **values: object) -> Any:
    data = {"on": timezone.localdate().isoformat()} | {
        name.replace("__", "-"): value for name, value in values.items()
    }
    return signed_in(Client(), who).post(f"{reverse('form_new', args=[one.uid])}?{query}", data)


def test_the_choice_names_every_instrument_and_its_last_answer(doctor: User) -> None:
    one = patient()
    services.record_answers(doctor, one, "peg", [6, 6, 6], timezone.localdate())
    html = get(doctor, one).content.decode()
    for name in ("PEG", "PSFS", "PHQ-9", "RMDQ", "PGIC", "Before each later visit", "Default intake"):
        assert name in html, name
    assert re.search(r": 6</a>\s*<span[^>]*>moderate", html)


@pytest.mark.parametrize(
    "query",
    [
        {"instrument": "peg"},
        {"instrument": "PHQ-9", "language": "es"},
        {"battery": "followup"},
        {"instrument": "rmdq"},
    ],
)
def test_the_questions_stand_on_the_page(doctor: User, query: dict[str, str]) -> None:
    answer = get(doctor, patient(), **query)
    assert answer.status_code == 200
    assert b"Answered on" in answer.content


@pytest.mark.parametrize(
    "query",
    [
        {"instrument": "odi"},
        {"instrument": "'; DROP TABLE"},
        {"instrument": "é🙂" * 9000},
        {"battery": "none"},
    ],
)
def test_what_is_not_shipped_is_not_there(doctor: User, query: dict[str, str]) -> None:
    assert get(doctor, patient(), **query).status_code == 404


def test_answers_are_kept_scored_and_shown_with_their_meaning(doctor: User) -> None:
    one = patient()
    services.record_answers(doctor, one, "peg", [8, 8, 8], timezone.localdate() - dt.timedelta(days=20))
    answer = send(doctor, one, "instrument=peg", peg__q1="4", peg__q2="4", peg__q3="4")
    kept = FormAnswer.objects.latest("pk")
    assert answer.status_code == 302
    assert (kept.score, kept.words, kept.entered_by) == (4.0, "moderate", doctor)
    html = signed_in(Client(), doctor).get(answer["Location"]).content.decode()
    for words in ("Moderate", "Improved", "30 percent, and 1 point or more", "average pain"):
        assert words in html, words
    assert AuditEvent.objects.filter(action="form.read", patient_id=one.pk).exists()


def test_a_battery_is_kept_as_one_occasion_and_what_was_left_out_is_not(doctor: User) -> None:
    one = patient()
    answer = send(
        doctor,
        one,
        "battery=followup",
        peg__q1="4",
        peg__q2="4",
        peg__q3="4",
        psfs__q1_text="climb stairs",
        psfs__q1="3",
    )
    assert answer.status_code == 302
    assert list(FormAnswer.objects.values_list("instrument", "score")) == [("peg", 4.0), ("psfs", 3.0)]
    assert FormAnswer.objects.values("entered_at").distinct().count() == 1
    html = signed_in(Client(), doctor).get(answer["Location"]).content.decode()
    assert "PEG" in html
    assert "PSFS" in html


def test_what_is_wrong_is_said_at_its_question_and_all_that_was_typed_stays(doctor: User) -> None:
    one = patient()
    answer = send(doctor, one, "instrument=sleep", sleep__q1="<b>six", sleep__q2="7", on="2999-01-01")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "1 answer is not understood" in html
    assert 'value="&lt;b&gt;six"' in html
    assert 'id="sleep-q1-error"' in html
    assert 'aria-describedby="sleep-q1-error"' in html
    assert re.search(r'name="sleep-q2" value="7" checked', html)
    assert "still to come" in html
    assert not FormAnswer.objects.exists()


def test_nothing_answered_is_said(doctor: User) -> None:
    answer = send(doctor, patient(), "instrument=peg")
    assert answer.status_code == 422
    assert b"Nothing was answered yet" in answer.content


def test_open_questions_ask_before_they_are_kept_without_a_score(doctor: User) -> None:
    one = patient()
    asked = send(doctor, one, "instrument=peg", peg__q1="4")
    assert asked.status_code == 422
    assert b"enjoyment of life, general activity" in asked.content
    kept = send(doctor, one, "instrument=peg", peg__q1="4", without_score="1")
    assert kept.status_code == 302
    assert FormAnswer.objects.get().score is None


def phq9(last: str) -> dict[str, str]:
    return {f"phq9__q{number}": "0" for number in range(1, 9)} | {"phq9__q9": last}


def test_an_answer_of_danger_says_what_to_do_and_opens_a_task_due_now(doctor: User) -> None:
    one = patient()
    answer = send(doctor, one, "instrument=phq9", **phq9("1"))
    task = Task.objects.get()
    assert (task.patient, task.urgency, task.closed_at) == (one, "E", None)
    assert task.due_at <= timezone.now()
    assert "Talk with the patient now" in task.title
    html = signed_in(Client(), doctor).get(answer["Location"]).content.decode()
    assert 'role="alert"' in html
    assert "Talk with the patient now. Write down what was done" in html
    assert reverse("task", args=[task.uid]) in html
    assert "988" in html


def test_no_task_without_danger(doctor: User) -> None:
    assert send(doctor, patient(), "instrument=phq9", **phq9("0")).status_code == 302
    assert not Task.objects.exists()


def test_danger_is_shown_though_nothing_could_be_kept(doctor: User) -> None:
    answer = send(doctor, patient(), "instrument=phq9", phq9__q9="2", on="2999-01-01")
    assert answer.status_code == 422
    assert b"Talk with the patient now" in answer.content


def test_the_alert_of_a_battery_is_shown_first(doctor: User) -> None:
    one = patient()
    answer = send(doctor, one, "instrument=phq9", phq9__q9="3", without_score="1")
    assert answer["Location"] == reverse("form_answer", args=[FormAnswer.objects.get().uid])
    assert Task.objects.count() == 1


def test_entered_in_error_counts_nowhere(doctor: User) -> None:
    one = patient(why_here="x")
    row = services.record_answers(doctor, one, "peg", [6, 6, 6], timezone.localdate())
    client = signed_in(Client(), doctor)
    assert client.post(reverse("form_error", args=[row.uid])).status_code == 302
    row.refresh_from_db()
    assert row.in_error
    assert (
        b"Entered in error. It counts nowhere." in client.get(reverse("form_answer", args=[row.uid])).content
    )
    assert b"Ask the PEG" in client.get(reverse("chart", args=[one.uid])).content


@pytest.mark.parametrize("role", ["front_desk", "biller", "owner", "auditor"])
def test_only_those_who_write_the_chart_enter_forms(doctor: User, role: str) -> None:
    one, who = patient(), member(role)
    row = services.record_answers(doctor, one, "peg", [6, 6, 6], timezone.localdate())
    assert get(who, one).status_code == 403
    assert send(who, one, "instrument=peg", peg__q1="1").status_code == 403
    assert signed_in(Client(), who).post(reverse("form_error", args=[row.uid])).status_code == 403
    read = signed_in(Client(), who).get(reverse("form_answer", args=[row.uid]))
    assert read.status_code == (200 if role == "auditor" else 403)


def test_there_is_no_form_of_another_name(doctor: User) -> None:
    assert signed_in(Client(), doctor).get(reverse("form_answer", args=[uuid.uuid4()])).status_code == 404


def test_a_restricted_chart_asks_for_a_reason_here_too(doctor: User) -> None:
    one = patient(restricted=True, care_team=(member("physician"),))
    row = services.record_answers(None, one, "phq9", [3] * 9, timezone.localdate())
    answer = signed_in(Client(), doctor).get(reverse("form_answer", args=[row.uid]), follow=True)
    assert b"Talk with the patient now" not in answer.content
