"""An intake from its first answer to its end."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from openomt.care.intake import danger as dangers
from openomt.care.intake.danger import Danger
from openomt.care.intake.flow import YES, Step, Teller, given_to, steps
from openomt.care.intake.models import Intake
from openomt.care.intake.services.answers import Given, record_together
from openomt.care.intake.services.proposals import propose
from openomt.care.intake.signals import danger_answered
from openomt.care.patients import services as on_record
from openomt.care.portal.access import Visitor

State = Intake.State
PAUSE = 120
"""Seconds: a longer time between two answers counts as so much."""


class IntakeError(Exception):
    """What was asked cannot be done; the message says why, for a person."""


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
        propose(now, teller)
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
