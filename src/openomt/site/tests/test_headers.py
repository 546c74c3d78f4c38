"""What every answer tells the browser: what may run, who may frame it, what may be remembered."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse

from openomt.care.accounts.access import POLICIES, Role, policy_of
from openomt.care.testing import PASSWORD, member, practice, undone
from openomt.site.tests.world import World
from tools.routes import Route, routes

if TYPE_CHECKING:
    from openomt.site.tests.conftest import ComeIn

READERS = (Role.PHYSICIAN, Role.OWNER, Role.BILLER)


class _Inline(HTMLParser):
    """Whatever the Content-Security-Policy would stop, and whatever comes from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        runs = tag == "script" and "src" not in given and "json" not in given.get("type", "")
        if tag == "style" or runs:
            self.found.append(f"<{tag}> inline, line {self.getpos()[0]}")
        for name, value in given.items():
            if name == "style" or re.fullmatch(r"on[a-z]+", name) or name.startswith("hx-on"):
                self.found.append(f"<{tag} {name}={value!r}> inline, line {self.getpos()[0]}")
            if name in {"src", "href", "action", "formaction"} and value.lower().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={value!r}>")
        loaded = given.get("src") or (given.get("href", "") if tag == "link" else "")
        if loaded.startswith(("http:", "https:", "//")):
            self.found.append(f"<{tag}> loads {loaded}")


@pytest.mark.parametrize("route", routes(), ids=str)
def test_a_page_holds_nothing_inline_and_carries_the_headers(
    route: Route, world: World, come_in: ComeIn
) -> None:
    policy = policy_of(route.view, route.name)
    for role in READERS:
        for address in (world.address(route), *world.also(route)):
            with undone():
                answer = come_in(world.people[role]).get(address)
            rules = answer["Content-Security-Policy"]
            assert {"default-src 'self'", "default-src 'none'"} & {
                rule.strip() for rule in rules.split(";")
            }, rules
            assert "unsafe" not in rules
            assert "frame-ancestors 'none'" in rules or "sandbox" in rules
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Referrer-Policy"] == "same-origin"
            assert answer["X-Frame-Options"] in {"DENY", "SAMEORIGIN"}
            if policy is not None and not policy.anonymous and policy.allows(POLICIES[role]):
                kept = answer.get("Cache-Control", "")
                assert "no-store" in kept, (
                    f"{address}: Cache-Control {kept!r}; the next person could go back to it"
                )
            if answer["Content-Type"].startswith("text/html") and not answer.streaming:
                seen = _Inline()
                seen.feed(answer.content.decode())
                assert not seen.found, f"{address}: {seen.found}"


@pytest.mark.django_db
def test_pages_that_refuse_carry_the_headers_too(client: Client) -> None:
    for address in ("/nowhere", "/find?q=%00", "/account/signup/"):
        answer = client.get(address)
        assert answer.status_code in {400, 403, 404}
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
def test_cookies_are_kept_from_scripts_and_other_sites(client: Client) -> None:
    practice()
    person = member(Role.OWNER)
    client.get(reverse("account_login"))
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["expires"], "a session ends with the browser"
    assert client.cookies["csrftoken"]["samesite"] == "Lax"


@pytest.mark.parametrize(("https", "expected"), [("1", "True True 31536000"), ("", "False False 0")])
def test_behind_https_cookies_travel_only_there(https: str, expected: str) -> None:
    show = (
        "from openomt.site import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS)"
    )
    done = subprocess.run(
        [sys.executable, "-c", show],
        env=os.environ | {"OPENOMT_HTTPS": https, "OPENOMT_SECRET_KEY": "only for tests"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == expected
