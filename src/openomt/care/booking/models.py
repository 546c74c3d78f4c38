"""The schedule: appointment types, appointments, hours a clinician is not there."""

from __future__ import annotations

import calendar
import uuid
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, StepValueValidator
from django.db import models
from django.utils import timezone

from openomt.care.accounts.models import Location, User
from openomt.care.patients.models import Patient

STEP = 5
"""Minutes: appointments begin and end on multiples of it."""
LONGEST = 240
"""Minutes of the longest appointment."""


class AppointmentType(models.Model):
    """A kind of appointment and how long it takes."""

    class Kind(models.TextChoices):
        CONSULTATION = "consultation", "Consultation"
        NEW = "new", "New patient"
        FOLLOW_UP = "follow_up", "Follow-up"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind)
    minutes = models.PositiveSmallIntegerField(
        validators=[
            MinValueValidator(STEP),
            MaxValueValidator(LONGEST),
            StepValueValidator(STEP, message="Lengths go in steps of 5 minutes."),
        ]
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name}, {self.minutes} min"


class Appointment(models.Model):
    """One patient, one clinician, one time.

    No two that stand overlap for a clinician: `services` says what is in the way, and the database refuses the rest
    (`guard`). `before` and `room_before` are what one step of undo goes back to.
    """

    class Status(models.TextChoices):
        BOOKED = "booked", "Booked"
        ARRIVED = "arrived", "Arrived"
        ROOMED = "roomed", "In a room"
        WITH_CLINICIAN = "seen", "With the clinician"
        DONE = "done", "Done"
        NO_SHOW = "no_show", "Did not come"
        CANCELED = "canceled", "Canceled"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments")
    clinician = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    type = models.ForeignKey(AppointmentType, on_delete=models.PROTECT, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()
    status = models.CharField(max_length=10, choices=Status, default=Status.BOOKED)
    status_at = models.DateTimeField(default=timezone.now, editable=False)
    room = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    override = models.CharField(max_length=200, blank=True)  # why it was booked in spite of a warning
    cancel_reason = models.CharField(max_length=200, blank=True)
    before = models.CharField(max_length=10, blank=True, editable=False)
    room_before = models.CharField(max_length=20, blank=True, editable=False)
    booked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    booked_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("start", "pk")
        indexes: ClassVar = [
            models.Index(fields=("start", "clinician")),
            models.Index(fields=("clinician", "start")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M} {self.get_status_display()}"

    @property
    def stands(self) -> bool:
        """Whether it takes the clinician's time."""
        return self.status not in FREED

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60)


FREED = (Appointment.Status.NO_SHOW, Appointment.Status.CANCELED)
"""States in which an appointment takes nobody's time any more."""


class Absence(models.Model):
    """Hours in which a clinician takes no appointments (lunch, away)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinician = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    start = models.DateTimeField()
    end = models.DateTimeField()
    words = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ("start",)
        indexes: ClassVar = [models.Index(fields=("clinician", "start"))]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="absence_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.words or "away"


class WorkingHours(models.Model):
    """When a clinician sees patients at a location, by weekday (0: Monday)."""

    clinician = models.ForeignKey(User, on_delete=models.CASCADE, related_name="hours")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField(validators=[MaxValueValidator(6)])
    start = models.TimeField()
    end = models.TimeField()

    class Meta:
        ordering = ("weekday", "start")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="hours_end_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.weekday_word} {self.start:%H:%M} to {self.end:%H:%M}"

    @property
    def weekday_word(self) -> str:
        return calendar.day_abbr[self.weekday]
