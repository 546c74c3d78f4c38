"""Signing in by a link that is sent, the session that follows, and a member's sign-in apart from it."""

from __future__ import annotations

import datetime as dt
import json
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.models import AuditEvent
from openomt.care.contact.models import Message
from openomt.care.patients.models import Guardian, Patient
from openomt.care.portal import links
from openomt.care.portal.access import Scope
from openomt.care.portal.models import PatientPasskey, PortalBrowser, PrivateLink
from openomt.care.portal.sessions import KEY, LONGEST, idle_limit
from openomt.care.portal.testing import visiting
from openomt.care.testing import PASSWORD, member, signed_in

pytestmark = pytest.mark.django_db
BORN = {"month": "3", "day": "4", "year": "1980"}


@pytest.fixture(autouse=True)
def no_tries_counted() -> None:
    cache.clear()


def _ask(client: Client, address: str, born: dict[str, str] = BORN) -> None:
    answer = client.post(reverse("portal_sign_in"), born | {"address": address})
    assert (answer.status_code, answer["Location"]) == (302, reverse("portal_sign_in_sent"))


def _born(patient: Patient) -> dict[str, str]:
    born = patient.birth_date
    return {"month": str(born.month), "day": str(born.day), "year": str(born.year)}


@pytest.mark.parametrize(
    "address", ["ada@example.test", " ADA@Example.test ", "(555) 555-0134", "+1 555 555 0134"]
)
def test_an_address_on_file_and_the_birth_date_bring_a_link(
    client: Client, adult: Patient, address: str
) -> None:
    _ask(client, address)
    sent = Message.objects.get()
    assert (sent.patient, sent.template, sent.address) == (adult, "sign_in", "ada@example.test")
    assert PrivateLink.objects.get().scope == Scope.ALL


@pytest.mark.parametrize(
    ("address", "born"),
    [
        ("other@example.test", BORN),
        ("ada@example.test", BORN | {"day": "5"}),
        ("555-555-0135", BORN),
        ("0134000", BORN),
    ],
)
def test_what_does_not_fit_is_answered_alike_and_brings_nothing(
    client: Client, adult: Patient, address: str, born: dict[str, str]
) -> None:
    _ask(client, address, born)
    assert not Message.objects.exists()
    assert not PrivateLink.objects.exists()


def test_a_record_merged_into_another_signs_nobody_in(client: Client, adult: Patient) -> None:
    Patient.objects.filter(pk=adult.pk).update(merged_into=testing.patient())
    _ask(client, "ada@example.test")
    assert not Message.objects.exists()


def test_a_mistake_is_named_and_what_was_typed_stays(client: Client, adult: Patient) -> None:
    answer = client.post(reverse("portal_sign_in"), {"address": "ada@", "month": "3", "year": "1980"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "whole e-mail" in text
    assert "the month, the day and the year" in text
    assert 'value="ada@"' in text
    assert 'value="1980"' in text


def test_one_address_is_not_asked_for_again_and_again(client: Client, adult: Patient) -> None:
    form = BORN | {"address": "ada@example.test"}
    answers = [client.post(reverse("portal_sign_in"), form).status_code for _ in range(5)]
    assert answers == [302, 302, 302, 302, 429]


def test_a_child_does_not_sign_in_alone_and_the_guardian_does(
    client: Client, child: Patient, guardian: Guardian
) -> None:
    Patient.objects.filter(pk=child.pk).update(email="bo@example.test")
    _ask(client, "bo@example.test", _born(child))
    assert not Message.objects.exists()
    _ask(client, "gro@example.test", _born(child))
    assert Message.objects.get().guardian == guardian


def test_a_guardian_without_an_address_is_found_by_the_childs(
    client: Client, child: Patient, guardian: Guardian
) -> None:
    Guardian.objects.update(email="", phone="")
    Patient.objects.filter(pk=child.pk).update(email="bo@example.test")
    _ask(client, "bo@example.test", _born(child))
    assert PrivateLink.objects.get().guardian == guardian


def test_at_eighteen_the_guardian_signs_in_no_more(
    client: Client, child: Patient, guardian: Guardian
) -> None:
    today = timezone.localdate()
    for days, expected in ((1, 1), (0, 1)):  # a day before the birthday, and on it
        born = (today + dt.timedelta(days=days)).replace(year=today.year - 18)
        Patient.objects.filter(pk=child.pk).update(birth_date=born)
        child.refresh_from_db()
        _ask(client, "gro@example.test", _born(child))
        assert PrivateLink.objects.count() == expected


def test_a_link_to_sign_in_leads_where_the_patient_was_going(client: Client, adult: Patient) -> None:
    asked = client.get(reverse("portal_devices"))
    assert asked["Location"] == f"{reverse('portal_sign_in')}?next=%2Fmy%2Fdevices"
    client.post(reverse("portal_sign_in"), BORN | {"address": "ada@example.test", "next": "/my/devices"})
    path = "/l/" + Message.objects.get().link.rsplit("/", 1)[1]
    went = Client().post(path, BORN)
    assert went["Location"] == "/my/devices"


@pytest.mark.parametrize(
    "target", ["https://example.test/my/", "//example.test", "/my/../today", "/today", "/my/\\example.test"]
)
def test_nobody_is_led_to_another_place(client: Client, adult: Patient, target: str) -> None:
    client.post(reverse("portal_sign_in"), BORN | {"address": "ada@example.test", "next": target})
    assert PrivateLink.objects.get().target == "/my/"


@pytest.mark.parametrize("scope", Scope)
def test_an_idle_session_ends(client: Client, adult: Patient, scope: Scope) -> None:
    visiting(client, adult, scope)
    _back(client, "seen", idle_limit(scope) - 60)
    assert client.post(reverse("portal_sign_out"))["Location"] == reverse("portal_signed_out")
    visiting(client, adult, scope)
    _back(client, "seen", idle_limit(scope) + 1)
    assert client.post(reverse("portal_sign_out"))["Location"].startswith(reverse("portal_sign_in"))
    assert KEY not in client.session


def test_no_session_outlives_thirty_days(client: Client, adult: Patient) -> None:
    visiting(client, adult)
    _back(client, "began", LONGEST + 1)
    assert client.get(reverse("portal_devices")).status_code == 302


def test_using_the_pages_keeps_the_session(client: Client, adult: Patient) -> None:
    visiting(client, adult)
    _back(client, "seen", 20 * 60)
    assert client.get(reverse("portal_devices")).status_code == 200
    assert time.time() - client.session[KEY]["seen"] < 60


def _back(client: Client, what: str, seconds: int) -> None:
    session = client.session
    session[KEY] = session[KEY] | {what: time.time() - seconds}
    session.save()


def test_a_member_and_a_patient_never_share_a_browser(client: Client, adult: Patient) -> None:
    doctor = member("physician")
    signed_in(client, doctor)
    assert client.get(reverse("portal_devices")).status_code == 403
    path = "/l/" + links.make(adult, Scope.ALL, "/my/").rsplit("/", 1)[1]
    client.post(path, BORN)
    assert client.get(reverse("portal_devices")).status_code == 200
    assert client.get(reverse("me")).status_code == 302
    client.post(reverse("account_login"), {"login": doctor.email, "password": PASSWORD})
    assert client.get(reverse("me")).status_code == 200
    assert client.get(reverse("portal_devices")).status_code == 403


def test_becoming_a_visitor_gives_the_session_a_new_key(client: Client, adult: Patient) -> None:
    visiting(client, adult)
    before = client.session.session_key
    client.post("/l/" + links.make(adult, Scope.ALL, "/my/").rsplit("/", 1)[1], BORN)
    assert client.session.session_key != before


def test_signing_out_ends_it_and_stands_in_the_audit(client: Client, adult: Patient) -> None:
    visiting(client, adult)
    client.post(reverse("portal_sign_out"))
    assert client.get(reverse("portal_devices")).status_code == 302
    event = AuditEvent.objects.get(action="visitor.end")
    assert (event.actor, event.actor_name, event.patient_id) == (None, "patient", adult.pk)


def test_a_script_is_told_where_to_sign_in(client: Client) -> None:
    answer = client.get(reverse("portal_devices"), headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["where"]) == (401, reverse("portal_sign_in"))


def test_devices_passkeys_and_links_can_be_ended_by_their_owner_only(
    client: Client, adult: Patient, child: Patient, guardian: Guardian
) -> None:
    links.make(adult, Scope.AFTERCARE, "/my/devices")
    link = PrivateLink.objects.get()
    browser = PortalBrowser.objects.create(patient=adult, token_hash="a" * 64, kind="android")
    passkey = PatientPasskey.objects.create(patient=adult, credential_id="a", credential="a", kind="iphone")
    ends = [
        reverse("portal_link_end", args=[link.uid]),
        reverse("portal_device_end", args=[browser.uid]),
        reverse("portal_passkey_end", args=[passkey.uid]),
    ]
    other = visiting(Client(), child, guardian=guardian)
    assert [other.post(one).status_code for one in ends] == [404, 404, 404]
    visiting(client, adult)
    page = client.get(reverse("portal_devices")).content.decode()
    assert all(words in page for words in ("Android", "iPhone", "Your page after your visit"))
    assert [client.post(one).status_code for one in ends] == [302, 302, 302]
    assert [client.post(one).status_code for one in ends] == [404, 404, 404]
    for row in (link, browser, passkey):
        row.refresh_from_db()
        assert row.revoked_at is not None


@pytest.mark.parametrize("what", ["link", "browser", "passkey"])
def test_ending_what_opened_a_session_ends_the_session(client: Client, adult: Patient, what: str) -> None:
    links.make(adult, Scope.ALL, "/my/")
    rows: dict[str, Any] = {
        "link": PrivateLink.objects.get(),
        "browser": PortalBrowser.objects.create(patient=adult, token_hash="a" * 64),
        "passkey": PatientPasskey.objects.create(patient=adult, credential_id="a", credential="a"),
    }
    visiting(client, adult)
    session = client.session
    session[KEY] = session[KEY] | {"opened": session[KEY]["opened"] | {what: rows[what].pk}}
    session.save()
    assert client.get(reverse("portal_devices")).status_code == 200
    rows[what].revoked_at = timezone.now()
    rows[what].save()
    assert client.get(reverse("portal_devices")).status_code == 302


@pytest.mark.parametrize("sent", [b"", b"[]", b"{}", b'{"id": 1}', b'{"id": "a", "response": {}}', b"\xff"])
def test_a_broken_passkey_answer_signs_nobody_in(client: Client, adult: Patient, sent: bytes) -> None:
    PatientPasskey.objects.create(patient=adult, credential_id="a", credential="AAAA")
    assert client.post(reverse("portal_passkey_ask")).status_code == 200
    answer = client.post(reverse("portal_passkey_sign_in"), sent, content_type="application/json")
    assert answer.status_code == 400
    assert KEY not in client.session
    PatientPasskey.objects.all().delete()
    visiting(client, adult)
    client.post(reverse("portal_passkey_begin"))
    assert (
        client.post(reverse("portal_passkey_add"), sent, content_type="application/json").status_code == 400
    )


def test_a_passkey_that_is_asked_for_must_check_its_holder(client: Client) -> None:
    asked = json.loads(client.post(reverse("portal_passkey_ask")).content)["publicKey"]
    assert asked["userVerification"] == "required"
    assert asked["rpId"] == "testserver"
