"""The values a told visit is made of: sentences that know where they come from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openomt.medicine.anatomy import Region


@dataclass(frozen=True, slots=True)
class Sentence:
    """One statement.

    text    the statement; where `quoted`, the author's own words and nothing else, character for character
    origin  paths of the visit's data that it rests on (`findings[2].motion.plane`); never empty
    label   what stands before it (`Response`)
    """

    text: str
    origin: tuple[str, ...]
    label: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences under one heading. `region` is set where the part is about one body region."""

    title: str
    sentences: tuple[Sentence, ...]
    region: Region | None = None


class SectionKey(StrEnum):
    """The sections of a note, in the order in which they are printed."""

    VISIT = "visit"
    SUBJECTIVE = "subjective"
    OBJECTIVE = "objective"
    ASSESSMENT = "assessment"
    PROCEDURE = "procedure"
    PLAN = "plan"
    CODES = "codes"
    AS_WRITTEN = "as_written"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a note; it holds at least one part."""

    key: SectionKey
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Something the author must settle before signing. It is no part of the note.

    id          of the `notequestion` record that asks it
    origin      paths of the data it is about
    reason      why it is asked, with `sources` (ids) and `confidence` of that reason
    """

    id: str
    text: str
    origin: tuple[str, ...]
    reason: str
    sources: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A part of the visit that holds nothing: its path, and the region where it is about one."""

    path: str
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A code to print: the code (empty where the practice has switched none on), its words, its reason."""

    code: str
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """The physician's note. `to_confirm` and `missing` stand beside it and are not printed with it."""

    sections: tuple[Section, ...]
    to_confirm: tuple[Question, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What the patient reads.

    language              `en` or `es`
    notices               that the wording, or its translation, still waits for a qualified reader
    awaiting_review       ids of the records used that no physician has read
    awaiting_translation  ids of the records used whose translation no translator has read
    untranslated          paths of quoted words that stay in the author's language
    """

    language: str
    title: str
    parts: tuple[Part, ...]
    notices: tuple[str, ...] = ()
    awaiting_review: tuple[str, ...] = ()
    awaiting_translation: tuple[str, ...] = ()
    untranslated: tuple[str, ...] = ()
