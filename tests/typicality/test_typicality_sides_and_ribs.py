"""Sides that are missing or do not belong, key ribs, and the pattern of a cranial base."""

from __future__ import annotations

import pytest

from openomt.medicine.anatomy import (
    Level,
    LevelKind,
    Region,
    Side,
    named_level,
    parse_rib_level,
    rib_level,
    segment_level,
)
from openomt.medicine.findings import Finding, Tart
from openomt.medicine.typicality import Grade, judge, key_rib

SBS = named_level("SBS")
LEFT, RIGHT, BOTH = Side.LEFT, Side.RIGHT, Side.BILATERAL

# fmt: off
SIDES = [
    # region           place              side     pattern                      verdict
    ("head",            "SBS",             "",   "torsion R",                ""),
    ("head",            "SBS",             "L",  "torsion",                  ""),
    ("head",            "SBS",             "",   "torsion",                  "warning sbs-side-needed"),
    ("head",            "SBS",             "",   "sidebending rotation",     "warning sbs-side-needed"),
    ("head",            "SBS",             "",   "sidebending rotation L",   ""),
    ("head",            "SBS",             "",   "lateral strain",           "warning sbs-side-needed"),
    ("head",            "SBS",             "",   "lateral strain R",         ""),
    ("head",            "SBS",             "",   "flexion",                  ""),
    ("head",            "SBS",             "R",  "flexion",                  "warning sbs-no-side"),
    ("head",            "SBS",             "",   "extension L",              "warning sbs-no-side"),
    ("head",            "SBS",             "L",  "superior vertical strain", "warning sbs-no-side"),
    ("head",            "SBS",             "",   "vertical strain L",        "warning sbs-no-side"),
    ("head",            "SBS",             "",   "inferior vertical strain", ""),
    ("head",            "SBS",             "R",  "compression",              "warning sbs-no-side"),
    ("head",            "SBS",             "",   "",                         ""),
    ("head",            "temporal",        "",   "internal rotation",        "info temporal-side"),
    ("head",            "temporal",        "L",  "internal rotation",        ""),
    ("rib",             "rib 6",           "",   "exhalation",               "warning rib-side"),
    ("rib",             "rib 6",           "L",  "exhalation",               ""),
    ("rib",             "rib 6",           "B",  "exhalation",               ""),
    ("rib",             "rib 1",           "",   "elevated",                 "warning rib-side"),
    ("rib",             "rib cage",        "",   "inhalation",               ""),
    ("pelvic",          "innominate",      "",   "upslip",                   "info innominate-side"),
    ("pelvic",          "innominate",      "L",  "upslip",                   ""),
    ("pelvic",          "pubic symphysis", "",   "inferior shear",           "info pubic-shear-side"),
    ("pelvic",          "pubic symphysis", "",   "compression",              ""),
    ("sacral",          "sacrum",          "",   "unilateral flexion",       "info sacral-unilateral-side"),
    ("sacral",          "sacrum",          "",   "L on L torsion",           ""),
    ("cervical",        "AC4",             "",   "tenderpoint",              "info tender-point-side"),
    ("cervical",        "AC4",             "R",  "tenderpoint",              ""),
    ("upper_extremity", "radial head",     "",   "posterior",                "info limb-side"),
    ("lower_extremity", "fibula",          "R",  "posterior",                ""),
    ("lumbar",          "psoas",           "",   "",                         ""),
    ("thoracic",        "T5",              "",   "",                         ""),
    ("lower_extremity", "",                "",   "",                         ""),
]
# fmt: on


def place(name: str) -> Level | None:
    if not name:
        return None
    if name == "T5":
        return segment_level(name)
    return parse_rib_level(name) or named_level(
        name, LevelKind.POINT if name == "AC4" else LevelKind.STRUCTURE
    )


@pytest.mark.parametrize(("region", "where", "side", "pattern", "expected"), SIDES)
def test_sides(region: str, where: str, side: str, pattern: str, expected: str) -> None:
    letter = {"L": LEFT, "R": RIGHT, "B": BOTH, "": None}[side]
    finding = Finding(Region(region), place(where), letter, pattern=pattern or None, tart=(Tart.TENDERNESS,))
    assert [f"{odd.grade} {odd.rule}" for odd in judge([finding])] == ([expected] if expected else [])


def test_what_is_absent_needs_no_side() -> None:
    assert not judge([Finding(Region.RIB, rib_level(2, 4), pattern="inhalation", absent=True)])


def test_a_side_that_does_not_belong_is_named() -> None:
    (odd,) = judge([Finding(Region.HEAD, SBS, pattern="extension L")])
    assert odd.message == "SBS extension L: this pattern has no side, and left is stated."
    assert odd.instead.endswith("superior or inferior, not left or right")
    (missing,) = judge([Finding(Region.PELVIC, named_level("innominate"))])
    assert missing.message == "innominate: the side is not stated."


# BITE: bottom rib of an inhaled group, top rib of an exhaled one. A page that reverses it is not followed.
KEY_RIBS = [
    ("inhalation", 4, 6, 6),
    ("exhalation", 4, 6, 4),
    ("inhalation", 11, 12, 12),
    ("exhalation", 2, 5, 2),
    ("inhalation", 5, 5, 5),
    ("elevated", 1, 2, None),
]


@pytest.mark.parametrize(("pattern", "first", "last", "key"), KEY_RIBS)
def test_key_rib(pattern: str, first: int, last: int, key: int | None) -> None:
    assert key_rib(rib_level(first, last), pattern) == key
    odd = judge([Finding(Region.RIB, rib_level(first, last), Side.LEFT, pattern=pattern)])
    if key is None or first == last:
        assert not odd
    else:
        assert odd[0].grade is Grade.INFO
        assert f"rib {key} (suggestion)" in odd[0].message
        assert odd[0].message.startswith(f"rib {first}-{last}, {pattern}: the key rib")


def test_only_ribs_have_a_key_rib() -> None:
    assert key_rib(segment_level("T4", "T6"), "inhalation") is None
    assert not judge([Finding(Region.THORACIC, segment_level("T4", "T6"), pattern="inhalation")])


# fmt: off
TWO_RIBS = [
    # one                                other                               contradiction
    ((4, 6), RIGHT, "inhalation",        (4, 6), RIGHT, "exhalation",        True),
    ((4, 6), RIGHT, "inhalation",        (4, 6), BOTH,  "exhalation",        True),
    ((4, 6), RIGHT, "inhalation",        (4, 6), LEFT,  "exhalation",        False),
    ((4, 6), RIGHT, "inhalation",        (4, 5), RIGHT, "exhalation",        False),
    ((4, 6), RIGHT, "inhalation",        (4, 6), RIGHT, "elevated",          False),
    ((4, 6), None,  "inhalation",        (4, 6), BOTH,  "exhalation",        False),
    ((4, 6), None,  "inhalation",        (4, 6), None,  "exhalation",        True),
]
# fmt: on


@pytest.mark.parametrize("row", TWO_RIBS)
def test_a_rib_is_not_held_both_ways(
    row: tuple[tuple[int, int], Side | None, str, tuple[int, int], Side | None, str, bool],
) -> None:
    ribs, side, pattern, other_ribs, other_side, other_pattern, odd = row
    found = judge(
        [
            Finding(Region.RIB, rib_level(*ribs), side, pattern=pattern),
            Finding(Region.RIB, rib_level(*other_ribs), other_side, pattern=other_pattern),
        ]
    )
    assert any(one.rule == "rib-inhaled-and-exhaled" for one in found) is odd


def test_every_rib_of_a_note_is_judged() -> None:
    inhaled = Finding(Region.RIB, rib_level(4, 6), RIGHT, pattern="inhalation")
    note = [
        Finding(Region.RIB, rib_level(2), pattern="inhalation", absent=True),
        inhaled,
        Finding(Region.RIB, rib_level(4, 6), LEFT, pattern="exhalation"),
        Finding(Region.RIB, rib_level(4, 6), RIGHT, pattern="exhalation"),
        Finding(Region.RIB, rib_level(9), pattern="exhalation"),
    ]
    assert [(odd.rule, odd.findings) for odd in judge(note)] == [
        ("key-rib-inhaled", (1,)),
        ("rib-inhaled-and-exhaled", (1, 3)),
        ("key-rib-exhaled", (2,)),
        ("key-rib-exhaled", (3,)),
        ("rib-side", (4,)),
    ]


def test_the_sbs_does_not_prefer_two_phases() -> None:
    found = judge(
        [Finding(Region.HEAD, SBS, pattern="flexion"), Finding(Region.HEAD, SBS, pattern="extension")]
    )
    assert [(odd.rule, odd.findings) for odd in found] == [("sbs-flexion-and-extension", (0, 1))]
