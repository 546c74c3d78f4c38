"""`openomt landmarks`."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from openomt.cli import app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["landmarks", *arguments])


def test_the_answer_in_words() -> None:
    result = run("seated-flexion=R", "sulcus-deep=R", "ila-posterior=L", "spring=neg")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[:2] == ["Sacrum", "  1. L on L torsion [V] (left on left: forward, left oblique axis)"]
    assert "      ✓ seated flexion test positive right: torsion: positive opposite the axis" in lines
    assert "  Would decide: rotation of L5" in lines
    assert "      rotated right: L on L torsion" in lines
    assert any(line.startswith("      ✗ inferior lateral angle posterior left") for line in lines)
    assert any(line.endswith("awaiting a licensed osteopathic physician") for line in lines)
    assert any("[?] uncertain or disputed" in line for line in lines)
    assert "\x1b" not in result.stdout


def test_conflicts_suggestions_and_inferred_parts_are_shown() -> None:
    shown = run("sulcus-deep=R", "sulcus-deep=L", "spring=neg").stdout
    assert "  ! sacral sulcus: deep right and deep left were both given; it is set aside" in shown
    shown = run("ribs=4-6", "rib-inhalation-restricted=R").stdout
    assert "Ribs, rib 4-6" in shown
    assert "      key rib: 4 (suggestion)" in shown
    assert "      sidebend inferred, not tested" in run("segment=T5", "tp=R", "tp-flexion=evens").stdout


def test_all_shows_what_nothing_fits_too() -> None:
    assert "left unilateral extension" not in run("spring=neg", "sulcus-deep=L", "seated-flexion=R").stdout
    assert (
        "left unilateral extension" in run("spring=neg", "sulcus-deep=L", "seated-flexion=R", "--all").stdout
    )
    assert "more that some test fits (--all)" in run("spring=neg").stdout
    assert "No dysfunction in the tables fits" in run("leg=equal").stdout


def test_the_answer_for_programs() -> None:
    result = run("seated-flexion=R", "sulcus-deep=R", "ila-posterior=L", "spring=neg", "--json")
    (one,) = json.loads(result.stdout)
    assert one["family"] == "sacrum"
    best = one["candidates"][0]
    assert (best["name"], best["rank"], best["finding"]["pattern"]) == ("L on L torsion", 1, "L on L torsion")
    assert best["fits"][0]["observed"] == "positive right"
    assert best["review"] == "awaiting a licensed osteopathic physician"
    assert one["deciding"][0]["test"] == "l5-rotated"


def test_listing() -> None:
    assert "  sulcus-deep=" in run("--list").stdout
    rows = json.loads(run("--list", "--json").stdout)
    assert {"family": "sacrum", "title": "sacral sulcus", "key": "sulcus", "results": ["level"]} in rows


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sulcus-dep=R",), "argument 1 'sulcus-dep=R': no test 'sulcus-dep'; did you mean 'sulcus-deep'?"),
        ((), "give at least one test"),
        (("ribs=4-6",), "give at least one test"),
    ],
)
def test_bad_input_ends_with_2_and_says_why(arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""
