"""What staff may send a private link to, or open on the practice's tablet, for one patient.

Each step of care that has a page for patients registers its door when it is ready:
`doors.register(Door("intake", Scope.INTAKE, "Questions before the visit", find))`. `find` gives the page's path for a
patient, or None where there is nothing to open now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from openomt.care.patients.models import Patient
from openomt.care.portal.access import Scope


@dataclass(frozen=True, slots=True)
class Door:
    """A page of the patient's side, by its name in forms. `words`: what staff read (English)."""

    name: str
    scope: Scope
    words: str
    find: Callable[[Patient], str | None]

    @property
    def on_tablet(self) -> bool:
        """Everything of a patient is never opened on a device of the practice."""
        return self.scope is not Scope.ALL


@dataclass(frozen=True, slots=True)
class Offer:
    """A door with the page behind it for one patient."""

    door: Door
    target: str


_DOORS: dict[str, Door] = {}


def register(door: Door) -> None:
    """Makes a door known. The same name again replaces it."""
    _DOORS[door.name] = door


def offers(patient: Patient) -> list[Offer]:
    """What can be opened for this patient now."""
    found = ((door, door.find(patient)) for door in _DOORS.values())
    return [Offer(door, target) for door, target in found if target]


def offer(patient: Patient, name: str) -> Offer | None:
    """One of them by its name."""
    return next((one for one in offers(patient) if one.door.name == name), None)
