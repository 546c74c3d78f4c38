"""Tests as text and as findings, and what is said of words that are not known."""

from __future__ import annotations

import pytest

from openomt.medicine.anatomy import LevelKind, Region, Side, named_level, rib_level, segment_level
from openomt.medicine.findings import Finding, Frame, Plane, SpinalMotion, Tart
from openomt.medicine.landmarks import (
    Observation,
    ObservationError,
    catalog,
    diagnose,
    from_findings,
    read_tests,
    results_of,
)

R, L, BOTH = Side.RIGHT, Side.LEFT, Side.BILATERAL

# fmt: off
READ = [
    ("seated-flexion=R",              Observation("seated-flexion", "positive", R)),
    ("Seated-Flexion=Right",          Observation("seated-flexion", "positive", R)),
    ("seated-flexion=both",           Observation("seated-flexion", "positive", BOTH)),
    ("seated-flexion=-",              Observation("seated-flexion", "negative")),
    ("sulcus-deep=l",                 Observation("sulcus", "deep", L)),
    ("sulcus=level",                  Observation("sulcus", "level")),
    ("ila-inferior=L",                Observation("ila", "posterior", L)),
    ("spring=pos",                    Observation("spring", "positive")),
    ("l5-plane=n",                    Observation("l5-plane", "N")),
    ("l5-plane=flexed",               Observation("l5-plane", "F")),
    ("asis-low=R",                    Observation("asis-height", "inferior", R)),
    ("asis-medial=R",                 Observation("asis-width", "medial", R)),
    ("asis=level",                    Observation("asis-height", "level")),
    ("pubic-symphysis=bulge",         Observation("pubic-shape", "bulge")),
    ("ribs=4-6 rib-angle=R",          Observation("rib-angle", "prominent", R, rib_level(4, 6))),
    ("segment=t5 tp=r",               Observation("tp-neutral", "posterior", R, segment_level("T5"))),
    ("segment=T4-T7 tp-flexion=same", Observation("tp-flexion", "same", None, segment_level("T4", "T7"))),
    ("segment=C7-T2 tp=level",        Observation("tp-neutral", "level", None, segment_level("C7", "T2"))),
    ("segment=T5 ribs=3 seated-flexion=R", Observation("seated-flexion", "positive", R)),
]
REFUSED = [
    (
        "seated-flexion=R sulcus-dep=R",
        "argument 2 'sulcus-dep=R': no test 'sulcus-dep'; did you mean 'sulcus-deep'?",
    ),
    (
        "spring=postive",
        "argument 1 'spring=postive': not a result: 'postive'; did you mean 'positive'?"
        " (spring= negative, positive)",
    ),
    (
        "spring",
        "argument 1 'spring': a result is missing (spring= negative, positive)",
    ),
    (
        "sulcus=",
        "argument 1 'sulcus=': a result is missing (sulcus= level, or sulcus-deep=side, or"
        " sulcus-shallow=side)",
    ),
    (
        "sulcus=R",
        "argument 1 'sulcus=R': say what is found there: sulcus-deep=R or sulcus-shallow=R",
    ),
    (
        "seated-flexion=pos",
        "argument 1 'seated-flexion=pos': positive needs a side: seated-flexion=R, =L or =both",
    ),
    (
        "sulcus=deep",
        "argument 1 'sulcus=deep': deep needs a side: sulcus-deep=R, =L or =both",
    ),
    (
        "xyzzy=R",
        "argument 1 'xyzzy=R': no test 'xyzzy'",
    ),
    (
        "sulcus-deep=maybe",
        "argument 1 'sulcus-deep=maybe': not a result: 'maybe' (sulcus-deep= R, L, both)",
    ),
    (
        "ribs=0-3",
        "argument 1 'ribs=0-3': give ribs by number, 1 to 12, as in ribs=4 or ribs=4-6",
    ),
    (
        "segment=sacrum",
        "argument 1 'segment=sacrum': give vertebrae as in segment=T5 or segment=T4-T7",
    ),
    (
        "segment=T13",
        "argument 1 'segment=T13': not a spinal level: 'T13'",
    ),
    (
        "segment=T7-T4",
        "argument 1 'segment=T7-T4': a range runs downwards: T7-T4",
    ),
]
# fmt: on


@pytest.mark.parametrize(("text", "expected"), READ)
def test_reading_tests(text: str, expected: Observation) -> None:
    assert read_tests(text) == (expected,)
    assert read_tests(text.split()) == (expected,)


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_what_is_not_known_is_named_with_the_nearest(text: str, message: str) -> None:
    with pytest.raises(ObservationError) as caught:
        read_tests(text)
    assert str(caught.value) == message


# fmt: off
BAD = [
    (Observation("sulcos", "deep", R),   "no test 'sulcos'; did you mean 'sulcus'?"),
    (Observation("sulcus", "deeep", R),  "sulcus has no result 'deeep'; did you mean 'deep'?"),
    (Observation("sulcus", "deep"),      "sulcus: deep needs a side"),
    (Observation("spring", "negative", R), "spring: negative has no side"),
]
# fmt: on


@pytest.mark.parametrize(("observation", "message"), BAD)
def test_an_observation_that_the_tables_do_not_hold(observation: Observation, message: str) -> None:
    with pytest.raises(ObservationError) as caught:
        diagnose([observation])
    assert str(caught.value) == message


def test_every_listed_key_and_result_reads() -> None:
    rows = catalog()
    assert len({key for _, _, key, _ in rows}) == len(rows)
    for _, title, key, results in rows:
        assert title
        assert results == results_of(key)
        for result in results:
            assert len(read_tests(f"{key}={result}")) == 1
    assert ("sacrum", "sacral sulcus", "sulcus-deep", ("R", "L", "both")) in rows
    assert ("sacrum", "lumbosacral spring test", "spring", ("negative", "positive")) in rows
    assert results_of("nothing") == ()


def place(name: str, side: Side | None = None, pattern: str | None = None, **more: object) -> Finding:
    kind = LevelKind.TEST if name.endswith("test") else LevelKind.STRUCTURE
    return Finding(Region.PELVIC, named_level(name, kind), side, pattern=pattern, **more)  # type: ignore[arg-type]


LEVEL = {"absent": True, "tart": (Tart.ASYMMETRY,)}

# fmt: off
FINDINGS = [
    (place("seated flexion test", R, "positive"),               Observation("seated-flexion", "positive", R)),
    (place("seated flexion test", None, "negative", absent=True), Observation("seated-flexion", "negative")),
    (place("spring test", None, "negative", absent=True),       Observation("spring", "negative")),
    (place("sphinx test", None, "positive"),                    Observation("sphinx", "positive")),
    (place("sacral sulcus", L, "deep"),                         Observation("sulcus", "deep", L)),
    (place("ILA", L, "posterior inferior"),                     Observation("ila", "posterior", L)),
    (place("ASIS", R, "inferior"),                              Observation("asis-height", "inferior", R)),
    (place("ASIS", R, "medial"),                                Observation("asis-width", "medial", R)),
    (place("ASIS", None, None, **LEVEL),                        Observation("asis-height", "level")),
    (place("leg length", R, "short leg"),                       Observation("leg", "shorter", R)),
    (Finding(Region.HEAD, segment_level("OA"), R, pattern="deep sulcus"),
                                  Observation("oa-sulcus", "deep", R)),
    (Finding(Region.THORACIC, segment_level("T3", "T6"), R, pattern="posterior TP"),
                                  Observation("tp-neutral", "posterior", R, segment_level("T3", "T6"))),
    (Finding(Region.LUMBAR, segment_level("L5"), R, pattern="posterior TP"),
                                  Observation("tp-neutral", "posterior", R, segment_level("L5"))),
]
NOT_A_TEST = [
    place("psoas", R, "deep"),
    place("sacral sulcus", None, "deep"),
    place("sacral sulcus", R, None, tart=(Tart.TENDERNESS,)),
    place("ASIS", R, None, absent=True, tart=(Tart.TENDERNESS,)),
    place("ASIS", R, "superior", absent=True),
    place("seated flexion test", None, "positive"),
    Finding(Region.PELVIC, pattern="positive"),
    Finding(Region.LUMBAR, segment_level("L5"), motion=SpinalMotion(Plane.NEUTRAL, R, L)),
    Finding(Region.THORACIC, segment_level("T5"), motion=SpinalMotion(Plane.NEUTRAL, R, L)),
]
# fmt: on


@pytest.mark.parametrize(("finding", "expected"), FINDINGS)
def test_findings_that_state_a_test(finding: Finding, expected: Observation) -> None:
    assert from_findings([finding]) == (expected,)


@pytest.mark.parametrize("finding", NOT_A_TEST)
def test_findings_that_state_none(finding: Finding) -> None:
    assert from_findings([finding]) == ()


def test_l5_counts_beside_a_test_of_the_sacrum() -> None:
    spring = place("spring test", None, "negative", absent=True)
    l5 = Finding(Region.LUMBAR, segment_level("L5"), motion=SpinalMotion(Plane.NEUTRAL, R, L))
    assert from_findings([spring, l5]) == (
        Observation("spring", "negative"),
        Observation("l5-plane", "N"),
        Observation("l5-sidebent", "sidebent", L),
        Observation("l5-rotated", "rotated", R),
    )
    restricted = SpinalMotion(Plane.EXTENDED, R, None, Frame.RESTRICTION)
    assert from_findings([Finding(Region.LUMBAR, segment_level("L5"), motion=restricted), spring]) == (
        Observation("l5-plane", "F"),
        Observation("l5-rotated", "rotated", L),
        Observation("spring", "negative"),
    )
    gone = Finding(Region.LUMBAR, segment_level("L5"), motion=SpinalMotion(Plane.NEUTRAL), absent=True)
    assert from_findings([gone, spring]) == (Observation("spring", "negative"),)


def test_a_note_of_raw_tests_gives_its_diagnosis() -> None:
    note = [
        place("seated flexion test", R, "positive"),
        place("sacral sulcus", R, "deep"),
        place("ILA", L, "posterior inferior"),
        Finding(Region.LUMBAR, segment_level("L5"), motion=SpinalMotion(Plane.NEUTRAL, R, L)),
    ]
    (one,) = diagnose(from_findings(note))
    assert one.candidates[0].name == "L on L torsion"
    assert one.open == ("L on L torsion", "left margin posterior")
