"""The visit before this one: what was found and done, and what of it can be carried forward."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from openomt.care.visits.documents import Document, open_document
from openomt.care.visits.models import SignedVisit, Visit, VisitRegion
from openomt.medicine.notation import Reading, Span, read

_CARRIED = ("complaint", "plan", "goal", "frequency", "exercise", "stop_when", "positions")
"""Boxes carried besides findings and treatment. History, exam, consent and response are of one day only."""


class _Spanned(Protocol):
    @property
    def span(self) -> Span: ...


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the visit before, as it would be carried: without the response."""

    text: str
    said: str


@dataclass(frozen=True, slots=True)
class Before:
    """The last signed visit; empty where there is none. `carry`: box to text."""

    visit: Visit | None = None
    document: Document | None = None
    regions: tuple[VisitRegion, ...] = ()
    lines: tuple[Line, ...] = ()
    carry: dict[str, str] | None = None


def before(visit: Visit) -> Before:
    """What was signed last for this patient, before this visit."""
    signed = (
        SignedVisit.objects.select_related("visit", "visit__clinician")
        .filter(visit__patient_id=visit.patient_id, visit__number__lt=visit.number)
        .order_by("-visit__number")
        .first()
    )
    if signed is None:
        return Before()
    document = open_document(signed)
    lines = tuple(carried_lines(document.draft.text))
    carry = {name: text for name in _CARRIED if (text := getattr(document.draft, name))}
    carry["text"] = "\n".join(line.text for line in lines)
    return Before(signed.visit, document, tuple(signed.visit.regions.all()), lines, carry)


def carried_lines(text: str) -> Iterator[Line]:
    """The lines of a visit without what was answered that day. A clause that only answered is left out."""
    reading = read(text)
    start = 0
    for line in text.split("\n"):
        kept = "; ".join(_carried_clauses(reading, start, line))
        start += len(line) + 1
        if kept:
            yield Line(kept, line)


def _carried_clauses(reading: Reading, start: int, line: str) -> Iterator[str]:
    for clause in line.split(";"):
        answers = _within(reading.responses, start, start + len(clause))
        told: list[_Spanned] = [*reading.findings, *reading.treatments, *reading.states]
        if not answers or _within(told, start, start + len(clause)):
            kept = _without(clause, [(one.start - start, one.end - start) for one in answers]).strip(" ,.")
            if kept:
                yield kept
        start += len(clause) + 1


def _within(read_ones: Iterable[_Spanned], start: int, end: int) -> list[Span]:
    return [one.span for one in read_ones if start <= one.span.start < end]


def _without(clause: str, stretches: list[tuple[int, int]]) -> str:
    for first, last in sorted(stretches, reverse=True):
        clause = clause[:first] + clause[last:]
    return clause
