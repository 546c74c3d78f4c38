"""Spinal motion: the table of rotation against sidebending, plane and length of the run, area by area."""

from __future__ import annotations

import pytest

from openomt.medicine.anatomy import LevelKind, Region, Side, named_level, segment_level
from openomt.medicine.findings import Finding, Frame, Plane, SpinalMotion
from openomt.medicine.typicality import Grade, areas_of, judge, say_finding, say_motion

SIDES = {"R": Side.RIGHT, "L": Side.LEFT}


def vertebra(text: str, *, absent: bool = False, **extra: object) -> Finding:
    """`T4-T7 N SR RL` as a finding: a level, then a plane letter, rotation (R.) and sidebending (S.)."""
    level, *parts = text.split()
    plane = next((Plane(p) for p in parts if len(p) == 1), None)
    rotation = next((SIDES[p[1]] for p in parts if len(p) == 2 and p[0] == "R"), None)
    sidebend = next((SIDES[p[1]] for p in parts if len(p) == 2 and p[0] == "S"), None)
    motion = SpinalMotion(plane, rotation, sidebend, **extra)  # type: ignore[arg-type]
    return Finding(Region.THORACIC, segment_level(*level.split("-")), motion=motion, absent=absent)


def verdict(text: str) -> tuple[str, ...]:
    return tuple(f"{odd.grade} {odd.rule}" for odd in judge([vertebra(text)]))


TYPICAL: tuple[str, ...] = ()

# fmt: off
TABLE = [
    # pattern                          written              verdict
    # --- T1 to L5 -----------------------------------------------------------------------------------
    ("neutral, opposite, range",       "T4-T7 N SR RL",     TYPICAL),
    ("neutral, opposite, two",         "T4-T5 N SL RR",     TYPICAL),
    ("neutral, opposite, one",         "L5 N SL RR",        ("info fryette-1-single",)),
    ("neutral, same side, one",        "T5 N SR RR",        ("warning fryette-1-same-side",)),
    ("neutral, same side, range",      "T5-T8 N SL RL",     ("warning fryette-1-same-side",)),
    ("flexed, same side, one",         "T5 F RR SR",        TYPICAL),
    ("extended, same side, one",       "T3 E RL SL",        TYPICAL),
    ("first thoracic",                 "T1 E RL SL",        TYPICAL),
    ("last lumbar",                    "L5 F RR SR",        TYPICAL),
    ("flexed, opposite, one",          "T5 F RR SL",        ("warning fryette-2-opposite",)),
    ("extended, opposite, one",        "L3 E RL SR",        ("warning fryette-2-opposite",)),
    ("flexed, opposite, range",        "T5-T8 F RR SL",     ("warning fryette-2-opposite",)),
    ("flexed, same side, two",         "T5-T6 F RR SR",     ("info fryette-2-pair",)),
    ("extended, same side, three",     "T5-T7 E RR SR",     ("warning fryette-2-group",)),
    ("rotation only",                  "T1 RL",             ("info sidebending-unstated",)),
    ("plane and rotation",             "T6 F RL",           ("info sidebending-unstated",)),
    ("sidebending only",               "L2 SL",             ("info rotation-unstated",)),
    ("plane only (both facets)",       "T4 F",              TYPICAL),
    ("no plane, opposite",             "L5 SL RR",          ("info thoracolumbar-plane-unstated",)),
    ("no plane, same side",            "L5 SL RL",          ("info thoracolumbar-plane-unstated-same",)),
    # --- C2 to C7: the same side in any plane -------------------------------------------------------
    ("neck neutral, opposite, range",  "C2-C4 N SL RR",     ("warning neck-opposite",)),
    ("neck neutral, opposite, one",    "C4 N SL RR",        ("warning neck-opposite",)),
    ("neck neutral, same side",        "C4 N SL RL",        TYPICAL),
    ("neck neutral, same side, range", "C4-C6 N SL RL",     TYPICAL),
    ("neck flexed, same side",         "C5 F RL SL",        TYPICAL),
    ("neck extended, opposite",        "C2 E RL SR",        ("warning neck-opposite",)),
    ("neck flexed, same side, range",  "C3-C5 F RL SL",     ("info neck-same-range",)),
    ("neck extended, same, two",       "C3-C4 E RL SL",     ("info neck-same-range",)),
    ("neck, no plane, same side",      "C7 RL SL",          TYPICAL),
    ("neck, no plane, opposite",       "C7 RL SR",          ("warning neck-opposite",)),
    ("neck rotation only",             "C6 RR",             ("info sidebending-unstated",)),
    ("neck plane only",                "C6 E",              TYPICAL),
    # --- OA: opposite sides whatever the plane ------------------------------------------------------
    ("OA neutral, opposite",           "OA N SL RR",        TYPICAL),
    ("OA flexed, opposite",            "OA F RR SL",        TYPICAL),
    ("OA extended, opposite",          "OA E RR SL",        TYPICAL),
    ("OA no plane, opposite",          "OA RR SL",          TYPICAL),
    ("OA flexed, same side",           "OA F RR SR",        ("warning oa-same-side",)),
    ("OA neutral, same side",          "OA N RL SL",        ("warning oa-same-side",)),
    ("OA rotation only",               "OA RL",             ("info sidebending-unstated",)),
    ("OA plane only",                  "OA F",              TYPICAL),
    # --- AA: rotation only --------------------------------------------------------------------------
    ("AA rotation only",               "AA RL",             TYPICAL),
    ("AA neutral, rotation only",      "AA N RL",           TYPICAL),
    ("AA flexed and rotated",          "AA F RL",           ("warning aa-rotation-with-plane",)),
    ("AA neutral, opposite",           "AA N RL SR",        ("warning aa-sidebending-opposite",)),
    ("AA flexed, same side",           "AA F RL SL",        ("warning aa-sidebending-same",)),
    ("AA flexed, opposite",            "AA F RL SR",        ("warning aa-sidebending-opposite",)),
    ("AA sidebending only",            "AA SR",             ("warning aa-sidebending-only",)),
    ("AA plane only",                  "AA F",              ("warning aa-plane-only",)),
    # --- runs across two areas are odd only if odd in both ------------------------------------------
    ("C7-T2 neutral, opposite",        "C7-T2 N SL RR",     TYPICAL),
    ("C7-T2 neutral, same side",       "C7-T2 N SL RL",     TYPICAL),
    ("C7-T2 flexed, opposite",         "C7-T2 F SL RR",     ("warning fryette-2-opposite",)),
    ("L5-S1 flexed, opposite",         "L5-S1 F SL RR",     ("warning fryette-2-opposite",)),
    ("S1 is in no area",               "S1 F SL RR",        TYPICAL),
    ("nothing of a motion stated",     "T5",                TYPICAL),
]
# fmt: on


@pytest.mark.parametrize(("written", "expected"), [pytest.param(*row[1:], id=row[0]) for row in TABLE])
def test_spinal_motion_is_judged_by_area(written: str, expected: tuple[str, ...]) -> None:
    assert verdict(written) == expected


DISAGREEING_PAGES = [
    # a page says                                             written       our answer
    ("the OA follows Fryette II, same side: typical", "OA E RR SR", ("warning oa-same-side",)),
    ("OA rotation and sidebending go together", "OA F RL SL", ("warning oa-same-side",)),
]


@pytest.mark.parametrize(
    ("written", "expected"), [pytest.param(*row[1:], id=row[0]) for row in DISAGREEING_PAGES]
)
def test_pages_known_to_be_wrong_are_not_followed(written: str, expected: tuple[str, ...]) -> None:
    assert verdict(written) == expected


def test_an_oddity_says_what_why_and_what_would_fit() -> None:
    (odd,) = judge([vertebra("T5 F RR SL")])
    assert odd.grade is Grade.WARNING
    assert odd.message == (
        "T5 flexed, rotated right, sidebent left: flexed or extended, rotation and sidebending go to the"
        " same side (Fryette II)."
    )
    assert odd.instead == "both to one side, or neutral with opposite sides"
    assert odd.findings == (0,)
    assert odd.sources == ("liquisearch-fryette", "ziff-fryette", "lecturio-fryette")
    assert odd.confidence == "V"
    assert odd.review == "awaiting a licensed osteopathic physician"


def test_a_restriction_is_judged_on_its_ease() -> None:
    # restricted in extension, left rotation, right sidebending = flexed, rotated right, sidebent left
    (odd,) = judge([vertebra("T5 E RL SR", frame=Frame.RESTRICTION)])
    assert odd.rule == "fryette-2-opposite"
    assert odd.message.endswith(
        "T5 was stated as a restriction and is judged on its ease (flexed, rotated right, sidebent left)."
    )
    assert not judge([vertebra("L4 E RL SL", frame=Frame.RESTRICTION)])


def test_inferred_parts_are_named() -> None:
    (odd,) = judge([vertebra("OA F RR SR", inferred=("rotation", "sidebend"))])
    assert odd.message.endswith("whatever the plane. At OA, rotation and sidebend was inferred, not stated.")
    (plain,) = judge([vertebra("OA F RR SR")])
    assert "inferred" not in plain.message
    assert "ease" not in plain.message


def test_what_is_absent_or_no_vertebra_is_not_judged() -> None:
    motion = vertebra("T5 F RR SL").motion
    junction = Finding(Region.THORACIC, named_level("CT junction"), motion=motion)
    assert not judge([vertebra("T5 F RR SL", absent=True), junction, Finding(Region.THORACIC, motion=motion)])
    assert judge([vertebra("T5 F RR SL", absent=True), vertebra("T6 F RR SL")])[0].findings == (1,)


# fmt: off
CONTRADICTIONS = [
    # one segment                                     verdict
    ("T5 F RR SR", "T5 F RL SL",  "two-rotations", "T5 is said to be rotated both right and left."),
    ("T5 F RR SR", "T5 E RR SR",  "two-planes",    "T5 is said to be both flexed and extended."),
    ("T4-T7 N SL RR", "T4-T7 N SR RL", "two-rotations", "T4-T7 is said to be rotated both right and left."),
    ("OA N RR SL", "OA F RR SL",  "two-planes",    "OA is said to be both neutral and flexed."),
    ("AA RR",      "AA RL",       "two-rotations", "AA is said to be rotated both right and left."),
]
# fmt: on


@pytest.mark.parametrize(("one", "other", "rule", "message"), CONTRADICTIONS)
def test_one_segment_cannot_be_in_two_positions(one: str, other: str, rule: str, message: str) -> None:
    found = [odd for odd in judge([vertebra(one), vertebra(other)]) if odd.grade is Grade.CONTRADICTION]
    assert [(odd.rule, odd.message, odd.findings) for odd in found] == [(rule, message, (0, 1))]
    assert found[0].instead.endswith("at one time")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("T5 F RR SR", "T6 F RL SL"),
        ("T5 F RR SR", "T5 F RR SR"),
        ("T5 F", "T5 RR"),
        ("T5 F RR SR", "T4-T7 N SR RL"),
    ],
)
def test_two_findings_that_can_both_be_true(one: str, other: str) -> None:
    assert not [odd for odd in judge([vertebra(one), vertebra(other)]) if odd.grade is Grade.CONTRADICTION]


def test_an_ease_and_its_restriction_agree() -> None:
    ease, restriction = vertebra("T5 F RR SR"), vertebra("T5 E RL SL", frame=Frame.RESTRICTION)
    assert not judge([ease, restriction])
    assert [odd.rule for odd in judge([ease, vertebra("T5 F RR SR", frame=Frame.RESTRICTION)])] == [
        "two-rotations",
        "two-planes",
    ]


def test_an_absent_position_contradicts_nothing() -> None:
    assert not judge([vertebra("T5 F RR SR"), vertebra("T5 E RL SL", absent=True)])


def test_findings_are_judged_in_their_order_and_each_pair_once() -> None:
    odd = judge([vertebra("T5 F RR SL"), vertebra("C4 E RL SR"), vertebra("T5 F RL SL")])
    assert [(o.rule, o.findings) for o in odd] == [
        ("fryette-2-opposite", (0,)),
        ("two-rotations", (0, 2)),
        ("neck-opposite", (1,)),
    ]


def test_areas_of_a_run() -> None:
    assert areas_of(segment_level("C7", "T2")) == ["T1-L5", "C2-C7"]
    assert areas_of(segment_level("OA")) == ["OA"]
    assert areas_of(segment_level("AA", "C2")) == ["C2-C7", "AA"]
    assert areas_of(segment_level("S1")) == []
    assert areas_of(named_level("psoas")) == []


def test_words_for_motions_and_findings() -> None:
    assert (
        say_motion(SpinalMotion(Plane.EXTENDED, Side.LEFT, Side.RIGHT))
        == "extended, rotated left, sidebent right"
    )
    assert say_motion(SpinalMotion(Plane.NEUTRAL)) == "neutral"
    assert say_motion(SpinalMotion()) == ""
    innominate = Finding(Region.PELVIC, named_level("innominate"), Side.LEFT, pattern="upslip")
    assert say_finding(innominate) == "left innominate, upslip"
    assert say_finding(Finding(Region.LOWER_EXTREMITY, side=Side.RIGHT)) == "right lower extremity"
    assert say_finding(vertebra("T5 F RR")) == "T5, flexed, rotated right"
    assert say_finding(Finding(Region.PELVIC, named_level("spring test", LevelKind.TEST))) == "spring test"
