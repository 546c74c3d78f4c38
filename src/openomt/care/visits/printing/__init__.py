"""A visit on paper: the note, a letter to a colleague, the sheet a patient takes home. All are tagged PDF."""

from openomt.care.visits.printing.aftercare import aftercare_pdf
from openomt.care.visits.printing.letter import letter_pdf
from openomt.care.visits.printing.note import CPT_NOTICE, note_pdf
from openomt.care.visits.printing.values import (
    Addition,
    Letterhead,
    PrintableVisit,
    PrintedPatient,
    Recipient,
    Signed,
)

__all__ = [
    "CPT_NOTICE",
    "Addition",
    "Letterhead",
    "PrintableVisit",
    "PrintedPatient",
    "Recipient",
    "Signed",
    "aftercare_pdf",
    "letter_pdf",
    "note_pdf",
]
