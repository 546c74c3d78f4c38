"""A patient's story as they tell it before a visit, what of it may be taken over, and questionnaires with scores."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from openomt.care.accounts.models import User
from openomt.care.booking.models import Appointment
from openomt.care.intake.flow import Flow
from openomt.care.patients.models import Guardian, Patient


class Intake(models.Model):
    """One telling of the story, kept as it goes.

    flow      which questions it asks: the whole story, or the follow-up form before a later visit
    answers   by the key of a screen (`flow.Step.key`); None: left out on purpose
    position  the screen that is shown when it is taken up again
    told      the danger signs that the patient was told of and the practice heard of, with their urgency
    seconds   spent on it; a pause counts as no more than `services.telling.PAUSE`
    """

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"
        WITHDRAWN = "withdrawn", "Withdrawn"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="intakes")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, null=True, related_name="intakes")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, null=True, related_name="+")
    flow = models.CharField(
        max_length=10,
        choices=[(Flow.INTAKE.value, "Intake"), (Flow.FOLLOWUP.value, "Follow-up form")],
        default=Flow.INTAKE.value,
    )
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("es", "Spanish")], default="en")
    interpreter = models.BooleanField(default=False)
    answers = models.JSONField(default=dict)
    position = models.CharField(max_length=40, blank=True)
    told = models.JSONField(default=dict)
    seconds = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        indexes: ClassVar = [models.Index(fields=("patient", "state"))]

    def __str__(self) -> str:
        return f"intake {self.uid}"


class Proposal(models.Model):
    """Something the patient told that a member may take over into the chart. Until then it is no fact.

    kind      problem, medicine, allergy, surgery; why_here, what_matters
    ends      key of the entry of that kind which the patient says is not true any more; empty: something new
    accepted  whether it was taken over; None: nobody has decided
    """

    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="proposals")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=12)
    text = models.CharField(max_length=300)
    ends = models.BigIntegerField(null=True)
    accepted = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.kind} proposed in intake {self.intake_id}"


class FormAnswer(models.Model):
    """One questionnaire answered by or for a patient. `score` is the main number, None where none is due."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="form_answers")
    instrument = models.CharField(max_length=40)
    on = models.DateField()
    answers = models.JSONField()
    score = models.FloatField(null=True)
    words = models.CharField(max_length=200, blank=True)
    entered_at = models.DateTimeField(default=timezone.now, editable=False)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    in_error = models.BooleanField(default=False)

    class Meta:
        ordering = ("on", "pk")
        indexes: ClassVar = [models.Index(fields=("patient", "instrument", "on"))]
