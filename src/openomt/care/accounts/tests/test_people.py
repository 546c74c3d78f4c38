"""People, their roles and credentials: what an owner may do, and what nobody may."""

from __future__ import annotations

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts import services
from openomt.care.accounts.access import Permission, Role
from openomt.care.accounts.models import AuditEvent, Credential, RoleGrant, User
from openomt.care.accounts.npi import check_npi
from openomt.care.accounts.services import RuleError
from openomt.care.testing import PASSWORD, member, signed_in

NPI = "1234567893"
TYPED = {
    "email": "new@example.test",
    "name": "New Test",
    "credentials": "DO",
    "npi": NPI,
    "roles": ["physician"],
}


@pytest.fixture
def owner(db: None) -> User:
    return member(Role.OWNER)


@pytest.fixture
def office(client: Client, owner: User) -> Client:
    return signed_in(client, owner)


def _fields(person: User, **changes: Any) -> dict[str, Any]:
    known = {name: getattr(person, name) for name in services.PERSON_FIELDS}
    return known | {"roles": set(person.role_names)} | changes


def test_a_practice_begins_with_an_owner(db: None) -> None:
    owner = services.create_owner("First@Example.Test", "First Test", PASSWORD)
    assert owner.email == "first@example.test"
    assert owner.may(Permission.STAFF)
    assert owner.check_password(PASSWORD)
    with pytest.raises(RuleError, match="Somebody has this address already"):
        services.create_owner("FIRST@example.test", "Second Test", PASSWORD)


def test_an_added_person_has_roles_and_no_password_yet(office: Client, owner: User) -> None:
    answer = office.post(reverse("person_new"), TYPED)
    added = User.objects.get(email="new@example.test")
    assert answer["Location"] == reverse("person", kwargs={"uid": added.uid})
    assert (added.name, added.credentials, added.npi) == ("New Test", "DO", NPI)
    assert added.role_names == {Role.PHYSICIAN}
    assert not added.has_usable_password()
    event = AuditEvent.objects.get(action="person.add")
    assert (event.actor, event.subject, event.detail) == (
        owner,
        f"user:{added.uid}",
        {"roles": ["physician"]},
    )


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "no address", "valid email"),
        ("email", "", "required"),
        ("email", "x" * 300 + "@example.test", "at most 254"),
        ("name", "x" * 10_000_000, "at most 120"),
        ("name", "bell \x07", "cannot be kept (U+0007)"),
        ("name", "turned \u202e name", "cannot be kept (U+202E)"),
        ("credentials", "x" * 41, "at most 40"),
        ("npi", "1234567890", "check digit"),
        ("npi", "12345", "ten digits"),
        ("npi", "١٢٣٤٥٦٧٨٩٣", "ten digits"),
        ("roles", [], "Choose at least one role"),
        ("roles", ["king"], "Select a valid choice"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(office: Client, field: str, value: Any, words: str) -> None:
    answer = office.post(reverse("person_new"), TYPED | {field: value})
    assert answer.status_code == 400
    assert words in " ".join(answer.context["form"].errors[field])
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "name", ["محمد 😀 O’Neil", "<script>alert(1)</script>", "'; DROP TABLE accounts_user; --"]
)
def test_any_name_people_have_or_invent_is_kept_and_shown_as_text(office: Client, name: str) -> None:
    office.post(reverse("person_new"), TYPED | {"name": name})
    assert User.objects.get(email="new@example.test").name == name
    assert "<script>alert" not in office.get(reverse("people")).content.decode()


def test_an_address_that_is_taken_is_said_at_its_field_and_the_rest_is_kept(
    office: Client, owner: User
) -> None:
    answer = office.post(reverse("person_new"), TYPED | {"email": owner.email.upper()})
    assert answer.status_code == 400
    assert "Somebody has this address" in answer.context["form"].errors["email"][0]
    assert 'value="New Test"' in answer.content.decode()


def test_a_change_is_kept_and_names_fields_only_in_the_audit(office: Client, owner: User) -> None:
    worker = member(Role.BILLER)
    where = reverse("person", kwargs={"uid": worker.uid})
    page = office.get(where).content.decode()
    assert page.count("checked") == 1  # the role held
    office.post(where, {"email": "moved@example.test", "name": "Moved", "roles": ["biller", "auditor"]})
    worker = User.objects.get(pk=worker.pk)
    assert worker.email == "moved@example.test"
    assert worker.role_names == {Role.BILLER, Role.AUDITOR}
    event = AuditEvent.objects.get(action="person.change")
    assert event.detail == {"fields": ["email", "name"], "roles_added": ["auditor"], "roles_removed": []}
    assert "moved" not in str(event.detail).lower().replace("removed", "")


def test_nothing_changed_leaves_no_trace(owner: User) -> None:
    services.change_person(owner, owner, **_fields(owner))
    assert not AuditEvent.objects.filter(action="person.change").exists()


def test_after_a_new_address_the_old_one_does_not_sign_in(owner: User) -> None:
    worker = member(Role.BILLER)
    old = worker.email
    client = Client()
    client.post(reverse("account_login"), {"login": old, "password": PASSWORD})
    EmailAddress.objects.get_or_create(user=worker, email=old, defaults={"primary": True, "verified": True})
    services.change_person(owner, worker, **_fields(worker, email="fresh@example.test"))
    again = Client()
    again.post(reverse("account_login"), {"login": old, "password": PASSWORD})
    assert again.get(reverse("me")).status_code == 302
    again.post(reverse("account_login"), {"login": "fresh@example.test", "password": PASSWORD})
    assert again.get(reverse("me")).status_code == 200


def test_the_last_owner_stays_one(office: Client, owner: User) -> None:
    where = reverse("person", kwargs={"uid": owner.uid})
    answer = office.post(where, {"email": owner.email, "name": owner.name, "roles": ["biller"]})
    assert "this is the last one" in answer.context["form"].errors["roles"][0]
    assert User.objects.get(pk=owner.pk).role_names == {Role.OWNER}


def test_a_closed_owner_is_no_owner(owner: User) -> None:
    member(Role.OWNER, is_active=False)
    with pytest.raises(RuleError, match="last one"):
        services.change_person(owner, owner, **_fields(owner, roles={Role.BILLER}))


def test_nobody_closes_their_own_account(office: Client, owner: User) -> None:
    member(Role.OWNER)
    answer = office.post(reverse("person_close", kwargs={"uid": owner.uid}), follow=True)
    assert "You cannot close your own account" in answer.content.decode()
    owner.refresh_from_db()
    assert owner.is_active


def test_a_closed_account_keeps_its_name_and_loses_its_sessions(office: Client) -> None:
    worker = member(Role.BILLER)
    there = Client()
    there.post(reverse("account_login"), {"login": worker.email, "password": PASSWORD})
    office.post(reverse("person_close", kwargs={"uid": worker.uid}))
    assert there.get(reverse("me")).status_code == 302
    assert User.objects.get(pk=worker.pk).is_active is False
    office.post(reverse("person_open", kwargs={"uid": worker.uid}))
    assert User.objects.get(pk=worker.pk).role_names == {Role.BILLER}


@pytest.mark.django_db(transaction=True)
def test_two_owners_cannot_remove_each_other_at_once() -> None:
    first, second = member(Role.OWNER), member(Role.OWNER)

    def remove(pair: tuple[User, User]) -> bool:
        try:
            services.deactivate(*pair)
        except RuleError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(remove, [(first, second), (second, first)]))
    assert sorted(done) == [False, True]
    assert RoleGrant.objects.filter(role=Role.OWNER, user__is_active=True).count() == 1


def test_a_link_is_shown_this_once_and_not_for_a_closed_account(office: Client, owner: User) -> None:
    worker = member(Role.BILLER)
    page = office.post(reverse("person_link", kwargs={"uid": worker.uid}))
    assert "http://testserver/account/password/reset/key/" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert "reset/key" not in office.get(reverse("person", kwargs={"uid": worker.uid})).content.decode()
    services.deactivate(owner, worker)
    answer = office.post(reverse("person_link", kwargs={"uid": worker.uid}), follow=True)
    assert "This account is closed" in answer.content.decode()


def test_lost_second_factors_can_be_taken_away(office: Client) -> None:
    from allauth.mfa.totp.internal.auth import TOTP

    worker = member(Role.BILLER)
    TOTP.activate(worker, "A" * 32)
    assert "Remove lost ones" in office.get(reverse("person", kwargs={"uid": worker.uid})).content.decode()
    office.post(reverse("person_factors", kwargs={"uid": worker.uid}))
    assert not Authenticator.objects.filter(user=worker).exists()
    assert AuditEvent.objects.filter(action="second_factor.reset").count() == 1


def test_somebody_else_can_be_signed_out_everywhere(office: Client) -> None:
    worker = member(Role.BILLER)
    there = Client()
    there.post(reverse("account_login"), {"login": worker.email, "password": PASSWORD})
    office.post(reverse("person_sessions", kwargs={"uid": worker.uid}))
    assert there.get(reverse("me")).status_code == 302
    assert AuditEvent.objects.filter(action="session.end_all").count() == 1


def test_a_credential_lets_a_physician_sign_within_its_days(office: Client) -> None:
    trainee = member(Role.TRAINEE)
    assert not trainee.may_sign_omt(timezone.localdate())
    office.post(
        reverse("credential_new", kwargs={"uid": trainee.uid}),
        {"kind": "do", "number": "T-1", "state": "ny", "valid_from": "2020-01-01", "may_sign_omt": "on"},
    )
    credential = Credential.objects.get(user=trainee, kind="do")
    assert (credential.state, credential.valid_to) == ("NY", None)
    assert trainee.may_sign_omt(dt.date(2020, 1, 1))
    assert not trainee.may_sign_omt(dt.date(2019, 12, 31))
    office.post(reverse("credential_end", kwargs={"uid": credential.uid}), {"valid_to": "2024-06-30"})
    assert trainee.may_sign_omt(dt.date(2024, 6, 30))
    assert not trainee.may_sign_omt(dt.date(2024, 7, 1))
    assert {"credential.add", "credential.end"} <= set(AuditEvent.objects.values_list("action", flat=True))


@pytest.mark.parametrize("day", ["", "yesterday", "0001-01-01", "9999-12-31", "99999-01-01", "2019-12-31"])
def test_a_day_on_which_it_cannot_end_is_said(office: Client, day: str) -> None:
    trainee = member(Role.TRAINEE)
    credential = services.add_credential(
        trainee, trainee, kind="do", valid_from=dt.date(2020, 1, 1), may_sign_omt=True
    )
    answer = office.post(
        reverse("credential_end", kwargs={"uid": credential.uid}), {"valid_to": day}, follow=True
    )
    assert answer.status_code == 200
    credential.refresh_from_db()
    assert credential.valid_to is None
    assert 'class="message error"' in answer.content.decode()


def test_a_credential_that_ends_before_it_begins_is_refused(office: Client) -> None:
    trainee = member(Role.TRAINEE)
    answer = office.post(
        reverse("credential_new", kwargs={"uid": trainee.uid}),
        {"kind": "do", "valid_from": "2020-01-02", "valid_to": "2020-01-01"},
    )
    assert "cannot end before it began" in answer.content.decode()


def test_somebody_unknown_is_not_found(office: Client) -> None:
    assert office.get(reverse("person", kwargs={"uid": uuid.uuid4()})).status_code == 404


def test_ones_own_name_can_be_changed_and_nothing_else(client: Client, db: None) -> None:
    worker = member(Role.BILLER)
    signed_in(client, worker)
    client.post(
        reverse("me_name"),
        {"name": "Renamed Test", "credentials": "DO", "email": "x@y.test", "roles": "owner"},
    )
    worker = User.objects.get(pk=worker.pk)
    assert (worker.name, worker.credentials) == ("Renamed Test", "")
    assert worker.role_names == {Role.BILLER}
    assert client.post(reverse("me_name"), {"name": ""}).status_code == 400


@pytest.mark.parametrize("number", [NPI, "1245319599", "1000000004"])
def test_an_npi_whose_check_digit_fits_is_taken(number: str) -> None:
    check_npi(number)


@pytest.mark.parametrize("place", range(10))
def test_an_npi_with_one_wrong_digit_is_refused(place: int) -> None:
    wrong = str((int(NPI[place]) + 1) % 10)
    with pytest.raises(ValidationError):
        check_npi(NPI[:place] + wrong + NPI[place + 1 :])
