"""`openomt tour`: every step of a visit is shown, within 100 columns, without CPT numbers."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from openomt.cli import app
from openomt.cli.reading import WIDTH


@pytest.fixture(scope="module")
def shown() -> str:
    result = CliRunner().invoke(app, ["tour"])
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


STEPS = [
    # what is shown, how the tour says it
    ("the ambiguous line is asked about", "question                  was a letter dropped?"),
    ("the sacrum contradicts its test", "warning   line 5: sacrum, L on L torsion"),
    ("a region without dysfunction", "absent    lower extremity no dysfunction found"),
    ("a region not examined", "state     abdomen         not examined"),
    ("a tender point with its pain", "pain 8 → 2 of 10"),
    ("words not read", "not read  9:63"),
    ("a test whose name has two meanings", "SFT may mean the standing or the seated flexion test"),
    ("landmarks for and against", "against: seated flexion test positive left, expected positive right"),
    ("the procedure section", "PROCEDURE: OSTEOPATHIC MANIPULATIVE TREATMENT"),
    ("inferred parts are asked, not printed", "    T7 neutral\n"),
    ("the codes in words", "Treatment: OMT, 5-6 regions"),
    ("the reason of a code", "5 regions counted: cervical, thoracic, rib cage, sacral, pelvic"),
    ("what an auditor would miss", "add why lumbar was not treated"),
    ("the patient's page", "Pain at one spot in your neck: 8 out of 10 before, 2 out of 10 after."),
    ("the second visit", "TWO WEEKS LATER ="),
]


@pytest.mark.parametrize(("what", "words"), STEPS, ids=[what for what, _ in STEPS])
def test_the_tour_shows(what: str, words: str, shown: str) -> None:
    assert " ".join(words.split()) in " ".join(shown.split()), what


def test_the_tour_fits_a_screen_and_holds_no_cpt_number(shown: str) -> None:
    lines = shown.splitlines()
    assert max(map(cell_len, lines)) <= WIDTH
    assert len(lines) < 400
    assert not re.search(r"\b9[89]\d{3}\b", shown)
