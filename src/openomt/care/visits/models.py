"""A visit as a draft, and as the signed document that never changes.

`Visit.draft` holds what people typed and chose (`drafts.Draft`). Signing writes `SignedVisit` once; rows of
`VisitRegion` are derived from it for lists and can be rebuilt (`services.derive`).
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from openomt.care.accounts.models import Location, User
from openomt.care.booking.models import Appointment
from openomt.care.patients.models import Course, Patient


class Visit(models.Model):
    """One encounter."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        AWAITING = "awaiting", "Awaiting co-signature"
        SIGNED = "signed", "Signed"
        ABANDONED = "abandoned", "Abandoned"  # an empty draft opened by mistake

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="visits")
    clinician = models.ForeignKey(User, on_delete=models.PROTECT, related_name="visits")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, related_name="+")
    appointment = models.OneToOneField(Appointment, on_delete=models.PROTECT, null=True, related_name="visit")
    course = models.ForeignKey(Course, on_delete=models.PROTECT, null=True, related_name="visits")
    number = models.PositiveIntegerField()  # the patient's nth visit
    date = models.DateField(db_index=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, db_index=True)
    draft = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-date", "-pk")
        indexes: ClassVar = [
            models.Index(fields=("patient", "-date")),
            models.Index(fields=("clinician", "state")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("patient", "number"), name="visit_number_once")
        ]


class DraftSave(models.Model):
    """A draft as it was acknowledged, kept until the visit is signed, so that two people's drafts can be made one."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="saves")
    revision = models.PositiveIntegerField()
    draft = models.JSONField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # null: the patient
    tab = models.CharField(max_length=40)

    class Meta:
        ordering = ("-revision",)
        constraints: ClassVar = [models.UniqueConstraint(fields=("visit", "revision"), name="revision_once")]


class SignedVisit(models.Model):
    """The canonical document of a visit, whole, with its hash. The table only grows."""

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="signed")
    schema = models.PositiveSmallIntegerField()
    document = models.TextField()  # canonical JSON
    sha256 = models.CharField(max_length=64)
    note = models.TextField()  # as it read when it was signed
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=180)  # name and credentials
    signed_at = models.DateTimeField()


class CoSignature(models.Model):
    """A physician's signature under a trainee's visit. The table only grows."""

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="cosignature")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=180)
    signed_at = models.DateTimeField(default=timezone.now)
    words = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)  # of the document it stands under


class Addendum(models.Model):
    """A correction or addition to a signed visit. The table only grows."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="addenda")
    text = models.TextField()
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=180)
    signed_at = models.DateTimeField(default=timezone.now)
    sha256 = models.CharField(max_length=64)  # of its text and the document it belongs to

    class Meta:
        ordering = ("pk",)


class VisitRegion(models.Model):
    """What a signed visit says of one region. Derived."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="regions")
    region = models.CharField(max_length=20)
    state = models.CharField(max_length=14)  # ExamState
    findings = models.CharField(max_length=300, blank=True)  # house style
    severity = models.PositiveSmallIntegerField(null=True)
    techniques = models.CharField(max_length=200, blank=True)  # short names, by commas
    response = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ("pk",)


class Order(models.Model):
    """Imaging, a test or a referral. One that `holds` keeps the treatment waiting until its result is read."""

    class Kind(models.TextChoices):
        IMAGING = "imaging", "Imaging"
        TEST = "test", "Test"
        REFERRAL = "referral", "Referral"

    class State(models.TextChoices):
        ORDERED = "ordered", "Ordered"
        RESULT = "result", "Result to read"
        READ = "read", "Read"
        CANCELED = "canceled", "Canceled"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="orders")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, related_name="orders")
    kind = models.CharField(max_length=8, choices=Kind)
    text = models.CharField(max_length=300)
    reason = models.CharField(max_length=300, blank=True)
    holds = models.BooleanField("Hold treatment until it is read", default=False)
    state = models.CharField(max_length=8, choices=State, default=State.ORDERED)
    ordered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField(default=timezone.now)
    result = models.TextField(blank=True)
    read_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)


class Phrase(models.Model):
    """A person's own short form: `.walk` becomes its text while typing."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="phrases")
    short = models.CharField(max_length=20)
    text = models.TextField(max_length=2000)

    class Meta:
        ordering = ("short",)
        constraints: ClassVar = [models.UniqueConstraint(fields=("user", "short"), name="phrase_once")]


class RuleSetting(models.Model):
    """The practice's own level of a contested safety rule, with its reason. The newest of a rule counts."""

    rule = models.CharField(max_length=20)
    level = models.CharField(max_length=12)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
