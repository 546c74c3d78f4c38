"""Everything that is kept about one patient, in one ZIP: rows for programs, sheets for people, and what is not in it.

Each table is named in `TABLES` with the way from a row to its patient, or in `LEFT_OUT` with the reason. A table of
a later day stands in neither: it is not given out, and a test fails until somebody decides.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

from openomt.care.accounts.models import Practice
from openomt.care.agree.models import Agreement
from openomt.care.agree.printing import agreement_pdf
from openomt.care.mine import sheets
from openomt.care.mine.home import visits_of
from openomt.care.patients.files import ENDINGS
from openomt.care.patients.models import Document, Patient
from openomt.care.visits.documents import DocumentError
from openomt.care.visits.printing.source import printable
from openomt.care.words import page_language, say

SCHEMA = 1
_IN_MEMORY = 8 * 1024 * 1024

TABLES = {
    "patients.Patient": "",
    "patients.Guardian": "patient",
    "patients.ProblemEntry": "patient",
    "patients.MedicineEntry": "patient",
    "patients.AllergyEntry": "patient",
    "patients.SurgeryEntry": "patient",
    "patients.PregnancyEntry": "patient",
    "patients.BoneDensityEntry": "patient",
    "patients.VitalsEntry": "patient",
    "patients.FactAnswer": "patient",
    "patients.RefusalEntry": "patient",
    "patients.Document": "patient",
    "patients.Course": "patient",
    "patients.Goal": "course__patient",
    "patients.OtherCare": "patient",
    "patients.StoryEntry": "patient",
    "contact.Message": "patient",
    "portal.PrivateLink": "patient",
    "portal.PortalBrowser": "patient",
    "portal.PatientPasskey": "patient",
    "booking.Appointment": "patient",
    "booking.BookingRequest": "patient",
    "booking.WaitingEntry": "patient",
    "booking.WaitingOffer": "entry__patient",
    "intake.Intake": "patient",
    "intake.Proposal": "patient",
    "intake.FormAnswer": "patient",
    "visits.Visit": "patient",
    "visits.SignedVisit": "visit__patient",
    "visits.CoSignature": "visit__patient",
    "visits.Addendum": "visit__patient",
    "visits.VisitRegion": "visit__patient",
    "visits.Order": "patient",
    "agree.Asking": "visit__patient",
    "agree.Agreement": "visit__patient",
    "billing.Claim": "visit__patient",
    "billing.ClaimStep": "claim__visit__patient",
    "followup.CheckIn": "patient",
    "followup.SymptomReport": "check_in__patient",
    "followup.Task": "patient",
    "followup.TaskEvent": "task__patient",
    "followup.Reply": "patient",
    "followup.AdverseEvent": "patient",
    "mine.Advice": "patient",
}
"""What is given out, and how a row knows its patient."""

LEFT_OUT = {
    "patients.Merge": "other",
    "patients.NotDuplicate": "other",
    "patients.OpenedGlass": "staff",
    "visits.DraftSave": "drafts",
}
"""What is not, and why: `mine.readme_left_<why>`."""

NOT_GIVEN = {
    "patients.Patient": frozenset(
        {
            "family_key",
            "last_key",
            "given_key",
            "called_key",
            "family_sound",
            "given_sound",
            "phone_digits",
            "merged_into",
        }
    ),
    "contact.Message": frozenset({"link", "key", "lease", "lease_until"}),
    "portal.PrivateLink": frozenset({"token_hash"}),
    "portal.PortalBrowser": frozenset({"token_hash"}),
    "portal.PatientPasskey": frozenset({"credential_id", "credential"}),
    "booking.BookingRequest": frozenset({"token_hash", "hold"}),
    "visits.Visit": frozenset({"draft", "revision"}),
    "patients.Document": frozenset({"content"}),
    "booking.WaitingOffer": frozenset({"hold"}),
    "billing.Claim": frozenset({"file"}),
}
"""Columns that are not given out: secrets, drafts, what only the search uses, what belongs to others."""


@dataclass(slots=True)
class _Made:
    """What was put into the file so far. `missing`: sheets that could not be made."""

    names: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def everything(patient: Patient, practice: Practice) -> IO[bytes]:
    """The ZIP, open at its beginning, in the language of the page. It is kept in memory only while it is small."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (whoever sends it closes it)
    made = _Made()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(patient, practice, made):
            archive.writestr(name, content)
            made.names.append(name)
        archive.writestr(
            "data.json", json.dumps(data(patient), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        )
        archive.writestr(_readme_name(), _readme(patient, practice, made))
    file.seek(0)
    return file


# Rows ---------------------------------------------------------------------------------------------------


def data(patient: Patient) -> dict[str, Any]:
    """Every row about the patient, by table."""
    return {
        "schema": SCHEMA,
        "made_at": timezone.now(),
        "tables": {label: list(_rows(label, patient)) for label in TABLES},
    }


def rows_of(label: str, patient: Patient) -> models.QuerySet[Any]:
    """The rows of one table that are given out."""
    model: type[models.Model] = apps.get_model(label)
    way = TABLES[label]
    found = model._default_manager.filter(**{way: patient} if way else {"pk": patient.pk})
    # A paper that was kept in error may be another person's.
    return found.filter(in_error=False) if model is Document else found


def columns_of(label: str) -> list[models.Field[Any, Any]]:
    """The columns that are given out."""
    left = NOT_GIVEN.get(label, frozenset())
    return [one for one in apps.get_model(label)._meta.concrete_fields if one.name not in left]


def _rows(label: str, patient: Patient) -> Iterator[dict[str, Any]]:
    columns = columns_of(label)
    rows = rows_of(label, patient).defer(*NOT_GIVEN.get(label, ())).order_by("pk")
    people = [one.name for one in columns if _is_named(one)]
    for row in rows.select_related(*people) if people else rows:
        yield {one.name: _value(row, one) for one in columns}


def _is_named(column: models.Field[Any, Any]) -> bool:
    """Whether a column points at something that is in no table of the file, such as a member: its name is given."""
    target = column.related_model
    return isinstance(target, type) and target._meta.label not in TABLES


def _value(row: models.Model, column: models.Field[Any, Any]) -> Any:
    if not _is_named(column):
        return getattr(row, column.attname)
    named = getattr(row, column.name)
    return None if named is None else str(named)


# Sheets -------------------------------------------------------------------------------------------------


def _files(patient: Patient, practice: Practice, made: _Made) -> Iterator[tuple[str, bytes]]:
    for visit in visits_of(patient).order_by("number"):
        folder = f"visits/{visit.number:03}-{visit.date}"
        try:
            read = printable(visit, practice)
        except DocumentError:
            made.missing.append(folder)
            continue
        for kind in sheets.KINDS:
            yield f"{folder}/{kind}.pdf", sheets.printed(read, kind)
    for agreement in Agreement.objects.filter(visit__patient=patient).order_by("pk"):
        name = f"agreements/{agreement.signed_at.date()}-{agreement.pk}.pdf"
        try:
            yield name, agreement_pdf(agreement, practice)
        except DocumentError:
            made.missing.append(name)
    yield from _papers(patient, made)


def _papers(patient: Patient, made: _Made) -> Iterator[tuple[str, bytes]]:
    """Files kept with the chart, as they were sent. Their names are ours: what others typed could lead elsewhere."""
    for number, row in enumerate(rows_of("patients.Document", patient).order_by("pk"), start=1):
        name = f"documents/{number:03}{ENDINGS.get(row.media_type, '')}"
        content = bytes(row.content)
        if hashlib.sha256(content).hexdigest() != row.sha256:
            made.missing.append(name)
            continue
        yield name, content


# What it is ---------------------------------------------------------------------------------------------


def _readme_name() -> str:
    return "README.txt" if page_language() == "en" else "LEAME.txt"


def _readme(patient: Patient, practice: Practice, made: _Made) -> str:
    there = {name.partition("/")[0] for name in made.names}
    lines = [
        say("mine.readme_title", patient=patient.name, practice=practice.name),
        say("mine.readme_made", day=date_format(timezone.localdate(), "DATE_FORMAT")),
        "",
        say("mine.readme_json"),
        *(say(f"mine.readme_{one}") for one in ("visits", "agreements", "documents") if one in there),
        "",
        say("mine.readme_left"),
        *(f"- {say(f'mine.readme_left_{why}')}" for why in ("keys", "other", "drafts", "staff")),
    ]
    if made.missing:
        lines += ["", say("mine.readme_not_made"), *(f"- {name}" for name in made.missing)]
    return "\n".join([*lines, ""])
