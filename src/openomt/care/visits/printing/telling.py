"""A told visit as plain data for a template: sections, parts, sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from openomt.care.times import spoken_time
from openomt.care.visits.printing.values import PrintableVisit, Signed
from openomt.medicine.narrative import Part, Section, Sentence

Data = dict[str, Any]


def section_data(section: Section) -> Data:
    return {"title": section.title, "parts": [part_data(part) for part in section.parts]}


def part_data(part: Part) -> Data:
    return {"title": part.title, "sentences": [sentence_data(one) for one in part.sentences]}


def sentence_data(one: Sentence) -> Data:
    return {"label": one.label, "text": one.text}


def practice_data(visit: PrintableVisit) -> Data:
    practice = visit.practice
    return {
        "name": practice.name,
        "street": practice.street,
        "town": practice.town,
        "phone": practice.phone,
        "email": practice.email,
    }


def identification(visit: PrintableVisit) -> str:
    """What stands on each page, so that a lost page finds its way back."""
    patient = visit.patient
    born = patient.birth_date.isoformat()
    return f"{patient.sorted_name} · born {born} · visit {visit.number}, {visit.date.isoformat()}"


def page_data(visit: PrintableVisit, title: str) -> Data:
    """What `page-of` of common.typ needs, in English."""
    return {
        "lang": "en",
        "title": title,
        "practice": practice_data(visit),
        "identification": identification(visit),
        "standing": visit.standing,
        "pages": "Page {page} of {all}",
        "foot": identification(visit),
    }


def moment(visit: PrintableVisit, at: dt.datetime) -> str:
    """A time of signing, in the practice's own time and with its zone."""
    local = visit.practice.local(at)
    return f"{local:%Y-%m-%d}, {spoken_time(local, 'en')} {local:%Z}".strip()


def signatures(visit: PrintableVisit) -> list[Data]:
    """The signatures under the visit, in the order in which they were given."""
    given = (("Signed electronically by", visit.signed), ("Co-signed electronically by", visit.cosigned))
    return [_signature(visit, said, one) for said, one in given if one is not None]


def _signature(visit: PrintableVisit, said: str, one: Signed) -> Data:
    return {"said": said, "by": one.by, "at": moment(visit, one.at), "words": one.words}


def fact_rows(rows: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The rows that say something, in an even number: they stand in pairs."""
    said = [row for row in rows if row[1]]
    return said if len(said) % 2 == 0 else [*said, ("", "")]
