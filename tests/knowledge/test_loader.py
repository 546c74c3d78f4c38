"""The loader refuses every record that does not say where it comes from, and names file and record."""

from __future__ import annotations

from pathlib import Path

import pytest

from openomt.knowledge import KnowledgeError
from openomt.knowledge.loader import read_files
from openomt.knowledge.marks import AWAITING_REVIEW, Confidence
from openomt.knowledge.vocabulary import Abbreviation

SOURCE = """
[[source]]
id = "a-book"
title = "A book"
retrieved = true
"""
GOOD = """
[[abbreviation]]
id = "rotated"
short = ["R"]
meaning = "rotated"
group = "Motion"
sources = ["a-book"]
confidence = "K"
"""


def problems_of(tmp_path: Path, **files: str) -> list[str]:
    """What is wrong with these files, by the words the loader finds for it."""
    paths = []
    for name, text in files.items():
        path = tmp_path / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    with pytest.raises(KnowledgeError) as caught:
        read_files(paths)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_a_record_with_a_source_loads(tmp_path: Path) -> None:
    path = tmp_path / "good.toml"
    path.write_text(SOURCE + GOOD, encoding="utf-8")
    record = read_files([path]).get(Abbreviation, "rotated")
    assert record.sources == ("a-book",)
    assert record.confidence is Confidence.TEACHING
    assert record.review_state == AWAITING_REVIEW


def test_the_source_may_stand_in_another_file_read_later(tmp_path: Path) -> None:
    (tmp_path / "1.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "2.toml").write_text(SOURCE, encoding="utf-8")
    assert read_files(sorted(tmp_path.iterdir())).get(Abbreviation, "rotated").meaning == "rotated"


@pytest.mark.parametrize(
    ("what", "text", "named"),
    [
        ("no sources", GOOD.replace('sources = ["a-book"]\n', ""), "sources: Field required"),
        ("empty source list", GOOD.replace('["a-book"]', "[]"), "sources: Tuple should have at least 1 item"),
        ("no confidence", GOOD.replace('confidence = "K"\n', ""), "confidence: Field required"),
        ("made-up confidence", GOOD.replace('"K"', '"sure"'), "confidence: Input should be 'V'"),
        ("unknown field", GOOD + 'colour = "red"\n', "colour: Extra inputs are not permitted"),
        ("no meaning", GOOD.replace('meaning = "rotated"\n', ""), "meaning: Field required"),
        ("same id twice", GOOD + GOOD, "the id is taken"),
        (
            "review by nobody",
            GOOD + 'reviewed = { by = "", on = 2026-01-01 }\n',
            "reviewed.by: String should have",
        ),
        (
            "review without a date",
            GOOD + 'reviewed = { by = "a physician" }\n',
            "reviewed.on: Field required",
        ),
    ],
)
def test_a_record_is_refused_and_named(tmp_path: Path, what: str, text: str, named: str) -> None:
    found = problems_of(tmp_path, words=SOURCE + text)
    assert len(found) == 1, what
    assert found[0].startswith("words.toml: abbreviation 'rotated'")
    assert named in found[0]


def test_an_unknown_source_is_named_with_the_record(tmp_path: Path) -> None:
    found = problems_of(tmp_path, words=SOURCE + GOOD.replace('"a-book"', '"a-rumor"'))
    assert found == ["abbreviation 'rotated': unknown source 'a-rumor'"]


def test_broken_toml_is_named_with_its_line(tmp_path: Path) -> None:
    found = problems_of(tmp_path, words="[[abbreviation]\n")
    assert found[0].startswith("words.toml: not readable as TOML")
    assert "line 1" in found[0]


def test_an_unknown_kind_of_record_is_named(tmp_path: Path) -> None:
    found = problems_of(tmp_path, words=GOOD.replace("abbreviation", "rumor"))
    assert found == ["words.toml: rumor 'rotated': no such kind of record"]


def test_a_table_that_is_not_a_list_is_named(tmp_path: Path) -> None:
    found = problems_of(tmp_path, words='[abbreviation]\nid = "rotated"\n')
    assert found == ["words.toml: 'abbreviation' must be an array of tables"]


def test_every_problem_of_every_file_is_reported_at_once(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path, a="[[abbreviation]\n", b=GOOD.replace('sources = ["a-book"]\n', ""), c='x = "y"\n'
    )
    assert [line.split(":")[0] for line in found] == ["a.toml", "b.toml", "c.toml"]


def test_file_defaults_give_sources_and_confidence_to_records_that_state_none(tmp_path: Path) -> None:
    bare = GOOD.replace('sources = ["a-book"]\nconfidence = "K"\n', "")
    own = GOOD.replace('"rotated"', '"restricted"')
    path = tmp_path / "words.toml"
    path.write_text(
        '[defaults]\nsources = ["a-book"]\nconfidence = "V"\n' + SOURCE + bare + own, encoding="utf-8"
    )
    known = read_files([path])
    assert known.get(Abbreviation, "rotated").confidence is Confidence.CONFIRMED
    assert known.get(Abbreviation, "restricted").confidence is Confidence.TEACHING
