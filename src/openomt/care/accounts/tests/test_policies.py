"""Who may call which page of accounts. Tried on every address, for every role."""

from __future__ import annotations

import uuid

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, reverse

from openomt.care.accounts import urls
from openomt.care.accounts.access import POLICIES, Permission, Role, policy_of
from openomt.care.accounts.middleware import AccessMiddleware
from openomt.care.accounts.models import AuditEvent
from openomt.care.testing import member, signed_in

NEEDS = {
    "people": Permission.STAFF,
    "person_new": Permission.STAFF,
    "person": Permission.STAFF,
    "person_close": Permission.STAFF,
    "person_open": Permission.STAFF,
    "person_link": Permission.STAFF,
    "person_factors": Permission.STAFF,
    "person_sessions": Permission.STAFF,
    "credential_new": Permission.STAFF,
    "credential_end": Permission.STAFF,
    "practice": Permission.PRACTICE,
    "cpt_on": Permission.PRACTICE,
    "cpt_off": Permission.PRACTICE,
    "location_new": Permission.PRACTICE,
    "location": Permission.PRACTICE,
    "audit": Permission.AUDIT_READ,
    "audit_csv": Permission.AUDIT_READ,
    "audit_verify": Permission.AUDIT_READ,
}
FOR_ALL_SIGNED_IN = {
    "lock",
    "locked",
    "unlock",
    "seen",
    "me",
    "me_name",
    "me_pin",
    "me_pin_remove",
    "session_end",
}


def _names() -> list[str]:
    return [str(one.name) for one in urls.urlpatterns if isinstance(one, URLPattern)]


def _address(name: str) -> str:
    pattern = next(one for one in urls.urlpatterns if one.name == name)
    takes_uid = "uid" in pattern.pattern.converters
    return reverse(name, kwargs={"uid": uuid.uuid4()} if takes_uid else {})


def test_each_address_is_in_the_tables_above() -> None:
    assert set(_names()) == set(NEEDS) | FOR_ALL_SIGNED_IN


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
def test_a_person_without_the_permission_gets_403(client: Client, role: Role) -> None:
    signed_in(client, member(role))
    for name, permission in NEEDS.items():
        for answer in (client.get(_address(name)), client.post(_address(name))):
            refused = answer.status_code == 403
            assert refused == (permission not in POLICIES[role]), (name, answer.status_code)


@pytest.mark.django_db
def test_a_refusal_stands_in_the_audit(client: Client) -> None:
    biller = member(Role.BILLER)
    signed_in(client, biller).get(reverse("people"))
    event = AuditEvent.objects.get(action="access.refused")
    assert (event.actor, event.subject) == (biller, "people")


@pytest.mark.django_db
@pytest.mark.parametrize("name", _names())
def test_a_stranger_is_sent_to_sign_in(client: Client, name: str) -> None:
    answer = client.get(_address(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", _names())
def test_a_post_without_the_token_of_the_form_is_refused(name: str) -> None:
    client = signed_in(Client(enforce_csrf_checks=True), member(*Role))
    answer = client.post(_address(name))
    assert answer.status_code in (403, 405)
    if answer.status_code == 403:
        assert "Go back, reload the page" in answer.content.decode()


def _no_mark(request: HttpRequest) -> HttpResponse:
    return HttpResponse("should not be seen")


@pytest.mark.django_db
def test_a_view_without_a_policy_is_refused_to_everybody(rf: RequestFactory) -> None:
    request = rf.get("/anything")
    request.user = member(*Role)
    assert policy_of(_no_mark) is None
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        AccessMiddleware(_no_mark).process_view(request, _no_mark, (), {})


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/account/signup/", "/account/email/", "/account/password/set/"])
def test_pages_of_the_library_that_we_do_not_use_are_refused(client: Client, address: str) -> None:
    assert signed_in(client, member(*Role)).get(address).status_code == 403
    assert Client().get(address).status_code == 403
