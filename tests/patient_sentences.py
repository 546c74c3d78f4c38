"""Finds every text for patients, in whatever record it stands, and the sentences that can be measured."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from openomt.cli.records import own_fields, patient_words
from openomt.knowledge import Record, load
from openomt.knowledge.narrative import PlainName
from tests.reading_level import sentences

LABEL = 4  # so few words without a full stop are a heading or an answer to tick, not a sentence
SLOTS = {"region": "low back", "date": "May 3", "phone": "555 0100", "hours": "nine to five"}


@dataclass(frozen=True)
class Told:
    """A text for patients and where it stands. `fixed`: somebody else's wording, which nobody may change."""

    where: str
    en: str
    es: str
    state: str
    fixed: bool = False


def told(record: Record) -> Iterator[Told]:
    """All that a record has for patients: what has Spanish words beside it, and every `plain`."""
    values = own_fields(record)
    text = values.get("text")
    fixed = isinstance(text, Mapping) and text.get("wording") == "fixed"
    state = getattr(record, "translation_state", "")
    if isinstance(text, Mapping):
        state = str(text.get("es_state", state))
    in_two = list(patient_words(record))
    for words in in_two:
        yield Told(f"{record.kind} {record.id} {words.field}", words.en, words.es, state, fixed)
    plain = values.get("plain")
    if plain and "plain" not in {words.field for words in in_two}:
        name = load().get(PlainName, f"{record.kind}.{record.id}")
        yield Told(f"{record.kind} {record.id} plain", str(plain), name.es, name.translation_state)


def everything_told() -> list[Told]:
    return [text for record in load().everything() for text in told(record)]


def filled(text: str) -> str:
    """A text as a patient would read it: each slot filled with an ordinary word or number."""
    return re.sub(r"\{(\w+)\}", lambda slot: SLOTS.get(slot[1], "3"), text)


def measured(text: str) -> list[str]:
    """The sentences of a text; a heading or an answer to tick is none."""
    parts = sentences(filled(text))
    return [part for part in parts if part.endswith((".", "!", "?")) or len(part.split()) > LABEL]
