"""`openomt note --text`: shorthand to a note; what is open or was not read goes to standard error."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from openomt.cli import app

run = CliRunner()


def test_shorthand_becomes_a_note_with_the_words_kept() -> None:
    result = run.invoke(app, ["note", "--text", "T5 FRSr tender; HVLA; improved"])
    assert result.exit_code == 0
    for part in (
        "T5 flexed, rotated right, sidebent right; tenderness",
        "High-velocity low-amplitude thrust (HVLA)",
        "Response: improved",
        "    T5 FRSr tender; HVLA; improved\n",
    ):
        assert part in result.stdout
    assert result.stderr == ""


def test_shorthand_is_added_to_a_visit(tmp_path: Path) -> None:
    file = tmp_path / "visit.json"
    file.write_text('{"chief_complaint": "Back pain"}', encoding="utf-8")
    result = run.invoke(app, ["note", str(file), "--text", "-"], input="T5 FRSr")
    assert "Chief complaint: Back pain" in result.stdout
    assert "T5 flexed" in result.stdout


def test_what_is_open_is_asked_apart_from_the_note_and_not_printed_as_fact() -> None:
    result = run.invoke(app, ["note", "--text", "T7 NRSr; SFT + R; xyzzyx"])
    assert result.exit_code == 0
    assert "T7 neutral\n" in result.stdout
    assert "rotated" not in result.stdout
    assert "flexion test" not in result.stdout
    assert "1:1 “T7 NRSr”: " in result.stderr
    assert "1:10 “SFT + R”: " in result.stderr
    assert "1:19 not read: “xyzzyx”" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give a FILE, or --text"),
        (["-", "--text", "-"], "standard input holds the visit or the shorthand, not both"),
    ],
)
def test_bad_use_is_refused(arguments: list[str], message: str) -> None:
    result = run.invoke(app, ["note", *arguments])
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
