"""The coding cases and the table of visits: every code, modifier and warning."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from openomt.medicine.coding import CodingResult, code
from openomt.medicine.visit_json import from_json

HERE = Path(__file__).parent
CASES = [json.loads(line) for line in (HERE / "cases.jsonl").read_text().splitlines()]
TABLE = tomllib.loads((HERE / "visits.toml").read_text())["case"]
WARNINGS = {
    one["id"]
    for one in tomllib.loads((HERE.parent.parent / "src/openomt/knowledge/data/coding.toml").read_text())[
        "codingwarning"
    ]
}


def region_rows(text: str) -> list[dict[str, Any]]:
    rows = []
    for part in filter(None, map(str.strip, text.split(","))):
        name, *without = part.split(" -")
        row: dict[str, Any] = {
            "region": name,
            "treated": "treated" not in without,
            "tart": [] if "finding" in without else ["T", "R"],
        }
        if row["treated"]:
            row["technique"] = None if "technique" in without else "muscle energy"
            row["response"] = None if "response" in without else "improved"
        rows.append(row)
    return rows


def evaluation_of(text: str) -> dict[str, Any]:
    em: dict[str, Any] = {
        "performed": True,
        "beyond_omt_work": True,
        "note_sections_separate": True,
        "dx": ["M54.50"],
    }
    minutes = re.fullmatch(r"(\d+) (?:minutes|of them (\d+) treatment)", text)
    if minutes is None:
        return em | dict(zip(("problems", "data", "risk"), text.split(), strict=True))
    em |= {"method": "time", "total_minutes": int(minutes[1])}
    return em | ({"omt_minutes": int(minutes[2])} if minutes[2] else {})


def visit_of(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the table as a visit of the cases' shape."""
    visit: dict[str, Any] = {"payer": "commercial", "patient": "established", "pos": "11", "performer": "DO"}
    visit |= {"signed": True, "consent": True, "functional_goal": True}
    visit["regions"] = region_rows(row.get("regions", ""))
    if "em" in row or "em_also" in row:
        visit["em"] = (evaluation_of(row["em"]) if "em" in row else {}) | row.get("em_also", {})
        visit["em"] = {key: value for key, value in visit["em"].items() if value != ""}
    visit |= row.get("visit", {})
    return visit


IN_WORDS = {"25": "separate", "95": "video", "93": "telephone"}


def in_words(one: Any) -> str:
    """A line as the table writes it: the code's words, then its modifiers."""
    if one.code is None:
        return ""
    modifiers = [IN_WORDS.get(part.shown, part.shown) for part in one.modifiers]
    return "; ".join([one.code.words, *modifiers])


def line(one: Any) -> str:
    """A line in numbers: `99213-25`."""
    return "" if one.code is None else "-".join([one.code.shown, *(part.shown for part in one.modifiers)])


@pytest.mark.parametrize("row", TABLE, ids=[f"{row['family']}: {row['says']}" for row in TABLE])
def test_a_visit_of_the_table(row: dict[str, Any]) -> None:
    result = code(from_json(visit_of(row)), cpt=True)
    assert in_words(result.treatment) == row.get("treatment", "")
    assert {one.shown for one in result.treatment.icd} == set(row.get("diagnoses", "").split())
    assert in_words(result.evaluation) == row.get("evaluation", "")
    assert [one.shown for one in result.evaluation.icd] == row.get("symptoms", "").split()
    assert sorted(result.warning_ids) == sorted(row.get("warnings", "").split())


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_case_of_the_dossier(case: dict[str, Any]) -> None:
    result = code(from_json(case["visit"]), cpt=True)
    expect = case["expect"]
    assert len(result.regions_counted) == len(expect["regions_counted"])
    assert line(result.treatment) == "-".join(filter(None, [expect["omt_cpt"], *expect["omt_modifiers"]]))
    assert {one.shown for one in result.treatment.icd} == set(expect["icd_omt"])
    assert line(result.evaluation) == "-".join(filter(None, [expect["em_cpt"], *expect["em_modifiers"]]))
    assert {one.shown for one in result.evaluation.icd} == set(expect["icd_em"])
    assert set(result.warning_ids) == set(expect["warnings"])


def test_the_table_raises_every_warning_of_the_vocabulary_and_leaves_each_unraised() -> None:
    raised = [set(row.get("warnings", "").split()) for row in TABLE]
    assert set().union(*raised) == WARNINGS
    assert len(WARNINGS) == 24
    assert all(any(name not in names for names in raised) for name in WARNINGS)


def said(result: CodingResult) -> list[tuple[tuple[str, ...], str]]:
    """Sources and reason of everything the result says."""
    lines = (result.treatment, result.evaluation)
    codes = [one for part in lines for one in (part.code, *part.modifiers, *part.icd) if one is not None]
    bases = [
        *(one.basis for one in codes),
        *(one.basis for one in lines),
        *(one.basis for one in result.regions),
    ]
    bases += [*result.remarks, result.rules.basis, *(one.basis for one in result.evaluation.questions)]
    return [(one.sources, one.reason) for one in bases] + [
        *((one.sources, one.message) for one in result.warnings),
        *((one.sources, one.element) for one in result.checklist),
    ]


@pytest.mark.parametrize("row", TABLE, ids=[f"{row['family']}: {row['says']}" for row in TABLE])
def test_all_that_is_said_has_a_reason_and_sources_and_no_cpt_number(
    row: dict[str, Any],
) -> None:
    result = code(from_json(visit_of(row)))
    for sources, reason in said(result):
        assert sources
        assert reason.strip()
        assert "{" not in reason
    assert not re.search(r"(?<![\d.])\d{5}(?!\d)", repr(result))
    assert len(result.checklist) == 13


@pytest.mark.parametrize(
    ("numbers", "warning"),
    [
        ("97140 97112 97124 97530", "SAME_DAY_MANUAL_THERAPY"),
        ("97110 97010 97036 97161 97168 97535", "SAME_DAY_THERAPY_REVIEW"),
        ("98940 98941 98942 98943", "SAME_DAY_CMT"),
        ("98925 98929", "DUPLICATE_OMT"),
        ("00100 01992 62320 62327 64400 64450 64530 22505", "ANESTHESIA_FOR_OMT"),
        ("97009 97037 98939 98944 98924 98930 62319 62328 64399 64531 02000 20552 85025 S8990", None),
    ],
)
def test_services_of_the_day_by_number(numbers: str, warning: str | None) -> None:
    for number in numbers.split():
        visit = visit_of({"regions": "lumbar", "visit": {"same_day": [number]}})
        assert code(from_json(visit)).warning_ids == ((warning,) if warning else ())
