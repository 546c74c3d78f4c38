"""`openomt score`: scores, questions and changes on the command line; bad answers named by item, exit 2."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from openomt.cli import app
from openomt.medicine.instruments import instruments

runner = CliRunner()


def shown(*words: str, text: str = "") -> str:
    result = runner.invoke(app, ["score", *words], input=text)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def refused(*words: str, text: str = "") -> str:
    result = runner.invoke(app, ["score", *words], input=text)
    assert result.exit_code == 2
    return result.stderr


# What is typed -> what stands in the answer.
ROWS = [
    (["PEG", "6", "5", "7"], ["PEG 6 of 0 to 10", "lower is better", "moderate [derived]"]),
    (["peg", "6", "5", "-"], ["PEG: no score", "q3 not answered"]),
    (["phq4", "1", "2", "3", "3"], ["PHQ-4 9", "severe [V]", "GAD-2 3", "PHQ-2 6", "positive for low mood"]),
    (["AUDIT-C", "2", "1", "0"], ["reached: at or above the line for women [V]"]),
    (["sleep", "6.5", "3"], ["Sleep: no score", "short sleep, under 7 hours", "poor"]),
    (["peg", "--change", "6", "4"], ["6 to 4: -2 points, -33.3 percent, better", "met: 30 percent"]),
    (["peg", "--change", "0", "4"], ["no percent of 0", "cannot say"]),
    (["phq4", "--change", "9", "4"], ["no agreed value", "from severe to mild"]),
    (["peg", "--change", "6", "4"], ["cannot show what caused the change"]),
    (["peg", "--items"], ["q1", "a whole number from 0 to 10", "to be compared with the published form"]),
    (["psfs", "--items", "--language", "es"], ["Piense en", "awaiting a qualified translator"]),
    (["audit-c", "--items"], ["0 Never; 1 Monthly or less"]),
]  # fmt: skip


@pytest.mark.parametrize(("words", "parts"), ROWS)
def test_a_line_is_answered(words: list[str], parts: list[str]) -> None:
    answer = shown(*words)
    assert [part for part in parts if part not in answer] == []


def test_without_a_name_all_are_listed_with_their_license() -> None:
    answer = shown()
    for record in instruments():
        assert f"{record.id:<15} {record.title}" in answer
        assert record.license.statement in answer
    assert "ODI (NO)" in answer
    assert "PROMIS (PLUG-IN)" in answer


def test_an_answer_of_self_harm_stands_first() -> None:
    answer = shown("phq9", *["0"] * 8, "1").splitlines()
    assert answer[0].startswith("A PERSON MUST SEE THIS NOW")
    assert any("988" in line for line in answer[:6])
    assert any("911" in line for line in answer[:6])


def test_an_answer_of_self_harm_is_told_even_where_another_answer_is_refused() -> None:
    said = refused("phq9", "9", *["0"] * 7, "2")
    assert "A PERSON MUST SEE THIS NOW" in said
    assert "PHQ-9 q1 (interest): 9 is not allowed; one of 0, 1, 2, 3" in said


BAD = [
    (["peg", "6", "5", "11"], "PEG q3 (general activity): 11 is not allowed; a whole number from 0 to 10"),
    (["peg", "-1", "5", "5"], "PEG q1 (average pain): -1 is not allowed"),
    (["peg", "x"], "'x' is no number"),
    (["peg", "1", "2", "3", "4"], "4 answers for 3 items"),
    (["peg"], "give the answers of peg"),
    (["odi", "1"], "may not be shipped"),
    (["xyz", "1"], "no instrument 'xyz'"),
    (["peg", "--items", "--language", "es"], "published Spanish form must be entered"),
    (["peg", "--items", "--language", "fr"], "there are en and es"),
    (["peg", "--change", "6", "11"], "11.0 is not a score; 0 to 10 is allowed"),
    (["sleep", "--change", "6", "7"], "no total"),
]


@pytest.mark.parametrize(("words", "said"), BAD)
def test_bad_input_is_named_and_ends_with_2(words: list[str], said: str) -> None:
    assert said in refused(*words)


@pytest.mark.parametrize(
    "given", [[6, 5, 7], {"q1": 6, "q2": 5, "q3": 7}, {"answers": {"q1": 6, "q2": 5, "q3": 7}}]
)
def test_answers_come_from_a_file_or_standard_input(tmp_path: Path, given: Any) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(given), encoding="utf-8")
    assert "PEG 6 of" in shown("peg", "--answers", str(file))
    assert "PEG 6 of" in shown("peg", "--answers", "-", text=json.dumps(given))


@pytest.mark.parametrize(
    ("text", "said"),
    [("{", "standard input:1:2: not JSON"), ("5", "a list, or an object"), ('{"q9": 1}', "no item 'q9'"),
     ('{"q1": "six"}', "'six' is not allowed"), ("[NaN]", "nan is not allowed")],
)  # fmt: skip
def test_a_bad_file_is_named(text: str, said: str) -> None:
    assert said in refused("peg", "--answers", "-", text=text)


def test_the_whole_result_comes_as_json() -> None:
    result = json.loads(shown("peg", "6", "5", "7", "--json"))
    assert result["value"] == 6
    assert result["band"]["confidence"] == "derived"
    assert json.loads(shown("peg", "--change", "6", "4", "--json"))["state"] == "met"
    assert json.loads(shown("peg", "--items", "--json"))["items"][0]["high"] == 10
    assert {row["id"] for row in json.loads(shown("--json"))} >= {"peg", "odi"}


def test_many_scores_come_line_by_line() -> None:
    lines = [
        {"id": "a", "instrument": "PEG", "answers": [6, 5, 6]},
        {"id": "b", "instrument": "phq9", "answers": {"q9": 1}},
        {"id": "c", "instrument": "phq4", "answers": [1, 2, 0, 0]},
    ]
    rows = [
        json.loads(line)
        for line in shown("--jsonl", "-", text="\n".join(map(json.dumps, lines))).splitlines()
    ]
    assert [(row["id"], row["score"], row["band"]) for row in rows] == [
        ("a", 5.67, "moderate"), ("b", None, None), ("c", 3, "mild"),
    ]  # fmt: skip
    assert rows[1]["alerts"] == ["phq9.self_harm"]
    assert rows[1]["missing"] == ["q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8"]
    assert rows[2]["subscores"] == {"gad2": 3, "phq2": 0}


@pytest.mark.parametrize(
    ("line", "said"),
    [('{"id": 1', "standard input:2:9: not JSON"),
     ('{"id": 1, "instrument": "peg"}', "standard input:2: not an object"),
     ('{"instrument": "peg", "answers": [99]}', "standard input:2: PEG q1"),
     ('{"instrument": "odi", "answers": []}', "may not be shipped"),
     ('{"instrument": "peg", "answers": 5}', "PEG: answers are")],
)  # fmt: skip
def test_a_bad_line_is_named_and_the_others_are_scored(line: str, said: str) -> None:
    good = '{"id": "a", "instrument": "peg", "answers": [6, 5, 7]}'
    result = runner.invoke(app, ["score", "--jsonl", "-"], input=f"{good}\n{line}\n{good}\n")
    assert result.exit_code == 2
    assert said in result.stderr
    assert [json.loads(row)["score"] for row in result.stdout.splitlines()] == [6, 6]
