"""What the sign-in library does by itself, written to the audit. Only signals tell of it."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out
from django.http import HttpRequest

from openomt.care.accounts import audit
from openomt.care.accounts.models import User


def connect() -> None:
    """Called once, when the app is ready."""
    account.user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    account.password_changed.connect(_password_changed)
    account.password_set.connect(_password_changed)
    account.password_reset.connect(_password_changed)
    mfa.authenticator_added.connect(_key_added)
    mfa.authenticator_removed.connect(_key_removed)
    mfa.authenticator_reset.connect(_key_added)
    mfa.authentication_failed.connect(_code_refused)


def _signed_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    audit.record(user, "session.start", address=audit.address_of(request))
    audit.seal_daily()


def _signed_out(request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        audit.record(user, "session.end", address=audit.address_of(request))


def _password_changed(request: HttpRequest, user: User, **kwargs: Any) -> None:
    audit.record(user, "password.change", address=audit.address_of(request))


def _key_added(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _second_factor(request, user, authenticator, "second_factor.add")


def _key_removed(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _second_factor(request, user, authenticator, "second_factor.remove")


def _code_refused(request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    _second_factor(request, user, authenticator, "second_factor.refused")


def _second_factor(request: HttpRequest, user: User, authenticator: Authenticator, action: str) -> None:
    audit.record(user, action, detail={"kind": authenticator.type}, address=audit.address_of(request))
