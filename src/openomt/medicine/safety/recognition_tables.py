"""The records of recognition as plain tables, compiled once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from openomt.medicine.anatomy import Region
from openomt.medicine.phrases import Matcher, Phrase, ordinary_words, short_forms, triggers

if TYPE_CHECKING:
    from openomt.knowledge.recognition import (
        CodeFacts,
        FactPhrase,
        FactReading,
        FollowingFact,
        MedicineRule,
        Threshold,
    )

PHRASE, MEDICINE = "phrase:", "medicine:"
"""What the meanings of the matcher begin with."""
WORDS = "words"


@dataclass(frozen=True, slots=True)
class FactAt:
    """A fact's code with its region, or with the word that the region is to be read from the text."""

    code: str
    region: Region | None = None
    from_words: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase or code means: facts, facts worth asking about, facts that are not so."""

    facts: tuple[FactAt, ...]
    asks: tuple[FactAt, ...]
    denies: tuple[FactAt, ...]
    why: str
    sources: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """What a beginning of a code means. `lasting` holds whatever the seventh character says."""

    meaning: Meaning
    lasting: tuple[FactAt, ...]
    encounter: bool
    weeks: bool


@dataclass(frozen=True)
class RecognitionTables:
    """All of it."""

    matcher: Matcher
    phrases: Mapping[str, Meaning]
    codes: Mapping[str, CodeMeaning]
    encounters: Mapping[str, str]
    readings: Mapping[str, FactReading]
    recent_weeks: Mapping[str, int]
    asks: Mapping[str, str]
    regional: frozenset[str]
    not_as: Mapping[str, tuple[str, ...]]
    rules: tuple[MedicineRule, ...]
    thresholds: tuple[Threshold, ...]
    following: tuple[FollowingFact, ...]
    words: Mapping[str, Matcher]
    names: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, float]
    known: frozenset[str]


@cache
def recognition_tables() -> RecognitionTables:
    """The tables of this installation. Raises KnowledgeError where the records do not hold together."""
    from openomt.knowledge.loader import load
    from openomt.knowledge.recognition import (
        ChartNumber,
        ChartWords,
        CodeFacts,
        Encounter,
        FactPhrase,
        FactReading,
        FollowingFact,
        MedicineClass,
        MedicineRule,
        Threshold,
    )
    from openomt.knowledge.redflags import RedFlag
    from openomt.knowledge.safety import PatientFact

    known = load()
    phrases = known.all(FactPhrase)
    classes = known.all(MedicineClass)
    facts = known.all(PatientFact)
    spoken = [phrase for record in phrases for phrase in _phrases(record)]
    spoken += [Phrase(f"{MEDICINE}{record.id}", name) for record in classes for name in record.names]
    return RecognitionTables(
        matcher=Matcher(spoken, triggers(), ordinary_words(), short_forms()),
        phrases={f"{PHRASE}{record.id}": _meaning(record) for record in phrases},
        codes={
            code: meaning
            for record in known.all(CodeFacts)
            for meaning in (_code_meaning(record),)
            for code in _spelled_out(record.codes)
        },
        encounters={letter: record.state for record in known.all(Encounter) for letter in record.letters},
        readings={record.id: record for record in known.all(FactReading)},
        recent_weeks={fact.id: fact.recent_weeks for fact in facts if fact.recent_weeks is not None},
        asks={fact.id: fact.ask for fact in facts}
        | {flag.id: f"Is this so: {flag.sign}" for flag in known.all(RedFlag)},
        regional=frozenset(fact.id for fact in facts if fact.regional),
        not_as={f"{MEDICINE}{record.id}": record.not_as for record in classes},
        rules=known.all(MedicineRule),
        thresholds=known.all(Threshold),
        following=known.all(FollowingFact),
        words={
            record.id: Matcher([Phrase(record.id, name, typos=False) for name in record.names])
            for record in known.all(ChartWords)
        },
        names={record.id: record.names for record in known.all(ChartWords)},
        numbers={record.id: record.value for record in known.all(ChartNumber)},
        known=frozenset(fact.id for fact in facts) | {flag.id for flag in known.all(RedFlag)},
    )


@cache
def one_of(name: str) -> str:
    """A set of words of the records as a part of a regular expression; `*` stands for any ending."""
    names = sorted(recognition_tables().names[name], key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in names)


def number(name: str) -> float:
    """A number that reading a chart needs."""
    return recognition_tables().numbers[name]


@cache
def form_words() -> Matcher:
    """Forms in which medicines do not count, each with the classes it is a form of."""
    table = recognition_tables().not_as
    return Matcher(Phrase(meaning, name, typos=False) for meaning, names in table.items() for name in names)


def fact_at(text: str) -> FactAt:
    """`fracture_acute@rib`, `arthroplasty@words`, `osteoporosis` as a value."""
    code, _, where = text.partition("@")
    if where == WORDS:
        return FactAt(code, from_words=True)
    return FactAt(code, Region(where) if where else None)


def facts_at(texts: Iterable[str]) -> tuple[FactAt, ...]:
    """The same for several."""
    return tuple(fact_at(text) for text in texts)


def _phrases(record: FactPhrase) -> list[Phrase]:
    says = record.facts or record.asks or record.denies
    meaning = f"{PHRASE}{record.id}" if says else ""
    return [Phrase(meaning, name, record.language, record.gap, record.whole) for name in record.names]


def _meaning(record: FactPhrase | CodeFacts) -> Meaning:
    return Meaning(
        facts_at(record.facts),
        facts_at(record.asks),
        facts_at(getattr(record, "denies", ())),
        record.why,
        record.sources,
        record.confidence.value,
    )


def _code_meaning(record: CodeFacts) -> CodeMeaning:
    return CodeMeaning(_meaning(record), facts_at(record.lasting), record.encounter, record.weeks)


def _spelled_out(codes: Iterable[str]) -> Iterable[str]:
    for code in codes:
        first, dash, last = code.partition("-")
        if not dash:
            yield code.replace(".", "")
            continue
        for number in range(int(first[1:]), int(last[1:]) + 1):
            yield f"{first[0]}{number:02d}"
