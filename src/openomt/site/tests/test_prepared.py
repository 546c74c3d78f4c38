"""Rows by statements made once are those Django brings."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import DatabaseError, DataError, connection, transaction
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.access import Role
from openomt.care.accounts.backend import StaffBackend
from openomt.care.accounts.by_key import ByKey
from openomt.care.accounts.models import AuditEvent, Practice, RoleGrant, User
from openomt.care.accounts.prepared import Joined, Prepared, plans_kept
from openomt.care.accounts.writing import Insert, Update
from openomt.care.followup.models import Task
from openomt.care.patients.models import Patient
from openomt.care.testing import member, patient, practice

pytestmark = pytest.mark.django_db


def _values(row: Any) -> dict[str, Any]:
    return {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields}


def test_a_row_by_its_key_is_the_row_django_brings() -> None:
    practice(name="Here", zone="America/Chicago")
    user = member(Role.PHYSICIAN, Role.OWNER)
    one = patient(restricted=True)
    event = audit.record(user, "chart.read", patient_id=one.pk, detail={"a": [1]})
    pairs = [
        (Practice, "pk", 1),
        (User, "pk", user.pk),
        (Patient, "uid", one.uid),
        (AuditEvent, "pk", event.pk),
    ]
    for model, column, value in pairs:
        found = ByKey(model, column).get(value)
        assert found is not None
        assert _values(found) == _values(model._default_manager.get(**{column: value}))
    assert {row.role for row in ByKey(RoleGrant, "user").all(user.pk)} == {"physician", "owner"}


def test_no_row_has_a_key_that_nobody_has() -> None:
    assert ByKey(Patient, "uid").get(uuid.uuid4()) is None
    assert ByKey(User).get(10**9) is None


def test_a_changed_row_is_read_anew() -> None:
    user = member(Role.BILLER)
    by_key = ByKey(User)
    User.objects.filter(pk=user.pk).update(name="Changed Name")
    assert by_key.get(user.pk).name == "Changed Name"  # type: ignore[union-attr]


def _named(keys: list[int], since: dt.date, words: str, restricted: bool) -> QuerySet[Patient, Any]:
    found = Patient.objects.filter(pk__in=keys, birth_date__gt=since).exclude(family_name=words)
    if restricted:
        found = found.filter(restricted=True)
    return found.order_by("pk").values_list("uid", "birth_date", "restricted", "added_at")


def test_a_prepared_query_brings_what_django_brings_for_each_of_its_values() -> None:
    people = [
        patient(birth_date=dt.date(1980 + n, 1, 1), restricted=n % 2 == 0, family_name=f"Name{n}")
        for n in range(4)
    ]
    prepared = Prepared(_named)
    keys = [one.pk for one in people]
    for some in (keys, keys[:2], keys[::-1], [keys[0], keys[0]]):
        for since in (dt.date(1970, 1, 1), dt.date(1981, 6, 1)):
            for words in ("Name3", "%s \x01sample 1"):
                for restricted in (True, False):
                    asked = list(_named(some, since, words, restricted))
                    assert prepared.rows(some, since, words, restricted) == asked
    assert not prepared.rows([], dt.date(1970, 1, 1), "", False)


def test_a_prepared_query_knows_moments_of_any_zone() -> None:
    user = member(Role.OWNER)
    event = audit.record(user, "chart.read")
    since = Prepared(lambda at: AuditEvent.objects.filter(at__gte=at).values_list("pk"))
    for zone in (dt.UTC, dt.timezone(dt.timedelta(hours=-6))):
        assert since.rows(event.at.astimezone(zone)) == [(event.pk,)]
        assert since.rows((event.at + dt.timedelta(microseconds=1)).astimezone(zone)) == []


def test_a_number_that_no_column_can_hold_is_a_fault_and_not_an_empty_answer() -> None:
    with pytest.raises(TypeError, match="float"):
        Prepared(lambda low: Patient.objects.filter(pk__gt=low).values_list("pk")).rows(1.5)


def test_one_statement_serves_all_values() -> None:
    user = member(Role.OWNER)
    by_action = Prepared(lambda action: AuditEvent.objects.filter(action=action).values_list("pk"))
    audit.record(user, "chart.read")
    with CaptureQueriesContext(connection) as seen:
        assert len(by_action.rows("chart.read")) == 1
        assert not by_action.rows("chart.write")
    assert len({one["sql"].replace("chart.write", "chart.read") for one in seen.captured_queries}) == 1
    assert timezone.now() > AuditEvent.objects.get().at


def test_a_prepared_query_takes_a_key_of_any_database() -> None:
    one, other = patient(family_name="First"), patient(family_name="Second")
    by_uid = Prepared(lambda uid: Patient.objects.filter(uid=uid).values_list("pk", "uid"))
    assert by_uid.rows(one.uid) == [(one.pk, one.uid)]
    assert by_uid.rows(other.uid) == [(other.pk, other.uid)]
    assert by_uid.rows(uuid.uuid4()) == []


def test_a_row_is_written_as_django_writes_it() -> None:
    user = member(Role.PHYSICIAN)
    values = {"name": "Renée Ünal 🙂", "credentials": "DO", "pin_failures": 3, "is_active": False}
    ours = Insert(User)(User(email="ours@practice.test", **values))
    theirs = User.objects.create(email="theirs@practice.test", **values)
    assert ours.pk
    assert not ours._state.adding
    found = User.objects.get(pk=ours.pk)
    differ = {"id", "uid", "email", "date_joined"}
    assert {name: value for name, value in _values(found).items() if name not in differ} == {
        name: value for name, value in _values(theirs).items() if name not in differ
    }
    user.name, user.pin_failures = "Changed Name", 4
    Update(User, "name")(user)
    found = User.objects.get(pk=user.pk)
    assert (found.name, found.pin_failures) == ("Changed Name", 0)


def test_a_change_of_a_row_that_is_gone_is_a_fault() -> None:
    user = member(Role.BILLER)
    User.objects.filter(pk=user.pk).delete()
    with pytest.raises(DatabaseError):
        Update(User, "name")(user)


def test_a_person_is_found_with_all_their_roles() -> None:
    both, none = member(Role.PHYSICIAN, Role.OWNER), member()
    backend = StaffBackend()
    found = backend.get_user(both.pk)
    assert found is not None
    assert _values(found) == _values(User.objects.get(pk=both.pk))
    assert found.role_names == {Role.PHYSICIAN, Role.OWNER}
    assert backend.get_user(none.pk).role_names == frozenset()  # type: ignore[union-attr]
    User.objects.filter(pk=both.pk).update(is_active=False)
    for nobody in (both.pk, 10**9, "x", None):
        assert backend.get_user(nobody) is None


def test_a_connection_the_server_has_closed_is_known_without_asking() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server")
    other = connection.copy()
    try:
        other.ensure_connection()
        assert other.is_usable()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (server,) = cursor.fetchone()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [server])
        assert not other.is_usable()
    finally:
        other.close()


def test_rows_come_with_those_they_point_to() -> None:
    nurse, one = member(Role.FRONT_DESK), patient()
    made = [
        Task.objects.create(
            patient=one, title="Call", opened_at=timezone.now(), due_at=timezone.now(), owner=owner
        )
        for owner in (nurse, None)
    ]
    joined = Joined(Task, {"patient": Patient, "owner": User}, lambda: Task.objects.order_by("pk"))
    with CaptureQueriesContext(connection) as asked:
        found = joined.rows()
        told = [(task.patient, task.owner, task.title) for task in found]
    assert len(asked) == 1
    assert told == [(one, nurse, "Call"), (one, None, "Call")]
    assert [_values(task) for task in found] == [_values(task) for task in made]


@pytest.mark.django_db(transaction=True)
def test_plans_are_kept_inside_alone() -> None:
    def mode() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW plan_cache_mode")
            return str(cursor.fetchone()[0])

    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no such setting")
    with plans_kept():
        assert mode() == "force_generic_plan"
    assert mode() == "auto"
    with pytest.raises(DataError), plans_kept(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert mode() == "auto"
    with pytest.raises(DataError), transaction.atomic(), plans_kept(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert mode() == "auto"
