"""What a patient is asked to agree to, with the answers so far, and what they signed.

Neither row names the patient: the visit does, so that a merge of two records changes no signed row.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from openomt.care.accounts.models import User
from openomt.care.patients.models import Guardian
from openomt.care.visits.models import Visit


class Asking(models.Model):
    """A plan the patient is asked about. It may be answered again until the visit is signed.

    techniques   codes, in the order in which they are asked
    answers      what was answered so far (`answers.Answers`)
    signed_at    when the answers were last signed; null while they are open or being changed
    talk_at      when the patient said they have questions; `talk` their words; `talked_*` who talked with them
    ended_at     when another asking took its place, or somebody took it back
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="askings")
    techniques = models.JSONField()
    interpreter = models.CharField(max_length=120, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict)
    signed_at = models.DateTimeField(null=True)
    talk = models.TextField(blank=True)
    talk_at = models.DateTimeField(null=True)
    talked_at = models.DateTimeField(null=True)
    talked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("visit",), condition=Q(ended_at=None), name="one_open_asking")
        ]

    def __str__(self) -> str:
        return f"asking {self.uid}"

    @property
    def wants_to_talk(self) -> bool:
        """Whether the patient has questions nobody has talked over yet."""
        return self.talk_at is not None and self.talked_at is None


class Agreement(models.Model):
    """What was signed: the canonical document, whole, with its hash. The table only grows.

    supersedes      the one it takes the place of, which stays as it was signed
    techniques      of each: `code`, `texts` (the hash of what was shown), `answer` (yes, today, always)
    thrust          thrust refused altogether: empty, today or always
    understanding   of each question: `id`, `tries`, `right`
    assent          of a child: empty where not asked, else yes, no or unsure; `assent_words` what the child said
    device          on what it was signed: the patient's own phone, or a tablet of the practice
    """

    class Device(models.TextChoices):
        OWN = "own", "their own device"
        TABLET = "tablet", "the practice's tablet"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asking = models.ForeignKey(Asking, on_delete=models.PROTECT, related_name="agreements")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="agreements")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, null=True, related_name="+")
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="next")
    language = models.CharField(max_length=2)
    interpreter = models.CharField(max_length=120, blank=True)
    techniques = models.JSONField()
    thrust = models.CharField(max_length=6, blank=True)
    understanding = models.JSONField()
    assent = models.CharField(max_length=6, blank=True)
    assent_words = models.CharField(max_length=300, blank=True)
    signed_name = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    device = models.CharField(max_length=6, choices=Device)
    schema = models.PositiveSmallIntegerField()
    document = models.TextField()  # canonical JSON
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"agreement {self.uid}"

    def answered(self, *answers: str) -> tuple[str, ...]:
        """Codes of the techniques with one of these answers."""
        return tuple(one["code"] for one in self.techniques if one["answer"] in answers)

    @property
    def agreed(self) -> tuple[str, ...]:
        return self.answered("yes")

    @property
    def refused(self) -> dict[str, bool]:
        """Codes that are refused, and whether always. Thrust refused altogether is the code of thrust."""
        found = {one["code"]: one["answer"] == "always" for one in self.techniques if one["answer"] != "yes"}
        if self.thrust:
            found["HVLA"] = self.thrust == "always"
        return found

    @property
    def to_talk_over(self) -> tuple[str, ...]:
        """Questions that were not answered right after all tries."""
        return tuple(one["id"] for one in self.understanding if not one["right"])
