"""`openomt read`: each line with what was understood, what was not is underlined, bad input is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from openomt.cli import app
from openomt.cli.reading import WIDTH, Lines, house_style
from openomt.medicine.notation import read

run = CliRunner()


def shown(text: str) -> str:
    result = run.invoke(app, ["read", "-"], input=text)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


# What is written -> what one line of the answer holds, in this order.
ROWS = [
    ("T5 FRSr", ["finding", "thoracic", "T5 flexed, rotated right, sidebent right"]),
    ("ribs 3-5 inh L", ["finding", "rib", "left ribs 3-5 inhalation dysfunction"]),
    ("no LE dysfunction", ["absent", "lower extremity", "no dysfunction found"]),
    ("abdomen not examined", ["state", "abdomen", "not examined"]),
    ("seated flexion + L", ["test", "sacral", "seated flexion test: positive, left"]),
    ("T5 FRSr; HVLA T5", ["treated", "thoracic", "(HVLA): T5"]),
    ("T5 FRSr; HVLA; improved", ["response", "improved"]),
    ("T7 NRSr", ["inferred", "rotation, sidebending", "confirm"]),
    ("T7 NRSr", ["question", "?"]),
    ("T7 NRSr", ["1) T7 neutral", "(read so)"]),
    ("sacrum L on L torsion, seated flexion + L", ["warning", "line 1", "seated flexion test"]),
    ("sacrum L on L torsion, seated flexion + L", ["rule torsion-seated-flexion [V]"]),
    ("the patient likes jazz\nC3 FRSr", ["2 | C3 FRSr"]),
    ("T5 FRSr mod tender", ["house style: T5 FRSr tenderness (2)"]),
    ("T7 NRSr", ["house style: once the questions above are answered"]),
]


@pytest.mark.parametrize(("text", "parts"), ROWS)
def test_a_row_says_what_was_understood(text: str, parts: list[str]) -> None:
    def holds(line: str) -> bool:
        places = [line.find(part) for part in parts]
        return -1 not in places and places == sorted(places)

    assert any(holds(line) for line in shown(text).splitlines()), shown(text)


@pytest.mark.parametrize("before", ["", "T5 FRSr; ", "\tT5 FRSr; ", "漢字; ", "T5 FRSr; " * 30])
def test_what_was_not_understood_is_underlined_beneath_the_authors_word(before: str) -> None:
    lines = shown(f"C2 FRSr\n{before}xyzzyx").splitlines()
    (marks,) = [line for line in lines if line.strip("| ^") == "" and line.endswith("^" * 6)]
    words = lines[lines.index(marks) - 1]
    assert words.endswith("xyzzyx")
    assert cell_len(words) == cell_len(marks)
    assert any(f"2:{len(before) + 1}" in line and "“xyzzyx”" in line for line in lines)


def test_words_that_only_tell_the_history_are_kept_as_written() -> None:
    text = "LBP for 3 weeks since lifting boxes, denies trauma. T4 FRSr blorp"
    (kept,) = [line for line in shown(text).splitlines() if "kept as written" in line]
    assert kept.split(maxsplit=2) == [
        "kept",
        "1:9",
        "“3”, “lifting boxes”, “trauma”: kept as written (history)",
    ]
    assert [line.split()[0] for line in shown(text).splitlines() if "“blorp”" in line] == ["not"]
    data = json.loads(run.invoke(app, ["read", "--json", text]).stdout)
    assert [row["text"] for row in data["history"]] == ["3", "lifting", "boxes", "trauma"]
    assert [row["text"] for row in data["unread"]] == ["blorp"]


@pytest.mark.parametrize(
    "text",
    [
        "T4 FRSr since xyzzyx",
        "denies xyzzyx; HVLA T7 xyzzyx",
        "xyzzyx psoas",
    ],
)
def test_a_word_beside_a_finding_or_treatment_is_no_history(text: str) -> None:
    last = read(text).unread[-1]
    assert last.text == "xyzzyx"
    assert not last.history


def test_a_word_near_a_known_one_gets_a_suggestion() -> None:
    reading = read("zzz hypertonicc qqq")
    for unread in reading.unread:
        if unread.suggestion:
            assert f"did you mean “{unread.suggestion}”?" in shown(reading.text)


def test_a_line_without_structure_says_so() -> None:
    assert "nothing in it was read as structure" in shown("qqq zzz")


@pytest.mark.parametrize("text", ["", " \n\t\n"])
def test_an_empty_text_says_so(text: str) -> None:
    assert shown(text) == "Nothing is written.\n"


def test_nothing_acts_on_the_terminal_and_no_line_is_too_wide() -> None:
    answer = shown("T5 FRSr \x1b[31mred\x07 " + "very long words " * 40 + "\nC3 tender \u202eabc")
    assert not {"\x1b", "\x07", "\u202e"} & set(answer)
    assert "<U+001B>" in answer
    assert max(map(cell_len, answer.splitlines())) <= WIDTH


def test_text_comes_from_words_a_file_or_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_bytes(b"\xef\xbb\xbfT5 FRSr")
    answers = [
        run.invoke(app, ["read", "T5", "FRSr"]),
        run.invoke(app, ["read", "-f", str(file)]),
        run.invoke(app, ["read", "-f", "-"], input="T5 FRSr"),
        run.invoke(app, ["read", "-"], input="T5 FRSr"),
    ]
    assert {(answer.exit_code, answer.stdout) for answer in answers} == {(0, answers[0].stdout)}
    assert "T5 flexed" in answers[0].stdout


def test_json_gives_everything_with_its_place() -> None:
    text = "C3 FRSr\nT7 NRSr; xyzzyx; HVLA T7; improved; abdomen not examined"
    data = json.loads(run.invoke(app, ["read", "--json", text]).stdout)
    assert data["text"] == text
    assert data["house_style"] is None
    t7 = data["findings"][1]
    assert t7["span"] == {"start": 8, "end": 15, "line": 2, "column": 1, "text": "T7 NRSr"}
    assert t7["finding"]["motion"]["inferred"] == ["rotation", "sidebend"]
    assert [option["motion"]["rotation"] for option in t7["question"]["options"]] == ["left", "right"]
    assert data["unread"][0]["text"] == "xyzzyx"
    assert data["treatments"][0]["treatment"]["technique"] == "hvla"
    assert data["responses"][0]["response"] == "improved"
    assert data["states"][0]["state"] == "not_examined"
    assert all(odd["sources"] and odd["confidence"] for odd in data["oddities"])
    for kind in ("findings", "treatments", "responses", "states", "unread"):
        for row in data[kind]:
            assert text[row["span"]["start"] : row["span"]["end"]] == row["span"]["text"]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("t 5 flexed rotated right sidebent right", "T5 FRSr"),
        ("psoaz tender", "psoas tenderness"),
        ("rib 4 ex", None),
        ("hello", None),
    ],
)
def test_the_house_style_is_given_where_nothing_is_open(text: str, written: str | None) -> None:
    assert house_style(read(text)) == written


def test_lines_and_columns_count_from_one() -> None:
    lines = Lines.of("ab\r\ncd\n\nef")
    assert [lines.place(at) for at in (0, 1, 4, 5, 8, 9)] == [(1, 1), (1, 2), (2, 1), (2, 2), (4, 1), (4, 2)]
    assert Lines.of("").place(0) == (1, 1)


# Predictions ----------------------------------------------------------------------------------------


def test_predictions_have_the_corpus_form_and_the_id(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    rows = [
        {"id": "a", "text": "T5 FRSr; HVLA; improved", "style": "shorthand"},
        {"id": 2, "text": "x\u2028y"},
    ]
    file.write_text("\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    result = run.invoke(app, ["read", "--jsonl", str(file)])
    first, second = map(json.loads, result.stdout.splitlines())
    assert (result.exit_code, result.stderr) == (0, "")
    assert first == {
        "id": "a",
        "findings": [
            {
                "region": "thoracic",
                "level": "T5",
                "side": None,
                "position": {"plane": "F", "rotation": "R", "sidebend": "R"},
                "pattern": None,
                "tart": [],
                "severity": None,
                "negated": False,
            }
        ],
        "techniques": [{"technique": "hvla", "region": "thoracic"}],
        "response": "improved",
    }
    assert second == {"id": 2, "findings": [], "techniques": [], "response": None}


BAD_LINES = [
    ('{"id": 1, "text": }', "2:19: not JSON"),
    ("[]", '2:1: not an object with "id" and "text"'),
    ('{"text": "x"}', '2:1: no "id"'),
    ('{"id": 1}', '2:1: "text" is missing'),
    ('{"id": 1, "text": 7}', '2:1: "text" is missing or not a string'),
    ("[" * 100_000, "2:1: nested too deeply"),
]


@pytest.mark.parametrize(("line", "message"), BAD_LINES)
def test_a_bad_line_is_named_and_the_others_are_still_read(line: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    file.write_text('{"id": 1, "text": "T5 FRSr"}\n' + line + '\n{"id": 3, "text": ""}\n', encoding="utf-8")
    result = run.invoke(app, ["read", "--jsonl", str(file)])
    assert result.exit_code == 2
    assert f"lines.jsonl:{message}" in result.stderr
    assert [json.loads(row)["id"] for row in result.stdout.splitlines()] == [1, 3]


# Bad input ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give a TEXT, or -f FILE, or --jsonl FILE"),
        (["T5", "-f", "note.txt"], "give a TEXT, or -f FILE"),
        (["--jsonl", "-", "--json"], "exclude each other"),
        (["-f", "none.txt"], "none.txt: No such file"),
        (["T5 \udcff"], "the text given:1:4: not UTF-8"),
    ],
)
def test_bad_use_is_refused(arguments: list[str], message: str) -> None:
    result = run.invoke(app, ["read", *arguments])
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_a_file_that_is_not_text_is_named_with_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "note.txt"
    file.write_bytes("T5 FRSr\nCé \xff".encode("latin-1").replace(b"\xe9", "é".encode()))
    result = run.invoke(app, ["read", "-f", str(file)])
    assert result.exit_code == 2
    assert "note.txt:2:4: not UTF-8" in result.stderr
