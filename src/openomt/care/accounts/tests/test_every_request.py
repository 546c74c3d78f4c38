"""What each request costs, and what each answer forbids."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import RoleGrant
from openomt.care.testing import member, practice, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["seen", "location_new"])
def test_knowing_who_asks_and_what_they_may_takes_three_queries(client: Client, name: str) -> None:
    practice()
    signed_in(client, member(Role.OWNER))
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse(name))
    tables = [one["sql"].split(" FROM ")[1].split()[0].strip('"') for one in asked]
    assert tables == ["django_session", "accounts_user", "accounts_practice"]


def test_a_role_taken_away_counts_from_the_next_request(client: Client) -> None:
    owner = member(Role.OWNER)
    signed_in(client, owner)
    assert client.get(reverse("people")).status_code == 200
    RoleGrant.objects.filter(user=owner).delete()
    assert client.get(reverse("people")).status_code == 403


@pytest.mark.parametrize(
    "name", ["me", "people", "practice", "audit", "locked", "account_login", "mfa_index", "usersessions_list"]
)
def test_no_page_is_kept_framed_or_allowed_a_script_of_its_own(client: Client, name: str) -> None:
    signed_in(client, member(Role.OWNER))
    answer = client.get(reverse(name))
    if answer.status_code == 302:
        answer = Client().get(reverse(name))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    "address",
    [
        "me",
        "people",
        "person_new",
        "practice",
        "location_new",
        "audit",
        "mfa_index",
        "mfa_list_webauthn",
        "usersessions_list",
        "account_change_password",
        "account_logout",
    ],
)
def test_no_page_holds_a_script_or_style_of_its_own(client: Client, address: str) -> None:
    signed_in(client, member(Role.OWNER))
    text = client.get(reverse(address)).content.decode()
    assert " style=" not in text
    assert "<style" not in text
    assert " onclick=" not in text
    for script in text.split("<script")[1:]:
        head = script.split(">")[0]
        assert "src=" in head or "application/json" in head


def test_cookies_cannot_be_read_by_a_script_or_sent_from_elsewhere(client: Client) -> None:
    user = member(Role.OWNER)
    from openomt.care.testing import PASSWORD

    answer = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    cookie: Any = answer.cookies[site.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["expires"] == ""  # gone with the browser


def test_the_health_check_needs_nobody(client: Client) -> None:
    assert client.get("/health").status_code == 200
