"""Every address × every role: what the policies say is what the site does. New addresses come in by themselves."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from django.core.signals import got_request_exception
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from openomt.care.accounts.access import POLICIES, SIGN_IN_PAGES, Role, policy_of
from openomt.care.accounts.models import AuditEvent
from openomt.care.patients.models import OpenedGlass, Patient
from openomt.care.testing import signed_in, undone
from openomt.site.tests.world import World
from tools.routes import Route, routes

if TYPE_CHECKING:
    from openomt.site.tests.conftest import ComeIn

ROUTES = routes()
CLOSED = frozenset(
    {
        "account_signup",
        "account_request_reauthentication_code",
        "account_confirm_reauthentication_code",
        "account_email",
        "account_email_verification_sent",
        "account_set_password",
        "account_confirm_login_code",
        "account_confirm_email",
    }
)
"""Pages of the sign-in library that nobody may call: they have no policy, and that is meant."""
OF_A_PATIENT = frozenset(
    {
        "patients/<uid>",
        "visits/<uid>",
        "forms/<uid>",
        "intakes/<uid>",
        "orders/<uid>",
        "claims/<uid>",
        "answers/<uid>",
        "adverse/<uid>",
    }
)
"""Words of addresses behind which a patient stands: a restricted chart asks for a reason at each of them."""
WITHOUT_A_CHART = frozenset({"open_glass"})
METHODS = ("get", "post")


@pytest.fixture
def failures() -> Iterator[list[str]]:
    """What went wrong inside views that answered 500."""
    seen: list[str] = []

    def note(sender: object, request: object, **_more: object) -> None:
        kind, error, trace = sys.exc_info()
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
        seen.append(f"{kind.__name__ if kind else '?'}: {error} at {place}")

    got_request_exception.connect(note)
    yield seen
    got_request_exception.disconnect(note)


def _answer(client: Client, method: str, address: str, **headers: str) -> HttpResponse:
    """What the site answers, with everything undone that it wrote."""
    with undone():
        answer: HttpResponse = getattr(client, method)(address, headers=headers)
        if answer.streaming:
            list(answer)
    return answer


def test_no_two_addresses_share_a_name() -> None:
    assert not [name for name, count in Counter(route.name for route in ROUTES).items() if count > 1]


def test_every_address_declares_who_may_call_it() -> None:
    unmarked = [str(r) for r in ROUTES if policy_of(r.view, r.name) is None and r.name not in CLOSED]
    assert not unmarked, (
        f"mark these views with @allow, @signed_in, @for_patients or @open_to_all: {unmarked}"
    )


def test_what_is_listed_of_the_sign_in_library_exists() -> None:
    names = {route.name for route in ROUTES}
    assert not (CLOSED | set(SIGN_IN_PAGES)) - names


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_an_address_answers_each_role_as_its_policy_says(
    route: Route, world: World, come_in: ComeIn, failures: list[str]
) -> None:
    policy = policy_of(route.view, route.name)
    address = world.address(route)
    wrong = []
    for method in METHODS:
        for role, user in world.people.items():
            status = _answer(come_in(user), method, address).status_code
            allowed = policy is not None and policy.allows(POLICIES[role])
            if status >= 500 and route.name != "health":
                wrong.append(f"{role} {method}: {status}")
            elif allowed == (status == 403):
                wrong.append(
                    f"{role} {method}: {status}, though the policy {'allows' if allowed else 'refuses'}"
                )
    assert not wrong, f"{address}\n  " + "\n  ".join(wrong + failures)


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_an_address_answers_nobody_as_its_policy_says(
    route: Route, world: World, come_in: ComeIn, failures: list[str]
) -> None:
    policy = policy_of(route.view, route.name)
    address = world.address(route)
    for method in METHODS:
        page = _answer(come_in(None), method, address)
        data = _answer(come_in(None), method, address, accept="application/json")
        if policy is None:
            assert (page.status_code, data.status_code) == (403, 403)
        elif policy.anonymous:
            assert max(page.status_code, data.status_code) < 500, failures
        elif policy.patient:
            assert page.status_code == 302, address
            assert page["Location"].startswith(reverse("portal_sign_in"))
            assert data.status_code == 401
        else:
            assert page.status_code == 302, address
            assert page["Location"].startswith(reverse("account_login"))
            assert data.status_code == 401


@pytest.mark.parametrize("method", ["put", "patch", "delete", "head", "options", "trace"])
def test_other_methods_never_end_in_an_error(
    method: str, world: World, come_in: ComeIn, failures: list[str]
) -> None:
    doctor = world.people[Role.PHYSICIAN]
    wrong = [
        str(route)
        for route in ROUTES
        if _answer(come_in(doctor), method, world.address(route)).status_code >= 500
    ]
    assert not wrong, (wrong, failures)


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_what_does_not_exist_is_not_found(
    route: Route, world: World, come_in: ComeIn, failures: list[str]
) -> None:
    if not any(word.endswith("<uid>") for _name, word in route.parameters):
        return
    for user in world.people.values():
        address = reverse(
            route.name,
            kwargs={
                name: "00000000-0000-4000-8000-000000000000" if name == "uid" else world.objects[word]
                for name, word in route.parameters
            },
        )
        for method in METHODS:
            assert _answer(come_in(user), method, address).status_code in {403, 404, 405}, (address, failures)


def _of_a_patient(route: Route) -> bool:
    return any(word in OF_A_PATIENT for _name, word in route.parameters) and route.name not in WITHOUT_A_CHART


@pytest.fixture
def restricted(world: World) -> Iterator[World]:
    """The practice, with the patient's chart restricted."""
    with undone():
        Patient.objects.filter(pk=world.patient.pk).update(restricted=True)
        yield world


@pytest.mark.parametrize("route", [r for r in ROUTES if _of_a_patient(r)], ids=str)
def test_a_restricted_chart_asks_whoever_does_not_care_for_the_patient_for_a_reason(
    route: Route, restricted: World, come_in: ComeIn, failures: list[str]
) -> None:
    ask = reverse("open_glass", kwargs={"uid": restricted.patient.uid})
    policy = policy_of(route.view, route.name)
    assert policy is not None
    wrong = []
    for role, user in restricted.people.items():
        if not policy.allows(POLICIES[role]):
            continue
        for method in METHODS:
            answer = _answer(come_in(user), method, restricted.address(route))
            where = answer.get("Location", answer.get("HX-Redirect", ""))
            if answer.status_code not in {404, 405} and not where.startswith(ask):
                wrong.append(f"{role} {method}: {answer.status_code} {where}")
    assert not wrong, f"{restricted.address(route)}\n  " + "\n  ".join(wrong + failures)


@pytest.mark.parametrize("route", [r for r in ROUTES if _of_a_patient(r)], ids=str)
def test_a_restricted_chart_opens_for_the_care_team(route: Route, restricted: World, come_in: ComeIn) -> None:
    doctor = restricted.people[Role.PHYSICIAN]
    restricted.patient.care_team.add(doctor)
    ask = reverse("open_glass", kwargs={"uid": restricted.patient.uid})
    answer = _answer(come_in(doctor), "get", restricted.address(route))
    assert not answer.get("Location", "").startswith(ask)


def test_a_reason_opens_a_restricted_chart_and_stands_in_the_audit(restricted: World) -> None:
    client = Client()
    trainee = restricted.people[Role.TRAINEE]
    signed_in(client, trainee)
    chart = reverse("chart", kwargs={"uid": restricted.patient.uid})
    ask = client.get(chart)["Location"]
    assert client.get(ask).status_code == 200
    assert client.post(ask, {"reason": ""}).status_code in {200, 400, 422}
    assert not OpenedGlass.objects.exists()
    client.post(ask, {"reason": "Covering for the physician on call"})
    assert client.get(chart).status_code == 200
    assert OpenedGlass.objects.get().user == trainee
    seen = AuditEvent.objects.filter(actor=trainee, patient_id=restricted.patient.pk)
    assert {one.action for one in seen} >= {"glass.opened", "chart.read"}
