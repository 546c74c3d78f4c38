"""What is written of advice. Each change stands in one transaction with its entry in the audit."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.mine.models import Advice
from openomt.care.patients.models import Patient


@transaction.atomic
def advise(user: User, patient: Patient, text: str, *, days: int | None = None, address: str = "") -> Advice:
    """Tells a patient what to do at home. Raises ValidationError naming the field."""
    row = Advice(patient=patient, text=text.strip(), days=days, entered_by=user)
    row.full_clean(exclude=["patient", "entered_by", "closed_by"])
    row.save(force_insert=True)
    _record(user, row, "added", address)
    return row


@transaction.atomic
def end_advice(user: User, advice: Advice, *, address: str = "") -> Advice:
    """The patient need not do it any more. One that has ended stays as it is."""
    row: Advice = Advice.objects.select_for_update(of=("self",)).get(pk=advice.pk)
    if row.closed_at is not None:
        return row
    row.closed_at, row.closed_by = timezone.now(), user
    row.save(update_fields=["closed_at", "closed_by"])
    _record(user, row, "ended", address)
    return row


def _record(user: User, row: Advice, verb: str, address: str) -> None:
    audit.record(
        user, f"advice.{verb}", patient_id=row.patient_id, subject=f"advice:{row.uid}", address=address
    )
