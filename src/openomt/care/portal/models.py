"""What opens the patient's door. Of every secret only its SHA-256 is kept."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from openomt.care.accounts.models import User
from openomt.care.patients.models import Guardian, Patient

TRIES = 5
"""Wrong birth dates until a link is locked."""


class PrivateLink(models.Model):
    """An address sent to one patient or guardian, that opens one scope and page for a while.

    once        it opens one time only: a link to sign in
    tries       wrong birth dates given
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="private_links")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, null=True, related_name="+")
    scope = models.CharField(max_length=12)
    target = models.CharField(max_length=300)
    once = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    first_opened_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.scope} {self.uid}"

    @property
    def locked(self) -> bool:
        """Whether too many wrong birth dates were given."""
        return self.tries >= TRIES

    @property
    def standing(self) -> bool:
        """Whether it may still be opened, were it not locked."""
        used = self.once and self.first_opened_at is not None
        return self.revoked_at is None and not used and timezone.now() < self.expires_at


class PortalBrowser(models.Model):
    """A browser in which somebody gave the patient's birth date: their links open there without it.

    One browser may be known for several patients: a row for each, with the same hash.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    token_hash = models.CharField(max_length=64)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="portal_browsers")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20, blank=True)  # `android`: what sort of device it said it was
    known_since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-seen_at", "-pk")
        indexes: ClassVar = [models.Index(fields=("token_hash",), name="browser_by_hash")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class PatientPasskey(models.Model):
    """A passkey of a patient, or of a guardian for a child. Holds a public key, no secret."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="passkeys")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, null=True, related_name="+")
    credential_id = models.CharField(max_length=400, unique=True)  # base64url
    credential = models.TextField()  # what the authenticator told of its public key, base64url
    kind = models.CharField(max_length=20, blank=True)
    added_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"passkey {self.uid}"
