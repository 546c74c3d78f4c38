"""What made-up patients are told to do at home. Each sentence is one of knowledge/: none of medicine is made up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from openomt.care.mine.services import advise
from openomt.care.patients.models import Patient
from openomt.knowledge import load
from openomt.knowledge.redflags import Aftercare, TriageResult
from openomt.site.demo.clock import clock
from openomt.site.demo.staff import Staff

_MOVE, _PACK = "thanks", "do-pack"


@dataclass(frozen=True, slots=True)
class Told:
    """Advice for one patient: which record says it, how long ago it was given, for how long (None: until ended)."""

    story: str
    record: str
    days_ago: int
    days: int | None = None


ADVICE = (
    Told("rosa", _MOVE, 14),
    Told("gus", _PACK, 28, 60),
    Told("gus", _MOVE, 28),
    Told("priya", _MOVE, 16),
    Told("priya", _PACK, 16, 60),
    Told("lucia", _MOVE, 8),
    Told("lucia", _PACK, 8, 60),
    Told("edith", _MOVE, 18),
    Told("ben", _PACK, 35, 14),  # over by now
)


def advice(staff: Staff, stories: dict[str, Patient], today: dt.date) -> None:
    """Writes it down as the physician told it, in the patient's language."""
    for told in ADVICE:
        patient = stories[told.story]
        with clock() as now:
            now.shown = dt.datetime.combine(
                today - dt.timedelta(days=told.days_ago), dt.time(16), tzinfo=dt.UTC
            )
            advise(staff.physicians[0], patient, sentence(told.record, patient.language), days=told.days)


def sentence(record: str, language: str) -> str:
    """The words of a record in a language; those of an answer to a check-in without its thanks."""
    if record == _MOVE:
        result = load().get(TriageResult, record)
        return (result.es if language == "es" else result.tell).partition(". ")[2]
    line = load().get(Aftercare, record)
    return line.es if language == "es" else line.en
