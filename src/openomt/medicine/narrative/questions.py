"""What a note asks its author before signing: parts nobody wrote, readings turned round, contradictions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openomt.medicine.anatomy import Region
from openomt.medicine.findings import Finding, Frame, SpinalMotion
from openomt.medicine.narrative.exam import (
    is_whole_region_normal,
    names_dysfunction,
    regional_findings,
    regions_among,
)
from openomt.medicine.narrative.phrases import (
    question_record,
    region_title,
    technique_record,
    technique_words,
)
from openomt.medicine.narrative.values import Question
from openomt.medicine.narrative.words import MOTION_PARTS, motion_words, place_words, stated
from openomt.medicine.visit import ExamState, Visit


def questions(visit: Visit) -> Iterator[Question]:
    """Every question of a visit, in the order of its data."""
    for number, finding in enumerate(visit.findings):
        yield from _inferred(number, finding)
        yield from _derived_ease(number, finding)
    spoken = (finding.region for finding in visit.findings)
    said = (region for region, _ in (*visit.states, *visit.responses))
    for region in regions_among((*spoken, *said)):
        yield from _state_conflict(visit, region)
        yield from _evidence_only(visit, region)
        yield from _responses(visit, region)
    yield from _refused_and_used(visit)


def _ask(question_id: str, origin: Iterable[str], **slots: str) -> Question:
    record = question_record(question_id)
    return Question(
        record.id,
        record.ask.format(**slots),
        tuple(origin),
        record.reason,
        record.sources,
        record.confidence.value,
    )


def _where(finding: Finding) -> str:
    return place_words(finding.level, finding.side).text or region_title(finding.region)


def _inferred(number: int, finding: Finding) -> Iterator[Question]:
    motion = finding.motion
    if motion is None:
        return
    parts = [part for part in MOTION_PARTS if part in motion.inferred and getattr(motion, part) is not None]
    if not parts:
        return
    only = SpinalMotion(
        plane=motion.plane if "plane" in parts else None,
        rotation=motion.rotation if "rotation" in parts else None,
        sidebend=motion.sidebend if "sidebend" in parts else None,
        frame=motion.frame,
    )
    origin = [f"findings[{number}].motion.{part}" for part in parts]
    yield _ask("inferred", origin, place=_where(finding), words=motion_words(only))


def _derived_ease(number: int, finding: Finding) -> Iterator[Question]:
    motion = stated(finding.motion)
    if motion is None or motion.frame is not Frame.RESTRICTION or finding.absent:
        return
    ease = motion_words(motion.ease())
    if not ease:
        return
    origin = [
        *(f"findings[{number}].motion.{part}" for part in MOTION_PARTS if getattr(motion, part) is not None),
        f"findings[{number}].motion.frame",
    ]
    yield _ask("derived-ease", origin, place=_where(finding), restriction=motion_words(motion), ease=ease)


def _state_conflict(visit: Visit, region: Region) -> Iterator[Question]:
    """The states said of one region that do not go together, with each other or with its findings."""
    entries = [(n, state) for n, (where, state) in enumerate(visit.states) if where is region]
    here = [(n, f) for n, f in enumerate(visit.findings) if f.region is region]
    said = {state for _, state in entries}
    if any(is_whole_region_normal(f) for _, f in here):
        said.add(ExamState.NORMAL)
    present = any(not f.absent for _, f in regional_findings(visit, region))
    clash = (
        len(said) > 1
        or (ExamState.NORMAL in said and present)
        or (ExamState.NOT_EXAMINED in said and bool(here))
    )
    if not clash:
        return
    origin = [f"states[{n}]" for n, _ in entries] + [f"findings[{n}]" for n, _ in here]
    words = [state.value.replace("_", " ") for state in ExamState if state in said]
    if present:
        words.append("findings entered")
    yield _ask("state-conflict", origin, region=region_title(region), states=", ".join(words))


def _evidence_only(visit: Visit, region: Region) -> Iterator[Question]:
    here = [(n, f) for n, f in regional_findings(visit, region) if f.is_dysfunction]
    if not here or any(names_dysfunction(f) for _, f in here):
        return
    shown = [n for n, f in here if f.tart or f.pattern]
    if shown:
        yield _ask("evidence-only", [f"findings[{n}]" for n in shown], region=region_title(region))


def _responses(visit: Visit, region: Region) -> Iterator[Question]:
    entries = [(n, response) for n, (where, response) in enumerate(visit.responses) if where is region]
    if not entries:
        return
    origin = [f"responses[{n}]" for n, _ in entries]
    title = region_title(region)
    if len({response for _, response in entries}) > 1:
        said = ", ".join(response.value for _, response in entries)
        yield _ask("response-conflict", origin, region=title, responses=said)
    # A treatment without a region may be the one that was answered; only a coder can tell.
    if not any(t.region is region or t.region is None for t in visit.treatments):
        yield _ask("response-untreated", origin, region=title)


def _refused_and_used(visit: Visit) -> Iterator[Question]:
    for refused, name in enumerate(visit.consent.refused):
        wanted = _identity(name)
        used = [
            f"treatments[{n}].technique"
            for n, treatment in enumerate(visit.treatments)
            if treatment.technique and _identity(treatment.technique) == wanted
        ]
        if name and used:
            yield _ask(
                "refused-and-used", [f"consent.refused[{refused}]", *used], technique=technique_words(name)
            )


def _identity(technique: str) -> str:
    known = technique_record(technique)
    return technique.casefold() if known is None else known.id
