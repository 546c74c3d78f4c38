"""The printed sheets of a visit as the patient gets them."""

from __future__ import annotations

from pathlib import Path

from django.utils.formats import date_format

from openomt.care.accounts.models import Practice
from openomt.care.visits.models import Visit
from openomt.care.visits.printing import PrintableVisit, aftercare_pdf, note_pdf
from openomt.care.visits.printing.engine import pdf
from openomt.care.visits.printing.source import printable
from openomt.care.visits.printing.telling import page_data, part_data
from openomt.care.words import page_language, say, words
from openomt.medicine.narrative import patient_summary

TEMPLATE = Path(__file__).with_name("summary.typ")
KINDS = ("summary", "aftercare", "note")


def sheet(visit: Visit, kind: str, practice: Practice) -> bytes:
    """One of `KINDS`, in the language of the page (the note in the words it was signed in).

    Raises DocumentError where the signed document does not agree with its hash.
    """
    return printed(printable(visit, practice), kind)


def printed(visit: PrintableVisit, kind: str) -> bytes:
    """The sheet of a visit that was read already."""
    if kind == "aftercare":
        return aftercare_pdf(visit, page_language())
    return note_pdf(visit) if kind == "note" else _summary_pdf(visit)


def _summary_pdf(visit: PrintableVisit) -> bytes:
    """What was found, done and felt, and what comes next, in everyday words."""
    language = page_language()
    summary = patient_summary(visit.visit, language)
    title = say("mine.pdf_title", day=date_format(visit.date, "DATE_FORMAT"))
    whom = say("mine.pdf_whom", patient=visit.patient.name, clinician=visit.clinician)
    # The words for a draft or a missing signature are for staff; here they stand as a sentence.
    data = page_data(visit, title) | {
        "lang": language,
        "standing": "",
        "pages": words()["mine.pdf_page"][language],
        "identification": f"{visit.patient.name} · {date_format(visit.date, 'DATE_FORMAT')}",
        "foot": visit.practice.name,
        "whom": whom,
        "awaits": say("mine.visit_awaiting") if visit.standing else "",
        "parts": [part_data(part) for part in summary.parts],
        "notices": list(summary.notices),
    }
    return pdf(TEMPLATE, data)
