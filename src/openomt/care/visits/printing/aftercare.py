"""The sheet a patient takes home, in English or Spanish. Its medical words all stand in knowledge/."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from openomt.care.times import spoken_time
from openomt.care.visits.printing.engine import pdf
from openomt.care.visits.printing.telling import Data, page_data, part_data, sentence_data
from openomt.care.visits.printing.values import LANGUAGES, PrintableVisit
from openomt.knowledge import load
from openomt.knowledge.narrative import Phrase
from openomt.knowledge.redflags import Aftercare, TriageResult
from openomt.medicine.narrative import Sentence, Summary, patient_summary

TEMPLATE = Path(__file__).with_name("aftercare.typ")
_EMERGENCY = "911"
_THIS_SHEET = "aftercare sheet"


def aftercare_pdf(visit: PrintableVisit, language: str = "en") -> bytes:
    """The sheet, tagged. Raises ValueError for a language other than `en` or `es`."""
    return pdf(TEMPLATE, aftercare_data(visit, language))


def aftercare_data(visit: PrintableVisit, language: str = "en") -> Data:
    """What the template of the sheet is filled with: danger first, then what was done, then what was found."""
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}: there are {' and '.join(LANGUAGES)}")
    speaker = _Speaker(language)
    summary = patient_summary(visit.visit, language)
    calls = speaker.advice("call")
    notices = _notices(summary, speaker)
    return page_data(visit, speaker.word("title")) | {
        "lang": language,
        "standing": _standing(visit, speaker),
        "pages": speaker.word("page"),
        "foot": " ".join([*notices, speaker.word("other_language")]),
        "whom": speaker.word(
            "whom", patient=visit.patient.name, date=speaker.day(visit.date), clinician=visit.clinician
        ),
        "call-us": (language == "en" and visit.practice.hours) or speaker.word("call_us"),
        "advice": [
            {"title": speaker.word(group), "lines": speaker.advice(group)} for group in ("expect", "do")
        ],
        "same-day": {
            "title": speaker.phrase("next.precautions"),
            "lines": [line for line in calls if _EMERGENCY not in line],
        },
        "emergency": {
            "title": speaker.emergency(),
            "lines": [line for line in calls if _EMERGENCY in line],
        },
        "next": _next(visit, summary, speaker),
        "parts": _told(summary, speaker),
        "notices": notices,
    }


def _standing(visit: PrintableVisit, speaker: _Speaker) -> str:
    if visit.signed is None:
        return speaker.word("draft")
    return speaker.word("awaiting") if visit.standing else ""


def _told(summary: Summary, speaker: _Speaker) -> list[list[Data]]:
    """Two columns: what was done; how it went and what was found."""
    titles = {name: speaker.phrase(f"heading.{name}") for name in ("found", "done", "next")}
    parts = {part.title: part_data(part) for part in summary.parts if part.title != titles["next"]}
    done = [_once(parts.pop(titles["done"]))] if titles["done"] in parts else []
    found = [parts.pop(titles["found"])] if titles["found"] in parts else []
    return [column for column in (done, [*parts.values(), *found]) if column]


def _once(part: Data) -> Data:
    """A method that served several regions is explained at the first."""
    told: list[Data] = []
    for one in part["sentences"]:
        if not one["label"] or one not in told:
            told.append(one)
    return part | {"sentences": told}


def _next(visit: PrintableVisit, summary: Summary, speaker: _Speaker) -> list[Data]:
    """The plan in the physician's words, then the days that are fixed."""
    planned = speaker.phrase("heading.next")
    said = [
        sentence_data(one)
        for part in summary.parts
        if part.title == planned
        for one in part.sentences
        if not _names_this_sheet(one)
    ]
    if visit.check_ins:
        days = "; ".join(speaker.day(one) for one in visit.check_ins)
        said.append({"label": speaker.word("ask"), "text": days})
    if visit.next_visit is not None:
        at = visit.practice.local(visit.next_visit)
        text = speaker.word("at", date=speaker.day(at.date()), time=spoken_time(at, speaker.language))
        said.append({"label": speaker.word("next_visit"), "text": text})
    return said


def _names_this_sheet(one: Sentence) -> bool:
    """Whether the note only says that this sheet was given: the patient holds it."""
    return one.quoted and _THIS_SHEET in one.text.casefold()


def _notices(summary: Summary, speaker: _Speaker) -> list[str]:
    """That words of this page still wait for a physician, or for a translator."""
    found = ["notice.review"] if summary.awaiting_review or speaker.awaits_review else []
    if speaker.language != "en" and (summary.awaiting_translation or speaker.awaits_translation):
        found.append("notice.translation")
    return [speaker.phrase(name) for name in found]


class _Speaker:
    """Finds words in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def word(self, name: str, **slots: str) -> str:
        """A heading or label of the page."""
        text: str = _words()[name][self.language]
        return text.format(**slots) if slots else text

    def phrase(self, record_id: str, **slots: str) -> str:
        record = load().get(Phrase, record_id)
        return (record.en if self.language == "en" else record.es).format(**slots)

    def day(self, day: dt.date) -> str:
        month = self.phrase(f"month.{day.month}")
        return self.phrase("date.format", day=str(day.day), month=month, year=str(day.year))

    def advice(self, group: str) -> list[str]:
        records = (record for record in load().all(Aftercare) if record.group == group)
        ordered = sorted(records, key=lambda record: record.order)
        return [record.en if self.language == "en" else record.es for record in ordered]

    def emergency(self) -> str:
        record = load().get(TriageResult, "E")
        return record.tell if self.language == "en" else record.es

    @property
    def awaits_review(self) -> bool:
        return any(record.reviewed is None for record in load().all(Aftercare))

    @property
    def awaits_translation(self) -> bool:
        return any(record.translation_reviewed is None for record in load().all(Aftercare))


@cache
def _words() -> dict[str, Any]:
    return tomli.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
