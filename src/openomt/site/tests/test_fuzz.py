"""Bad input in every field of every form that a page shows: never an error page of ours, never lost text.

Forms are found on the pages themselves, so a new form is tried without anybody asking for it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes, urlsplit
from zlib import crc32

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

from openomt.care.accounts.access import POLICIES, Role, policy_of
from openomt.care.testing import signed_in, undone
from openomt.care.visits.drafts import Draft
from openomt.site.tests.found_forms import Field, Form, forms_of
from openomt.site.tests.world import World
from tools.routes import routes

PARTS = 3
ACTORS = (Role.PHYSICIAN, Role.OWNER, Role.FRONT_DESK, Role.BILLER, Role.AUDITOR)
"""Who tries a form: the first of these whose role may send it."""
TAG = '"><script>alert("omt")</script><img src=x onerror=alert(1)>'
HUGE = "L3ERSl-" * 1_500_000  # 10 MB, also on its way
ADVICE = frozenset({"order_advice", "landmarks_infer"})
"""Posts that only answer beside a form and keep nothing: a person's text stays where it was typed."""
OWN_PAGES = frozenset({"lock", "unlock", "account_logout", "account_login"})
QUIET_TABLES = ("accounts_auditevent", "django_session", "usersessions_usersession", "SAVEPOINT")
MESSAGE_MARKS = ('role="alert"', "errorlist", "aria-invalid", 'class="error', 'class="message', "field-error")

BAD: dict[str, str | bytes] = {
    "nothing": "",
    "control characters": "a\x01\x02\x08\x1b[31mb\x7f\x85",
    "null": "a\x00b",
    "broken UTF-8": b"\xff\xfe caf\xe9 \xed\xa0\x80",
    "HTML, SQL, a template": TAG + "Robert'); DROP TABLE patients_patient;--{{ 7|add:7 }}{% debug %}%s%n",
    "right to left, emoji": "\u202eمريض\u202c ب\u200f 🦴👩🏽‍⚕️ Zoë",
    "long line": "x" * 5000,
    "huge number": "9" * 40,
    "bigger than a database integer": "9223372036854775808",
    "year 99999": "99999-01-01",
}
BAD_DAYS: dict[str, str | bytes] = {"year 1": "0001-01-01", "year 9999": "9999-12-31", "time": "25:61"}
BAD_NUMBERS: dict[str, str | bytes] = {
    "negative": "-1",
    "endless": "1e400",
    "not a number": "NaN",
    "fraction": "0.00000000001",
}
CHOSEN = ("nothing", "null", "broken UTF-8", "HTML, SQL, a template", "huge number")
"""What is tried where a person chooses and does not type."""


def bad_for(one: Field) -> dict[str, str | bytes]:
    """All that is tried in a field with OPENOMT_FUZZ=whole (`make fuzz-site`); else three, others in each field."""
    every = _all_for(one)
    if os.environ.get("OPENOMT_FUZZ") == "whole":
        return every
    first = crc32(one.name.encode())
    names = list(every)
    return {name: every[name] for name in (names[(first + n * 5) % len(names)] for n in range(3))}


def _all_for(one: Field) -> dict[str, str | bytes]:
    """Days where a day may stand, numbers where a number may."""
    if not one.keeps_text:
        return {what: BAD[what] for what in CHOSEN}
    wanted = f"{one.kind} {one.name}"
    days = (
        BAD_DAYS if re.search(r"date|day|time|from|until|onset|start|since|born|_on\b|\bon\b", wanted) else {}
    )
    numbers = (
        BAD_NUMBERS
        if one.kind == "number" or re.search(r"amount|minutes|fee|units|paid|visits", wanted)
        else {}
    )
    return BAD | days | numbers


@dataclass(frozen=True, slots=True)
class Sent:
    """An answer, and whether anything was kept."""

    answer: Any  # Django's answer, with what its test client adds
    kept: bool

    @property
    def html(self) -> str:
        if not self.answer.get("Content-Type", "").startswith("text/html") or self.answer.streaming:
            return ""
        return str(self.answer.content.decode())


@dataclass(slots=True)
class Sender:
    """Somebody signed in who sends forms. Everything sent is undone."""

    client: Client

    def get(self, address: str, body: str = "") -> Sent:
        return self._send(
            lambda: self.client.get(address, QUERY_STRING=body) if body else self.client.get(address)
        )

    def post(self, address: str, values: dict[str, Any]) -> Sent:
        """As a browser does, but also with what no browser sends: broken UTF-8, one field twice."""
        body = encoded(values)
        kind = "application/x-www-form-urlencoded"
        return self._send(lambda: self.client.post(address, body, content_type=kind))

    def json(self, address: str, body: bytes) -> Sent:
        return self._send(lambda: self.client.post(address, body, content_type="application/json"))

    def upload(self, address: str, values: dict[str, Any]) -> Sent:
        return self._send(lambda: self.client.post(address, values))

    def _send(self, call: Callable[[], Any]) -> Sent:
        cookies = copy(self.client.cookies)
        connection.queries_log.clear()  # it holds 9,000, and would count no more
        with undone(), CaptureQueriesContext(connection) as seen:
            try:
                answer = call()
            finally:
                self.client.cookies = cookies
            kept = any(_writes(one["sql"]) for one in seen.captured_queries)
        cache.clear()
        return Sent(answer, kept)


def _writes(sql: str) -> bool:
    return sql.startswith(("INSERT", "UPDATE", "DELETE")) and not any(name in sql for name in QUIET_TABLES)


def encoded(values: dict[str, Any]) -> str:
    """A form's body. A list sends its field several times; bytes go as they are."""
    pairs = []
    for name, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            raw = one if isinstance(one, bytes) else str(one).encode()
            pairs.append(f"{quote_from_bytes(name.encode())}={quote_from_bytes(raw)}")
    return "&".join(pairs)


def _sender(world: World, role: Role) -> Sender:
    return Sender(signed_in(Client(raise_request_exception=False), world.people[role]))


def _name(address: str) -> str:
    try:
        found = resolve(urlsplit(address).path)
    except Resolver404:
        return ""
    policy = policy_of(found.func, found.view_name)
    if policy is None:
        return ""
    return found.view_name


def _actor(address: str) -> Role | None:
    """Who of the actors is the first that may call an address."""
    found = resolve(urlsplit(address).path)
    policy = policy_of(found.func, found.view_name)
    return next((role for role in ACTORS if policy is not None and policy.allows(POLICIES[role])), None)


Found = dict[Role, list[Form]]


@pytest.fixture(scope="module")
def found(world: World) -> Found:
    """Each form of the site once, by who of the actors tries it."""
    return {role: list(_forms(world, _sender(world, role), role)) for role in ACTORS}


def _forms(world: World, sender: Sender, role: Role) -> Iterator[Form]:
    seen: set[tuple[str, str, frozenset[str]]] = set()
    for page in _pages(world, role):
        for form in forms_of(sender.get(page).html, page):
            name = _name(form.address)
            key = (name, form.method, frozenset(form.fields))
            if name and name not in OWN_PAGES and key not in seen and _actor(form.address) is role:
                seen.add(key)
                yield form


def _pages(world: World, role: Role) -> Iterator[str]:
    for route in routes():
        policy = policy_of(route.view, route.name)
        if policy is not None and policy.allows(POLICIES[role]) and route.name not in OWN_PAGES:
            yield from (world.address(route), *world.also(route))


def _faults(sent: Sent, form: Form, one: Field, what: str, typed: str | bytes) -> Iterator[str]:
    """What is wrong with the answer to a bad value."""
    where = f"{form.method} {_name(form.address)} {one.name!r} {what}: {sent.answer.status_code}"
    if sent.answer.status_code >= 500:
        yield where
        return
    html = sent.html
    if TAG in html or '<script>alert("omt")' in html:
        yield f"{where}, HTML comes back as HTML"
    if "patients_patient;--14" in html:
        yield f"{where}, a template in the text was run"
    if (
        form.method == "get"
        or _name(form.address) in ADVICE
        or sent.kept
        or sent.answer.status_code in {302, 204, 404}
        or not html
    ):
        return
    if sent.answer.get("HX-Redirect") or sent.answer.get("HX-Refresh"):
        return
    yield from (f"{where}, {fault}" for fault in _refusal_faults(html, form, one, what, typed))


def _refusal_faults(html: str, form: Form, one: Field, what: str, typed: str | bytes) -> Iterator[str]:
    if not any(mark in html for mark in MESSAGE_MARKS) and "<h1" not in html:
        yield "refused without a message"
    if isinstance(typed, bytes) or "\x00" in typed or not one.keeps_text or not typed.strip():
        return
    values = [
        again.fields[one.name].value for again in forms_of(html, form.address) if one.name in again.fields
    ]
    if not values:
        yield "what was typed is lost: the form does not come back"
    elif not any(_same(value, typed) for value in values):
        yield f"what was typed is lost: the field holds {values[0][:60]!r}"


def _same(value: str, typed: str) -> bool:
    def plain(text: str) -> str:
        return " ".join(text.split())

    return plain(value) == plain(typed)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("role", ACTORS)
def test_bad_text_in_a_field_is_answered_with_a_message_and_kept(
    role: Role, part: int, world: World, found: Found
) -> None:
    sender = _sender(world, role)
    faults: list[str] = []
    for form in found[role][part::PARTS]:
        for one in form.fields.values():
            if one.kind == "file" or one.name == "csrfmiddlewaretoken":
                continue
            for what, bad in bad_for(one).items():
                values = form.values() | {one.name: bad}
                send = (
                    sender.post(form.address, values) if form.method == "post" else _ask(sender, form, values)
                )
                faults += _faults(send, form, one, what, bad)
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults)


def _ask(sender: Sender, form: Form, values: dict[str, Any]) -> Sent:
    return sender.get(form.address.split("?")[0], encoded(values))


@pytest.mark.parametrize("role", ACTORS)
def test_fields_missing_and_fields_sent_twice_never_end_in_an_error(
    role: Role, world: World, found: Found
) -> None:
    sender = _sender(world, role)
    faults: list[str] = []
    for form in found[role]:
        values = form.values()
        tries: list[dict[str, Any]] = [
            {},
            {name: ["a", "b", TAG] for name in values},
            dict.fromkeys(values, TAG),
        ]
        tries += [{name: value for name, value in values.items() if name != gone} for gone in values]
        tries += [values | {f"{name}[]": "1", f"{name}__in": "1"} for name in list(values)[:1]]
        for values_sent in tries:
            send = (
                sender.post(form.address, values_sent)
                if form.method == "post"
                else _ask(sender, form, values_sent)
            )
            if send.answer.status_code >= 500 or TAG in send.html:
                faults.append(f"{_name(form.address)} {sorted(values_sent)}: {send.answer.status_code}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", ACTORS)
def test_ten_megabytes_in_a_text_box_are_refused_with_a_message(
    role: Role, world: World, found: Found
) -> None:
    sender = _sender(world, role)
    faults: list[str] = []
    for form in found[role]:
        for one in form.fields.values():
            if one.kind == "textarea" and form.method == "post":
                send = sender.post(form.address, form.values() | {one.name: HUGE})
                faults += _faults(send, form, one, "10 MB", HUGE)
                if send.kept:
                    faults.append(f"{_name(form.address)} {one.name}: keeps 10 MB")
    assert not faults, "\n".join(faults)


def _files() -> dict[str, SimpleUploadedFile]:
    return {
        "empty": SimpleUploadedFile("report.pdf", b"", "application/pdf"),
        "a program": SimpleUploadedFile("report.exe", b"MZ\x90\x00" + b"\x00" * 200, "application/x-msdownload"),
        "a page": SimpleUploadedFile("x.html", TAG.encode(), "text/html"),
        "not what it says": SimpleUploadedFile("report.pdf", TAG.encode(), "application/pdf"),
        "a bad name": SimpleUploadedFile('../../"\r\nX: y\u202e.pdf', b"%PDF-1.4 x", "application/pdf"),
        "a long name": SimpleUploadedFile("n" * 400 + ".pdf", b"%PDF-1.4 x", "application/pdf"),
        "broken text": SimpleUploadedFile("fees.csv", b"\xff\xfe\x00code,a\x00\r\n\xed\xa0\x80,1e999", "text/csv"),
        "wrong columns": SimpleUploadedFile("fees.csv", b"a;b;c\n1;2\n\"open", "text/csv"),
        "11 MB": SimpleUploadedFile("big.pdf", b"%PDF-1.4 " + b"x" * 11_000_000, "application/pdf"),
    }  # fmt: skip


@pytest.mark.parametrize("role", ACTORS)
def test_bad_files_never_end_in_an_error(role: Role, world: World, found: Found) -> None:
    sender = _sender(world, role)
    faults: list[str] = []
    for form in found[role]:
        for one in form.fields.values():
            if one.kind != "file":
                continue
            for what, file in _files().items():
                send = sender.upload(form.address, form.values() | {one.name: file})
                if send.answer.status_code >= 500 or TAG in send.html:
                    faults.append(f"{_name(form.address)} {one.name} {what}: {send.answer.status_code}")
    assert not faults, "\n".join(faults)


def test_more_than_the_site_takes_is_answered_with_a_message(
    world: World, found: Found, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
    sender = _sender(world, Role.PHYSICIAN)
    form = next(form for form in found[Role.PHYSICIAN] if form.method == "post")
    sent = sender.post(form.address, {"text": "x" * 1_100_000})
    assert sent.answer.status_code in {400, 413}
    assert "<h1" in sent.html


def test_the_fuzz_finds_the_forms(found: Found) -> None:
    """Guards the test itself: it would pass on pages whose forms it does not see."""
    names = {_name(form.address) for forms in found.values() for form in forms}
    assert names >= {
        "patient_new",
        "patient_edit",
        "appointment_new",
        "phrases",
        "find",
        "patients",
        "visit_addendum",
    }


# What scripts send: JSON ------------------------------------------------------------------------------

NOT_JSON: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "a number": b"7",
    "null": b"null",
    "broken UTF-8": b'{"base":0,"tab":"x","draft":{"text":"\xff\xed\xa0\x80"}}',
    "UTF-16": '{"base":0}'.encode("utf-16"),
    "deep": b"[" * 100_000,
    "not a number": b'{"base":NaN,"draft":{}}',
    "huge number": b'{"base":' + b"9" * 5000 + b',"draft":{}}',
    "the same key twice": b'{"base":0,"base":"x","draft":{},"draft":[]}',
    "wrong types": b'{"base":"0","tab":7,"line":[],"have":3,"draft":[1,2]}',
    "unknown boxes": b'{"base":0,"tab":"x","draft":{"__class__":"x","text":{}}}',
    "no base": b'{"draft":{"text":"T5"}}',
    "11 MB": b'{"base":0,"tab":"x","draft":{"text":"' + b"x" * 11_000_000 + b'"}}',
    "a thousand refusals": b'{"base":0,"draft":{"refused":['
    + b",".join([b'{"technique":"HVLA"}'] * 1000)
    + b"]}}",
}
SCRIPTED = ("visit_draft", "visit_sign", "visit_new", "find")


@pytest.mark.parametrize("what", NOT_JSON)
@pytest.mark.parametrize("name", SCRIPTED)
def test_what_is_no_proper_json_is_refused_in_words(name: str, what: str, world: World) -> None:
    sender = _sender(world, Role.PHYSICIAN)
    route = next(route for route in routes() if route.name == name)
    sent = sender.json(world.address(route), NOT_JSON[what])
    assert 300 <= sent.answer.status_code < 500, sent.answer.status_code
    assert not sent.kept or name == "visit_new"
    if sent.answer.get("Content-Type") == "application/json":
        assert sent.answer.json()["error"]


BOXES = [
    name for name, field in Draft.model_fields.items() if field.annotation is str and name not in {"text"}
]


@pytest.mark.parametrize("what", [what for what in BAD if what != "broken UTF-8"])
def test_a_draft_keeps_bad_text_as_it_was_typed_or_says_why_not(what: str, world: World) -> None:
    sender = _sender(world, Role.PHYSICIAN)
    route = next(route for route in routes() if route.name == "visit_draft")
    typed = BAD[what]
    for box in ("text", *BOXES):
        body = {"base": world.draft.revision, "tab": "fuzz", "draft": {box: typed}}
        before = Draft().model_dump()[box]
        with undone():
            answer = sender.client.post(world.address(route), body, content_type="application/json")
            world.draft.refresh_from_db()
            kept = world.draft.draft.get(box, before)
        world.draft.refresh_from_db()
        if answer.status_code == 400:
            assert box in answer.json()["error"], (box, answer.json())
            continue
        assert answer.status_code == 200, (box, answer.status_code)
        assert isinstance(typed, str)
        assert kept == typed.replace("\x00", "\ufffd"), box
        assert TAG not in str(answer.json()["parts"])


def test_half_a_character_in_a_draft_is_answered_and_nothing_else_is_lost(world: World) -> None:
    sender = _sender(world, Role.PHYSICIAN)
    route = next(route for route in routes() if route.name == "visit_draft")
    body = b'{"base":%d,"tab":"x","draft":{"text":"T5 FRSr \\ud83d (2)"}}' % world.draft.revision
    sent = sender.json(world.address(route), body)
    assert sent.answer.status_code in {200, 400}
    assert sent.kept == (sent.answer.status_code == 200)


def test_ten_megabytes_in_a_draft_are_refused_in_words_and_the_draft_stays(world: World) -> None:
    sender = _sender(world, Role.PHYSICIAN)
    route = next(route for route in routes() if route.name == "visit_draft")
    body = json.dumps({"base": world.draft.revision, "tab": "x", "draft": {"text": HUGE}}).encode()
    sent = sender.json(world.address(route), body)
    assert sent.answer.status_code in {400, 413}
    assert "too" in sent.answer.json()["error"]
    assert not sent.kept
