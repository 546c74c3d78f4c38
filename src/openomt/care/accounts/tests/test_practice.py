"""The practice's details, its locations, and CPT."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from openomt.care.accounts import services
from openomt.care.accounts.access import Role
from openomt.care.accounts.forms import CptForm, PracticeForm
from openomt.care.accounts.models import AuditEvent, Location, Practice, User
from openomt.care.accounts.services import RuleError
from openomt.care.testing import member, practice, signed_in

LOCATION = {"name": "Main Street", "state": "ny", "place_of_service": "11", "is_active": "on"}


@pytest.fixture
def owner(db: None) -> User:
    return member(Role.OWNER)


@pytest.fixture
def office(client: Client, owner: User) -> Client:
    return signed_in(client, owner)


def _typed(**changes: Any) -> dict[str, Any]:
    known = PracticeForm(instance=Practice.load()).initial
    return {name: value or "" for name, value in known.items()} | changes


def test_details_are_changed_and_the_audit_names_the_fields(office: Client) -> None:
    office.post(reverse("practice"), _typed(name="Hands", idle_minutes="5", zone="America/Denver"))
    row = Practice.load()
    assert (row.name, row.idle_minutes, row.zone) == ("Hands", 5, "America/Denver")
    assert AuditEvent.objects.get(action="practice.change").detail == {
        "fields": ["name", "zone", "idle_minutes"]
    }


def test_a_change_shows_at_once(office: Client) -> None:
    office.post(reverse("practice"), _typed(name="Hands"))
    assert "<h1>Hands</h1>" in office.get(reverse("practice")).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("name", "null \x01"),
        ("idle_minutes", "0"),
        ("idle_minutes", "61"),
        ("idle_minutes", "9" * 50),
        ("idle_minutes", "soon"),
        ("zone", "Mars/Olympus"),
        ("npi", "1234567890"),
        ("state", "New York"),
        ("email", "nowhere"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field_and_the_rest_is_kept(
    office: Client, field: str, value: str
) -> None:
    answer = office.post(reverse("practice"), _typed(city="Kepttown", **{field: value}))
    assert answer.status_code == 400
    assert answer.context["form"].errors[field]
    assert "Kepttown" in answer.content.decode()
    assert Practice.load().city == ""


def test_a_time_zone_nobody_knows_is_refused_by_the_service_too(owner: User) -> None:
    with pytest.raises(RuleError):
        services.change_practice(owner, zone="Mars/Olympus")


def test_the_owner_confirms_the_license_in_words(office: Client, owner: User) -> None:
    practice()
    assert office.post(reverse("cpt_on"), {"words": "yes"}).status_code == 400
    assert not Practice.load().shows_cpt
    office.post(reverse("cpt_on"), {"words": f" {CptForm.WORDS.upper()}. "})
    row = Practice.load()
    assert row.shows_cpt
    assert row.cpt_confirmed_by == owner
    office.post(reverse("cpt_off"))
    assert not Practice.load().shows_cpt
    assert set(AuditEvent.objects.values_list("action", flat=True)) == {"cpt.confirm", "cpt.withdraw"}


def test_a_location_is_added_changed_and_closed(office: Client) -> None:
    office.post(reverse("location_new"), LOCATION)
    place = Location.objects.get()
    assert (place.name, place.state, place.is_active) == ("Main Street", "NY", True)
    where = reverse("location", kwargs={"uid": place.uid})
    assert office.post(where, LOCATION | {"place_of_service": "1"}).status_code == 400
    office.post(where, {name: value for name, value in LOCATION.items() if name != "is_active"})
    place.refresh_from_db()
    assert not place.is_active
    assert AuditEvent.objects.filter(action="location.change").get().detail == {"fields": ["is_active"]}


def test_the_settings_of_other_steps_are_linked_where_they_exist(office: Client) -> None:
    page = office.get(reverse("practice")).content.decode()
    assert f'href="{reverse("people")}"' in page
    assert f'href="{reverse("audit")}"' in page
