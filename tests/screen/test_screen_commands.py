"""`openomt screen` and `openomt triage`: what they print first, lines of JSON, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openomt.cli import app

run = CliRunner()


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def test_the_screen_prints_what_to_do_first() -> None:
    done = run.invoke(app, ["screen", "--text", "I can't feel when I wipe", "--age", "45"])
    assert done.exit_code == 0
    assert lines(done.stdout)[0] == "E: emergency now"
    assert lines(done.stdout)[2].strip() == "Call 911 now. Do not drive yourself."
    assert "rf_ces" in done.stdout


def test_the_screen_speaks_spanish() -> None:
    done = run.invoke(app, ["screen", "--text", "me duele el pecho", "--age", "60", "--language", "es"])
    assert "Llame al 911 ahora." in done.stdout


def test_answers_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({"saddle": "not sure", "fever": "no", "calf": True}), encoding="utf-8")
    done = run.invoke(app, ["screen", "--answers", str(file), "--age", "45", "--json"])
    found = json.loads(done.stdout)
    assert [flag["code"] for flag in found["flags"]] == ["rf_dvt"]
    assert [flag["code"] for flag in found["unsure"]] == ["rf_ces"]


def test_the_questions_of_a_person_are_listed() -> None:
    done = run.invoke(app, ["screen", "--questions", "--months", "3"])
    assert "baby_feed" in done.stdout
    assert "spine_pain" not in done.stdout


def test_lines_are_screened_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "patients.jsonl"
    rows = [
        {"id": "a", "patient": {"age_years": 45}, "answers": {"saddle": "yes"}, "text": ""},
        {"id": "b", "patient": {"age_months": 2}, "text": "temp 38.4"},
        {"id": "c", "patient": {"age_years": 45, "text": "low back ache"}},
    ]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = run.invoke(app, ["screen", "--jsonl", str(file)])
    found = [json.loads(line) for line in lines(done.stdout)]
    assert [(row["id"], row["urgency"]) for row in found] == [("a", "E"), ("b", "E"), ("c", "")]
    assert [flag["code"] for flag in found[1]["flags"]] == ["rf_infant_fever"]
    assert found[0]["facts"] == ["rf_ces"]


def test_the_triage_prints_what_to_do_first() -> None:
    done = run.invoke(app, ["triage", "--day", "3", "--pain", "6", "--worse"])
    assert lines(done.stdout)[0] == "Call in office hours (row T12, day 3)"


def test_check_ins_are_answered_one_by_one(tmp_path: Path) -> None:
    file = tmp_path / "checkins.jsonl"
    rows = [
        {"id": 1, "day": 1, "change": "same"},
        {"id": 2, "day": 3, "text": "dizzy", "context": {"neck_treated": True}},
        {"id": 3, "day": 3, "reminders": 2, "population": "pregnant"},
        {"id": 4, "day": 1, "signs": {"face_droop": "yes"}},
    ]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = run.invoke(app, ["triage", "--jsonl", str(file)])
    found = [json.loads(line) for line in lines(done.stdout)]
    assert [(row["row"], row["urgency"]) for row in found] == [
        ("T17", "thanks"), ("T14", "U"), ("T16", "staff_call"), ("T1", "E"),
    ]  # fmt: skip


REFUSED = [
    (["screen"], "give --answers FILE, --text WORDS or --jsonl FILE"),
    (["screen", "--text", "x", "--sex", "Q"], "sex"),
    (["triage", "--day", "2"], "day 1, 3 or 7, not 2"),
    (["triage"], "give --day 1, 3 or 7"),
    (["triage", "--day", "1", "--context", "moonlight"], "no such word: moonlight"),
]


@pytest.mark.parametrize(("arguments", "message"), REFUSED)
def test_bad_input_is_refused(arguments: list[str], message: str) -> None:
    done = run.invoke(app, arguments)
    assert done.exit_code == 2
    assert message in done.stderr


BAD_LINES = [
    ('{"answers": {"nonsense": "yes"}}', "screen", "answers.nonsense"),
    ('{"answers": {"fever": "perhaps"}}', "screen", "answers.fever"),
    ("[1]", "screen", "a line must be an object"),
    ('{"day": 1, "pain": 12}', "triage", "pain goes from 0 to 10"),
    ('{"day": 1, "colour": "red"}', "triage", "no such field: colour"),
    ('{"day": "one"}', "triage", "day"),
]


@pytest.mark.parametrize(("line", "command", "message"), BAD_LINES)
def test_a_bad_line_is_named(tmp_path: Path, line: str, command: str, message: str) -> None:
    file = tmp_path / "rows.jsonl"
    file.write_text(line, encoding="utf-8")
    done = run.invoke(app, [command, "--jsonl", str(file)])
    assert done.exit_code == 2
    assert "rows.jsonl:1: " in done.stderr
    assert message in done.stderr
