"""Search: what is typed, and who is found."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from openomt.care import testing
from openomt.care.accounts.models import AuditEvent
from openomt.care.patients.models import Guardian, Patient
from openomt.care.patients.searching import AT_MOST, begins, find

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
PEOPLE = (
    ("Smith", "John Robert", "", "1990-03-04", "(212) 555-0142"),
    ("Smithson", "Ann", "", "1971-01-01", "212-555-9999"),
    ("Smitt", "Joan", "", "1990-03-05", ""),
    ("García-López", "María José", "Majo", "1985-12-31", "+1 646 555 7788"),
    ("De la Cruz", "Pedro", "", "2001-07-09", "6465551234"),
    ("O'Brien", "Siobhan", "", "1960-02-29", ""),
    ("李", "伟", "", "1999-09-09", ""),
    ("Mary", "Jones", "", "1950-05-05", ""),
)


@pytest.fixture
def people() -> dict[str, Patient]:
    return {
        family: testing.patient(
            family_name=family,
            given_names=given,
            called=called,
            birth_date=dt.date.fromisoformat(born),
            phone=phone,
        )
        for family, given, called, born, phone in PEOPLE
    }


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        # three letters, family and given
        ("smi", ["Smith", "Smithson", "Smitt"]),
        ("SMI", ["Smith", "Smithson", "Smitt"]),
        ("joh", ["Smith"]),
        ("sio", ["O'Brien"]),
        ("obr", ["O'Brien"]),
        ("o'b", ["O'Brien"]),
        ("gar", ["García-López"]),
        ("lop", ["García-López"]),
        ("cruz", ["De la Cruz"]),
        ("de la cr", ["De la Cruz"]),
        ("majo", ["García-López"]),
        ("李", ["李"]),
        # by sound, after those that begin as typed
        ("smyth", ["Smith"]),
        ("Smithe", ["Smith"]),
        ("obryan", ["O'Brien"]),
        ("Jon", ["Mary", "Smith", "Smitt"]),
        # given and family, in both orders
        ("john smith", ["Smith"]),
        ("smith john", ["Smith"]),
        ("smith, john", ["Smith"]),
        ("Smith , J", ["Smith"]),
        ("jon smyth", ["Smith"]),
        ("smyth, jon", ["Smith"]),
        ("majo lopez", ["García-López"]),
        ("maria jose garcia", ["García-López"]),
        ("pedro de la cruz", ["De la Cruz"]),
        ("de la cruz pedro", ["De la Cruz"]),
        ("mary jones", ["Mary"]),
        # birth date
        ("1990-03-04", ["Smith"]),
        ("3/4/1990", ["Smith"]),
        ("03041990", ["Smith"]),
        ("Mar 4 1990", ["Smith"]),
        ("4 Mar 1990", ["Smith"]),
        ("smith 3/4/1990", ["Smith"]),
        ("3/5/1990 smith", []),
        ("2/29/1960", ["O'Brien"]),
        # phone
        ("0142", ["Smith"]),
        ("555-0142", ["Smith"]),
        ("(212) 555", ["Smith", "Smithson"]),
        ("+1 (646) 555-77", ["García-López"]),
        ("5551234", ["De la Cruz"]),
        ("142", []),
        # nothing
        ("", []),
        ("   ", []),
        ("%", []),
        ("zzz", []),
        ("'; DROP TABLE patients_patient; --", []),
        ("🙂", []),
        ("\u202esmith", ["Smith", "Smithson"]),
    ],
)
def test_typed_and_found(people: dict[str, Patient], typed: str, found: list[str]) -> None:
    assert [row.family_name for row in find(typed, TODAY)] == found


def test_at_most_twelve_and_the_exact_name_first() -> None:
    for number in range(20):
        testing.patient(family_name=f"Novak{chr(97 + number)}", given_names="Alma")
    exact = testing.patient(family_name="Novak", given_names="Zoe")
    sounds = testing.patient(family_name="Nowack", given_names="Alma")
    found = find("novak", TODAY)
    assert len(found) == AT_MOST
    assert found[0] == exact
    assert sounds not in found


def test_a_merged_record_is_not_found() -> None:
    kept, gone = testing.patient(family_name="Kept"), testing.patient(family_name="Gonetest")
    gone.merged_into = kept
    gone.save()
    assert find("gonetest", TODAY) == []


def test_a_child_is_found_by_the_phone_of_a_guardian_as_long_as_that_one_stands() -> None:
    from openomt.care.patients import services

    own = testing.patient(family_name="Owntest", phone="646 555 7788")
    child = testing.patient(family_name="Childtest", phone="")
    mother = services.enter(Guardian, child, None, name="Gro", relation="mother", phone="+1 (646) 555-7788")
    father = services.enter(Guardian, child, None, name="Kim", relation="father", phone="646-555-7799")
    for typed in ("6465557788", "7788", "+1 646 555 7788"):
        assert find(typed, TODAY) == [child, own]
    assert find("5557799", TODAY) == [child]
    services.end(mother, None)
    services.mark_in_error(father, None)
    assert find("7788", TODAY) == [own]
    assert find("7799", TODAY) == []


def test_phones_are_looked_up_in_their_indexes_in_one_query() -> None:
    Guardian.objects.bulk_create(
        Guardian(patient=testing.patient(), name="G", relation="mother", phone_digits=f"646555{n:04}")
        for n in range(30)
    )
    with CaptureQueriesContext(connection) as asked:
        assert len(find("5550017", TODAY)) == 1
    assert len(asked) == 1
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]['sql']}")
            plan = " ".join(str(row[3]) for row in cursor.fetchall())
        assert "USING COVERING INDEX guardian_by_phone" in plan
        assert "SEARCH patients_patient USING INTEGER PRIMARY KEY" in plan


def test_a_changed_name_is_found_by_the_new_one_alone() -> None:
    from openomt.care.patients import services

    row = testing.patient(family_name="Beforetest")
    services.change_patient(row, None, family_name="Aftertest")
    assert find("beforet", TODAY) == []
    assert find("aftert", TODAY) == [row]


@pytest.mark.parametrize(
    "typed", ["smi", "smyth", "jon smyth", "smith, john", "3/4/1990", "0142", "03041990"]
)
def test_few_queries_answer(people: dict[str, Patient], typed: str) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        find(typed, TODAY)
    assert len(asked) <= 3


def test_a_beginning_is_looked_up_in_an_index() -> None:
    rows = [
        Patient(family_name=f"F{n:04}", given_names=f"G{n}", birth_date=TODAY, sex="female")
        for n in range(3000)
    ]
    from openomt.care.patients.services import index

    for row in rows:
        index(row)
    Patient.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE patients_patient")
    for column in ("family_key", "given_key", "called_key", "last_key"):
        plan = Patient.objects.filter(begins(column, "f0123")).order_by().explain()
        assert "USING INDEX" in plan or "Index" in plan, plan
        assert "Seq Scan" not in plan, plan


def test_find_answers_with_links_and_locks_and_writes_no_audit(client: Client) -> None:
    doctor = testing.member("physician")
    testing.patient(family_name="Lockedtest", restricted=True)
    row = testing.patient(family_name="Locktest", called="<b>Al</b>")
    before = AuditEvent.objects.count()
    answer = testing.signed_in(client, doctor).get("/find", {"q": "lock"}).content.decode()
    assert "Restricted" in answer
    assert f"/patients/{row.uid}/chart" in answer
    assert "&lt;b&gt;Al&lt;/b&gt;" in answer
    assert AuditEvent.objects.count() == before


def test_who_may_not_read_charts_is_led_to_demographics(client: Client) -> None:
    row = testing.patient(family_name="Desktest")
    answer = testing.signed_in(client, testing.member("front_desk")).get("/find", {"q": "desk"})
    assert f"/patients/{row.uid}/edit" in answer.content.decode()


def test_nobody_found_says_what_to_try(client: Client) -> None:
    signed = testing.signed_in(client, testing.member("physician"))
    assert "Try three letters" in signed.get("/find", {"q": "<script>"}).content.decode()
    assert signed.get("/find").content.decode().strip() == ""
