"""What staff may send or open for a patient who is being asked."""

from __future__ import annotations

from django.urls import reverse

from openomt.care.agree.models import Asking
from openomt.care.patients.models import Patient
from openomt.care.portal import doors
from openomt.care.portal.access import Scope
from openomt.care.portal.doors import Door, Offer
from openomt.care.visits.models import Visit

NAME = "agree"


def register() -> None:
    doors.register(DOOR)


def offer_of(asking: Asking) -> Offer:
    """The page of one asking, as staff open it."""
    return Offer(DOOR, target_of(asking))


def target_of(asking: Asking) -> str:
    return reverse("agree_mine", args=[asking.uid])


def _find(patient: Patient) -> str | None:
    """The page of the newest asking of a visit that is not signed."""
    found = Asking.objects.filter(
        visit__patient=patient, ended_at=None, visit__state=Visit.State.DRAFT
    ).first()
    return target_of(found) if found else None


DOOR = Door(NAME, Scope.AGREE, "Agree to the plan, or refuse", _find)
