"""Everything that is written of a patient. Each change stands in one transaction with its entry in the audit.

Rows are never deleted: an entry ends, or is marked entered in error, with who and when.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import TypeVar, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.patients import codes, files, names
from openomt.care.patients.models import (
    AllergyEntry,
    BoneDensityEntry,
    Course,
    Document,
    FactAnswer,
    Goal,
    Guardian,
    MedicineEntry,
    NotDuplicate,
    OnRecord,
    OpenedGlass,
    OtherCare,
    Patient,
    PregnancyEntry,
    ProblemEntry,
    RefusalEntry,
    StoryEntry,
    SurgeryEntry,
    VitalsEntry,
)
from openomt.medicine.anatomy import Region
from openomt.medicine.safety.tables import tables

E = TypeVar("E", bound=OnRecord)
GLASS_HOURS = 4
NOUNS: dict[type[OnRecord], str] = {
    Guardian: "guardian",
    ProblemEntry: "problem",
    MedicineEntry: "medicine",
    AllergyEntry: "allergy",
    SurgeryEntry: "surgery",
    PregnancyEntry: "pregnancy",
    BoneDensityEntry: "bone_density",
    VitalsEntry: "vitals",
    FactAnswer: "fact",
    RefusalEntry: "refusal",
    Document: "document",
    Course: "course",
    Goal: "goal",
    OtherCare: "other_care",
    StoryEntry: "story",
}
"""What an entry of each kind is called in the audit: `problem.added`, `problem.ended`, `problem.in_error`."""


def index(patient: Patient) -> None:
    """Fills the columns that search compares. Saves nothing."""
    patient.family_key = names.key(patient.family_name)
    patient.last_key = names.last_part(patient.family_name)
    patient.given_key = names.key(patient.given_names)
    patient.called_key = names.key(patient.called)
    patient.family_sound = names.sound(patient.family_name)
    patient.given_sound = names.sound(next(iter(names.parts(patient.given_names)), ""))
    patient.phone_digits = names.digits(patient.phone)


def add_patient(by: User | None, *, address: str = "", **fields: object) -> Patient:
    """A new patient. Raises ValidationError naming the field."""
    patient = Patient(added_by=by, **fields)
    patient.full_clean(exclude=["added_by"])
    index(patient)
    with transaction.atomic():
        patient.save(force_insert=True)
        audit.record(by, "patient.added", patient_id=patient.pk, address=address)
    return patient


def change_patient(patient: Patient, by: User | None, *, address: str = "", **fields: object) -> list[str]:
    """Changes demographics or what the patient came for; the names of the fields that changed.

    Raises ValidationError naming the field.
    """
    with transaction.atomic():
        row = _locked(patient)
        changed = [name for name, value in fields.items() if getattr(row, name) != value]
        for name in changed:
            setattr(row, name, fields[name])
        if not changed:
            return []
        row.full_clean(exclude=["added_by", "merged_into"])
        index(row)
        row.save()
        audit.record(by, "patient.changed", patient_id=row.pk, detail={"fields": changed}, address=address)
    return changed


def restrict(
    patient: Patient, by: User, restricted: bool, care_team: Iterable[User], *, address: str = ""
) -> None:
    """Says who may open the chart without giving a reason; all may where it is not restricted."""
    team = list(care_team)
    if restricted and not team:
        raise ValidationError({"care_team": "Name at least one person who may open the chart."})
    with transaction.atomic():
        row = _locked(patient)
        row.restricted = restricted
        row.save(update_fields=["restricted"])
        row.care_team.set(team)
        detail: dict[str, object] = {"restricted": restricted, "care_team": sorted(user.pk for user in team)}
        audit.record(by, "patient.restricted", patient_id=row.pk, detail=detail, address=address)


def open_glass(patient: Patient, by: User, reason: str, *, address: str = "") -> OpenedGlass:
    """Opens a restricted chart to one person for a few hours."""
    now = timezone.now()
    with transaction.atomic():
        opened = OpenedGlass.objects.create(
            patient=patient, user=by, reason=reason, at=now, until=now + dt.timedelta(hours=GLASS_HOURS)
        )
        audit.record(by, "glass.opened", patient_id=patient.pk, subject=f"glass:{opened.pk}", address=address)
    return opened


# -- what is on record ---------------------------------------------------------------------------------


def enter(kind: type[E], patient: Patient, by: User | None, *, address: str = "", **fields: object) -> E:
    """Adds an entry of a kind (`ProblemEntry`, `MedicineEntry` …). Raises ValidationError naming the field.

    On a record that was merged, it is added to the kept one.
    """
    with transaction.atomic():
        row = _locked(patient)
        entry = kind(patient=row, entered_by=by, **fields)
        _prepare(entry)
        entry.full_clean(exclude=["patient", "entered_by", "closed_by"])
        if isinstance(entry, AllergyEntry):
            _settle_allergies(entry, by, address)
        entry.save(force_insert=True)
        _audit(entry, row.pk, by, "added", address)
    return entry


def end(entry: E, by: User | None, *, address: str = "", **fields: object) -> E:
    """Ends an entry: a problem is resolved, a medicine stopped, a refusal taken back.

    `fields`: what its kind keeps of its end (`resolved`, `stopped`, `ended_on`, `outcome`). One that has already
    ended stays as it is. Raises ValidationError naming the field.
    """
    if isinstance(entry, ProblemEntry):
        fields["over"] = True
    return _close(entry, by, "ended", fields, address)


def mark_in_error(entry: E, by: User | None, *, address: str = "") -> E:
    """Says that an entry was a mistake. It stays readable, and counts no more."""
    return _close(entry, by, "in_error", {"in_error": True}, address)


def answer_fact(  # noqa: PLR0913  (whose, by whom, what, where, and from which address)
    patient: Patient, by: User | None, code: str, answer: str, region: str = "", *, address: str = ""
) -> FactAnswer:
    """Keeps what a clinician answered to the question after a fact. Raises ValidationError for one nobody knows."""
    if code not in tables().codes:
        raise ValidationError({"code": "No rule knows this fact."})
    if region and region not in set(Region):
        raise ValidationError({"region": "There is no such region."})
    return enter(FactAnswer, patient, by, code=code, region=region, answer=answer, address=address)


def add_goal(course: Course, by: User | None, *, address: str = "", **fields: object) -> Goal:
    """Adds a goal to a course. Raises ValidationError naming the field."""
    goal = Goal(course=course, entered_by=by, **fields)
    goal.full_clean(exclude=["course", "entered_by", "closed_by"])
    with transaction.atomic():
        goal.save(force_insert=True)
        _audit(goal, course.patient_id, by, "added", address)
    return goal


def change_goal(goal: Goal, by: User | None, now: int | None, *, address: str = "") -> Goal:
    """Says where the patient stands with a goal today. Raises ValidationError naming the field."""
    with transaction.atomic():
        row: Goal = Goal.objects.select_for_update(of=("self",)).select_related("course").get(pk=goal.pk)
        row.now = now
        row.full_clean(exclude=["course", "entered_by", "closed_by"])
        row.save(update_fields=["now"])
        _audit(row, row.course.patient_id, by, "changed", address)
    return row


def add_document(  # noqa: PLR0913  (one argument for each thing kept of a file)
    patient: Patient,
    by: User,
    content: bytes,
    name: str,
    *,
    title: str,
    kind: str,
    dated: dt.date | None = None,
    address: str = "",
) -> Document:
    """Keeps a file with the chart. Raises ValidationError where it may not be kept, or is there already."""
    media_type = files.media_type(content)
    if media_type is None:
        raise ValidationError({"file": files.REFUSED})
    digest = hashlib.sha256(content).hexdigest()
    with transaction.atomic():
        row = _locked(patient)
        same = Document.objects.filter(patient=row, sha256=digest, in_error=False).only("title").first()
        if same is not None:
            raise ValidationError({"file": f"This file is already with the chart, as “{same.title}”."})
        document = Document(
            patient=row,
            entered_by=by,
            title=title,
            kind=kind,
            dated=dated,
            name=files.plain_name(name, media_type),
            media_type=media_type,
            size=len(content),
            sha256=digest,
            content=content,
        )
        document.full_clean(exclude=["patient", "entered_by", "closed_by", "content"])
        document.save(force_insert=True)
        audit.record(
            by, "document.added", patient_id=row.pk, subject=f"document:{document.uid}", address=address
        )
    return document


def share_document(document: Document, by: User, *, shared: bool, address: str = "") -> Document:
    """Puts a document on the patient's page, or takes it off. One that was kept in error is never shared."""
    with transaction.atomic():
        row = Document.objects.defer("content").select_for_update(of=("self",)).get(pk=document.pk)
        if row.in_error or (row.shared_at is not None) == shared:
            return row
        row.shared_at, row.shared_by = (timezone.now(), by) if shared else (None, None)
        row.save(update_fields=["shared_at", "shared_by"])
        _audit(row, row.patient_id, by, "shared" if shared else "unshared", address)
    return row


def not_duplicates(one: Patient, other: Patient, by: User, *, address: str = "") -> None:
    """Keeps that two records which look alike are two people."""
    first, second = sorted((one, other), key=lambda patient: patient.pk)
    with transaction.atomic():
        _, made = NotDuplicate.objects.get_or_create(first=first, second=second, defaults={"by": by})
        if made:
            detail: dict[str, object] = {"other": second.pk}
            audit.record(by, "duplicate.denied", patient_id=first.pk, detail=detail, address=address)


def _locked(patient: Patient) -> Patient:
    """The patient's row, held until the transaction ends; the kept one where it was merged meanwhile."""
    row = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    if row.merged_into_id is not None:
        row = Patient.objects.select_for_update(no_key=True).get(pk=row.merged_into_id)
    return row


def _prepare(entry: OnRecord) -> None:
    if isinstance(entry, Guardian):
        entry.phone_digits = names.digits(entry.phone)
    if isinstance(entry, ProblemEntry) and entry.code:
        entry.code = codes.normal(entry.code)
        title = codes.title(entry.code)
        if title is None:
            raise ValidationError({"code": "ICD-10-CM has no such code."})
        entry.code_title = title[:300]
        entry.text = entry.text or entry.code_title
    if isinstance(entry, AllergyEntry) and entry.none_known:
        entry.text = "None known"


def _settle_allergies(entry: AllergyEntry, by: User | None, address: str) -> None:
    """`None known` and an allergy cannot both stand: an allergy ends the statement, not the other way round."""
    standing = AllergyEntry.objects.standing().filter(patient=entry.patient)
    if not entry.none_known:
        for statement in standing.filter(none_known=True):
            end(statement, by, address=address)
    elif standing.exists():
        raise ValidationError("Allergies are on record. End them first, or mark them entered in error.")


def _close(entry: E, by: User | None, verb: str, fields: dict[str, object], address: str) -> E:
    with transaction.atomic():
        row = cast(E, type(entry)._default_manager.select_for_update(of=("self",)).get(pk=entry.pk))
        if row.in_error or (row.closed_at is not None and verb == "ended"):
            return row
        for name, value in fields.items():
            setattr(row, name, value)
        row.closed_at, row.closed_by = timezone.now(), by
        if verb == "ended":
            row.full_clean(exclude=["patient", "course", "entered_by", "closed_by"])
        row.save(update_fields=[*fields, "closed_at", "closed_by"])
        _audit(row, _owner(row), by, verb, address)
    return row


def _owner(entry: OnRecord) -> int:
    """The key of the patient whose entry it is."""
    owner: int = (entry.course if isinstance(entry, Goal) else entry).patient_id  # type: ignore[attr-defined]
    return owner


def _audit(entry: OnRecord, patient_id: int, by: User | None, verb: str, address: str) -> None:
    noun = NOUNS[type(entry)]
    audit.record(by, f"{noun}.{verb}", patient_id=patient_id, subject=f"{noun}:{entry.pk}", address=address)
