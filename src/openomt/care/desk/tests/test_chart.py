"""The chart: what it shows, to whom, in how many queries, and what is decided there."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts.models import AuditEvent, User
from openomt.care.desk.grid import cell
from openomt.care.followup.models import Task
from openomt.care.intake import services as intake
from openomt.care.intake.services import Given
from openomt.care.patients.models import (
    AllergyEntry,
    Course,
    Document,
    Goal,
    MedicineEntry,
    OtherCare,
    Patient,
    PregnancyEntry,
    ProblemEntry,
    StoryEntry,
    VitalsEntry,
)
from openomt.care.testing import appointment, member, patient, practice, signed_in
from openomt.care.visits.models import Order, Visit, VisitRegion

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor() -> User:
    practice(zone="UTC")
    return member("physician")


def visit(who: Patient, by: User, number: int, back: int, state: str = "signed", **fields: Any) -> Visit:
    return Visit.objects.create(
        patient=who,
        clinician=by,
        number=number,
        date=timezone.localdate() - dt.timedelta(days=back),
        state=state,
        **fields,
    )


def full(by: User) -> Patient:
    """A patient of whom everything is on record."""
    today = timezone.localdate()
    one = patient(why_here="Mid-back pain", what_matters="Carry my son")
    ProblemEntry.objects.create(patient=one, text="Osteoporosis")
    ProblemEntry.objects.create(patient=one, text="Flu long ago", over=True)
    MedicineEntry.objects.create(patient=one, text="Enoxaparin 40 mg")
    AllergyEntry.objects.create(patient=one, text="None known", none_known=True)
    PregnancyEntry.objects.create(patient=one, due_date=today + dt.timedelta(days=112))
    StoryEntry.objects.create(patient=one, part="spirit", label="Hopes", text="An old hope")
    StoryEntry.objects.create(patient=one, part="spirit", label="Hopes", text="A new hope")
    course = Course.objects.create(
        patient=one,
        title="Mid-back",
        started_on=today - dt.timedelta(days=28),
        planned_visits=6,
        review_on=today,
    )
    Goal.objects.create(course=course, text="Carry my son upstairs", start=3, now=5, target=7)
    OtherCare.objects.create(patient=one, who="Obstetrics", next_on=today + dt.timedelta(days=3))
    Order.objects.create(patient=one, kind="imaging", text="MRI", ordered_by=by, state="result")
    first = visit(one, by, 1, 28, course=course)
    VisitRegion.objects.create(
        visit=first,
        region="thoracic",
        state="findings",
        findings="T5 FRSr",
        severity=3,
        techniques="BLT",
        response="improved",
    )
    VisitRegion.objects.create(visit=first, region="cervical", state="normal")
    visit(one, by, 2, 0, "draft", course=course, draft={"text": "T5 FRSr (2)\nsacrum normal"})
    for back, peg in ((28, [6, 6, 6]), (0, [4, 4, 4])):
        intake.record_together(
            by, one, [Given("peg", peg), Given("phq4", [1, 2, 0, 0])], today - dt.timedelta(days=back)
        )
    Document.objects.create(
        patient=one,
        title="A letter",
        kind="letter",
        name="x",
        media_type="x",
        size=1,
        sha256="0" * 64,
        content=b"x",
    )
    Task.objects.create(patient=one, urgency="C", title="Sore on day 3", due_at=timezone.now())
    appointment(patient=one, clinician=by, start=timezone.now() + dt.timedelta(days=2), minutes=10)
    return one


def page(who: User, one: Patient, query: str = "", **headers: str) -> str:
    answer = signed_in(Client(), who).get(reverse("chart", args=[one.uid]) + query, headers=headers)
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_chart_tells_who_why_how_it_goes_and_what_is_next(doctor: User) -> None:
    text = plain(page(doctor, full(doctor)))
    for words in (
        "Mid-back pain",
        "“Carry my son”",
        "Pregnant, 24 wk",
        "Enoxaparin",
        "Improved",
        "counts at 4.2",
        "It cannot show that OMT caused the change.",
        "Osteoporosis",
        "None known",
        "GAD-2: 3, positive for worry",
        "A new hope",
        "3, improved",
        "none found",
        "not examined",
        "2, not treated",
        "Review due",
        "Partly improved.",
        "5 of 10, was 3, goal 7",
        "Obstetrics",
        "Result to read",
        "Sore on day 3",
        "A letter",
        "Visit 1 , signed Thoracic: BLT. 1 improved",
        "Go on with visit 2",
    ):
        assert words in text, words
    assert "An old hope" not in text
    assert "Flu long ago" not in text


def test_what_is_urgent_stands_first_until_it_is_answered(doctor: User) -> None:
    one = full(doctor)
    assert 'class="now"' not in page(doctor, one)
    task = Task.objects.create(
        patient=one, urgency="E", title="Talk with the patient now", due_at=timezone.now()
    )
    html = page(doctor, one)
    assert html.index("Talk with the patient now") < html.index("Why here")
    assert reverse("task", args=[task.uid]) in html
    task.closed_at = timezone.now()
    task.save()
    assert 'class="now"' not in page(doctor, one)


def test_a_draft_is_marked_in_the_table_of_findings(doctor: User) -> None:
    html = page(doctor, full(doctor))
    assert re.search(r'</a>, <span class="unsigned">draft</span></th></tr>', html)


@pytest.mark.parametrize(
    ("state", "severity", "techniques", "response", "said"),
    [
        ("not_examined", None, "", "", "not examined"),
        ("not_examined", None, "ME", "improved", "not examined, improved"),
        ("normal", None, "", "", "none found"),
        ("findings", None, "", "", "severity not stated, not treated"),
        ("findings", 0, "ME", "", "0, response not stated"),
        ("findings", 2, "muscle_energy", "worse", "2, worse"),
    ],
)
def test_not_examined_none_found_and_zero_are_three_texts(
    state: str, severity: int | None, techniques: str, response: str, said: str
) -> None:
    row = VisitRegion(
        region="sacral", state=state, severity=severity, techniques=techniques, response=response
    )
    assert cell(row).words == said
    assert cell(None).words == "not examined"


def test_an_empty_chart_says_what_to_do_next(doctor: User) -> None:
    html = page(doctor, patient())
    text = plain(html)
    for words in (
        "Ask the PEG",
        "Begin a course",
        "Open visit 1",
        "Nothing has happened yet",
        "No visit yet",
    ):
        assert words in text, words
    assert reverse("form_new", args=[Patient.objects.get().uid]) + "?instrument=psfs" in html


def test_somebody_who_only_reads_is_offered_nothing_to_write(doctor: User) -> None:
    one = full(doctor)
    html = page(member("auditor"), one)
    assert "Visit 1" in html
    for words in (
        "Stop OMT",
        "Open visit",
        "Go on with visit",
        "Rate the goals",
        "Add a goal",
        "Ask the PSFS",
    ):
        assert words not in html, words


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("physician", 200),
        ("trainee", 200),
        ("auditor", 200),
        ("front_desk", 403),
        ("biller", 403),
        ("owner", 403),
    ],
)
def test_the_chart_opens_by_role(doctor: User, role: str, status: int) -> None:
    one = full(doctor)
    client = signed_in(Client(), member(role))
    assert client.get(reverse("chart", args=[one.uid])).status_code == status
    assert client.get(reverse("compare", args=[one.uid])).status_code == status
    assert client.get(reverse("recall")).status_code == status
    assert client.get(reverse("recall_csv")).status_code == status


def test_reading_the_chart_stands_in_the_audit(doctor: User) -> None:
    one = full(doctor)
    page(doctor, one)
    assert AuditEvent.objects.filter(action="chart.read", patient_id=one.pk, actor=doctor).count() == 1


def test_a_restricted_chart_asks_for_a_reason(doctor: User) -> None:
    one = patient(restricted=True, care_team=(member("physician"),), why_here="a secret")
    answer = signed_in(Client(), doctor).get(reverse("chart", args=[one.uid]), follow=True)
    assert b"a secret" not in answer.content


def test_a_visit_tells_its_vital_signs_and_a_consultation_what_was_made_of_it(doctor: User) -> None:
    one = patient()
    told = {
        "complaint": "Back pain after a fall",
        "assessment": f"Strain, no imaging {'x ' * 200}",
        "plan": "Rest",
    }
    seen = visit(one, doctor, 1, 9, draft=told)
    VisitRegion.objects.create(visit=seen, region="lumbar", state="findings", findings="L4 FRSr")
    visit(one, doctor, 2, 5, draft={"complaint": "Still sore"})
    treated = visit(one, doctor, 3, 1, draft={"assessment": "Said elsewhere"})
    VisitRegion.objects.create(visit=treated, region="lumbar", state="findings", techniques="ME")
    VitalsEntry.objects.create(patient=one, on=seen.date, systolic=128, diastolic=78, pulse=72)
    VitalsEntry.objects.create(patient=one, on=seen.date, systolic=200, diastolic=99, in_error=True)
    VitalsEntry.objects.create(patient=one, on=treated.date, spo2=97)
    text = plain(page(doctor, one))
    assert re.search(r"none treated\. Strain, no imaging x [x ]+… · BP 128/78 · pulse 72", text)
    assert "Visit 2 , signed Still sore" in text
    assert "Lumbar: ME. · SpO2 97 %" in text
    assert not any(words in text for words in ("Said elsewhere", "Back pain after", "200/99"))


def test_the_number_of_queries_does_not_grow_with_the_chart(doctor: User) -> None:
    small, large = patient(), full(doctor)
    for number in range(3, 40):
        visit(large, doctor, number, 400 - number)
        intake.record_answers(
            doctor, large, "peg", [5, 5, 5], timezone.localdate() - dt.timedelta(days=number)
        )
    client = signed_in(Client(), doctor)
    counts = []
    for one in (small, large):
        client.get(reverse("chart", args=[one.uid]))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("chart", args=[one.uid]))
        counts.append(len(asked.captured_queries))
    assert counts[1] <= counts[0] + 1  # a chart without a signed visit does not ask for its regions
    assert counts[1] <= 16


@pytest.mark.parametrize(
    ("show", "there", "gone"),
    [
        ("visits", "Visit 1", "A letter"),
        ("forms", "PEG 4", "Visit 1</a>"),
        ("documents", "A letter", "Sore on day 3"),
        ("nonsense", "A letter", "nothing of the kind"),
    ],
)
def test_the_timeline_is_filtered_with_and_without_scripts(
    doctor: User, show: str, there: str, gone: str
) -> None:
    one = full(doctor)
    whole = page(doctor, one, f"?show={show}")
    part = page(doctor, one, f"?show={show}", HX_Target="timeline", HX_Request="true")
    assert part.lstrip().startswith("<section")
    for html in (whole, part):
        timeline = html[html.index('id="timeline"') :]
        assert there in timeline
        assert gone not in timeline


@pytest.mark.parametrize("count", ["", "-5", "abc", "99999999999", "٣", "1e9"])
def test_an_odd_number_of_events_is_no_fault(doctor: User, count: str) -> None:
    page(doctor, full(doctor), f"?count={count}")


def test_earlier_events_are_shown_on_demand(doctor: User) -> None:
    one = patient()
    for number in range(1, 31):
        visit(one, doctor, number, 300 - number)
    first = page(doctor, one)
    assert "Show earlier (18)" in first
    assert ">Visit 1<" not in first
    assert ">Visit 1<" in page(doctor, one, "?count=36")


# Decisions ---------------------------------------------------------------------------------------------------


def post(who: User, one: Patient, decision: str, name: str = "course_decide", **values: object) -> Any:
    return signed_in(Client(), who).post(
        reverse(name, args=[one.uid, decision]),
        {key.replace("__", "-"): value for key, value in values.items()},
    )


def test_a_decision_shows_its_fields_with_values_from_the_rule(doctor: User) -> None:
    one = full(doctor)
    html = page(doctor, one, "?decide=stop")
    assert 'value="Partly improved"' in html
    assert page(doctor, one, "?decide=stop", HX_Target="course").lstrip().startswith("<section")
    assert "End the course" not in page(member("auditor"), one, "?decide=stop")


def test_going_on_sets_the_day_of_the_next_review(doctor: User) -> None:
    one = full(doctor)
    day = timezone.localdate() + dt.timedelta(days=21)
    assert post(doctor, one, "continue", continue__review_on=day.isoformat()).status_code == 302
    assert Course.objects.get().review_on == day
    assert AuditEvent.objects.get(action="course.continued").detail == {"fields": ["review_on"]}
    assert "Review due" not in page(doctor, one)


def test_stopping_ends_the_course_with_its_outcome_and_another_may_begin(doctor: User) -> None:
    one = full(doctor)
    today = timezone.localdate()
    assert (
        post(
            doctor, one, "start", plan__title="x", plan__started_on=today, plan__planned_visits=3
        ).status_code
        == 422
    )
    assert post(doctor, one, "stop", stop__ended_on=today, stop__outcome="Better").status_code == 302
    ended = Course.objects.get()
    assert (ended.ended_on, ended.outcome) == (today, "Better")
    assert AuditEvent.objects.filter(action="course.ended").exists()
    assert post(doctor, one, "stop", stop__ended_on=today, stop__outcome="Again").status_code == 422
    begun = post(doctor, one, "start", plan__title="Neck", plan__started_on=today, plan__planned_visits=3)
    assert begun.status_code == 302
    assert Course.objects.filter(ended_on=None).get().title == "Neck"


def test_changing_the_plan_keeps_what_changed(doctor: User) -> None:
    one = full(doctor)
    course = Course.objects.get()
    answer = post(
        doctor,
        one,
        "change",
        plan__title="Mid-back and ribs",
        plan__started_on=course.started_on,
        plan__planned_visits=8,
        plan__review_on=course.review_on,
    )
    assert answer.status_code == 302
    course.refresh_from_db()
    assert (course.title, course.planned_visits) == ("Mid-back and ribs", 8)
    assert AuditEvent.objects.get(action="course.changed").detail == {"fields": ["planned_visits", "title"]}


@pytest.mark.parametrize(
    ("decision", "values", "said"),
    [
        ("continue", {"continue__review_on": "1999-01-01"}, "This day is over"),
        ("continue", {"continue__review_on": "9999-12-31"}, "two years ahead"),
        ("continue", {"continue__review_on": "0001-01-01"}, "This day is over"),
        ("continue", {"continue__review_on": "99999-01-01"}, "Enter a day such as"),
        ("continue", {}, "Enter a day"),
        ("stop", {"stop__ended_on": "2020-01-01", "stop__outcome": "x"}, "cannot end before its first day"),
        ("stop", {"stop__ended_on": "2020-01-01", "stop__outcome": ""}, "Say how it went"),
        ("change", {"plan__title": "<b>é🙂</b>", "plan__planned_visits": "9" * 30}, "Ensure this value"),
        ("change", {"plan__title": "x" * 5000, "plan__planned_visits": "two"}, "at most 120 characters"),
        ("change", {"plan__title": "x", "plan__started_on": "2999-01-01"}, "still to come"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_changes(
    doctor: User, decision: str, values: dict[str, str], said: str
) -> None:
    one = full(doctor)
    before = Course.objects.values().get()
    answer = post(doctor, one, decision, **values)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert said in html
    for typed in values.values():
        if typed and len(typed) < 30:
            assert typed.replace("<", "&lt;").replace(">", "&gt;") in html
    assert Course.objects.values().get() == before


def test_goals_are_added_and_rated(doctor: User) -> None:
    one = full(doctor)
    assert post(doctor, one, "add", "goals", goal__text="Sleep through", goal__target="8").status_code == 302
    assert post(doctor, one, "rate", "goals", rate__goal1="6", rate__goal2="2").status_code == 302
    assert list(Goal.objects.values_list("text", "now", "target")) == [
        ("Carry my son upstairs", 6, 7),
        ("Sleep through", 2, 8),
    ]
    refused = post(doctor, one, "rate", "goals", rate__goal1="11", rate__goal2="3")
    assert refused.status_code == 422
    assert b'value="11"' in refused.content
    assert list(Goal.objects.values_list("now", flat=True)) == [6, 2]


@pytest.mark.parametrize("role", ["auditor", "front_desk", "biller", "owner"])
def test_only_those_who_write_the_chart_decide(doctor: User, role: str) -> None:
    one = full(doctor)
    who = member(role)
    day = timezone.localdate() + dt.timedelta(days=21)
    assert post(who, one, "continue", continue__review_on=day.isoformat()).status_code == 403
    assert post(who, one, "add", "goals", goal__text="x").status_code == 403


def test_there_is_no_other_decision(doctor: User) -> None:
    one = full(doctor)
    assert post(doctor, one, "delete").status_code == 404
    assert post(doctor, one, "delete", "goals").status_code == 404
    assert (
        signed_in(Client(), doctor).get(reverse("course_decide", args=[one.uid, "stop"])).status_code == 405
    )
