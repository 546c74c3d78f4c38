"""What is written of a patient: every change is kept with who and when, and nothing is deleted."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts import audit
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.patients import codes, services
from openomt.care.patients.models import (
    AllergyEntry,
    BoneDensityEntry,
    Course,
    Goal,
    Guardian,
    MedicineEntry,
    OnRecord,
    OtherCare,
    Patient,
    PregnancyEntry,
    ProblemEntry,
    RefusalEntry,
    StoryEntry,
    SurgeryEntry,
    VitalsEntry,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 23)
ENTRIES: tuple[tuple[type[OnRecord], dict[str, Any], dict[str, Any]], ...] = (
    (Guardian, {"name": "Parent Test", "relation": "Mother"}, {}),
    (ProblemEntry, {"text": "Low back pain"}, {"resolved": "2026-11"}),
    (MedicineEntry, {"text": "Ibuprofen 400 mg"}, {"stopped": "2026-11-23"}),
    (AllergyEntry, {"text": "Penicillin"}, {}),
    (SurgeryEntry, {"text": "Appendectomy"}, {}),
    (PregnancyEntry, {"due_date": DAY}, {"ended_on": DAY}),
    (BoneDensityEntry, {"t_score": -1.0}, {}),
    (VitalsEntry, {"on": DAY, "pulse": 70}, {}),
    (RefusalEntry, {"technique": "hvla"}, {}),
    (
        Course,
        {"title": "Neck", "started_on": DAY, "planned_visits": 4},
        {"ended_on": DAY, "outcome": "Better"},
    ),
    (OtherCare, {"who": "Physical therapy"}, {}),
    (StoryEntry, {"part": "mind", "label": "Mood", "text": "Good"}, {}),
)


@pytest.fixture
def doctor() -> User:
    return testing.member("physician")


@pytest.fixture
def patient() -> Patient:
    return testing.patient()


def actions(patient: Patient) -> list[str]:
    return list(
        AuditEvent.objects.filter(patient_id=patient.pk).order_by("pk").values_list("action", flat=True)
    )


@pytest.mark.parametrize(("kind", "fields", "ending"), ENTRIES, ids=[kind.__name__ for kind, _, _ in ENTRIES])
def test_an_entry_is_added_ended_and_marked_in_error(
    doctor: User,
    patient: Patient,
    kind: type[OnRecord],
    fields: dict[str, Any],
    ending: dict[str, Any],
) -> None:
    noun = services.NOUNS[kind]
    entry = services.enter(kind, patient, doctor, address="127.0.0.1", **fields)
    assert (entry.entered_by, entry.standing) == (doctor, True)
    services.end(entry, doctor, **ending)
    services.end(entry, doctor, **ending)
    entry.refresh_from_db()
    assert (entry.closed_by, entry.in_error, entry.standing) == (doctor, False, False)
    for name, value in ending.items():
        assert getattr(entry, name) == value
    services.mark_in_error(entry, doctor)
    services.mark_in_error(entry, doctor)
    entry.refresh_from_db()
    assert entry.in_error
    assert kind._default_manager.filter(pk=entry.pk).exists()
    assert actions(patient) == [f"{noun}.added", f"{noun}.ended", f"{noun}.in_error"]
    assert audit.verify()[1] == []


def test_the_audit_holds_no_content(doctor: User, patient: Patient) -> None:
    services.enter(MedicineEntry, patient, doctor, text="Secretmedicine 5 mg")
    services.change_patient(patient, doctor, what_matters="Secretwish", phone="555 0177 999")
    for event in AuditEvent.objects.all():
        assert "ecret" not in f"{event.detail}{event.subject}{event.action}"
        assert "0177" not in str(event.detail)


def test_a_patient_is_added_and_changed(doctor: User) -> None:
    row = services.add_patient(
        doctor, family_name="Newtest", given_names="Alma", birth_date=dt.date(1990, 1, 2), sex="female"
    )
    assert (row.added_by, row.family_key, row.family_sound != "") == (doctor, "newtest", True)
    assert services.change_patient(row, doctor, phone="555-0111", family_name="Newtest") == ["phone"]
    row.refresh_from_db()
    assert row.phone_digits == "5550111"
    assert services.change_patient(row, doctor, phone="555-0111") == []
    assert actions(row) == ["patient.added", "patient.changed"]
    assert AuditEvent.objects.get(action="patient.changed").detail == {"fields": ["phone"]}


@pytest.mark.parametrize(
    ("kind", "fields", "named"),
    [
        (ProblemEntry, {"text": "x" * 301}, "text"),
        (ProblemEntry, {"text": "Pain", "code": "M54.ZZ"}, "code"),
        (BoneDensityEntry, {"t_score": 99.0}, "t_score"),
        (VitalsEntry, {"on": DAY, "systolic": 100000}, "systolic"),
        (Course, {"title": "Neck", "started_on": DAY, "planned_visits": 10**12}, "planned_visits"),
        (StoryEntry, {"part": "moon", "label": "Mood", "text": "Good"}, "part"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_field(
    patient: Patient, kind: type[OnRecord], fields: dict[str, Any], named: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        services.enter(kind, patient, None, **fields)
    assert named in refused.value.message_dict
    assert actions(patient) == []


def test_a_code_gets_its_official_title(patient: Patient) -> None:
    entry = services.enter(ProblemEntry, patient, None, code="m5450")
    assert (entry.code, entry.text) == ("M54.50", "Low back pain, unspecified")


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("J45.909", "Unspecified asthma, uncomplicated"),
        ("j45909", "Unspecified asthma, uncomplicated"),
        ("J45.9ZZ", None),
        ("not a code", None),
        ("A00-A09", None),
        ("1", None),
    ],
)
def test_a_code_of_any_field_has_its_official_title(code: str, title: str | None) -> None:
    assert codes.title(code) == title


def test_none_known_and_an_allergy_cannot_both_stand(doctor: User, patient: Patient) -> None:
    statement = services.enter(AllergyEntry, patient, doctor, none_known=True)
    with pytest.raises(ValidationError):
        services.enter(AllergyEntry, patient, doctor, none_known=True)
    services.enter(AllergyEntry, patient, doctor, text="Latex")
    statement.refresh_from_db()
    assert not statement.standing
    with pytest.raises(ValidationError, match="on record"):
        services.enter(AllergyEntry, patient, doctor, none_known=True)
    assert list(AllergyEntry.objects.standing().values_list("text", flat=True)) == ["Latex"]


def test_goals_are_added_and_move(doctor: User, patient: Patient) -> None:
    course = services.enter(Course, patient, doctor, title="Neck", started_on=DAY, planned_visits=4)
    goal = services.add_goal(course, doctor, text="Lift my son", start=2, target=8)
    services.change_goal(goal, doctor, 5)
    with pytest.raises(ValidationError):
        services.change_goal(goal, doctor, 11)
    services.mark_in_error(goal, doctor)
    assert list(Goal.objects.values_list("now", "in_error")) == [(5, True)]
    assert actions(patient) == ["course.added", "goal.added", "goal.changed", "goal.in_error"]


def test_an_entry_for_a_merged_record_goes_to_the_kept_one(doctor: User, patient: Patient) -> None:
    gone = testing.patient()
    stale = Patient.objects.get(pk=gone.pk)
    gone.merged_into = patient
    gone.save()
    assert services.enter(MedicineEntry, stale, doctor, text="Ibuprofen").patient == patient


def test_restricting_names_who_may_open(doctor: User, patient: Patient) -> None:
    with pytest.raises(ValidationError):
        services.restrict(patient, doctor, True, [])
    services.restrict(patient, doctor, True, [doctor])
    patient.refresh_from_db()
    assert patient.restricted
    assert list(patient.care_team.all()) == [doctor]
    assert actions(patient) == ["patient.restricted"]


def test_an_opening_lasts_four_hours(doctor: User, patient: Patient) -> None:
    opened = services.open_glass(patient, doctor, "Covering for a colleague")
    assert opened.until - opened.at == dt.timedelta(hours=4)
    assert opened.until > timezone.now()
    assert actions(patient) == ["glass.opened"]
