"""Whom to call back, by each list, and what leaves the house as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts.models import AuditEvent, User
from openomt.care.desk.recall import Asked, found
from openomt.care.patients.models import Course, Patient
from openomt.care.testing import appointment, member, patient, practice, signed_in
from openomt.care.visits.models import Visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor() -> User:
    practice(zone="UTC")
    return member("physician")


def seen(who: Patient, by: User, *weeks: float) -> Patient:
    for number, back in enumerate(sorted(weeks, reverse=True), 1):
        day = timezone.localdate() - dt.timedelta(weeks=back)
        Visit.objects.create(patient=who, clinician=by, number=number, date=day, state="signed")
    return who


def course(who: Patient, *, review: int | None = None, back: int = 2, **fields: object) -> Course:
    today = timezone.localdate()
    return Course.objects.create(
        patient=who,
        title="Mid-back",
        started_on=today - dt.timedelta(weeks=back),
        planned_visits=4,
        review_on=None if review is None else today + dt.timedelta(weeks=review),
        **fields,
    )


def booked(who: Patient, by: User, days: int = 7, **fields: object) -> None:
    start = timezone.now() + dt.timedelta(days=days, minutes=15 * who.pk)
    appointment(patient=who, clinician=by, start=start, minutes=10, **fields)


def test_not_seen_for_so_long_and_nothing_booked(doctor: User) -> None:
    long, longer = seen(patient(), doctor, 20), seen(patient(), doctor, 40, 60)
    seen(patient(), doctor, 30, 2)
    booked(seen(patient(), doctor, 30), doctor)
    gone = seen(patient(), doctor, 16)
    booked(gone, doctor, status="canceled")
    patient()
    merged = seen(patient(), doctor, 50)
    merged.merged_into = long
    merged.save()
    assert found(Asked("not_seen", 12), doctor) == [longer.pk, long.pk, gone.pk]
    assert found(Asked("not_seen", 18), doctor) == [longer.pk, long.pk]


def test_a_draft_put_away_is_no_visit(doctor: User) -> None:
    one = seen(patient(), doctor, 20)
    Visit.objects.create(
        patient=one, clinician=doctor, number=2, date=timezone.localdate(), state="abandoned"
    )
    assert found(Asked("not_seen", 12), doctor) == [one.pk]


def test_a_review_is_due_by_its_day_or_by_the_rule(doctor: User) -> None:
    due, soon, by_weeks, by_visits = (patient() for _ in range(4))
    course(due, review=-1)
    course(soon, review=2)
    course(by_weeks, back=5)
    of_visits = course(by_visits, back=2)
    for number in range(1, 4):
        Visit.objects.create(
            patient=by_visits, clinician=doctor, number=number, date=timezone.localdate(), course=of_visits
        )
    course(patient(), back=1)
    course(patient(), review=-1, ended_on=timezone.localdate())
    course(patient(), review=-1, in_error=True)
    assert set(found(Asked("review_due", 0), doctor)) == {due.pk, by_weeks.pk, by_visits.pk}
    assert soon.pk in found(Asked("review_due", 2), doctor)


def test_a_course_without_a_next_appointment(doctor: User) -> None:
    without, withal = patient(), patient()
    course(without)
    course(withal)
    booked(withal, doctor)
    assert found(Asked("no_next", 0), doctor) == [without.pk]


def test_the_clinician_who_saw_them_last(doctor: User) -> None:
    other = member("physician")
    mine = seen(patient(), doctor, 20)
    handed_over = seen(patient(), doctor, 30)
    Visit.objects.create(
        patient=handed_over,
        clinician=other,
        number=2,
        date=timezone.localdate() - dt.timedelta(weeks=15),
        state="signed",
    )
    assert found(Asked("not_seen", 12, doctor), doctor) == [mine.pk]
    assert found(Asked("not_seen", 12, other), doctor) == [handed_over.pk]


def test_a_restricted_chart_is_listed_only_for_its_team(doctor: User) -> None:
    other = member("physician")
    one = seen(patient(restricted=True, care_team=(other,)), doctor, 20)
    assert found(Asked("not_seen", 12), doctor) == []
    assert found(Asked("not_seen", 12), other) == [one.pk]


def test_the_list_shows_how_to_reach_them_and_what_to_do(doctor: User) -> None:
    one = seen(patient(phone="555-0123", contact="none"), doctor, 20)
    two = seen(patient(phone="555-0124"), doctor, 21)
    html = signed_in(Client(), doctor).get(reverse("recall")).content.decode()
    assert one.sorted_name in html
    assert "555-0124" in html
    assert "Do not contact" in html
    assert "555-0123" not in html
    assert f"{reverse('appointment_new')}?patient={two.uid}" in html
    assert AuditEvent.objects.get(action="recall.read").detail == {
        "kind": "not_seen",
        "weeks": 12,
        "patients": 2,
    }


def test_an_empty_list_says_what_to_try(doctor: User) -> None:
    assert b"Try more or fewer weeks" in signed_in(Client(), doctor).get(reverse("recall")).content


def test_the_export_holds_all_is_written_down_and_starts_no_formula(doctor: User) -> None:
    for number in range(60):
        seen(patient(given_names=f"=cmd|{number}" if number == 7 else "Alma"), doctor, 20 + number)
    answer = signed_in(Client(), doctor).get(reverse("recall_csv"), {"weeks": "19"})
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 61
    assert rows[0][0] == "Family name"
    assert "'=cmd|7" in [row[1] for row in rows]
    assert AuditEvent.objects.get(action="recall.exported").detail["patients"] == 60


@pytest.mark.parametrize(
    "query",
    [
        {"weeks": "-1"},
        {"weeks": "99999999999999999999"},
        {"weeks": "twelve"},
        {"kind": "' OR 1=1 --"},
        {"clinician": "not a uid"},
        {"clinician": "é🙂"},
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(doctor: User, query: dict[str, str]) -> None:
    client = signed_in(Client(), doctor)
    answer = client.get(reverse("recall"), query)
    assert answer.status_code == 422
    assert b'class="errors"' in answer.content
    assert client.get(reverse("recall_csv"), query).status_code == 422


@pytest.mark.parametrize("page", ["0", "-1", "9" * 30, "x", "2"])
def test_any_page_is_answered(doctor: User, page: str) -> None:
    for number in range(60):
        seen(patient(), doctor, 20 + number)
    assert signed_in(Client(), doctor).get(reverse("recall"), {"page": page}).status_code == 200


def test_a_longer_list_asks_no_more_queries(doctor: User) -> None:
    client = signed_in(Client(), doctor)
    counts = []
    for number in (2, 40):
        for _ in range(number):
            course(seen(patient(), doctor, 20, 40))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("recall"))
        counts.append(len(asked.captured_queries))
    assert counts[0] == counts[1]
