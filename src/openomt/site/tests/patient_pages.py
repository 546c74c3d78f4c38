"""Every page a patient can read, fetched once in each language from the small practice of `world.py`.

New pages come in by the table of addresses. A page whose address names a state (a question, a step, a free time)
comes in by `_states`.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts.access import Role, policy_of
from openomt.care.agree import services as agree
from openomt.care.booking import online
from openomt.care.booking.models import Appointment, AppointmentType, BookingRules
from openomt.care.followup.checkins import flow as checkin
from openomt.care.followup.models import CheckIn
from openomt.care.intake.flow import Flow
from openomt.care.intake.flow import steps as questions
from openomt.care.intake.models import FormAnswer, Intake
from openomt.care.intake.tellers import teller_of
from openomt.care.learning.tests.reading import Reader
from openomt.care.portal.testing import visiting
from openomt.care.testing import location, undone
from openomt.site.tests.world import World
from tools.routes import Route, routes

LANGUAGES = ("en", "es")
_STAFF = ("account/", "health")
NO_PAGE = frozenset(
    {
        "portal_language",
        "portal_passkey_ask",
        "portal_passkey_sign_in",
        "portal_passkey_begin",
        "portal_passkey_add",
        "portal_passkey_end",
        "portal_sign_out",
        "portal_device_end",
        "portal_link_end",
        "portal_link_again",
        "portal_person_open",
        "contact_texts",
        "booking_visit",
        "booking_times",
        "booking_confirm_calendar",
        "booking_mine_calendar",
        "booking_mine_cancel",
        "booking_mine_wait_leave",
        "intake_mine_any",
        "intake_mine_now",
        "intake_mine_question",
        "intake_mine_send",
        "agree_mine_change",
        "agree_mine_pdf",
        "agree_mine_step",
        "followup_mine_aftercare_pdf",
        "mine_visit_file",
        "mine_document",
    }
)
"""Names of addresses that show no page of their own here: they act, send a file, lead on, or need a state."""


@dataclass(slots=True)
class Form:
    """A form of a page: where it goes, how, and whether it can be sent without a script."""

    action: str
    method: str
    sends: bool = False


class PageReader(Reader):
    """What the eye and the screen reader find, and what a person can press."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.named: dict[str, Form] = {}
        self.loads: list[str] = []
        self._form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        known = {name: value or "" for name, value in attrs}
        foreign = "lang" in known
        self.spoken += [known[name] for name in ("placeholder", "alt") if known.get(name) and not foreign]
        if tag == "form":
            self._form = Form(known.get("action", ""), known.get("method", "get").lower())
            self.forms.append(self._form)
            self.named[known.get("id", "")] = self._form
        elif (tag == "button" and known.get("type", "submit") == "submit") or (
            tag == "input" and known.get("type") in {"submit", "image"}
        ):
            form = self.named.get(known["form"]) if "form" in known else self._form
            if form is not None:
                form.sends = True
        elif tag in {"link", "script", "img"}:
            self.loads.append(known.get("href") or known.get("src") or "")

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        if tag == "form":
            self._form = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page in one language."""

    name: str
    language: str
    address: str
    status: int
    kind: str
    code: str
    seen: PageReader = field(repr=False)

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"

    @property
    def size(self) -> int:
        return len(self.code.encode())

    @property
    def texts(self) -> list[str]:
        """What is read: pieces as the eye cuts them, what a screen reader adds, and the title."""
        title = re.search(r"<title>(.*?)</title>", self.code, re.DOTALL)
        head = html.unescape(title[1]).split(" · ")[:1] if title else []
        return [*head, *self.seen.texts, *self.seen.spoken]


def page_routes() -> list[Route]:
    """Addresses open to patients or to everybody, without the sign-in of members."""
    found = []
    for route in routes():
        policy = policy_of(route.view, route.name)
        if policy and (policy.patient or policy.anonymous) and not route.pattern.startswith(_STAFF):
            found.append(route)
    return found


@dataclass(slots=True)
class Walk:
    """All pages, and what each link of an English one answers to the patient, as things stood when it was shown."""

    pages: list[Page] = field(default_factory=list)
    answers: dict[str, tuple[Page, int]] = field(default_factory=dict)

    def fetch(self, world: World, name: str, address: str, language: str, *, own: bool) -> None:
        page = get(visiting(Client(), world.patient) if own else Client(), name, address, language)
        self.pages.append(page)
        if language != LANGUAGES[0]:
            return
        for link in page.seen.links:
            there = urljoin(page.address, link).partition("#")[0]
            if there.startswith("/") and there not in self.answers:
                with undone():
                    client = visiting(Client(), world.patient)
                    self.answers[there] = (page, client.get(there).status_code)


def every_page(world: World) -> Walk:
    """Each page in both languages. What it changes is undone."""
    walk = Walk()
    with undone():
        cache.clear()
        booked = Appointment.objects.get(uid=world.objects["bookings/<uid>"])
        far = dt.timedelta(days=10)  # it may still be moved online
        Appointment.objects.filter(pk=booked.pk).update(start=booked.start + far, end=booked.end + far)
        for language in LANGUAGES:
            for name, address, own in _addresses(world, language):
                walk.fetch(world, name, address, language, own=own)
            with undone():
                for name, address in _later(world, language):
                    walk.fetch(world, name, address, language, own=True)
    return walk


def get(client: Client, name: str, address: str, language: str) -> Page:
    """One page, as it is for this browser."""
    joint = "&" if "?" in address else "?"
    with undone():
        answer = client.get(f"{address}{joint}lang={language}")
        kind = answer.headers.get("Content-Type", "")
        code = "" if answer.streaming or "html" not in kind else answer.content.decode()
    reader = PageReader()
    reader.feed(code)
    reader.close()
    return Page(name, language, address, answer.status_code, kind, code, reader)


def _addresses(world: World, language: str) -> Iterator[tuple[str, str, bool]]:
    for route in page_routes():
        if route.name not in NO_PAGE:
            policy = policy_of(route.view, route.name)
            own = bool(policy and policy.patient) or route.name == "portal_give_back"
            yield route.name, world.address(route), own
    yield from _states(world, language)


def _states(world: World, language: str) -> Iterator[tuple[str, str, bool]]:
    """The pages whose address names a state, as they are at first."""
    mine = Intake.objects.get(uid=world.objects["intake/<uid>"])
    for question in questions(teller_of(mine, language), {}):
        yield (
            f"intake_mine_question {question.key}",
            reverse("intake_mine_question", args=[mine.uid, question.key]),
            True,
        )
    type_ = AppointmentType.objects.get(uid=world.objects["appointment-types/<uid>"])
    yield "booking_times", f"{reverse('booking_times')}?{urlencode({'type': type_.uid})}", False
    at = _free_time(world, type_)
    yield "booking_visit", f"{reverse('booking_visit')}?{urlencode({'type': type_.uid, 'at': at})}", False
    yield "booking_visit mine", f"{reverse('booking_visit')}?{urlencode({'type': type_.uid, 'at': at})}", True


def _free_time(world: World, type_: AppointmentType) -> str:
    wanted = online.Wanted(type_.minutes, world.people[Role.PHYSICIAN], location())
    day = timezone.localdate()
    return online.free(wanted, day, day + dt.timedelta(days=14), BookingRules.load())[0].key


_CHECKED: tuple[dict[str, Any], ...] = (
    {"change": "better", "today": []},
    {"change": "same", "today": []},
    {"change": "worse", "much": "much worse", "pain": 9, "today": ["today-calf"], "words": ""},
    {"change": "worse", "much": "worse", "pain": 2, "easing": True, "today": [], "words": ""},
    {checkin.DANGER: []},
)


def _later(world: World, language: str) -> Iterator[tuple[str, str]]:
    """Pages that show something only after something was asked or answered."""
    asking = agree.ask(world.people[Role.PHYSICIAN], world.draft, ["ME", "HVLA"])
    yield "agree_mine asked", reverse("agree_mine", args=[asking.uid])
    for one in agree.steps(asking):
        yield f"agree_mine_step {one.name}", reverse("agree_mine_step", args=[asking.uid, one.name])
    uid = world.objects["check-in/<uid>"]
    for answers in _CHECKED:
        CheckIn.objects.filter(uid=uid).update(answers=answers)
        yield (
            f"followup_mine_checkin {answers.get('change', 'danger')} {answers.get('much', '')}".strip(),
            reverse("followup_mine_checkin", args=[uid]),
        )
    third = CheckIn.objects.get(visit__check_ins__uid=uid, day=3)
    answers = {"change": "worse", "much": "worse", "pain": 2, "today": []}
    CheckIn.objects.filter(pk=third.pk).update(
        answers=answers, useless_after=timezone.now() + dt.timedelta(days=1)
    )
    for step in checkin.steps(answers, third.day):
        yield (
            f"followup_mine_checkin ask {step}",
            f"{reverse('followup_mine_checkin', args=[third.uid])}?{urlencode({'step': step})}",
        )
    intake = world.objects["intake/<uid>"]
    mine = Intake.objects.get(uid=intake)
    teller = teller_of(mine, language)
    dangers = [one for one in questions(teller, {}) if one.kind == "danger"]
    first = dangers[0]
    shown = [one.code for one in first.shown]
    Intake.objects.filter(uid=intake).update(
        started_at=timezone.now(), answers={first.key: {"shown": shown, "yes": shown}}
    )
    yield "intake_mine_now", reverse("intake_mine_now", args=[intake])
    skipped: dict[str, Any] = {}
    while left := [one for one in questions(teller, skipped) if one.key not in skipped]:
        first = left[0]
        none = {"shown": [one.code for one in first.shown], "yes": []} if first.kind == "danger" else None
        skipped[first.key] = none
    Intake.objects.filter(uid=intake).update(answers=skipped)
    yield "intake_mine_send", reverse("intake_mine_send", args=[intake])
    yield from _followup_form(world, language)


def _followup_form(world: World, language: str) -> Iterator[tuple[str, str]]:
    """The same before a later visit, of who is worse, rates an activity again and is at the review of a course."""
    rows = Intake.objects.filter(uid=world.objects["intake/<uid>"])
    uid = rows.get().uid
    named = {"q1": {"value": 3, "text": "Sit through a meeting"}}
    today = timezone.localdate()
    FormAnswer.objects.create(patient=world.patient, instrument="psfs", on=today, answers=named, score=3)
    world.patient.courses.update(review_on=today)
    rows.update(flow=Flow.FOLLOWUP, started_at=None, answers={})
    yield "intake_mine short", reverse("intake_mine", args=[uid])
    rows.update(started_at=timezone.now(), answers={"after_change": "worse"})
    mine = rows.select_related("patient").get()
    for step in questions(teller_of(mine, language), mine.answers):
        yield (
            f"intake_mine_question short {step.key}",
            reverse("intake_mine_question", args=[uid, step.key]),
        )
    signs = {one.key: [two.code for two in one.shown] for one in questions(teller_of(mine, language), {})}
    ticked = {key: {"shown": shown, "yes": shown} for key, shown in signs.items() if shown}
    rows.update(answers=ticked)
    yield "intake_mine_now short", reverse("intake_mine_now", args=[uid])


def path_of(page: Page, address: str) -> str:
    """The path of a link or of a form's action, from the page it stands on; empty where it leaves the site."""
    parts = urlsplit(html.unescape(address))
    if parts.scheme or parts.netloc:
        return ""
    return parts.path or urlsplit(page.address).path
