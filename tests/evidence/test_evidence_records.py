"""The evidence holds all 46 rows, the negative ones too, with every mark of what was not re-read."""

from __future__ import annotations

from pathlib import Path

import pytest

from openomt.knowledge import evidence as ev
from openomt.knowledge import load
from openomt.knowledge.base import Record
from openomt.knowledge.icd import lookup
from openomt.knowledge.marks import Confidence
from openomt.knowledge.safety import TechniqueCard

GRADES = {"V": "very low", "L": "low", "M": "moderate", "H": "high"}
DIRECTIONS = {"+": "benefit", "~": "mixed", "0": "none", "x": "harm", "?": "not enough data"}
UNCERTAIN = {Confidence.TEACHING, Confidence.UNCERTAIN}


def rows() -> list[list[str]]:
    text = (Path(__file__).parent / "rows.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if not line.startswith("#")]


def by_number() -> dict[int, ev.Condition]:
    return {record.number: record for record in load().all(ev.Condition)}


def test_all_46_rows_are_there_once() -> None:
    numbers = [record.number for record in load().all(ev.Condition)]
    assert sorted(numbers) == list(range(1, 47))
    assert [int(row[0]) for row in rows()] == list(range(1, 47))


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_row_has_its_grade_its_directions_its_label_and_its_marks(row: list[str]) -> None:
    number, words, grade, directions, label, unconfirmed = row
    record = by_number()[int(number)]
    assert words in record.title
    assert record.grade == tuple(GRADES[mark] for mark in grade)
    assert [one.direction for one in record.effects] == [DIRECTIONS[mark] for mark in directions]
    assert record.label == label
    assert len(record.unconfirmed) == int(unconfirmed)


def test_what_was_not_re_read_says_so_in_words_and_in_its_studies() -> None:
    known = load()
    for record in known.all(ev.Condition):
        if record.unconfirmed:
            assert record.doubt, record.id
        for study in record.studies:
            assert known.sources[study.source].retrieved == (study.mark == "V"), (record.id, study.source)


def test_a_row_that_stands_only_on_what_was_not_re_read_is_marked_unconfirmed() -> None:
    sources = load().sources
    for record in load().all(ev.Condition):
        if record.studies and not any(sources[study.source].retrieved for study in record.studies):
            assert record.confidence in UNCERTAIN, record.id


def test_a_row_marked_as_confirmed_by_several_names_several_that_were_read() -> None:
    sources = load().sources
    for record in load().all(ev.Condition):
        if record.confidence is Confidence.CONFIRMED:
            assert sum(sources[study.source].retrieved for study in record.studies) > 1, record.id


def test_a_grade_runs_from_low_to_high() -> None:
    for record in load().all(ev.Condition):
        for grade in (record.grade, *(one.grade for one in record.effects if one.grade)):
            assert [ev.GRADES.index(one) for one in grade] == sorted({ev.GRADES.index(one) for one in grade})


def test_no_label_promises_more_than_the_directions_say() -> None:
    helpful = {record.id: record.helpful for record in load().all(ev.EvidenceLabel)}
    for record in load().all(ev.Condition):
        directions = {one.direction for one in record.effects}
        if helpful[record.label]:
            assert directions & {"benefit", "mixed"} or record.number == 4, record.id
        if directions <= {"none", "harm"}:
            assert helpful[record.label] is False or record.number == 4, record.id


def test_the_five_labels_and_the_seven_studied_most() -> None:
    assert {record.id for record in load().all(ev.EvidenceLabel)} == {
        "studied-most", "early-evidence", "not-enough", "tested-no-help", "ask-first",
    }  # fmt: skip
    most = {record.number for record in load().all(ev.Condition) if record.label == "studied-most"}
    assert most == {1, 2, 3, 4, 5, 6, 7, 9, 10}


def test_a_label_the_public_list_does_not_give_says_that_it_is_ours() -> None:
    ours = [record for record in load().all(ev.Condition) if not record.label_listed]
    assert {record.number for record in ours} == {2, 23, 41, 45, 46}
    assert all("label" in record.doubt for record in ours)


def test_every_condition_can_be_recognized_in_both_languages() -> None:
    complaints = {record.id: record for record in load().all(ev.Complaint)}
    assert set(complaints) == {record.id for record in load().all(ev.Condition)}
    for record in complaints.values():
        like = complaints.get(record.like, record)
        assert record.terms or like.terms
        assert record.terms_es or like.terms_es


def test_every_code_prefix_is_a_real_code() -> None:
    codes = {code for record in load().all(ev.Complaint) for code in (*record.icd, *record.icd_broad)}
    assert len(codes) > 60
    assert sorted(code for code in codes if lookup(code) is None) == []


def test_every_technique_has_a_use_and_every_kind_of_finding_a_technique() -> None:
    uses = load().all(ev.TechniqueUse)
    assert {use.id for use in uses} == {card.id for card in load().all(TechniqueCard)}
    served = {kind for use in uses for kind in (*use.serves, *use.also)}
    assert served == {kind.id for kind in load().all(ev.FindingKind)}


def test_a_use_stands_on_the_sources_of_its_card() -> None:
    cards = {card.id: card for card in load().all(TechniqueCard)}
    for use in load().all(ev.TechniqueUse):
        assert set(use.sources) <= {*cards[use.id].sources, "openomt-research"}, use.id
        assert use.confidence in (cards[use.id].confidence, Confidence.UNCERTAIN), use.id


def test_each_direction_and_grade_has_a_weight_and_worse_never_weighs_more() -> None:
    weights = {record.id: record.value for record in load().all(ev.RankWeight)}
    directions = [
        weights[f"evidence.{one}"] for one in ("benefit", "mixed", "not enough data", "none", "harm")
    ]
    assert directions == sorted(directions, reverse=True)
    grades = [weights[f"grade.{one}"] for one in ev.GRADES]
    assert grades == sorted(grades)
    assert {record.confidence for record in load().all(ev.RankWeight)} == {Confidence.DERIVED}


def test_the_nine_groups_of_the_safety_notes_and_the_frail_are_there() -> None:
    assert [record.id for record in load().all(ev.Population)] == [
        "infants", "recurrent-ear-infection", "children-2-11", "pregnancy", "older-adults", "hospitalized",
        "copd-asthma", "athletes", "communication", "frail",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "count"),
    [(ev.ToneFact, 4), (ev.Guideline, 8), (ev.Dose, 15), (ev.DoseResponse, 3), (ev.CourseAdvice, 1),
     (ev.Comparison, 19)],
)  # fmt: skip
def test_nothing_of_the_guidance_is_missing(kind: type[Record], count: int) -> None:
    assert len(load().all(kind)) == count


# Guidance that was written from memory -> how many parts.
NOT_RE_READ = {
    "aoa-2016": 1, "acp-2017": 1, "who-2023": 1, "nice-cks-colic": 1, "nice-ng193": 1,
    "tension-headache": 1, "ear-infection-6-months": 1, "aoa-dose": 1,
    "training.pt": 1, "training.dc": 1, "manual-training.do": 1, "license.pt": 1, "license.dc": 1,
    "also-true.do": 1, "athletes": 2,
}  # fmt: skip


def test_the_guidance_keeps_its_marks_too() -> None:
    kinds: tuple[type[Record], ...] = (
        ev.Guideline, ev.Dose, ev.CourseAdvice, ev.Comparison, ev.Population,
    )  # fmt: skip
    marked = {
        record.id: len(parts)
        for kind in kinds
        for record in load().all(kind)
        if (parts := getattr(record, "unconfirmed", ()))
    }
    assert marked == NOT_RE_READ


def test_a_study_that_is_not_a_source_of_its_row_is_refused() -> None:
    with pytest.raises(ValueError, match="must be a source"):
        ev.Condition.model_validate(
            {
                "id": "x",
                "number": 47,
                "title": "x",
                "en": "x",
                "es": "x",
                "grade": ["low"],
                "effects": [{"direction": "none", "about": "pain"}],
                "effect": "x",
                "studies": [{"source": "elsewhere", "design": "RCT"}],
                "population": ["adult"],
                "label": "not-enough",
                "sources": ["here"],
                "confidence": "1",
            }
        )
