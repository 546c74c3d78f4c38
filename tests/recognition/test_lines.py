"""Entries of charts are read as the tables beside this file say."""

from __future__ import annotations

import pytest

from tests.recognition.table import Row, precision_and_recall, rows

TABLES = ("lines.toml", "held_out.toml", "held_out_again.toml", "held_out_third.toml")


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row.kind}: {row.text}") for table in TABLES for row in rows(table)]
)
def test_a_line_means_what_the_table_says(row: Row) -> None:
    assert not any(row.wrong().values()), row.wrong()


@pytest.mark.parametrize("table", TABLES)
def test_almost_all_facts_are_found_and_almost_none_invented(table: str) -> None:
    precision, recall = precision_and_recall(rows(table))
    assert precision >= 0.97
    assert recall >= 0.95
