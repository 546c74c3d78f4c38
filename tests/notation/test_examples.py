"""Every row of the example tables beside this file is read as the row says. The manual prints the same rows.

Keys of a row besides `text` and `source`, all of them optional and compared exactly; `compact` tells how
their lines are written:

means       the findings, in the order of the text
asks        true when a person has to settle something about a finding
also        other readings that the question offers
inferred    fields of the findings that were not stated in so many words
treatments, response, states, unread    as `compact` writes them; `unread` are the words not understood
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from openomt.medicine.notation import read
from tests.notation.compact import finding_line, response_line, state_line, treatment_line

TABLES = sorted(Path(__file__).parent.glob("*.toml"))
KEYS = ("means", "asks", "inferred", "treatments", "response", "states", "unread")
EMPTY: dict[str, Any] = {key: [] for key in KEYS} | {"asks": False}


def rows(table: Path) -> list[dict[str, Any]]:
    return list(tomllib.loads(table.read_text(encoding="utf-8"))["case"])


def case(table: Path, row: dict[str, Any]) -> Any:
    return pytest.param(row, id=f"{table.stem}: {row['text']}")


CASES = [case(table, row) for table in TABLES for row in rows(table)]
ASKING = [case(table, row) for table in TABLES for row in rows(table) if "also" in row]


def understood(text: str) -> dict[str, Any]:
    """A text as the tables write what it means."""
    reading = read(text)
    return {
        "means": [finding_line(value) for value in reading.values],
        "asks": bool(reading.questions),
        "inferred": list(dict.fromkeys(field for found in reading.findings for field in found.inferred)),
        "treatments": [treatment_line(treatment) for treatment in reading.treatments],
        "response": [response_line(response) for response in reading.responses],
        "states": [state_line(state) for state in reading.states],
        "unread": [words.text for words in reading.unread],
    }


def offered(text: str) -> set[str]:
    """The readings that the questions offer beside the first."""
    reading = read(text)
    return {
        finding_line(option)
        for found in reading.questions
        if found.question is not None
        for option in found.question.options
        if option != found.finding
    }


@pytest.mark.parametrize("row", CASES)
def test_the_reader_reads_the_row(row: dict[str, Any]) -> None:
    assert understood(row["text"]) == {key: row.get(key, EMPTY[key]) for key in KEYS}


@pytest.mark.parametrize("row", ASKING)
def test_the_question_offers_the_other_readings(row: dict[str, Any]) -> None:
    assert set(row["also"]) <= offered(row["text"])


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_a_table_is_about_one_family_and_names_no_text_twice(table: Path) -> None:
    texts = [row["text"] for row in rows(table)]
    assert len(set(texts)) == len(texts)
    assert all(row["source"] for row in rows(table))
    assert all(not row.keys() - {*KEYS, "also", "text", "source"} for row in rows(table))
