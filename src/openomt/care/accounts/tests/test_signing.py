"""Proving a signature: PIN and password. The passkey is tried in a browser (test_in_the_browser)."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from openomt.care.accounts import signing
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.accounts.signing import PinError, SignatureError, check_signature, set_pin
from openomt.care.testing import PASSWORD, member, signed_in

PIN = "482915"


@pytest.fixture
def physician(db: None) -> User:
    user = member(Role.PHYSICIAN, pin="")
    set_pin(user, PIN)
    return user


@pytest.mark.parametrize(
    "weak",
    [
        "",
        "12345",
        "1234567",
        "abcdef",
        "111111",
        "123456",
        "654321",
        "890123",
        "246802",
        "121212",
        "123123",
        "112211",
        "١٢٣٤٥٦",
    ],
)
@pytest.mark.django_db
def test_a_pin_that_is_no_pin_or_too_easy_is_refused(weak: str) -> None:
    user = member(Role.PHYSICIAN, pin="")
    with pytest.raises(PinError):
        set_pin(user, weak)
    user.refresh_from_db()
    assert user.signing_pin == ""


def test_the_pin_signs_and_is_not_kept_as_typed(physician: User) -> None:
    check_signature(physician, pin=PIN)
    assert PIN not in physician.signing_pin
    assert signing.hash_pin(PIN) != signing.hash_pin(PIN)


def test_two_sites_with_other_keys_keep_other_hashes(physician: User, settings: object) -> None:
    settings.SECRET_KEY = "another"  # type: ignore[attr-defined]
    with pytest.raises(SignatureError):
        check_signature(physician, pin=PIN)


def test_a_pin_is_checked_in_less_than_60_ms(physician: User) -> None:
    hasher = signing.PinHasher()
    kept = signing.hash_pin(PIN)
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        hasher.verify(PIN, kept)
        times.append(time.perf_counter() - begin)
    assert min(times) < 0.06


def test_the_password_signs(physician: User) -> None:
    check_signature(physician, password=PASSWORD)
    with pytest.raises(SignatureError, match="not your password"):
        check_signature(physician, password="wrong")


def test_nothing_given_is_said_so(physician: User) -> None:
    with pytest.raises(SignatureError, match="Give your signing PIN or your password"):
        check_signature(physician)


def test_without_a_pin_the_page_to_set_one_is_named(db: None) -> None:
    with pytest.raises(SignatureError, match="no signing PIN yet"):
        check_signature(member(Role.PHYSICIAN, pin=""), pin=PIN)


def test_half_a_character_is_refused_in_words(physician: User) -> None:
    for given in ({"pin": "\ud83d"}, {"password": "\ud83d"}):
        with pytest.raises(SignatureError, match="nobody can type"):
            check_signature(physician, **given)


def test_wrong_pins_say_how_many_tries_are_left(physician: User) -> None:
    with pytest.raises(SignatureError, match="4 tries left"):
        check_signature(physician, pin="000000")
    for _ in range(2):
        with pytest.raises(SignatureError):
            check_signature(physician, pin="000000")
    with pytest.raises(SignatureError, match="1 try left"):
        check_signature(physician, pin="000000")


def test_the_fifth_wrong_pin_in_a_row_locks_it_until_the_password_is_given(physician: User) -> None:
    for _ in range(5):
        with pytest.raises(SignatureError):
            check_signature(physician, pin="000000")
    physician.refresh_from_db()
    assert signing.pin_is_locked(physician)
    with pytest.raises(SignatureError, match="locked"):
        check_signature(physician, pin=PIN)
    check_signature(physician, password=PASSWORD)
    check_signature(physician, pin=PIN)
    assert AuditEvent.objects.filter(action="signature.refused").count() == 5


def test_a_right_pin_begins_the_count_anew(physician: User) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(SignatureError):
                check_signature(physician, pin="000000")
        check_signature(physician, pin=PIN)


def test_wrong_passwords_are_limited(physician: User) -> None:
    for _ in range(5):
        with pytest.raises(SignatureError, match="not your password"):
            check_signature(physician, password="wrong")
    with pytest.raises(SignatureError, match="Too many"):
        check_signature(physician, password=PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_a_failed_try_cannot_be_undone_with_what_was_to_be_signed() -> None:
    user = member(Role.PHYSICIAN, pin="")
    set_pin(user, PIN)
    with pytest.raises(RuntimeError), transaction.atomic():
        check_signature(user, pin="000000")
    with pytest.raises(SignatureError):
        check_signature(user, pin="000000")
    user.refresh_from_db()
    assert user.pin_failures == 1


@pytest.mark.django_db(transaction=True)
def test_many_tries_at_once_cannot_outrun_the_count() -> None:
    user = member(Role.PHYSICIAN, pin="")
    set_pin(user, PIN)
    pins = [f"{number:06}" for number in range(300_000, 300_024)]

    def guess(pin: str) -> str:
        try:
            check_signature(User.objects.get(pk=user.pk), pin=pin)
        except SignatureError as problem:
            return str(problem)
        finally:
            connection.close()
        return "signed"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, pins))
    looked_at = [answer for answer in answers if answer.startswith("This is not your PIN")]
    assert len(looked_at) == 5
    assert sum("locked after" in answer for answer in answers) == len(pins) - 5


def test_a_pin_is_set_on_ones_own_page_against_the_password(client: Client, db: None) -> None:
    user = member(Role.PHYSICIAN, pin="")
    signed_in(client, user)
    bad = client.post(reverse("me_pin"), {"pin": PIN, "again": PIN, "password": "wrong"})
    assert (bad.status_code, "not your password" in bad.content.decode()) == (400, True)
    differ = client.post(reverse("me_pin"), {"pin": PIN, "again": "111111", "password": PASSWORD})
    assert "The two PINs differ" in differ.content.decode()
    weak = client.post(reverse("me_pin"), {"pin": "123456", "again": "123456", "password": PASSWORD})
    assert "too easy to guess" in weak.content.decode()
    user.refresh_from_db()
    assert user.signing_pin == ""
    client.post(reverse("me_pin"), {"pin": PIN, "again": PIN, "password": PASSWORD})
    user.refresh_from_db()
    check_signature(user, pin=PIN)
    assert AuditEvent.objects.filter(action="pin.set").count() == 1
    client.post(reverse("me_pin_remove"))
    user.refresh_from_db()
    assert user.signing_pin == ""
