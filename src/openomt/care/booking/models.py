"""The schedule: appointment types, appointments, hours a clinician is not there; what patients book themselves."""

from __future__ import annotations

import calendar
import uuid
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, StepValueValidator
from django.db import models
from django.utils import timezone

from openomt.care.accounts.models import Location, User
from openomt.care.patients.models import Patient
from openomt.care.times import spoken_time

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
    online = models.BooleanField("Patients may book it online", default=True)

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
        return f"{self.weekday_word} {spoken_time(self.start)} to {spoken_time(self.end)}"

    @property
    def weekday_word(self) -> str:
        return calendar.day_abbr[self.weekday]


class BookingRules(models.Model):
    """What patients may book, move and cancel themselves: one row."""

    new_patients = models.BooleanField("People we do not know may book online", default=True)
    min_notice_hours = models.PositiveSmallIntegerField(
        "A visit is booked at least so many hours ahead", default=12, validators=[MaxValueValidator(24 * 14)]
    )
    ahead_days = models.PositiveSmallIntegerField(
        "and at most so many days", default=90, validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    change_hours = models.PositiveSmallIntegerField(
        "It is moved or canceled online until so many hours before",
        default=24,
        validators=[MaxValueValidator(24 * 14)],
    )
    hold_minutes = models.PositiveSmallIntegerField(
        "A time is kept so many minutes for somebody who must confirm it",
        default=60,
        validators=[MinValueValidator(10), MaxValueValidator(24 * 60)],
    )
    offer_hours = models.PositiveSmallIntegerField(
        "and so many hours for somebody of the waiting list",
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(72)],
    )
    remind_hours = models.PositiveSmallIntegerField(
        "A reminder goes out so many hours before",
        help_text="0: no reminders.",
        default=48,
        validators=[MaxValueValidator(24 * 14)],
    )
    changed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    @classmethod
    def load(cls) -> BookingRules:
        """The one row; its defaults where nobody has changed any."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Hold(models.Model):
    """A time kept for somebody who has not said yes yet. It takes the clinician's time until it expires."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    clinician = models.ForeignKey(User, on_delete=models.CASCADE, related_name="holds")
    location = models.ForeignKey(Location, on_delete=models.CASCADE, related_name="+")
    type = models.ForeignKey(AppointmentType, on_delete=models.CASCADE, related_name="+")
    start = models.DateTimeField()
    end = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ("start",)
        indexes: ClassVar = [models.Index(fields=("clinician", "start"), name="hold_of_clinician")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(end__gt=models.F("start")), name="hold_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M} held"


class BookingRequest(models.Model):
    """A visit asked for by somebody who did not sign in. Gone with its hold, unless they confirm it.

    token_hash   of the link they were sent; the link itself is not kept
    urgency      what the screen made of their reason: E, U, S or empty
    new_record   whether confirming it made a record: a person of the practice checks it
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    hold = models.OneToOneField(Hold, on_delete=models.SET_NULL, null=True, related_name="request")
    token_hash = models.CharField(max_length=64, unique=True)
    given_names = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    birth_date = models.DateField()
    sex = models.CharField(max_length=6, choices=Patient.Sex)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    channel = models.CharField(max_length=5, choices=Patient.Contact)
    language = models.CharField(max_length=2)
    reason = models.CharField(max_length=200, blank=True)
    urgency = models.CharField(max_length=1, blank=True)
    guardian_name = models.CharField(max_length=120, blank=True)
    guardian_relation = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="+")
    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, null=True, related_name="online_request"
    )
    new_record = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("asked_at",)
        indexes: ClassVar = [
            models.Index(
                fields=("confirmed_at",),
                name="request_to_check",
                condition=models.Q(checked_at=None, confirmed_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"request {self.uid}"


class WaitingEntry(models.Model):
    """A patient who wants a sooner time. Empty clinician, location, weekdays or part of day: any.

    weekdays   digits, 0: Monday
    """

    class Part(models.TextChoices):
        ANY = "any", "Any time"
        MORNING = "morning", "Morning"
        AFTERNOON = "afternoon", "Afternoon"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="waiting_entries")
    type = models.ForeignKey(AppointmentType, on_delete=models.PROTECT, related_name="+")
    clinician = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    weekdays = models.CharField(max_length=7, blank=True)
    part = models.CharField(max_length=9, choices=Part, default=Part.ANY)
    until = models.DateField(null=True, blank=True)  # the last day they want
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("made_at", "pk")
        indexes: ClassVar = [
            models.Index(fields=("made_at", "id"), name="waiting", condition=models.Q(ended_at=None))
        ]

    def __str__(self) -> str:
        return f"waiting {self.uid}"

    @property
    def days(self) -> frozenset[int]:
        return frozenset(int(one) for one in self.weekdays)


class WaitingOffer(models.Model):
    """A free time offered to somebody who waits; the same time is never offered to them twice."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(WaitingEntry, on_delete=models.CASCADE, related_name="offers")
    clinician = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    start = models.DateTimeField()
    hold = models.OneToOneField(Hold, on_delete=models.SET_NULL, null=True, related_name="offer")
    made_at = models.DateTimeField(default=timezone.now)
    answer = models.CharField(
        max_length=8, blank=True, choices=[("taken", "Taken"), ("declined", "Declined"), ("late", "Too late")]
    )

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("entry", "clinician", "start"), name="offered_once")
        ]

    def __str__(self) -> str:
        return f"offer {self.uid}"
