"""The rows of the check-in table as plain values, compiled once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openomt.knowledge.redflags import TriageResult, TriageRow


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its clauses of signs; `scanned`: those whose words in the text keep a check-in open."""

    record: TriageRow
    clauses: tuple[frozenset[str], ...]
    scanned: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class TriageTables:
    """Rows in order, that of a patient who is silent, and what the results mean."""

    rows: tuple[Row, ...]
    silent: TriageRow
    results: Mapping[str, TriageResult]


@cache
def triage_tables() -> TriageTables:
    """The records of check-ins, ready for use."""
    from openomt.knowledge import load
    from openomt.knowledge.redflags import TriageResult, TriageRow
    from openomt.medicine.safety.screen_tables import screen_tables

    known = load()
    flags = screen_tables().by_code
    rows: list[Row] = []
    for record in sorted(known.all(TriageRow), key=lambda record: record.order):
        own = tuple(frozenset(clause.all) for clause in record.raised_by)
        of_flags = tuple(clause.signs for code in record.flags for clause in flags[code].clauses)
        rows.append(Row(record, own, (*own, *of_flags) if record.scan else ()))
    [silent] = [row.record for row in rows if row.record.reminders is not None]
    return TriageTables(
        rows=tuple(row for row in rows if row.record is not silent),
        silent=silent,
        results={record.id: record for record in known.all(TriageResult)},
    )
