"""Signing in with password, app and recovery code; limits; sessions; what the audit says of it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from openomt.care.accounts import demo, services
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, AuditSeal, User
from openomt.care.testing import PASSWORD, member

pytestmark = pytest.mark.django_db
ROLLED_OUT = "a different long password"


@pytest.fixture(autouse=True)
def _nobody_tried_before() -> None:
    cache.clear()


@pytest.fixture
def person() -> User:
    return member(Role.OWNER)


def sign_in(client: Client, user: User, password: str = PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": user.email, "password": password})


def _actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_the_password_signs_in_and_the_audit_says_so(client: Client, person: User) -> None:
    assert sign_in(client, person)["Location"] == "/"
    assert client.get(reverse("me")).status_code == 200
    client.post(reverse("account_logout"))
    assert _actions() == ["session.start", "session.end"]


def test_the_first_sign_in_of_a_day_sets_a_seal(client: Client, person: User) -> None:
    sign_in(client, person)
    sign_in(Client(), person)
    assert AuditSeal.objects.count() == 1


def test_the_address_is_read_in_any_case(client: Client, person: User) -> None:
    answer = client.post(reverse("account_login"), {"login": person.email.upper(), "password": PASSWORD})
    assert answer.status_code == 302


def test_signing_in_gives_the_session_a_new_key(client: Client, person: User) -> None:
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    sign_in(client, person)
    assert client.session.session_key != planted


def test_the_third_wrong_password_ends_the_trying_even_for_the_right_one(
    client: Client, person: User
) -> None:
    for _ in range(3):
        assert sign_in(client, person, "wrong").status_code == 200
    answer = sign_in(client, person)
    assert answer.status_code == 200
    assert "Too many failed login attempts" in answer.content.decode()
    assert sign_in(Client(), member(Role.BILLER)).status_code == 302  # nobody else is kept out


def test_a_wrong_password_is_audited_by_account_and_never_by_what_was_typed(
    client: Client, person: User
) -> None:
    sign_in(client, person, "wrong")
    client.post(reverse("account_login"), {"login": "my-password@in-the-wrong.field", "password": "x"})
    first, second = AuditEvent.objects.filter(action="session.refused").order_by("pk")
    assert (first.actor, first.subject) == (None, f"user:{person.uid}")
    assert second.subject == ""
    assert "wrong.field" not in str(AuditEvent.objects.values())


def test_a_closed_account_cannot_sign_in(client: Client, person: User) -> None:
    services.deactivate(member(Role.OWNER), person)
    sign_in(client, person)
    assert client.get(reverse("me")).status_code == 302


@pytest.mark.django_db(transaction=True)  # the library tells of a new factor when it is kept for good
def test_after_the_app_is_set_up_sign_in_asks_for_its_code(client: Client, person: User) -> None:
    sign_in(client, person)
    _confirm(client, reverse("mfa_activate_totp"))
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    assert set(Authenticator.objects.values_list("type", flat=True)) == {"totp", "recovery_codes"}
    assert secret not in str(Authenticator.objects.values_list("data", flat=True))

    other = Client()
    assert sign_in(other, person)["Location"] == reverse("mfa_authenticate")
    assert other.get(reverse("me"))["Location"].startswith(reverse("account_login"))
    wrong = other.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "Incorrect code" in wrong.content.decode()
    cache.clear()  # the code of this half minute was used to set the app up
    assert other.post(reverse("mfa_authenticate"), {"code": _code(secret)}).status_code == 302
    assert other.get(reverse("me")).status_code == 200
    assert {"second_factor.add", "second_factor.refused"} <= set(_actions())


def test_a_recovery_code_signs_in_once(client: Client, person: User) -> None:
    codes = _with_codes(client, person)
    first = Client()
    sign_in(first, person)
    first.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert first.get(reverse("me")).status_code == 200
    again = Client()
    sign_in(again, person)
    assert again.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 200
    assert again.get(reverse("me")).status_code == 302


def test_recovery_codes_are_shown_after_the_password_only(client: Client, person: User) -> None:
    codes = _with_codes(client, person)
    other = Client()
    sign_in(other, person)
    other.post(reverse("mfa_authenticate"), {"code": codes[1]})
    session = other.session
    session["account_authentication_methods"] = []
    session.save()
    assert "/reauthenticate/" in other.get(reverse("mfa_view_recovery_codes"))["Location"]


def test_many_wrong_codes_end_the_trying(client: Client, person: User) -> None:
    codes = _with_codes(client, person)
    other = Client()
    sign_in(other, person)
    for _ in range(3):
        other.post(reverse("mfa_authenticate"), {"code": "000000"})
    answer = other.post(reverse("mfa_authenticate"), {"code": codes[2]})
    assert "Too many" in answer.content.decode()


def test_confirming_with_a_wrong_password_is_limited(client: Client, person: User) -> None:
    sign_in(client, person)
    for _ in range(5):
        client.post(reverse("account_reauthenticate"), {"password": "wrong"})
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert "Too many" in answer.content.decode()


def _with_codes(client: Client, person: User) -> list[str]:
    sign_in(client, person)
    _confirm(client, reverse("mfa_activate_totp"))
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    codes: list[str] = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    cache.clear()
    return codes


def _confirm(client: Client, target: str) -> None:
    """The library asks for the password once more before it changes how one signs in."""
    if client.get(target).status_code == 302:
        client.post(f"{reverse('account_reauthenticate')}?next={target}", {"password": PASSWORD})


def _code(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))


def test_one_session_can_be_ended_from_another(client: Client, person: User) -> None:
    other = Client()
    sign_in(other, person)
    sign_in(client, person)
    page = client.get(reverse("usersessions_list")).content.decode()
    assert page.count("End this session") == 1
    there = UserSession.objects.get(session_key=other.session.session_key)
    client.post(reverse("session_end"), {"session": there.pk})
    assert other.get(reverse("me")).status_code == 302
    assert client.get(reverse("me")).status_code == 200


def test_nobody_ends_a_session_of_somebody_else(client: Client, person: User) -> None:
    other = Client()
    sign_in(other, member(Role.BILLER))
    sign_in(client, person)
    there = UserSession.objects.get(session_key=other.session.session_key)
    client.post(reverse("session_end"), {"session": there.pk})
    assert other.get(reverse("me")).status_code == 200


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 40, "١"])
def test_a_session_that_is_not_there_is_said_to_have_ended(client: Client, person: User, number: str) -> None:
    sign_in(client, person)
    answer = client.post(reverse("session_end"), {"session": number}, follow=True)
    assert "had ended already" in answer.content.decode()


def test_all_other_sessions_can_be_ended(client: Client, person: User) -> None:
    other = Client()
    sign_in(other, person)
    sign_in(client, person)
    client.post(reverse("usersessions_list"))
    assert other.get(reverse("me")).status_code == 302
    assert client.get(reverse("me")).status_code == 200


def test_who_loses_a_role_is_signed_out_everywhere(client: Client, person: User) -> None:
    worker = member(Role.PHYSICIAN, Role.BILLER)
    sign_in(client, worker)
    services.change_person(
        person, worker, roles={Role.PHYSICIAN}, email=worker.email, name=worker.name, credentials="DO", npi=""
    )
    assert client.get(reverse("me")).status_code == 302
    assert not UserSession.objects.filter(user=worker).exists()


def test_changing_the_password_ends_the_other_sessions(client: Client, person: User) -> None:
    other = Client()
    sign_in(other, person)
    sign_in(client, person)
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": ROLLED_OUT, "password2": ROLLED_OUT},
    )
    assert other.get(reverse("me")).status_code == 302
    assert client.get(reverse("me")).status_code == 200
    assert "password.change" in _actions()


def test_a_link_from_the_owner_sets_a_password_once(client: Client, person: User) -> None:
    newcomer = services.add_person(person, roles=[Role.BILLER], email="new@example.test", name="New Test")
    path = services.password_link(person, newcomer)
    form = client.get(path)["Location"]
    typed = {"password1": ROLLED_OUT, "password2": ROLLED_OUT}
    assert client.post(form, typed).status_code == 302
    assert sign_in(Client(), newcomer, ROLLED_OUT).status_code == 302
    assert "does not work any more" in Client().get(path).content.decode()


def test_a_forgotten_password_is_answered_alike_with_mail_and_without(
    client: Client, person: User, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # where nothing answers
    known = client.post(reverse("account_reset_password"), {"email": person.email}, follow=True)
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.test"}, follow=True)
    assert known.status_code == unknown.status_code == 200
    assert "ask the owner of the practice" in known.content.decode()
    assert known.redirect_chain == unknown.redirect_chain


def test_the_demonstration_lists_its_accounts_and_a_practice_does_not(client: Client, settings: Any) -> None:
    settings.DEMO = False
    assert demo.PASSWORD not in client.get(reverse("account_login")).content.decode()
    settings.DEMO = True
    text = client.get(reverse("account_login")).content.decode()
    assert demo.PASSWORD in text
    for account in demo.accounts():
        assert account.email in text
        assert account.role in text
