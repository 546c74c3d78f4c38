"""Puts what was read into a visit: `visit_of(reading) -> Visit`.

What only the author can settle is not charted as fact. The author's text is kept whole in
`Visit.shorthand`, so nothing that is left out here is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from openomt.medicine.anatomy import Region
from openomt.medicine.findings import Finding, SpinalMotion
from openomt.medicine.visit import ExamState, Response, Treatment, Visit

if TYPE_CHECKING:
    from openomt.medicine.notation import ReadFinding, Reading, ReadTreatment

_MOTION_PARTS = ("plane", "rotation", "sidebend")
_IDENTITY = ("region", "level")
"""Fields that say where a finding is: with one of them in doubt there is nothing to chart."""
_DETAILS = ("side", "pattern")
"""Fields that are left empty while they are in doubt."""

_Value = TypeVar("_Value")


def visit_of(reading: Reading, base: Visit | None = None) -> Visit:
    """The visit that a text tells, added to `base` (what is known of the visit already). Never raises.

    findings    each as `charted` gives it
    states      what the text says of whole regions
    treatments  a technique said for several regions becomes one treatment in each; those that the text calls
                normal or not examined are left out of such a spread
    responses   for the regions they name; one that names none answers for every treated region of the text
                that has no answer of its own
    shorthand   the text, character for character, below what `base` holds

    What `base` already holds is not repeated. The same reading and base give the same visit.
    """
    base = base or Visit()
    findings = [found for read in reading.findings if (found := charted(read, reading.text)) is not None]
    treatments = list(_treatments(reading))
    return replace(
        base,
        findings=_joined(base.findings, findings),
        states=_joined(base.states, ((state.region, state.state) for state in reading.states)),
        treatments=_joined(base.treatments, treatments),
        responses=_joined(base.responses, _responses(reading, treatments)),
        shorthand=f"{base.shorthand}\n{reading.text}" if base.shorthand else reading.text,
    )


def charted(read: ReadFinding, text: str) -> Finding | None:
    """The finding with nothing in it as fact that is a question; None where its very place is in question.

    Motion in doubt is named in `SpinalMotion.inferred`. A side or pattern in doubt is left out, and the
    author's words stand in `detail` instead, as they do where a spelling was corrected.
    """
    doubts = _doubts(read)
    if doubts.intersection(_IDENTITY):
        return None
    finding = read.finding
    side = None if "side" in doubts else finding.side
    pattern = None if "pattern" in doubts else finding.pattern
    detail = finding.detail
    if detail is None and (read.inferred or (side, pattern) != (finding.side, finding.pattern)):
        detail = text[read.span.start : read.span.end]
    motion = _doubted(finding.motion, doubts)
    return replace(finding, motion=motion, side=side, pattern=pattern, detail=detail)


def unsettled(reading: Reading) -> tuple[ReadFinding, ...]:
    """The findings that `visit_of` leaves out until their author says which place is meant."""
    return tuple(read for read in reading.findings if charted(read, reading.text) is None)


def _doubts(read: ReadFinding) -> set[str]:
    """Names of the fields left open. A place, side or pattern is open only where a question is asked."""
    if read.question is None:
        return set(read.inferred).intersection(_MOTION_PARTS)
    readings = (read.finding, *read.question.options)
    differing = {
        name for name in (*_IDENTITY, *_DETAILS) if len({getattr(one, name) for one in readings}) > 1
    }
    parts = {name for name in _MOTION_PARTS if len({getattr(one.motion, name, None) for one in readings}) > 1}
    return differing | parts | set(read.inferred)


def _doubted(motion: SpinalMotion | None, doubts: set[str]) -> SpinalMotion | None:
    """The motion with the parts in doubt marked as inferred."""
    if motion is None:
        return None
    inferred = tuple(
        part
        for part in _MOTION_PARTS
        if getattr(motion, part) is not None and (part in doubts or part in motion.inferred)
    )
    return replace(motion, inferred=inferred)


def _treatments(reading: Reading) -> Iterator[Treatment]:
    without = _nothing_to_treat(reading)
    for read in reading.treatments:
        if len(read.regions) <= 1:
            region = read.treatment.region or next(iter(read.regions), None)
            yield replace(read.treatment, region=region)
            continue
        yield from (Treatment(read.treatment.technique, region) for region in _spread(read, without))


def _spread(read: ReadTreatment, without: frozenset[Region]) -> tuple[Region, ...]:
    """The regions of a technique said for several; all of them where the text finds nothing in any."""
    return tuple(region for region in read.regions if region not in without) or read.regions


def _nothing_to_treat(reading: Reading) -> frozenset[Region]:
    """Regions that the text calls normal or not examined, and where it finds nothing."""
    found = {finding.region for finding in reading.values if not finding.absent}
    denied = {finding.region for finding in reading.values if finding.absent}
    stated = {state.region for state in reading.states if state.state is not ExamState.FINDINGS}
    return frozenset((denied | stated) - found)


def _responses(reading: Reading, treatments: Iterable[Treatment]) -> Iterator[tuple[Region, Response]]:
    named = {region for answer in reading.responses for region in answer.regions}
    treated = dict.fromkeys(t.region for t in treatments if t.region is not None and t.region not in named)
    for answer in reading.responses:
        yield from ((region, answer.response) for region in answer.regions or treated)


def _joined(held: tuple[_Value, ...], more: Iterable[_Value]) -> tuple[_Value, ...]:
    """Both, in order, each value once. Findings said twice in one text are one finding."""
    return tuple(dict.fromkeys((*held, *more)))
