"""The list, a new patient, demographics, guardians and restricting, as people use them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.models import AuditEvent
from openomt.care.patients.models import Guardian, NotDuplicate, Patient

pytestmark = pytest.mark.django_db
FORM = {
    "family_name": "Alvareztest",
    "given_names": "Rosa",
    "birth_date": "3/4/1992",
    "sex": "female",
    "language": "es",
    "contact": "phone",
    "payer_kind": "commercial",
}
NASTY = (
    "x" * 10_000,
    "a\x07b",
    "a\u202eb",
    "'; DROP TABLE patients_patient; --",
    "<script>alert(1)</script>",
    "مريم",
    "🙂🙂",
    "line\nbreak",
)


@pytest.fixture
def desk(client: Client) -> Client:
    return testing.signed_in(client, testing.member("front_desk"))


def test_a_patient_is_added_by_the_front_desk(desk: Client) -> None:
    answer = desk.post("/patients/new", FORM)
    row = Patient.objects.get()
    assert answer["Location"] == f"/patients/{row.uid}/edit"
    assert (row.birth_date, row.language, row.family_key) == (dt.date(1992, 3, 4), "es", "alvareztest")
    assert AuditEvent.objects.filter(action="patient.added", patient_id=row.pk).exists()


def test_a_look_alike_is_shown_and_has_to_be_denied(desk: Client) -> None:
    known = testing.patient(family_name="Alvareztest", given_names="Rosita", birth_date=dt.date(1992, 3, 4))
    testing.patient(family_name="Alvareztest", given_names="Benjamin", birth_date=dt.date(1992, 3, 4))
    form = FORM | {"given_names": "Rosit"}
    warned = desk.post("/patients/new", form)
    page = warned.content.decode()
    assert warned.status_code == 422
    assert "1 record may be the same person" in page
    assert "Benjamin" not in page
    assert str(known.uid) in page
    assert 'value="Rosit"' in page
    assert Patient.objects.count() == 2
    assert desk.post("/patients/new", form | {"another": "nonsense"}).status_code == 422
    assert desk.post("/patients/new", form | {"another": str(known.uid)}).status_code == 302
    assert Patient.objects.count() == 3
    assert NotDuplicate.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("birth_date", "tomorrow", "no day that can be read"),
        ("birth_date", "2999-01-01", "no day that can be read"),
        ("birth_date", "2090-01-01", "still to come"),
        ("birth_date", "0001-01-01", "no day that can be read"),
        ("birth_date", "9999-12-31", "no day that can be read"),
        ("birth_date", "99999-01-01", "no day that can be read"),
        ("birth_date", "", "required"),
        ("family_name", "", "required"),
        ("family_name", "🙂", "has letters"),
        ("sex", "", "required"),
        ("language", "xx", "not one of the available"),
        ("phone", "12", "more digits"),
        ("email", "no", "valid email"),
        ("state", "New York", "2 characters"),
        ("contact", "email", "Choose"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    desk: Client, field: str, value: str, words: str
) -> None:
    answer = desk.post("/patients/new", FORM | {field: value})
    page = answer.content.decode()
    if field == "contact":
        words = "Needed, as the patient prefers it."
    assert answer.status_code == 422
    assert words in page
    assert 'value="Rosa"' in page
    if value and field not in ("sex", "language", "contact", "state"):
        assert f'value="{value}"' in page
    assert not Patient.objects.exists()


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
@pytest.mark.parametrize("field", [name for name in FORM if name != "contact"] + ["street", "phone", "email"])
def test_bad_input_gets_an_answer(desk: Client, field: str, text: str) -> None:
    answer = desk.post("/patients/new", FORM | {field: text})
    assert answer.status_code in (302, 422)
    assert "<script>alert(1)</script>" not in answer.content.decode()
    if Patient.objects.exists():
        row = Patient.objects.get()
        page = desk.get(f"/patients/{row.uid}/edit")
        assert page.status_code == 200
        assert "<script>alert(1)</script>" not in page.content.decode()


def test_demographics_are_changed(desk: Client) -> None:
    row = testing.patient()
    page = desk.get(f"/patients/{row.uid}/edit").content.decode()
    assert row.family_name in page
    assert AuditEvent.objects.filter(action="demographics.read", patient_id=row.pk).exists()
    assert desk.post(f"/patients/{row.uid}/edit", FORM).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.given_key) == ("Rosa Alvareztest", "rosa")
    assert desk.post(f"/patients/{row.uid}/edit", FORM | {"family_name": ""}).status_code == 422


def test_what_the_front_desk_sees_holds_nothing_of_the_record(desk: Client) -> None:
    row = testing.patient(why_here="Secretreason", what_matters="Secretwish")
    row.medicines.create(text="Secretmedicine")
    assert "Secret" not in desk.get(f"/patients/{row.uid}/edit").content.decode()
    assert desk.get(f"/patients/{row.uid}/record").status_code == 403


def test_a_guardian_is_added_and_ends(desk: Client) -> None:
    row = testing.patient(birth_date=timezone.localdate())
    sent = {"name": "Parent Test", "relation": "Mother", "may_consent": "on"}
    answer = desk.post(f"/patients/{row.uid}/record/guardian/add", sent)
    assert answer["Location"] == f"/patients/{row.uid}/edit#card-guardian"
    guardian = Guardian.objects.get()
    assert guardian.may_consent
    page = desk.get(f"/patients/{row.uid}/edit").content.decode()
    assert "may consent" in page
    desk.post(f"/patients/{row.uid}/record/guardian/end", {"entry": str(guardian.pk)})
    assert not Guardian.objects.standing().exists()
    again = desk.post(f"/patients/{row.uid}/record/guardian/add", {"name": ""}, follow=True)
    assert "This field is required." in again.content.decode()


def test_a_clinician_restricts_and_names_the_team(client: Client) -> None:
    doctor, other = testing.member("physician"), testing.member("physician")
    row = testing.patient()
    signed = testing.signed_in(client, doctor)
    page = signed.get(f"/patients/{row.uid}/restrict").content.decode()
    assert str(other) in page
    assert signed.post(f"/patients/{row.uid}/restrict", {"restricted": "on"}).status_code == 422
    signed.post(f"/patients/{row.uid}/restrict", {"restricted": "on", "care_team": [str(doctor.uid)]})
    row.refresh_from_db()
    assert row.restricted
    for nobody in ("99999999999999999999", "nonsense", str(row.uid)):
        sent = {"restricted": "on", "care_team": [nobody]}
        assert signed.post(f"/patients/{row.uid}/restrict", sent).status_code == 422
    desk = testing.signed_in(Client(), testing.member("front_desk"))
    assert desk.post(f"/patients/{row.uid}/restrict", {}).status_code == 403


LISTED = (
    ("Spanishtest", {"language": "es"}),
    ("Medicaretest", {"payer_kind": "medicare", "birth_date": dt.date(1940, 1, 1)}),
    ("Restrictedtest", {"restricted": True}),
    ("Interpretertest", {"interpreter": True}),
    ("Infanttest", {"birth_date": timezone.now().date() - dt.timedelta(days=100)}),
    ("Silenttest", {"contact": "none"}),
)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"language": "es"}, {"Spanishtest"}),
        ({"payer_kind": "medicare"}, {"Medicaretest"}),
        ({"only": "restricted"}, {"Restrictedtest"}),
        ({"only": "interpreter"}, {"Interpretertest"}),
        ({"only": "silent"}, {"Silenttest"}),
        ({"ages": "infant"}, {"Infanttest"}),
        ({"ages": "child"}, {"Infanttest"}),
        ({"ages": "older"}, {"Medicaretest"}),
        ({"q": "Spanish"}, {"Spanishtest"}),
        ({"q": "Spanish", "language": "en"}, set()),
        ({"language": "zz", "page": "x"}, {name for name, _ in LISTED}),
        ({}, {name for name, _ in LISTED}),
    ],
)
def test_the_list_is_narrowed(client: Client, query: dict[str, str], names: set[str]) -> None:
    for name, fields in LISTED:
        given: dict[str, Any] = {"family_name": name} | fields
        testing.patient(**given)
    page = testing.signed_in(client, testing.member("biller")).get("/patients", query).content.decode()
    assert {name for name, _ in LISTED if f">{name}, " in page} == names


def test_the_list_has_pages_and_links(client: Client) -> None:
    for number in range(60):
        testing.patient(family_name=f"Page{number:03}test", language="es")
    signed = testing.signed_in(client, testing.member("physician"))
    first = signed.get("/patients", {"language": "es"}).content.decode()
    assert "60 patients" in first
    assert "Page 1 of 2" in first
    assert "?language=es&amp;page=2" in first
    assert 'href="/recall"' in first
    second = signed.get("/patients", {"language": "es", "page": "2"}).content.decode()
    assert "Page059test" in second
    assert signed.get("/patients", {"page": "99999999999999999999"}).status_code == 200


def test_an_empty_list_says_what_to_do(desk: Client) -> None:
    assert "Add the first one" in desk.get("/patients").content.decode()
    testing.patient()
    assert "Nobody fits" in desk.get("/patients", {"q": "zzzz"}).content.decode()


@pytest.mark.parametrize(
    "path", ["/patients", "/patients/new", "/find?q=a", "/glass", "/patients/duplicates"]
)
def test_nobody_gets_in_without_signing_in(client: Client, path: str) -> None:
    assert client.get(path)["Location"].startswith("/account/login")
