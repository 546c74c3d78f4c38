"""A reading becomes a visit: a treatment for each region, answers where they belong, no doubt as fact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openomt.medicine.anatomy import LevelKind, Region, Side, named_level, rib_level, segment_level
from openomt.medicine.charting import charted, unsettled, visit_of
from openomt.medicine.findings import Finding, Frame, Plane, SpinalMotion, Tart
from openomt.medicine.notation import read
from openomt.medicine.notation.reading import (
    Question,
    ReadFinding,
    Reading,
    ReadResponse,
    ReadState,
    ReadTreatment,
    Span,
)
from openomt.medicine.visit import ExamState, Response, Treatment, Visit

HERE = Span(0, 4)
T5 = segment_level("T5")
LEFT, RIGHT = Side.LEFT, Side.RIGHT


def told(text: str) -> Visit:
    return visit_of(read(text))


# What is written -> regions of each technique.
SPREAD = [
    ("T5 FRSr; HVLA T5", {"hvla": ["thoracic"]}),
    ("T5 FRSr; sacrum L on L torsion; ME to T-spine and sacrum", {"muscle_energy": ["thoracic", "sacral"]}),
    ("T5 FRSr; ribs 3-5 inh L; MFR", {"mfr": ["thoracic", "rib"]}),
    ("abdomen normal; T5 FRSr; C3 FRSr; ME", {"muscle_energy": ["thoracic", "cervical"]}),
    ("no LE dysfunction; T5 FRSr; C3 FRSr; ME", {"muscle_energy": ["thoracic", "cervical"]}),
]


@pytest.mark.parametrize(("text", "techniques"), SPREAD)
def test_a_technique_said_for_several_regions_is_one_treatment_in_each(
    text: str, techniques: dict[str, list[str]]
) -> None:
    charted_techniques: dict[str, list[str]] = {}
    for treatment in told(text).treatments:
        assert treatment.technique
        assert treatment.region
        charted_techniques.setdefault(treatment.technique, []).append(treatment.region.value)
    assert {name: sorted(regions) for name, regions in charted_techniques.items()} == {
        name: sorted(regions) for name, regions in techniques.items()
    }


def test_a_place_said_with_a_technique_is_kept() -> None:
    assert told("T5 FRSr; HVLA T5").treatments == (Treatment("hvla", Region.THORACIC, T5),)


def test_a_technique_without_any_place_stays_without_one() -> None:
    assert told("HVLA").treatments == (Treatment("hvla"),)


def test_a_spread_keeps_its_regions_where_the_text_finds_nothing_in_any() -> None:
    treated = ReadTreatment(Treatment("mfr"), HERE, (Region.LUMBAR, Region.SACRAL))
    states = tuple(ReadState(region, ExamState.NORMAL, HERE) for region in treated.regions)
    visit = visit_of(Reading("text", treatments=(treated,), states=states))
    assert [t.region for t in visit.treatments] == [Region.LUMBAR, Region.SACRAL]


def test_an_answer_that_names_no_region_answers_for_every_treated_one_without_its_own() -> None:
    treated = ReadTreatment(Treatment("mfr"), HERE, (Region.THORACIC, Region.RIB, Region.LUMBAR))
    answers = (
        ReadResponse(Response.UNCHANGED, HERE, (Region.RIB,)),
        ReadResponse(Response.IMPROVED, HERE),
    )
    visit = visit_of(Reading("text", treatments=(treated,), responses=answers))
    assert visit.responses == (
        (Region.RIB, Response.UNCHANGED),
        (Region.THORACIC, Response.IMPROVED),
        (Region.LUMBAR, Response.IMPROVED),
    )


def test_an_answer_where_nothing_was_treated_is_not_charted_but_its_words_are_kept() -> None:
    visit = told("better today")
    assert visit.responses == ()
    assert visit.shorthand == "better today"


def test_states_of_regions_are_charted() -> None:
    visit = told("abdomen not examined; C-spine normal")
    assert dict(visit.states)[Region.ABDOMEN] is ExamState.NOT_EXAMINED
    assert visit.state_of(Region.CERVICAL) is ExamState.NORMAL


# Doubt ----------------------------------------------------------------------------------------------


def asked(finding: Finding, *options: Finding, inferred: tuple[str, ...] = ()) -> ReadFinding:
    return ReadFinding(finding, HERE, inferred, Question("which?", options))


def test_a_finding_without_a_question_is_charted_as_it_is() -> None:
    finding = Finding(Region.THORACIC, T5, motion=SpinalMotion(Plane.FLEXED, RIGHT, RIGHT))
    assert charted(ReadFinding(finding, HERE), "text") == finding


def test_a_part_of_a_motion_in_doubt_is_marked_inferred() -> None:
    opposite = Finding(Region.THORACIC, T5, motion=SpinalMotion(Plane.NEUTRAL, LEFT, RIGHT))
    same = Finding(Region.THORACIC, T5, motion=SpinalMotion(Plane.NEUTRAL, RIGHT, RIGHT))
    found = charted(asked(opposite, opposite, same), "text")
    assert found is not None
    assert found.motion is not None
    assert found.motion == SpinalMotion(Plane.NEUTRAL, LEFT, RIGHT, inferred=("rotation",))


def test_parts_that_the_reader_inferred_stay_inferred_without_a_question() -> None:
    motion = SpinalMotion(Plane.NEUTRAL, LEFT, RIGHT, inferred=("rotation", "sidebend"))
    finding = Finding(Region.THORACIC, T5, motion=motion)
    assert charted(ReadFinding(finding, HERE), "text") == finding
    by_field = Finding(Region.THORACIC, T5, motion=SpinalMotion(Plane.NEUTRAL, LEFT))
    found = charted(ReadFinding(by_field, HERE, ("rotation",)), "text")
    assert found is not None
    assert found.motion is not None
    assert found.motion.inferred == ("rotation",)


def test_a_side_in_doubt_is_left_out_and_the_authors_words_stand_instead() -> None:
    left, right = (Finding(Region.RIB, rib_level(4), side, pattern="exhalation") for side in (LEFT, RIGHT))
    found = charted(asked(left, left, right), "rib4")
    assert found == Finding(Region.RIB, rib_level(4), pattern="exhalation", detail="rib4")


def test_a_pattern_the_reader_turned_round_is_left_out_and_the_evidence_stays() -> None:
    finding = Finding(Region.RIB, rib_level(4), RIGHT, pattern="exhalation", tart=(Tart.RESTRICTION,))
    found = charted(asked(finding, inferred=("pattern",)), "rib4")
    assert found == Finding(Region.RIB, rib_level(4), RIGHT, tart=(Tart.RESTRICTION,), detail="rib4")


def test_a_finding_whose_place_is_in_doubt_waits_for_its_author() -> None:
    test = Finding(
        Region.PELVIC, named_level("standing flexion test", LevelKind.TEST), RIGHT, pattern="positive"
    )
    reading = Reading("text", findings=(asked(test, inferred=("level",)),))
    assert visit_of(reading).findings == ()
    assert unsettled(reading) == reading.findings
    assert visit_of(reading).shorthand == "text"


def test_a_corrected_spelling_is_charted_with_the_word_as_written() -> None:
    finding = Finding(Region.LUMBAR, named_level("psoas"), tart=(Tart.TENDERNESS,))
    found = charted(ReadFinding(finding, Span(2, 7), ("spelling",)), "a psoaz b")
    assert found is not None
    assert found.detail == "psoaz"


def test_a_restriction_stays_a_restriction_and_is_not_turned_into_ease() -> None:
    motion = SpinalMotion(Plane.EXTENDED, LEFT, LEFT, Frame.RESTRICTION)
    finding = Finding(Region.THORACIC, T5, motion=motion, tart=(Tart.RESTRICTION,))
    assert charted(asked(finding), "text") == finding


# Onto a visit ---------------------------------------------------------------------------------------


def test_what_is_known_of_the_visit_is_kept_and_not_repeated() -> None:
    first = visit_of(read("T5 FRSr; HVLA T5; improved"), Visit(chief_complaint="Back pain"))
    again = visit_of(read("T5 FRSr; HVLA T5; improved"), first)
    assert again.chief_complaint == "Back pain"
    assert (again.findings, again.treatments, again.responses) == (
        first.findings,
        first.treatments,
        first.responses,
    )
    assert again.shorthand == "T5 FRSr; HVLA T5; improved\nT5 FRSr; HVLA T5; improved"


PARTS = (
    "T5 FRSr",
    "T7 NRSr",
    "rib 4 ex",
    "SFT + R",
    "L5 E RrSr",
    "no LE dysfunction",
    "abdomen not examined",
    "HVLA T5",
    "ME",
    "MFR to sacrum",
    "improved",
    "sacrum unchanged",
    "psoaz tender",
    "ribs 3-5 restricted in inhalation on L",
    "\n",
    "zzz",
)
NOTES = st.lists(st.sampled_from(PARTS), max_size=8).map("; ".join)


@given(NOTES)
def test_every_text_is_charted_the_same_way_twice_and_kept_verbatim(text: str) -> None:
    visit = told(text)
    assert visit == told(text)
    assert visit.shorthand == text


@given(NOTES)
def test_no_charted_motion_holds_a_part_that_its_question_leaves_open(text: str) -> None:
    reading = read(text)
    for one in reading.questions:
        found = charted(one, text)
        if found is None or found.motion is None or one.question is None:
            continue
        motions = [option.motion for option in (one.finding, *one.question.options)]
        for part in ("plane", "rotation", "sidebend"):
            if len({getattr(motion, part, None) for motion in motions}) > 1 and getattr(found.motion, part):
                assert part in found.motion.inferred


@given(NOTES)
def test_every_treated_region_of_a_text_with_an_answer_for_all_is_answered(text: str) -> None:
    visit = told(text + "; improved")
    answered = {region for region, _ in visit.responses}
    for_all = any(not answer.regions for answer in read(visit.shorthand).responses)
    if for_all:
        assert {t.region for t in visit.treatments if t.region is not None} <= answered
