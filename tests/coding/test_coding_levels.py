"""Levels of treatment and evaluation: regions 0 to 10, every decision, every threshold, both rule sets."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from openomt.medicine.anatomy import Region
from openomt.medicine.coding import code
from openomt.medicine.findings import Finding, Tart
from openomt.medicine.visit import (
    EffortLevel,
    EmMethod,
    Evaluation,
    PatientStatus,
    Setting,
    Signature,
    Treatment,
    Visit,
)

REGIONS = list(Region)
BY_COUNT = [None, *["98925"] * 2, *["98926"] * 2, *["98927"] * 2, *["98928"] * 2, *["98929"] * 2]
WORDS = [None, *["1-2"] * 2, *["3-4"] * 2, *["5-6"] * 2, *["7-8"] * 2, *["9-10"] * 2]

# place, status, first of stay: codes for straightforward, low, moderate, high
DECISIONS = """
11 new         - 99202 99203 99204 99205
11 established - 99212 99213 99214 99215
19 established - 99212 99213 99214 99215
22 new         - 99202 99203 99204 99205
12 new         - 99341 99342 99344 99345
12 established - 99347 99348 99349 99350
21 new         - 99221 99221 99222 99223
21 established - 99231 99231 99232 99233
21 established y 99221 99221 99222 99223
21 new         n 99231 99231 99232 99233
31 new         - 99304 99304 99305 99306
32 established - 99307 99308 99309 99310
32 established y 99304 99304 99305 99306
23 new         - 99282 99283 99284 99285
23 established - 99282 99283 99284 99285
99 established - 99212 99213 99214 99215
"""
DECISION_ROWS = [line.split() for line in DECISIONS.strip().splitlines()]

# place, status: threshold in minutes and code
TIMES = """
11 new         15 99202 30 99203 45 99204 60 99205
11 established 10 99212 20 99213 30 99214 40 99215
12 new         15 99341 30 99342 60 99344 75 99345
12 established 20 99347 30 99348 40 99349 60 99350
21 new         40 99221 55 99222 75 99223
21 established 25 99231 35 99232 50 99233
31 new         25 99304 35 99305 50 99306
31 established 10 99307 20 99308 30 99309 45 99310
"""


def time_rows() -> list[tuple[str, str, int, str, str | None]]:
    """Place, status, minutes, code from there on, code below."""
    rows = []
    for place, status, *steps in (line.split() for line in TIMES.strip().splitlines()):
        numbers = steps[1::2]
        for minutes, number, lower in zip(steps[::2], numbers, [None, *numbers], strict=False):
            rows.append((place, status, int(minutes), number, lower))
    return rows


TIME_ROWS = time_rows()
ORDER = {effort: rank for rank, effort in enumerate(EffortLevel)}


def treated(count: int) -> Visit:
    regions = REGIONS[:count]
    return Visit(
        findings=tuple(Finding(region, tart=(Tart.TENDERNESS,)) for region in regions),
        treatments=tuple(Treatment("muscle energy", region) for region in regions),
    )


@pytest.mark.parametrize("count", range(11))
def test_the_number_of_regions_chooses_the_treatment_code(count: int) -> None:
    with_cpt, without = code(treated(count), cpt=True), code(treated(count))
    assert len(with_cpt.regions_counted) == count
    shown = with_cpt.treatment.code and with_cpt.treatment.code.number
    assert shown == BY_COUNT[count]
    words = without.treatment.code and without.treatment.code.shown
    assert words == ((count and f"OMT, {WORDS[count]} regions") or None)
    assert ("DX_POINTERS_OVER_4" in with_cpt.warning_ids) == (count > 4)
    assert len(with_cpt.treatment.pointers) == min(count, 4)
    assert [one.number for one in with_cpt.treatment.icd] == [f"M99.0{place}" for place in range(count)]


@pytest.mark.parametrize(
    "regions",
    [pair for size in (1, 2, 9) for pair in combinations(REGIONS, size)],
    ids="+".join,
)
def test_each_region_has_its_own_diagnosis(regions: tuple[Region, ...]) -> None:
    visit = Visit(
        findings=tuple(Finding(region, tart=(Tart.RESTRICTION,)) for region in regions),
        treatments=tuple(Treatment("HVLA", region) for region in regions),
    )
    assert [one.number for one in code(visit).treatment.icd] == [
        f"M99.0{REGIONS.index(one)}" for one in regions
    ]


def evaluated(place: str, status: str, evaluation: Evaluation) -> Visit:
    return Visit(
        setting=Setting(place_of_service=place, patient=PatientStatus(status)), evaluation=evaluation
    )


@pytest.mark.parametrize("row", DECISION_ROWS, ids=" ".join)
def test_decision_making_chooses_the_level_in_every_place(row: list[str]) -> None:
    place, status, first, *numbers = row
    stay = {"-": None, "y": True, "n": False}[first]
    for effort, number in zip(EffortLevel, numbers, strict=True):
        evaluation = Evaluation(problems=effort, data=effort, risk=effort, first_of_stay=stay)
        line = code(evaluated(place, status, evaluation), cpt=True).evaluation
        assert line.code is not None
        assert (line.code.number, line.effort) == (number, effort)


@pytest.mark.parametrize("efforts", list(product(EffortLevel, repeat=3)), ids="-".join)
@pytest.mark.parametrize("status", ["new", "established"])
def test_two_of_three_elements_reach_the_level(efforts: tuple[EffortLevel, ...], status: str) -> None:
    reached = max(effort for effort in range(4) if sum(ORDER[element] >= effort for element in efforts) >= 2)
    number = {"new": "9920{}", "established": "9921{}"}[status].format(reached + 2)
    problems, data, risk = efforts
    line = code(
        evaluated("11", status, Evaluation(problems=problems, data=data, risk=risk)), cpt=True
    ).evaluation
    assert line.code is not None
    assert line.code.number == number


@pytest.mark.parametrize(
    ("efforts", "number"),
    [
        ((EffortLevel.HIGH, EffortLevel.MODERATE, None), "99214"),
        ((None, EffortLevel.LOW, EffortLevel.HIGH), "99213"),
        ((None, None, EffortLevel.HIGH), "99212"),
        ((None, None, None), None),
    ],
)
def test_an_element_not_charted_counts_as_straightforward(
    efforts: tuple[EffortLevel | None, ...], number: str | None
) -> None:
    problems, data, risk = efforts
    result = code(
        evaluated("11", "established", Evaluation(problems=problems, data=data, risk=risk)), cpt=True
    )
    assert (result.evaluation.code and result.evaluation.code.number) == number
    silent = [name for name, one in zip(("problems", "data", "risk"), efforts, strict=True) if one is None]
    remarks = [remark.reason.split()[0] for remark in result.remarks if "not charted" in remark.reason]
    assert remarks == (silent if number else [])


@pytest.mark.parametrize("row", TIME_ROWS, ids=lambda row: " ".join(map(str, row[:4])))
def test_time_chooses_the_level_from_its_threshold_on(
    row: tuple[str, str, int, str, str | None],
) -> None:
    place, status, minutes, number, lower = row

    def level(total: int, omt: int | None = None) -> str | None:
        evaluation = Evaluation(method=EmMethod.TIME, total_minutes=total, omt_minutes=omt)
        line = code(evaluated(place, status, evaluation), cpt=True).evaluation
        assert line.minutes == total - (omt or 0)
        return line.code.number if line.code else None

    assert level(minutes) == number
    assert level(minutes - 1) == lower
    assert level(minutes + 20, omt=20) == number
    assert level(minutes + 20, omt=21) == lower


def test_time_chooses_no_level_in_the_emergency_department() -> None:
    evaluation = Evaluation(method=EmMethod.TIME, total_minutes=90)
    line = code(evaluated("23", "new", evaluation), cpt=True).evaluation
    assert (line.code, line.minutes) == (None, 90)
    assert "emergency" in line.basis.reason


@pytest.mark.parametrize(
    ("payer", "rules"),
    [
        ("medicare", "medicare_strict"),
        ("Medicare Advantage", "medicare_strict"),
        ("Railroad Medicare", "medicare_strict"),
        ("medicare_part_b", "medicare_strict"),
        ("CMS", "medicare_strict"),
        ("commercial", "cpt_aoa"),
        ("medicaid", "cpt_aoa"),
        ("workers_comp", "cpt_aoa"),
        ("", "cpt_aoa"),
    ],
)
def test_the_payer_chooses_the_rule_set_and_the_practice_can_choose_another(payer: str, rules: str) -> None:
    visit = Visit(setting=Setting(payer=payer))
    applied = code(visit).rules
    assert applied.id == rules
    assert payer in applied.basis.reason
    other = {"medicare_strict": "cpt_aoa", "cpt_aoa": "medicare_strict"}[rules]
    chosen = code(visit, rules=other).rules
    assert (chosen.id, chosen.basis.reason) == (other, "Chosen by the practice")


def test_a_rule_set_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="rules: 'mine' is not one of medicare_strict, cpt_aoa"):
        code(Visit(), rules="mine")


def test_a_practice_can_choose_the_pointer_limit_and_the_order_of_diagnoses() -> None:
    evaluation = Evaluation(
        problems=EffortLevel.LOW,
        data=EffortLevel.LOW,
        risk=EffortLevel.LOW,
        codes=("M99.03", "M54.50", "O26.892"),
    )
    visit = Visit(evaluation=evaluation)
    assert [one.number for one in code(visit).evaluation.icd] == ["O26.892", "M54.50", "M99.03"]
    first = code(visit, dysfunction_first=True).evaluation.icd
    assert [one.number for one in first] == ["O26.892", "M99.03", "M54.50"]
    five = code(treated(5), pointer_limit=5)
    assert len(five.treatment.pointers) == 5
    assert "DX_POINTERS_OVER_4" not in five.warning_ids


def test_the_line_points_to_the_regions_with_most_evidence() -> None:
    tart = tuple(Tart)
    visit = Visit(
        findings=tuple(
            Finding(region, tart=tart[: 1 + place % 3]) for place, region in enumerate(REGIONS[:5])
        ),
        treatments=tuple(Treatment("HVLA", region) for region in REGIONS[:5]),
    )
    assert [one.number for one in code(visit).treatment.pointers] == ["M99.02", "M99.01", "M99.04", "M99.00"]


def test_a_signature_signs() -> None:
    import datetime as dt

    signature = Signature("A. Physician", "DO", dt.datetime(2026, 1, 2, 9, tzinfo=dt.UTC))
    assert "UNSIGNED" in code(Visit()).warning_ids
    assert "UNSIGNED" not in code(Visit(signature=signature)).warning_ids
