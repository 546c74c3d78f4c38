"""The only writer of people, their roles and credentials, and the practice. Each change stands in the audit."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Collection, Iterable
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import Credential, Location, Practice, RoleGrant, User

PERSON_FIELDS = ("email", "name", "credentials", "npi")
PRACTICE_FIELDS = (
    "name",
    "npi",
    "tax_id",
    "street",
    "city",
    "state",
    "postal_code",
    "phone",
    "email",
    "zone",
    "idle_minutes",
    "answer_hours",
    "claim_submitter",
)
LOCATION_FIELDS = (
    "name",
    "street",
    "city",
    "state",
    "postal_code",
    "phone",
    "hours",
    "place_of_service",
    "is_active",
)


class RuleError(Exception):
    """A rule of the house forbids it. `field`: where in a form the message belongs; empty: to the whole."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


# People


def create_owner(email: str, name: str, password: str, *, credentials: str = "") -> User:
    """Makes an owner, with whom a practice begins. Raises RuleError where the address is taken."""
    with transaction.atomic():
        owner = _create(email, password, name=name, credentials=credentials)
        RoleGrant.objects.create(user=owner, role=Role.OWNER)
        audit.record(None, "person.add", subject=_subject(owner), detail={"roles": [Role.OWNER.value]})
    return owner


def add_person(actor: User, *, roles: Collection[Role], address: str = "", **fields: str) -> User:
    """Adds a member of the practice, who has no password yet. Raises RuleError where the address is taken."""
    _check_roles(roles)
    with transaction.atomic():
        person = _create(fields.pop("email"), None, **fields)
        RoleGrant.objects.bulk_create(RoleGrant(user=person, role=role) for role in roles)
        detail: dict[str, object] = {"roles": _names(roles)}
        audit.record(actor, "person.add", subject=_subject(person), detail=detail, address=address)
    return person


def change_person(
    actor: User, person: User, *, roles: Collection[Role], address: str = "", **fields: str
) -> None:
    """Changes a person and their roles. Whoever loses a role is signed out everywhere.

    Raises RuleError where the address is taken, and where the practice would lose its last owner.
    """
    _check_roles(roles)
    with transaction.atomic():
        _one_at_a_time()
        held = {Role(role) for role in RoleGrant.objects.filter(user=person).values_list("role", flat=True)}
        lost, won = held - set(roles), set(roles) - held
        if Role.OWNER in lost:
            _keep_an_owner(person)
        changed = _set(person, PERSON_FIELDS, fields | {"email": _plain(fields["email"])})
        if not (changed or lost or won):
            return
        _save_person(person, changed)
        if "email" in changed:
            EmailAddress.objects.filter(user=person).delete()  # else the old address would still sign in
        RoleGrant.objects.filter(user=person, role__in=lost).delete()
        RoleGrant.objects.bulk_create(RoleGrant(user=person, role=role) for role in won)
        if lost:
            end_sessions(person)
        detail: dict[str, object] = {
            "fields": changed,
            "roles_added": _names(won),
            "roles_removed": _names(lost),
        }
        audit.record(actor, "person.change", subject=_subject(person), detail=detail, address=address)


def rename(person: User, name: str, *, address: str = "") -> None:
    """A person writes their own name anew. What they signed keeps the name it was signed with."""
    with transaction.atomic():
        if not _set(person, ("name",), {"name": name}):
            return
        person.save(update_fields=["name"])
        audit.record(
            person, "person.change", subject=_subject(person), detail={"fields": ["name"]}, address=address
        )


def deactivate(actor: User, person: User, *, address: str = "") -> None:
    """Closes an account and ends its sessions. All it did stays under its name.

    Raises RuleError for one's own account and for the last owner.
    """
    if actor.pk == person.pk:
        raise RuleError("You cannot close your own account. Another owner can.")
    with transaction.atomic():
        _one_at_a_time()
        if RoleGrant.objects.filter(user=person, role=Role.OWNER).exists():
            _keep_an_owner(person)
        person.is_active = False
        person.save(update_fields=["is_active"])
        end_sessions(person)
        audit.record(actor, "person.close", subject=_subject(person), address=address)


def reactivate(actor: User, person: User, *, address: str = "") -> None:
    """Opens a closed account again, with the roles it had."""
    with transaction.atomic():
        person.is_active = True
        person.save(update_fields=["is_active"])
        audit.record(actor, "person.open", subject=_subject(person), address=address)


def end_sessions(person: User) -> None:
    """Signs a person out everywhere."""
    for session in UserSession.objects.filter(user=person):
        session.end()


def sign_out_everywhere(actor: User, person: User, *, address: str = "") -> None:
    """Ends all of a person's sessions: a lost telephone, a screen left open."""
    with transaction.atomic():
        end_sessions(person)
        audit.record(actor, "session.end_all", subject=_subject(person), address=address)


def end_session(person: User, session: int, *, address: str = "") -> bool:
    """Signs a person out in one place; False where they have no such session."""
    with transaction.atomic():
        found = UserSession.objects.filter(user=person, pk=session).first()
        if found is None:
            return False
        found.end()
        audit.record(person, "session.end", detail={"by": "hand"}, address=address)
    return True


def password_link(actor: User, person: User, *, address: str = "") -> str:
    """The path of a page on which the person can set a password, once, within the days of `PASSWORD_RESET_TIMEOUT`.

    For a practice without mail. Raises RuleError for a closed account.
    """
    if not person.is_active:
        raise RuleError("This account is closed. Open it first.")
    key = default_token_generator.make_token(person)
    audit.record(actor, "person.link", subject=_subject(person), address=address)
    return reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key}
    )


def remove_second_factors(actor: User, person: User, *, address: str = "") -> None:
    """For somebody who lost their passkeys and codes: only the password is left, and all sessions end."""
    with transaction.atomic():
        Authenticator.objects.filter(user=person).delete()
        end_sessions(person)
        audit.record(actor, "second_factor.reset", subject=_subject(person), address=address)


def add_credential(actor: User, person: User, *, address: str = "", **fields: Any) -> Credential:
    """Notes what entitles a clinician to practice, from a day on."""
    with transaction.atomic():
        credential = Credential.objects.create(user=person, **fields)
        detail: dict[str, object] = {"kind": credential.kind, "may_sign_omt": credential.may_sign_omt}
        audit.record(actor, "credential.add", subject=_subject(person), detail=detail, address=address)
    return credential


def end_credential(actor: User, credential: Credential, day: dt.date, *, address: str = "") -> None:
    """Ends a credential after `day`. Raises RuleError for a day before it began."""
    if day < credential.valid_from:
        raise RuleError("It cannot end before it began.", "valid_to")
    with transaction.atomic():
        credential.valid_to = day
        credential.save(update_fields=["valid_to"])
        audit.record(actor, "credential.end", subject=_subject(credential.user), address=address)


# The practice


def change_practice(actor: User, *, address: str = "", **fields: Any) -> Practice:
    """Changes the practice's details. Raises RuleError for a time zone nobody knows."""
    if fields.get("zone") and fields["zone"] not in zoneinfo.available_timezones():
        raise RuleError("There is no such time zone.", "zone")
    with transaction.atomic():
        practice = _one_at_a_time()
        if changed := _set(practice, PRACTICE_FIELDS, fields):
            practice.save(update_fields=changed)
            audit.record(actor, "practice.change", detail={"fields": changed}, address=address)
    return practice


def save_location(actor: User, location: Location | None, *, address: str = "", **fields: Any) -> Location:
    """Adds a location (None) or changes one."""
    with transaction.atomic():
        action = "location.change" if location else "location.add"
        place = location or Location()
        if changed := _set(place, LOCATION_FIELDS, fields):
            place.save()
            detail: dict[str, object] = {"fields": changed}
            audit.record(actor, action, subject=f"location:{place.uid}", detail=detail, address=address)
    return place


def confirm_cpt(actor: User, *, address: str = "") -> None:
    """The owner confirms that the practice holds a license for CPT: from now on its codes are shown."""
    with transaction.atomic():
        practice = _one_at_a_time()
        if practice.shows_cpt:
            return
        practice.cpt_confirmed_at = timezone.now()
        practice.cpt_confirmed_by = actor
        practice.save(update_fields=["cpt_confirmed_at", "cpt_confirmed_by"])
        audit.record(actor, "cpt.confirm", address=address)


def withdraw_cpt(actor: User, *, address: str = "") -> None:
    """From now on no CPT code is shown."""
    with transaction.atomic():
        practice = _one_at_a_time()
        if not practice.shows_cpt:
            return
        practice.cpt_confirmed_at = None
        practice.cpt_confirmed_by = None
        practice.save(update_fields=["cpt_confirmed_at", "cpt_confirmed_by"])
        audit.record(actor, "cpt.withdraw", address=address)


# Shared


def _one_at_a_time() -> Practice:
    """The practice, held until the transaction ends, so that two owners cannot remove each other at once."""
    Practice.load()
    return Practice.objects.select_for_update().get(pk=1)


def _keep_an_owner(person: User) -> None:
    others = RoleGrant.objects.filter(role=Role.OWNER, user__is_active=True).exclude(user=person)
    if not others.exists():
        raise RuleError("The practice needs an owner, and this is the last one.", "roles")


def _check_roles(roles: Collection[Role]) -> None:
    if not roles:
        raise RuleError("Choose at least one role: without one an account can do nothing.", "roles")


def _create(email: str, password: str | None, **fields: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(_plain(email), password, **fields)
    except IntegrityError:
        raise _taken() from None


def _save_person(person: User, changed: list[str]) -> None:
    if not changed:
        return
    try:
        with transaction.atomic():
            person.save(update_fields=changed)
    except IntegrityError:
        raise _taken() from None


def _taken() -> RuleError:
    return RuleError("Somebody has this address already, perhaps in a closed account.", "email")


def _plain(email: str) -> str:
    return email.strip().lower()


def _set(row: Model, names: Iterable[str], values: dict[str, Any]) -> list[str]:
    """Sets what differs; the names of the fields that were changed."""
    changed = [name for name in names if name in values and getattr(row, name) != values[name]]
    for name in changed:
        setattr(row, name, values[name])
    return changed


def _names(roles: Iterable[Role]) -> list[str]:
    return sorted(role.value for role in roles)


def _subject(person: User) -> str:
    return f"user:{person.uid}"
