"""Two records made one and taken apart again: the tables are as they were, row for row."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts import audit
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.patients import merging, services
from openomt.care.patients.alike import look_alikes, pairs
from openomt.care.patients.models import (
    Course,
    MedicineEntry,
    Merge,
    NotDuplicate,
    OpenedGlass,
    Patient,
    ProblemEntry,
    StoryEntry,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 23)
_BESIDES = {"accounts_auditevent", "patients_merge", "django_session", "site_cache"}


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Every table of care, row by row, but for the audit and the merges themselves."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if table not in _BESIDES:
                cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608  (names of our own tables)
                found[table] = cursor.fetchall()
    return found


@pytest.fixture
def doctor() -> User:
    return testing.member("physician")


def visit(patient: Patient, doctor: User, number: int) -> Any:
    return apps.get_model("visits", "Visit").objects.create(
        patient=patient, clinician=doctor, number=number, date=DAY, draft={"text": f"visit {number}"}
    )


def filled(doctor: User, **fields: Any) -> Patient:
    """A patient with rows in many tables of several steps."""
    patient = testing.patient(**fields)
    services.enter(ProblemEntry, patient, doctor, text="Low back pain")
    services.enter(MedicineEntry, patient, doctor, text="Eliquis 5 mg")
    services.enter(StoryEntry, patient, doctor, part="mind", label="Mood", text="Good")
    services.enter(Course, patient, doctor, title="Neck", started_on=DAY, planned_visits=4)
    services.add_document(patient, doctor, b"%PDF-1.4 test", "a.pdf", title="Report", kind="report")
    soon = timezone.now() + dt.timedelta(hours=patient.pk)
    testing.appointment(patient=patient, clinician=doctor, start=soon)
    for number in (1, 2):
        visit(patient, doctor, number)
    return patient


def test_merging_moves_everything_and_undoing_restores_every_table(doctor: User) -> None:
    kept, gone = filled(doctor), filled(doctor, care_team=(doctor,))
    older = testing.patient()
    merging.merge(gone, older, doctor)
    before = dump()
    done = merging.merge(kept, gone, doctor)
    for reference in merging.references():
        assert not reference.model._default_manager.filter(**{reference.name: gone}).exists(), reference
    gone.refresh_from_db()
    older.refresh_from_db()
    assert (gone.merged_into, older.merged_into) == (kept, kept)
    numbers = apps.get_model("visits", "Visit").objects.filter(patient=kept).order_by("pk")
    assert list(numbers.values_list("number", flat=True)) == [1, 2, 3, 4]
    assert dump() != before
    merging.undo(done, doctor)
    assert dump() == before
    assert audit.verify()[1] == []


def test_a_signed_visit_stays_word_for_word(doctor: User) -> None:
    kept, gone = testing.patient(), testing.patient()
    visit(kept, doctor, 1)
    moved = visit(gone, doctor, 1)
    signed = apps.get_model("visits", "SignedVisit").objects
    signed.create(
        visit=moved, schema=1, document='{"number":1}', sha256="0" * 64, note="As signed", signed_by=doctor,
        signed_as="Doctor", signed_at=timezone.now(),
    )  # fmt: skip
    before = signed.values().get()
    merging.merge(kept, gone, doctor)
    moved.refresh_from_db()
    assert (moved.patient, moved.number) == (kept, 2)
    assert signed.values().get() == before


def test_rows_added_after_the_merge_stay_with_the_kept_record(doctor: User) -> None:
    kept, gone = filled(doctor), filled(doctor)
    done = merging.merge(kept, gone, doctor)
    later = services.enter(MedicineEntry, gone, doctor, text="Ibuprofen")
    merging.undo(done, doctor)
    later.refresh_from_db()
    assert later.patient == kept


def test_a_chain_is_undone_from_its_end(doctor: User) -> None:
    first, second, third = testing.patient(), testing.patient(), testing.patient()
    early = merging.merge(second, first, doctor)
    late = merging.merge(third, second, doctor)
    with pytest.raises(ValidationError, match="later merge first"):
        merging.undo(early, doctor)
    merging.undo(late, doctor)
    merging.undo(early, doctor)
    with pytest.raises(ValidationError, match="already"):
        merging.undo(early, doctor)
    first.refresh_from_db()
    assert first.merged_into is None


def test_a_record_is_not_merged_with_itself_or_twice(doctor: User) -> None:
    one, other = testing.patient(), testing.patient()
    with pytest.raises(ValidationError):
        merging.merge(one, one, doctor)
    merging.merge(one, other, doctor)
    with pytest.raises(ValidationError, match="meanwhile"):
        merging.merge(one, other, doctor)
    assert Merge.objects.count() == 1


def test_restriction_is_never_lost_by_merging(doctor: User) -> None:
    kept, gone = testing.patient(), testing.patient(restricted=True, care_team=(doctor,))
    done = merging.merge(kept, gone, doctor)
    kept.refresh_from_db()
    assert kept.restricted
    assert list(kept.care_team.all()) == [doctor]
    merging.undo(done, doctor)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.restricted, gone.restricted) == (False, True)
    assert list(gone.care_team.all()) == [doctor]


def test_a_restriction_set_since_survives_the_undoing(doctor: User) -> None:
    kept, gone = testing.patient(), testing.patient()
    done = merging.merge(kept, gone, doctor)
    services.restrict(kept, doctor, True, [doctor])
    merging.undo(done, doctor)
    kept.refresh_from_db()
    assert kept.restricted


def test_who_was_let_in_with_a_reason_is_not_let_into_the_other_record(doctor: User) -> None:
    kept, gone = testing.patient(restricted=True), testing.patient(restricted=True)
    services.open_glass(gone, doctor, "Covering for a colleague")
    merging.merge(kept, gone, doctor)
    assert not OpenedGlass.objects.filter(patient=kept).exists()


def test_the_same_person_in_both_care_teams_is_there_once(doctor: User) -> None:
    kept = testing.patient(restricted=True, care_team=(doctor,))
    gone = testing.patient(restricted=True, care_team=(doctor,))
    before = dump()
    done = merging.merge(kept, gone, doctor)
    assert list(kept.care_team.all()) == [doctor]
    merging.undo(done, doctor)
    assert dump() == before


BASE: dict[str, Any] = {
    "family_name": "Alvareztest",
    "given_names": "Rosa",
    "birth_date": dt.date(1992, 3, 4),
    "phone": "",
}


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        ({}, True),
        ({"family_name": "Alvaretztest"}, True),
        ({"given_names": "Rosa Maria"}, True),
        ({"given_names": "Rossa"}, True),
        ({"family_name": "Rosa", "given_names": "Alvareztest"}, True),
        ({"given_names": "Benjamin"}, False),
        ({"family_name": "Whittaker"}, False),
        ({"birth_date": dt.date(1992, 4, 3)}, False),
        ({"birth_date": dt.date(1992, 4, 3), "phone": "212-555-0142"}, True),
        ({"family_name": "Whittaker", "phone": "212-555-0142"}, True),
        ({"family_name": "Whittaker", "given_names": "Benjamin", "phone": "212-555-0142"}, False),
    ],
)
def test_what_looks_alike(other: dict[str, Any], alike: bool) -> None:
    first = testing.patient(**BASE | ({"phone": "2125550142"} if "phone" in other else {}))
    second = testing.patient(**BASE | other)
    assert [pair.second for pair in look_alikes(first)] == ([second] if alike else [])
    assert [(pair.first, pair.second) for pair in pairs()] == ([(first, second)] if alike else [])


def test_two_people_are_listed_no_more(doctor: User) -> None:
    first, second = testing.patient(**BASE), testing.patient(**BASE)
    services.not_duplicates(second, first, doctor)
    services.not_duplicates(first, second, doctor)
    assert pairs() == []
    assert NotDuplicate.objects.count() == 1


def test_pages_of_merging(client: Client, doctor: User) -> None:
    first, second = testing.patient(**BASE), testing.patient(**BASE | {"phone": "212 555 0000"})
    signed = testing.signed_in(client, doctor)
    assert f"{first.uid}/{second.uid}" in signed.get("/patients/duplicates").content.decode()
    page = f"/patients/duplicates/{first.uid}/{second.uid}"
    assert "differs" in signed.get(page).content.decode()
    assert AuditEvent.objects.filter(action="chart.compared").count() == 2
    signed.post(f"{page}/merge", {"keep": "nonsense"})
    assert not Merge.objects.exists()
    signed.post(f"{page}/merge", {"keep": str(first.uid)})
    second.refresh_from_db()
    assert second.merged_into == first
    assert "Undo this merge" in signed.get("/patients/duplicates").content.decode()
    assert signed.get(f"/patients/{second.uid}/record").status_code == 200
    assert signed.get(page).status_code == 302
    signed.post(f"/patients/{second.uid}/unmerge")
    second.refresh_from_db()
    assert second.merged_into is None
    assert signed.post(f"/patients/{second.uid}/unmerge").status_code == 404
    signed.post(f"{page}/two-people")
    assert pairs() == []


@pytest.mark.parametrize("role", ["front_desk", "biller", "auditor", "trainee"])
def test_only_who_may_merge_sees_duplicates(client: Client, role: str) -> None:
    first, second = testing.patient(**BASE), testing.patient(**BASE)
    signed = testing.signed_in(client, testing.member(role))
    pair = f"/patients/duplicates/{first.uid}/{second.uid}"
    assert signed.get("/patients/duplicates").status_code == 403
    assert signed.get(pair).status_code == 403
    assert signed.post(f"{pair}/merge", {"keep": str(first.uid)}).status_code == 403
    assert signed.post(f"/patients/{second.uid}/unmerge").status_code == 403


def test_the_owner_sees_how_much_there_is_and_not_what(client: Client, doctor: User) -> None:
    first, second = filled(doctor, **BASE), testing.patient(**BASE)
    page = f"/patients/duplicates/{first.uid}/{second.uid}"
    assert "Medicines" in testing.signed_in(client, doctor).get(page).content.decode()
    owners = testing.signed_in(Client(), testing.member("owner")).get(page).content.decode()
    assert "Medicines" not in owners
    assert "Entries in all" in owners
