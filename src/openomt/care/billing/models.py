"""Fees, payers' rules, claims and what became of them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from openomt.care.accounts.models import User
from openomt.care.visits.models import Visit


class Fee(models.Model):
    """What the practice charges for a code, from a day on. `words` are the practice's own."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=10)
    words = models.CharField(max_length=120, blank=True)
    amount = models.DecimalField(max_digits=9, decimal_places=2, validators=[MinValueValidator(0)])
    valid_from = models.DateField()

    class Meta:
        ordering = ("code", "-valid_from")
        constraints: ClassVar = [models.UniqueConstraint(fields=("code", "valid_from"), name="fee_once")]

    def __str__(self) -> str:
        return f"{self.code} from {self.valid_from}"


class PayerRule(models.Model):
    """How one payer wants its claims. Empty `rule_set`: the default for its kind."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    payer = models.CharField(max_length=80, unique=True)
    rule_set = models.CharField(max_length=40, blank=True)
    pointer_limit = models.PositiveSmallIntegerField(
        "Diagnoses a line may point to",
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    dysfunction_first = models.BooleanField("Wants somatic dysfunction first", default=False)

    class Meta:
        ordering = ("payer",)

    def __str__(self) -> str:
        return self.payer


class Clearinghouse(models.Model):
    """Where claim files go, and what the practice states on every claim. One row."""

    class Usage(models.TextChoices):
        TEST = "T", "Test files"
        PRODUCTION = "P", "Real claims"

    name = models.CharField("Receiver of claim files", max_length=60, blank=True)
    identifier = models.CharField("Receiver ID", max_length=15, blank=True)
    qualifier = models.CharField("Kind of ID", max_length=2, default="ZZ")
    usage = models.CharField("What is sent", max_length=1, choices=Usage, default=Usage.TEST)
    contact = models.CharField("Whom the receiver may call", max_length=60, blank=True)
    accepts_assignment = models.BooleanField("The practice accepts assignment", default=True)
    benefits_assigned = models.BooleanField(
        "Patients have assigned their benefits to the practice", default=False
    )
    release_signed = models.BooleanField("Patients have signed the release of information", default=False)

    def __str__(self) -> str:
        return self.name or "no receiver"

    @classmethod
    def load(cls) -> Clearinghouse:
        """The one row, or one with its defaults that is not stored yet."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class ClaimFile(models.Model):
    """A file of claims as it left, kept so that it can be fetched again. Its key is its control number."""

    class Kind(models.TextChoices):
        X12 = "837p", "837P"
        CSV = "csv", "CSV"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=4, choices=Kind)
    content = models.TextField(blank=True)
    claims_count = models.PositiveIntegerField(default=0)
    total = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Claim(models.Model):
    """What is billed for a signed visit. Its JSON columns hold values of `billing.values`.

    date, payer      of the visit, kept here so that the register is read from one table
    open_warnings    warnings that must be answered and are not
    """

    class State(models.TextChoices):
        NOT_CODED = "not_coded", "Not coded"
        CODED = "coded", "Coded"
        EXPORTED = "exported", "Exported"
        PAID = "paid", "Paid"
        NOT_BILLED = "not_billed", "Not billed"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="claim")
    date = models.DateField(default=timezone.localdate)
    payer = models.CharField(max_length=80, blank=True, db_index=True)
    place_of_service = models.CharField(max_length=2, default="11")
    state = models.CharField(max_length=10, choices=State, default=State.NOT_CODED)
    diagnoses = models.JSONField(default=list)
    lines = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    checklist = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    rules = models.JSONField(default=dict)
    open_warnings = models.PositiveSmallIntegerField(default=0)
    total = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    coded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    coded_at = models.DateTimeField(null=True)
    exported_at = models.DateTimeField(null=True)
    file = models.ForeignKey(ClaimFile, on_delete=models.PROTECT, null=True, related_name="claims")
    paid_on = models.DateField(null=True)
    paid = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    words = models.CharField(max_length=300, blank=True)  # why not billed, or a remark on the payment
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-date", "-pk")
        indexes: ClassVar = [
            models.Index(fields=("state", "-date", "-id")),
            models.Index(fields=("-date", "-id")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number a payer sends back with its answer. Says nothing of the patient."""
        return f"OMT{self.pk:07d}"


class ClaimStep(models.Model):
    """What somebody did to a claim, and why. The table only grows."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=80)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.what
