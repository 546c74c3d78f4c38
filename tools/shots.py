"""Pictures of every screen for the manual, taken of a running demonstration (`make demo`, then `make shots`).

Writes docs/screens/*.webp at three widths, light and dark, and docs/screens.md, which shows them. The pages of
patients are taken on a phone and on a wide screen; what they need is put into the demonstration, whose folder is the
one that this runs with (OPENOMT_DATA).
"""

from __future__ import annotations

import argparse
import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from openomt.care.accounts.demo import PASSWORD
from openomt.conftest import FLAGS, PROGRAMS

DOCS = Path(__file__).resolve().parent.parent / "docs"
FOLDER = DOCS / "screens"
SIZES = {390: 844, 820: 1180, 1440: 900}
SCHEMES = ("light", "dark")
QUALITY = 15
MOST = 5_000_000
"""Bytes that all pictures together may have."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen: where it starts, what to follow from there (links by CSS selector), and what it shows.

    `press` names a button to press at last.
    """

    name: str
    title: str
    caption: str
    account: str
    start: str
    follow: tuple[str, ...] = ()
    press: str = ""


_ROSA = "/patients?q=Alvarez"
_FIRST = "table.people tbody a"
SCREENS = (
    Screen(
        "sign-in", "Sign in", "Password, then a second factor; or a passkey alone.", "", "/account/login/"
    ),
    Screen(
        "today",
        "Today",
        "The day in order, what is not ready, and who needs an answer, the oldest clock first.",
        "physician",
        "/today",
    ),
    Screen(
        "patients", "Patients", "The list, narrowed by anything known of somebody.", "physician", "/patients"
    ),
    Screen(
        "recall",
        "Recall",
        "Who was not seen since a day, and whose course is due for review.",
        "physician",
        "/recall",
    ),
    Screen(
        "chart",
        "Chart",
        "Why here, what matters in the patient's words, four trends against the change that counts, the course.",
        "physician",
        _ROSA,
        (_FIRST,),
    ),
    Screen(
        "compare",
        "Two visits side by side",
        "Any two visits, region by region.",
        "physician",
        _ROSA,
        (_FIRST, "a[href*='/compare']"),
    ),
    Screen(
        "record",
        "On record",
        "Problems, medicines, allergies and the rest, each with the safety facts it gives rise to.",
        "physician",
        _ROSA,
        (_FIRST, "a[href$='/record']"),
    ),
    Screen(
        "documents",
        "Documents",
        "Reports, letters and pictures of a patient.",
        "physician",
        _ROSA,
        (_FIRST, "a[href$='/documents']"),
    ),
    Screen(
        "forms",
        "Questionnaires",
        "The forms that suit the patient; each is scored as it is answered.",
        "physician",
        _ROSA,
        (_FIRST, "a[href$='/forms']"),
    ),
    Screen(
        "visit",
        "Visit",
        "Shorthand is read while it is typed: rows, body map, safety, note and codes follow.",
        "physician",
        "/today",
        ("main a[href^='/visits/']:has-text('Go on')",),
    ),
    Screen(
        "signed",
        "Signed visit",
        "The document as it was signed, with addenda under it.",
        "physician",
        _ROSA,
        (_FIRST, "aside a[href^='/visits/']"),
    ),
    Screen("messages", "Messages", "What went out, what waits, what is in doubt.", "frontdesk", "/messages"),
    Screen("phrases", "Phrases", "Your own short forms for plans and stories.", "physician", "/phrases"),
    Screen(
        "answers", "Need an answer", "Open questions with their clocks and owners.", "physician", "/answers"
    ),
    Screen(
        "task",
        "One answer",
        "What the patient said, what it follows from, and what came of it.",
        "physician",
        "/answers",
        ("a[href^='/answers/']:not([href$='/new'])",),
    ),
    Screen(
        "schedule", "Schedule", "The day by clinician and location, with status.", "frontdesk", "/schedule"
    ),
    Screen(
        "appointment",
        "An appointment",
        "Its status, moved or canceled with a reason.",
        "frontdesk",
        "/schedule",
        ("main a[href^='/appointment/']",),
    ),
    Screen("book", "Book", "Free times of the day, warnings with a reason.", "frontdesk", "/schedule/new"),
    Screen(
        "new-patient",
        "New patient",
        "With a warning where somebody alike is here.",
        "frontdesk",
        "/patients/new",
    ),
    Screen("claims", "Claims", "Visits by state: not coded, coded, exported, paid.", "biller", "/claims"),
    Screen(
        "claim",
        "A claim",
        "Every code with its reason, what an auditor would miss, and what was changed by hand.",
        "biller",
        "/claims",
        ("table.claims tbody a",),
    ),
    Screen("fees", "Fees", "What the practice charges, from a day on; imported as CSV.", "biller", "/fees"),
    Screen("payers", "Payers", "How each payer wants its claims.", "biller", "/payers"),
    Screen("practice", "Practice", "Address, locations, CPT, idle lock.", "owner", "/practice"),
    Screen("people", "People", "Accounts, roles, credentials, second factors.", "owner", "/people"),
    Screen("person", "A person", "Roles, credentials, sessions.", "owner", "/people", ("table tbody a",)),
    Screen(
        "safety-rules",
        "Safety rules",
        "Rules on which sources disagree, and the practice's own level with its reason.",
        "owner",
        "/practice/safety-rules",
    ),
    Screen(
        "duplicates", "Duplicates", "Records that may be of one patient.", "owner", "/patients/duplicates"
    ),
    Screen(
        "audit", "Audit", "Who did what to which chart, in a chain that shows any gap.", "auditor", "/audit"
    ),
    Screen("me", "Your page", "Name, PIN, passkeys, sessions.", "physician", "/me"),
)


@dataclass(frozen=True, slots=True)
class PatientScreen:
    """A page of the patient's side, by its name in `tools.patient_places`. `language`: the one it is taken in.

    `press` names buttons to press, in order; a number ticks that answer. `looks`: width and scheme of each picture.
    """

    name: str
    title: str
    caption: str
    language: str = "en"
    press: tuple[str | int, ...] = ()
    looks: tuple[tuple[int, str], ...] = ((390, "light"), (1440, "light"))

    @property
    def place(self) -> str:
        return self.name.removesuffix("-es")


_DARK = ((390, "light"), (390, "dark"), (1440, "light"))
_PHONE = ((390, "light"),)
PATIENT_SCREENS = (
    PatientScreen(
        "front", "The front page", "What OMT is, is it for me, book: before anybody signs in.", looks=_DARK
    ),
    PatientScreen("learn", "Learn", "Every public page, by what people ask."),
    PatientScreen(
        "condition", "A condition", "Its evidence label, counts of a hundred, what to do, its sources."
    ),
    PatientScreen(
        "technique", "A technique", "The position as a drawing, what the doctor does, what it feels like."
    ),
    PatientScreen(
        "self-check-danger",
        "Self-check, a danger sign",
        "What to do now stands in the first line.",
        press=("An adult of 18 to 49", "No", 0, "Next"),
        looks=_DARK,
    ),
    PatientScreen("free-times", "Free times", "Real free times, by day; a person or a place can be chosen."),
    PatientScreen(
        "intake", "Before the visit", "How long it takes, and that one may stop and go on.", looks=_PHONE
    ),
    PatientScreen(
        "intake-figure", "Where does it hurt?", "On the figure or in the list: both hold the same places."
    ),
    PatientScreen(
        "intake-danger",
        "A danger sign in the intake",
        "It acts at once, here and in the practice.",
        looks=_PHONE,
    ),
    PatientScreen(
        "agree-risks", "Agree: what to know first", "Common, then rare, in counts; and what else can be done."
    ),
    PatientScreen("agree-technique", "Agree: one technique", "Yes, not today, or never.", looks=_DARK),
    PatientScreen(
        "check-in", "Check-in", "One question first. The danger signs stand above it.", looks=_DARK
    ),
    PatientScreen(
        "check-in-result", "After a bad answer", "What to do now, and by when somebody calls.", looks=_PHONE
    ),
    PatientScreen("aftercare", "After the visit", "What is normal, what to do, when to call."),
    PatientScreen("my-page", "My page", "What to do now, the next visit, the plan and goals.", looks=_DARK),
    PatientScreen("how-it-goes", "How it goes", "Each score against the change that counts.", looks=_DARK),
    PatientScreen("my-visits", "My visits", "Visits, sheets and papers to keep.", looks=_PHONE),
    PatientScreen("write-to-us", "Write to us", "With the time by which the practice answers.", looks=_PHONE),
    PatientScreen("condition-es", "A condition, in Spanish", "The same page.", language="es", looks=_PHONE),
    PatientScreen("check-in-es", "Check-in, in Spanish", "The same question.", language="es", looks=_PHONE),
    PatientScreen("my-page-es", "My page, in Spanish", "The same page.", language="es", looks=_PHONE),
)


def _sign_in(page: Page, base: str, account: str) -> None:
    page.goto(f"{base}/account/login/")
    page.locator("input[name=login]").fill(f"{account}@demo.test")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda address: "/account/login" not in address)


def _address(page: Page, base: str, screen: Screen) -> str:
    """Where a screen is in this demonstration, found as a person would find it."""
    page.goto(base + screen.start)
    for selector in screen.follow:
        href = page.locator(selector).first.get_attribute("href")
        page.goto(base + (href or ""))
    return page.url


def _shoot(page: Page, file: Path) -> None:
    session = page.context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    file.write_bytes(base64.b64decode(shot["data"]))
    session.detach()


def _all_of(browser: Browser, base: str, screens: tuple[Screen, ...]) -> None:
    """Every screen of one account."""
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(60_000)
    page = context.new_page()
    if screens[0].account:
        _sign_in(page, base, screens[0].account)
    for screen in screens:
        address = _address(page, base, screen)
        for width, height in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.goto(address, wait_until="networkidle")
                if screen.press:
                    page.get_by_role("button", name=screen.press).first.click()
                _shoot(page, FOLDER / f"{screen.name}-{width}-{scheme}.webp")
        print(screen.name)
    context.close()


def _places() -> dict[str, tuple[str, str]]:
    """Path and session of each page of a patient, from the demonstration's own database."""
    command = [sys.executable, "-m", "tools.patient_places"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=DOCS.parent)
    return {name: (path, session) for name, path, session in json.loads(done.stdout.splitlines()[-1])}


def _all_of_patients(browser: Browser, base: str, screens: tuple[PatientScreen, ...]) -> None:
    places = _places()
    for screen in screens:
        path, session = places[screen.place]
        context = browser.new_context(reduced_motion="reduce")
        context.set_default_timeout(60_000)
        if session:
            context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
        page = context.new_page()
        for width, scheme in screen.looks:
            page.set_viewport_size({"width": width, "height": SIZES[width]})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(
                f"{base}{path}{'&' if '?' in path else '?'}lang={screen.language}", wait_until="networkidle"
            )
            for name in screen.press:
                if isinstance(name, int):
                    page.get_by_role("checkbox").nth(name).check()
                else:
                    page.get_by_role("button", name=name).first.click()
            page.wait_for_load_state("networkidle")
            _shoot(page, FOLDER / f"{screen.name}-{width}-{scheme}.webp")
        context.close()
        print(screen.name)


def _page() -> Iterator[str]:
    yield "# The screens\n"
    yield "Taken of the demonstration (`make shots`), whose people are all made up.\n"
    for screen in SCREENS:
        yield f"## {screen.title}\n\n{screen.caption}\n"
        for width in SIZES:
            light, dark = (f"screens/{screen.name}-{width}-{scheme}.webp" for scheme in SCHEMES)
            yield f"![{screen.title}, {width} px wide, light]({light})\n![The same, dark]({dark})\n"
    yield "# The patient's screens\n"
    yield "What each is for stands in [What a patient can do](patients.md).\n"
    for one in PATIENT_SCREENS:
        yield f"## {one.title}\n\n{one.caption}\n"
        for width, scheme in one.looks:
            yield f"![{one.title}, {width} px wide, {scheme}](screens/{one.name}-{width}-{scheme}.webp)\n"


def main() -> None:
    """Takes the pictures. Ends with an error where they are too heavy for a repository."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--base", default="http://127.0.0.1:8000", help="address of the demonstration")
    options.add_argument("--only", default="", help="name of one screen, or: patient-side")
    chosen = options.parse_args()
    FOLDER.mkdir(exist_ok=True)
    wanted = [screen for screen in SCREENS if chosen.only in ("", screen.name)]
    of_patients = tuple(one for one in PATIENT_SCREENS if chosen.only in ("", one.name, "patient-side"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=next(filter(None, map(shutil.which, PROGRAMS))), args=[*FLAGS, "--no-sandbox"]
        )
        for account in dict.fromkeys(screen.account for screen in wanted):
            _all_of(browser, chosen.base, tuple(screen for screen in wanted if screen.account == account))
        if of_patients:
            _all_of_patients(browser, chosen.base, of_patients)
        browser.close()
    (DOCS / "screens.md").write_text("\n".join(_page()), encoding="utf-8")
    weight = sum(file.stat().st_size for file in FOLDER.glob("*.webp"))
    if weight > MOST:
        raise SystemExit(f"the pictures have {weight:,} bytes; at most {MOST:,} may be kept")


if __name__ == "__main__":
    main()
