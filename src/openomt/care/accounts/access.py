"""Who may do what: one table of policies, and the marks by which each view says what it asks for.

A view without a mark is refused to everybody (`middleware.AccessMiddleware`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    """What a person is in the practice. One person may hold several."""

    OWNER = "owner"
    PHYSICIAN = "physician"
    TRAINEE = "trainee"
    FRONT_DESK = "front_desk"
    BILLER = "biller"
    AUDITOR = "auditor"

    @property
    def words(self) -> str:
        return self.value.replace("_", " ").capitalize()


class Permission(StrEnum):
    """One thing that may be done."""

    TODAY = "see today"
    FIND_PATIENT = "find a patient"
    DEMOGRAPHICS = "see and change demographics"
    CHART_READ = "read a chart"
    CHART_WRITE = "change what is on record"
    MERGE = "merge two records of one patient"
    DOCUMENT_READ = "read documents"
    DOCUMENT_WRITE = "add documents"
    SCHEDULE_READ = "see the schedule"
    SCHEDULE_WRITE = "book, move and cancel"
    VISIT_READ = "read visits"
    VISIT_WRITE = "write a visit"
    VISIT_SIGN = "sign a visit"
    VISIT_COSIGN = "co-sign a trainee's visit"
    BILLING_READ = "see claims"
    BILLING_WRITE = "code, export and settle claims"
    TASK_WRITE = "answer patients"
    AUDIT_READ = "read the audit"
    STAFF = "manage accounts"
    PRACTICE = "change the practice's settings"


_CLINICAL = frozenset(
    {
        Permission.TODAY,
        Permission.FIND_PATIENT,
        Permission.DEMOGRAPHICS,
        Permission.CHART_READ,
        Permission.CHART_WRITE,
        Permission.DOCUMENT_READ,
        Permission.DOCUMENT_WRITE,
        Permission.SCHEDULE_READ,
        Permission.SCHEDULE_WRITE,
        Permission.VISIT_READ,
        Permission.VISIT_WRITE,
        Permission.VISIT_SIGN,
        Permission.TASK_WRITE,
    }
)

POLICIES: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(
        {
            Permission.TODAY,
            Permission.FIND_PATIENT,
            Permission.DEMOGRAPHICS,
            Permission.MERGE,
            Permission.SCHEDULE_READ,
            Permission.SCHEDULE_WRITE,
            Permission.BILLING_READ,
            Permission.BILLING_WRITE,
            Permission.AUDIT_READ,
            Permission.STAFF,
            Permission.PRACTICE,
        }
    ),
    Role.PHYSICIAN: _CLINICAL | {Permission.VISIT_COSIGN, Permission.BILLING_READ, Permission.MERGE},
    Role.TRAINEE: _CLINICAL,
    Role.FRONT_DESK: frozenset(
        {
            Permission.TODAY,
            Permission.FIND_PATIENT,
            Permission.DEMOGRAPHICS,
            Permission.DOCUMENT_WRITE,
            Permission.SCHEDULE_READ,
            Permission.SCHEDULE_WRITE,
            Permission.TASK_WRITE,
        }
    ),
    Role.BILLER: frozenset(
        {
            Permission.FIND_PATIENT,
            Permission.DEMOGRAPHICS,
            Permission.VISIT_READ,
            Permission.BILLING_READ,
            Permission.BILLING_WRITE,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.FIND_PATIENT,
            Permission.CHART_READ,
            Permission.DOCUMENT_READ,
            Permission.SCHEDULE_READ,
            Permission.VISIT_READ,
            Permission.BILLING_READ,
            Permission.AUDIT_READ,
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """What a view asks for: any one of `permissions`; with none, only to be signed in, or nothing at all.

    patient   the view is for patients, whom `care.portal` knows; no member may call it
    """

    permissions: frozenset[Permission] = frozenset()
    anonymous: bool = False
    patient: bool = False

    def allows(self, held: frozenset[Permission]) -> bool:
        """Whether somebody signed in, who holds these permissions, may call the view."""
        if self.patient:
            return False
        return self.anonymous or not self.permissions or bool(self.permissions & held)


OPEN = Policy(anonymous=True)
SIGNED_IN = Policy()


def allow(*permissions: Permission) -> Callable[[View], View]:
    """Marks a view: whoever holds one of the permissions may call it."""

    def mark(view: View) -> View:
        view.policy = Policy(frozenset(permissions))  # type: ignore[attr-defined]
        return view

    return mark


def signed_in(view: View) -> View:
    """Marks a view: every member of the practice may call it."""
    view.policy = SIGNED_IN  # type: ignore[attr-defined]
    return view


def open_to_all(view: View) -> View:
    """Marks a view: nobody needs to be signed in."""
    view.policy = OPEN  # type: ignore[attr-defined]
    return view


def policy_of(view: Callable[..., Any], name: str | None = None) -> Policy | None:
    """The policy of a view, by its mark or, for pages of sign-in that are not ours, by the name of its address."""
    marked: Policy | None = getattr(view, "policy", None)
    return marked or SIGN_IN_PAGES.get(name or "")


SIGN_IN_PAGES: dict[str, Policy] = {
    "account_login": OPEN,
    "account_logout": OPEN,
    "account_reset_password": OPEN,
    "account_reset_password_done": OPEN,
    "account_reset_password_from_key": OPEN,
    "account_reset_password_from_key_done": OPEN,
    "account_inactive": OPEN,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "mfa_authenticate": OPEN,
    "mfa_login_webauthn": OPEN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
}
"""The pages of the sign-in library that we use. Its other pages (signing up, social accounts) are refused."""
