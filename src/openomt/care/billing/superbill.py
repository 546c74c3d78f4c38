"""The superbill: what a patient hands to a payer, or pays by. One page, tagged PDF."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openomt.care.accounts.models import Practice
from openomt.care.billing.coded import coded_of
from openomt.care.billing.models import Claim
from openomt.care.billing.outgoing import biller_of
from openomt.care.billing.values import ClaimLine
from openomt.care.patients.models import Patient
from openomt.care.visits.printing import CPT_NOTICE
from openomt.care.visits.printing.engine import pdf

TEMPLATE = Path(__file__).with_name("superbill.typ")


def superbill_pdf(claim: Claim, practice: Practice) -> bytes:
    """The superbill of a coded claim. Numbers of CPT stand on it only where the practice may show them."""
    return pdf(TEMPLATE, superbill_data(claim, practice))


def superbill_data(claim: Claim, practice: Practice) -> dict[str, Any]:
    """What the template is filled with."""
    patient, coded, person = claim.visit.patient, coded_of(claim), biller_of(claim)
    return {
        "lang": "en",
        "title": "Superbill",
        "practice": {
            "name": practice.name,
            "street": practice.street,
            "town": f"{practice.city}, {practice.state} {practice.postal_code}".strip(" ,"),
            "phone": practice.phone,
            "email": practice.email,
        },
        "identification": "",
        "standing": "",
        "pages": "Page {page} of {all}",
        "foot": f"{claim.number} · {patient.sorted_name} · born {patient.birth_date}",
        "facts": _pairs(
            _facts(claim, patient, practice), (("Rendered by", str(person)), ("NPI", person.npi))
        ),
        "diagnoses": [
            {"letter": one.letter, "number": one.number, "words": one.words} for one in coded.diagnoses
        ],
        "lines": [_line(line, cpt=practice.shows_cpt) for line in coded.billed],
        "reasons": [
            {"label": _shown(line, cpt=practice.shows_cpt), "text": text}
            for line in coded.billed
            for text in _reasons(line)
        ],
        "total": _amount(claim.total),
        "paid": _amount(claim.paid),
        "balance": _amount(claim.total - claim.paid) if claim.paid is not None else "",
        "rules": f"{coded.rules.title}. {coded.rules.explanation}." if coded.rules.title else "",
        "notice": f"{CPT_NOTICE}" if practice.shows_cpt else "",
    }


def _facts(claim: Claim, patient: Patient, practice: Practice) -> Iterable[tuple[str, str]]:
    yield "Patient", f"{patient.given_names} {patient.family_name}"
    yield "Date of service", claim.date.isoformat()
    yield "Born", patient.birth_date.isoformat()
    yield "Place of service", claim.place_of_service
    yield "Sex", patient.get_sex_display()
    yield "Practice NPI", practice.npi
    town = f"{patient.city}, {patient.state} {patient.postal_code}".strip(" ,")
    yield "Address", "\n".join(part for part in (patient.street, town) if part)
    yield "Tax ID", practice.tax_id
    yield "Payer", patient.payer or patient.get_payer_kind_display()
    yield "Claim", claim.number
    yield "Member ID", patient.member_id
    yield "Signed", f"{claim.visit.signed.signed_at:%Y-%m-%d}"


def _pairs(*groups: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Rows of two, left and right; a row with nothing on either side is left out."""
    rows = [row for group in groups for row in group]
    halves = zip(rows[0::2], rows[1::2], strict=True)
    return [row for left, right in halves if left[1] or right[1] for row in (left, right)]


def _line(line: ClaimLine, *, cpt: bool) -> dict[str, str]:
    return {
        "code": line.number if cpt else "",
        "words": line.words,
        "modifiers": ", ".join(one.number if cpt and one.number else one.words for one in line.modifiers),
        "pointers": " ".join(line.pointers),
        "units": str(line.units),
        "fee": _amount(line.fee),
        "charge": _amount(line.total) if line.fee is not None else "",
    }


def _shown(line: ClaimLine, *, cpt: bool) -> str:
    return line.number if cpt and line.number else line.words


def _reasons(line: ClaimLine) -> Iterable[str]:
    yield line.reason.text
    for modifier in line.modifiers:
        yield f"{modifier.words}: {modifier.reason.text}"
    for change in line.changes:
        yield f"{change.field} changed by hand from {change.was} to {change.now}: {change.words}"


def _amount(amount: Any) -> str:
    return "" if amount is None else f"${amount:,.2f}"
