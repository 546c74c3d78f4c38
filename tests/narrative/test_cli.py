"""`openomt note`: a visit as JSON in; the note, the patient's summary or plain data out; bad input named."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openomt.cli import app
from openomt.cli.note import Language, Style, render_visit
from openomt.medicine.narrative import CodeLine, note, patient_summary, questions_text, to_markdown, to_text
from openomt.medicine.visit import Visit
from openomt.medicine.visit_json import to_json

run = CliRunner()


@pytest.fixture
def visit_file(full_visit: Visit, tmp_path: Path) -> Path:
    path = tmp_path / "visit.json"
    path.write_text(json.dumps(to_json(full_visit)), encoding="utf-8")
    return path


def test_the_note_goes_to_standard_output_and_the_questions_to_standard_error(
    visit_file: Path, full_visit: Visit
) -> None:
    result = run.invoke(app, ["note", str(visit_file)])
    told = note(full_visit)
    assert (result.exit_code, result.stdout) == (0, to_text(told))
    heading = "\nTo confirm before signing (not part of the note):\n"
    assert result.stderr == heading + questions_text(told.to_confirm)


def test_a_visit_is_read_from_standard_input(visit_file: Path, full_visit: Visit) -> None:
    result = run.invoke(app, ["note", "-", "--markdown"], input=visit_file.read_text(encoding="utf-8"))
    assert (result.exit_code, result.stdout) == (0, to_markdown(note(full_visit)))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_patients_summary_is_printed_in_its_language(
    visit_file: Path, full_visit: Visit, language: str
) -> None:
    result = run.invoke(app, ["note", str(visit_file), "--patient", "--language", language])
    assert (result.exit_code, result.stdout) == (0, to_text(patient_summary(full_visit, language)))
    assert result.stderr == ""


def test_json_holds_sentences_with_origins_questions_and_what_is_missing(visit_file: Path) -> None:
    result = run.invoke(app, ["note", str(visit_file), "--json"])
    data = json.loads(result.stdout)
    assert set(data) == {"sections", "to_confirm", "missing"}
    assert data["sections"][0]["parts"][0]["sentences"][0]["origin"] == ["date"]
    assert data["to_confirm"][0]["sources"]
    assert result.stderr == ""


# What is wrong -> what standard error says of it.
BAD: list[tuple[str, str]] = [
    ("{", "visit.json:1:2: not JSON"),
    ('{\n "date": }', "visit.json:2:10: not JSON"),
    ("[]", "visit.json: visit: "),
    ('{"nonsense": 1}', "visit.json: visit.nonsense: "),
    ('{"date": "yesterday"}', "visit.json: visit.date: "),
    ("[" * 100_000, "visit.json: nested too deeply"),
]


@pytest.mark.parametrize(("content", "message"), BAD)
def test_bad_input_is_named_and_exits_with_2(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "visit.json"
    path.write_text(content, encoding="utf-8")
    result = run.invoke(app, ["note", str(path)])
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    missing = run.invoke(app, ["note", str(tmp_path / "none.json")])
    assert missing.exit_code == 2
    assert "none.json: No such file" in missing.stderr
    binary = tmp_path / "binary.json"
    binary.write_bytes(b"\xff\xfe\xff")
    result = run.invoke(app, ["note", str(binary)])
    assert (result.exit_code, "binary.json" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--language", "es"], "add --patient"),
        (["--json", "--markdown"], "exclude each other"),
        (["--codes", "--patient"], "--codes with the note"),
        (["--cpt"], "--cpt goes with --codes"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    visit_file: Path, options: list[str], message: str
) -> None:
    result = run.invoke(app, ["note", str(visit_file), *options])
    assert (result.exit_code, message in result.stderr) == (2, True)


def test_codes_are_added_on_request_with_their_reasons_and_without_cpt_numbers(visit_file: Path) -> None:
    plain = run.invoke(app, ["note", str(visit_file)]).stdout
    coded = run.invoke(app, ["note", str(visit_file), "--codes"]).stdout
    with_cpt = run.invoke(app, ["note", str(visit_file), "--codes", "--cpt"]).stdout
    assert "CODES" not in plain
    section = coded.split("\nCODES\n")[1].split("\nAS WRITTEN")[0]
    assert section.count("M99.02") == 1
    assert "Reason: " in section
    assert not re.search(r"\b9[89]\d{3}\b", section)
    assert re.search(r"\b9892\d\b", with_cpt)


def test_other_commands_can_have_a_visit_told(full_visit: Visit) -> None:
    codes = (CodeLine("M99.02", "thoracic region", "T5 found and treated"),)
    assert "M99.02 thoracic region" in render_visit(full_visit, codes=codes)
    assert "M99.02" not in render_visit(full_visit, codes=codes, patient=True)
    assert render_visit(full_visit, patient=True, language=Language.SPANISH).startswith("Su visita del 3 de")
    assert json.loads(render_visit(full_visit, style=Style.JSON, codes=codes))["sections"]
    assert render_visit(Visit()) == ""
