"""An intake opened, asked for, or withdrawn."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.booking.models import Appointment
from openomt.care.contact import services as contact
from openomt.care.contact.models import Message
from openomt.care.contact.reach import reach
from openomt.care.intake.flow import Flow
from openomt.care.intake.models import Intake
from openomt.care.intake.tellers import last_story, target_of
from openomt.care.patients.models import Patient
from openomt.care.portal import links
from openomt.care.portal.access import Scope

State = Intake.State
RECENT = dt.timedelta(days=365)
"""How long a story counts as told: after that it is told again, with what still stands to confirm. Our choice."""
_TEMPLATES = {Flow.INTAKE: "intake", Flow.FOLLOWUP: "intake_followup"}


def flow_due(patient: Patient) -> Flow | None:
    """What is asked before a later visit: the follow-up form after a recent story; None for who told none here."""
    story = last_story(patient)
    if story is None or story.finished_at is None:
        return None
    return Flow.FOLLOWUP if timezone.now() - story.finished_at <= RECENT else Flow.INTAKE


def open_one(
    patient: Patient,
    appointment: Appointment | None = None,
    by: User | None = None,
    flow: Flow = Flow.INTAKE,
) -> Intake:
    """The patient's open intake, or a new one. One is open at a time; a whole story stands in for the other."""
    with transaction.atomic():
        Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
        found = Intake.objects.filter(patient=patient, state=State.OPEN).select_related("appointment").first()
        if found is not None and _is_past(found, appointment, flow):
            withdraw(by, found)
            found = None
        if found is None:
            found = Intake.objects.create(
                patient=patient,
                flow=flow,
                appointment=appointment,
                guardian=links.answers_for(patient),
                language=patient.language,
                made_by=by,
            )
            audit.record(by, "intake.made", patient_id=patient.pk, subject=f"intake:{found.uid}")
        elif appointment is not None and found.appointment_id != appointment.pk:
            found.appointment = appointment
            found.save(update_fields=["appointment"])
    return found


def _is_past(found: Intake, appointment: Appointment | None, flow: Flow) -> bool:
    """A follow-up form gives way to the whole story, and to that of a later visit: weeks ago is no answer."""
    if found.flow != Flow.FOLLOWUP:
        return False
    was = found.appointment
    other = appointment is not None and was is not None and was.pk != appointment.pk
    return flow == Flow.INTAKE or (other and was is not None and was.start <= timezone.now())


def invite(
    patient: Patient,
    appointment: Appointment | None = None,
    by: User | None = None,
    flow: Flow = Flow.INTAKE,
) -> tuple[Intake, Message | None]:
    """Opens an intake and sends a private link to it; no message where the patient cannot be reached.

    For one appointment the invitation goes out once, however often it is asked for without `by`.
    """
    with transaction.atomic():
        intake = open_one(patient, appointment, by, flow)
        if appointment is None or by is not None:
            return intake, links.send(patient, Scope.INTAKE, target_of(intake), by=by)
        key = f"intake:appointment:{appointment.uid}"
        sent = Message.objects.filter(key=key).first()
        if sent is not None or not reach(patient, guardian=links.answers_for(patient)):
            return intake, sent
        days = max(links.DAYS[Scope.INTAKE], (appointment.start - timezone.now()).days + 1)
        address = links.make(patient, Scope.INTAKE, target_of(intake), days=days)
        sent = contact.send(
            patient,
            _TEMPLATES[Flow(intake.flow)],
            key=key,
            link=address,
            values={"day": appointment.start},
            useless_after=appointment.start,
        )
    return intake, sent


def withdraw(by: User | None, intake: Intake, *, address: str = "") -> None:
    """Nobody needs to answer it any more. What was answered stays."""
    with transaction.atomic():
        if not Intake.objects.filter(pk=intake.pk, state=State.OPEN).update(state=State.WITHDRAWN):
            return
        audit.record(
            by,
            "intake.withdrawn",
            patient_id=intake.patient_id,
            subject=f"intake:{intake.uid}",
            address=address,
        )
