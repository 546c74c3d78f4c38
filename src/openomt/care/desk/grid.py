"""Findings by region, visit by visit: rows of signed visits, and drafts read as they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from openomt.care.accounts.prepared import Prepared
from openomt.care.visits.drafts import Circumstances, DraftError, draft_from, value
from openomt.care.visits.models import Visit, VisitRegion
from openomt.care.visits.signing import region_rows
from openomt.medicine.anatomy import Region
from openomt.medicine.narrative.phrases import region_title, technique_record
from openomt.medicine.visit import ExamState

_ROW = ("region", "state", "findings", "severity", "techniques", "response")
_COLUMNS = ("visit_id", *_ROW)
REGION_WORDS = {region.value: region_title(region) for region in Region}
_STATES = {Visit.State.DRAFT: "draft", Visit.State.AWAITING: "awaiting co-signature"}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one visit says of one region. `severity` None: not stated, or nothing was found."""

    words: str
    found: bool = False
    severity: int | None = None
    findings: str = ""
    techniques: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One visit. `note` marks what is not signed yet."""

    visit: Visit
    note: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Regions down, visits across, the oldest first."""

    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, tuple[Cell, ...]], ...] = ()


def grid(visits: Sequence[Visit], regions: dict[int, list[VisitRegion]]) -> Grid:
    """The table. `regions`: rows by key of visit (`regions_of`)."""
    by_visit = [{row.region: row for row in regions.get(visit.pk, ())} for visit in visits]
    there = [region.value for region in Region if any(region.value in rows for rows in by_visit)]
    return Grid(
        columns=tuple(Column(visit, state_words(visit)) for visit in visits),
        rows=tuple((REGION_WORDS[name], tuple(cell(rows.get(name)) for rows in by_visit)) for name in there),
    )


def state_words(visit: Visit) -> str:
    """`draft`, `awaiting co-signature`; empty for a signed visit."""
    return _STATES.get(Visit.State(visit.state), "")


def cell(row: VisitRegion | None) -> Cell:
    """The three states that are never confused, and what was done and how it answered."""
    if row is None:
        return Cell("not examined")
    techniques = ", ".join(techniques_of(row))
    treated = bool(row.techniques)
    if row.state != ExamState.FINDINGS:
        words = "none found" if row.state == ExamState.NORMAL else "not examined"
        return Cell(f"{words}, {_answer(row)}" if treated else words, techniques=techniques)
    severity = "severity not stated" if row.severity is None else str(row.severity)
    words = f"{severity}, {_answer(row) if treated else 'not treated'}"
    return Cell(words, True, row.severity, row.findings, techniques)


def techniques_of(row: VisitRegion) -> tuple[str, ...]:
    """What was done there, by short names."""
    names = [name for name in row.techniques.split(",") if name]
    return tuple(dict.fromkeys(_short(name) for name in names))


def _short(name: str) -> str:
    record = technique_record(name)
    return name if record is None else record.abbreviation


def _answer(row: VisitRegion) -> str:
    return row.response or "response not stated"


def regions_of(visits: Iterable[Visit]) -> dict[int, list[VisitRegion]]:
    """Rows by key of visit, in one query. A draft has none on record: they are read from what it says now."""
    of_each: dict[int, list[VisitRegion]] = {}
    signed: list[int] = []
    for visit in visits:
        if visit.state == Visit.State.DRAFT:
            of_each[visit.pk] = draft_regions(visit)
        else:
            signed.append(visit.pk)
    if signed:
        for values in _signed_regions.rows(signed):
            row = VisitRegion.from_db(connection.alias, _COLUMNS, values)
            of_each.setdefault(row.visit_id, []).append(row)
    return of_each


@Prepared
def _signed_regions(visits: list[int]) -> QuerySet[VisitRegion, Any]:
    return VisitRegion.objects.filter(visit__in=visits).values_list(*_COLUMNS)


def draft_regions(visit: Visit) -> list[VisitRegion]:
    """What a draft says of each region, as the rows it would have. Not kept."""
    try:
        text = draft_from(visit.draft).text
    except DraftError:
        return []
    return [VisitRegion(**dict(row)) for row in _read(text, visit.date)] if text.strip() else []


@lru_cache(maxsize=128)
def _read(text: str, day: dt.date) -> tuple[tuple[tuple[str, object], ...], ...]:
    told = value(draft_from({"text": text}), Circumstances(day))
    blank = Visit(date=day)
    return tuple(tuple((name, getattr(row, name)) for name in _ROW) for row in region_rows(blank, told))
