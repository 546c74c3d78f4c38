"""Tells a visit: the physician's note and the patient's summary, each sentence traced to its data."""

from openomt.medicine.narrative.note import note
from openomt.medicine.narrative.patient import patient_summary
from openomt.medicine.narrative.render import questions_text, to_data, to_markdown, to_text
from openomt.medicine.narrative.trace import resolve
from openomt.medicine.narrative.values import (
    CodeLine,
    Missing,
    Note,
    Part,
    Question,
    Section,
    SectionKey,
    Sentence,
    Summary,
)

__all__ = [
    "CodeLine",
    "Missing",
    "Note",
    "Part",
    "Question",
    "Section",
    "SectionKey",
    "Sentence",
    "Summary",
    "note",
    "patient_summary",
    "questions_text",
    "resolve",
    "to_data",
    "to_markdown",
    "to_text",
]
