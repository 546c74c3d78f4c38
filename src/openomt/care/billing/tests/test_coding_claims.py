"""Claims of the cases that the coding itself is tested with."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from openomt.care.billing.coding import PayerTerms, code_visit, rule_sets
from openomt.care.billing.values import Coded, money
from openomt.medicine.visit_json import from_json

CASES = Path(__file__).parents[5] / "tests" / "coding" / "cases.jsonl"
FEES = {"98925": Decimal("60"), "98926": Decimal("85.10"), "99213": Decimal("120")}


def cases() -> list[Any]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    return [pytest.param(case, id=case["id"]) for case in map(json.loads, filter(None, lines))]


def coded(case: dict[str, Any], terms: PayerTerms | None = None, *, cpt: bool = True) -> Coded:
    visit = from_json(case["visit"], unread=[])
    return code_visit(visit, terms or PayerTerms(), cpt=cpt, price=FEES.get)


@pytest.mark.parametrize("case", cases())
def test_a_claim_holds_what_the_case_expects(case: dict[str, Any]) -> None:
    claim, expect = coded(case), case["expect"]
    lines = {line.about: line for line in claim.lines}
    letters = {one.letter: one.number for one in claim.diagnoses}
    treatment, evaluation = lines.get("treatment"), lines.get("evaluation")
    assert (treatment.number if treatment else None) == expect["omt_cpt"]
    assert (evaluation.number if evaluation else None) == expect["em_cpt"]
    if treatment:
        assert {one.number for one in treatment.modifiers} == set(expect["omt_modifiers"])
        pointed = {letters[letter] for letter in treatment.pointers}
        assert pointed <= set(expect["icd_omt"])
        assert len(pointed) == min(4, len(expect["icd_omt"]))
        assert set(expect["icd_omt"]) <= set(letters.values())
    if evaluation:
        assert {one.number for one in evaluation.modifiers} == set(expect["em_modifiers"])
        assert {letters[letter] for letter in evaluation.pointers} <= set(expect["icd_em"])
    assert set(expect["warnings"]) <= {one.id for one in claim.warnings}
    assert len(claim.checklist) == 13
    assert bool(claim.nothing) is not bool(claim.lines)


@pytest.mark.parametrize("case", cases())
def test_every_code_carries_its_reason_and_source(case: dict[str, Any]) -> None:
    claim = coded(case)
    said = [
        *(line.reason for line in claim.lines),
        *(modifier.reason for line in claim.lines for modifier in line.modifiers),
        *(one.reason for one in claim.diagnoses),
    ]
    assert all(reason.text and reason.sources for reason in said)


@pytest.mark.parametrize("case", cases())
def test_without_cpt_no_number_of_cpt_is_in_a_claim(case: dict[str, Any]) -> None:
    claim = coded(case, cpt=False)
    numbers = {case["expect"]["omt_cpt"], case["expect"]["em_cpt"]} - {None}
    text = claim.model_dump_json(include={"lines"})
    assert all(number not in text for number in numbers)
    assert all(line.words and line.fee is None for line in claim.lines)


@pytest.mark.parametrize("case", cases())
def test_a_claim_is_the_same_after_it_was_stored(case: dict[str, Any]) -> None:
    claim = coded(case)
    assert Coded.model_validate(json.loads(json.dumps(claim.model_dump(mode="json")))) == claim


def test_the_payer_decides_what_stands_first() -> None:
    visit = {
        "regions": [{"region": "lumbar", "treated": True, "technique": "ME", "tart": ["T"]}],
        "dx": ["M54.50"],
    }
    usual = coded({"visit": visit})
    other = coded({"visit": visit}, PayerTerms(dysfunction_first=True))
    assert [one.number for one in usual.diagnoses] == ["M54.50", "M99.03"]
    assert [one.number for one in other.diagnoses] == ["M99.03", "M54.50"]
    assert usual.lines[0].pointers == ("B",)
    assert other.lines[0].pointers == ("A",)


def test_a_pregnancy_code_leads_whatever_the_payer_wants() -> None:
    visit = {
        "regions": [{"region": "lumbar", "treated": True, "technique": "ME", "tart": ["T"]}],
        "dx": ["M54.50", "O26.892"],
    }
    for first in (False, True):
        claim = coded({"visit": visit}, PayerTerms(dysfunction_first=first))
        assert claim.diagnoses[0].number == "O26.892"


def test_a_claim_holds_twelve_diagnoses_and_keeps_those_its_lines_point_to() -> None:
    regions = ["head", "cervical", "thoracic", "lumbar", "sacral", "pelvic", "rib_cage", "abdomen"]
    visit = {
        "regions": [{"region": name, "treated": True, "technique": "ME", "tart": ["T"]} for name in regions],
        "dx": ["M54.50", "M54.2", "M54.6", "G44.209", "R51.9", "M53.3", "M25.511"],
    }
    claim = coded({"visit": visit})
    assert len(claim.diagnoses) == 12
    assert [one.letter for one in claim.diagnoses] == list("ABCDEFGHIJKL")
    [line] = claim.lines
    assert len(line.pointers) == 4


def test_the_pointer_limit_is_the_payers() -> None:
    visit = {
        "regions": [
            {"region": name, "treated": True, "technique": "ME", "tart": ["T"]}
            for name in ("head", "cervical", "thoracic")
        ]
    }
    assert len(coded({"visit": visit}, PayerTerms(pointer_limit=2)).lines[0].pointers) == 2


def test_a_rule_set_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="rules"):
        coded({"visit": {}}, PayerTerms(rules="none such"))
    assert {one.id for one in rule_sets()} == {"medicare_strict", "cpt_aoa"}


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("1.005", "1.01"), ("1.004", "1.00"), ("0.125", "0.13"), ("2.675", "2.68"), ("-1.005", "-1.01")],
)
def test_half_a_cent_goes_up(amount: str, rounded: str) -> None:
    assert money(Decimal(amount)) == Decimal(rounded)


def test_the_total_is_the_sum_of_the_lines_to_the_cent() -> None:
    visit = {
        "regions": [
            {"region": name, "treated": True, "technique": "ME", "tart": ["T"]}
            for name in ("head", "cervical", "thoracic")
        ],
        "em": {"performed": True, "beyond_omt_work": True, "problems": "low", "data": "low", "risk": "low"},
    }
    claim = coded({"visit": visit})
    assert [line.number for line in claim.lines] == ["99213", "98926"]
    assert claim.total == Decimal("205.10")
