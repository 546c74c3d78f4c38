"""Sixty drawn cases in the shape that other programs use, answered by the command line as the table says.

`generated.jsonl` was drawn at random, with the answers of the second reader (`table_reader.py`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from openomt.cli import app
from tests.safety.table_reader import verdict_by_table

FILE = Path(__file__).with_name("generated.jsonl")
CASES: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


def answer(case: dict[str, Any]) -> tuple[str, set[str]]:
    """A verdict and its rules: an entry of `because` begins with the rule, or with `none`."""
    return case["verdict"], {entry.split(":")[0] for entry in case["because"]} - {"none"}


def test_the_expected_answers_are_those_of_the_table() -> None:
    for case in CASES:
        patient = case["patient"]
        months = patient.get("age_months", 12 * patient.get("age_years", 0))
        plan = [(item["technique"], item["region"]) for item in case["plan"]]
        meant = verdict_by_table(months, patient.get("weeks"), patient["facts"], plan)
        assert (meant[0], set(meant[1])) == answer(case["expect"]), case["id"]


def test_every_verdict_is_among_the_cases() -> None:
    assert {case["expect"]["verdict"] for case in CASES} == {"clear", "relative", "absolute", "stop"}


def test_the_command_line_answers_each_case_as_the_table_does() -> None:
    result = CliRunner().invoke(app, ["check", "--jsonl", str(FILE)])
    assert result.exit_code == 0, result.stderr
    said = {line["id"]: answer(line) for line in map(json.loads, result.stdout.splitlines())}
    assert said == {case["id"]: answer(case["expect"]) for case in CASES}
