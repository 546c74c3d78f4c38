"""Staff send links and hand the tablet over; what was theirs is closed before the patient sees a page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from openomt.care.accounts.models import AuditEvent
from openomt.care.contact.models import Message
from openomt.care.patients.models import Guardian, Patient
from openomt.care.portal import doors
from openomt.care.portal.access import Scope
from openomt.care.portal.models import PrivateLink
from openomt.care.portal.sessions import KEY
from openomt.care.portal.testing import visiting
from openomt.care.testing import member, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def a_door(monkeypatch: pytest.MonkeyPatch) -> None:
    door = doors.Door("made up", Scope.INTAKE, "Made-up questions", lambda _patient: "/my/devices")
    monkeypatch.setitem(doors._DOORS, "made up", door)


@pytest.fixture
def desk(client: Client) -> Client:
    return signed_in(client, member("front_desk"))


def test_a_link_is_sent_to_the_address_on_file(desk: Client, adult: Patient, a_door: None) -> None:
    where = reverse("portal_door", args=[adult.uid])
    assert b"Made-up questions" in desk.get(where).content
    said = desk.post(where, {"door": "made up"}, follow=True).content.decode()
    assert "ada@example.test by e-mail" in said
    link, sent = PrivateLink.objects.get(), Message.objects.get()
    assert (link.scope, link.target, link.made_by is not None) == (Scope.INTAKE, "/my/devices", True)
    assert sent.template == "private_link"
    desk.post(reverse("portal_door_end", args=[adult.uid]), {"link": str(link.uid)})
    link.refresh_from_db()
    assert link.revoked_at is not None


def test_whoever_cannot_be_reached_gets_no_link_and_staff_read_why(
    desk: Client, adult: Patient, a_door: None
) -> None:
    Patient.objects.update(contact=Patient.Contact.PHONE)
    said = desk.post(reverse("portal_door", args=[adult.uid]), {"door": "made up"}, follow=True)
    assert "Prefers the phone" in said.content.decode()
    assert not PrivateLink.objects.filter(revoked_at=None).exists()


@pytest.mark.parametrize("sent", [{}, {"door": "none such"}])
def test_a_door_that_is_none_is_not_found(desk: Client, adult: Patient, sent: dict[str, str]) -> None:
    assert desk.post(reverse("portal_door", args=[adult.uid]), sent).status_code == 404
    assert desk.post(reverse("portal_hand_over", args=[adult.uid]), sent).status_code == 404


@pytest.mark.parametrize("link", ["", "no uuid", "00000000-0000-4000-8000-000000000000"])
def test_ending_a_link_that_is_none_changes_nothing(desk: Client, adult: Patient, link: str) -> None:
    assert desk.post(reverse("portal_door_end", args=[adult.uid]), {"link": link}).status_code == 302


def test_a_tablet_is_handed_over_and_given_back(
    desk: Client, child: Patient, guardian: Guardian, a_door: None
) -> None:
    desk.cookies["language"] = "es"
    went = desk.post(reverse("portal_hand_over", args=[child.uid]), {"door": "made up"})
    assert went["Location"] == "/my/devices"
    assert went.cookies["language"].value == ""  # the next person's own language counts
    kept = desk.session[KEY]
    assert (kept["scope"], kept["tablet"], kept["guardian"]) == ("intake", True, guardian.pk)
    assert desk.get(reverse("me")).status_code == 302  # the member is signed out
    assert desk.get(reverse("chart", args=[child.uid])).status_code == 302
    assert {"tablet.hand_over", "visitor.start"} <= set(AuditEvent.objects.values_list("action", flat=True))
    back = desk.post(reverse("portal_give_back"), follow=True)
    assert reverse("account_login") in back.content.decode()
    assert KEY not in desk.session


def test_everything_of_a_patient_never_opens_on_the_tablet(desk: Client, adult: Patient) -> None:
    assert desk.post(reverse("portal_hand_over", args=[adult.uid]), {"door": "all"}).status_code == 404
    assert desk.get(reverse("me")).status_code == 200


def test_the_bar_offers_to_give_the_tablet_back(client: Client, adult: Patient) -> None:
    visiting(client, adult, tablet=True)
    assert "Give the tablet back" in client.get(reverse("portal_devices")).content.decode()
