"""Every rule of the matrix holds where it should and not beside it; the table is `rules.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from openomt.knowledge import load
from openomt.knowledge.safety import Contraindication
from tests.safety.people import alerts, rules_of

ROWS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "rules.toml").read_text(encoding="utf-8")
)["rule"]
MISSES = [(row["id"], miss) for row in ROWS for miss in row["misses"]]


def test_every_rule_has_its_row() -> None:
    assert [row["id"] for row in ROWS] == [record.id for record in load().all(Contraindication)]
    assert len(ROWS) == 137


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_the_rule_holds(row: dict[str, Any]) -> None:
    found = alerts(row["plan"], *row["facts"])
    assert found.verdict.value == row["verdict"]
    assert sorted(rules_of(found)) == sorted(row["rules"])
    assert row["id"] in rules_of(found)


@pytest.mark.parametrize(("rule", "miss"), MISSES, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(MISSES)])
def test_the_rule_does_not_hold_beside_it(rule: str, miss: dict[str, Any]) -> None:
    assert rule not in rules_of(alerts(miss["plan"], *miss["facts"]))
