"""The only writer of adverse events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.followup.models import AdverseEvent, Task, TaskEvent
from openomt.care.followup.services import keep_event
from openomt.care.visits.models import Visit


@transaction.atomic
def record(
    user: User, visit: Visit, values: Mapping[str, Any], *, task: Task | None = None, address: str = ""
) -> AdverseEvent:
    """Keeps an event of a visit. `values`: technique, region, severity, onset, lasted, related, words."""
    made = AdverseEvent.objects.create(
        patient_id=visit.patient_id,
        visit=visit,
        task=task,
        on=timezone.localdate(),
        entered_by=user,
        **values,
    )
    if task is not None:
        said = f"Adverse event: {made.get_severity_display().lower()}. {made.words}"
        keep_event(task, TaskEvent.Kind.NOTE, user, words=said)
    audit.record(
        user,
        "adverse_event.entered",
        patient_id=visit.patient_id,
        subject=f"adverse:{made.uid}",
        address=address,
    )
    return made


@transaction.atomic
def mark_in_error(user: User, event: AdverseEvent, *, address: str = "") -> None:
    """Takes a mistake out of the chart; the row stays. Doing it twice changes nothing."""
    if AdverseEvent.objects.filter(pk=event.pk, in_error=False).update(in_error=True):
        audit.record(
            user,
            "adverse_event.in_error",
            patient_id=event.patient_id,
            subject=f"adverse:{event.uid}",
            address=address,
        )
