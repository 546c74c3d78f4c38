"""The note on paper: as it was signed, word for word, with its signatures and addenda."""

from __future__ import annotations

from pathlib import Path

from openomt.care.visits.printing.engine import pdf
from openomt.care.visits.printing.telling import (
    Data,
    fact_rows,
    moment,
    page_data,
    section_data,
    signatures,
)
from openomt.care.visits.printing.values import PrintableVisit
from openomt.medicine.narrative import Note, SectionKey, note, to_text

TEMPLATE = Path(__file__).with_name("note.typ")
CPT_NOTICE = "CPT is a trademark of the American Medical Association."


def note_pdf(visit: PrintableVisit) -> bytes:
    """The physician's note, tagged. A draft says so on every page."""
    return pdf(TEMPLATE, note_data(visit))


def note_data(visit: PrintableVisit) -> Data:
    """What the template of a note is filled with.

    A signed note is told from its data only where that gives the very words that were signed; otherwise those
    words are printed as they stand.
    """
    told = note(visit.visit, codes=visit.codes)
    as_signed = not visit.signed_note or to_text(told) == visit.signed_note
    return page_data(visit, "Visit note") | {
        "foot": f"{visit.practice.name} · document {visit.sha256[:12]}"
        if visit.sha256
        else visit.practice.name,
        "facts": _facts(visit),
        "sections": _sections(told, visit) if as_signed else [],
        "verbatim": [] if as_signed else _blocks(visit.signed_note),
        "signatures": signatures(visit),
        "addenda": [
            {
                "title": f"Addendum {number}",
                "text": one.text,
                "said": "Signed electronically by",
                "by": one.by,
                "at": moment(visit, one.at),
                "words": "",
            }
            for number, one in enumerate(visit.addenda, 1)
        ],
        "notice": CPT_NOTICE if visit.shows_cpt else "",
    }


def _facts(visit: PrintableVisit) -> list[tuple[str, str]]:
    patient = visit.patient
    return fact_rows(
        (
            ("Patient", patient.sorted_name),
            ("Visit", f"{visit.number}, {visit.date.isoformat()}"),
            ("Born", patient.birth_date.isoformat()),
            ("Clinician", visit.clinician),
            ("Sex", patient.sex),
            ("Place", visit.location),
        )
    )


def _sections(told: Note, visit: PrintableVisit) -> list[Data]:
    """All of the note, save what stands at its head and under it anyway."""
    apart = {SectionKey.VISIT, SectionKey.SIGNATURE if visit.signed else None}
    return [section_data(section) for section in told.sections if section.key not in apart]


def _blocks(text: str) -> list[Data]:
    """The lines of a printed note under their headings, which alone begin at the left edge."""
    blocks: list[tuple[str, list[str]]] = []
    for line in text.split("\n"):
        if line and not line[0].isspace():
            blocks.append((line.capitalize(), []))
        elif blocks:
            blocks[-1][1].append(line)
    return [{"title": title, "text": "\n".join(lines).strip("\n")} for title, lines in blocks]
