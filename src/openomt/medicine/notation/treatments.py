"""Which technique treated which region, and what a response answers for."""

from __future__ import annotations

from openomt.medicine.anatomy import Region
from openomt.medicine.notation.groups import Answer, Clause, Technique
from openomt.medicine.notation.reading import ReadFinding, ReadResponse, ReadTreatment, Span
from openomt.medicine.visit import Treatment


def treatments_of(clauses: list[Clause], findings: tuple[ReadFinding, ...]) -> tuple[ReadTreatment, ...]:
    """Every technique named, with the region it was given to. None as region: not said, or several."""
    out: list[ReadTreatment] = []
    seen: set[tuple[str, Region | None]] = set()
    for at, clause in enumerate(clauses):
        for technique in clause.techniques if not clause.avoided else ():
            read = _treatment(technique, clause, clauses[:at], findings)
            key = (read.treatment.technique or "", read.treatment.region)
            if key not in seen:
                seen.add(key)
                out.append(read)
    return tuple(out)


def _treatment(
    technique: Technique, clause: Clause, before: list[Clause], findings: tuple[ReadFinding, ...]
) -> ReadTreatment:
    span = Span(technique.token.start, technique.token.end)
    regions = _regions(technique, clause, before, findings)
    one = regions[0] if len(regions) == 1 else None
    level = None
    if one is not None and len(technique.targets) == 1:
        level = technique.targets[0].place.level
    return ReadTreatment(Treatment(technique.entry.id, one, level), span, tuple(regions))


def _regions(
    technique: Technique, clause: Clause, before: list[Clause], findings: tuple[ReadFinding, ...]
) -> list[Region]:
    if technique.targets:
        targets = _unique([a.place.region for a in technique.targets])
        if targets:
            return targets
    if technique.entry.region is not None:
        return [technique.entry.region]
    own = technique.group
    if own is not None and own.regions():
        others = [r for g in clause.groups for r in g.regions() if g.start <= technique.token.start]
        return _unique([*own.regions()] if technique.run > 1 else others)
    inside = _unique([r for g in clause.groups for r in g.regions()])
    if inside:
        return inside
    for earlier in reversed(before):
        regions = _unique([r for g in earlier.groups for r in g.regions()])
        if regions:
            every = _unique([r for c in before for g in c.groups for r in g.regions()])
            return every
    return _unique([f.finding.region for f in findings])


def _unique(regions: list[Region | None]) -> list[Region]:
    return [r for r in dict.fromkeys(regions) if r is not None]


def responses_of(clauses: list[Clause], findings: tuple[ReadFinding, ...]) -> tuple[ReadResponse, ...]:
    """Every response to treatment. A word such as "worse" counts only where treatment or a complaint is spoken of."""
    treated = any(c.techniques or c.treating for c in clauses)
    out: list[ReadResponse] = []
    for clause in clauses:
        out.extend(_response(answer, clause) for answer in clause.answers if _counts(answer, clause, treated))
    return tuple(out)


def _counts(answer: Answer, clause: Clause, treated: bool) -> bool:
    if treated:
        return True
    if clause.history:
        return False
    said = any(g.said and g.anchors for g in clause.groups)
    return clause.complaint or not (answer.gated or said)


def _response(answer: Answer, clause: Clause) -> ReadResponse:
    del clause
    regions = tuple(r for g in answer.groups for r in g.regions())
    return ReadResponse(answer.response, Span(answer.token.start, answer.token.end), tuple(dict.fromkeys(regions)))
