"""Every patient page × everybody it is not for: nobody, another patient, a link of another scope, each role.

New pages come in by their mark `@for_patients`; what an address names is looked up in `world.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts.access import policy_of
from openomt.care.patients.models import Patient
from openomt.care.portal import links
from openomt.care.portal.access import Scope, scopes_of
from openomt.care.portal.models import TRIES, PrivateLink
from openomt.care.portal.testing import visiting
from openomt.care.testing import patient, undone
from openomt.site.tests.world import World
from tools.routes import Route, routes

if TYPE_CHECKING:
    from openomt.site.tests.conftest import ComeIn

ROUTES = [route for route in routes() if (policy := policy_of(route.view, route.name)) and policy.patient]
NAMING = [route for route in ROUTES if route.parameters]
METHODS = ("get", "post")
REFUSED = frozenset({403, 404, 405})
OWN_NAME = re.compile(r"Ada\b|Quill")
"""Any part of the name of the patient to whom everything in `world.py` belongs."""


@pytest.fixture
def other(world: World) -> Iterator[Patient]:
    """Another patient, who has nothing."""
    with undone():
        yield patient(family_name="Otherone", given_names="Oto", email="oto@example.test")


def _call(client: Client, method: str, address: str) -> HttpResponse:
    client.raise_request_exception = False
    with undone():
        answer: HttpResponse = getattr(client, method)(address)
        if answer.streaming:
            list(answer)
    return answer


def test_there_are_patient_pages_and_pages_that_name_something() -> None:
    assert len(ROUTES) > 5
    assert len(NAMING) > 3


def test_every_patient_page_stands_under_my() -> None:
    assert not [str(route) for route in ROUTES if not route.pattern.startswith("my/")]


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_nobody_is_sent_to_the_sign_in(route: Route, world: World) -> None:
    for method in METHODS:
        answer = _call(Client(), method, world.address(route))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("portal_sign_in"))


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_no_role_opens_it(route: Route, world: World, come_in: ComeIn) -> None:
    for user in world.people.values():
        for method in METHODS:
            assert _call(come_in(user), method, world.address(route)).status_code == 403


@pytest.mark.parametrize("route", NAMING, ids=str)
def test_another_patient_does_not_open_what_is_not_theirs(route: Route, world: World, other: Patient) -> None:
    for scope in scopes_of(route.view):
        for method in METHODS:
            client = visiting(Client(), other, scope)
            answer = _call(client, method, world.address(route))
            assert answer.status_code in REFUSED, f"{method} as {scope}: {answer.status_code}"


@pytest.mark.parametrize("route", [r for r in ROUTES if not r.parameters], ids=str)
def test_a_page_that_names_nothing_shows_another_patient_nothing_of_the_first(
    route: Route, world: World, other: Patient
) -> None:
    for method in METHODS:
        answer = _call(visiting(Client(), other), method, world.address(route))
        assert answer.status_code < 500
        text = b"".join(answer) if answer.streaming else answer.content
        assert not OWN_NAME.search(text.decode("utf-8", "replace"))


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_link_of_another_scope_does_not_open_it(route: Route, world: World) -> None:
    for scope in set(Scope) - scopes_of(route.view):
        for method in METHODS:
            client = visiting(Client(), world.patient, scope)
            assert _call(client, method, world.address(route)).status_code == 403, scope


@pytest.mark.parametrize("route", NAMING, ids=str)
def test_a_link_made_for_another_thing_does_not_open_it(route: Route, world: World) -> None:
    strange = "00000000-0000-4000-8000-000000000000"
    named = next((name for name, _word in route.parameters if name.endswith("uid")), None)
    if named is None:
        return
    right = world.address(route)
    target = right.replace(_object(route, named, world), strange)
    assert target != right
    for scope in scopes_of(route.view):
        client = visiting(Client(), world.patient, scope, target=target)
        assert _call(client, "get", right).status_code == 403


def _object(route: Route, named: str, world: World) -> str:
    return world.objects[next(word for name, word in route.parameters if name == named)]


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_patient_page_never_ends_in_an_error(route: Route, world: World) -> None:
    for scope in scopes_of(route.view):
        for method in ("get", "post", "put", "delete", "head", "options"):
            client = visiting(Client(), world.patient, scope)
            assert _call(client, method, world.address(route)).status_code < 500


def test_links_are_unguessable_expire_and_lock(world: World) -> None:
    """No two tokens share a beginning; a wrong one, an old one and a locked one open nothing."""
    with undone():
        cache.clear()
        made = [links.make(world.patient, Scope.AFTERCARE, "/my/devices") for _ in range(50)]
        paths = ["/l/" + address.rsplit("/", 1)[1] for address in made]
        assert len({path[:12] for path in paths}) == len(paths)
        born = world.patient.birth_date
        right = {"month": born.month, "day": born.day, "year": born.year}
        wrong = right | {"year": born.year - 1}
        assert Client().post("/l/" + "A" * 43, right).status_code == 404
        assert [Client().post(paths[0], wrong).status_code for _ in range(TRIES)][-1] == 403
        assert Client().post(paths[0], right).status_code == 403
        assert Client().post(paths[1], right).status_code == 302
        PrivateLink.objects.update(expires_at=timezone.now())
        assert Client().post(paths[2], right).status_code == 404
