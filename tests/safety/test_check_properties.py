"""What holds for any patient and any plan."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openomt.medicine.anatomy import Region
from openomt.medicine.safety.check import check
from openomt.medicine.safety.plan import stated
from openomt.medicine.safety.tables import tables
from openomt.medicine.safety.values import Fact, KnownFact, PatientFacts, PlannedItem, Sex, Verdict

CODES = sorted(tables().codes | {"rf_unheard_of"})
known_facts = st.builds(Fact, st.sampled_from(CODES), st.none() | st.sampled_from(Region)).map(stated)
items = st.builds(
    PlannedItem, st.sampled_from([*tables().cards, "functional"]), st.none() | st.sampled_from(Region)
)
patients = st.builds(
    PatientFacts,
    age_months=st.none() | st.integers(0, 1200),
    sex=st.none() | st.sampled_from(Sex),
    weeks=st.none() | st.integers(0, 42),
    present=st.lists(known_facts, max_size=6, unique=True).map(tuple),
    absent=st.frozensets(st.sampled_from(CODES), max_size=6),
)
plans = st.lists(items, max_size=4)


def with_facts(patient: PatientFacts, present: tuple[KnownFact, ...]) -> PatientFacts:
    return PatientFacts(patient.age_months, patient.sex, patient.weeks, present, patient.absent)


@given(patients, plans, known_facts)
def test_one_more_fact_never_makes_a_verdict_milder(
    patient: PatientFacts, plan: list[PlannedItem], more: KnownFact
) -> None:
    before = check(patient, plan)
    after = check(with_facts(patient, (*patient.present, more)), plan)
    assert after.verdict.rank >= before.verdict.rank
    for old, new in zip(before.items, after.items, strict=True):
        assert {rule.rule for rule in old.fired} <= {rule.rule for rule in new.fired}


@given(patients, plans, st.randoms(use_true_random=False))
def test_the_order_of_facts_and_items_does_not_matter(
    patient: PatientFacts, plan: list[PlannedItem], chance: object
) -> None:
    present, shuffled = list(patient.present), list(plan)
    chance.shuffle(present)  # type: ignore[attr-defined]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = check(patient, plan), check(with_facts(patient, tuple(present)), shuffled)
    assert one.verdict is other.verdict
    assert one.unknown == other.unknown
    assert one.gates == other.gates
    by_item = {alert.item: alert for alert in other.items}
    assert all(by_item[alert.item] == alert for alert in one.items)


@given(patients, plans)
def test_the_same_question_gets_the_same_answer(patient: PatientFacts, plan: list[PlannedItem]) -> None:
    assert check(patient, plan) == check(patient, plan)


@given(patients, plans)
def test_what_is_safer_is_never_barred(patient: PatientFacts, plan: list[PlannedItem]) -> None:
    for alert in check(patient, plan).items:
        for one in alert.alternatives:
            again = check(patient, [PlannedItem(one.technique, one.region)])
            assert again.verdict is one.verdict
            assert one.verdict in (Verdict.CLEAR, Verdict.RELATIVE)
            assert one.technique != alert.item.technique
        if alert.verdict in (Verdict.STOP, Verdict.CLEAR):
            assert alert.alternatives == ()


@given(patients, plans)
def test_nothing_known_is_asked_unless_its_place_is_missing(
    patient: PatientFacts, plan: list[PlannedItem]
) -> None:
    placeless = {one.fact.code for one in patient.present if one.fact.region is None}
    entered = {one.fact.code for one in patient.present}
    for question in check(patient, plan).unknown:
        if question.code in tables().facts:
            assert question.code not in entered - placeless
            assert question.code in placeless or question.code not in patient.absent
