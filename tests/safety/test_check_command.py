"""`openomt check`: one plan for people, many cases for programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from openomt.cli import app

CASES = Path(__file__).parent / "cases.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


def run(*arguments: str, stdin: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["check", *arguments], input=stdin)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, Any]]:
    code, out, err = run("--jsonl", str(CASES))
    assert (code, err) == (0, "")
    return {row["id"]: row for row in map(json.loads, out.splitlines())}


@pytest.mark.parametrize("case", ROWS, ids=[row["id"] for row in ROWS])
def test_the_sample_cases(case: dict[str, Any], answers: dict[str, dict[str, Any]]) -> None:
    answer = answers[case["id"]]
    expected = [line.split(":")[0] for line in case["expect"]["because"]]
    assert answer["verdict"] == case["expect"]["verdict"]
    assert sorted(answer["because"]) == sorted(rule for rule in expected if rule != "none")


def test_each_detail_stands_on_its_own(answers: dict[str, dict[str, Any]]) -> None:
    [detail] = answers["V22"]["details"]
    assert (detail["rule"], detail["level"]) == ("R-10", "absolute")
    assert (detail["technique"], detail["region"], detail["facts"]) == ("HVLA", "CERV", ["ra"])
    assert detail["sources"] == ["SP-CHV", "SAV16", "RA15", "RA-AS"]
    assert (detail["confidence"], detail["contested"]) == ("?", True)
    assert detail["why"]
    assert detail["instead"]
    assert "awaiting" in detail["review"]
    assert {"no_consent", "rf_*"} <= {one["code"] for one in answers["V22"]["unknown"]}


BAD = [
    ("not json", "2:1: not JSON"),
    ("[]", 'not an object with "id", "patient" and "plan"'),
    ('{"patient": {"facts": ["nonsense"]}, "plan": []}', "fact 'nonsense' is not known"),
    ('{"patient": {"facts": ["surgery_recent@KNEE"]}, "plan": []}', "region 'KNEE' is not known"),
    ('{"patient": {"age_years": "old"}, "plan": []}', "patient.age_years"),
    ('{"patient": {"age_years": -1}, "plan": []}', "patient.age_years"),
    ('{"patient": {"sex": "Q"}, "plan": []}', "patient.sex"),
    ('{"patient": {}, "plan": [{"technique": "HVAL", "region": "CERV"}]}', "technique 'HVAL' is not known"),
    ('{"patient": {}, "plan": [{"technique": "HVLA", "region": "TOE"}]}', "region 'TOE' is not known"),
    ('{"patient": {}, "plan": {}}', "plan"),
    ('{"patient": [], "plan": []}', "patient"),
]


@pytest.mark.parametrize(("line", "said"), BAD)
def test_a_line_that_cannot_be_read_is_named_and_left_out(line: str, said: str) -> None:
    good = '{"id": "good", "patient": {}, "plan": []}'
    code, out, err = run("--jsonl", "-", stdin=f"{good}\n{line}\n{good}\n")
    assert code == 2
    assert [json.loads(row)["id"] for row in out.splitlines()] == ["good", "good"]
    assert err.startswith("standard input:2")
    assert said in err


def test_a_field_nobody_knows_is_named_and_the_line_is_answered() -> None:
    line = '{"id": 1, "patient": {"facts": [], "colour": "red"}, "plan": []}'
    code, out, err = run("--jsonl", "-", stdin=line)
    assert (code, json.loads(out)["verdict"]) == (0, "clear")
    assert err == "standard input:1: patient.colour: not read, no such field\n"


def test_a_plan_for_people_says_the_verdict_first_and_why() -> None:
    code, out, _ = run("HVLA cervical; ME lumbar", "--age", "71", "--sex", "F", "--facts", "anticoagulant")
    assert code == 0
    assert out.startswith("ABSOLUTE")
    assert out.index("1. HVLA cervical: absolute") < out.index("R-46 absolute") < out.index("2. ME lumbar")
    for words in ("instead:", "contested:", "SEH19", "awaiting a licensed", "safer: MFR", "Not known"):
        assert words in out
    assert "preterm" not in out  # a person of 71 is not asked whether she is a preterm infant


def test_a_technique_without_rules_is_not_called_clear_without_a_word() -> None:
    _, out, _ = run("functional thoracic")
    assert "1. functional thoracic: no rules are known for it" in out


def test_a_technique_planned_nobody_said_where_is_asked_about() -> None:
    _, out, _ = run("ME")
    assert "1. ME (nobody said where): clear" in out
    assert "In which region is ME planned?" in out


def test_weeks_and_months_are_taken() -> None:
    assert "R-139" in run("SOR cervical", "--weeks", "24", "--sex", "F")[1]
    assert "R-140" in run("HVLA thoracic", "--months", "8")[1]


def test_the_whole_result_as_json() -> None:
    code, out, _ = run("HVLA lumbar", "--facts", "osteoporosis", "--json")
    assert code == 0
    result = json.loads(out)
    assert result["verdict"] == "absolute"
    assert result["items"][0]["fired"][0]["facts"][0]["fact"]["code"] == "osteoporosis"


def test_a_practice_gives_its_own_levels(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    setting = '[[setting]]\nrule = "R-46"\nlevel = "{}"\nreason = "case by case"\nby = "the director"\n'
    file.write_text(setting.format("relative"), encoding="utf-8")
    _, out, _ = run("HVLA cervical", "--facts", "anticoagulant", "--settings", str(file))
    assert out.startswith("RELATIVE")
    assert "case by case" in out
    file.write_text(setting.format("precaution"), encoding="utf-8")
    code, _, err = run("HVLA cervical", "--settings", str(file))
    assert code == 2
    assert "R-46" in err
    assert "bound unsettled" in err


CHART = {
    "age_years": 71,
    "sex": "F",
    "problems": ["Osteoporosis"],
    "medicines": ["Eliquis 5 mg BID"],
}


def test_the_facts_of_a_chart_are_recognized_and_joined_with_those_entered(tmp_path: Path) -> None:
    file = tmp_path / "chart.json"
    file.write_text(json.dumps(CHART), encoding="utf-8")
    _, out, _ = run("HVLA lumbar", "--chart", str(file), "--today", "2026-01-31", "--facts", "pregnant")
    assert {"R-01 absolute", "R-47 relative", "R-136 relative"} <= {
        " ".join(line.split()[:2]).rstrip(",") for line in out.splitlines() if line.strip().startswith("R-")
    }
    assert '"Eliquis' in out


def test_a_chart_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "chart.json"
    for text, said in (("{", "not JSON"), ('{"sex": "Q"}', "sex")):
        file.write_text(text, encoding="utf-8")
        code, _, err = run("HVLA lumbar", "--chart", str(file))
        assert code == 2
        assert str(file) in err
        assert said in err


def test_the_text_of_a_patient_is_read_only_when_asked() -> None:
    line = json.dumps(
        {
            "patient": {"facts": ["ra"], "text": "Takes warfarin."},
            "plan": [{"technique": "HVLA", "region": "CERV"}],
        }
    )
    _, out, _ = run("--jsonl", "-", stdin=line)
    assert json.loads(out)["because"] == ["R-10"]
    _, out, _ = run("--jsonl", "-", "--read-text", "--today", "2026-01-31", stdin=line)
    assert {"R-10", "R-46"} <= set(json.loads(out)["because"])


WRONG = [
    (("HVLA cervical", "--facts", "anticoaglant"), "near: anticoagulant"),
    (("HVAL cervical",), "is not known"),
    (("HVLA cervical", "--sex", "Q"), "sex"),
    (("HVLA cervical", "--jsonl", "-"), "not both"),
    (("--jsonl", "/no/such/file"), "No such file"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_wrong_input_ends_with_two_and_says_what_is_wrong(arguments: tuple[str, ...], said: str) -> None:
    code, _, err = run(*arguments)
    assert code == 2
    assert said in err
