"""A patient and what is on record of them. Rows are never deleted: they end, or are marked entered in error."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self, TypeVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from openomt.care.accounts.models import User


class Patient(models.Model):
    """Who somebody is, how to reach them, what they come for. Search columns are kept by `services`."""

    class Sex(models.TextChoices):
        FEMALE = "female", "Female"
        MALE = "male", "Male"
        OTHER = "other", "Other or unknown"

    class Contact(models.TextChoices):
        EMAIL = "email", "E-mail"
        TEXT = "text", "Text message"
        PHONE = "phone", "Phone"
        NONE = "none", "Do not contact"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    family_name = models.CharField(max_length=80)
    given_names = models.CharField(max_length=80)
    called = models.CharField("Likes to be called", max_length=80, blank=True)
    pronouns = models.CharField(max_length=30, blank=True)
    birth_date = models.DateField(db_index=True)
    sex = models.CharField(max_length=6, choices=Sex)
    language = models.CharField(max_length=2, choices=[("en", "English"), ("es", "Spanish")], default="en")
    interpreter = models.BooleanField("Needs an interpreter", default=False)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    contact = models.CharField("Prefers", max_length=5, choices=Contact, default=Contact.PHONE)
    street = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=10, blank=True)
    payer = models.CharField(max_length=80, blank=True)
    payer_kind = models.CharField(
        max_length=20,
        choices=[
            ("commercial", "Commercial"),
            ("medicare", "Medicare"),
            ("medicaid", "Medicaid"),
            ("self_pay", "Self-pay"),
            ("other", "Other"),
        ],
        default="commercial",
    )
    payer_id = models.CharField("Payer ID for claims", max_length=20, blank=True)
    member_id = models.CharField("Member ID", max_length=40, blank=True)
    why_here = models.TextField("Why here", blank=True)
    what_matters = models.TextField("What matters to the patient, in their words", blank=True)
    restricted = models.BooleanField("Restricted chart", default=False)
    care_team = models.ManyToManyField(User, blank=True, related_name="+")
    # No index: nearly every row has none, and an index of such a column leads SQLite astray.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, db_index=False
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, editable=False, related_name="+")

    # kept by services.index
    family_key = models.CharField(max_length=80, editable=False, db_index=True)
    last_key = models.CharField(max_length=80, editable=False, db_index=True)  # last of several family names
    given_key = models.CharField(max_length=80, editable=False, db_index=True)
    called_key = models.CharField(max_length=80, editable=False, db_index=True)
    family_sound = models.CharField(max_length=40, editable=False, db_index=True)
    given_sound = models.CharField(max_length=40, editable=False, db_index=True)
    phone_digits = models.CharField(max_length=15, editable=False, db_index=True)

    class Meta:
        ordering = ("family_key", "given_key", "pk")
        indexes: ClassVar = [
            models.Index(fields=("family_key", "given_key", "id"), name="patient_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.called or self.given_names} {self.family_name}"

    @property
    def sorted_name(self) -> str:
        return f"{self.family_name}, {self.given_names}"


Row = TypeVar("Row", bound=models.Model)


class OnRecordQuerySet(models.QuerySet[Row]):
    """Entries of a chart."""

    def standing(self) -> Self:
        """What holds: neither a mistake nor ended without a day. Kinds with a day of their own say when they end."""
        return self.filter(in_error=False, closed_at=None)


class OnRecord(models.Model):
    """What every entry of a chart has: who entered it, when, and whether it was a mistake.

    closed_at, closed_by   when somebody ended it or marked it in error, and who
    """

    entered_at = models.DateTimeField(default=timezone.now, editable=False)
    entered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    in_error = models.BooleanField(default=False, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, editable=False, related_name="+")

    objects = OnRecordQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ("pk",)

    @property
    def standing(self) -> bool:
        """Whether it still counts."""
        return not self.in_error and self.closed_at is None


class Guardian(OnRecord):
    """Who answers for a child, or for somebody who cannot."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="guardians")
    name = models.CharField(max_length=120)
    relation = models.CharField(max_length=60)
    phone = models.CharField(max_length=30, blank=True)
    email = models.EmailField(blank=True)
    may_consent = models.BooleanField("May consent to treatment", default=True)
    phone_digits = models.CharField(max_length=15, editable=False, blank=True, default="")  # kept by services

    class Meta(OnRecord.Meta):
        indexes: ClassVar = [
            models.Index(
                fields=("phone_digits", "in_error", "closed_at", "patient"), name="guardian_by_phone"
            ),
        ]


class ProblemEntry(OnRecord):
    """An entry of the problem list, as written. Dates may be a year, a month or a day.

    code_title   the code's official title when it was entered
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="problems")
    text = models.CharField(max_length=300)
    code = models.CharField("ICD-10-CM", max_length=10, blank=True)
    code_title = models.CharField(max_length=300, blank=True, editable=False)
    onset = models.CharField(max_length=10, blank=True)
    resolved = models.CharField(max_length=10, blank=True)
    over = models.BooleanField("Resolved or inactive", default=False)


class MedicineEntry(OnRecord):
    """A medicine with its dose, as written."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="medicines")
    text = models.CharField(max_length=300)
    started = models.CharField(max_length=10, blank=True)
    stopped = models.CharField(max_length=10, blank=True)


class AllergyEntry(OnRecord):
    """An allergy. `none_known` is a statement of its own."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="allergies")
    text = models.CharField(max_length=200)
    reaction = models.CharField(max_length=200, blank=True)
    none_known = models.BooleanField(default=False)


class SurgeryEntry(OnRecord):
    """An operation, as written."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="surgeries")
    text = models.CharField(max_length=300)
    on = models.CharField(max_length=10, blank=True)


class PregnancyEntry(OnRecord):
    """A pregnancy, by its due date. `ended_on`: birth or loss."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="pregnancies")
    due_date = models.DateField()
    ended_on = models.DateField(null=True, blank=True)


class BoneDensityEntry(OnRecord):
    """A measurement of bone density."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="bone_densities")
    t_score = models.FloatField(
        "T-score", null=True, blank=True, validators=[MinValueValidator(-10), MaxValueValidator(10)]
    )
    site = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=300, blank=True)
    on = models.CharField(max_length=10, blank=True)


class VitalsEntry(OnRecord):
    """Vital signs of one moment. mm Hg, Celsius, beats a minute, percent."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="vitals")
    on = models.DateField()
    systolic = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(300)])
    diastolic = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(200)])
    temperature = models.FloatField(
        null=True, blank=True, validators=[MinValueValidator(25), MaxValueValidator(45)]
    )
    pulse = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(300)])
    spo2 = models.PositiveSmallIntegerField(
        "SpO2", null=True, blank=True, validators=[MaxValueValidator(100)]
    )


class FactAnswer(OnRecord):
    """What a clinician answered to a question of a safety rule (`no`: asked, and not so). The newest counts."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="fact_answers")
    code = models.CharField(max_length=80)
    region = models.CharField(max_length=20, blank=True)
    answer = models.CharField(max_length=6, choices=[("yes", "Yes"), ("no", "No"), ("unsure", "Unsure")])


class RefusalEntry(OnRecord):
    """A technique the patient never wants; one of a single visit stands in the visit."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="refusals")
    technique = models.CharField(max_length=40)
    words = models.CharField(max_length=200, blank=True)


class Document(OnRecord):
    """A file kept with the chart, in the database so that one backup holds everything.

    shared_at, shared_by   when the practice put it on the patient's page, and who; None: it is not there
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="documents")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=120)
    kind = models.CharField(
        max_length=12,
        choices=[
            ("report", "Report"),
            ("imaging", "Imaging"),
            ("letter", "Letter"),
            ("consent", "Consent"),
            ("other", "Other"),
        ],
    )
    dated = models.DateField(null=True, blank=True)
    name = models.CharField(max_length=200, editable=False)
    media_type = models.CharField(max_length=60, editable=False)
    size = models.PositiveIntegerField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    content = models.BinaryField(editable=False)
    shared_at = models.DateTimeField(null=True, editable=False)
    shared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, editable=False, related_name="+")


class Merge(models.Model):
    """Two records of one patient made one. `moved`: table to keys of rows, so that it can be undone."""

    kept = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")


class NotDuplicate(models.Model):
    """Two records that somebody looked at and said are two people."""

    first = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("first", "second"), name="pair_once")]


class OpenedGlass(models.Model):
    """A restricted chart opened with a reason, for a while."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()


class Course(OnRecord):
    """Several visits planned toward goals, with a point of review."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="courses")
    title = models.CharField(max_length=120)
    started_on = models.DateField()
    planned_visits = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    until = models.DateField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-started_on", "-pk")


class Goal(OnRecord):
    """What the patient wants to be able to do, 0 (cannot) to 10 (as before)."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="goals")
    text = models.CharField(max_length=200)
    start = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(10)])
    now = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(10)])
    target = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(10)])

    class Meta:
        ordering = ("pk",)


class OtherCare(OnRecord):
    """Another provider on the same plan."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="other_care")
    who = models.CharField(max_length=160)
    next_on = models.DateField(null=True, blank=True)
    words = models.CharField(max_length=200, blank=True)


class StoryEntry(OnRecord):
    """One line of the whole person: body, mind or spirit, in a few words. The newest of a label counts."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="story")
    part = models.CharField(max_length=6, choices=[("body", "Body"), ("mind", "Mind"), ("spirit", "Spirit")])
    label = models.CharField(max_length=30)
    text = models.CharField(max_length=300)
