"""Who answers for whom: a guardian for a child, until the day the child is eighteen."""

from __future__ import annotations

from datetime import date

from openomt.care.contact.reach import is_child
from openomt.care.patients.models import Guardian, Patient


def is_adult(patient: Patient, today: date | None = None) -> bool:
    """Whether the patient is eighteen: from that day on they answer for themselves."""
    return not is_child(patient, today)


def may_answer(guardian: Guardian, patient: Patient) -> bool:
    """Whether a guardian may see and answer for this patient today."""
    return (
        guardian.patient_id == patient.pk
        and guardian.standing
        and guardian.may_consent
        and not is_adult(patient)
    )
