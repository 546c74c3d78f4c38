"""`openomt code`: lines for measuring, one visit for people, the whole result for programs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from openomt.cli import app

CASES = Path(__file__).parent / "cases.jsonl"
FIVE_DIGITS = re.compile(r"(?<![\d.])\d{5}(?!\d)")
LUMBAR = {
    "regions": [{"region": "lumbar", "treated": True, "technique": "HVLA", "tart": ["T"]}],
    "signed": True,
}


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["code", *arguments], input=stdin)


def same(got: Any, expected: Any) -> bool:
    return sorted(got) == sorted(expected) if isinstance(expected, list) else got == expected


def test_the_cases_as_lines() -> None:
    result = run("--jsonl", str(CASES), "--cpt")
    assert result.exit_code == 0
    expected = [json.loads(line) for line in CASES.read_text().splitlines()]
    for case, line in zip(expected, result.stdout.splitlines(), strict=True):
        row = json.loads(line)
        assert list(row) == ["id", *case["expect"]]
        assert row["id"] == case["id"]
        assert all(same(row[field], wanted) for field, wanted in case["expect"].items())


def test_without_a_license_lines_hold_words() -> None:
    result = run("--jsonl", str(CASES))
    assert "OMT, 5-6 regions" in result.stdout
    assert "separate evaluation on the day of treatment" in result.stdout
    assert not FIVE_DIGITS.search(result.stdout)


def test_a_line_that_cannot_be_read_is_named_and_the_others_are_coded() -> None:
    lines = [
        '{"id": 1, "visit": {"em": {"risk": "huge"}}}',
        "{",
        '{"id": 2}',
        json.dumps({"id": 3, "visit": LUMBAR}),
    ]
    result = run("--jsonl", "-", stdin="\n".join(lines))
    assert result.exit_code == 2
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [3]
    assert "standard input:1: visit.em.risk" in result.stderr
    assert "standard input:2:2: not JSON" in result.stderr
    assert 'standard input:3: not an object with "id" and "visit"' in result.stderr


def test_unknown_fields_of_a_line_are_named_and_the_line_is_coded() -> None:
    result = run("--jsonl", "-", stdin=json.dumps({"id": 1, "visit": LUMBAR | {"weather": "fair"}}))
    assert result.exit_code == 0
    assert json.loads(result.stdout)["icd_omt"] == ["M99.03"]
    assert "standard input:1: visit.weather: not read" in result.stderr


def test_one_visit_for_people() -> None:
    result = run("-", stdin=json.dumps(LUMBAR))
    assert result.exit_code == 0
    for words in (
        "Treatment: OMT, 1-2 regions",
        "M99.03 Segmental and somatic dysfunction of lumbar region",
        "Evaluation: nothing to bill",
        "FIX No consent to treatment is charted",
        "to do: Re-check and chart how each region answered",
        "What an auditor would miss",
        "add the response of lumbar",
    ):
        assert words in result.stdout
    assert not FIVE_DIGITS.search(result.stdout)
    with_cpt = run("-", "--cpt", stdin=json.dumps(LUMBAR)).stdout
    assert "Treatment: 98925 OMT, 1-2 regions" in with_cpt
    assert "American Medical Association" in with_cpt


def test_one_visit_for_programs() -> None:
    data = json.loads(run("-", "--json", "--rules", "medicare_strict", stdin=json.dumps(LUMBAR)).stdout)
    assert data["rules"]["id"] == "medicare_strict"
    assert data["treatment"]["code"]["number"] is None
    assert len(data["checklist"]) == 13


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        ((), None, "give a FILE or --jsonl FILE"),
        (("-", "--jsonl", "-"), "{}", "give a FILE or --jsonl FILE"),
        (("no-such-file.json",), None, "no-such-file.json: No such file"),
        (("-",), '{\n "em": }', "standard input:2:8: not JSON"),
        (("-",), '{"emm": 1}', "visit.emm: no such field"),
        (("-", "--rules", "mine"), "{}", "'mine' is not one of"),
    ],
)
def test_bad_input_is_refused_with_its_place(
    arguments: tuple[str, ...], stdin: str | None, message: str
) -> None:
    result = run(*arguments, stdin=stdin)
    assert result.exit_code == 2
    assert message in result.stderr
