"""Secrets of second factors stand sealed in the database, by keys that are never lost to new ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from cryptography.fernet import Fernet
from django.test import Client
from django.urls import reverse

from openomt.care.accounts import factor_keys
from openomt.care.accounts.access import Role
from openomt.care.accounts.second_factors import of_person
from openomt.care.testing import PASSWORD, member


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    """An empty data folder."""
    settings.DATA = tmp_path / "data"
    return tmp_path / "data"


def test_the_key_is_made_once_and_only_its_owner_can_read_it(folder: Path) -> None:
    factor_keys.make()
    first = factor_keys.kept()
    factor_keys.make()
    assert factor_keys.kept() == first
    assert [file.name for file in folder.iterdir()] == ["second-factor-keys"]
    assert (folder / "second-factor-keys").stat().st_mode & 0o777 == 0o600


def test_keys_that_are_added_open_and_the_own_one_still_seals(folder: Path) -> None:
    other = Fernet.generate_key().decode()
    from_there = Fernet(other).encrypt(b"there").decode()
    mine = factor_keys.seal("here")
    own = factor_keys.kept()
    factor_keys.add([other, *own])
    assert factor_keys.kept() == [*own, other]
    assert (factor_keys.unseal(mine), factor_keys.unseal(from_there)) == ("here", "there")
    assert Fernet(own[0]).decrypt(factor_keys.seal("new")) == b"new"
    with pytest.raises(ValueError, match="Fernet key"):
        factor_keys.add(["no key"])


def test_a_secret_is_sealed_and_one_of_before_is_read_as_it_is() -> None:
    for secret in (generate_totp_secret(), RecoveryCodes.generate_seed()):
        sealed = factor_keys.seal(secret)
        assert secret not in sealed
        assert factor_keys.unseal(sealed) == factor_keys.unseal(secret) == secret


@pytest.mark.django_db
def test_without_the_key_no_code_is_right_and_the_form_says_why(client: Client, folder: Path) -> None:
    person = member(Role.OWNER)
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    (folder / "second-factor-keys").unlink()
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    empty = str(format_hotp_value(hotp_value("", 0)))
    page = client.post(reverse("mfa_authenticate"), {"code": empty}).content.decode()
    assert "the key is missing" in page
    assert client.get(reverse("me")).status_code == 302
    assert of_person(person).codes_left == 0
    assert Authenticator.objects.filter(user=person).count() == 2
