"""The practice, its people and places, and the audit."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import cached_property
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from openomt.care.accounts.access import POLICIES, Permission, Role
from openomt.care.accounts.by_key import ByKey


class UserManager(BaseUserManager["User"]):
    """Makes accounts. Nobody signs up: the owner adds people."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        if not email:
            raise ValueError("email: an account needs one")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A member of the practice. `credentials` stand behind the name in a signature (`DO`)."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    credentials = models.CharField(max_length=40, blank=True)
    npi = models.CharField("NPI", max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    signing_pin = models.CharField(max_length=200, blank=True, editable=False)  # hashed
    pin_failures = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name}, {self.credentials}" if self.credentials else self.name

    @cached_property
    def role_names(self) -> frozenset[Role]:
        known = getattr(self, "_prefetched_objects_cache", {}).get("grants")
        return frozenset(Role(grant.role) for grant in (_grants.all(self.pk) if known is None else known))

    @cached_property
    def held(self) -> frozenset[Permission]:
        """All that this person's roles allow."""
        if not self.is_active:
            return frozenset()
        return frozenset[Permission]().union(*(POLICIES[role] for role in self.role_names))

    def may(self, permission: Permission) -> bool:
        return permission in self.held

    @property
    def is_clinician(self) -> bool:
        return bool(self.role_names & {Role.PHYSICIAN, Role.TRAINEE})

    def may_sign_omt(self, day: dt.date) -> bool:
        """Whether a credential that covers this day lets this person sign OMT."""
        return any(one.may_sign_omt and one.covers(day) for one in self.licenses.all())


class RoleGrant(models.Model):
    """A role held by a person."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=20, choices=[(role.value, role.words) for role in Role])

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("user", "role"), name="role_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class Practice(models.Model):
    """The practice: one row. CPT is shown only after the owner has confirmed a license."""

    name = models.CharField(max_length=120, default="Practice")
    npi = models.CharField("NPI of the practice", max_length=10, blank=True)
    tax_id = models.CharField("Tax ID", max_length=20, blank=True)
    street = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    zone = models.CharField("Time zone", max_length=60, default="America/New_York")
    idle_minutes = models.PositiveSmallIntegerField(
        "Lock after this many idle minutes",
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    answer_hours = models.PositiveSmallIntegerField(
        "Answer patients' messages within, in opening hours",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(80)],
        help_text="Patients read by when, beside the box. Empty: as many as our triage table says.",
    )
    cpt_confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    cpt_confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    claim_submitter = models.CharField("Submitter ID for claims", max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name

    @property
    def shows_cpt(self) -> bool:
        return self.cpt_confirmed_at is not None

    @classmethod
    def load(cls) -> Practice:
        """The one row; made with its defaults where there is none yet."""
        return _practice.get(1) or cls.objects.get_or_create(pk=1)[0]


class Location(models.Model):
    """A place where patients are seen."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    street = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    place_of_service = models.CharField(max_length=2, default="11")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Credential(models.Model):
    """What entitles a clinician, from when to when. OMT is signed only under one that says so."""

    class Kind(models.TextChoices):
        DO = "do", "Osteopathic physician (DO)"
        MD_TRAINED = "md", "Physician (MD) trained in OMT"
        RESIDENT = "resident", "Resident"
        STUDENT = "student", "Student"
        OTHER = "other", "Other"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="licenses")
    kind = models.CharField(max_length=10, choices=Kind)
    number = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=2, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    may_sign_omt = models.BooleanField("May sign OMT", default=False)

    class Meta:
        ordering = ("-valid_from", "-pk")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()

    def covers(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class AuditEvent(models.Model):
    """One thing somebody did, chained to the one before by its hash. The table only grows.

    `detail` names fields and counts, never what they held.
    """

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=180)
    action = models.CharField(max_length=60)
    patient_id = models.BigIntegerField(null=True, db_index=True)
    subject = models.CharField(max_length=80, blank=True)  # `visit:<uid>`
    detail = models.JSONField(default=dict)
    address = models.CharField(max_length=45, blank=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("-pk",)
        # One person's events of a quarter of an hour may be thousands; those of one action are few.
        indexes: ClassVar = [models.Index(fields=("action", "at"), name="audit_by_action")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_name} {self.action}"


class AuditSeal(models.Model):
    """Where the audit stood at a moment, under a key that is not in the database. The table only grows.

    What it can and cannot show is said in `audit.seal`.
    """

    at = models.DateTimeField()
    count = models.BigIntegerField()  # events so far
    event = models.BigIntegerField()  # key of the newest
    head = models.CharField(max_length=64)  # its hash
    key = models.CharField(max_length=8)  # which secret key sealed it
    mac = models.CharField(max_length=64)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.count} events, {self.head[:12]}"


_grants = ByKey(RoleGrant, "user")
_practice = ByKey(Practice)
