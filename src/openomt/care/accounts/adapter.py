"""How the sign-in library behaves here."""

from __future__ import annotations

import logging
import smtplib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from openomt.care.accounts import audit, factor_keys, limits
from openomt.care.accounts.models import User

logger = logging.getLogger(__name__)


class KeyMissingError(ValidationError):
    """A second factor that this machine cannot open. A form says so by itself, elsewhere the middleware does."""


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: the owner adds people. A practice may have no mail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Sends, where the practice has mail. Where it has none the pages say that the owner can make a link."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, smtplib.SMTPException) as problem:
            logger.warning("A message of sign-in was not sent: %s", type(problem).__name__)

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        try:
            return isinstance(user, User) and limits.check_password(user, password)
        except limits.TooManyError:
            raise self.validation_error("too_many_login_attempts") from None

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Audited by account, never by what was typed: people type passwords into the wrong field."""
        person = User.objects.filter(email__iexact=credentials.get("email", "")).first()
        audit.record(
            None,
            "session.refused",
            subject=f"user:{person.uid}" if person else "",
            address=audit.address_of(request),
        )


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The secrets of one-time codes and of recovery codes stand sealed in the database."""

    def encrypt(self, text: str) -> str:
        return factor_keys.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Where the key is missing no code can be right: the form says so, and the log tells who runs the site."""
        try:
            return factor_keys.unseal(encrypted_text)
        except factor_keys.UnknownKeyError:
            logger.error("A second factor cannot be checked: its key is not in %s.", factor_keys.NAME)
            raise KeyMissingError(
                "Codes cannot be checked on this machine: the key is missing. Ask whoever looks after the site."
            ) from None
