"""The pages of this step that staff may open for a patient, or send a link to."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from openomt.care.followup.aftercare.services import sheets
from openomt.care.followup.models import CheckIn
from openomt.care.patients.models import Patient
from openomt.care.portal import doors
from openomt.care.portal.access import Scope


def register() -> None:
    """Makes both doors known."""
    doors.register(doors.Door("checkin", Scope.CHECKIN, "How they are after the visit", _check_in))
    doors.register(doors.Door("aftercare", Scope.AFTERCARE, "The page after the visit", _aftercare))


def _check_in(patient: Patient) -> str | None:
    now = timezone.now()
    standing = CheckIn.objects.filter(
        patient=patient, due_at__lte=now, useless_after__gt=now, answered_at=None
    )
    found = standing.order_by("-due_at").first()
    return reverse("followup_mine_checkin", args=[found.uid]) if found else None


def _aftercare(patient: Patient) -> str | None:
    visit = sheets(patient).first()
    return reverse("followup_mine_aftercare", args=[visit.uid]) if visit else None
