"""Who answers for whom: a guardian for a child, until the day the child is eighteen."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from openomt.care.patients.models import Guardian, Patient

ADULT = 18


def is_adult(patient: Patient, today: date | None = None) -> bool:
    """Whether the patient is eighteen: from that day on they answer for themselves."""
    day = today or timezone.localdate()
    born = patient.birth_date
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) >= ADULT


def may_answer(guardian: Guardian, patient: Patient) -> bool:
    """Whether a guardian may see and answer for this patient today."""
    return (
        guardian.patient_id == patient.pk
        and guardian.standing
        and guardian.may_consent
        and not is_adult(patient)
    )
