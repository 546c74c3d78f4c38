"""A letter to a colleague: what was found, what was done and how it went, what is planned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from openomt.care.visits.printing.engine import pdf
from openomt.care.visits.printing.telling import Data, fact_rows, page_data, part_data, signatures
from openomt.care.visits.printing.values import PrintableVisit
from openomt.medicine.narrative import Note, Part, SectionKey, note

TEMPLATE = Path(__file__).with_name("letter.typ")
_TITLES = {
    SectionKey.SUBJECTIVE: "Complaint",
    SectionKey.OBJECTIVE: "Findings",
    SectionKey.ASSESSMENT: "Assessment",
    SectionKey.PROCEDURE: "Treatment",
    SectionKey.PLAN: "Plan",
}
_FOR_THE_RECORD = ("evaluation.", "billing.", "plan.functional_goal")
"""What a payer asks for and a colleague does not."""


def letter_pdf(visit: PrintableVisit) -> bytes:
    """The letter, on the practice's letterhead, tagged."""
    return pdf(TEMPLATE, letter_data(visit))


def letter_data(visit: PrintableVisit) -> Data:
    """What the template of a letter is filled with."""
    patient = visit.patient
    day = visit.date.isoformat()
    at = visit.practice.phone or visit.practice.email
    return page_data(visit, f"{patient.name}: visit of {day}") | {
        "date": visit.practice.local(visit.signed.at).date().isoformat() if visit.signed else "",
        "to": [line for line in (visit.to.name, *visit.to.lines) if line],
        "facts": fact_rows(
            (
                ("Patient", patient.sorted_name),
                ("Seen", f"{day}, visit {visit.number}"),
                ("Born", patient.birth_date.isoformat()),
                ("By", visit.clinician),
            )
        ),
        "salutation": f"Dear {visit.to.name}," if visit.to.name else "Dear colleague,",
        "opening": f"This is what was found and done at the visit of {day}.",
        "sections": list(_sections(note(visit.visit))),
        "closing": f"The whole note is sent on request{': ' + at if at else ''}.",
        "signatures": signatures(visit),
        "clinician": visit.clinician,
    }


def _sections(told: Note) -> Iterator[Data]:
    for section in told.sections:
        parts = [part for part in map(_for_colleague, section.parts) if part["sentences"]]
        if section.key in _TITLES and parts:
            yield {"title": _TITLES[section.key], "parts": parts}


def _for_colleague(part: Part) -> Data:
    data = part_data(part)
    data["sentences"] = [
        said
        for said, one in zip(data["sentences"], part.sentences, strict=True)
        if not all(path.startswith(_FOR_THE_RECORD) for path in one.origin)
    ]
    return data
