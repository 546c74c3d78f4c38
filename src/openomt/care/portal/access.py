"""Who of the patients may open what: scopes, the visitor of a request, and the mark of patient pages.

A page marked `@for_patients(...)` opens to a visitor whose scope is named, and to whoever signed in (`Scope.ALL`).
The page itself shows rows of `visitor(request).patient` only: it filters every query by it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from openomt.care.accounts import audit
from openomt.care.accounts.access import Policy, View
from openomt.care.accounts.models import AuditEvent
from openomt.care.patients.models import Guardian, Patient


class Scope(StrEnum):
    """How much of the patient's side a visitor may open."""

    ALL = "all"
    BOOKING = "booking"
    INTAKE = "intake"
    AGREE = "agree"
    CHECKIN = "checkin"
    AFTERCARE = "aftercare"


FOR_PATIENTS = Policy(patient=True)


@dataclass(frozen=True, slots=True)
class Opened:
    """Keys of what opened a session: a private link, a known browser, a passkey."""

    link: int | None = None
    browser: int | None = None
    passkey: int | None = None


BY_NOTHING = Opened()
"""A tablet that staff handed over."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A patient, or the guardian of one, at the patient's door.

    uid      of this session, for the audit
    target   the page a private link was made for; empty after a sign-in
    tablet   whether they hold a tablet of the practice
    opened   what opened the session; when that is ended, the session is
    own      key of the patient who signed in as themselves, also while they look at a child's pages
    family   whether there is more than one person whose pages they may open
    """

    patient: Patient
    guardian: Guardian | None
    scope: Scope
    uid: str
    target: str = ""
    tablet: bool = False
    opened: Opened = BY_NOTHING
    own: int | None = None
    family: bool = False

    @property
    def by(self) -> str:
        """`guardian` or `patient`, as the audit says it."""
        return "guardian" if self.guardian else "patient"

    def may_open(self, view: Callable[..., Any]) -> bool:
        """Whether the view is one of this visitor's scope."""
        return self.scope is Scope.ALL or self.scope in scopes_of(view)

    def record(
        self,
        action: str,
        *,
        subject: str = "",
        detail: dict[str, object] | None = None,
        address: str = "",
    ) -> AuditEvent:
        """Adds an event to the audit: this visitor read or wrote something of the patient."""
        said: dict[str, object] = {"by": self.by, "session": self.uid, "scope": self.scope.value}
        if self.guardian is not None:
            said["guardian"] = self.guardian.pk
        return audit.record(
            None,
            action,
            patient_id=self.patient.pk,
            subject=subject,
            detail=said | (detail or {}),
            address=address,
            by=self.by,
        )


def for_patients(*scopes: Scope) -> Callable[[View], View]:
    """Marks a view: open to visitors with one of the scopes, and to every patient who signed in."""

    def mark(view: View) -> View:
        view.policy = FOR_PATIENTS  # type: ignore[attr-defined]
        view.scopes = frozenset(scopes) | {Scope.ALL}  # type: ignore[attr-defined]
        return view

    return mark


def scopes_of(view: Callable[..., Any]) -> frozenset[Scope]:
    """The scopes to which a view is open."""
    marked: frozenset[Scope] = getattr(view, "scopes", frozenset())
    return marked


def visitor(request: HttpRequest) -> Visitor:
    """The visitor of a request. Views marked `@for_patients` always have one."""
    found: Visitor | None = getattr(request, "visitor", None)
    if found is None:
        raise PermissionDenied("This page is for patients.")
    return found
