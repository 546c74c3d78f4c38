"""Proving, at the moment of a signature, that it is given by the person who is signed in.

Three ways: the signing PIN (quick, for many signatures a day), the password, or a passkey that checks its holder.

Call `check_signature` and `check_passkey` *before* the transaction that writes what is signed: a failed try is
counted in a transaction of its own, which must stay when the rest is undone. Calling them inside another transaction
raises RuntimeError.
"""

from __future__ import annotations

import hmac
import itertools
import json
import re
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from openomt.care.accounts import audit, limits
from openomt.care.accounts.models import User
from openomt.care.accounts.who import member

TRIES = 5
"""Wrong PINs in a row, after which only the password helps."""
_SIX_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)


class PinError(ValueError):
    """This cannot be a signing PIN; the message says why."""


class SignatureError(Exception):
    """The signature was not proved; the message is for the person who tried."""


class PinHasher(PBKDF2PasswordHasher):
    """Quick, since signing must be. What protects six digits is not the number of rounds: it is that the PIN is mixed
    with the site's secret key, which is not in the database, and that five wrong ones end it."""

    iterations = 20_000


def set_pin(user: User, pin: str, *, address: str = "") -> None:
    """Sets the signing PIN. Raises PinError for one that is too easy to guess."""
    _refuse_weak(pin)
    with transaction.atomic():
        user.signing_pin = hash_pin(pin)
        user.pin_failures = 0
        user.save(update_fields=["signing_pin", "pin_failures"])
        audit.record(user, "pin.set", address=address)


def remove_pin(user: User, *, address: str = "") -> None:
    """From now on this person signs with the password or a passkey."""
    with transaction.atomic():
        user.signing_pin = ""
        user.pin_failures = 0
        user.save(update_fields=["signing_pin", "pin_failures"])
        audit.record(user, "pin.remove", address=address)


def hash_pin(pin: str) -> str:
    """What is kept of a PIN."""
    hasher = PinHasher()
    return hasher.encode(_peppered(pin), hasher.salt())


def pin_is_locked(user: User) -> bool:
    """Whether too many wrong PINs were given in a row. The password opens it again."""
    return bool(user.signing_pin) and user.pin_failures >= TRIES


def check_signature(user: User, *, pin: str = "", password: str = "", address: str = "") -> None:
    """Returns where the PIN or the password is right. Raises SignatureError otherwise, and counts the failure."""
    if not _can_be_typed(pin + password):
        raise SignatureError("This holds a character that nobody can type.")
    if password:
        _check_password(user, password, address)
    elif pin:
        _check_pin(user, pin, address)
    else:
        raise SignatureError("Give your signing PIN or your password.")


def passkey_challenge(request: HttpRequest) -> dict[str, Any]:
    """What the browser needs to ask for a passkey of the person signed in; the challenge stays in their session.

    A JSON object: `{"publicKey": {"challenge": base64url, "rpId": host, "allowCredentials": [{"type": "public-key",
    "id": base64url}, …], "userVerification": "required"}}`. Hand it to `webauthnJSON.get(…)` of
    `static/mfa/js/webauthn-json.js`. Raises SignatureError where the person has no passkey.
    """
    user = member(request)
    if not has_passkey(user):
        raise SignatureError(
            "You have no passkey yet. Add one on your page, or sign with your PIN or password."
        )
    options = json.loads(json.dumps(dict(webauthn.begin_authentication(user)), default=dict))
    options["publicKey"]["userVerification"] = "required"
    return options  # type: ignore[no-any-return]


def check_passkey(request: HttpRequest, credential: str | dict[str, Any]) -> None:
    """Returns where the browser's answer to `passkey_challenge` proves the person signed in.

    `credential` is what `webauthnJSON.get` gave, as text or read: `{"type": "public-key", "id": base64url, "rawId":
    base64url, "response": {"clientDataJSON": …, "authenticatorData": …, "signature": …, "userHandle": …},
    "clientExtensionResults": {}}`. A challenge is good for one answer. Raises SignatureError.
    """
    user = member(request)
    try:
        _verify(user, credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        webauthn.clear_state()
        _refuse(user, "passkey", audit.address_of(request))
        raise SignatureError(
            "The passkey was not accepted. Try again, or sign with your PIN or password."
        ) from None


def has_passkey(user: User) -> bool:
    """Whether the person could sign with a passkey."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists())


def _verify(user: User, credential: str | dict[str, Any]) -> None:
    answer = json.loads(credential) if isinstance(credential, str) else credential
    parsed = webauthn.parse_authentication_response(answer)
    if not parsed.response.authenticator_data.is_user_verified():
        raise ValueError("the key did not check who holds it")
    webauthn.complete_authentication(user, answer).record_usage()


def _check_password(user: User, password: str, address: str) -> None:
    try:
        right = limits.check_password(user, password)
    except limits.TooManyError as problem:
        raise SignatureError(str(problem)) from None
    if not right:
        _refuse(user, "password", address)
        raise SignatureError("This is not your password.")
    _forget_failures(user)


def _check_pin(user: User, pin: str, address: str) -> None:
    if not user.signing_pin:
        raise SignatureError("You have no signing PIN yet. Set one on your page, or sign with your password.")
    # A try is taken before it is looked at: many at once cannot outrun the count.
    with transaction.atomic(durable=True):
        taken = User.objects.filter(pk=user.pk, pin_failures__lt=TRIES).update(
            pin_failures=F("pin_failures") + 1
        )
    if not taken:
        raise SignatureError(f"Your PIN is locked after {TRIES} wrong ones. Sign with your password.")
    if PinHasher().verify(_peppered(pin), user.signing_pin):
        _forget_failures(user)
        return
    user.refresh_from_db(fields=["pin_failures"])
    _refuse(user, "pin", address)
    left = TRIES - user.pin_failures
    if left <= 0:
        raise SignatureError("This is not your PIN. It is now locked: sign with your password.")
    raise SignatureError(f"This is not your PIN. {left} {'try' if left == 1 else 'tries'} left.")


def _refuse(user: User, way: str, address: str) -> None:
    with transaction.atomic(durable=True):
        audit.record(user, "signature.refused", detail={"by": way}, address=address)


def _forget_failures(user: User) -> None:
    with transaction.atomic(durable=True):
        User.objects.filter(pk=user.pk).exclude(pin_failures=0).update(pin_failures=0)
    user.pin_failures = 0


def _can_be_typed(text: str) -> bool:
    """JSON may carry half a character, which nothing can encode."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _peppered(pin: str) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), b"signing pin" + pin.encode(), "sha256").hex()


def _refuse_weak(pin: str) -> None:
    if not _SIX_DIGITS.fullmatch(pin):
        raise PinError("A PIN has six digits.")
    digits = [int(digit) for digit in pin]
    steps = {(after - before) % 10 for before, after in itertools.pairwise(digits)}
    if len(steps) == 1 or len(set(digits)) < 3 or pin[:2] * 3 == pin or pin[:3] * 2 == pin:
        raise PinError("This PIN is too easy to guess: no repetitions and no rows such as 123456.")
