"""The intake as staff may open it for a patient: a door of the patient's side."""

from __future__ import annotations

from django.urls import reverse

from openomt.care.intake.models import Intake
from openomt.care.intake.tellers import target_of
from openomt.care.patients.models import Patient
from openomt.care.portal.access import Scope
from openomt.care.portal.doors import Door, register


def find(patient: Patient) -> str:
    """The page of the open intake; where none is open, the page that opens one."""
    found = Intake.objects.filter(patient=patient, state=Intake.State.OPEN).first()
    return target_of(found) if found is not None else reverse("intake_mine_any")


DOOR = Door("intake", Scope.INTAKE, "Questions before the visit", find)


def connect() -> None:
    """Called once, when the app is ready."""
    register(DOOR)
