"""How facts, items and rules come together in the alerts about a plan."""

from __future__ import annotations

import pytest

from openomt.knowledge import load
from openomt.knowledge.marks import AWAITING_REVIEW
from openomt.knowledge.redflags import RedFlag
from openomt.medicine.anatomy import Region, named_level, segment_level
from openomt.medicine.safety.check import check
from openomt.medicine.safety.closing import joined
from openomt.medicine.safety.plan import read_plan
from openomt.medicine.safety.values import OriginKind, PlannedItem, Sex, Verdict
from tests.safety.people import alerts, patient, rules_of

FOLLOWS = [
    # entered facts, months, weeks, what is true then (of what the rules below need)
    (("osteoporosis_severe",), None, None, {"osteoporosis"}),
    (("ra_active_or_erosive",), None, None, {"ra"}),
    (("vascular_eds_marfan",), None, None, {"eds_connective_tissue"}),
    ((), None, 13, {"preg_t1", "pregnant"}),
    ((), None, 14, {"preg_t2", "pregnant"}),
    ((), None, 19, {"preg_t2", "pregnant"}),
    ((), None, 20, {"preg_t2", "pregnant", "preg_over20"}),
    ((), None, 27, {"preg_t2", "pregnant", "preg_over20"}),
    ((), None, 28, {"preg_t3", "pregnant", "preg_over20"}),
    (("preg_t3",), None, None, {"pregnant", "preg_over20"}),
    ((), 65 * 12 + 11, None, set()),
    ((), 66 * 12, None, {"age_over_65"}),
    ((), 23, None, {"infant_under_2", "cannot_follow_instructions", "cannot_give_feedback"}),
    ((), 24, None, {"child_2_to_11"}),
    ((), 143, None, {"child_2_to_11"}),
    ((), 144, None, set()),
]
CODES = [
    "osteoporosis", "ra", "eds_connective_tissue", "pregnant", "preg_t1", "preg_t2", "preg_t3", "preg_over20",
    "age_over_65", "infant_under_2", "cannot_follow_instructions", "cannot_give_feedback", "child_2_to_11",
]  # fmt: skip


@pytest.mark.parametrize(("facts", "months", "weeks", "expected"), FOLLOWS)
def test_what_follows_from_age_weeks_and_other_facts(
    facts: tuple[str, ...], months: int | None, weeks: int | None, expected: set[str]
) -> None:
    plan = read_plan(
        "HVLA cervical, lumbar, pelvic; ME cervical; CS cervical; CV4; AP; VISC abdomen; FPR cervical"
    )
    found = check(patient(*facts, months=months, weeks=weeks), plan)
    true = {str(one.fact) for rule in found.fired for one in rule.facts}
    silent = {"preg_t1", "preg_t2"}  # no rule asks for these by themselves
    assert true & set(CODES) - silent - set(facts) == expected - silent - set(facts)


def test_a_derived_fact_says_what_it_was_derived_from() -> None:
    found = check(patient("osteoporosis_severe", years=71), read_plan("HVLA cervical"))
    origins = {str(one.fact): one.origins for rule in found.fired for one in rule.facts}
    [bone] = origins["osteoporosis"]
    assert (bone.kind, bone.source) == (OriginKind.IMPLIED, "osteoporosis_severe")
    [age] = origins["age_over_65"]
    assert (age.kind, age.source) == (OriginKind.AGE, "age 71")


def test_a_fact_known_twice_keeps_both_origins() -> None:
    found = check(patient("preg_t3", weeks=30), read_plan("CV4"))
    [rule] = [rule for rule in found.fired if rule.rule == "R-138"]
    assert [origin.kind for origin in rule.facts[0].origins] == [OriginKind.STATED, OriginKind.PREGNANCY]


def test_the_plan_is_as_bad_as_its_worst_item_and_nothing_is_hidden() -> None:
    found = alerts("HVLA lumbar; SOFT lumbar; BLT lumbar", "anticoagulant", "osteoporosis")
    assert [item.verdict for item in found.items] == [Verdict.ABSOLUTE, Verdict.CLEAR, Verdict.CLEAR]
    assert found.verdict is Verdict.ABSOLUTE
    assert [rule.rule for rule in found.items[0].fired] == ["R-01", "R-47"]
    assert rules_of(found) == ["R-01", "R-47", "R-50"]


def test_a_precaution_leaves_the_plan_clear_and_is_shown() -> None:
    found = alerts("HVLA lumbar", "osteopenia")
    assert found.verdict is Verdict.CLEAR
    [rule] = found.fired
    assert (rule.level, rule.confidence, rule.contested) == ("precaution", "?", True)


def test_every_rule_that_holds_says_why_what_else_who_says_so_and_how_surely() -> None:
    [rule] = alerts("HVLA cervical", "ra").fired
    assert rule.why
    assert rule.instead
    assert rule.doubt
    assert set(rule.sources) <= set(load().sources)
    assert rule.review_state == AWAITING_REVIEW
    assert (rule.level, rule.default_level, rule.setting) == ("absolute", "absolute", "")


def test_an_empty_plan_still_meets_what_bars_every_plan() -> None:
    found = check(patient("no_consent", "osteoporosis", weeks=24), ())
    assert found.verdict is Verdict.STOP
    assert found.items == ()
    assert [rule.rule for rule in found.gates] == ["R-G1", "R-139"]


def test_an_empty_plan_of_a_healthy_patient_is_clear() -> None:
    assert check(patient(), ()).verdict is Verdict.CLEAR


def test_a_regional_fact_counts_only_in_its_region_where_the_rule_asks_for_that() -> None:
    assert alerts("HVLA lumbar", "surgery_recent@lumbar").verdict is Verdict.ABSOLUTE
    assert alerts("HVLA lumbar", "surgery_recent@thoracic").verdict is Verdict.CLEAR
    assert alerts("HVLA lumbar", "surgery_recent").verdict is Verdict.CLEAR


def test_a_list_of_regions_takes_no_notice_of_the_facts_region() -> None:
    assert rules_of(alerts("HVLA lumbar", "osteoporosis@cervical")) == ["R-01"]
    assert rules_of(alerts("HVLA cervical", "disc_radiculopathy_acute_stable@lumbar")) == ["R-81"]


def test_the_joint_below_the_skull_counts_to_head_and_neck() -> None:
    item = PlannedItem("HVLA", Region.HEAD, segment_level("OA"))
    assert "R-10" in rules_of(check(patient("ra"), [item]))


def test_a_run_of_vertebrae_is_checked_in_every_region_it_reaches() -> None:
    item = PlannedItem("HVLA", Region.CERVICAL, segment_level("C6", "T2"))
    assert {"R-10", "R-12"} <= set(rules_of(check(patient("ra"), [item])))
    assert check(patient("surgery_recent@thoracic"), [item]).verdict is Verdict.ABSOLUTE


def test_a_normal_neck_does_not_bar_the_joint_below_the_skull() -> None:
    item = PlannedItem("BLT", Region.HEAD, segment_level("OA"))
    assert check(patient("no_somatic_dysfunction@cervical"), [item]).verdict is Verdict.CLEAR


def test_a_disputed_joint_is_checked_in_the_regions_authors_count_it_to() -> None:
    item = PlannedItem("ART", Region.SACRAL, named_level("SI joint"))
    assert rules_of(check(patient("osteoporosis"), [item])) == ["R-06"]


def test_any_code_of_a_red_flag_stops_known_or_not() -> None:
    [rule] = alerts("BLT sacral", "rf_never_heard_of").fired
    assert (rule.rule, rule.level) == ("R-G9", "stop")
    assert "rf_never_heard_of" in rule.why


@pytest.mark.parametrize("flag", load().all(RedFlag), ids=lambda flag: flag.id)
def test_the_alert_of_a_flag_names_it_and_its_action(flag: RedFlag) -> None:
    found = alerts("BLT sacral", flag.id)
    assert found.verdict is (Verdict.STOP if flag.stops else Verdict.CLEAR)
    for rule in found.fired:
        assert flag.number in rule.why
        assert flag.sign in rule.why
        assert flag.action in rule.instead
        assert rule.sources == flag.sources
        assert rule.confidence == flag.confidence


def test_two_red_flags_are_both_named() -> None:
    [rule] = alerts("BLT sacral", "rf_never_heard_of", "rf_nor_of_this").fired
    assert [str(one.fact) for one in rule.facts] == ["rf_never_heard_of", "rf_nor_of_this"]
    assert "rf_never_heard_of" in rule.why
    assert "rf_nor_of_this" in rule.why


@pytest.mark.parametrize(
    ("wrong", "near"), [("anticoaglant", "anticoagulant"), ("osteoporsis", "osteoporosis")]
)
def test_a_code_nobody_knows_is_refused_with_those_near(wrong: str, near: str) -> None:
    with pytest.raises(ValueError, match=f"'{wrong}' is not known; near: .*{near}"):
        alerts("HVLA lumbar", wrong)


def test_an_absent_code_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="'osteoporsis' is not known"):
        check(patient(absent=["osteoporsis"]), ())


def test_a_technique_nobody_knows_is_refused_with_those_near() -> None:
    with pytest.raises(ValueError, match="technique 'HVAL' is not known; near: HVLA"):
        check(patient(), [PlannedItem("HVAL", Region.LUMBAR)])


def test_a_technique_without_a_place_meets_the_rules_that_hold_everywhere() -> None:
    item = PlannedItem("HVLA", None)
    assert rules_of(check(patient("bleeding_disorder", "ra", "surgery_recent"), [item])) == ["R-48"]


def test_pregnancy_of_a_man_is_not_argued_with() -> None:
    assert check(patient("pregnant", sex=Sex.MALE), read_plan("HVLA thoracic")).verdict is Verdict.RELATIVE


def test_two_accounts_of_a_patient_are_joined_and_what_is_true_is_not_absent() -> None:
    entered = patient("ra", absent=["anticoagulant", "osteoporosis"])
    both = joined(entered, patient("anticoagulant", years=71, sex=Sex.FEMALE, weeks=8, absent=["ra", "copd"]))
    assert (both.age_months, both.sex, both.weeks) == (852, Sex.FEMALE, 8)
    assert {str(fact) for fact in both.facts} == {"ra", "anticoagulant"}
    assert both.absent == {"osteoporosis", "copd"}
    assert joined(patient(years=30), patient(years=71)).age_months == 360
