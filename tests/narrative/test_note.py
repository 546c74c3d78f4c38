"""A note prints what was entered, in the words of the field; the rest it asks for or leaves out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openomt.medicine.anatomy import (
    Level,
    LevelKind,
    Region,
    Side,
    named_level,
    rib_level,
    segment_level,
)
from openomt.medicine.findings import Finding, Frame, Plane, SpinalMotion, Tart
from openomt.medicine.narrative import (
    CodeLine,
    Missing,
    Note,
    SectionKey,
    note,
    resolve,
    to_text,
)
from openomt.medicine.visit import (
    Consent,
    Evaluation,
    ExamState,
    Plan,
    Response,
    Treatment,
    Visit,
)

L, R, B = Side.LEFT, Side.RIGHT, Side.BILATERAL
F, E, N = Plane.FLEXED, Plane.EXTENDED, Plane.NEUTRAL
T, A, RM, TT = Tart.TISSUE_TEXTURE, Tart.ASYMMETRY, Tart.RESTRICTION, Tart.TENDERNESS


def lines(told: Note, key: SectionKey) -> list[str]:
    """Every line of a section: `part title | label: text`, without empty titles and labels."""
    return [
        " | ".join(filter(None, [part.title, f"{s.label}: {s.text}" if s.label else s.text]))
        for section in told.sections
        if section.key is key
        for part in section.parts
        for s in part.sentences
    ]


def exam(*findings: Finding, states: tuple[tuple[Region, ExamState], ...] = ()) -> list[str]:
    return lines(note(Visit(findings=findings, states=states)), SectionKey.OBJECTIVE)


def spine(level: str, motion: SpinalMotion | None = None, **more: object) -> Finding:
    first, _, last = level.partition("-")
    region = {"C": Region.CERVICAL, "T": Region.THORACIC, "L": Region.LUMBAR, "O": Region.HEAD}[level[0]]
    finding = Finding(region, segment_level(first, last or None), motion=motion)
    return replace(finding, **more)  # type: ignore[arg-type]


def at(region: Region, name: str, side: Side | None = None, **more: object) -> Finding:
    return replace(Finding(region, named_level(name), side), **more)  # type: ignore[arg-type]


# What was found -> how the note says it.
FINDINGS: list[tuple[Finding, str]] = [
    (spine("T5", SpinalMotion(F, R, R)), "T5 flexed, rotated right, sidebent right"),
    (
        spine("T5", SpinalMotion(F, R, R), tart=(T, TT), severity=2),
        "T5 flexed, rotated right, sidebent right; tissue texture change, tenderness; severity 2 of 3",
    ),
    (spine("T4-T7", SpinalMotion(N, L, R)), "T4-T7 neutral, rotated left, sidebent right"),
    (spine("OA", SpinalMotion(E, R, L)), "OA extended, rotated right, sidebent left"),
    (spine("C4", SpinalMotion(F)), "C4 flexed"),
    (spine("L5", SpinalMotion(rotation=L)), "L5 rotated left"),
    (spine("L4", SpinalMotion(rotation=B)), "L4 rotated bilaterally"),
    (
        spine("T10", SpinalMotion(E, L, L, Frame.RESTRICTION)),
        "T10 restricted in extension, left rotation, left sidebending",
    ),
    (
        spine("L1", SpinalMotion(N, None, R, Frame.RESTRICTION)),
        "L1 restricted in the neutral position, right sidebending",
    ),
    (spine("C3", side=L, tart=(RM,)), "C3 left: restricted motion"),
    (Finding(Region.CERVICAL, None, L, tart=(RM,)), "left: restricted motion"),
    (Finding(Region.CERVICAL, tart=(T, A, RM, TT)), ", ".join(
        ["tissue texture change", "asymmetry", "restricted motion", "tenderness"])),
    (Finding(Region.RIB, rib_level(3, 5), L, pattern="inhalation"), "left ribs 3-5 inhalation dysfunction"),
    (Finding(Region.RIB, rib_level(2), R, pattern="exhalation"), "right rib 2 exhalation dysfunction"),
    (at(Region.SACRAL, "sacrum", pattern="L on R torsion"), "sacrum L on R torsion"),
    (at(Region.PELVIC, "innominate", R, pattern="upslip"), "right innominate upslip"),
    (at(Region.HEAD, "SBS", pattern="torsion R", severity=3), "SBS torsion R; severity 3 of 3"),
    (at(Region.PELVIC, "ASIS", L, pattern="superior", tart=(A,)), "left ASIS superior; asymmetry"),
    (at(Region.LUMBAR, "psoas", B, tart=(T,)), "bilateral psoas: tissue texture change"),
    (
        Finding(
            Region.CERVICAL, named_level("PC3", LevelKind.POINT), R, pattern="tenderpoint",
            position="f Sa Ra", pain=(8, 2),
        ),
        "right PC3 tender point; treatment position f Sa Ra; pain 8 → 2 of 10",
    ),
    (at(Region.LUMBAR, "paraspinal", detail="ropy L>R"), "paraspinal: as written: “ropy L>R”"),
    (at(Region.LUMBAR, "psoas", severity=0), "psoas: severity 0 of 3"),
    (at(Region.LUMBAR, "psoas", severity=7), "psoas: severity 7 (outside 0 to 3)"),
    (spine("T5"), "T5: named, nothing more recorded"),
    (spine("T5", absent=True), "T5: no dysfunction found"),
    (spine("T5", tart=(TT,), absent=True), "T5: not found: tenderness"),
    (spine("T5", SpinalMotion(F, R, R), absent=True), "T5: not found: flexed, rotated right, sidebent right"),
    (at(Region.PELVIC, "innominate", R, pattern="upslip", absent=True),
     "right innominate: not found: upslip"),
]  # fmt: skip


@pytest.mark.parametrize(("finding", "words"), FINDINGS, ids=[words for _, words in FINDINGS])
def test_a_finding_is_said_in_the_words_of_the_field(finding: Finding, words: str) -> None:
    told = note(Visit(findings=(finding,)))
    (section,) = (section for section in told.sections if section.key is SectionKey.OBJECTIVE)
    assert section.parts[0].region is finding.region
    assert section.parts[0].sentences[0].text == words


# Results of tests stand apart from the regions.
TESTS: list[tuple[Finding, str]] = [
    (Finding(Region.SACRAL, pattern="positive", side=R), "seated flexion test: positive, right"),
    (Finding(Region.SACRAL, pattern="negative", absent=True), "seated flexion test: negative"),
    (Finding(Region.SACRAL, pattern="positive", absent=True), "seated flexion test: not positive"),
    (Finding(Region.SACRAL, absent=True), "seated flexion test: not found"),
    (Finding(Region.SACRAL), "seated flexion test: result not recorded"),
    (Finding(Region.SACRAL, pattern="positive", tart=(TT,)), "seated flexion test: positive; tenderness"),
]


@pytest.mark.parametrize(("finding", "words"), TESTS, ids=[words for _, words in TESTS])
def test_a_test_is_printed_apart_from_the_regions(finding: Finding, words: str) -> None:
    of_test = replace(finding, level=named_level("seated flexion test", LevelKind.TEST))
    assert exam(of_test) == [f"Tests | {words}"]


# The states of a region are told apart.
STATES: list[tuple[tuple[Finding, ...], ExamState | None, list[str]]] = [
    ((), None, []),
    ((), ExamState.NOT_EXAMINED, ["not examined"]),
    ((), ExamState.NORMAL, ["examined, no dysfunction found"]),
    ((), ExamState.FINDINGS, ["examined, findings not described"]),
    ((Finding(Region.LUMBAR, absent=True),), None, ["examined, no dysfunction found"]),
    ((Finding(Region.LUMBAR, absent=True),), ExamState.NORMAL, ["examined, no dysfunction found"]),
    ((Finding(Region.LUMBAR, severity=0),), None, ["severity 0 of 3", "Greatest severity: 0 of 3"]),
    ((spine("L4", tart=(TT,), severity=1), spine("L5", tart=(TT,), severity=3)), None,
     ["L4: tenderness; severity 1 of 3", "L5: tenderness; severity 3 of 3", "Greatest severity: 3 of 3"]),
    ((spine("L4", tart=(TT,)),), ExamState.FINDINGS, ["L4: tenderness"]),
    ((spine("L4", tart=(TT,), absent=True),), ExamState.NORMAL,
     ["examined, no dysfunction found", "L4: not found: tenderness"]),
]  # fmt: skip


@pytest.mark.parametrize(("findings", "state", "expected"), STATES)
def test_not_examined_normal_severity_0_and_findings_are_printed_differently(
    findings: tuple[Finding, ...], state: ExamState | None, expected: list[str]
) -> None:
    states = ((Region.LUMBAR, state),) if state else ()
    assert exam(*findings, states=states) == [f"Structural exam: Lumbar | {line}" for line in expected]


def test_a_region_nobody_mentions_is_not_printed_but_listed_as_missing() -> None:
    told = note(Visit(states=((Region.HEAD, ExamState.NOT_EXAMINED),)))
    assert Missing("findings", Region.LUMBAR) in told.missing
    assert Missing("findings", Region.HEAD) not in told.missing
    assert "Lumbar" not in to_text(told)


# Inferred parts -> what is printed, and what is asked.
INFERRED: list[tuple[SpinalMotion, str, str]] = [
    (SpinalMotion(F, R, R, inferred=("sidebend",)), "T5 flexed, rotated right", "sidebent right"),
    (SpinalMotion(F, R, R, inferred=("rotation", "sidebend")), "T5 flexed", "rotated right, sidebent right"),
    (SpinalMotion(F, inferred=("plane",)), "T5: position awaits confirmation", "flexed"),
    (
        SpinalMotion(E, L, L, Frame.RESTRICTION, inferred=("plane",)),
        "T5 restricted in left rotation, left sidebending",
        "restricted in extension",
    ),
]


@pytest.mark.parametrize(("motion", "printed", "asked"), INFERRED)
def test_an_inferred_part_is_asked_and_not_printed(motion: SpinalMotion, printed: str, asked: str) -> None:
    told = note(Visit(findings=(spine("T5", motion),)))
    assert lines(told, SectionKey.OBJECTIVE) == [f"Structural exam: Thoracic | {printed}"]
    question = next(question for question in told.to_confirm if question.id == "inferred")
    assert f"“{asked}”" in question.text
    assert question.sources
    assert question.confidence == "derived"
    if "awaits" in printed:
        assert lines(told, SectionKey.ASSESSMENT) == []


def test_a_restriction_is_printed_as_one_and_its_ease_is_asked() -> None:
    visit = Visit(findings=(spine("T10", SpinalMotion(E, L, None, Frame.RESTRICTION)),))
    told = note(visit)
    (question,) = told.to_confirm
    assert "(derived ease: flexed, rotated right)" in question.text
    assert (question.id, question.confidence) == ("derived-ease", "V")
    assert "rotated right" not in to_text(told)


# Contradictions are asked, never settled.
CONTRADICTIONS: list[tuple[str, Visit, str]] = [
    ("state-conflict", Visit(findings=(spine("L4", tart=(TT,)),),
                             states=((Region.LUMBAR, ExamState.NORMAL),)), "normal, findings entered"),
    ("state-conflict", Visit(findings=(spine("L4", tart=(TT,)), Finding(Region.LUMBAR, absent=True))),
     "normal, findings entered"),
    ("state-conflict", Visit(states=((Region.LUMBAR, ExamState.NORMAL),
                                     (Region.LUMBAR, ExamState.NOT_EXAMINED))), "not examined, normal"),
    ("state-conflict", Visit(findings=(spine("L4", absent=True),),
                             states=((Region.LUMBAR, ExamState.NOT_EXAMINED),)), "not examined"),
    ("response-conflict", Visit(treatments=(Treatment("me", Region.LUMBAR),),
                                responses=((Region.LUMBAR, Response.IMPROVED),
                                           (Region.LUMBAR, Response.WORSE))), "improved, worse"),
    ("response-untreated", Visit(responses=((Region.LUMBAR, Response.IMPROVED),)), "Lumbar"),
    ("refused-and-used", Visit(treatments=(Treatment("hvla", Region.LUMBAR),),
                               consent=Consent(refused=("HVLA",))), "(HVLA)"),
    ("evidence-only", Visit(findings=(spine("L4", tart=(TT,)),)), "Lumbar"),
    ("evidence-only", Visit(findings=(at(Region.SACRAL, "sulcus", R, pattern="deep", tart=(A,)),)), "Sacral"),
    ("evidence-only", Visit(findings=(at(Region.PELVIC, "leg length", R, pattern="short leg"),)), "Pelvic"),
]  # fmt: skip


@pytest.mark.parametrize(("question_id", "visit", "words"), CONTRADICTIONS)
def test_a_contradiction_becomes_a_question(question_id: str, visit: Visit, words: str) -> None:
    questions = {question.id: question for question in note(visit).to_confirm}
    assert words in questions[question_id].text
    assert questions[question_id].reason


# A visit that is at one with itself -> nothing to ask.
@pytest.mark.parametrize(
    "visit",
    [
        Visit(),
        Visit(findings=(Finding(Region.LUMBAR, absent=True),), states=((Region.LUMBAR, ExamState.NORMAL),)),
        Visit(findings=(spine("L4", tart=(TT,), absent=True),), states=((Region.LUMBAR, ExamState.NORMAL),)),
        Visit(findings=(spine("L4", SpinalMotion(F, R, R), tart=(TT,)),)),
        Visit(treatments=(Treatment("me"),), responses=((Region.LUMBAR, Response.IMPROVED),)),
        Visit(treatments=(Treatment("me", Region.LUMBAR),), consent=Consent(refused=("hvla",))),
    ],
)
def test_a_visit_at_one_with_itself_raises_no_question(visit: Visit) -> None:
    assert note(visit).to_confirm == ()


# Findings -> what the assessment names as somatic dysfunction.
NAMED: list[tuple[tuple[Finding, ...], list[str]]] = [
    ((spine("T5", SpinalMotion(F, R, R)), spine("T8", SpinalMotion(E, L, L))),
     ["Somatic dysfunction, Thoracic: T5, T8"]),
    ((Finding(Region.RIB, rib_level(3, 5), L, pattern="inhalation"),),
     ["Somatic dysfunction, Rib cage: left ribs 3-5"]),
    ((Finding(Region.PELVIC, pattern="upslip"),), ["Somatic dysfunction, Pelvic: place not recorded"]),
    ((spine("T5", tart=(TT,)),), []),
    ((spine("T5", SpinalMotion(F, R, R), absent=True),), []),
    ((spine("T5", SpinalMotion(rotation=R, inferred=("rotation",))),), []),
    ((at(Region.SACRAL, "sulcus", R, pattern="deep"),), []),
    ((at(Region.PELVIC, "ASIS", L, pattern="superior", tart=(A,)),), []),
    ((at(Region.LOWER_EXTREMITY, "leg length", R, pattern="short leg"),), []),
    ((at(Region.ABDOMEN, "Chapman point", R, pattern="Chapman point"),), []),
    ((Finding(Region.SACRAL, named_level("spring test", LevelKind.TEST), pattern="positive"),), []),
]  # fmt: skip


@pytest.mark.parametrize(("findings", "expected"), NAMED)
def test_the_assessment_names_only_dysfunction_that_the_author_named(
    findings: tuple[Finding, ...], expected: list[str]
) -> None:
    assert lines(note(Visit(findings=findings)), SectionKey.ASSESSMENT) == expected


# Treatments and responses -> the rows of the procedure section.
PROCEDURE: list[tuple[Visit, list[str]]] = [
    (
        Visit(
            treatments=(Treatment("hvla", Region.THORACIC, segment_level("T5")),
                        Treatment("muscle_energy", Region.THORACIC)),
            responses=((Region.THORACIC, Response.IMPROVED),),
        ),
        ["Treatment: Thoracic | High-velocity low-amplitude thrust (HVLA): T5",
         "Treatment: Thoracic | Muscle energy (ME)", "Treatment: Thoracic | Response: improved"],
    ),
    (Visit(treatments=(Treatment("ME", Region.RIB, rib_level(3, 5), L),)),
     ["Treatment: Rib cage | Muscle energy (ME): left ribs 3-5",
      "Treatment: Rib cage | Response: not recorded"]),
    (Visit(treatments=(Treatment("my own hold", Region.RIB),), responses=((Region.RIB, Response.WORSE),)),
     ["Treatment: Rib cage | my own hold", "Treatment: Rib cage | Response: worse"]),
    (Visit(treatments=(Treatment("still"),)),
     ["Treatment: region not recorded | Still technique (Still)",
      "Treatment: region not recorded | Response: not recorded"]),
    (Visit(treatments=(Treatment(None, Region.HEAD),), responses=((Region.HEAD, Response.UNCHANGED),)),
     ["Treatment: Head | treated, technique not recorded", "Treatment: Head | Response: unchanged"]),
    (Visit(treatments=(Treatment("me", Region.HEAD),), response_words=((Region.HEAD, "a bit freer"),)),
     ["Treatment: Head | Muscle energy (ME)", "Treatment: Head | Response: a bit freer"]),
    (Visit(responses=((Region.HEAD, Response.RESOLVED),)), ["Treatment: Head | Response: resolved"]),
    (Visit(consent=Consent(given=True, discussed=("soreness",), refused=("hvla", "neck work"))),
     ["Consent | Consent: given", "Consent | Discussed: soreness",
      "Consent | Refused by the patient: High-velocity low-amplitude thrust (HVLA)",
      "Consent | Refused by the patient: neck work"]),
    (Visit(consent=Consent(given=False)), ["Consent | Consent: not given"]),
    (Visit(complications_asked=True), ["During treatment | Complications: none"]),
    (Visit(complications=("felt faint",), complications_asked=True),
     ["During treatment | Complication: felt faint"]),
    (Visit(), []),
]  # fmt: skip


@pytest.mark.parametrize(("visit", "expected"), PROCEDURE)
def test_the_procedure_section_has_a_row_for_each_region(visit: Visit, expected: list[str]) -> None:
    assert lines(note(visit), SectionKey.PROCEDURE) == expected


def test_evaluation_stands_in_the_assessment_and_treatment_in_its_own_section(full_visit: Visit) -> None:
    told = note(full_visit)
    evaluation = "Evaluation and management, apart from the treatment | "
    assert [
        line.removeprefix(evaluation)
        for line in lines(told, SectionKey.ASSESSMENT)
        if line.startswith(evaluation)
    ] == [
        "Work beyond the treatment itself: yes",
        "Separate work: neurologic exam of the arms",
        "Diagnosis code entered: M54.2",
        "Decision making: problems low, data minimal, risk low",
    ]
    assert not any("neurologic" in line for line in lines(told, SectionKey.PROCEDURE))


def test_minutes_are_printed_with_the_treatment_part_apart() -> None:
    told = note(Visit(evaluation=Evaluation(total_minutes=30, omt_minutes=10)))
    assert [line.split(" | ")[1] for line in lines(told, SectionKey.ASSESSMENT)] == [
        "Whole time on the date: 30 minutes",
        "Of it, treatment: 10 minutes",
    ]


def test_an_empty_visit_prints_nothing_and_misses_everything() -> None:
    told = note(Visit())
    assert told.sections == ()
    assert to_text(told) == ""
    paths = {missing.path for missing in told.missing}
    assert {"date", "history", "findings", "treatments", "consent.given", "plan.goals", "signature"} <= paths
    assert sum(missing.region is not None for missing in told.missing) == len(Region)


def test_a_full_visit_misses_only_what_it_does_not_hold(full_visit: Visit) -> None:
    assert set(note(full_visit).missing) == {
        Missing("function_change"),
        Missing("plan.stop_when"),
        Missing("findings", Region.PELVIC),
        Missing("findings", Region.LOWER_EXTREMITY),
        Missing("findings", Region.UPPER_EXTREMITY),
        Missing("responses", Region.CERVICAL),
    }


def test_treatments_without_technique_or_region_are_listed_as_missing_them() -> None:
    told = note(Visit(treatments=(Treatment(None, Region.HEAD), Treatment("me"))))
    assert Missing("treatments[0].technique", Region.HEAD) in told.missing
    assert Missing("treatments[1].region") in told.missing
    assert Missing("responses", Region.HEAD) in told.missing


def test_the_sections_come_in_the_order_of_a_chart(full_visit: Visit) -> None:
    told = note(full_visit, codes=(CodeLine("M99.02", "thoracic region", "T5 found and treated"),))
    assert [section.key for section in told.sections] == list(SectionKey)


def test_codes_are_printed_with_their_reason_only_when_given(full_visit: Visit) -> None:
    codes = (
        CodeLine("M99.02", "thoracic region", "T5 found and treated"),
        CodeLine("", "OMT, 3-4 regions", ""),
    )
    told = note(full_visit, codes=codes)
    assert lines(told, SectionKey.CODES) == [
        "M99.02 thoracic region",
        "Reason: T5 found and treated",
        "OMT, 3-4 regions",
    ]
    (section,) = (section for section in told.sections if section.key is SectionKey.CODES)
    assert resolve(section.parts[0].sentences[1].origin[0], full_visit, codes) == "T5 found and treated"
    assert lines(note(full_visit), SectionKey.CODES) == []


@pytest.mark.parametrize(
    ("signed", "expected"), [(True, ["Signed: yes"]), (False, ["Signed: no"]), (None, [])]
)
def test_a_signature_without_a_name_is_printed_as_what_was_said(
    signed: bool | None, expected: list[str]
) -> None:
    assert lines(note(Visit(signed=signed)), SectionKey.SIGNATURE) == expected


def test_the_whole_note_reads_as_a_physician_would_write_it(full_visit: Visit) -> None:
    assert to_text(note(full_visit)) == WHOLE


def test_odd_but_well_typed_values_do_not_raise() -> None:
    odd = Finding(Region.HEAD, Level("", LevelKind.STRUCTURE), pattern="", detail="", position="")
    test = Finding(Region.HEAD, Level("", LevelKind.TEST))
    assert exam(odd, test) == ["Structural exam: Head | named, nothing more recorded",
                               "Tests | test: result not recorded"]  # fmt: skip
    assert note(Visit(plan=Plan(goals=("",)), consent=Consent(refused=("",)))).sections == ()


@pytest.mark.parametrize("path", ["findings[9]", "nothing", "findings[0].nothing", "", "date[0]", "a b"])
def test_a_path_that_leads_nowhere_is_refused_by_name(path: str, full_visit: Visit) -> None:
    with pytest.raises(ValueError, match=r"path|nothing at"):
        resolve(path, full_visit)


WHOLE = """\
VISIT
  Date: 2026-11-03
  Seen and treated by: A. Example, DO

SUBJECTIVE
  Chief complaint: Neck and mid back pain
  History: Three weeks, after painting a ceiling.
  Function today: Cannot look over the shoulder to drive
  Red flags and contraindications: No red flags on asking

OBJECTIVE
  Related exam
    Reflexes equal, strength full
  Structural exam: Head
    not examined
  Structural exam: Cervical
    right PC3 tender point; tenderness; treatment position f Sa Ra; pain 8 → 2
      of 10
  Structural exam: Thoracic
    T5 flexed, rotated right, sidebent right; tissue texture change, tenderness;
      severity 2 of 3
    T10 restricted in extension, left rotation, left sidebending
    Greatest severity: 2 of 3
  Structural exam: Lumbar
    examined, no dysfunction found
  Structural exam: Rib cage
    left ribs 3-5 inhalation dysfunction; severity 1 of 3
    Greatest severity: 1 of 3
  Structural exam: Abdomen and other
    examined, no dysfunction found
  Tests
    seated flexion test: positive, right

ASSESSMENT
  Neck pain
  Somatic dysfunction, Cervical: right PC3
  Somatic dysfunction, Thoracic: T5, T10
  Somatic dysfunction, Rib cage: left ribs 3-5
  Evaluation and management, apart from the treatment
    Work beyond the treatment itself: yes
    Separate work: neurologic exam of the arms
    Diagnosis code entered: M54.2
    Decision making: problems low, data minimal, risk low

PROCEDURE: OSTEOPATHIC MANIPULATIVE TREATMENT
  Consent
    Consent: given
    Discussed: soreness
    Refused by the patient: Osteopathic cranial manipulative medicine (CR)
  Treatment: Cervical
    Counterstrain (CS)
    Response: not recorded
  Treatment: Thoracic
    High-velocity low-amplitude thrust (HVLA): T5
    Response: improved
  Treatment: Rib cage
    Muscle energy (ME)
    Response: resolved
  During treatment
    Patient position: Prone, then supine
    Tolerance: Tolerated well
    Complications: none

PLAN
  Goal: Turn the head far enough to drive
  Frequency and duration: weekly, 3 visits
  Next review: in 3 weeks
  Home exercise: chin tucks
  Aftercare: walk, drink as usual
  Return precautions: call for severe pain

AS WRITTEN BY THE AUTHOR
  Shorthand
    T5 FRSr, ribs 3-5 inh L; HVLA, ME; improved
  Free text
    Sleeps badly since.

SIGNATURE
  Signed by: A. Example
  Credentials: DO
  Signed at: 2026-11-03 10:05
"""
