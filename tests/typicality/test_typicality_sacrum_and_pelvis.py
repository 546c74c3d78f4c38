"""Sacrum and pelvis: tests and landmarks that disagree with the dysfunction named beside them."""

from __future__ import annotations

import pytest

from openomt.medicine.anatomy import LevelKind, Region, Side, named_level, segment_level
from openomt.medicine.findings import Finding, Frame, Plane, SpinalMotion, Tart
from openomt.medicine.typicality import Grade, Oddity, judge

SIDES = {"R": Side.RIGHT, "L": Side.LEFT, "B": Side.BILATERAL, "": None}


def found(text: str) -> Finding:
    """`sacrum: L on L torsion`, `R innominate: upslip`, `spring test: negative`, `L5 N SL RR`."""
    if ":" not in text:
        level, *parts = text.split()
        plane = next((Plane(p) for p in parts if len(p) == 1), None)
        turn = {p[0]: SIDES[p[1]] for p in parts if len(p) == 2}
        motion = SpinalMotion(plane, turn.get("R"), turn.get("S"))
        return Finding(Region.LUMBAR, segment_level(*level.split("-")), motion=motion)
    place, pattern = text.split(": ")
    side, name = (place[0], place[2:]) if place[:2] in ("R ", "L ", "B ") else ("", place)
    kind = LevelKind.TEST if name.endswith("test") else LevelKind.STRUCTURE
    level_of = named_level(name, kind)
    absent = pattern in ("negative", "level")
    return Finding(
        Region.PELVIC,
        level_of,
        SIDES[side],
        pattern=None if pattern == "level" else pattern,
        absent=absent,
        tart=(Tart.ASYMMETRY,) if pattern == "level" else (),
    )


def unmet(*texts: str) -> tuple[Oddity, ...]:
    """Oddities between findings; what is said of one finding alone is left out."""
    return tuple(odd for odd in judge([found(text) for text in texts]) if len(odd.findings) > 1)


# fmt: off
SACRUM = [
    # dysfunction                       beside it                          rule broken (empty: it fits)
    # 1. torsion: seated flexion positive opposite the axis
    ("sacrum: L on L torsion",          "R seated flexion test: positive", ""),
    ("sacrum: L on L torsion",          "L seated flexion test: positive", "torsion-seated-flexion"),
    ("sacrum: R on R torsion",          "L seated flexion test: positive", ""),
    ("sacrum: R on R torsion",          "R seated flexion test: positive", "torsion-seated-flexion"),
    ("sacrum: L on R torsion",          "L seated flexion test: positive", ""),
    ("sacrum: L on R torsion",          "R seated flexion test: positive", "torsion-seated-flexion"),
    ("sacrum: R on L torsion",          "R seated flexion test: positive", ""),
    ("sacrum: R on L torsion",          "L seated flexion test: positive", "torsion-seated-flexion"),
    ("sacrum: R on L torsion",          "B seated flexion test: positive", "torsion-seated-flexion"),
    ("sacrum: R on L torsion",          "seated flexion test: positive",   ""),
    # 2. unilateral: on the side of the dysfunction
    ("L sacrum: unilateral flexion",    "L seated flexion test: positive", ""),
    ("L sacrum: unilateral flexion",    "R seated flexion test: positive", "unilateral-seated-flexion"),
    ("R sacrum: unilateral extension",  "R seated flexion test: positive", ""),
    ("R sacrum: unilateral extension",  "L seated flexion test: positive", "unilateral-seated-flexion"),
    ("R sacrum: shear",                 "L seated flexion test: positive", "unilateral-seated-flexion"),
    ("sacrum: unilateral flexion",      "L seated flexion test: positive", ""),
    ("B sacrum: bilateral flexion",     "B seated flexion test: positive", ""),
    ("B sacrum: bilateral flexion",     "R seated flexion test: positive", "bilateral-seated-flexion"),
    ("sacrum: bilateral extension",     "L seated flexion test: positive", "bilateral-seated-flexion"),
    # 3 and 8. sulcus and ILA
    ("sacrum: L on L torsion",          "R sacral sulcus: deep",           ""),
    ("sacrum: L on L torsion",          "L sacral sulcus: deep",           "torsion-sulcus"),
    ("sacrum: R on L torsion",          "L sacral sulcus: deep",           ""),
    ("sacrum: R on L torsion",          "R sacral sulcus: deep",           "torsion-sulcus"),
    ("sacrum: L on L torsion",          "L ILA: posterior inferior",       ""),
    ("sacrum: L on L torsion",          "R ILA: posterior inferior",       "torsion-ila"),
    ("sacrum: L on R torsion",          "L ILA: posterior",                ""),
    ("sacrum: L on R torsion",          "R ILA: inferior",                 "torsion-ila"),
    ("sacrum: L on R torsion",          "R ILA: anterior",                 ""),
    ("L sacrum: unilateral flexion",    "L sacral sulcus: deep",           ""),
    ("L sacrum: unilateral flexion",    "R sacral sulcus: deep",           "unilateral-flexion-sulcus"),
    ("L sacrum: shear",                 "L ILA: inferior posterior",       ""),
    ("L sacrum: unilateral flexion",    "R ILA: posterior",                "unilateral-flexion-ila"),
    ("L sacrum: unilateral extension",  "R sacral sulcus: deep",           ""),
    ("L sacrum: unilateral extension",  "L sacral sulcus: deep",           "unilateral-extension-sulcus"),
    ("L sacrum: unilateral extension",  "R ILA: posterior",                ""),
    ("L sacrum: unilateral extension",  "L ILA: posterior",                "unilateral-extension-ila"),
    # 4. spring and sphinx: negative forward and flexed, positive backward and extended
    ("sacrum: L on L torsion",          "spring test: negative",           ""),
    ("sacrum: L on L torsion",          "spring test: positive",           "forward-torsion-spring"),
    ("sacrum: R on R torsion",          "spring test: positive",           "forward-torsion-spring"),
    ("sacrum: R on R torsion",          "sphinx test: positive",           "forward-torsion-sphinx"),
    ("sacrum: L on R torsion",          "spring test: positive",           ""),
    ("sacrum: L on R torsion",          "spring test: negative",           "backward-torsion-spring"),
    ("sacrum: R on L torsion",          "sphinx test: negative",           "backward-torsion-sphinx"),
    ("L sacrum: unilateral flexion",    "spring test: negative",           ""),
    ("L sacrum: unilateral flexion",    "spring test: positive",           "flexion-spring"),
    ("L sacrum: unilateral flexion",    "sphinx test: positive",           "unilateral-flexion-sphinx"),
    ("B sacrum: bilateral flexion",     "spring test: positive",           "flexion-spring"),
    ("L sacrum: unilateral extension",  "spring test: positive",           ""),
    ("L sacrum: unilateral extension",  "spring test: negative",           "extension-spring"),
    ("L sacrum: unilateral extension",  "sphinx test: negative",           "unilateral-extension-sphinx"),
    ("B sacrum: bilateral extension",   "spring test: negative",           "extension-spring"),
    # 5, 6, 7. L5: sidebends toward the axis, rotates opposite the sacrum, neutral or not
    ("sacrum: L on L torsion",          "L5 N SL RR",                      ""),
    ("sacrum: R on R torsion",          "L5 N SR RL",                      ""),
    ("sacrum: R on L torsion",          "L5 F SL RL",                      ""),
    ("sacrum: R on L torsion",          "L5 E SL RL",                      ""),
    ("sacrum: L on R torsion",          "L5 F SR RR",                      ""),
    ("sacrum: L on L torsion",          "L5 SR",                           "torsion-l5-sidebending"),
    ("sacrum: L on R torsion",          "L5 SL",                           "torsion-l5-sidebending"),
    ("sacrum: L on L torsion",          "L5 RL",                           "torsion-l5-rotation"),
    ("sacrum: R on L torsion",          "L5 RR",                           "torsion-l5-rotation"),
    ("sacrum: L on L torsion",          "L5 F",                            "forward-torsion-l5-plane"),
    ("sacrum: R on R torsion",          "L5 E",                            "forward-torsion-l5-plane"),
    ("sacrum: L on R torsion",          "L5 N",                            "backward-torsion-l5-plane"),
    ("sacrum: L on R torsion",          "L2-L5 N",                         "backward-torsion-l5-plane"),
    ("sacrum: L on R torsion",          "L2-L4 N",                         ""),
    ("sacrum: L on R torsion",          "L5-S1 N",                         "backward-torsion-l5-plane"),
    ("sacrum: L on R torsion",          "L4 N",                            ""),
    ("L sacrum: unilateral flexion",    "L5 F SR RR",                      ""),
    # 9. two torsions
    ("sacrum: L on L torsion",          "sacrum: R on R torsion",          "two-torsions"),
    ("sacrum: L on L torsion",          "sacrum: L on L torsion",          ""),
    ("sacrum: L on L torsion",          "L sacrum: unilateral flexion",    ""),
]

PELVIS = [
    # the positive standing flexion test gives the side
    ("R innominate: anterior rotation",  "R standing flexion test: positive", ""),
    ("R innominate: anterior rotation",  "L standing flexion test: positive", "innominate-standing-flexion"),
    ("L innominate: upslip",             "R standing flexion test: positive", "innominate-standing-flexion"),
    ("L innominate: outflare",           "R ASIS compression test: positive", "innominate-asis-compression"),
    ("L innominate: outflare",           "L ASIS compression test: positive", ""),
    ("R innominate: upslip",             "R standing flexion test: negative", ""),
    ("B innominate: anterior rotation",  "L standing flexion test: positive", "innominate-standing-flexion"),
    ("L pubic symphysis: superior shear", "R standing flexion test: positive", "pubes-standing-flexion"),
    ("L pubic symphysis: superior shear", "L standing flexion test: positive", ""),
    # ASIS and PSIS: apart in rotations, together in shears
    ("R innominate: anterior rotation",  "R ASIS: inferior",                  ""),
    ("R innominate: anterior rotation",  "R ASIS: superior",                  "anterior-rotation-asis"),
    ("R innominate: anterior rotation",  "ASIS: level",                       "anterior-rotation-asis"),
    ("R innominate: anterior rotation",  "R PSIS: superior",                  ""),
    ("R innominate: anterior rotation",  "R PSIS: inferior",                  "anterior-rotation-psis"),
    ("R innominate: anterior rotation",  "R ASIS: medial",                    ""),
    ("R innominate: anterior rotation",  "L ASIS: superior",                  ""),
    ("R innominate: anterior rotation",  "ASIS: superior",                    "anterior-rotation-asis"),
    ("innominate: anterior rotation",    "ASIS: superior",                    "anterior-rotation-asis"),
    ("innominate: anterior rotation",    "R ASIS: superior",                  ""),
    ("L innominate: posterior rotation", "L ASIS: superior",                  ""),
    ("L innominate: posterior rotation", "L ASIS: inferior",                  "posterior-rotation-asis"),
    ("L innominate: posterior rotation", "L PSIS: inferior",                  ""),
    ("L innominate: posterior rotation", "L PSIS: superior",                  "posterior-rotation-psis"),
    ("R innominate: upslip",             "R ASIS: superior",                  ""),
    ("R innominate: upslip",             "R ASIS: inferior",                  "upslip-asis"),
    ("R innominate: upslip",             "R PSIS: superior",                  ""),
    ("R innominate: upslip",             "R PSIS: inferior",                  "upslip-psis"),
    ("L innominate: downslip",           "L ASIS: inferior",                  ""),
    ("L innominate: downslip",           "L ASIS: superior",                  "downslip-asis"),
    ("L innominate: downslip",           "L PSIS: superior",                  "downslip-psis"),
    ("R innominate: inflare",            "R ASIS: medial",                    ""),
    ("R innominate: inflare",            "R ASIS: lateral",                   "inflare-asis"),
    ("R innominate: inflare",            "R PSIS: medial",                    "inflare-psis"),
    ("R innominate: outflare",           "R ASIS: medial",                    "outflare-asis"),
    ("R innominate: outflare",           "R PSIS: lateral",                   "outflare-psis"),
    ("R pubic symphysis: superior shear", "R pubic tubercle: superior",       ""),
    ("R pubic symphysis: superior shear", "R pubic tubercle: inferior",       "pubic-superior-tubercle"),
    ("R pubic symphysis: inferior shear", "pubic tubercle: level",            "pubic-inferior-tubercle"),
    # two dysfunctions of one bone
    ("R innominate: anterior rotation",  "R innominate: posterior rotation",  "innominate-two-rotations"),
    ("R innominate: anterior rotation",  "L innominate: posterior rotation",  ""),
    ("R innominate: anterior rotation",  "B innominate: posterior rotation",  "innominate-two-rotations"),
    ("R innominate: anterior rotation",  "innominate: posterior rotation",    ""),
    ("innominate: anterior rotation",    "innominate: posterior rotation",    "innominate-two-rotations"),
    ("R innominate: anterior rotation",  "R innominate: inflare",             ""),
    ("L innominate: upslip",             "L innominate: downslip",            "innominate-two-shears"),
    ("L innominate: inflare",            "L innominate: outflare",            "innominate-two-flares"),
    ("L pubic symphysis: superior shear", "L pubic symphysis: inferior shear", "pubes-two-shears"),
]

WRONG_PAGES = [
    # a page says                                    so it would pass                 our answer
    ("the spring test is positive in R on R",
     "sacrum: R on R torsion",         "spring test: positive",           "forward-torsion-spring"),
    ("seated flexion is positive on the axis side",
     "sacrum: L on L torsion",         "L seated flexion test: positive", "torsion-seated-flexion"),
    ("deep right sulcus, posterior right ILA, spring positive: R unilateral extension",
     "R sacrum: unilateral extension", "R sacral sulcus: deep",           "unilateral-extension-sulcus"),
    ("the same page, its ILA",
     "R sacrum: unilateral extension", "R ILA: posterior",                "unilateral-extension-ila"),
]
# fmt: on


@pytest.mark.parametrize(("dysfunction", "beside", "rule"), SACRUM + PELVIS)
def test_tests_and_landmarks_against_the_named_dysfunction(dysfunction: str, beside: str, rule: str) -> None:
    expected = [rule] if rule else []
    assert [odd.rule for odd in unmet(dysfunction, beside)] == expected
    backwards = unmet(beside, dysfunction)
    assert [odd.rule for odd in backwards] == expected


@pytest.mark.parametrize(
    ("dysfunction", "beside", "rule"), [pytest.param(*row[1:], id=row[0]) for row in WRONG_PAGES]
)
def test_pages_known_to_be_wrong_are_not_followed(dysfunction: str, beside: str, rule: str) -> None:
    assert [odd.rule for odd in unmet(dysfunction, beside)] == [rule]


def test_a_torsion_against_seated_flexion_is_said_in_full() -> None:
    (odd,) = unmet("sacrum: L on L torsion", "L seated flexion test: positive")
    assert odd.message == (
        "sacrum, L on L torsion: the seated flexion test is positive left; in a torsion it is positive"
        " opposite the axis (right)."
    )
    assert odd.instead == "a torsion on the right axis, or a unilateral dysfunction on the left"
    assert (odd.grade, odd.findings, odd.confidence) == (Grade.WARNING, (0, 1), "V")
    assert odd.sources == ("acom-sacral-instant", "osmosis-sacral", "amboss-pelvic-sacral")


def test_the_expected_side_is_said_when_it_is_the_same_side() -> None:
    (odd,) = unmet("R sacrum: shear", "L seated flexion test: positive")
    assert "positive on its side (right)" in odd.message


def test_a_test_positive_on_both_sides_offers_nothing_instead() -> None:
    (odd,) = unmet("sacrum: R on L torsion", "B seated flexion test: positive")
    assert "positive on both sides" in odd.message
    assert odd.instead == ""


def test_a_one_sided_test_beside_a_bilateral_dysfunction() -> None:
    (odd,) = unmet("B sacrum: bilateral flexion", "R seated flexion test: positive")
    assert odd.message == (
        "bilateral sacrum, bilateral flexion: the seated flexion test is positive right only; in a bilateral"
        " dysfunction it is negative or positive on both sides."
    )


def test_landmarks_are_said_in_words() -> None:
    (odd,) = unmet("R innominate: anterior rotation", "R ASIS: superior")
    assert odd.message == (
        "right innominate, anterior rotation: the ASIS is superior; in anterior rotation it is inferior and"
        " the PSIS superior."
    )
    assert odd.instead == "posterior rotation if ASIS and PSIS move apart, a shear if they move together"


def test_l5_is_said_with_its_range_and_in_words() -> None:
    plane, rotation = unmet("sacrum: L on R torsion", "L2-L5 N SR RL")[::-1]
    assert "L2-L5 is neutral" in plane.message
    assert "L2-L5 is rotated left; L5 rotates opposite the sacrum (right)" in rotation.message


def test_four_rules_can_speak_of_one_l5() -> None:
    rules = [odd.rule for odd in unmet("sacrum: L on L torsion", "L5 F SR RL")]
    assert rules == ["torsion-l5-sidebending", "torsion-l5-rotation", "forward-torsion-l5-plane"]


def test_l5_said_as_restriction_is_turned_to_ease() -> None:
    l5 = Finding(
        Region.LUMBAR,
        segment_level("L5"),
        motion=SpinalMotion(None, Side.LEFT, Side.RIGHT, Frame.RESTRICTION),
    )
    assert not [odd for odd in judge([found("sacrum: L on L torsion"), l5]) if len(odd.findings) > 1]
    extended = Finding(
        Region.LUMBAR, segment_level("L5"), motion=SpinalMotion(Plane.EXTENDED, frame=Frame.RESTRICTION)
    )
    (odd,) = judge([found("sacrum: L on L torsion"), extended])
    assert odd.message.endswith("L5 was stated as a restriction and is judged on its ease (flexed).")
    assert "L5 is flexed" in odd.message


def test_a_turned_l5_that_does_not_fit_says_so() -> None:
    motion = SpinalMotion(None, Side.RIGHT, None, Frame.RESTRICTION, inferred=("rotation",))
    l5 = Finding(Region.LUMBAR, segment_level("L5"), motion=motion)
    odd = next(o for o in judge([found("sacrum: L on L torsion"), l5]) if len(o.findings) > 1)
    assert odd.message == (
        "sacrum, L on L torsion: L5 is rotated left; L5 rotates opposite the sacrum (right). L5 was stated"
        " as a restriction and is judged on its ease (rotated left). At L5, rotation was inferred, "
        "not stated."
    )


def test_a_positive_test_said_to_be_absent_is_negative() -> None:
    spring = Finding(Region.SACRAL, named_level("spring test"), pattern="positive", absent=True)
    (odd,) = judge([found("sacrum: L on R torsion"), spring])
    assert odd.rule == "backward-torsion-spring"


def test_what_is_absent_expects_nothing() -> None:
    torsion = Finding(Region.SACRAL, named_level("sacrum"), pattern="L on L torsion", absent=True)
    assert not judge([torsion, found("L seated flexion test: positive"), found("spring test: positive")])
    no_l5 = Finding(
        Region.LUMBAR, segment_level("L5"), motion=SpinalMotion(Plane.FLEXED, Side.LEFT), absent=True
    )
    assert not judge([found("sacrum: L on L torsion"), no_l5])
    plain_l5 = Finding(Region.LUMBAR, segment_level("L5"), tart=(Tart.TENDERNESS,))
    assert not judge([found("sacrum: L on L torsion"), plain_l5])


def test_no_tenderness_at_a_landmark_does_not_make_it_level() -> None:
    not_tender = Finding(Region.PELVIC, named_level("ASIS"), Side.RIGHT, tart=(Tart.TENDERNESS,), absent=True)
    not_superior = Finding(Region.PELVIC, named_level("ASIS"), Side.RIGHT, pattern="superior", absent=True)
    untold = Finding(Region.PELVIC, named_level("ASIS"), Side.RIGHT, absent=True)
    named = found("R innominate: anterior rotation")
    assert not judge([named, not_tender])
    assert not judge([named, not_superior])
    (odd,) = judge([named, untold])
    assert "the ASIS is level" in odd.message


def test_an_unnamed_torsion_has_no_axis_to_compare_with() -> None:
    assert not unmet("sacrum: torsion", "L seated flexion test: positive")


def test_a_finding_without_a_place_is_passed_over() -> None:
    assert not judge([Finding(Region.SACRAL, pattern="L on L torsion"), found("spring test: positive")])
    assert not unmet("sacrum: L on L torsion", "ILA: posterior")
    assert not judge([found("sacrum: L on L torsion"), Finding(Region.LUMBAR, tart=(Tart.TENDERNESS,))])


def test_two_torsions_are_a_contradiction_with_a_way_out() -> None:
    (odd,) = unmet("sacrum: L on L torsion", "sacrum: R on L torsion")
    assert odd.grade is Grade.CONTRADICTION
    assert odd.message == "Two different torsions of the sacrum: L on L torsion and R on L torsion."
    assert odd.instead == "one torsion, unless one is dated before and the other after treatment"
