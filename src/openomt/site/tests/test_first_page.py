"""Everybody who signs in comes to where their work is; nobody finds an empty page."""

from __future__ import annotations

import pytest
from django.test import Client

from openomt.care.accounts.access import Role
from openomt.care.testing import member, practice, signed_in

FIRST = [
    (Role.OWNER, "/today"),
    (Role.PHYSICIAN, "/today"),
    (Role.TRAINEE, "/today"),
    (Role.FRONT_DESK, "/today"),
    (Role.BILLER, "/claims"),
    (Role.AUDITOR, "/audit"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "path"), FIRST, ids=[role.value for role, _ in FIRST])
def test_the_first_page_of_a_role(role: Role, path: str, client: Client) -> None:
    answer = signed_in(client, member(role)).get("/", follow=True)
    assert answer.redirect_chain == [(path, 302)]
    assert answer.status_code == 200


@pytest.mark.django_db
def test_whoever_is_not_signed_in_sees_the_public_front_page(client: Client) -> None:
    practice(name="Hill Street Osteopathy")
    answer = client.get("/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Hill Street Osteopathy" in page
    for address in ("/learn/", "/check/", "/book/", "/my/sign-in", "/account/login/"):
        assert f'href="{address}"' in page, address


@pytest.mark.django_db
def test_the_front_page_speaks_spanish(client: Client) -> None:
    page = client.get("/?lang=es").content.decode()
    assert '<html lang="es"' in page
    assert "Ya soy paciente" in page
