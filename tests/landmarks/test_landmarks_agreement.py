"""The two tables agree: a dysfunction with every test that it expects is odd by no rule of typicality."""

from __future__ import annotations

import pytest

from openomt.knowledge import diagnosis, loader
from openomt.medicine.anatomy import LevelKind, Region, Side, named_level, segment_level
from openomt.medicine.findings import Finding, Plane, SpinalMotion, Tart
from openomt.medicine.landmarks import Candidate, Reason, diagnose, from_findings, read_tests
from openomt.medicine.typicality import judge

SIDES = {"left": Side.LEFT, "right": Side.RIGHT, "both": Side.BILATERAL, "": None}
STANDARD_ROWS = [
    candidate
    for tests in ("spring=neg", "standing-flexion=R")
    for candidate in diagnose(read_tests(tests))[0].candidates
    if "margin posterior" not in candidate.name
]


def stated(reason: Reason) -> Finding | None:
    """The first result a test is expected to show, as the reader would chart it; None for parts of L5."""
    test = loader.load().get(diagnosis.LandmarkTest, reason.test)
    value, _, side = reason.expected[0].partition(" ")
    words = [word for word, result in test.patterns.items() if result == value]
    if test.level is None or test.part is not None or not (words or value == test.absent):
        return None
    kind = LevelKind.TEST if test.level.endswith("test") else LevelKind.STRUCTURE
    level = named_level(test.level, kind)
    if value == test.absent:
        return Finding(
            Region.PELVIC, level, absent=True, tart=() if kind is LevelKind.TEST else (Tart.ASYMMETRY,)
        )
    return Finding(Region.PELVIC, level, SIDES[side], pattern=words[0])


def l5_of(candidate: Candidate) -> list[Finding]:
    """L5 as the candidate expects it."""
    expected = {
        reason.test: reason.expected[0].split()[-1] for reason in (*candidate.missing, *candidate.fits)
    }
    plane = expected.get("l5-plane")
    motion = SpinalMotion(
        Plane(plane) if plane else None,
        SIDES[expected.get("l5-rotated", "")],
        SIDES[expected.get("l5-sidebent", "")],
    )
    return [] if motion == SpinalMotion() else [Finding(Region.LUMBAR, segment_level("L5"), motion=motion)]


@pytest.mark.parametrize("candidate", STANDARD_ROWS, ids=[row.name for row in STANDARD_ROWS])
def test_a_dysfunction_with_all_its_tests_is_typical(candidate: Candidate) -> None:
    assert candidate.finding is not None
    reasons = (*candidate.fits, *candidate.contradicts, *candidate.missing)
    beside = [finding for reason in reasons if (finding := stated(reason)) is not None] + l5_of(candidate)
    assert beside
    assert not [odd for odd in judge([candidate.finding, *beside]) if len(odd.findings) > 1]


@pytest.mark.parametrize("candidate", STANDARD_ROWS, ids=[row.name for row in STANDARD_ROWS])
def test_its_tests_as_findings_lead_back_to_it(candidate: Candidate) -> None:
    reasons = (*candidate.fits, *candidate.contradicts, *candidate.missing)
    beside = [finding for reason in reasons if (finding := stated(reason)) is not None] + l5_of(candidate)
    (again,) = diagnose(from_findings(beside))
    best = max(one.score for one in again.candidates)
    assert candidate.name in [one.name for one in again.candidates if one.score == best]
    assert candidate.name in again.open
