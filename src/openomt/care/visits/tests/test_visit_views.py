"""The visit page and what it sends: bad input is named and nothing of it is lost, nobody signs for another."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.patients.models import MedicineEntry, Patient
from openomt.care.visits import services
from openomt.care.visits.drafts import Draft, draft_from
from openomt.care.visits.models import Visit

pytestmark = pytest.mark.django_db
TEXT = "T5 FRSr (2) boggy; BLT; improved"


@pytest.fixture
def physician() -> User:
    testing.practice()
    return testing.member(Role.PHYSICIAN)


@pytest.fixture
def patient() -> Patient:
    return testing.patient()


@pytest.fixture
def visit(physician: User, patient: Patient) -> Visit:
    return services.open_visit(physician, patient)


@pytest.fixture
def browser_of(client: Client, physician: User) -> Client:
    return testing.signed_in(client, physician)


def post(client: Client, name: str, visit: Visit, data: Any) -> HttpResponse:
    body = data if isinstance(data, str | bytes) else json.dumps(data)
    return client.post(  # type: ignore[return-value]
        reverse(name, args=[visit.uid]),
        body,
        content_type="application/json",
        headers={"accept": "application/json"},
    )


def sent(text: str = TEXT, *, base: int = 0, **more: Any) -> dict[str, Any]:
    return {"base": base, "tab": "a", "line": 1, "have": {}, "draft": {"text": text}} | more


def test_a_save_answers_with_the_parts_of_the_page(browser_of: Client, visit: Visit) -> None:
    reply = post(browser_of, "visit_draft", visit, sent())
    said = json.loads(reply.content)
    assert reply.status_code == 200
    assert said["revision"] == 1
    assert "T5" in said["parts"]["rows"][1]
    assert "M99.02" in said["parts"]["codes"][1]
    assert "draft" not in said


def test_parts_the_page_already_holds_are_not_sent_again(browser_of: Client, visit: Visit) -> None:
    parts = json.loads(post(browser_of, "visit_draft", visit, sent()).content)["parts"]
    have = {name: digest for name, (digest, _) in parts.items()}
    again = json.loads(post(browser_of, "visit_draft", visit, sent(base=1, have=have)).content)
    assert again["parts"] == {}


def test_what_somebody_else_wrote_comes_back_with_the_answer(
    browser_of: Client, physician: User, visit: Visit
) -> None:
    services.save(physician, visit, Draft(plan="Walk"), base=0, tab="b")
    said = json.loads(post(browser_of, "visit_draft", visit, sent()).content)
    assert said["draft"]["plan"] == "Walk"
    assert said["draft"]["text"] == TEXT


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        b"\xff\xfe\x00",
        "[" * 100_000,
        json.dumps(sent(base="1")),  # type: ignore[arg-type]
        json.dumps(sent(base=-1)),
        json.dumps(sent(base=2**80)),
        json.dumps(sent(line=1.5)),
        json.dumps(sent(have=[])),
        json.dumps(sent(draft=None)),
        json.dumps(sent(draft={"text": ["a"]})),
        json.dumps(sent(draft={"unknown": 1})),
        json.dumps(sent(origin={"text": 5})),
        json.dumps(sent("x" * 100_001)),
        json.dumps(sent("x" * 10_000_000)),
    ],
)
def test_what_cannot_be_kept_is_refused_with_words_and_changes_nothing(
    browser_of: Client, visit: Visit, body: str | bytes
) -> None:
    reply = post(browser_of, "visit_draft", visit, body)
    assert reply.status_code == 400
    assert json.loads(reply.content)["error"]
    visit.refresh_from_db()
    assert (visit.revision, visit.draft) == (0, {})


@pytest.mark.parametrize(
    "text",
    [
        "'; DROP TABLE visits_visit; --",
        "<script>alert(1)</script>",
        "{{ secret }}{% url 'x' %}",
        "\u0639\u0646\u0642 \u200fC4 FRSr",
        "🦴 T5 FRSr 🙂",
        "T5\u202eFRSr",
        "T5 FRSr\x01\x08\x1f",
        "a\u0301" * 200,
    ],
)
def test_odd_text_is_kept_to_the_letter_and_shown_escaped(
    browser_of: Client, visit: Visit, text: str
) -> None:
    reply = post(browser_of, "visit_draft", visit, sent(text))
    assert reply.status_code == 200
    visit.refresh_from_db()
    assert draft_from(visit.draft).text == text
    page = browser_of.get(reverse("visit", args=[visit.uid]))
    assert page.status_code == 200
    assert b"<script>alert(1)" not in page.content


def test_what_no_database_keeps_becomes_a_visible_mark(browser_of: Client, visit: Visit) -> None:
    body = '{"base": 0, "tab": "a", "line": 1, "have": {}, "draft": {"text": "T5\\u0000 FRSr\\ud800"}}'
    said = json.loads(post(browser_of, "visit_draft", visit, body).content)
    assert said["revision"] == 1
    visit.refresh_from_db()
    assert "\x00" not in draft_from(visit.draft).text
    assert draft_from(visit.draft).text.startswith("T5")


def test_somebody_signed_out_or_locked_is_told_so_and_loses_nothing(
    client: Client, physician: User, visit: Visit
) -> None:
    assert post(client, "visit_draft", visit, sent()).status_code == 401
    testing.signed_in(client, physician)
    session = client.session
    session["locked"] = True
    session.save()
    assert post(client, "visit_draft", visit, sent()).status_code == 423


@pytest.mark.parametrize("role", [Role.OWNER, Role.FRONT_DESK, Role.BILLER, Role.AUDITOR])
def test_only_clinicians_write(client: Client, visit: Visit, role: Role) -> None:
    testing.signed_in(client, testing.member(role))
    assert post(client, "visit_draft", visit, sent()).status_code == 403
    assert post(client, "visit_sign", visit, {"revision": 0, "pin": testing.PIN}).status_code == 403
    visit.refresh_from_db()
    assert (visit.revision, visit.state) == (0, Visit.State.DRAFT)


def test_the_right_pin_signs_what_was_saved(browser_of: Client, visit: Visit) -> None:
    post(browser_of, "visit_draft", visit, sent())
    reply = post(browser_of, "visit_sign", visit, {"revision": 1, "pin": testing.PIN})
    assert reply.status_code == 200, reply.content
    visit.refresh_from_db()
    assert visit.state == Visit.State.SIGNED
    page = browser_of.get(json.loads(reply.content)["where"])
    assert b"Signed by" in page.content
    assert b"Add addendum" in page.content


@pytest.mark.parametrize(
    "proof", [{"pin": "000000"}, {"pin": ""}, {"password": "wrong"}, {}, {"passkey": {}}]
)
def test_nobody_signs_without_showing_who_they_are(
    browser_of: Client, visit: Visit, proof: dict[str, Any]
) -> None:
    post(browser_of, "visit_draft", visit, sent())
    reply = post(browser_of, "visit_sign", visit, {"revision": 1, **proof})
    assert reply.status_code == 422
    assert json.loads(reply.content)["error"]
    visit.refresh_from_db()
    assert visit.state == Visit.State.DRAFT


def test_a_warning_without_a_reason_is_named_when_signing(
    browser_of: Client, physician: User, patient: Patient, visit: Visit
) -> None:
    MedicineEntry.objects.create(patient=patient, text="Eliquis 5 mg BID", entered_by=physician)
    post(browser_of, "visit_draft", visit, sent("C4 FRSr; HVLA; improved"))
    reply = post(browser_of, "visit_sign", visit, {"revision": 1, "pin": testing.PIN})
    assert reply.status_code == 409
    assert "HVLA" in json.loads(reply.content)["error"]


def test_an_addendum_that_is_refused_keeps_what_was_typed(browser_of: Client, visit: Visit) -> None:
    post(browser_of, "visit_draft", visit, sent())
    post(browser_of, "visit_sign", visit, {"revision": 1, "pin": testing.PIN})
    where = reverse("visit_addendum", args=[visit.uid])
    refused = browser_of.post(where, {"text": "The left one.", "pin": "000000"})
    assert refused.status_code == 422
    assert b"The left one." in refused.content
    done = browser_of.post(where, {"text": "The left one.", "pin": testing.PIN}, follow=True)
    assert b"The left one." in done.content
    assert visit.addenda.count() == 1


def test_a_physician_co_signs_on_the_page(client: Client, physician: User, patient: Patient) -> None:
    trainee = testing.member(Role.TRAINEE)
    visit = services.open_visit(trainee, patient)
    services.save(trainee, visit, Draft(text=TEXT), base=0)
    services.sign(trainee, visit)
    testing.signed_in(client, physician)
    page = client.get(reverse("visit", args=[visit.uid]))
    assert b"Co-sign visit" in page.content
    done = client.post(
        reverse("visit_cosign", args=[visit.uid]), {"words": "Agreed.", "pin": testing.PIN}, follow=True
    )
    assert b"Co-signed by" in done.content


def test_opening_a_visit_and_reading_it_are_in_the_audit(browser_of: Client, patient: Patient) -> None:
    reply = browser_of.post(reverse("visit_new", args=[patient.uid]))
    browser_of.get(reply["Location"])
    actions = AuditEvent.objects.filter(patient_id=patient.pk).values_list("action", flat=True)
    assert {"visit.open", "visit.opened", "visit.read"} <= set(actions)


def test_a_visit_that_is_not_there_is_nothing(browser_of: Client) -> None:
    assert browser_of.get(reverse("visit", args=[uuid.uuid4()])).status_code == 404


def test_a_draft_is_not_read_by_those_who_may_not_write(client: Client, visit: Visit) -> None:
    testing.signed_in(client, testing.member(Role.AUDITOR))
    page = client.get(reverse("visit", args=[visit.uid]))
    assert page.status_code == 200
    assert b"not signed" in page.content


def test_the_last_visit_stands_beside_the_next(browser_of: Client, physician: User, patient: Patient) -> None:
    first = services.open_visit(physician, patient)
    services.save(physician, first, Draft(text=TEXT, complaint="Worse sitting"), base=0)
    services.sign(physician, first)
    second = services.open_visit(physician, patient)
    page = browser_of.get(reverse("visit", args=[second.uid])).content.decode()
    assert "Worse sitting" in page
    assert 'data-text="T5 FRSr (2) boggy; BLT"' in page
