"""The signed agreement as a PDF for the patient, in the language they signed in, out of the signed document alone."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from openomt.care.accounts.models import Practice
from openomt.care.agree.models import Agreement
from openomt.care.times import spoken_time
from openomt.care.visits.documents import DocumentError, digest
from openomt.care.visits.printing.engine import pdf
from openomt.care.visits.printing.source import letterhead
from openomt.care.visits.printing.telling import Data
from openomt.care.words import say
from openomt.knowledge.loader import load
from openomt.knowledge.narrative import Phrase

TEMPLATE = Path(__file__).with_name("agreement.typ")
_PLAN = ("expect", "common", "rare", "other_ways", "rights", "call")
_HEADS = {"common": "how_often"}
_MARKS = {"K": "learning.mark_K", "?": "learning.mark_unsure"}


def agreement_pdf(agreement: Agreement, practice: Practice) -> bytes:
    """The agreement, tagged. Raises DocumentError where the document does not agree with its hash."""
    return pdf(TEMPLATE, agreement_data(agreement, practice))


def agreement_data(agreement: Agreement, practice: Practice) -> Data:
    """What the template is filled with."""
    if digest(agreement.document) != agreement.sha256:
        raise DocumentError(f"agreement {agreement.uid}: the signed document was changed")
    document = json.loads(agreement.document)
    teller = _Teller(agreement.language, practice)
    patient, signed = document["patient"], document["signed"]
    return {
        "title": teller.word("pdf_title"),
        "lang": agreement.language,
        "practice": {"name": practice.name, "phone": practice.phone},
        "identification": f"{patient['family_name']}, {patient['given_names']}",
        "standing": "",
        "pages": say("agree.pdf_page", agreement.language, page="{page}", all="{all}"),
        "foot": teller.word("pdf_unread"),
        "letterhead": _head(practice),
        "whom": teller.word(
            "pdf_whom",
            patient=f"{patient['given_names']} {patient['family_name']}",
            born=teller.day(dt.date.fromisoformat(patient["birth_date"])),
            day=teller.day(dt.date.fromisoformat(document["visit"]["date"])),
            clinician=document["clinician"],
        ),
        "answers-title": teller.word("pdf_answers"),
        "answers": _answers(document, teller),
        "asked-title": teller.word("pdf_asked"),
        "asked": [
            [one["question"], teller.word("pdf_right" if one["right"] else "pdf_talk")]
            for one in document["understanding"]
        ],
        "signature": {
            "said": _signed_by(document, teller),
            "by": "",
            "at": _at(dt.datetime.fromisoformat(signed["at"]), teller, signed["device"]),
            "words": _interpreter(document, teller),
        },
        "replaces": _replaces(agreement, teller),
        "version": teller.word("pdf_version", version=_version(document), seal=agreement.sha256[:16]),
        "read-title": teller.word("pdf_read"),
        "read": [*_techniques(document, teller), *_plan(document, teller)],
    }


class _Teller:
    """Words, days and times in one language."""

    def __init__(self, language: str, practice: Practice) -> None:
        self.language = language
        self.letterhead = letterhead(practice)

    def word(self, key: str, /, **values: object) -> str:
        return say(f"agree.{key}", self.language, **values)

    def day(self, day: dt.date) -> str:
        form, month = load().get(Phrase, "date.format"), load().get(Phrase, f"month.{day.month}")
        return str(getattr(form, self.language)).format(
            day=day.day, month=getattr(month, self.language), year=day.year
        )

    def moment(self, at: dt.datetime) -> dict[str, str]:
        local = self.letterhead.local(at)
        return {"day": self.day(local.date()), "time": spoken_time(local, self.language)}


def _head(practice: Practice) -> dict[str, str]:
    head = letterhead(practice)
    return {"name": head.name, "street": head.street, "town": head.town, "phone": head.phone, "email": ""}


def _answers(document: Any, teller: _Teller) -> list[list[str]]:
    rows = [[one["text"]["name"], teller.word(one["answer"])] for one in document["techniques"]]
    if document["thrust"] and all(one["code"] != "HVLA" for one in document["techniques"]):
        rows.append([teller.word("thrust_row"), teller.word(document["thrust"])])
    if child := document["assent"]:
        said = teller.word(f"assent_{child['answer']}")
        rows.append([teller.word("pdf_child"), f"{said}: “{child['words']}”" if child["words"] else said])
    return rows


def _signed_by(document: Any, teller: _Teller) -> str:
    name, guardian = document["signed"]["name"], document["guardian"]
    if guardian:
        return teller.word("pdf_guardian", name=name, relation=guardian["relation"])
    return teller.word("pdf_patient", name=name)


def _interpreter(document: Any, teller: _Teller) -> str:
    name = document["interpreter"]
    return teller.word("interpreter_is", name=name) if name else ""


def _at(at: dt.datetime, teller: _Teller, device: str) -> str:
    return teller.word("pdf_at", **teller.moment(at), device=teller.word(f"device_{device}"))


def _replaces(agreement: Agreement, teller: _Teller) -> str:
    if agreement.supersedes is None:
        return ""
    return teller.word("pdf_replaces", **teller.moment(agreement.supersedes.signed_at))


def _techniques(document: Any, teller: _Teller) -> list[Data]:
    """Each technique as it was shown, under its name."""
    found = []
    for one in document["techniques"]:
        text = one["text"]
        lines = [line for name in ("does", "feel", "do", "after", "rare") for line in text[name]]
        found.append({"title": text["name"], "lines": _lines(lines, teller)})
    return found


def _plan(document: Any, teller: _Teller) -> list[Data]:
    return [
        {
            "title": teller.word(_HEADS.get(name, name)),
            "lines": _lines(document["plan"][name], teller),
        }
        for name in _PLAN
        if document["plan"][name]
    ]


def _version(document: Any) -> str:
    """One short name for all the texts that were shown: the same wherever they were the same."""
    texts = [document["plan"]["texts"], *(one["texts"] for one in document["techniques"])]
    return digest("\n".join(texts))[:12]


def _lines(lines: list[Any], teller: _Teller) -> list[str]:
    return [
        f"{line['text']} ({say(_MARKS[line['mark']], teller.language)})" if line["mark"] else line["text"]
        for line in lines
    ]
