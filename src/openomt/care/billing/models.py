"""Fees, payers' rules, and claims."""

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

    code = models.CharField(max_length=10)
    words = models.CharField(max_length=120, blank=True)
    amount = models.DecimalField(max_digits=9, decimal_places=2, validators=[MinValueValidator(0)])
    valid_from = models.DateField()

    class Meta:
        ordering = ("code", "-valid_from")
        constraints: ClassVar = [models.UniqueConstraint(fields=("code", "valid_from"), name="fee_once")]


class PayerRule(models.Model):
    """How one payer wants its claims. Empty `rule_set`: the default for its kind."""

    payer = models.CharField(max_length=80, unique=True)
    rule_set = models.CharField(max_length=40, blank=True)
    pointer_limit = models.PositiveSmallIntegerField(
        default=4, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    dysfunction_first = models.BooleanField("Wants somatic dysfunction first", default=False)

    class Meta:
        ordering = ("payer",)


class Claim(models.Model):
    """What is billed for a signed visit. `lines`: see `billing.values.ClaimLine`."""

    class State(models.TextChoices):
        NOT_CODED = "not_coded", "Not coded"
        CODED = "coded", "Coded"
        EXPORTED = "exported", "Exported"
        PAID = "paid", "Paid"
        NOT_BILLED = "not_billed", "Not billed"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="claim")
    state = models.CharField(max_length=10, choices=State, default=State.NOT_CODED, db_index=True)
    diagnoses = models.JSONField(default=list)
    lines = models.JSONField(default=list)
    total = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    coded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    coded_at = models.DateTimeField(null=True)
    exported_at = models.DateTimeField(null=True)
    export = models.CharField(max_length=40, blank=True)  # number of the file it left in
    paid_on = models.DateField(null=True)
    paid = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    words = models.CharField(max_length=300, blank=True)  # why not billed, or a remark on the payment
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-visit__date", "-pk")
