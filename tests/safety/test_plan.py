"""From words and visits to a plan."""

from __future__ import annotations

import pytest

from openomt.medicine.anatomy import Region
from openomt.medicine.charting import visit_of
from openomt.medicine.notation import read
from openomt.medicine.safety.check import check
from openomt.medicine.safety.plan import examined, plan_of, read_plan
from openomt.medicine.safety.values import PatientFacts, PlannedItem
from openomt.medicine.visit import Treatment, Visit
from tests.safety.people import patient


def short(items: tuple[PlannedItem, ...]) -> list[str]:
    return [f"{item.technique} {item.region.value if item.region else '-'}" for item in items]


LINES = [
    ("HVLA cervical; ME lumbar", ["HVLA cervical", "ME lumbar"]),
    ("cervical HVLA", ["HVLA cervical"]),
    ("HVLA CERV and THOR", ["HVLA cervical", "HVLA thoracic"]),
    ("muscle energy L5", ["ME lumbar"]),
    ("HVLA OA", ["HVLA head"]),
    ("CV4; SOR", ["CV4 head", "SOR head"]),
    ("rib raising, doming", ["RR rib", "DIA abdomen"]),
    ("lymphatic", ["TP rib", "AP abdomen", "PP lower_extremity"]),
    ("pedal pump", ["PP lower_extremity"]),
    ("sacral rocking", ["SACRK sacral"]),
    ("functional T4", ["functional thoracic"]),
    ("Spencer", ["ART upper_extremity"]),
    ("ME", ["ME -"]),
    ("", []),
]


@pytest.mark.parametrize(("line", "items"), LINES)
def test_a_plan_in_words(line: str, items: list[str]) -> None:
    assert short(read_plan(line)) == items


@pytest.mark.parametrize("line", ["HVLA cervcal", "xyzzy lumbar", "lumbar"])
def test_words_nobody_knows_are_refused(line: str) -> None:
    with pytest.raises(ValueError, match="is not known"):
        read_plan(line)


VISITS = [
    ("T5 FRSr; HVLA T5", ["HVLA thoracic"]),
    ("CV4", ["CV4 head"]),
    ("SOR", ["SOR head"]),
    ("cranial; CV4", ["OCMM head", "CV4 head"]),
    ("pedal pump", ["PP lower_extremity"]),
    ("sacral rocking", ["SACRK sacral"]),
    ("rib raising", ["RR rib"]),
]


@pytest.mark.parametrize(("text", "items"), VISITS)
def test_the_treatments_of_a_visit_are_its_plan(text: str, items: list[str]) -> None:
    assert short(plan_of(visit_of(read(text)))) == items


def test_a_general_lymphatic_treatment_means_each_pump() -> None:
    visit = Visit(treatments=(Treatment("lymphatic", Region.RIB),))
    assert short(plan_of(visit)) == ["TP rib", "AP rib", "PP rib"]


def test_a_technique_in_unknown_words_is_another_one() -> None:
    visit = Visit(treatments=(Treatment("a way of my own", Region.LUMBAR),))
    assert short(plan_of(visit)) == ["other lumbar"]


@pytest.mark.parametrize("technique", ["functional", "inr", "other"])
def test_a_technique_without_a_card_is_not_lost(technique: str) -> None:
    visit = Visit(treatments=(Treatment(technique, Region.LUMBAR),))
    [item] = plan_of(visit)
    assert (item.technique, item.region) == (technique, Region.LUMBAR)
    assert technique in {one.code for one in check(PatientFacts(), [item]).unknown}


def test_what_nobody_said_stays_unsaid() -> None:
    visit = Visit(treatments=(Treatment(None, Region.LUMBAR), Treatment("hvla")))
    assert short(plan_of(visit)) == [" lumbar", "HVLA -"]


def test_a_region_examined_and_normal_has_nothing_to_treat() -> None:
    visit = visit_of(read("cervical normal; T5 FRSr; HVLA T5"))
    present, absent = examined(visit)
    assert [str(one.fact) for one in present] == ["no_somatic_dysfunction@cervical"]
    assert absent == {"no_somatic_dysfunction@thoracic"}
    of = PatientFacts(present=present, absent=absent)
    assert "R-G4" in [rule.rule for rule in check(of, read_plan("HVLA cervical")).fired]
    assert "no_somatic_dysfunction" not in {one.code for one in check(of, read_plan("HVLA T5")).unknown}


def test_a_region_not_examined_is_asked_about() -> None:
    assert examined(Visit()) == ((), frozenset())
    found = check(patient(), read_plan("HVLA cervical")).unknown
    assert "no_somatic_dysfunction" in {one.code for one in found}
