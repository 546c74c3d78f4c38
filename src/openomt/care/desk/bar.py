"""The patient bar: who it is, and every fact a safety rule reads."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from openomt.care.patients.facts import FactChip, Rows, known, shown
from openomt.care.patients.models import Patient


@dataclass(frozen=True, slots=True)
class Bar:
    """What `desk/patientbar.html` shows."""

    patient: Patient
    chips: tuple[FactChip, ...]


def bar(patient: Patient, rows: Rows | None = None) -> Bar:
    """The bar of a patient today. `rows`: what is on record, where it is at hand."""
    today = timezone.localdate()
    return Bar(patient, shown(known(patient, today, rows), patient, today))
