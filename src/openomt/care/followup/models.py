"""Tasks and their history, check-ins and what was said in them, replies to patients, adverse events."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from openomt.care.accounts.models import User
from openomt.care.intake.models import Intake
from openomt.care.patients.models import Guardian, Patient
from openomt.care.visits.models import Visit


class CheckIn(models.Model):
    """How a patient is asked on day 1, 3 or 7 after a visit with treatment, and what they answer.

    due_at         when the message goes out; past `useless_after` it is not asked any more
    reminders      how many were sent
    again_at       when it was asked a second time, because the first answer asked for that
    answers        as it now stands, saved at each touch; `SymptomReport` keeps each one that was acted on
    result, row    what the last answer came to (`E`, `U`, `office`...), and the row of the table that said so
    closed_why     why nobody is asked any more; an answered one is closed too
    """

    class Closed(models.TextChoices):
        ANSWERED = "answered", "Answered"
        TOO_LATE = "too_late", "Too late to ask"
        NEXT = "next", "No answer; the next one was sent"
        NO_REPLY = "no_reply", "No answer"
        UNREACHABLE = "unreachable", "No message could be sent"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="check_ins")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="check_ins")
    day = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    useless_after = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    again_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)
    result = models.CharField(max_length=20, blank=True)
    row = models.CharField(max_length=20, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_why = models.CharField(max_length=12, choices=Closed, blank=True)

    class Meta:
        ordering = ("due_at", "pk")
        constraints: ClassVar = [models.UniqueConstraint(fields=("visit", "day"), name="check_in_once")]

    def __str__(self) -> str:
        return f"Check-in day {self.day}"


class SymptomReport(models.Model):
    """An answer to a check-in that was acted on, word for word, with what the patient was told. Only grows."""

    check_in = models.ForeignKey(CheckIn, on_delete=models.PROTECT, related_name="reports")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    language = models.CharField(max_length=2)
    answers = models.JSONField()
    result = models.CharField(max_length=20)
    row = models.CharField(max_length=20)
    told = models.JSONField()  # the lines, the first is what to do

    class Meta:
        ordering = ("pk",)


class Task(models.Model):
    """One thing a person of the practice must do by a time. Urgency: E now, U the same day, C call, R question.

    danger       words of danger stand in it, or an answer that is one: no program ever closes it
    told         what the patient was told when it was opened, line by line
    answered_at  somebody called or wrote to the patient since the patient last said anything
    escalations  how often it went on to the next person, because nobody answered in time
    """

    class Urgency(models.TextChoices):
        EMERGENCY = "E", "Emergency"
        SAME_DAY = "U", "Same day"
        CALL = "C", "Call in office hours"
        ROUTINE = "R", "Question"

    class Source(models.TextChoices):
        STAFF = "staff", "Entered by hand"
        ANSWER = "answer", "Answer to a check-in"
        SILENCE = "silence", "No answer to a check-in"
        QUESTION = "question", "Message from the patient"
        INTAKE = "intake", "Answer in an intake"
        BOOKING = "booking", "Reason given when booking"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="tasks")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, related_name="tasks")
    check_in = models.ForeignKey(CheckIn, on_delete=models.PROTECT, null=True, related_name="tasks")
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, null=True, related_name="tasks")
    source = models.CharField(max_length=8, choices=Source, default=Source.STAFF)
    urgency = models.CharField(max_length=1, choices=Urgency)
    title = models.CharField(max_length=200)
    words = models.TextField(blank=True)  # the patient's own
    origin = models.CharField(max_length=120, blank=True)  # "Check-in day 3, neck treated 20 Nov (MFR)"
    danger = models.BooleanField(default=False)
    told = models.JSONField(default=list)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="tasks")
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    escalations = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("due_at", "pk")
        indexes: ClassVar = [models.Index(fields=("closed_at", "due_at"))]


class TaskEvent(models.Model):
    """One thing that happened to a task: who, when, what was done. `by` None: the program. Only grows."""

    class Kind(models.TextChoices):
        OPENED = "opened", "Opened"
        RAISED = "raised", "The patient said more"
        TAKEN = "taken", "Taken"
        HANDED_OVER = "handed_over", "Handed over"
        ESCALATED = "escalated", "Not answered in time: gone on"
        CALLED = "called", "Called"
        REPLIED = "replied", "Answered in writing"
        NOTE = "note", "Note"
        CLOSED = "closed", "Closed"

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)


class Reply(models.Model):
    """What the practice wrote to a patient. The message holds a link only; the words are read on a page of theirs."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="replies")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="replies")
    words = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)


class AdverseEvent(models.Model):
    """Harm after treatment, as a clinician judged it: tied to the visit, the technique and the region.

    technique, region   empty: not known which; `technique` is a short name as in the visit
    severity            defined by the record of the same name (`knowledge.redflags.AdverseSeverity`)
    """

    class Severity(models.TextChoices):
        MILD = "mild", "Mild"
        MODERATE = "moderate", "Moderate"
        SEVERE = "severe", "Severe"
        SERIOUS = "serious", "Serious"

    class Onset(models.TextChoices):
        DURING = "during", "During treatment"
        DAY = "day", "Within 24 hours"
        THREE_DAYS = "three_days", "1 to 3 days after"
        WEEK = "week", "4 to 7 days after"
        LATER = "later", "More than a week after"
        UNKNOWN = "unknown", "Not known"

    class Lasted(models.TextChoices):
        HOURS = "hours", "Hours"
        DAYS = "days", "1 to 3 days"
        WEEK = "week", "Up to a week"
        LONGER = "longer", "More than a week"
        STILL = "still", "Still there"
        UNKNOWN = "unknown", "Not known"

    class Related(models.TextChoices):
        DEFINITE = "definite", "Definite"
        PROBABLE = "probable", "Probable"
        POSSIBLE = "possible", "Possible"
        UNLIKELY = "unlikely", "Unlikely"
        UNKNOWN = "unknown", "Cannot be judged"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="adverse_events")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="adverse_events")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, related_name="adverse_events")
    technique = models.CharField(max_length=60, blank=True)
    region = models.CharField(max_length=20, blank=True)
    severity = models.CharField(max_length=8, choices=Severity)
    onset = models.CharField(max_length=10, choices=Onset)
    lasted = models.CharField(max_length=8, choices=Lasted)
    related = models.CharField(max_length=8, choices=Related)
    words = models.CharField(max_length=500)
    on = models.DateField()  # the day it is placed at
    entered_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    in_error = models.BooleanField(default=False)

    class Meta:
        ordering = ("-on", "-pk")
