"""Answers to questionnaires with their scores."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from openomt.care.accounts.models import User
from openomt.care.patients.models import Patient


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
