"""The structural exam of a note: one part for each region that was spoken of, and one for the tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openomt.medicine.anatomy import LevelKind, Region
from openomt.medicine.findings import Finding
from openomt.medicine.narrative.phrases import observation_patterns, region_title
from openomt.medicine.narrative.values import Part, Sentence
from openomt.medicine.narrative.words import (
    RESULTS,
    finding_words,
    place_words,
    severity_words,
    stated,
    test_words,
)
from openomt.medicine.visit import ExamState, Visit

GREATEST = "Greatest severity"
"""The label of the sentence that sums up a region's severities."""

_STATE_WORDS = {
    ExamState.NOT_EXAMINED: "not examined",
    ExamState.NORMAL: "examined, no dysfunction found",
    ExamState.FINDINGS: "examined, findings not described",
}

Numbered = tuple[int, Finding]


def is_test(finding: Finding) -> bool:
    """Whether a finding is the result of a test."""
    return finding.level is not None and finding.level.kind is LevelKind.TEST


def is_whole_region_normal(finding: Finding) -> bool:
    """Whether a finding says only that its region was examined and holds no dysfunction."""
    return finding == Finding(finding.region, absent=True)


def regions_among(named: Iterable[Region | None]) -> list[Region]:
    """The regions that are named, from the head down."""
    found = set(named)
    return [region for region in Region if region in found]


def regional_findings(visit: Visit, region: Region) -> list[Numbered]:
    """The findings of a region with their numbers, without the tests."""
    return [
        (number, finding)
        for number, finding in enumerate(visit.findings)
        if finding.region is region and not is_test(finding)
    ]


def exam_parts(visit: Visit) -> Iterator[Part]:
    """One part for each region with a finding or a stated state, from the head down; then the tests."""
    spoken = (*(finding.region for finding in visit.findings), *(region for region, _ in visit.states))
    for region in regions_among(spoken):
        sentences = tuple(_region_sentences(visit, region))
        if sentences:
            yield Part(f"Structural exam: {region_title(region)}", sentences, region)
    tests = tuple(
        Sentence(words.text, tuple(f"findings[{number}].{field}" for field in words.fields))
        for number, finding in enumerate(visit.findings)
        if is_test(finding)
        for words in [test_words(finding)]
    )
    if tests:
        yield Part("Tests", tests)


def _region_sentences(visit: Visit, region: Region) -> Iterator[Sentence]:
    numbered = regional_findings(visit, region)
    state = _state_sentence(visit, region, numbered)
    if state is not None:
        yield state
    for number, finding in numbered:
        if not is_whole_region_normal(finding):
            words = finding_words(finding)
            yield Sentence(words.text, tuple(f"findings[{number}].{field}" for field in words.fields))
    yield from _greatest_severity(numbered)


def _state_sentence(visit: Visit, region: Region, numbered: list[Numbered]) -> Sentence | None:
    """What was said of the region as a whole. Findings speak for themselves and leave no room for it."""
    bare = [f"findings[{number}].absent" for number, finding in numbered if is_whole_region_normal(finding)]
    said = dict(visit.states).get(region)
    present = any(not finding.absent for _, finding in numbered)
    if bare:
        said = ExamState.NORMAL
    elif said is None or present or (said is ExamState.NOT_EXAMINED and numbered):
        return None
    origin = [f"states[{n}]" for n, entry in enumerate(visit.states) if entry == (region, said)]
    return Sentence(_STATE_WORDS[said], (*origin, *bare))


def _greatest_severity(numbered: list[Numbered]) -> Iterator[Sentence]:
    severities = [(finding.severity, number) for number, finding in numbered if finding.severity is not None]
    if not severities:
        return
    top = max(severity for severity, _ in severities)
    origin = tuple(f"findings[{number}].severity" for severity, number in severities if severity == top)
    yield Sentence(severity_words(top), origin, label=GREATEST)


def names_dysfunction(finding: Finding) -> bool:
    """Whether the author named a somatic dysfunction: a position, or a pattern that is no mere observation.

    A pattern said with asymmetry is how a landmark lies (`deep`, `posterior`), and names nothing.
    """
    if finding.absent or is_test(finding):
        return False
    if stated(finding.motion) is not None:
        return True
    if not finding.pattern or finding.pattern in RESULTS or finding.pattern in observation_patterns():
        return False
    return all(tart.value != "asymmetry" for tart in finding.tart)


def dysfunction_sentences(visit: Visit) -> Iterator[Sentence]:
    """`Somatic dysfunction, Thoracic: T5, T8`: where the exam names one, region by region."""
    for region in regions_among(finding.region for finding in visit.findings):
        named = [(n, f) for n, f in regional_findings(visit, region) if names_dysfunction(f)]
        if not named:
            continue
        places: dict[str, None] = {}
        origin: list[str] = []
        for number, finding in named:
            where = place_words(finding.level, finding.side)
            if where.text:
                places[where.text] = None
            fields = [
                field for field in finding_words(finding).fields if field.startswith(("motion", "pattern"))
            ]
            origin += [f"findings[{number}].{field}" for field in (*where.fields, *fields)]
        text = ", ".join(places) or "place not recorded"
        yield Sentence(text, tuple(origin), label=f"Somatic dysfunction, {region_title(region)}")
