"""What holds of every judgement: mirror symmetry, no exceptions, a source and words in every oddity."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from openomt.knowledge import diagnosis, loader
from openomt.medicine.anatomy import SPINE, LevelKind, Region, Side, named_level, rib_level, segment_level
from openomt.medicine.findings import Finding, Frame, Plane, SpinalMotion, Tart
from openomt.medicine.typicality import judge

SWAP = {"L": "R", "R": "L", "left": "right", "right": "left"}
STRUCTURES = [
    *(
        "sacrum",
        "innominate",
        "pubic symphysis",
        "SBS",
        "ASIS",
        "PSIS",
        "pubic tubercle",
        "sacral sulcus",
        "ILA",
    ),
    *("seated flexion test", "standing flexion test", "spring test", "sphinx test", "temporal", "psoas"),
]
PATTERNS = [
    *("L on L torsion", "R on R torsion", "L on R torsion", "R on L torsion", "unilateral flexion", "shear"),
    *(
        "unilateral extension",
        "bilateral flexion",
        "anterior rotation",
        "posterior rotation",
        "upslip",
        "inflare",
    ),
    *("superior shear", "superior", "inferior", "medial", "lateral", "deep", "shallow", "posterior inferior"),
    *(
        "positive",
        "negative",
        "inhalation",
        "exhalation",
        "torsion R",
        "lateral strain",
        "flexion",
        "extension",
    ),
]

sides = st.none() | st.sampled_from(Side)
one_side = st.none() | st.sampled_from([Side.LEFT, Side.RIGHT])
segments = st.tuples(st.integers(0, len(SPINE) - 1), st.integers(0, 4)).map(
    lambda at: segment_level(SPINE[at[0]], SPINE[min(at[0] + at[1], len(SPINE) - 1)])
)
ribs = st.tuples(st.integers(1, 12), st.integers(0, 3)).map(lambda at: rib_level(at[0], min(12, sum(at))))
places = st.sampled_from(STRUCTURES).map(named_level) | st.just(named_level("AC4", LevelKind.POINT))
motions = st.builds(
    SpinalMotion,
    plane=st.none() | st.sampled_from(Plane),
    rotation=one_side,
    sidebend=one_side,
    frame=st.sampled_from(Frame),
    inferred=st.sampled_from([(), ("rotation",), ("plane", "sidebend")]),
)
findings = st.builds(
    Finding,
    region=st.sampled_from(Region),
    level=st.none() | segments | ribs | places,
    side=sides,
    motion=st.none() | motions,
    pattern=st.none() | st.sampled_from(PATTERNS),
    tart=st.sampled_from([(), (Tart.ASYMMETRY,), (Tart.TENDERNESS,)]),
    absent=st.booleans(),
)
notes = st.lists(findings, max_size=6)


def other(side: Side | None) -> Side | None:
    return side.opposite if side else None


def mirror_text(text: str) -> str:
    return re.sub(r"\b(L|R|left|right)\b", lambda match: SWAP[match[0]], text)


def mirror(finding: Finding) -> Finding:
    motion = finding.motion
    if motion is not None:
        motion = replace(motion, rotation=other(motion.rotation), sidebend=other(motion.sidebend))
    pattern = mirror_text(finding.pattern) if finding.pattern else None
    return replace(finding, side=other(finding.side), motion=motion, pattern=pattern)


@given(notes)
def test_the_mirror_image_of_a_patient_is_as_odd(note: list[Finding]) -> None:
    straight = [(odd.rule, odd.findings, mirror_text(odd.message)) for odd in judge(note)]
    mirrored = [(odd.rule, odd.findings, odd.message) for odd in judge([mirror(f) for f in note])]
    assert straight == mirrored


@given(notes)
def test_every_oddity_has_words_source_and_place(note: list[Finding]) -> None:
    for odd in judge(note):
        assert odd.message
        assert not re.search(r"[{}]|  | :", odd.message + odd.instead)
        assert odd.sources
        assert odd.confidence in ("V", "1", "K", "?", "derived")
        assert odd.review == "awaiting a licensed osteopathic physician"
        assert all(0 <= place < len(note) for place in odd.findings)


@given(notes, findings)
def test_another_finding_removes_no_oddity(note: list[Finding], more: Finding) -> None:
    assert set(judge(note)) <= set(judge([*note, more]))


@given(motions, segments)
def test_ease_and_restriction_of_one_motion_have_one_verdict(motion: SpinalMotion, level: object) -> None:
    turned = motion.ease()
    one = Finding(Region.THORACIC, level, motion=motion)  # type: ignore[arg-type]
    same = Finding(Region.THORACIC, level, motion=turned)  # type: ignore[arg-type]
    assert [odd.rule for odd in judge([one])] == [odd.rule for odd in judge([same])]


def test_every_combination_in_every_area_has_a_verdict() -> None:
    """No hole in the table: each plane, coupling and length meets a record in each of the four areas."""
    known = loader.load()
    rules = known.all(diagnosis.Coupling)
    for area in known.all(diagnosis.SpinalArea):
        for plane in ("N", "F", "E", "unstated"):
            for coupling in ("opposite", "same", "rotation only", "sidebending only", "plane only"):
                for count in (1, 2, 3, 7):
                    assert any(
                        area.id in rule.areas
                        and rule.coupling == coupling
                        and ({plane, "any"} & set(rule.planes))
                        and rule.segments[0] <= count <= rule.segments[1]
                        for rule in rules
                    ), (area.id, plane, coupling, count)
