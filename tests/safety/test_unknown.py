"""What was not asked and could change the verdict; what closes a question."""

from __future__ import annotations

import pytest

from openomt.medicine.anatomy import Region
from openomt.medicine.safety.check import check
from openomt.medicine.safety.plan import read_plan
from openomt.medicine.safety.values import Fact, FactQuestion, PatientFacts, PlannedItem, Sex, Unknown
from tests.safety.people import patient

GATES = ["no_consent", "undiagnosed_pain_not_examined", "unstable_emergency", "rf_*", "preg_emergency"]
PREGNANCY = {"pregnant", "preg_t3", "preg_emergency", "placenta_praevia", "prom_or_preterm_labour_known"}


def asked(plan: str, of: PatientFacts) -> dict[str, Unknown]:
    return {one.code: one for one in check(of, read_plan(plan)).unknown}


def test_what_stops_everything_is_asked_first_then_what_bars_the_technique() -> None:
    found = list(asked("HVLA cervical", patient()))
    assert found[:5] == GATES
    assert {"ra", "anticoagulant", "down_syndrome", "vertebral_carotid_disease"} <= set(found)


def test_each_question_says_what_it_bears_on() -> None:
    found = asked("HVLA cervical", patient())["ra"]
    assert found.ask == "Does the patient have rheumatoid arthritis?"
    assert (found.rules, found.worst) == (("R-10",), "absolute")


def test_only_what_the_plan_needs_is_asked() -> None:
    assert "ra" not in asked("BLT lumbar", patient())
    assert "osteopenia" not in asked("HVLA lumbar", patient())  # only a note
    assert "osteoporosis" not in asked("ME lumbar", patient())  # only relative


def test_a_fact_needed_by_two_items_is_asked_once_with_both_rules() -> None:
    found = asked("HVLA cervical; TP rib; ME lumbar", patient())["fracture_rib_thoracic"]
    assert found.rules == ("R-66",)
    both = asked("HVLA cervical, lumbar", patient())["down_syndrome"]
    assert both.rules == ("R-16", "R-17")


CLOSES = [
    # what is known, codes that are no longer asked
    ({"absent": ["osteoporosis"]}, {"osteoporosis"}),
    ({"absent": ["rf_*"]}, {"rf_*"}),
    ({"absent": ["pregnant"]}, PREGNANCY),
    ({"sex": Sex.MALE}, PREGNANCY),
    ({"years": 4}, PREGNANCY | {"preterm_nicu", "infant_under_2", "child_2_to_11"}),
    ({"years": 40}, {"infant_under_2", "child_2_to_11", "preterm_nicu"}),
    ({"weeks": 12}, {"preg_t3", "pregnant"}),
    ({"absent": ["fracture_acute@lumbar"]}, {"fracture_acute"}),
    ({"absent": ["fracture_acute"]}, {"fracture_acute"}),
]


@pytest.mark.parametrize(("known", "closed"), CLOSES)
def test_what_is_known_is_not_asked(known: dict[str, object], closed: set[str]) -> None:
    plan = "HVLA lumbar; AP abdomen"
    before, after = set(asked(plan, patient())), set(asked(plan, patient(**known)))  # type: ignore[arg-type]
    assert closed & before
    assert not closed & after
    if "years" not in known and "weeks" not in known:
        assert before - after <= closed


def test_what_is_present_is_not_asked_even_where_it_does_not_hold() -> None:
    assert "fracture_acute" not in asked("HVLA lumbar", patient("fracture_acute@thoracic"))
    assert "rf_*" not in asked("HVLA lumbar", patient("rf_ces"))


def test_absent_in_one_region_does_not_answer_for_another() -> None:
    assert "fracture_acute" in asked("HVLA lumbar", patient(absent=["fracture_acute@thoracic"]))


def test_a_regional_fact_without_a_region_asks_where_it_is() -> None:
    found = asked("HVLA lumbar", patient("surgery_recent"))["surgery_recent"]
    assert found.ask == "Which region was operated on?"
    assert (found.rules, found.worst) == (("R-97",), "absolute")


def test_where_is_not_asked_when_no_rule_of_the_plan_needs_it() -> None:
    assert "surgery_recent" not in asked("BLT lumbar", patient("surgery_recent"))


def test_a_technique_without_rules_says_so() -> None:
    found = asked("functional thoracic", patient())["functional"]
    assert "no rules are known" in found.ask
    assert (found.rules, found.worst) == ((), "")


def test_a_plan_that_says_no_place_or_no_technique_is_asked_about() -> None:
    found = check(
        patient("osteoporosis"), [PlannedItem("HVLA", None), PlannedItem("", Region.LUMBAR)]
    ).unknown
    codes = {one.code: one for one in found}
    assert codes["HVLA"].rules == ("R-01",)
    assert "lumbar" in codes["technique"].ask


def test_what_may_be_true_is_asked_in_its_own_words_at_whatever_level() -> None:
    maybe = FactQuestion(Fact("osteopenia"), "The scan says low bone mass: is it osteopenia?")
    of = PatientFacts(questions=(maybe,))
    assert asked("HVLA lumbar", of)["osteopenia"].ask == maybe.ask
    assert asked("HVLA lumbar", of)["osteopenia"].rules == ("R-08",)
    assert "osteopenia" not in asked("BLT lumbar", of)
    assert not check(of, read_plan("HVLA lumbar")).fired
