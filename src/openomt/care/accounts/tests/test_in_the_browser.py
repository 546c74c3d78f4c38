"""Passkeys, the lock and the look of every page, in Chromium."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client, RequestFactory
from django.urls import reverse
from playwright.sync_api import expect

from openomt.care.accounts import audit, services, signing
from openomt.care.accounts.access import Role
from openomt.care.accounts.locks import SEEN
from openomt.care.accounts.models import User
from openomt.care.testing import PASSWORD, location, member, practice

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WEBAUTHN_JSON = "/static/mfa/js/webauthn-json.js"


def _add_authenticator(page: Page) -> None:
    """A built-in authenticator that checks its holder and answers at once."""
    chrome = page.context.new_cdp_session(page)
    chrome.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    chrome.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def _sign_in(page: Page, user: User) -> None:
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/login/" not in url)


def _add_passkey(page: Page) -> None:
    page.goto(reverse("me"))
    page.get_by_role("link", name="Passkeys: Set up").click()
    page.get_by_role("link", name="Add a passkey").click()
    if page.get_by_role("button", name="Confirm").count():
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()
    page.get_by_label("Name").fill("The office laptop")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def test_a_passkey_is_added_signs_in_alone_and_signs_a_visit(open_page: OpenPage, rf: RequestFactory) -> None:
    person = member(Role.PHYSICIAN)
    page = open_page(None, reverse("account_login"))
    _add_authenticator(page)
    _sign_in(page, person)
    _add_passkey(page)
    page.goto(reverse("mfa_list_webauthn"))
    expect(page.get_by_text("The office laptop").first).to_be_visible()

    page.goto(reverse("me"))
    page.get_by_role("button", name="Sign out").click()
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    page.goto(reverse("me"))
    expect(page.get_by_role("heading", name=str(person))).to_be_visible()

    request = rf.post("/", HTTP_HOST=page.url.split("/")[2])
    request.user = person
    request.session = _session(person)
    answer = _ask(page, _challenge(request))
    _in_context(request, lambda: signing.check_passkey(request, json.dumps(answer)))
    with pytest.raises(signing.SignatureError):  # a challenge is good for one answer
        _in_context(request, lambda: signing.check_passkey(request, answer))

    _challenge(request)
    with pytest.raises(signing.SignatureError):  # an answer to another challenge
        _in_context(request, lambda: signing.check_passkey(request, answer))

    other = member(Role.PHYSICIAN)
    request.user = other
    with pytest.raises(signing.SignatureError, match="no passkey yet"):
        _challenge(request)


def _session(user: User) -> SessionBase:
    client = Client()
    client.force_login(user)
    return client.session


def _in_context(request: object, act: Callable[[], object]) -> object:
    from allauth.core import context

    with context.request_context(request):
        return act()


def _challenge(request: object) -> dict[str, object]:
    asked = _in_context(request, lambda: signing.passkey_challenge(request))  # type: ignore[arg-type]
    assert isinstance(asked, dict)
    assert json.loads(json.dumps(asked)) == asked
    assert set(asked) == {"publicKey"}
    return asked


def _ask(page: Page, challenge: dict[str, object]) -> dict[str, object]:
    page.evaluate(
        """(address) => new Promise((done) => {
            const script = document.createElement("script");
            script.src = address; script.onload = done; document.head.append(script); })""",
        WEBAUTHN_JSON,
    )
    answer = page.evaluate("(challenge) => window.webauthnJSON.get(challenge)", challenge)
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize(
    "nonsense", ["", "{", "null", "[]", '{"id": 1}', '{"rawId": "x", "response": null}', "9" * 5000]
)
def test_nonsense_instead_of_a_passkey_is_refused_in_words(nonsense: str, rf: RequestFactory) -> None:
    person = member(Role.PHYSICIAN)
    request = rf.post("/")
    request.user = person
    request.session = _session(person)
    with pytest.raises(signing.SignatureError, match="was not accepted"):
        _in_context(request, lambda: signing.check_passkey(request, nonsense))


def test_a_passkey_is_renamed_and_removed(open_page: OpenPage) -> None:
    page = open_page(None, reverse("account_login"))
    _add_authenticator(page)
    _sign_in(page, member(Role.BILLER))
    _add_passkey(page)
    page.goto(reverse("mfa_list_webauthn"))
    page.get_by_role("link", name="Rename The office laptop").click()
    page.get_by_label("Name").fill("The desk")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove The desk").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("No passkey yet.")).to_be_visible()
    assert not Authenticator.objects.exists()


def test_a_passkey_that_is_not_there_is_said_in_words(open_page: OpenPage) -> None:
    page = open_page(None, reverse("account_login"))
    _add_authenticator(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert").filter(has_text="Nothing was chosen")).to_be_visible()


# The lock


def _idle_script(page: Page, after: float) -> None:
    page.evaluate(
        """(after) => {
            const script = document.createElement("script");
            script.src = "/static/accounts/idle.js"; script.dataset.after = after; document.head.append(script); }""",
        str(after),
    )


def _leave(page: Page) -> None:
    """As if the last request had been long ago."""
    from django.contrib.sessions.backends.db import SessionStore

    key = next(one["value"] for one in page.context.cookies() if one["name"] == "sessionid")
    session = SessionStore(key)
    session[SEEN] = time.time() - 61 * 60
    session.save()


def test_a_page_left_alone_goes_to_the_locked_page(open_page: OpenPage) -> None:
    practice()
    page = open_page(member(Role.OWNER), reverse("people"))
    _leave(page)
    _idle_script(page, 0.4)
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    assert "Find a patient" not in page.content()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()


def test_a_page_with_something_typed_is_covered_and_kept(open_page: OpenPage) -> None:
    practice()
    page = open_page(member(Role.OWNER), reverse("person_new"))
    page.get_by_label("Name").fill("Half typed")
    _leave(page)
    _idle_script(page, 0.4)
    page.get_by_label("NPI").press("1")  # after the script is there, something was typed
    cover = page.get_by_role("dialog", name="Locked")
    expect(cover).to_be_visible()
    assert page.title() == "Locked"
    expect(page.get_by_label("Name")).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(cover).to_be_visible()
    cover.get_by_label("Password").fill("wrong")
    cover.get_by_role("button", name="Unlock").click()
    expect(cover.get_by_role("alert")).to_have_text("This is not your password.")
    cover.get_by_label("Password").fill(PASSWORD)
    cover.get_by_role("button", name="Unlock").click()
    expect(cover).to_have_count(0)
    expect(page.get_by_label("Name")).to_have_value("Half typed")


def test_a_tab_does_not_lock_while_another_is_in_use(open_page: OpenPage) -> None:
    practice()
    page = open_page(member(Role.OWNER), reverse("people"))
    _idle_script(page, 0.4)
    page.wait_for_timeout(1500)
    expect(page.get_by_role("heading", name="People")).to_be_visible()


# The look


SCREENS = [
    "practice",
    "location_new",
    "people",
    "person_new",
    "audit",
    "me",
    "usersessions_list",
    "mfa_index",
    "mfa_list_webauthn",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
]


@pytest.mark.parametrize(("width", "dark"), [(390, True), (820, False)])
def test_every_page_is_free_of_serious_axe_findings_and_fits(
    open_page: OpenPage, no_serious_axe: Callable[[Page], None], width: int, dark: bool
) -> None:
    owner = member(Role.OWNER, Role.PHYSICIAN, name="Somebody with an uncommonly long name " * 3)
    practice()
    location()
    audit.record(
        owner, "visit.sign", patient_id=1, subject=f"visit:{owner.uid}", detail={"fields": ["a" * 60]}
    )
    person = services.add_person(owner, roles=[Role.BILLER], email="a@example.test", name="Short")
    page = open_page(owner, reverse("me"), width=width, dark=dark)
    addresses = [reverse(name) for name in SCREENS] + [reverse("person", kwargs={"uid": person.uid})]
    for address in addresses:
        page.goto(address)
        _fits_and_is_clean(page, no_serious_axe)
    page.goto(reverse("audit"))
    page.get_by_role("button", name="Verify the chain").click()
    expect(page.get_by_role("heading", name="The chain holds")).to_be_visible()
    _fits_and_is_clean(page, no_serious_axe)
    page.get_by_role("button", name="Lock").click()
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    _fits_and_is_clean(page, no_serious_axe)


@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_before_sign_in_too(
    open_page: OpenPage, no_serious_axe: Callable[[Page], None], dark: bool, settings: object
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    page = open_page(None, reverse("account_login"), width=390, dark=dark)
    for name in (
        "account_login",
        "account_reset_password",
        "account_reset_password_done",
        "account_inactive",
    ):
        page.goto(reverse(name))
        _fits_and_is_clean(page, no_serious_axe)


def _fits_and_is_clean(page: Page, no_serious_axe: Callable[[Page], None]) -> None:
    no_serious_axe(page)
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"
