"""The audit checklist: each row met by a complete note, and missing when its part is taken away."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from openomt.medicine.anatomy import Region, Side, segment_level
from openomt.medicine.coding import RowState, code
from openomt.medicine.findings import Finding, SpinalMotion, Tart
from openomt.medicine.visit import (
    Billing,
    Consent,
    EffortLevel,
    EmMethod,
    Evaluation,
    Plan,
    Response,
    Signature,
    Treatment,
    Visit,
)

LOW = EffortLevel.LOW
COMPLETE = Visit(
    chief_complaint="low back pain",
    history="two weeks, after lifting",
    function="sits 20 minutes",
    function_change="was 10 minutes",
    safety_screen="no red flags",
    related_exam="reflexes equal",
    assessment="low back pain",
    findings=(Finding(Region.LUMBAR, segment_level("L4"), Side.RIGHT, tart=(Tart.TENDERNESS,), severity=2),),
    treatments=(Treatment("muscle energy", Region.LUMBAR),),
    responses=((Region.LUMBAR, Response.IMPROVED),),
    positions="side-lying",
    tolerance="well",
    complications_asked=True,
    evaluation=Evaluation(True, problems=LOW, data=LOW, risk=LOW, separate_in_note=True, codes=("M54.50",)),
    consent=Consent(True, discussed=("soreness",)),
    plan=Plan(
        goals=("sit an hour",),
        frequency="weekly, four times",
        next_review="in four weeks",
        stop_when="goal reached",
        home_exercise=("pelvic tilt",),
        aftercare=("walk",),
        return_precautions=("numbness",),
    ),
    signature=Signature("A. B.", "DO", dt.datetime(2026, 1, 2, 9, tzinfo=dt.UTC)),
)
BARE = Finding(Region.LUMBAR, motion=SpinalMotion(rotation=Side.LEFT))
TIMED = Evaluation(True, method=EmMethod.TIME, total_minutes=40, omt_minutes=15, codes=("M54.50",))
THORACIC = Finding(Region.THORACIC, segment_level("T5"), tart=(Tart.RESTRICTION,), severity=1)
PLAN = COMPLETE.plan


def rows(visit: Visit) -> dict[int, tuple[RowState, tuple[str, ...]]]:
    return {row.number: (row.state, row.add) for row in code(visit).checklist}


def test_a_complete_note_meets_every_row_and_raises_no_warning() -> None:
    result = code(COMPLETE)
    assert [row.number for row in result.checklist] == list(range(1, 14))
    assert {row.state for row in result.checklist} == {RowState.MET}
    assert all(row.sources and row.add == () for row in result.checklist)
    assert result.warnings == ()
    assert result.remarks == ()


@pytest.mark.parametrize(
    ("number", "change", "add"),
    [
        (1, {"chief_complaint": ""}, ["the chief complaint"]),
        (1, {"history": ""}, ["the history"]),
        (1, {"function": "", "function_change": ""}, ["function lost today", "how function changed"]),
        (2, {"safety_screen": ""}, ["which red flags"]),
        (
            3,
            {"findings": (BARE,)},
            ["texture, asymmetry", "side or segment for lumbar", "severity for lumbar"],
        ),
        (3, {"findings": ()}, ["a finding for lumbar"]),
        (4, {"related_exam": ""}, ["the exam beyond palpation"]),
        (5, {"assessment": "", "evaluation": None}, ["the symptom or disease"]),
        (5, {"findings": ()}, ["somatic dysfunction named"]),
        (6, {"evaluation": replace(COMPLETE.evaluation, data=None)}, ["all three elements"]),  # type: ignore[type-var]
        (6, {"evaluation": replace(TIMED, total_minutes=None)}, ["total minutes"]),
        (6, {"evaluation": replace(TIMED, omt_minutes=None)}, ["minutes of treatment"]),
        (7, {"consent": Consent()}, ["that the patient consented", "which risks"]),
        (7, {"consent": Consent(True)}, ["which risks"]),
        (8, {"treatments": (Treatment(None, Region.LUMBAR),)}, ["the technique for lumbar"]),
        (8, {"positions": "", "tolerance": ""}, ["the patient's position", "how treatment was tolerated"]),
        (9, {"responses": ()}, ["the response of lumbar"]),
        (9, {"complications_asked": False}, ["complications, or none"]),
        (10, {"plan": replace(PLAN, goals=())}, ["a functional goal"]),
        (
            10,
            {"plan": replace(PLAN, frequency="", next_review="")},
            ["how often", "the date of the next review"],
        ),
        (10, {"plan": replace(PLAN, home_exercise=(), stop_when="")}, ["home exercise", "when to stop"]),
        (11, {"plan": replace(PLAN, aftercare=())}, ["aftercare instructions"]),
        (11, {"plan": replace(PLAN, return_precautions=())}, ["return precautions"]),
        (12, {"signature": None}, ["the signature", "credentials"]),
        (12, {"signature": None, "signed": True}, ["credentials"]),
        (13, {"findings": (*COMPLETE.findings, THORACIC)}, ["why thoracic was not treated"]),
        (13, {"findings": ()}, ["a finding for lumbar"]),
        (13, {"billing": Billing(entered_treatment=("98926",))}, ["the code for the regions counted"]),
    ],
)
def test_a_part_taken_away_is_named(number: int, change: dict[str, object], add: list[str]) -> None:
    state, parts = rows(replace(COMPLETE, **change))[number]  # type: ignore[arg-type]
    assert state is RowState.MISSING
    assert len(parts) == len(add)
    assert all(part.startswith(start) for part, start in zip(parts, add, strict=True))


def test_rows_that_do_not_apply() -> None:
    nothing = rows(Visit())
    idle = {number for number, (state, _) in nothing.items() if state is RowState.NOT_APPLICABLE}
    assert idle == {3, 4, 6, 7, 8, 9, 11, 13}
    only_evaluation = rows(replace(COMPLETE, findings=(), treatments=(), responses=()))
    assert only_evaluation[4][0] is RowState.MET
    assert only_evaluation[7][0] is RowState.NOT_APPLICABLE


def test_other_ways_to_meet_a_row() -> None:
    assert rows(replace(COMPLETE, complications_asked=False, complications=("faint",)))[9][0] is RowState.MET
    assert rows(replace(COMPLETE, assessment=""))[5][0] is RowState.MET
    assert rows(replace(COMPLETE, evaluation=TIMED))[6][0] is RowState.MET
    assert rows(replace(COMPLETE, billing=Billing(entered_treatment=("98925",))))[13][0] is RowState.MET
    untimed = replace(TIMED, omt_minutes=None)
    assert rows(replace(COMPLETE, evaluation=untimed, treatments=()))[6][0] is RowState.MET
    assert rows(replace(COMPLETE, plan=replace(PLAN, goals=(), functional_goal=True)))[10][0] is RowState.MET


REMARKS = [
    ({"billing": Billing(diagnoses=("M54.5",))}, "M54.5 is not a full code"),
    ({"billing": Billing(diagnoses=("M54.5Q",))}, "M54.5Q is not an ICD-10-CM code"),
    ({"billing": Billing(entered_treatment=("98927",))}, "The treatment entered does not match"),
    ({"billing": Billing(entered_treatment_modifiers=("50",))}, "The bilateral modifier is never used"),
    ({"billing": Billing(maintenance=True)}, "Maintenance care: a private payer"),
    (
        {"treatments": (*COMPLETE.treatments, Treatment("HVLA"))},
        "A treatment without a region counts nowhere: HVLA",
    ),
    ({"evaluation": replace(TIMED, codes=())}, "The evaluation points to no diagnosis"),
    (
        {"evaluation": replace(TIMED, entered_modifiers=("25", "57"))},
        "The modifier for the decision for major",
    ),
]


@pytest.mark.parametrize(("change", "remark"), REMARKS, ids=[remark for _, remark in REMARKS])
def test_remarks(change: dict[str, object], remark: str) -> None:
    remarks = code(replace(COMPLETE, **change)).remarks  # type: ignore[arg-type]
    assert [one.reason.startswith(remark) for one in remarks] == [True]


def test_more_diagnoses_than_a_claim_carries() -> None:
    regions = list(Region)
    visit = Visit(
        findings=tuple(Finding(region, tart=(Tart.TENDERNESS,)) for region in regions),
        treatments=tuple(Treatment("HVLA", region) for region in regions),
        evaluation=replace(TIMED, codes=("M54.50", "M54.2")),
    )
    assert not any("a claim carries" in one.reason for one in code(visit).remarks)
    more = replace(visit, evaluation=replace(TIMED, codes=("M54.50", "M54.2", "R42")))
    assert any(one.reason.startswith("13 diagnoses; a claim carries 12") for one in code(more).remarks)
