"""One query for many tables brings the same rows as asking each table."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openomt.care.desk.chart import _gather
from openomt.care.desk.gather import Gatherer, Source
from openomt.care.followup.models import Task
from openomt.care.patients.facts import chart_of, rows_of
from openomt.care.patients.models import (
    AllergyEntry,
    BoneDensityEntry,
    Course,
    FactAnswer,
    Goal,
    MedicineEntry,
    PregnancyEntry,
    ProblemEntry,
    SurgeryEntry,
    VitalsEntry,
)
from openomt.care.testing import patient

pytestmark = pytest.mark.django_db


def test_every_kind_of_value_comes_back_as_it_was() -> None:
    one = patient()
    opened = dt.datetime(2026, 11, 1, 8, 30, 15, 123456, tzinfo=dt.UTC)
    task = Task.objects.create(patient=one, urgency="C", title="“é” 中 🙂", due_at=opened, opened_at=opened)
    course = Course.objects.create(patient=one, title="x", started_on=dt.date(2026, 1, 2), planned_visits=6)
    dense = BoneDensityEntry.objects.create(patient=one, t_score=-2.75, site="hip")
    allergy = AllergyEntry.objects.create(patient=one, text="None known", none_known=True)
    there = Gatherer(
        Source(Task, ("uid", "title", "opened_at", "closed_at")),
        Source(Course, ("started_on", "planned_visits", "review_on", "patient")),
        Source(BoneDensityEntry, ("t_score", "site")),
        Source(AllergyEntry, ("none_known", "in_error")),
    )(one.pk)
    [kept] = there.of(Task)
    assert (kept.pk, kept.uid, kept.title, kept.opened_at, kept.closed_at) == (
        task.pk,
        task.uid,
        task.title,
        opened,
        None,
    )
    [kept_course] = there.of(Course)
    assert (kept_course.pk, kept_course.started_on, kept_course.planned_visits, kept_course.review_on) == (
        course.pk,
        dt.date(2026, 1, 2),
        6,
        None,
    )
    assert kept_course.patient_id == one.pk
    assert [(row.pk, row.t_score) for row in there.of(BoneDensityEntry)] == [(dense.pk, -2.75)]
    [kept_allergy] = there.of(AllergyEntry)
    assert (kept_allergy.pk, kept_allergy.none_known, kept_allergy.in_error) == (allergy.pk, True, False)
    assert there.of(Goal) == []


def test_the_chart_reads_the_same_record_as_the_facts_do() -> None:
    one, other = patient(), patient()
    for who in (one, other):
        ProblemEntry.objects.create(patient=who, text="Osteoporosis", onset="2020-03")
        ProblemEntry.objects.create(patient=who, text="A mistake", in_error=True)
        ProblemEntry.objects.create(patient=who, text="Flu", over=True, resolved="2024")
        MedicineEntry.objects.create(patient=who, text="Enoxaparin 40 mg", started="2026-01-02")
        SurgeryEntry.objects.create(patient=who, text="Appendectomy", on="2001")
        PregnancyEntry.objects.create(patient=who, due_date=dt.date(2027, 3, 15))
        BoneDensityEntry.objects.create(patient=who, t_score=-2.5, site="hip")
        VitalsEntry.objects.create(patient=who, on=dt.date(2026, 11, 2), systolic=128, temperature=36.6)
        FactAnswer.objects.create(patient=who, code="pregnant", answer="no")
    from openomt.care.desk.chart import _rows

    with CaptureQueriesContext(connection) as asked:
        rows = _rows(_gather(one.pk))
        chart = chart_of(one, rows)
    assert len(asked.captured_queries) == 1
    assert chart == chart_of(one, rows_of(one))


def test_goals_come_with_their_patients_courses_only() -> None:
    one, other = patient(), patient()
    today = timezone.localdate()
    for who in (one, other):
        course = Course.objects.create(patient=who, title="x", started_on=today, planned_visits=4)
        Goal.objects.create(course=course, text=f"goal of {who.pk}", now=0)
    there = _gather(one.pk)
    assert [goal.text for goal in there.of(Goal)] == [f"goal of {one.pk}"]
    assert there.of(Goal)[0].now == 0
