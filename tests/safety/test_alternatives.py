"""What is named as safer: first what the rules name, then what is no rougher, and all of it checked."""

from __future__ import annotations

import pytest

from openomt.medicine.safety.values import Verdict
from tests.safety.people import alerts

NAMED = [
    # planned, facts, safer techniques in their order (the first ones)
    ("HVLA lumbar", ("osteoporosis",), ["BLT", "FPR", "CS"]),
    ("HVLA cervical", ("ra",), ["MFR", "SOR", "BLT"]),
    ("HVLA lumbar", ("anticoagulant",), ["CS", "BLT", "MFR"]),
    ("HVLA thoracic", ("pregnant",), ["MFR", "SOFT", "ART"]),
    ("ME lumbar", ("cannot_follow_instructions",), ["BLT", "MFR", "ART"]),
    ("CS lumbar", ("cannot_give_feedback",), ["BLT", "MFR"]),
    ("TP rib", ("osteoporosis",), ["DIA", "MFR"]),
    ("AP abdomen", ("splenomegaly_or_mono",), ["MFR", "SOR"]),
]


@pytest.mark.parametrize(("plan", "facts", "first"), NAMED)
def test_the_rules_own_advice_comes_first(plan: str, facts: tuple[str, ...], first: list[str]) -> None:
    [item] = alerts(plan, *facts).items
    assert [one.technique for one in item.alternatives][: len(first)] == first
    assert all(one.reason for one in item.alternatives)


LEFT_ALONE = [
    # where the rule asks for another region, for no treatment, or for a specialist
    ("HVLA cervical", "aai_known"),
    ("MFR lumbar", "fracture_acute@lumbar"),
    ("SOFT lumbar", "skin_not_intact@lumbar"),
    ("ME lumbar", "no_somatic_dysfunction@lumbar"),
    ("PP lower_extremity", "dvt_acute"),
    ("CV4 head", "raised_icp"),
]


@pytest.mark.parametrize(("plan", "fact"), LEFT_ALONE)
def test_nothing_is_named_where_the_region_is_to_be_left_alone(plan: str, fact: str) -> None:
    [item] = alerts(plan, fact).items
    assert item.verdict is Verdict.ABSOLUTE
    assert item.alternatives == ()


def test_nothing_is_named_beside_a_stop() -> None:
    [item] = alerts("HVLA lumbar", "rf_ces", "osteoporosis").items
    assert item.verdict is Verdict.STOP
    assert item.alternatives == ()


def test_nothing_is_named_where_nothing_limits_the_plan() -> None:
    [item] = alerts("HVLA lumbar", "osteopenia").items
    assert item.alternatives == ()


def test_an_alternative_that_another_rule_bars_is_not_named() -> None:
    [item] = alerts("HVLA lumbar", "osteoporosis", "cannot_give_feedback").items
    assert "CS" not in [one.technique for one in item.alternatives]


def test_a_limited_alternative_is_named_only_where_none_is_free_and_says_so() -> None:
    [item] = alerts("HVLA lumbar", "placenta_praevia").items
    assert item.alternatives == ()  # the rule asks for the upper body only
    [item] = alerts("HVLA thoracic", "placenta_praevia").items
    assert item.alternatives
    assert {one.verdict for one in item.alternatives} == {Verdict.RELATIVE}
    assert all("R-132" in one.reason for one in item.alternatives)


def test_a_thrust_is_never_named_in_place_of_something_gentler() -> None:
    for plan in ("ME lumbar", "ART lumbar", "CS lumbar", "STILL cervical"):
        for fact in ("cannot_follow_instructions", "cannot_relax", "eds_connective_tissue", "mi_recent"):
            for item in alerts(plan, fact).items:
                assert "HVLA" not in [one.technique for one in item.alternatives]


def test_an_alternative_of_another_region_names_it() -> None:
    [item] = alerts("TP rib", "fracture_rib_thoracic").items
    pump = next(one for one in item.alternatives if one.technique == "PP")
    assert pump.region == "lower_extremity"
    assert "lower extremity" in pump.reason


def test_a_note_about_an_alternative_is_passed_on() -> None:
    [item] = alerts("TP rib", "copd").items
    [raising] = [one for one in item.alternatives if one.technique == "RR"]
    assert raising.verdict is Verdict.CLEAR
    assert "R-115" in raising.reason
