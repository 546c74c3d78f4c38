"""Tasks: somebody needs an answer, by when, and who gives it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from openomt.care.accounts.models import User
from openomt.care.patients.models import Patient
from openomt.care.visits.models import Visit


class Task(models.Model):
    """One thing a person of the practice must do by a time. Urgency: E now, U the same day, R routine."""

    class Urgency(models.TextChoices):
        EMERGENCY = "E", "Emergency"
        SAME_DAY = "U", "Same day"
        CALL = "C", "Call in office hours"
        ROUTINE = "R", "Question"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="tasks")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, related_name="tasks")
    urgency = models.CharField(max_length=1, choices=Urgency)
    title = models.CharField(max_length=200)
    words = models.CharField(max_length=500, blank=True)  # the patient's own
    origin = models.CharField(max_length=120, blank=True)  # "Check-in day 3, neck treated 20 Nov (MFR)"
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="tasks")
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("due_at", "pk")
        indexes: ClassVar = [models.Index(fields=("closed_at", "due_at"))]
