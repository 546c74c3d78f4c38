"""A visit of the database as a value to print."""

from __future__ import annotations

from dataclasses import replace

from django.utils import timezone

from openomt.care.accounts.models import Practice
from openomt.care.booking.models import FREED, Appointment
from openomt.care.patients.models import Patient
from openomt.care.visits.around import around
from openomt.care.visits.documents import Document, open_document
from openomt.care.visits.drafts import draft_from, value
from openomt.care.visits.models import SignedVisit, Visit
from openomt.care.visits.printing.values import (
    Addition,
    Letterhead,
    PrintableVisit,
    PrintedPatient,
    Recipient,
    Signed,
)
from openomt.care.visits.signing import code_lines
from openomt.medicine.coding import code
from openomt.medicine.narrative import CodeLine, note, to_text
from openomt.medicine.visit import Visit as VisitValue


def printable(visit: Visit, practice: Practice, to: Recipient | None = None) -> PrintableVisit:
    """A visit with all that is printed around it: as signed, or as the draft now stands.

    Raises DocumentError where a signed document does not agree with its hash.
    """
    signed = SignedVisit.objects.filter(visit=visit).first()
    base = _signed(visit, signed) if signed else _draft(visit, practice)
    upcoming = (
        Appointment.objects.filter(patient_id=visit.patient_id, start__gt=timezone.now())
        .exclude(status__in=FREED)
        .order_by("start")
        .values_list("start", flat=True)
        .first()
    )
    return replace(base, practice=letterhead(practice), to=to or Recipient(), next_visit=upcoming)


def letterhead(practice: Practice) -> Letterhead:
    town = f"{practice.city}, {practice.state} {practice.postal_code}".strip(" ,")
    return Letterhead(
        practice.name,
        street=practice.street,
        town=town,
        phone=practice.phone,
        email=practice.email,
        zone=practice.zone,
    )


def printed_patient(patient: Patient) -> PrintedPatient:
    return PrintedPatient(
        patient.family_name, patient.given_names, patient.birth_date, patient.get_sex_display()
    )


def _draft(visit: Visit, practice: Practice) -> PrintableVisit:
    told = value(draft_from(visit.draft), around(visit, cpt=practice.shows_cpt).circumstances)
    return PrintableVisit(
        practice=letterhead(practice),
        patient=printed_patient(visit.patient),
        visit=told,
        clinician=str(visit.clinician),
        number=visit.number,
        date=visit.date,
        location=_place(visit),
        codes=code_lines(code(told, cpt=practice.shows_cpt)),
        shows_cpt=practice.shows_cpt,
    )


def _signed(visit: Visit, signed: SignedVisit) -> PrintableVisit:
    document = open_document(signed)
    codes, shows_cpt = _codes_as_signed(document.visit, signed.note)
    cosignature = getattr(visit, "cosignature", None)
    return PrintableVisit(
        practice=Letterhead(""),
        patient=_as_signed(document, visit.patient),
        visit=document.visit,
        clinician=signed.signed_as,
        number=visit.number,
        date=visit.date,
        location=document.data["location"],
        signed=Signed(signed.signed_as, signed.signed_at),
        cosigned=Signed(cosignature.signed_as, cosignature.signed_at, cosignature.words)
        if cosignature
        else None,
        awaits=visit.state == Visit.State.AWAITING,
        addenda=tuple(Addition(one.text, one.signed_as, one.signed_at) for one in visit.addenda.all()),
        signed_note=signed.note,
        codes=codes,
        shows_cpt=shows_cpt,
        sha256=signed.sha256,
    )


def _codes_as_signed(told: VisitValue, text: str) -> tuple[tuple[CodeLine, ...], bool]:
    """The codes that stand in the note as it was signed, and whether they are numbers of CPT."""
    for cpt in (False, True):
        codes = code_lines(code(told, cpt=cpt))
        if to_text(note(told, codes=codes)) == text:
            return codes, cpt
    return (), False


def _as_signed(document: Document, patient: Patient) -> PrintedPatient:
    """The patient as the signed document names them: a name that changed later does not change it."""
    said = document.data["patient"]
    today = printed_patient(patient)
    return replace(today, family_name=said["family_name"], given_names=said["given_names"])


def _place(visit: Visit) -> str:
    return visit.location.name if visit.location else ""
