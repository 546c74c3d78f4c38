"""Two records of one patient made one, and taken apart again.

Merging points every row of every table that refers to the one record at the other. The tables are found through the
models, so that those of later steps are covered. `Merge.moved` keeps what moved; undoing moves exactly that back.
Signed documents hold no key of a patient, so none of them changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ForeignKey, Max
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.models import User
from openomt.care.patients.models import Merge, NotDuplicate, OpenedGlass, Patient

_STAY: tuple[type[models.Model], ...] = (Merge, NotDuplicate, OpenedGlass)
"""What is said of a record itself: its merges, what it is not, and who was let into it with a reason."""


@dataclass(slots=True)
class Moved:
    """What a merge moved, as it is kept.

    rows        keys of rows by `app.model.field`
    numbers     old numbers of rows by `app.model.field`, then by key, where two rows would have had the same
    stayed      how many rows by `app.model.field` could not move, because the kept record has their like
    restricted  whether the kept record was restricted before
    """

    rows: dict[str, list[int]] = field(default_factory=dict)
    numbers: dict[str, dict[str, int]] = field(default_factory=dict)
    stayed: dict[str, int] = field(default_factory=dict)
    restricted: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "numbers": self.numbers,
            "stayed": self.stayed,
            "restricted": self.restricted,
        }


def references() -> list[ForeignKey[Any, Any]]:
    """Every field of every table that points at a patient and moves with the record."""
    found = [
        relation.field
        for relation in Patient._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel) and relation.related_model not in _STAY
    ]
    return sorted(found, key=_name)


def merge(kept: Patient, gone: Patient, by: User, *, address: str = "") -> Merge:
    """Moves all that belongs to `gone` to `kept`. Raises ValidationError where the two cannot be merged."""
    with transaction.atomic():
        kept, gone = _both(kept, gone)
        moved = Moved(restricted=kept.restricted)
        for reference in references():
            _move(reference, kept, gone, moved)
        kept.restricted = kept.restricted or gone.restricted
        kept.save(update_fields=["restricted"])
        gone.merged_into = kept
        gone.save(update_fields=["merged_into"])
        done = Merge.objects.create(kept=kept, gone=gone, moved=moved.as_json(), by=by)
        for patient, other in ((kept, gone), (gone, kept)):
            detail: dict[str, object] = {"kept": kept.pk, "gone": gone.pk, "other": other.pk}
            audit.record(by, "patient.merged", patient_id=patient.pk, detail=detail, address=address)
    return done


def undo(done: Merge, by: User, *, address: str = "") -> None:
    """Moves back exactly what a merge moved. Rows added to the kept record since then stay with it.

    Raises ValidationError where it was undone already, or a later merge has to be undone first.
    """
    with transaction.atomic():
        kept, gone = _lock(done.kept_id, done.gone_id)
        row = Merge.objects.select_for_update(of=("self",)).get(pk=done.pk)
        if row.undone_at is not None:
            raise ValidationError("This merge has been undone already.")
        if kept.merged_into_id is not None:
            raise ValidationError("The kept record was merged again since. Undo the later merge first.")
        _move_back(row.moved, gone)
        if _was_restricted_by(row, kept, gone):
            kept.restricted = False
            kept.save(update_fields=["restricted"])
        gone.merged_into = None
        gone.save(update_fields=["merged_into"])
        row.undone_at, row.undone_by = timezone.now(), by
        row.save(update_fields=["undone_at", "undone_by"])
        for patient, other in ((kept, gone), (gone, kept)):
            detail: dict[str, object] = {"kept": kept.pk, "gone": gone.pk, "other": other.pk}
            audit.record(by, "patient.unmerged", patient_id=patient.pk, detail=detail, address=address)


def standing_merges(patient: Patient) -> list[Merge]:
    """The merges that made this record what it is, newest first."""
    rows = Merge.objects.filter(kept=patient, undone_at=None).select_related("gone", "by")
    return list(rows.order_by("-pk"))


def counts(patient: Patient) -> dict[type[models.Model], int]:
    """How many rows of each kind belong to a record, for the comparison."""
    found: dict[type[models.Model], int] = {}
    for reference in references():
        model = reference.model
        if model is Patient or model._meta.auto_created:
            continue
        number = model._default_manager.filter(**{reference.name: patient}).count()
        if number:
            found[model] = found.get(model, 0) + number
    return found


def _both(kept: Patient, gone: Patient) -> tuple[Patient, Patient]:
    if kept.pk == gone.pk:
        raise ValidationError("These are one record.")
    kept, gone = _lock(kept.pk, gone.pk)
    if kept.merged_into_id is not None or gone.merged_into_id is not None:
        raise ValidationError("One of the two was merged meanwhile. Look again.")
    return kept, gone


def _lock(kept: int, gone: int) -> tuple[Patient, Patient]:
    """Both rows, held until the transaction ends; always in the same order, so that two merges cannot wait in a ring.

    FOR UPDATE: whoever is adding an entry to one of them (and holds its key) is waited for.
    """
    rows = {
        row.pk: row for row in Patient.objects.select_for_update().filter(pk__in=(kept, gone)).order_by("pk")
    }
    return rows[kept], rows[gone]


def _was_restricted_by(row: Merge, kept: Patient, gone: Patient) -> bool:
    """Whether this merge alone made the kept chart a restricted one. In doubt it stays so."""
    if row.moved["restricted"] or not gone.restricted or kept.care_team.exists():
        return False
    return not Merge.objects.filter(kept=kept, pk__gt=row.pk, undone_at=None).exists()


def _name(reference: ForeignKey[Any, Any]) -> str:
    return f"{reference.model._meta.label_lower}.{reference.name}"


def _by_name(name: str) -> ForeignKey[Any, Any]:
    label, _, column = name.rpartition(".")
    found = apps.get_model(label)._meta.get_field(column)
    if not isinstance(found, ForeignKey):
        raise TypeError(name)
    return found


def _move(reference: ForeignKey[Any, Any], kept: Patient, gone: Patient, moved: Moved) -> None:
    model, name = reference.model, _name(reference)
    rows = model._default_manager.filter(**{reference.name: gone}).order_by("pk")
    keys = list(rows.values_list("pk", flat=True))
    if not keys:
        return
    partners = _partners(reference)
    if partners is not None and _is_number(model, partners):
        moved.numbers[name] = _renumber(reference, partners[0], kept, keys)
        moved.rows[name] = keys
        return
    taken = _taken(reference, partners, kept, rows) if partners is not None else set()
    moving = [key for key in keys if key not in taken]
    if taken:
        moved.stayed[name] = len(taken)
    if moving:
        model._default_manager.filter(pk__in=moving).update(**{reference.name: kept})
        moved.rows[name] = moving


def _partners(reference: ForeignKey[Any, Any]) -> tuple[str, ...] | None:
    """The fields that together with the patient may stand once; none: the patient alone. None: nothing is unique."""
    if reference.unique:
        return ()
    options = reference.model._meta
    groups = [tuple(group) for group in options.unique_together]
    groups += [tuple(one.fields) for one in options.total_unique_constraints]
    for group in groups:
        if reference.name in group:
            return tuple(column for column in group if column != reference.name)
    return None


def _is_number(model: type[models.Model], partners: tuple[str, ...]) -> bool:
    """Whether the patient's rows are numbered, so that a moved one can take the next free number."""
    return len(partners) == 1 and isinstance(model._meta.get_field(partners[0]), models.IntegerField)


def _renumber(reference: ForeignKey[Any, Any], number: str, kept: Patient, keys: list[int]) -> dict[str, int]:
    """Moves numbered rows behind those of the kept record, whose numbers stand in print; the old numbers."""
    manager = reference.model._default_manager
    highest = manager.filter(**{reference.name: kept}).aggregate(highest=Max(number))["highest"] or 0
    old = dict(manager.filter(pk__in=keys).order_by(number).values_list("pk", number))
    for place, key in enumerate(old, start=1):
        manager.filter(pk=key).update(**{reference.name: kept, number: highest + place})
    return {str(key): value for key, value in old.items()}


def _taken(
    reference: ForeignKey[Any, Any], partners: tuple[str, ...], kept: Patient, rows: models.QuerySet[Any]
) -> set[int]:
    """Rows of which the kept record has the like already."""
    manager = reference.model._default_manager
    there = set(manager.filter(**{reference.name: kept}).values_list(*partners or ("pk",)))
    if not partners:
        return set(rows.values_list("pk", flat=True)) if there else set()
    return {key for key, *values in rows.values_list("pk", *partners) if tuple(values) in there}


def _move_back(moved: dict[str, Any], gone: Patient) -> None:
    for name, keys in moved["rows"].items():
        reference = _by_name(name)
        manager = reference.model._default_manager
        numbers = moved["numbers"].get(name)
        if numbers is None:
            manager.filter(pk__in=keys).update(**{reference.name: gone})
            continue
        partners = _partners(reference) or ()
        for key in keys:
            manager.filter(pk=key).update(**{reference.name: gone, partners[0]: numbers[str(key)]})
