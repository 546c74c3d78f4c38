"""How the command line and the manual show a record of facts: words for people, a dict for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openomt.knowledge.marks import CONFIDENCE_WORDS, Confidence

if TYPE_CHECKING:
    from openomt.knowledge.base import Record, Source

COMMON_FIELDS = frozenset({"id", "sources", "confidence", "reviewed"})
LABELS = {
    "collides": "told apart",
    "en": "in English",
    "es": "in Spanish",
    "icd10cm": "ICD-10-CM",
    "observed": "seen in a source",
    "plain": "in plain words",
    "retrieved": "text retrieved",
    "short": "written",
    "tell": "the patient is told",
}
# Numbers of CPT are shown only where a practice has confirmed its license.
LICENSED_FIELDS = frozenset({("omtlevel", "number"), ("emlevel", "number"), ("sameday", "codes")})
_TERM_FIELDS = ("id", "short", "names", "codes", "abbreviation", "title", "meaning")
# A disputed assignment is about its structures; for a pattern the same field only says where it can stand.
_SUBJECT_FIELDS: Mapping[str, tuple[str, ...]] = {"assignment": ("structures",)}


# The English words that the field `es` says in Spanish: the first of these that stands beside it.
_ENGLISH_BESIDE_ES = ("en", "tell", "say", "ask", "plain")


@dataclass(frozen=True, slots=True)
class PatientWords:
    """A text for patients. `field`: where in the record it stands (`items.0.en`); `es` empty: none yet."""

    field: str
    en: str
    es: str


def own_fields(record: Record, *, exclude_defaults: bool = False) -> dict[str, Any]:
    """The record as plain values, without what may be shown only under a license."""
    hidden = {field for kind, field in LICENSED_FIELDS if kind == record.kind}
    return record.model_dump(mode="json", exclude=hidden, exclude_defaults=exclude_defaults)


def label(field: str) -> str:
    """A field's name as people read it."""
    for suffix, language in (("_en", "en"), ("_es", "es")):
        if field.endswith(suffix):
            return f"{label(field.removesuffix(suffix))} {LABELS[language]}"
    return LABELS.get(field, field.replace("_", " "))


def in_words(value: object) -> str:
    """A field's value on one line: lists joined by commas, tables as `name: value`; `""` when empty.

    Things that hold commas themselves are parted by ` | `.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, Mapping):
        return _table_in_words(value)
    if isinstance(value, list | tuple):
        texts_inside = [in_words(item) for item in value]
        nested = any(isinstance(item, Mapping | list | tuple) for item in value)
        told = any(", " in text or text.endswith(".") for text in texts_inside)
        return (" | " if nested or (told and len(texts_inside) > 1) else ", ").join(texts_inside)
    return str(value)


def _table_in_words(value: Mapping[str, Any]) -> str:
    """`name: value; name: value`, and how well it is confirmed in words at the end."""
    parts = [(label(str(key)), in_words(item)) for key, item in value.items() if key != "confidence"]
    said = "; ".join(f"{key}: {text}" for key, text in parts if text)
    mark = value.get("confidence")
    return f"{said} ({CONFIDENCE_WORDS[Confidence(mark)]})" if mark else said


def details(record: Record) -> Iterator[tuple[str, str]]:
    """Each field of its own that a record fills, as (label, text), in the order of the model; no defaults."""
    for field, value in own_fields(record, exclude_defaults=True).items():
        text = in_words(value)
        if field not in COMMON_FIELDS and text:
            yield label(field), text


def source_line(source_id: str, sources: Mapping[str, Source]) -> str:
    """A source's title and where it is found, and whether its text was read."""
    source = sources[source_id]
    where = f" ({source.where})" if source.where else ""
    unread = "" if source.retrieved else ", text not retrieved"
    return f"{source.title}{where}{unread} [{source.id}]"


def standing(record: Record) -> str:
    """How well a record is confirmed and who reviewed it, on one line."""
    return "; ".join([CONFIDENCE_WORDS[record.confidence], *review_states(record)])


def review_states(record: Record) -> Iterator[str]:
    """Who reviewed the record and, where it is in a second language, its translation."""
    yield record.review_state
    translation = getattr(record, "translation_state", None)
    if translation is not None:
        yield f"Spanish {translation}"


def lines(record: Record, sources: Mapping[str, Source]) -> Iterator[str]:
    """The whole record for people: kind and id, its fields, confidence, review state, sources with titles."""
    yield f"{record.kind} {record.id}"
    for name, text in details(record):
        yield f"  {name}: {text}"
    yield f"  confidence: {CONFIDENCE_WORDS[record.confidence]} [{record.confidence.value}]"
    yield f"  review: {'; '.join(review_states(record))}"
    for source_id in record.sources:
        yield f"  source: {source_line(source_id, sources)}"


def source_lines(source: Source) -> Iterator[str]:
    """A source for people: its id and the fields it fills."""
    yield f"source {source.id}"
    for field, value in source.model_dump(mode="json", exclude={"id"}).items():
        if text := in_words(value):
            yield f"  {label(field)}: {text}"


def as_json(record: Record, sources: Mapping[str, Source]) -> dict[str, Any]:
    """The whole record for programs, with the words for its confidence and the titles of its sources."""
    return {
        "kind": record.kind,
        **own_fields(record),
        "confidence_words": CONFIDENCE_WORDS[record.confidence],
        "review_state": record.review_state,
        "sources": [sources[source_id].model_dump(mode="json") for source_id in record.sources],
    }


def terms(record: Record) -> Iterator[str]:
    """Every spelling under which a record can be looked up."""
    for field in (*_TERM_FIELDS, *_SUBJECT_FIELDS.get(record.kind, ())):
        if (record.kind, field) in LICENSED_FIELDS:
            continue
        value = getattr(record, field, None)
        if isinstance(value, str) and value:
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, str) and item)


def patient_words(record: Record) -> Iterator[PatientWords]:
    """Each text of a record that is told in two languages, in the order of the model."""
    yield from _two_languages(own_fields(record), "")


def _two_languages(value: object, path: str) -> Iterator[PatientWords]:
    if isinstance(value, Mapping):
        for field, item in value.items():
            english = _english_field(value, str(field))
            if english and value[english]:
                yield PatientWords(f"{path}{english}", str(value[english]), str(item or ""))
            yield from _two_languages(item, f"{path}{field}.")
    elif isinstance(value, list | tuple):
        for at, item in enumerate(value):
            yield from _two_languages(item, f"{path}{at}.")


def _english_field(value: Mapping[str, Any], spanish: str) -> str:
    """The field that says in English what the field `spanish` says; empty where it is not a Spanish one."""
    if spanish == "es":
        return next((field for field in _ENGLISH_BESIDE_ES if field in value), "")
    english = f"{spanish.removesuffix('_es')}_en"
    return english if spanish.endswith("_es") and english in value else ""


def texts(value: object) -> Iterator[str]:
    """Every piece of text inside a dumped record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _each_text(value.values())
    elif isinstance(value, list | tuple):
        yield from _each_text(value)


def _each_text(values: Iterable[object]) -> Iterator[str]:
    for item in values:
        yield from texts(item)
