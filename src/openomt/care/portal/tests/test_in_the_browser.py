"""The patient's door in Chromium: passkeys, a private link on a phone, keyboard, axe, text at 200 %."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from openomt.care.contact.models import Message
from openomt.care.patients.models import Guardian, Patient
from openomt.care.portal import doors, links
from openomt.care.portal.access import Scope
from openomt.care.portal.models import PatientPasskey, PortalBrowser, PrivateLink
from openomt.care.portal.testing import visiting
from openomt.care.testing import member, patient

if TYPE_CHECKING:
    from playwright.sync_api import Page

    OpenPage = Callable[..., Page]

Screen = tuple[str, Client | None]
"""An address, and whose cookies the browser has."""
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_tries_counted() -> None:
    cache.clear()


def _path(address: str) -> str:
    return "/l/" + address.rsplit("/", 1)[1]


def _become(page: Page, client: Client) -> None:
    """The page's browser takes over a client's cookies."""
    where = "/".join(page.url.split("/")[:3])
    page.context.add_cookies(
        [{"name": name, "value": one.value, "url": where} for name, one in client.cookies.items()]
    )


def _add_authenticator(page: Page) -> None:
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


def _type_birth_date(page: Page) -> None:
    page.get_by_label("Month").select_option("3")
    page.get_by_label("Day").fill("4")
    page.get_by_label("Year").fill("1980")


def test_a_passkey_is_added_and_signs_in_alone(open_page: OpenPage, adult: Patient) -> None:
    page = open_page(None, reverse("portal_sign_in"), width=390)
    _add_authenticator(page)
    page.get_by_label("Your e-mail or phone number").fill("ada@example.test")
    _type_birth_date(page)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Look at your messages")).to_be_visible()

    PrivateLink.objects.update(target=reverse("portal_devices"))
    page.goto(_path(Message.objects.get().link))
    _type_birth_date(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="My devices and links")).to_be_visible()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Added on", exact=False).first).to_be_visible()
    row = PatientPasskey.objects.get()
    assert row.patient == adult

    page.get_by_role("button", name="Sign out").click()
    page.goto(reverse("portal_devices"))
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="My devices and links")).to_be_visible()
    row.refresh_from_db()
    assert row.used_at is not None

    with page.expect_navigation():
        page.locator("form[action*='/my/passkeys/'] button").click()
    page.goto(reverse("portal_sign_in"))  # what signed in was ended, so the session is
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That did not work")).to_be_visible()


def test_a_link_opens_by_keyboard_alone(open_page: OpenPage, adult: Patient) -> None:
    page = open_page(None, _path(links.make(adult, Scope.ALL, reverse("portal_devices"))), width=390)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_label("Month").focus()
    page.keyboard.type("Mar")
    page.keyboard.press("Tab")
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    page.keyboard.type("1980")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My devices and links")).to_be_visible()
    assert PortalBrowser.objects.get().patient == adult


@pytest.fixture
def screens(adult: Patient, child: Patient, guardian: Guardian) -> list[Screen]:
    """Every screen of the door, with who looks at it."""
    links.make(adult, Scope.AFTERCARE, reverse("portal_devices"))
    PortalBrowser.objects.create(patient=adult, token_hash="a" * 64, kind="android")
    PatientPasskey.objects.create(patient=adult, credential_id="a", credential="a", kind="iphone")
    sister = patient(given_names="Cy", family_name="Quill", birth_date=child.birth_date)
    Guardian.objects.create(
        patient=sister, name=guardian.name, relation="mother", email=guardian.email, phone=guardian.phone
    )
    locked = _path(links.make(adult, Scope.AFTERCARE, reverse("portal_devices")))
    PrivateLink.objects.filter(pk=PrivateLink.objects.latest("pk").pk).update(tries=5)
    me, mother = visiting(Client(), adult), visiting(Client(), child, guardian=guardian)
    tablet = visiting(Client(), adult, tablet=True)
    return [
        (reverse("portal_sign_in"), None),
        (reverse("portal_sign_in_sent"), None),
        (_path(links.make(adult, Scope.AFTERCARE, reverse("portal_devices"))), None),
        (_path(links.make(child, Scope.AFTERCARE, reverse("portal_devices"))), None),
        ("/l/no-such-link", None),
        (locked, None),
        (reverse("portal_link_sent"), None),
        (reverse("portal_devices"), me),
        (reverse("portal_devices"), tablet),
        (reverse("portal_people"), mother),
        (reverse("portal_give_back"), None),
        (reverse("portal_signed_out"), None),
        ("/my/no-such-page", None),
    ]


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_screen_is_clean_on_a_phone_in_both_languages(
    language: str,
    open_page: OpenPage,
    no_serious_axe: Callable[[Page], None],
    screens: list[Screen],
) -> None:
    for path, client in screens:
        page = open_page(None, f"{reverse('portal_signed_out')}?lang={language}", width=390, height=844)
        if client is not None:
            _become(page, client)
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == language
        no_serious_axe(page)
        _has_big_targets(page)
        assert _width(page) <= 390, path
        page.emulate_media(color_scheme="dark")
        no_serious_axe(page)
        page.set_viewport_size({"width": 195, "height": 422})  # what is left of 390 px at 200 %
        assert _width(page) <= 195, f"{path} at 200 %"
        page.context.close()


def _width(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def _has_big_targets(page: Page) -> None:
    """Whatever is pressed is 44 px high at least; links inside a sentence need not be."""
    small = page.evaluate(
        """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), select')]
          .filter((one) => !one.closest('p, .skip') && one.offsetParent !== null)
          .filter((one) => (one.closest('label') || one).getBoundingClientRect().height < 43.5)
          .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert not small, f"{page.url}: {small}"


def test_a_patient_page_needs_no_javascript(browser: object, live_server: object, adult: Patient) -> None:
    path = _path(links.make(adult, Scope.ALL, reverse("portal_devices")))
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(path)
    _type_birth_date(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="My devices and links")).to_be_visible()
    page.get_by_role("link", name="Español").click()
    expect(page.get_by_role("heading", name="Mis equipos y enlaces")).to_be_visible()
    context.close()


def test_staff_hand_the_tablet_over_and_get_it_back(
    open_page: OpenPage, adult: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    door = doors.Door("made up", Scope.INTAKE, "Made-up questions", lambda _patient: "/my/give-back")
    monkeypatch.setitem(doors._DOORS, "made up", door)
    page = open_page(member("front_desk"), reverse("portal_door", args=[adult.uid]))
    page.get_by_role("button", name=re.compile("^Open on this tablet.*Made-up")).click()
    page.get_by_role("button", name="Give the tablet back").click()
    expect(page.get_by_role("heading", name="Please give the tablet back")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Give the tablet back")).to_have_count(0)
    page.goto(reverse("portal_give_back"))
    page.get_by_role("link", name="Sign-in for staff").click()
    expect(page.get_by_label("Email")).to_be_visible()
