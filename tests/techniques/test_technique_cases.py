"""How techniques rank for findings, complaints and patients: a table a physician can check."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from openomt.medicine.notation import read
from openomt.medicine.safety.plan import fact_named, stated
from openomt.medicine.safety.values import PatientFacts
from openomt.medicine.techniques import Option, Preferences, Refusal, Suggestions, suggest, worded

CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "cases.toml").read_text(encoding="utf-8")
)["case"]


def suggested(case: dict[str, Any]) -> Suggestions:
    months = case.get("months", case["age"] * 12 if "age" in case else None)
    patient = PatientFacts(
        age_months=months,
        weeks=case.get("weeks"),
        present=tuple(stated(fact_named(one)) for one in case.get("facts", ())),
    )
    preferences = Preferences(
        refused=tuple(Refusal(one) for one in case.get("refuse", ())),
        preferred=tuple(case.get("prefer", ())),
        positions_not_possible=frozenset(case.get("cannot", ())),
    )
    findings = worded(read(case["findings"]))
    assert findings, case["findings"]
    return suggest(patient, findings, case.get("complaint"), preferences, case.get("usual"))


def expectations(case: dict[str, Any], options: dict[str, Option]) -> list[str]:
    """What of a case does not hold for one finding, in words."""
    wrong = [f"{code} is listed" for code in case.get("absent", ()) if code in options]
    for better, worse in case.get("above", ()):
        if options[better].rank >= options[worse].rank:
            wrong.append(f"{better} is not above {worse}")
    wrong += _said(case, options)
    order = sorted(options, key=lambda code: options[code].rank)
    if order[0] != case.get("first", order[0]):
        wrong.append(f"{order[0]} is first")
    if order[-1] != case.get("last", order[-1]):
        wrong.append(f"{order[-1]} is last")
    for code, option in options.items():
        if not set(option.positions).isdisjoint(case.get("not_positions", ())):
            wrong.append(f"{code}: {option.positions}")
    return wrong


def _said(case: dict[str, Any], options: dict[str, Option]) -> list[str]:
    wrong = []
    for code, standing in case.get("standing", ()):
        if options[code].standing.value != standing:
            wrong.append(f"{code} is {options[code].standing.value}")
    for code, rule in case.get("rules", ()):
        if rule not in {fired.rule for fired in options[code].fired}:
            wrong.append(f"{code}: {rule} does not hold")
    for code, words in case.get("because", ()):
        if not any(words in reason.text for reason in options[code].reasons):
            wrong.append(f"{code}: no reason says {words!r}")
    return wrong


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["title"])
def test_techniques_rank_as_the_table_says(case: dict[str, Any]) -> None:
    found = suggested(case)
    assert found.targets
    finding = found.targets[0]
    assert expectations(case, {option.technique: option for option in finding.options}) == []


def test_every_expectation_of_the_table_is_one_the_test_looks_at() -> None:
    known = {
        "title", "findings", "complaint", "age", "months", "weeks", "facts", "refuse", "prefer", "cannot",
        "usual", "first", "last", "above", "standing", "rules", "absent", "because", "not_positions",
    }  # fmt: skip
    assert {key for case in CASES for key in case} <= known
    assert all(set(case) & {"first", "above", "standing", "because"} for case in CASES)
