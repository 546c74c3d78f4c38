"""ICD-10-CM: the committed part is the package's, and exclusions hold in both directions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openomt.knowledge import icd
from openomt.knowledge.coding import SymptomCode
from openomt.knowledge.loader import load
from openomt.knowledge.vocabulary import RegionRecord


def test_the_committed_part_is_what_the_package_says(tabular: Any) -> None:
    rows = json.loads(icd.SUBSET.read_text(encoding="utf-8"))["codes"]
    assert len(rows) > 1500
    for code, (title, parent, billable, notes) in rows.items():
        assert title == tabular.get_description(code)
        assert billable == tabular.is_leaf(code)
        assert set(tabular.get_excludes1(code)) <= set(notes)
        assert parent != code
        assert parent in rows or parent == ""
        assert parent in (tabular.get_parent(code), tabular.get_parent(code, prioritize_blocks=True))
        assert icd._from_whole(code) == icd.Entry(title, parent, billable, tuple(notes))


def test_the_committed_whole_is_what_the_package_says_of_every_code(tabular: Any) -> None:
    codes = [code for code in tabular.get_all_codes() if tabular.is_valid_item(code)]
    assert len(codes) > 90_000
    for code in codes:
        entry = icd._from_whole(code)
        assert entry is not None, code
        assert entry.title == " ".join(tabular.get_description(code).split())
        assert entry.billable == tabular.is_leaf(code)


@pytest.mark.parametrize("code", ["", "ZZZ", "M54.5X", "\u0391", "A" * 50, "M54.50 ", "\n", "\t", "0"])
def test_what_is_no_code_is_not_found(code: str) -> None:
    assert icd._from_whole(code) is None


def test_every_region_has_a_billable_code_and_m99_0_is_none() -> None:
    codes = [record.icd10cm for record in load().all(RegionRecord)]
    assert sorted(codes) == [f"M99.0{digit}" for digit in range(10)]
    assert all(icd.is_billable(code) for code in codes)
    assert not icd.is_billable("M99.0")
    assert "somatic dysfunction" in (icd.title("M99.04") or "")


def test_the_symptom_codes_are_billable() -> None:
    symptoms = load().all(SymptomCode)
    assert len(symptoms) == 10
    for record in symptoms:
        assert icd.is_billable(record.id)
        assert str(icd.title(record.id)) in record.summary()


@pytest.mark.parametrize(
    ("first", "second", "excluded"),
    [
        ("M54.50", "M54.41", True),
        ("M54.59", "M51.26", True),
        ("M54.50", "S39.012A", True),
        ("M54.2", "M50.20", True),
        ("M54.6", "M51.24", True),
        ("M54.16", "M51.16", True),
        ("M54.12", "M50.120", True),
        ("M54.50", "M51.360", True),
        ("M54.50", "F45.41", True),
        ("G44.209", "R51.9", True),
        ("O26.892", "Z34.00", True),
        ("M54.50", "M54.2", False),
        ("M54.50", "M99.03", False),
        ("M54.50", "M54.50", False),
        ("M54.50", "M51.361", False),
        ("M54.6", "M54.50", False),
        ("R51.9", "G43.909", False),
    ],
)
def test_exclusions_in_both_directions(first: str, second: str, excluded: bool) -> None:
    assert bool(icd.exclusions([first, second])) is excluded
    assert bool(icd.exclusions([second, first])) is excluded


def test_an_exclusion_names_where_its_note_stands() -> None:
    (found,) = icd.exclusions(["m5441", "M54.50"])
    assert (found.first, found.second, found.holder) == ("M54.50", "M54.41", "M54.5")
    assert "M54.4-" in found.note


@pytest.mark.parametrize(
    ("note", "code", "named"),
    [
        ("x (M54.4-)", "M54.41", True),
        ("x (M54.4-)", "M54.51", False),
        ("x (M50.-)", "M50.20", True),
        ("x (M50.1)", "M50.120", True),
        ("x (M51.360)", "M51.360", True),
        ("x (M51.360)", "M51.361", False),
        ("x (G43-G44)", "G43.909", True),
        ("x (G43-G44)", "G44.209", True),
        ("x (G43-G44)", "G45.9", False),
        ("x (A04.0-A04.4)", "A04.3", True),
        ("x (A04.0-A04.4)", "A04.5", False),
        ("x (S12.0-S12.3-, S22.0-)", "S12.2XXA", True),
        ("x (S12.0-S12.3-, S22.0-)", "S22.001A", True),
        ("x (S12.0-S12.3-, S22.0-)", "S12.4XXA", False),
        ("x (E08-E13 with .41)", "E11.41", True),
        ("x (E08-E13 with .41)", "E11.9", False),
        ("x (M51.- with fifth character 4)", "M51.24", True),
        ("x (M51.- with fifth character 4)", "M51.26", False),
        ("x NOS", "M54.2", False),
    ],
)
def test_notes(note: str, code: str, named: bool) -> None:
    assert icd.note_names(note, code) is named


def test_codes_as_people_type_them() -> None:
    assert icd.normalize(" m5450 ") == "M54.50"
    assert icd.normalize("M54.50") == "M54.50"
    assert icd.normalize("r52") == "R52"
    assert icd.title("m54.2") == "Cervicalgia"
    assert icd.lookup("nonsense") is None
    assert not icd.is_billable("nonsense")


def test_a_code_outside_the_committed_part_comes_from_the_package() -> None:
    assert "E11.9" not in json.loads(icd.SUBSET.read_text(encoding="utf-8"))["codes"]
    assert icd.is_billable("E11.9")
