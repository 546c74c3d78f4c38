"""What holds for every visit."""

from __future__ import annotations

import dataclasses
import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from openomt.medicine.anatomy import LevelKind, Region, Side, named_level, rib_level, segment_level
from openomt.medicine.coding import code
from openomt.medicine.findings import Finding, SpinalMotion, Tart
from openomt.medicine.visit import (
    Abn,
    Billing,
    Consent,
    EffortLevel,
    EmMethod,
    Evaluation,
    ExamState,
    PatientStatus,
    Plan,
    Response,
    SameDayService,
    Setting,
    Signature,
    Treatment,
    Visit,
)
from openomt.medicine.visit_json import from_json, to_json

regions = st.sampled_from(Region)
levels = st.sampled_from(
    [
        None,
        segment_level("T5"),
        segment_level("T10", "L2"),
        segment_level("C7", "T1"),
        segment_level("L5", "S1"),
        rib_level(4, 6),
        named_level("SI joint"),
        named_level("paraspinal"),
        named_level("AL1", LevelKind.POINT),
    ]
)
tart = st.lists(st.sampled_from(Tart), unique=True).map(lambda found: tuple(t for t in Tart if t in found))
findings = st.builds(
    Finding,
    region=regions,
    level=levels,
    side=st.none() | st.sampled_from(Side),
    motion=st.none() | st.builds(SpinalMotion, rotation=st.sampled_from(Side)),
    pattern=st.none() | st.sampled_from(["upslip", "positive"]),
    tart=tart,
    severity=st.none() | st.integers(0, 3),
    absent=st.booleans(),
)
treatments = st.builds(
    Treatment,
    technique=st.none() | st.sampled_from(["HVLA", "muscle energy"]),
    region=st.none() | regions,
    level=levels,
)
flags = st.none() | st.booleans()
efforts = st.none() | st.sampled_from(EffortLevel)
icd = st.lists(
    st.sampled_from(["M54.50", "M54.41", "M54.2", "M54.5", "O26.892", "M99.03", "R51.9"]), unique=True
)
services = st.builds(
    SameDayService,
    code=st.sampled_from(["", "97140", "97110", "98940", "98925", "64450", "G2211", "85025"]),
    name=st.sampled_from(["", "massage", "nerve block"]),
    other_discipline=flags,
    region=st.none() | regions,
    regions_differ=flags,
    other_session=flags,
    for_omt=flags,
    modifiers=st.lists(st.sampled_from(["59", "XS", "XU"])).map(tuple),
)
evaluations = st.builds(
    Evaluation,
    beyond_omt_work=flags,
    method=st.sampled_from(EmMethod),
    problems=efforts,
    data=efforts,
    risk=efforts,
    total_minutes=st.none() | st.integers(0, 120),
    omt_minutes=st.none() | st.integers(0, 60),
    separate_in_note=flags,
    reasons=st.lists(st.sampled_from(["consent", "new patient", "medication change"])).map(tuple),
    codes=icd.map(tuple),
    entered_modifiers=st.none() | st.lists(st.sampled_from(["25", "57"])).map(tuple),
    only_reason=st.none() | st.sampled_from(["new patient", "fall"]),
    stands_alone=flags,
    other_day=st.booleans(),
    first_of_stay=flags,
)
visits = st.builds(
    Visit,
    date=st.none() | st.dates(),
    setting=st.builds(
        Setting,
        payer=st.sampled_from(["commercial", "medicare"]),
        place_of_service=st.sampled_from(["11", "21", "23", "12", "31", "10", "99"]),
        performer=st.sampled_from(["", "DO", "resident", "PT"]),
        modality=st.sampled_from(["in_person", "video", "audio"]),
        patient=st.sampled_from(PatientStatus),
    ),
    chief_complaint=st.sampled_from(["", "low back pain"]),
    findings=st.lists(findings, max_size=6).map(tuple),
    states=st.lists(st.tuples(regions, st.sampled_from(ExamState)), max_size=2).map(tuple),
    treatments=st.lists(treatments, max_size=6).map(tuple),
    responses=st.lists(st.tuples(regions, st.sampled_from(Response)), max_size=3).map(tuple),
    response_words=st.lists(st.tuples(regions, st.just("softer")), max_size=2).map(tuple),
    evaluation=st.none() | evaluations,
    consent=st.builds(Consent, given=flags, discussed=st.just(("risks",)) | st.just(())),
    plan=st.builds(Plan, goals=st.just(()) | st.just(("walk a mile",)), functional_goal=flags),
    signature=st.none()
    | st.builds(Signature, name=st.just("A. B."), credentials=st.just("DO"), at=st.datetimes()),
    signed=flags,
    billing=st.builds(
        Billing,
        diagnoses=icd.map(tuple),
        entered_treatment=st.lists(st.sampled_from(["98925", "98926"]), max_size=2).map(tuple),
        same_day=st.lists(services, max_size=3).map(tuple),
        abn=st.none() | st.sampled_from(Abn),
        maintenance=flags,
        pregnant=flags,
    ),
    title=st.sampled_from(["", "a visit"]),
)


@given(visits)
@settings(max_examples=300)
def test_any_visit_is_coded_and_without_cpt_shows_no_five_digit_number(visit: Visit) -> None:
    result = code(visit)
    assert not re.search(r"(?<![\d.])\d{5}(?!\d)", json.dumps(dataclasses.asdict(result), default=str))
    assert code(visit, cpt=True).warning_ids == result.warning_ids
    assert len(set(result.warning_ids)) == len(result.warning_ids)


@given(visits, regions)
def test_an_untreated_finding_never_raises_the_count(visit: Visit, region: Region) -> None:
    if any(part.level is not None or part.region is region for part in visit.treatments):
        visit = dataclasses.replace(visit, treatments=())
    more = dataclasses.replace(visit, findings=(*visit.findings, Finding(region, tart=(Tart.ASYMMETRY,))))
    assert len(code(more).regions_counted) <= len(code(visit).regions_counted)


@given(visits)
def test_a_second_technique_never_raises_the_count(visit: Visit) -> None:
    again = tuple(dataclasses.replace(part, technique="articulation") for part in visit.treatments)
    more = dataclasses.replace(visit, treatments=(*visit.treatments, *again))
    assert code(more).regions_counted == code(visit).regions_counted


@given(visits, st.randoms(use_true_random=False))
def test_the_order_of_regions_changes_no_code(visit: Visit, random: object) -> None:
    shuffled = dataclasses.replace(
        visit,
        findings=tuple(random.sample(visit.findings, len(visit.findings))),  # type: ignore[attr-defined]
        treatments=tuple(random.sample(visit.treatments, len(visit.treatments))),  # type: ignore[attr-defined]
    )
    one, other = code(visit, cpt=True), code(shuffled, cpt=True)
    assert set(one.regions_counted) == set(other.regions_counted)
    assert one.treatment.code is None or other.treatment.code is not None
    assert {part.number for part in one.treatment.icd} == {part.number for part in other.treatment.icd}
    assert set(one.warning_ids) == set(other.warning_ids)
    assert one.evaluation.modifiers == other.evaluation.modifiers


@given(visits)
def test_every_region_counted_was_found_and_treated(visit: Visit) -> None:
    result = code(visit)
    for account in result.regions:
        if account.region in result.regions_counted:
            assert account.findings
            assert account.treatments
    assert len(result.regions_counted) <= len(visit.treatments) * 4


@given(visits)
@settings(max_examples=300)
def test_a_visit_is_the_same_after_json(visit: Visit) -> None:
    assert from_json(json.loads(json.dumps(to_json(visit)))) == visit
