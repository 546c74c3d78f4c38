"""Which technique treated which region, and what a response answers for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from openomt.medicine.anatomy import Region
from openomt.medicine.notation.groups import Answer, Clause, Technique
from openomt.medicine.notation.reading import ReadFinding, ReadResponse, ReadTreatment, Span
from openomt.medicine.visit import Treatment


def treatments_of(clauses: list[Clause]) -> tuple[ReadTreatment, ...]:
    """Every technique a line names, with the region it was given to. None as region: not said, or several."""
    if not [clause for clause in clauses if clause.techniques]:
        return ()
    out: list[ReadTreatment] = []
    seen: set[tuple[str | None, Region | None]] = set()
    earlier: dict[Region, None] = {}
    for clause in clauses:
        for technique in clause.techniques:
            if clause.avoided or technique.token in clause.withheld:
                continue
            read = _treatment(technique, clause, list(earlier))
            key = (read.treatment.technique, read.treatment.region)
            if key not in seen:
                seen.add(key)
                out.append(read)
        treatable = [g for g in clause.groups if not (g.normal or g.unexamined)]
        earlier.update(dict.fromkeys(r for g in treatable for r in g.regions()))
    return tuple(out)


def _treatment(technique: Technique, clause: Clause, earlier: list[Region]) -> ReadTreatment:
    regions = _regions(technique, clause, earlier)
    one = regions[0] if len(regions) == 1 else None
    target = technique.targets[0] if one is not None and len(technique.targets) == 1 else None
    level = target.place.level if target is not None else None
    side = target.side if target is not None else None
    span = Span(technique.token.start, technique.token.end)
    return ReadTreatment(Treatment(technique.entry.id, one, level, side), span, tuple(regions))


def _regions(technique: Technique, clause: Clause, earlier: list[Region]) -> list[Region]:
    """Where it was given: to its targets, where its name says,
    to the places before it, to those of the line.
    """
    if targets := _unique(a.place.region for a in technique.targets):
        return targets
    if technique.entry.region is not None:
        return [technique.entry.region]
    own = technique.group
    if own is not None and own.regions():
        if technique.run > 1:
            return _unique(own.regions())
        return _unique(r for g in clause.groups if g.start <= technique.token.start for r in g.regions())
    if inside := _unique(r for g in clause.groups for r in g.regions()):
        return inside
    return [clause.header] if clause.header is not None else earlier


def _unique(regions: Iterable[Region | None]) -> list[Region]:
    return [r for r in dict.fromkeys(regions) if r is not None]


def spread(
    treatments: tuple[ReadTreatment, ...], findings: tuple[ReadFinding, ...]
) -> tuple[ReadTreatment, ...]:
    """A technique on a line of its own was given to what the whole text finds: its one region, or several."""
    every = tuple(_unique(f.finding.region for f in findings if not f.finding.absent))
    if not every:
        return treatments
    one = every[0] if len(every) == 1 else None
    return tuple(
        t if t.regions else replace(t, regions=every, treatment=replace(t.treatment, region=one))
        for t in treatments
    )


def responses_of(clauses: list[Clause]) -> tuple[ReadResponse, ...]:
    """Every response to treatment, and the regions it answers for: its clause's, else those of the line so
    far.

    A word such as "worse" counts only where treatment or a complaint is spoken of; elsewhere its clause does
    not know it.
    """
    if not [clause for clause in clauses if clause.answers]:
        return ()
    treated = any(c.techniques or c.treating for c in clauses)
    earlier: dict[Region, None] = {}
    out: list[ReadResponse] = []
    for clause in clauses:
        earlier.update(dict.fromkeys(r for g in clause.groups for r in g.regions()))
        for answer in clause.answers:
            if treated or _counts(answer, clause):
                regions = _unique(r for g in answer.groups for r in g.regions()) or list(earlier)
                span = Span(answer.token.start, answer.token.end)
                out.append(ReadResponse(answer.response, span, tuple(regions)))
            else:
                clause.unknown.append(answer.token)
    return tuple(out)


def _counts(answer: Answer, clause: Clause) -> bool:
    if clause.history:
        return False
    said = any(g.said and g.anchors for g in clause.groups)
    return clause.complaint or not (answer.gated or said)
