"""The record page: entries added, ended and marked, with and without scripts, and the questions it asks."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.models import AuditEvent
from openomt.care.patients import services
from openomt.care.patients.kinds import KINDS, ON_RECORD
from openomt.care.patients.models import (
    AllergyEntry,
    Course,
    FactAnswer,
    Goal,
    MedicineEntry,
    Patient,
    PregnancyEntry,
    ProblemEntry,
    RefusalEntry,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SENT: dict[str, dict[str, str]] = {
    "problem": {"text": "Low back pain", "code": "m54.50", "onset": "2015"},
    "medicine": {"text": "Eliquis 5 mg BID", "started": "3/2024"},
    "allergy": {"text": "Penicillin", "reaction": "Rash"},
    "surgery": {"text": "C5-6 ACDF", "on": "2026"},
    "pregnancy": {"due_date": (timezone.now().date() + dt.timedelta(days=100)).isoformat()},
    "bone_density": {"t_score": "-2.7", "site": "hip", "on": "2024-05"},
    "vitals": {"systolic": "120", "diastolic": "80", "on": "2026-01-02"},
    "refusal": {"technique": "hvla", "words": "Not my neck"},
    "course": {"title": "Neck", "started_on": "2026-01-02", "planned_visits": "6"},
    "other_care": {"who": "Physical therapy"},
    "story": {"part": "mind", "label": "Mood", "text": "Good days and bad days"},
}
NASTY = ("x" * 10_000, "a\x07b", "a\u202eb", "'; DROP TABLE patients_patient; --", "<img src=x>", "مريم 🙂",
         "9" * 40, "1e999", "nan", "0001-01-01", "99999-01-01")  # fmt: skip


@pytest.fixture
def patient() -> Patient:
    return testing.patient(birth_date=dt.date(1992, 3, 4))


@pytest.fixture
def doctor(client: Client) -> Client:
    testing.practice(zone="UTC")
    return testing.signed_in(client, testing.member("physician"))


@pytest.mark.parametrize("kind", ON_RECORD)
def test_an_entry_is_added_without_scripts(doctor: Client, patient: Patient, kind: str) -> None:
    answer = doctor.post(f"/patients/{patient.uid}/record/{kind}/add", SENT[kind])
    assert answer["Location"] == f"/patients/{patient.uid}/record#card-{kind}"
    entry = KINDS[kind].model._default_manager.get()
    main, _ = KINDS[kind].line(entry)
    assert main in doctor.get(f"/patients/{patient.uid}/record").content.decode()


@pytest.mark.parametrize("kind", ON_RECORD)
def test_an_entry_is_added_in_its_card(doctor: Client, patient: Patient, kind: str) -> None:
    answer = doctor.post(f"/patients/{patient.uid}/record/{kind}/add", SENT[kind], headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'id="card-{kind}"' in page
    assert 'id="patient-facts"' in page
    assert "<html" not in page
    assert "added." in page


def test_a_fact_stands_beside_its_entry_and_in_the_bar(doctor: Client, patient: Patient) -> None:
    page = doctor.post(
        f"/patients/{patient.uid}/record/medicine/add", SENT["medicine"], headers=HTMX
    ).content.decode()
    assert "Takes an anticoagulant <span" in page
    assert "← Eliquis" in page
    assert 'hx-swap-oob="true"' in page
    whole = doctor.get(f"/patients/{patient.uid}/record").content.decode()
    assert whole.count("Takes an anticoagulant") >= 2


@pytest.mark.parametrize("kind", ON_RECORD)
def test_bad_input_gets_an_answer(doctor: Client, patient: Patient, kind: str) -> None:
    for name, text in itertools.product(SENT[kind], NASTY):
        sent = SENT[kind] | {name: text}
        answer = doctor.post(f"/patients/{patient.uid}/record/{kind}/add", sent, headers=HTMX)
        assert answer.status_code == 200, sent
        assert "<img src=x>" not in answer.content.decode(), sent
    assert doctor.get(f"/patients/{patient.uid}/record").status_code == 200


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("problem", {"text": ""}, "Say what the problem is"),
        ("problem", {"text": "Pain", "code": "M54.ZZ"}, "ICD-10-CM has no such code."),
        ("problem", {"text": "Pain", "onset": "long ago"}, "Write a year, a month or a day"),
        ("medicine", {"text": "x" * 301}, "at most 300 characters"),
        ("pregnancy", {"due_date": "2019-01-01"}, "No pregnancy of today"),
        ("bone_density", {"t_score": "-99"}, "greater than or equal to -10"),
        ("bone_density", {"site": "hip"}, "Give the T-score"),
        ("vitals", {"on": "2026-01-02"}, "at least one value"),
        ("vitals", {"on": "2026-01-02", "systolic": "120"}, "both numbers"),
        ("refusal", {"technique": "magic"}, "not one of the available choices"),
        ("course", {"title": "N", "started_on": "2026-02-02", "planned_visits": "6", "review_on": "2026-01-01"},
         "before the course starts"),
        ("course", {"title": "N", "started_on": "2026-02-02", "planned_visits": "10000000000"}, "less than or equal"),
        ("story", {"part": "mind", "label": "Mood", "text": ""}, "required"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(
    doctor: Client, patient: Patient, kind: str, fields: dict[str, str], words: str
) -> None:
    in_card = doctor.post(f"/patients/{patient.uid}/record/{kind}/add", fields, headers=HTMX)
    assert words in in_card.content.decode()
    whole = doctor.post(f"/patients/{patient.uid}/record/{kind}/add", fields)
    assert whole.status_code == 422
    page = whole.content.decode()
    assert words in page
    for value in fields.values():
        assert value in page
    assert not KINDS[kind].model._default_manager.exists()


def test_an_entry_ends_and_is_marked(doctor: Client, patient: Patient) -> None:
    entry = services.enter(MedicineEntry, patient, None, text="Ibuprofen 400 mg")
    wrong = doctor.post(
        f"/patients/{patient.uid}/record/medicine/end",
        {"entry": str(entry.pk), "stopped": "some day"},
        headers=HTMX,
    )
    assert "Write a year, a month or a day" in wrong.content.decode()
    page = doctor.post(
        f"/patients/{patient.uid}/record/medicine/end", {"entry": str(entry.pk), "stopped": ""}, headers=HTMX
    ).content.decode()
    assert "1 earlier" in page
    entry.refresh_from_db()
    assert entry.stopped == timezone.localdate().isoformat()
    page = doctor.post(
        f"/patients/{patient.uid}/record/medicine/error", {"entry": str(entry.pk)}, headers=HTMX
    ).content.decode()
    assert "entered in error" in page


def test_allergies_can_be_none_known(doctor: Client, patient: Patient) -> None:
    page = doctor.get(f"/patients/{patient.uid}/record").content.decode()
    assert "Nobody has asked yet" in page
    doctor.post(f"/patients/{patient.uid}/record/no-allergies", headers=HTMX)
    assert AllergyEntry.objects.standing().get().none_known
    doctor.post(f"/patients/{patient.uid}/record/allergy/add", {"text": "Latex"}, headers=HTMX)
    refused = doctor.post(f"/patients/{patient.uid}/record/no-allergies", headers=HTMX)
    assert "Allergies are on record" in refused.content.decode()
    assert AllergyEntry.objects.standing().get().text == "Latex"


def test_goals_of_a_course(doctor: Client, patient: Patient) -> None:
    course = services.enter(
        Course, patient, None, title="Neck", started_on=dt.date(2026, 1, 2), planned_visits=4
    )
    where = f"/patients/{patient.uid}/record/goal"
    doctor.post(where, {"entry": str(course.pk), "text": "Lift my son", "start": "3", "target": "8"})
    goal = Goal.objects.get()
    page = doctor.post(f"{where}/now", {"entry": str(goal.pk), "now": "5"}, headers=HTMX).content.decode()
    assert "Lift my son" in page
    assert "<strong>5</strong> of 10" in page
    assert "at least" not in page
    wrong = doctor.post(f"{where}/now", {"entry": str(goal.pk), "now": "55"}, headers=HTMX)
    assert "less than or equal to 10" in wrong.content.decode()
    doctor.post(f"{where}/error", {"entry": str(goal.pk)}, headers=HTMX)
    goal.refresh_from_db()
    assert (goal.now, goal.in_error) == (5, True)


def test_a_question_is_asked_and_answered(doctor: Client, patient: Patient) -> None:
    services.enter(MedicineEntry, patient, None, text="prednisone 10 mg daily")
    page = doctor.get(f"/patients/{patient.uid}/record").content.decode()
    assert "Has the patient taken steroids for long?" in page
    assert "← prednisone" in page
    assert "Asked above: Long-term steroids" in page
    where = f"/patients/{patient.uid}/record/answer"
    unsure = doctor.post(where, {"code": "long_term_steroids", "answer": "unsure"}, headers=HTMX)
    assert "Not sure," in unsure.content.decode()
    done = doctor.post(where, {"code": "long_term_steroids", "answer": "yes"}, headers=HTMX).content.decode()
    assert "Long-term steroids" in done
    assert "question only you" not in done
    assert FactAnswer.objects.count() == 2


@pytest.mark.parametrize(
    "sent",
    [
        {"code": "nonsense", "answer": "yes"},
        {"code": "long_term_steroids", "answer": "maybe"},
        {"code": "surgery_recent", "region": "moon", "answer": "yes"},
        {},
    ],
)
def test_an_answer_nobody_asked_for_is_refused(
    doctor: Client, patient: Patient, sent: dict[str, str]
) -> None:
    assert doctor.post(f"/patients/{patient.uid}/record/answer", sent).status_code == 302
    assert doctor.post(f"/patients/{patient.uid}/record/answer", sent, headers=HTMX).status_code == 200
    assert not FactAnswer.objects.exists()


def test_why_here_and_what_matters(doctor: Client, patient: Patient) -> None:
    where = f"/patients/{patient.uid}/record/about"
    page = doctor.post(where, {"why_here": "Neck pain", "what_matters": "Sleep <b>"}, headers=HTMX)
    assert "Sleep &lt;b&gt;" in page.content.decode()
    long = doctor.post(where, {"why_here": "y" * 5000})
    assert long.status_code == 422
    assert "at most 4000 characters" in long.content.decode()
    assert "y" * 5000 in long.content.decode()
    patient.refresh_from_db()
    assert patient.why_here == "Neck pain"


def test_weeks_of_pregnancy_are_shown_today(doctor: Client, patient: Patient) -> None:
    due = timezone.localdate() + dt.timedelta(days=280 - 24 * 7)
    services.enter(PregnancyEntry, patient, None, due_date=due)
    page = doctor.get(f"/patients/{patient.uid}/record").content.decode()
    assert "24 weeks today" in page
    assert "Pregnant, 24 wk" in page


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("record/medicine/end", "0"),
        ("record/medicine/error", "-1"),
        ("record/medicine/error", ""),
        ("record/medicine/error", "9" * 30),
        ("record/medicine/error", "٣"),
        ("record/moon/add", "1"),
        ("record/surgery/end", "1"),
    ],
)
def test_what_is_not_there_is_not_found(doctor: Client, patient: Patient, path: str, entry: str) -> None:
    assert doctor.post(f"/patients/{patient.uid}/{path}", {"entry": entry}).status_code == 404


def test_an_entry_of_another_patient_is_not_changed(doctor: Client, patient: Patient) -> None:
    entry = services.enter(ProblemEntry, testing.patient(), None, text="Pain")
    answer = doctor.post(f"/patients/{patient.uid}/record/problem/error", {"entry": str(entry.pk)})
    assert answer.status_code == 404
    entry.refresh_from_db()
    assert not entry.in_error


@pytest.mark.parametrize(
    ("role", "reads"),
    [("auditor", True), ("trainee", True), ("front_desk", False), ("biller", False), ("owner", False)],
)
def test_who_reads_and_who_writes(client: Client, patient: Patient, role: str, reads: bool) -> None:
    signed = testing.signed_in(client, testing.member(role))
    page = signed.get(f"/patients/{patient.uid}/record")
    assert page.status_code == (200 if reads else 403)
    sent = signed.post(f"/patients/{patient.uid}/record/medicine/add", SENT["medicine"])
    assert sent.status_code == {"trainee": 302, "auditor": 403}.get(role, 404)
    assert MedicineEntry.objects.exists() is (role == "trainee")
    if role == "auditor":
        assert "Add a medicine" not in page.content.decode()
        assert "Entered in error" not in page.content.decode()


def test_opening_is_audited_and_asks_few_queries(doctor: Client, patient: Patient) -> None:
    for kind, sent in SENT.items():
        doctor.post(f"/patients/{patient.uid}/record/{kind}/add", sent)
    with CaptureQueriesContext(connection) as first:
        doctor.get(f"/patients/{patient.uid}/record")
    assert AuditEvent.objects.filter(action="record.read", patient_id=patient.pk).count() == 1
    for _ in range(3):
        doctor.post(f"/patients/{patient.uid}/record/problem/add", SENT["problem"])
        doctor.post(f"/patients/{patient.uid}/record/medicine/add", SENT["medicine"])
    with CaptureQueriesContext(connection) as second:
        doctor.get(f"/patients/{patient.uid}/record")
    assert len(second) == len(first) < 40


def test_a_refusal_kept_by_a_visit_reads_in_words(doctor: Client, patient: Patient) -> None:
    services.enter(RefusalEntry, patient, None, technique="HVLA")
    page = doctor.get(f"/patients/{patient.uid}/record").content.decode()
    assert "Thrust, high velocity low amplitude" in page
