"""What a physician tells one patient to do at home."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from openomt.care.patients.models import OnRecord, Patient

MOST_WORDS = 1000
MOST_DAYS = 365


class Advice(OnRecord):
    """An exercise, or other advice, in the words of whoever gave it.

    days   for how long it holds; None: until somebody ends it
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="advice")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.TextField(max_length=MOST_WORDS)
    days = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
    )

    class Meta(OnRecord.Meta):
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"advice {self.uid}"

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it holds."""
        if self.days is None:
            return None
        return timezone.localdate(self.entered_at) + dt.timedelta(days=self.days - 1)

    def holds(self, today: dt.date) -> bool:
        """Whether the patient is to do it on this day."""
        return self.standing and (self.last_day is None or today <= self.last_day)
