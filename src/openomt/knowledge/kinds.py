"""The kinds of record, by the name of their table in the TOML files."""

from __future__ import annotations

from openomt.knowledge import (
    coding,
    consent,
    diagnosis,
    evidence,
    instruments,
    learning,
    narrative,
    recognition,
    redflags,
    safety,
    vocabulary,
)
from openomt.knowledge.base import Record

_RECORDS: tuple[type[Record], ...] = (
    *vocabulary.RECORDS,
    *diagnosis.RECORDS,
    *coding.RECORDS,
    *narrative.RECORDS,
    *instruments.RECORDS,
    *recognition.RECORDS,
    *redflags.RECORDS,
    *safety.RECORDS,
    *evidence.RECORDS,
    *learning.RECORDS,
    *consent.RECORDS,
)
KINDS: dict[str, type[Record]] = {record.kind: record for record in _RECORDS}
