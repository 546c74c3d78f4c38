"""Jobs that are run once, the outbox of messages, who wants none, and when none may go out."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from openomt.care.accounts.models import User
from openomt.care.patients.models import Guardian, Patient


class Leased(models.Model):
    """What one worker at a time may hold. The lease names its holder: who lost it can no longer write."""

    lease = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    error = models.CharField(max_length=300, blank=True)  # never what a patient wrote

    class Meta:
        abstract = True


class Job(Leased):
    """Something to do once, at a time or after it. `key` names it: the same key is never kept twice.

    useless_after   past this it is closed and not done; None: it is always worth doing
    done_at         when it ended well, or was closed; `ending` says which
    failed_at       when it was given up: a dead letter, for a person
    """

    class Ending(models.TextChoices):
        DONE = "done", "Done"
        TOO_LATE = "too_late", "Too late to be of use"
        CANCELLED = "cancelled", "Cancelled"
        CLOSED = "closed", "Closed by a person"

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)
    run_after = models.DateTimeField(default=timezone.now)
    useless_after = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("run_after", "pk")
        indexes: ClassVar = [
            models.Index(
                fields=("run_after", "id"), name="job_waiting", condition=Q(done_at=None, failed_at=None)
            ),
            models.Index(fields=("failed_at",), name="job_dead", condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Message(Leased):
    """One message to one address. What it says stands in `words.toml`; `values` fill it and hold no health details.

    uid          also its Message-ID, made from the key: one message has one, however often it is tried
    patient      None: somebody who is no patient yet and has just asked for it, or a member
    member       who reads it, where that is a member of the practice: it then names no patient anywhere
    link         kept only until it was handed over: a private link must not lie about
    address      where it goes, as it stood on file when it was made
    not_before   when it goes out at the earliest; moved on where a try failed, or in quiet hours
    """

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        TEXT = "text", "Text message"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        HANDING = "handing", "Being handed over"
        SENT = "sent", "Sent"
        KEPT = "kept", "Kept, sent to nobody"
        IN_DOUBT = "in_doubt", "In doubt"
        FAILED = "failed", "Not sent"
        CLOSED = "closed", "Closed"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=200, unique=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="messages")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, null=True, related_name="messages")
    member = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="messages")
    channel = models.CharField(max_length=5, choices=Channel)
    template = models.CharField(max_length=60)
    language = models.CharField(max_length=2)
    values = models.JSONField(default=dict)
    link = models.CharField(max_length=500, blank=True)
    address = models.CharField(max_length=254)
    asked_for = models.BooleanField(default=False)  # the patient waits for it: no quiet hours
    made_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    useless_after = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)  # not sent, in doubt, or closed

    class Meta:
        ordering = ("-made_at", "-pk")
        indexes: ClassVar = [
            models.Index(
                fields=("not_before", "id"),
                name="message_open",
                condition=Q(state__in=("waiting", "handing")),
            ),
            models.Index(fields=("state", "-made_at"), name="message_by_state"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(member=None) | Q(patient=None, guardian=None), name="message_has_one_reader"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.uid}"

    @property
    def may_be_held(self) -> bool:
        """Whether quiet hours and opt-outs hold it back: not where its reader waits for it, nor from a member."""
        return not self.asked_for and self.member_id is None

    @property
    def title(self) -> str:
        """What it is, for staff: `Appointment reminder`, `Check-in again`."""
        return self.template.replace("checkin", "check-in").replace("_", " ").capitalize()


class OptOut(models.Model):
    """An address that wants no messages: `STOP`, or the link in a message. `back_at`: it wants them again."""

    channel = models.CharField(max_length=5, choices=Message.Channel)
    address = models.CharField(max_length=254)
    at = models.DateTimeField(default=timezone.now)
    back_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("channel", "address"), name="opt_out_of")]


class ContactSettings(models.Model):
    """When the practice's messages may reach people: one row. Equal times: at any hour."""

    quiet_from = models.TimeField("No messages from", default=dt.time(20))
    quiet_until = models.TimeField("until", default=dt.time(8))
    changed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    @classmethod
    def load(cls) -> ContactSettings:
        """The one row; its defaults where nobody has changed any."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
