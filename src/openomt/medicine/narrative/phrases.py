"""The words that stand in `knowledge`, looked up once: regions, techniques, patterns, phrases, questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from openomt.medicine.anatomy import LevelKind, Region

if TYPE_CHECKING:
    from openomt.knowledge.narrative import NoteQuestion, Phrase, PlainName
    from openomt.knowledge.vocabulary import RegionRecord, Technique

LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class _Tables:
    """Records by what they are looked up by. Techniques: by id and by abbreviation, in lower case."""

    regions: Mapping[str, RegionRecord]
    techniques: Mapping[str, Technique]
    patterns: Mapping[tuple[str, str | None], str]
    observations: frozenset[str]
    phrases: Mapping[str, Phrase]
    plain_names: Mapping[str, PlainName]
    questions: Mapping[str, NoteQuestion]


@cache
def _tables() -> _Tables:
    # Imported here: pydantic is not loaded until a visit is told.
    from openomt.knowledge import narrative, vocabulary
    from openomt.knowledge.loader import load

    known = load()
    techniques = known.all(vocabulary.Technique)
    return _Tables(
        regions={record.id: record for record in known.all(vocabulary.RegionRecord)},
        techniques={record.abbreviation.casefold(): record for record in techniques}
        | {record.id.casefold(): record for record in techniques},
        patterns={
            (record.pattern, record.level): record.words for record in known.all(narrative.PatternWords)
        },
        observations=frozenset(record.id for record in known.all(narrative.Observation)),
        phrases={record.id: record for record in known.all(narrative.Phrase)},
        plain_names={record.id: record for record in known.all(narrative.PlainName)},
        questions={record.id: record for record in known.all(narrative.NoteQuestion)},
    )


def region_record(region: Region) -> RegionRecord:
    """The record of a region."""
    return _tables().regions[region.value]


def region_title(region: Region) -> str:
    """The heading of a region."""
    return region_record(region).title


def technique_record(name: str) -> Technique | None:
    """The technique with this id or abbreviation, in any case; None where knowledge does not hold it."""
    return _tables().techniques.get(name.casefold())


def technique_words(name: str) -> str:
    """The full name of a technique with its abbreviation; the name as entered where it is not known."""
    record = technique_record(name)
    if record is None:
        return name
    if record.abbreviation.casefold() == record.title.casefold():
        return record.title
    return f"{record.title} ({record.abbreviation})"


def pattern_words(pattern: str, kind: LevelKind | None) -> str:
    """A pattern as the note prints it: spelled out where its bare name is easily misread, else as entered."""
    spelled = _tables().patterns
    at_level = spelled.get((pattern, kind.value)) if kind is not None else None
    return at_level or spelled.get((pattern, None)) or pattern


def observation_patterns() -> frozenset[str]:
    """Patterns that tell how something lies or feels, and do not name a dysfunction (`deep`, `short leg`)."""
    return _tables().observations


def question_record(question_id: str) -> NoteQuestion:
    """The record of a question. Raises KeyError for an id that knowledge does not hold."""
    return _tables().questions[question_id]


def phrase(phrase_id: str) -> Phrase:
    """The record of a patient phrase. Raises KeyError for an id that knowledge does not hold."""
    return _tables().phrases[phrase_id]


def plain_name(name_id: str) -> PlainName | None:
    """The Spanish name of `region.cervical` or `technique.hvla`; None where there is none."""
    return _tables().plain_names.get(name_id)
