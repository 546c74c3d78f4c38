"""The check of a plan says what the contraindication table says: compared with a second reader, built apart.

A difference means that one of the two misread the table, so each is shown with both answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openomt.medicine.anatomy import Region
from openomt.medicine.safety.check import check
from openomt.medicine.safety.values import (
    Alerts,
    Fact,
    KnownFact,
    Origin,
    OriginKind,
    PatientFacts,
    PlannedItem,
    Verdict,
)
from tests.safety.table_reader import (
    REGIONS,
    TECHNIQUES,
    asks_for,
    fact_codes,
    flag_codes,
    held_facts,
    item_verdicts,
    regional_codes,
    rows,
    verdict_by_table,
)

SHOWN = 20
REGION = dict(zip(REGIONS, Region, strict=True))
EVERYTHING = tuple((technique, region) for technique in TECHNIQUES for region in REGIONS)
YEARS = (*range(2, 12), 12, 40, 65, 66)
AGES = (None, *range(24), *(12 * years for years in YEARS), 12 * 12 - 1, 66 * 12 - 1)
WEEKS = (None, 10, 13, 14, 19, 20, 27, 28, 30)

Plan = Sequence[tuple[str, str]]


def checked(age_months: int | None, weeks: int | None, facts: Iterable[str], plan: Plan) -> Alerts:
    """The program's answer to a question asked in the table's codes."""
    present = tuple(KnownFact(fact_of(text), (Origin(OriginKind.STATED, text, "stated"),)) for text in facts)
    items = [PlannedItem(technique, REGION[region]) for technique, region in plan]
    return check(PatientFacts(age_months=age_months, weeks=weeks, present=present), items)


def fact_of(text: str) -> Fact:
    code, _, region = text.partition("@")
    return Fact(code, REGION[region] if region else None)


def differences(age: int | None, weeks: int | None, facts: Sequence[str], plan: Plan) -> Iterator[str]:
    """Every item about which the program and the table do not say the same."""
    alerts = checked(age, weeks, facts, plan).items
    for item, alert, meant in zip(plan, alerts, item_verdicts(age, weeks, facts, plan), strict=True):
        said = str(alert.verdict), frozenset(rule.rule for rule in alert.fired)
        if said != meant:
            patient = f"{age} months, {weeks} weeks, {' '.join(facts)}"
            yield f"{' '.join(item)} | {patient} | program {_shown(said)} | table {_shown(meant)}"


def _shown(answer: tuple[str, frozenset[str]]) -> str:
    return f"{answer[0]} {' '.join(sorted(answer[1]))}".strip()


def fail_with(found: Iterable[str]) -> None:
    lines = list(found)
    if lines:
        pytest.fail("\n".join([f"{len(lines)} differences", *lines[:SHOWN]]))


def test_the_second_reader_has_the_whole_table() -> None:
    pairs = sum(
        len(row.techniques) * len(row.facts) for row in rows() if len(row.techniques) < len(TECHNIQUES)
    )
    assert len(rows()) == 137
    assert pairs == 323
    assert len(flag_codes()) == 61


def test_every_technique_in_every_region_with_every_fact_is_as_the_table_says() -> None:
    everywhere = [code for code in fact_codes() if code not in regional_codes()]
    facts = [*everywhere, *(f"{code}@LUMB" for code in everywhere), *regional_codes()]
    facts += [f"{code}@{region}" for code in regional_codes() for region in REGIONS]
    fail_with(line for fact in facts for line in differences(None, None, [fact], EVERYTHING))


def test_every_technique_in_every_region_at_every_age_and_week_is_as_the_table_says() -> None:
    fail_with(line for age in AGES for line in differences(age, None, [], EVERYTHING))
    fail_with(line for weeks in WEEKS for line in differences(30 * 12, weeks, [], EVERYTHING))


FACTS = st.one_of(
    st.sampled_from(fact_codes()),
    st.builds("{}@{}".format, st.sampled_from(fact_codes()), st.sampled_from(REGIONS)),
    st.builds("{}@{}".format, st.sampled_from(regional_codes()), st.sampled_from(REGIONS)),
)
PATIENTS = st.tuples(
    st.none() | st.integers(0, 40) | st.integers(0, 110 * 12),
    st.none() | st.integers(0, 42),
    st.lists(FACTS, max_size=6, unique=True),
)
ITEMS = st.sampled_from(EVERYTHING)
PLANS = st.lists(ITEMS, max_size=4, unique=True)
MANY = settings(max_examples=300)
PLANNED = st.lists(ITEMS, min_size=1, max_size=4, unique=True)


@MANY
@given(PATIENTS, PLANNED)
def test_any_plan_for_any_patient_gets_the_tables_verdict(
    patient: tuple[int | None, int | None, list[str]], plan: list[tuple[str, str]]
) -> None:
    alerts = checked(*patient, plan)
    said = str(alerts.verdict), frozenset(rule.rule for rule in alerts.fired)
    assert said == verdict_by_table(*patient, plan)


@MANY
@given(PATIENTS)
def test_with_nothing_planned_only_what_bars_or_concerns_every_treatment_is_said(
    patient: tuple[int | None, int | None, list[str]],
) -> None:
    alerts = checked(*patient, [])
    held = held_facts(*patient)
    everywhere = [row for row in rows() if row.regions == {"any"} and len(row.techniques) == len(TECHNIQUES)]
    meant = {row.id for row in everywhere if any(asks_for(row, code) for code, _ in held)}
    assert {rule.rule for rule in alerts.fired} == meant


@MANY
@given(PATIENTS, PLANS, FACTS)
def test_one_more_fact_never_makes_a_verdict_milder(
    patient: tuple[int | None, int | None, list[str]], plan: list[tuple[str, str]], more: str
) -> None:
    age, weeks, facts = patient
    before, after = checked(age, weeks, facts, plan), checked(age, weeks, [*facts, more], plan)
    assert after.verdict.rank >= before.verdict.rank
    assert {rule.rule for rule in before.fired} <= {rule.rule for rule in after.fired}


@MANY
@given(PATIENTS, PLANS, ITEMS)
def test_one_more_item_never_makes_a_verdict_milder(
    patient: tuple[int | None, int | None, list[str]], plan: list[tuple[str, str]], more: tuple[str, str]
) -> None:
    before, after = checked(*patient, plan), checked(*patient, [*plan, more])
    assert after.verdict.rank >= before.verdict.rank
    assert [alert.verdict for alert in after.items[: len(plan)]] == [alert.verdict for alert in before.items]


def test_the_comparison_notices_a_rule_that_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(differences(None, None, ["osteoporosis"], [("HVLA", "LUMB")])) == []
    without = tuple(row for row in rows() if row.id != "R-01")
    monkeypatch.setattr("tests.safety.table_reader.rows", lambda: without)
    found = list(differences(None, None, ["osteoporosis"], [("HVLA", "LUMB")]))
    assert len(found) == 1
    assert "program absolute R-01 | table clear" in found[0]


def test_the_worst_item_is_the_verdict_of_the_plan() -> None:
    alerts = checked(40 * 12, None, ["anticoagulant"], [("SOFT", "LUMB"), ("HVLA", "LUMB"), ("HVLA", "CERV")])
    assert [alert.verdict for alert in alerts.items] == [Verdict.CLEAR, Verdict.RELATIVE, Verdict.ABSOLUTE]
    assert alerts.verdict is Verdict.ABSOLUTE
