"""An intake from its invitation to its end. Only this module writes intakes and proposals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.booking.models import Appointment
from openomt.care.contact import services as contact
from openomt.care.contact.models import Message
from openomt.care.contact.reach import reach
from openomt.care.intake import danger as dangers
from openomt.care.intake.danger import Danger
from openomt.care.intake.flow import YES, Entry, Step, Teller, given_to, steps
from openomt.care.intake.models import Intake, Proposal
from openomt.care.intake.services import Given, record_together
from openomt.care.intake.signals import danger_answered
from openomt.care.patients import services as on_record
from openomt.care.patients.facts import known
from openomt.care.patients.models import (
    AllergyEntry,
    Guardian,
    MedicineEntry,
    Patient,
    ProblemEntry,
    SurgeryEntry,
)
from openomt.care.portal import links
from openomt.care.portal.access import Scope, Visitor

State = Intake.State
PAUSE = 120
"""Seconds: a longer time between two answers counts as so much."""
ENTRIES: dict[str, type[ProblemEntry | MedicineEntry | AllergyEntry | SurgeryEntry]] = {
    "problem": ProblemEntry,
    "surgery": SurgeryEntry,
    "medicine": MedicineEntry,
    "allergy": AllergyEntry,
}
"""Kinds of entry that a patient may propose, by the question's id."""
NONE_KNOWN = "allergy_none"


class IntakeError(Exception):
    """What was asked cannot be done; the message says why, for a person."""


# Inviting ---------------------------------------------------------------------------------------------------


def open_one(patient: Patient, appointment: Appointment | None = None, by: User | None = None) -> Intake:
    """The patient's open intake, or a new one. One is open at a time."""
    with transaction.atomic():
        Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
        found = Intake.objects.filter(patient=patient, state=State.OPEN).first()
        if found is None:
            found = Intake.objects.create(
                patient=patient,
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


def target_of(intake: Intake) -> str:
    """The page on which it is answered."""
    return reverse("intake_mine", kwargs={"uid": intake.uid})


def invite(
    patient: Patient, appointment: Appointment | None = None, by: User | None = None
) -> tuple[Intake, Message | None]:
    """Opens an intake and sends a private link to it; no message where the patient cannot be reached.

    For one appointment the invitation goes out once, however often it is asked for without `by`.
    """
    with transaction.atomic():
        intake = open_one(patient, appointment, by)
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
            "intake",
            key=key,
            link=address,
            values={"day": appointment.start},
            useless_after=appointment.start,
        )
    return intake, sent


def withdraw(by: User, intake: Intake, *, address: str = "") -> None:
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


# Answering ----------------------------------------------------------------------------------------------------


def teller_of(intake: Intake, language: str, guardian: Guardian | None = None) -> Teller:
    """Whose story it is, and what is known of them already."""
    patient = intake.patient
    last = last_done(patient, intake)
    return Teller(
        patient=known(patient, timezone.localdate()),
        language=language,
        guardian=guardian is not None,
        on_record={kind: _entries(kind, patient) for kind in ENTRIES},
        before=last.answers if last is not None else {},
    )


def last_done(patient: Patient, but: Intake | None = None) -> Intake | None:
    """The intake that was finished last, before `but`."""
    rows = Intake.objects.filter(patient=patient, state=State.DONE)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
        if but.finished_at is not None:
            rows = rows.filter(finished_at__lt=but.finished_at)
    return rows.order_by("-finished_at", "-pk").first()


def _entries(kind: str, patient: Patient) -> tuple[Entry, ...]:
    rows = ENTRIES[kind]._default_manager.filter(patient=patient, in_error=False, closed_at=None)
    return tuple(
        Entry(row.pk, row.text)
        for row in rows
        if not (isinstance(row, AllergyEntry) and row.none_known)
        and not (isinstance(row, ProblemEntry) and row.over)
        and not (isinstance(row, MedicineEntry) and row.stopped)
    )


def begin(visitor: Visitor, intake: Intake, language: str) -> None:
    """The patient begins. Beginning twice changes nothing."""
    with transaction.atomic():
        now = _held(intake)
        if now.started_at is None:
            now.started_at = now.saved_at = timezone.now()
            now.language, now.guardian = language, visitor.guardian
            now.save(update_fields=["started_at", "saved_at", "language", "guardian"])
            visitor.record("intake.begun", subject=f"intake:{intake.uid}")


def save(visitor: Visitor, intake: Intake, step: Step, answer: Any, teller: Teller) -> Danger | None:
    """Keeps one answer. The danger in all answers where it says more than before: then the practice hears at once.

    Raises IntakeError where the intake is not open any more.
    """
    with transaction.atomic():
        now = _held(intake)
        moment = timezone.now()
        spent = (moment - (now.saved_at or moment)).total_seconds()
        now.answers = now.answers | {step.key: answer}
        now.seconds += min(round(spent), PAUSE)
        now.saved_at, now.language, now.guardian = moment, teller.language, visitor.guardian
        now.position = _after(steps(teller, now.answers), step.key)
        found = _news(now, teller)
        now.save()
        if found is not None:
            danger_answered.send(sender=Intake, intake=now, danger=found)
        visitor.record("intake.answered", subject=f"intake:{intake.uid}", detail={"screen": step.key})
    _copy(now, intake)
    return found


def _news(intake: Intake, teller: Teller) -> Danger | None:
    """The danger where somebody must hear of it, noted as told."""
    found = dangers.danger(teller, intake.answers)
    if found is None or not dangers.is_news(found, intake.told):
        return None
    intake.told = intake.told | dict(found.codes)
    return found


def _after(every: tuple[Step, ...], key: str) -> str:
    """The screen after this one; the same where it is the last."""
    keys = [step.key for step in every]
    place = keys.index(key) if key in keys else len(keys) - 1
    return keys[min(place + 1, len(keys) - 1)]


def turn_to(visitor: Visitor, intake: Intake, key: str) -> None:
    """Where the patient goes on the next time, after going back."""
    Intake.objects.filter(pk=intake.pk, patient=visitor.patient, state=State.OPEN).update(position=key)


def finish(visitor: Visitor, intake: Intake, teller: Teller) -> None:
    """The patient sends it: questionnaires are scored, and what is new is proposed to the practice.

    Raises IntakeError where the intake is not open any more.
    """
    with transaction.atomic():
        now = _held(intake)
        asked = {step.key for step in steps(teller, now.answers)}
        now.answers = {key: given for key, given in now.answers.items() if key in asked}
        moment = timezone.now()
        now.state, now.finished_at = State.DONE, moment
        now.interpreter = now.answers.get("interpreter") == YES
        now.save()
        given = [Given(name, answers) for name, answers in given_to(now.answers).items()]
        if given:
            record_together(None, now.patient, given, timezone.localdate(moment))
        Proposal.objects.bulk_create(_proposals(now, teller))
        if now.interpreter and not now.patient.interpreter:
            on_record.change_patient(now.patient, None, interpreter=True)
        visitor.record("intake.finished", subject=f"intake:{intake.uid}")
    _copy(now, intake)


def _held(intake: Intake) -> Intake:
    row: Intake = Intake.objects.select_for_update(of=("self",)).select_related("patient").get(pk=intake.pk)
    if row.state != State.OPEN:
        raise IntakeError("It is not open any more.")
    return row


def _copy(now: Intake, into: Intake) -> None:
    for name in ("answers", "position", "told", "state", "finished_at", "seconds", "language"):
        setattr(into, name, getattr(now, name))


# What staff may take over ---------------------------------------------------------------------------------------


def _proposals(intake: Intake, teller: Teller) -> list[Proposal]:
    found: list[tuple[str, str, int | None]] = []
    for kind in ENTRIES:
        given = intake.answers.get(kind) or {}
        there = {_plain(entry.text) for entry in teller.on_record.get(kind, ())}
        found += [(kind, text, None) for text in given.get("new", ()) if _plain(text) not in there]
        ended = {int(key) for key in given.get("ended", ())}
        found += [
            (kind, entry.text, entry.id) for entry in teller.on_record.get(kind, ()) if entry.id in ended
        ]
    if (intake.answers.get("allergy") or {}).get("none") and not teller.on_record.get("allergy"):
        found.append((NONE_KNOWN, "No allergies known", None))
    for key, field in (("reason", "why_here"), ("hope", "what_matters")):
        text = intake.answers.get(key)
        if text and _plain(text) != _plain(getattr(intake.patient, field)):
            found.append((field, text, None))
    return [
        Proposal(intake=intake, patient=intake.patient, kind=kind, text=text[:300], ends=ends)
        for kind, text, ends in found
    ]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def decide(
    by: User, intake: Intake, keys: Iterable[int], *, accept: bool, address: str = ""
) -> tuple[int, list[str]]:
    """Takes proposals over into the chart, or declines them. How many, and what stood in the way of others."""
    done, faults = 0, []
    for row in Proposal.objects.filter(intake=intake, pk__in=list(keys), accepted=None):
        try:
            with transaction.atomic():
                now = Proposal.objects.select_for_update(of=("self",)).get(pk=row.pk)
                if now.accepted is not None:
                    continue
                if accept:
                    _take_over(by, now, address)
                now.accepted, now.decided_by, now.decided_at = accept, by, timezone.now()
                now.save(update_fields=["accepted", "decided_by", "decided_at"])
                audit.record(
                    by,
                    "proposal.accepted" if accept else "proposal.declined",
                    patient_id=now.patient_id,
                    subject=f"proposal:{now.pk}",
                    address=address,
                )
            done += 1
        except ValidationError as error:
            faults.append(f"{row.text}: {' '.join(error.messages)}")
    return done, faults


def _take_over(by: User, one: Proposal, address: str) -> None:
    patient = one.patient
    if one.kind in ("why_here", "what_matters"):
        on_record.change_patient(patient, by, address=address, **{one.kind: one.text})
    elif one.kind == NONE_KNOWN:
        on_record.enter(AllergyEntry, patient, by, address=address, none_known=True)
    elif one.ends is None:
        limit = ENTRIES[one.kind]._meta.get_field("text").max_length
        on_record.enter(ENTRIES[one.kind], patient, by, address=address, text=one.text[:limit])
    else:
        entry = ENTRIES[one.kind]._default_manager.filter(pk=one.ends, patient=patient).first()
        if entry is None:
            raise ValidationError("The entry is not there any more.")
        today = timezone.localdate().isoformat()
        fields = {"medicine": {"stopped": today}, "problem": {"resolved": today}}.get(one.kind)
        if fields is None:  # an operation or an allergy does not end: it was written down by mistake
            on_record.mark_in_error(entry, by, address=address)
        else:
            on_record.end(entry, by, address=address, **fields)
