"""Secrets of second factors stand sealed in the database, by keys that are never lost to new ones."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
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
from openomt.care.testing import PASSWORD, member, signed_in


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


@pytest.fixture
def locked_out(client: Client, folder: Path) -> Client:
    """Signed in, with an app and recovery codes whose key is gone."""
    person = member(Role.OWNER)
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    (folder / "second-factor-keys").unlink()
    session = signed_in(client, person).session
    shown = {"method": "password", "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [shown]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["mfa_view_recovery_codes", "mfa_download_recovery_codes", "mfa_generate_recovery_codes"]
)
def test_without_the_key_a_page_of_codes_says_so_and_offers_new_ones(name: str, locked_out: Client) -> None:
    answer = locked_out.get(reverse(name))
    assert answer.status_code == 503
    shown = answer.content.decode()
    assert "the key is missing" in shown
    assert f'action="{reverse("mfa_generate_recovery_codes")}"' in shown
    assert locked_out.post(reverse("mfa_generate_recovery_codes")).status_code == 302
    new = locked_out.get(reverse("mfa_view_recovery_codes"))
    assert (new.status_code, "10 of 10 are unused" in new.content.decode()) == (200, True)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["me", "mfa_index"])
def test_without_the_key_a_list_of_second_factors_says_so(name: str, locked_out: Client) -> None:
    answer = locked_out.get(reverse(name))
    assert answer.status_code == 200
    assert "Cannot be read here: the key is missing" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_reauthenticate",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_reauthenticate_webauthn",
    ],
)
def test_without_the_key_other_pages_of_second_factors_answer(name: str, locked_out: Client) -> None:
    for answer in (locked_out.get(reverse(name)), locked_out.post(reverse(name), {"code": "123456"})):
        assert answer.status_code in (200, 302, 405)


@pytest.mark.django_db
def test_without_the_key_the_app_can_be_turned_off_and_set_up_anew(locked_out: Client) -> None:
    locked_out.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    assert locked_out.get(reverse("mfa_activate_totp")).status_code == 200
    assert locked_out.get(reverse("mfa_index")).status_code == 200
    secret = locked_out.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert locked_out.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


@pytest.mark.django_db
def test_a_list_of_second_factors_answers_who_has_none(client: Client) -> None:
    answer = signed_in(client, member(Role.OWNER)).get(reverse("mfa_index"))
    assert "You get them with the first second factor" in answer.content.decode()


def test_two_processes_that_make_the_first_key_at_once_have_one(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        sealed = list(pool.map(lambda number: factor_keys.seal(str(number)), range(8)))
    assert [factor_keys.unseal(one) for one in sealed] == [str(number) for number in range(8)]
    assert len(factor_keys.kept()) == 1
    assert [file.name for file in folder.iterdir()] == ["second-factor-keys"]


def test_who_comes_second_seals_with_the_key_of_who_was_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate = Fernet.generate_key
    first = generate().decode("ascii")

    def slow() -> bytes:
        (folder / "second-factor-keys").parent.mkdir(parents=True, exist_ok=True)
        (folder / "second-factor-keys").write_text(f"{first}\n", encoding="ascii")
        return generate()

    monkeypatch.setattr(Fernet, "generate_key", slow)
    assert Fernet(first).decrypt(factor_keys.seal("here")) == b"here"
    assert factor_keys.kept() == [first]
