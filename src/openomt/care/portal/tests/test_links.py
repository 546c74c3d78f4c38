"""Private links: who may open them, how often, and what they open."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts.models import AuditEvent
from openomt.care.contact.models import Message
from openomt.care.patients.models import Guardian, Patient
from openomt.care.portal import links
from openomt.care.portal.access import Scope
from openomt.care.portal.models import TRIES, PortalBrowser, PrivateLink
from openomt.care.testing import member, signed_in

pytestmark = pytest.mark.django_db
RIGHT = {"month": "3", "day": "4", "year": "1980"}
WRONG = {"month": "3", "day": "5", "year": "1980"}
TARGET = "/my/devices"


@pytest.fixture(autouse=True)
def no_tries_counted() -> None:
    cache.clear()


def _path(address: str) -> str:
    return "/l/" + address.rsplit("/", 1)[1]


@pytest.fixture
def path(adult: Patient) -> str:
    return _path(links.make(adult, Scope.AFTERCARE, TARGET))


def _born(patient: Patient) -> dict[str, str]:
    born = patient.birth_date
    return {"month": str(born.month), "day": str(born.day), "year": str(born.year)}


def test_of_a_link_only_the_hash_is_kept(adult: Patient, path: str) -> None:
    token = path.removeprefix("/l/")
    assert len(token) >= 43  # 256 bits
    kept = PrivateLink.objects.values().get()
    assert token not in str(kept)
    assert links.find(token) is not None
    assert links.find(token[:-1] + ("A" if token[-1] != "A" else "B")) is None


def test_an_unknown_browser_gives_the_birth_date_and_then_goes_on(client: Client, path: str) -> None:
    asked = client.get(path)
    assert asked.status_code == 200
    assert b"Ada" not in asked.content  # nobody learns a name from a forwarded link
    assert "visitor" not in client.session
    went = client.post(path, RIGHT | {"remember": "yes"})
    assert (went.status_code, went["Location"]) == (302, TARGET)
    assert client.session["visitor"]["scope"] == "aftercare"


def test_looking_at_a_link_changes_nothing(client: Client, path: str) -> None:
    before = PrivateLink.objects.values().get()
    events = AuditEvent.objects.count()
    for method in (client.get, client.head, client.get):
        assert method(path).status_code == 200
    assert PrivateLink.objects.values().get() == before
    assert AuditEvent.objects.count() == events
    assert "visitor" not in client.session


def test_a_known_browser_goes_straight_on_and_only_for_this_patient(
    client: Client, path: str, child: Patient, guardian: Guardian
) -> None:
    client.post(path, RIGHT | {"remember": "yes"})
    client.post(reverse("portal_sign_out"))
    again = client.get(path)
    assert (again.status_code, again["Location"]) == (302, TARGET)
    other = _path(links.make(child, Scope.AFTERCARE, TARGET))
    assert client.get(other).status_code == 200


def test_a_browser_whose_owner_does_not_want_it_stays_unknown(client: Client, path: str) -> None:
    assert client.post(path, RIGHT).status_code == 302
    assert not PortalBrowser.objects.exists()
    client.post(reverse("portal_sign_out"))
    assert client.get(path).status_code == 200


def test_the_cookie_of_a_known_browser_cannot_be_made_up(client: Client, path: str) -> None:
    client.post(path, RIGHT | {"remember": "yes"})
    cookie = client.cookies["known"]
    assert cookie["httponly"]
    assert PortalBrowser.objects.get().token_hash not in cookie.value
    stranger = Client()
    stranger.cookies["known"] = cookie.value[:-2] + "xx"
    assert stranger.get(path).status_code == 200


def test_five_wrong_birth_dates_lock_the_link_even_for_the_right_one(client: Client, path: str) -> None:
    for number in range(1, TRIES + 1):
        answer = client.post(path, WRONG)
        assert answer.status_code == (422 if number < TRIES else 403)
    assert b"locked" in answer.content
    assert client.post(path, RIGHT).status_code == 403
    assert client.get(path).status_code == 403
    assert "visitor" not in client.session
    assert AuditEvent.objects.filter(action="private_link.lock").count() == 1


def test_the_lock_holds_in_other_browsers_and_a_right_date_takes_the_count_back(path: str) -> None:
    for _ in range(TRIES - 1):
        Client().post(path, WRONG)
    assert Client().post(path, RIGHT).status_code == 302
    assert PrivateLink.objects.get().tries == 0


def test_one_place_may_not_try_many_links(adult: Patient, client: Client) -> None:
    statuses = set()
    for _ in range(9):
        path = _path(links.make(adult, Scope.AFTERCARE, TARGET))
        statuses = {client.post(path, WRONG).status_code for _ in range(TRIES - 1)}
    assert statuses == {429}


def _plain(answer: Any, token: str) -> str:
    """A page without what is new in each: the token in its addresses, and the form's own token."""
    return re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"', "", str(answer.content.decode()).replace(token, "")
    )


def test_unknown_and_expired_links_are_answered_alike(client: Client, path: str) -> None:
    PrivateLink.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    gone, unknown = client.get(path), client.get("/l/" + "x" * 43)
    assert gone.status_code == unknown.status_code == 404
    assert _plain(gone, path.removeprefix("/l/")) == _plain(unknown, "x" * 43)
    assert client.post(path, RIGHT).status_code == 404
    first, second = client.post(f"{path}/again"), client.post("/l/" + "x" * 43 + "/again")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert client.get(first["Location"]).status_code == 200


def test_a_new_link_goes_to_the_address_on_file_and_ends_the_old_one(client: Client, path: str) -> None:
    PrivateLink.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    client.post(f"{path}/again")
    sent = Message.objects.get()
    assert (sent.address, sent.template) == ("ada@example.test", "new_link")
    assert Client().post(_path(sent.link), RIGHT)["Location"] == TARGET
    client.post(f"{path}/again")
    assert Message.objects.count() == 1  # the old one was ended


def test_a_locked_link_can_be_asked_for_anew(client: Client, path: str) -> None:
    for _ in range(TRIES):
        client.post(path, WRONG)
    client.post(f"{path}/again")
    assert Client().post(_path(Message.objects.get().link), RIGHT).status_code == 302


def test_nobody_floods_a_patient_with_new_links(client: Client) -> None:
    answers = [client.post("/l/" + "x" * 43 + "/again").status_code for _ in range(5)]
    assert answers == [302, 302, 302, 429, 429]


def test_an_ended_link_opens_nothing_and_puts_out_who_came_in_by_it(client: Client, path: str) -> None:
    client.post(path, RIGHT)
    assert client.get(reverse("portal_sign_out")).status_code == 405  # the session stands
    links.end(PrivateLink.objects.get())
    assert client.get(path).status_code == 404
    assert client.get(reverse("portal_sign_out")).status_code == 302
    assert "visitor" not in client.session


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Please give the month"),
        (RIGHT | {"year": "80"}, "four digits"),
        (RIGHT | {"month": "2", "day": "31"}, "no such day"),
        (RIGHT | {"day": "four"}, "no such day"),
        (RIGHT | {"year": "١٩٨٠"}, "four digits"),
    ],
)
def test_a_birth_date_that_is_none_is_told_apart_and_not_counted(
    client: Client, path: str, typed: dict[str, Any], words: str
) -> None:
    answer = client.post(path, typed or {"year": ""})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert PrivateLink.objects.get().tries == 0
    if typed:
        assert f'value="{typed["year"]}"' in answer.content.decode()


def test_a_link_opens_its_scope_and_its_page_only(client: Client, path: str) -> None:
    client.post(path, RIGHT)
    assert client.get(reverse("portal_devices")).status_code == 403
    assert client.get(reverse("portal_people")).status_code == 403


def test_a_link_to_sign_in_opens_once(client: Client, adult: Patient) -> None:
    path = _path(links.make(adult, Scope.ALL, "/my/"))
    assert client.post(path, RIGHT | {"remember": "yes"})["Location"] == "/my/"
    assert client.session["visitor"]["scope"] == "all"
    client.post(reverse("portal_sign_out"))
    assert client.get(path).status_code == 404
    assert Client().post(path, RIGHT).status_code == 404


def test_a_known_browser_must_still_press_to_use_up_a_link_to_sign_in(client: Client, adult: Patient) -> None:
    client.post(_path(links.make(adult, Scope.ALL, "/my/")), RIGHT | {"remember": "yes"})
    client.post(reverse("portal_sign_out"))
    second = _path(links.make(adult, Scope.ALL, "/my/"))
    assert client.get(second).status_code == 200
    assert PrivateLink.objects.first().first_opened_at is None  # type: ignore[union-attr]
    assert client.post(second).status_code == 302


def test_a_member_is_not_signed_out_by_looking_at_a_link(client: Client, path: str) -> None:
    client.post(path, RIGHT | {"remember": "yes"})
    signed_in(client, member("front_desk"))
    assert client.get(path).status_code == 200
    assert client.get(reverse("me")).status_code == 200
    client.post(path, RIGHT)
    assert client.get(reverse("me")).status_code == 302


def test_a_guardians_link_asks_for_the_childs_birth_date_and_stops_at_eighteen(
    client: Client, child: Patient, guardian: Guardian
) -> None:
    path = _path(links.make(child, Scope.AFTERCARE, TARGET))
    assert b"your child" in client.get(path).content
    assert client.post(path, _born(child)).status_code == 302
    assert client.session["visitor"]["guardian"] == guardian.pk
    event = AuditEvent.objects.get(action="visitor.start")
    assert (event.actor_name, event.detail["by"]) == ("guardian", "guardian")
    Patient.objects.filter(pk=child.pk).update(birth_date=timezone.localdate() - dt.timedelta(days=19 * 365))
    assert client.get(reverse("portal_sign_out")).status_code == 302  # the session has ended
    assert client.get(path).status_code == 404


def test_a_guardian_who_may_no_longer_consent_is_out(
    client: Client, child: Patient, guardian: Guardian
) -> None:
    path = _path(links.make(child, Scope.AFTERCARE, TARGET))
    client.post(path, _born(child))
    Guardian.objects.update(may_consent=False)
    assert client.get(reverse("portal_sign_out")).status_code == 302
    assert client.get(path).status_code == 404


def test_a_link_leads_nowhere_else(adult: Patient) -> None:
    for target in ("https://example.test/", "//example.test/my/", "/today"):
        with pytest.raises(ValueError, match="under /my/"):
            links.make(adult, Scope.INTAKE, target)


def test_a_link_page_speaks_the_patients_language(client: Client, adult: Patient) -> None:
    Patient.objects.update(language="es")
    path = _path(links.make(adult, Scope.AFTERCARE, TARGET))
    assert "Su fecha de nacimiento" in client.get(path).content.decode()
    client.get(reverse("portal_language"), {"to": "en", "next": path})
    assert "Your birth date" in client.get(path).content.decode()
