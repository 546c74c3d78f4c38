"""The words of every reason: why a region counts, why an evaluation is billed, what a warning names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openomt.medicine.anatomy import Level, Region, Side, named_level, rib_level, segment_level
from openomt.medicine.coding import Basis, CodingResult, code
from openomt.medicine.findings import Finding, SpinalMotion, Tart
from openomt.medicine.visit import (
    Abn,
    Billing,
    EffortLevel,
    EmMethod,
    Evaluation,
    PatientStatus,
    SameDayService,
    Setting,
    Treatment,
    Visit,
)

R, T = Tart.RESTRICTION, Tart.TENDERNESS
LOW, MODERATE = EffortLevel.LOW, EffortLevel.MODERATE
HVLA = Treatment("HVLA", Region.THORACIC)
T5 = Finding(
    Region.THORACIC, segment_level("T5"), Side.RIGHT, SpinalMotion(rotation=Side.LEFT), "key lesion", (R, T)
)
RUN = Finding(Region.THORACIC, segment_level("T10", "L2"), tart=(R,))
SI = named_level("SI joint")
PARASPINAL = Finding(Region.LUMBAR, named_level("paraspinal"), tart=(T,))
SEPARATE = Evaluation(True, problems=LOW, data=None, risk=MODERATE, separate_in_note=True, codes=("M54.6",))
TIMED = Evaluation(True, method=EmMethod.TIME, total_minutes=45, omt_minutes=20, codes=("M54.6",))
VISIT = Visit(findings=(T5,), treatments=(HVLA,), evaluation=SEPARATE)
STRICT = Setting(payer="medicare", patient=PatientStatus.NEW)

REGIONS = [
    (
        (T5,),
        (HVLA, Treatment(None, Region.THORACIC), HVLA),
        [
            "thoracic: Finding (T5 right: position or motion, key lesion, restriction, tenderness) and "
            "treatment (HVLA, method not said) meet here, so it counts once"
        ],
    ),
    (
        (RUN,),
        (HVLA, Treatment("MET", Region.LUMBAR)),
        [
            "thoracic: Finding (T10-L2: restriction) and treatment (HVLA) meet here, so it counts once; "
            "T10-L2 reaches more than one region",
            "lumbar: Finding (T10-L2: restriction) and treatment (MET) meet here, so it counts once; "
            "T10-L2 reaches more than one region",
        ],
    ),
    (
        (Finding(Region.LUMBAR, tart=(T,)), Finding(Region.THORACIC, tart=(R,))),
        (Treatment("MET", Region.THORACIC, segment_level("T10", "L2")),),
        [
            "lumbar: Finding (tenderness) and treatment (MET) meet here, so it counts once; "
            "T10-L2 reaches more than one region",
            "thoracic: Finding (restriction) and treatment (MET) meet here, so it counts once; "
            "T10-L2 reaches more than one region",
        ],
    ),
    ((), (HVLA,), ["thoracic: Treated (HVLA), but nothing found is charted here: it does not count"]),
    (
        (T5, replace(T5, side=None, motion=None, pattern=None), T5),
        (),
        [
            "thoracic: Found (T5 right: position or motion, key lesion, restriction, tenderness; "
            "T5: restriction, tenderness), but not treated: it does not count"
        ],
    ),
    (
        (Finding(Region.SACRAL, SI, tart=(R,)), Finding(Region.PELVIC, SI, tart=(R,))),
        (Treatment("MET", Region.PELVIC),),
        [
            "sacral: Found (SI joint: restriction), but not treated: it does not count",
            "pelvic: SI joint is one joint and counts in another region: this one does not count",
        ],
    ),
    (
        (Finding(Region.LUMBAR, SI, tart=(R,)), Finding(Region.PELVIC, SI, tart=(R,))),
        (Treatment("MET", Region.PELVIC), Treatment("MET", Region.LUMBAR)),
        [
            "lumbar: Finding (SI joint: restriction) and treatment (MET) meet here, so it counts once",
            "pelvic: SI joint is one joint and counts in another region: this one does not count",
        ],
    ),
    (
        (PARASPINAL, replace(PARASPINAL, region=Region.CERVICAL)),
        (Treatment("soft tissue", Region.LUMBAR), Treatment("soft tissue", Region.CERVICAL)),
        [
            "lumbar: Finding (paraspinal: tenderness) and treatment (soft tissue) "
            "meet here, so it counts once",
            "cervical: Finding (paraspinal: tenderness) and treatment (soft tissue) "
            "meet here, so it counts once",
        ],
    ),
]


@pytest.mark.parametrize(("findings", "treatments", "reasons"), REGIONS)
def test_why_a_region_counts(
    findings: tuple[Finding, ...], treatments: tuple[Treatment, ...], reasons: list[str]
) -> None:
    result = code(Visit(findings=findings, treatments=treatments))
    assert [f"{one.region}: {one.basis.reason}" for one in result.regions] == reasons
    assert all(one.basis.confidence in ("V", "K", "derived") for one in result.regions)


def test_a_region_lists_what_met_there_and_how_much_evidence() -> None:
    account = code(Visit(findings=(T5, RUN), treatments=(HVLA, HVLA))).regions[0]
    assert account.findings == (
        "T5 right: position or motion, key lesion, restriction, tenderness",
        "T10-L2: restriction",
    )
    assert account.treatments == ("HVLA",)
    assert account.tart_count == 2
    assert account.basis.sources == ("cms-omt-article", "aap-omt-coding", "openomt")
    assert account.basis.confidence == "derived"


def test_bilateral_and_sided_places_are_described() -> None:
    one = Finding(Region.RIB, side=Side.BILATERAL, tart=(Tart.TISSUE_TEXTURE,))
    assert code(Visit(findings=(one,))).regions[0].findings == ("bilateral: tissue texture",)


def lines(result: CodingResult) -> list[str]:
    """Every reason of the evaluation line."""
    line = result.evaluation
    codes = [*([line.code] if line.code else []), *line.modifiers, *line.icd]
    return [line.basis.reason, *(one.basis.reason for one in codes)]


QUESTIONS = (
    "Significant work beyond what treating itself takes?",
    "Would the evaluation's text stand without the treatment?",
    "Are the two set apart in the note?",
)
DECIDED = "Two of three elements: problems low, data none, risk moderate; the second highest is low"
DX = "Symptom or disease the evaluation was for, as charted"
ALL_THREE = "Work beyond the treatment, a text that stands alone, set apart in the note: all three hold"
ALONE = "No treatment is billed beside it that day"
BESIDE = "Separate evaluation on the day of a treatment that is billed"
NO = "One of the three questions is answered no: "
EVALUATIONS: list[tuple[Visit, list[str]]] = [
    (VISIT, [ALL_THREE, DECIDED, BESIDE, DX]),
    (replace(VISIT, treatments=()), [ALONE, DECIDED, DX]),
    (replace(VISIT, evaluation=None), ["No evaluation is charted apart from the treatment"]),
    (replace(VISIT, evaluation=replace(SEPARATE, beyond_omt_work=False)), [NO + QUESTIONS[0]]),
    (
        replace(VISIT, evaluation=replace(SEPARATE, stands_alone=False, separate_in_note=False)),
        [NO + QUESTIONS[1] + "; " + QUESTIONS[2]],
    ),
    (
        replace(VISIT, evaluation=TIMED),
        [ALL_THREE, "45 minutes in all, 20 of them treatment: 25 count; the level begins at 20", BESIDE, DX],
    ),
    (
        replace(VISIT, evaluation=replace(TIMED, omt_minutes=None)),
        [ALL_THREE, "45 minutes in all, 0 of them treatment: 45 count; the level begins at 40", BESIDE, DX],
    ),
    (
        replace(VISIT, evaluation=replace(TIMED, omt_minutes=50)),
        ["0 minutes count, less than the lowest level needs"],
    ),
    (
        replace(VISIT, evaluation=replace(TIMED, total_minutes=None)),
        ["Neither decision making nor time is charted, so no level can be chosen"],
    ),
    (
        replace(VISIT, evaluation=Evaluation(True)),
        ["Neither decision making nor time is charted, so no level can be chosen"],
    ),
    (
        replace(VISIT, evaluation=TIMED, setting=Setting(place_of_service="23")),
        ["Time does not choose a level in this setting (emergency department visit)"],
    ),
    (
        replace(VISIT, setting=Setting(modality="video", performer="resident"), evaluation=SEPARATE),
        [
            ALONE,
            DECIDED,
            "The visit was not in person",
            "Performed by: resident or student under a teaching physician",
            DX,
        ],
    ),
    (
        replace(VISIT, evaluation=replace(SEPARATE, codes=("o26.892",))),
        [ALL_THREE, DECIDED, BESIDE, "Code of the pregnancy chapter: leads the others"],
    ),
]


@pytest.mark.parametrize(("visit", "reasons"), EVALUATIONS)
def test_why_an_evaluation_is_billed_or_not(visit: Visit, reasons: list[str]) -> None:
    assert lines(code(visit)) == reasons


@pytest.mark.parametrize(
    ("change", "answers"),
    [
        ({}, [True, None, True]),
        ({"stands_alone": True}, [True, True, True]),
        ({"stands_alone": False}, [True, False, True]),
        ({"separate_in_note": None}, [True, None, None]),
        ({"beyond_omt_work": False}, [False, None, True]),
        ({"beyond_omt_work": None}, [False, None, True]),
    ],
)
def test_the_three_questions(change: dict[str, bool | None], answers: list[bool | None]) -> None:
    evaluation = replace(SEPARATE, **change)  # type: ignore[arg-type]
    asked = code(replace(VISIT, evaluation=evaluation)).evaluation.questions
    assert [one.yes for one in asked] == answers
    assert tuple(one.question for one in asked) == QUESTIONS
    suffix = "" if answers[0] else " none is charted"
    assert [one.basis.reason for one in asked] == [QUESTIONS[0] + suffix, *QUESTIONS[1:]]
    assert {one.basis.sources for one in asked} == {("aao-modifier-25",)}
    assert {one.basis.confidence for one in asked} == {"V"}


def test_nothing_is_asked_where_there_is_nothing_to_separate() -> None:
    for visit in (
        replace(VISIT, treatments=()),
        replace(VISIT, setting=Setting(modality="video")),
        replace(VISIT, evaluation=replace(SEPARATE, other_day=True)),
    ):
        assert code(visit).evaluation.questions == ()


def test_the_effort_and_the_minutes_stand_in_the_result() -> None:
    decided, timed = code(VISIT).evaluation, code(replace(VISIT, evaluation=TIMED)).evaluation
    assert (decided.effort, decided.minutes) == (LOW, None)
    assert (timed.effort, timed.minutes) == (None, 25)
    short = code(replace(VISIT, evaluation=replace(TIMED, omt_minutes=40))).evaluation
    assert (short.code, short.minutes) == (None, 5)


SERVICES = (SameDayService(code="97140"), SameDayService(code="97112"), SameDayService(code="62323"))
MESSAGES: list[tuple[Visit, str, str]] = [
    (
        replace(VISIT, evaluation=replace(SEPARATE, beyond_omt_work=False)),
        "EM_NOT_SEPARATE",
        "The evaluation holds no work beyond treating itself: none is charted",
    ),
    (
        replace(VISIT, setting=STRICT, evaluation=replace(SEPARATE, only_reason="New Patient")),
        "EM_NOT_SEPARATE",
        "The evaluation holds no work beyond treating itself: being a new patient "
        "is no separate work under these rules",
    ),
    (
        replace(VISIT, evaluation=replace(SEPARATE, reasons=("only palpation", "Consent", "re-palpation"))),
        "EM_NOT_SEPARATE",
        "The evaluation holds no work beyond treating itself: palpation to find dysfunction, "
        "explaining and consent is no separate work under these rules",
    ),
    (
        replace(VISIT, evaluation=replace(SEPARATE, stands_alone=False)),
        "EM_NOT_SEPARATE",
        "The evaluation holds no work beyond treating itself: its text would not stand without the treatment",
    ),
    (
        replace(VISIT, evaluation=TIMED),
        "TIME_INCLUDES_OMT",
        "Time chooses the level, and 20 of the 45 minutes were treatment",
    ),
    (
        replace(VISIT, evaluation=replace(TIMED, omt_minutes=None)),
        "TIME_INCLUDES_OMT",
        "Time chooses the level, and nobody charted how many of the 45 minutes were treatment",
    ),
    (
        Visit(treatments=(HVLA, Treatment(None, Region.RIB), Treatment(None, Region.LOWER_EXTREMITY))),
        "MISSING_TECHNIQUE",
        "Treated, but no technique named: rib cage, lower extremity",
    ),
    (
        Visit(treatments=(HVLA, Treatment("MET", Region.RIB))),
        "MISSING_RESPONSE",
        "Treated, but no response charted: thoracic, rib cage",
    ),
    (
        Visit(treatments=(HVLA, Treatment("MET", Region.RIB))),
        "REGION_TREATED_NO_FINDING",
        "Treated, but no finding charted: thoracic, rib cage",
    ),
    (Visit(findings=(T5,)), "FINDING_NOT_TREATED", "A finding is charted, but no treatment: thoracic"),
    (
        replace(VISIT, billing=Billing(same_day=SERVICES)),
        "SAME_DAY_MANUAL_THERAPY",
        "Bundled into the treatment when given by the same physician in the same region and session: "
        "manual therapy, neuromuscular re-education, massage or therapeutic activities",
    ),
    (
        replace(VISIT, billing=Billing(same_day=SERVICES)),
        "ANESTHESIA_FOR_OMT",
        "Not billed apart when given so that the treatment could be done: "
        "anesthesia, a nerve block or an epidural",
    ),
    (
        replace(VISIT, billing=Billing(diagnoses=("M54.50", "M54.41"))),
        "ICD_EXCLUDES1",
        "Not to be reported together: M54.50 and M54.41 (lumbago with sciatica (M54.4-))",
    ),
    (
        replace(VISIT, billing=Billing(pregnant=True), evaluation=None),
        "OB_CODE_FIRST",
        "For a complaint of the pregnancy, a code of the pregnancy chapter leads: no code charted",
    ),
    (
        replace(VISIT, billing=Billing(diagnoses=("M54.50", "O26.892"))),
        "OB_CODE_FIRST",
        "For a complaint of the pregnancy, a code of the pregnancy chapter leads: M54.6, M54.50, O26.892",
    ),
]


@pytest.mark.parametrize(("visit", "name", "message"), MESSAGES)
def test_what_a_warning_says(visit: Visit, name: str, message: str) -> None:
    (found,) = [one for one in code(visit).warnings if one.id == name]
    assert found.message == message
    assert found.title
    assert found.todo
    assert found.severity in ("stop", "fix", "review")
    assert found.about in ("treatment", "evaluation", "note", "claim")
    assert found.confidence in ("V", "K", "derived")


def test_the_pointer_warning_names_the_codes() -> None:
    regions = list(Region)[:5]
    visit = Visit(
        findings=tuple(Finding(region, tart=(T,)) for region in regions),
        treatments=tuple(Treatment("HVLA", region) for region in regions),
    )
    (found,) = [one for one in code(visit).warnings if one.id == "DX_POINTERS_OVER_4"]
    assert found.message.endswith("M99.00, M99.01, M99.02, M99.03, M99.04")
    many = Evaluation(problems=LOW, data=LOW, risk=LOW, codes=("M54.50", "M54.6", "R42", "R07.81", "R51.9"))
    (other,) = [one for one in code(Visit(evaluation=many)).warnings if one.id == "DX_POINTERS_OVER_4"]
    assert other.message.endswith("M54.50, M54.6, R42, R07.81, R51.9")


@pytest.mark.parametrize(
    ("visit", "reason"),
    [
        (VISIT, "1 region counted: thoracic"),
        (
            replace(VISIT, findings=(T5, RUN), treatments=(HVLA, Treatment("MET", Region.LUMBAR))),
            "2 regions counted: ",
        ),
        (replace(VISIT, treatments=()), "No treatment is charted"),
        (replace(VISIT, findings=()), "No region counts, so there is no treatment to bill"),
        (
            replace(VISIT, setting=Setting(modality="audio")),
            "Treatment needs hands on; this visit was not in person",
        ),
        (
            replace(VISIT, setting=Setting(performer="PT")),
            "A physical therapist does not bill this treatment",
        ),
    ],
)
def test_why_treatment_is_billed_or_not(visit: Visit, reason: str) -> None:
    assert code(visit).treatment.basis.reason.startswith(reason)


@pytest.mark.parametrize(
    ("notice", "number", "words"),
    [
        (Abn.ON_FILE, "GA", "on file"),
        (Abn.MISSING, "GZ", "missing"),
        (Abn.VOLUNTARY, "GX", "voluntary"),
    ],
)
def test_the_notice_modifier_says_why_and_is_shown_without_cpt(notice: Abn, number: str, words: str) -> None:
    (found,) = code(replace(VISIT, setting=STRICT, billing=Billing(abn=notice))).treatment.modifiers
    assert (found.system, found.number, found.shown) == ("hcpcs", number, number)
    assert found.basis.reason == f"A denial as not necessary is to be expected; advance notice: {words}"


def test_modifiers_of_cpt_are_words_without_it() -> None:
    (without,), (with_cpt,) = (code(VISIT, cpt=cpt).evaluation.modifiers for cpt in (False, True))
    assert (without.number, without.shown) == (None, "separate evaluation on the day of treatment")
    assert (with_cpt.number, with_cpt.shown, with_cpt.system) == ("25", "25", "cpt")


@pytest.mark.parametrize(
    ("setting", "remark"),
    [
        (Setting(place_of_service="77"), "Place of service 77 is not known here; coded as office visit"),
        (
            Setting(place_of_service="21"),
            "Whether it is the first visit of the stay is not charted; taken from the patient's status",
        ),
        (Setting(), None),
    ],
)
def test_remarks_on_the_place(setting: Setting, remark: str | None) -> None:
    remarks = code(replace(VISIT, setting=setting, evaluation=TIMED)).remarks
    assert [one.reason for one in remarks] == ([remark] if remark else [])
    assert all(isinstance(one, Basis) and one.sources for one in remarks)


def test_a_region_code_says_why() -> None:
    (dysfunction,) = code(VISIT).treatment.icd
    assert dysfunction.words == "Segmental and somatic dysfunction of thoracic region"
    assert dysfunction.system == "icd10cm"
    assert dysfunction.basis.reason == "Somatic dysfunction found and treated there"
    (symptom,) = code(VISIT).evaluation.icd
    assert symptom.words == "Pain in thoracic spine"
    unknown = code(replace(VISIT, evaluation=replace(SEPARATE, codes=("zzz",)))).evaluation.icd[0]
    assert (unknown.number, unknown.words) == ("ZZZ", "ZZZ")


def test_a_technique_over_a_run_names_the_technique_of_every_region() -> None:
    run = Treatment("MET", Region.THORACIC, segment_level("T10", "L2"))
    ids = code(Visit(findings=(RUN,), treatments=(run,))).warning_ids
    assert "MISSING_TECHNIQUE" not in ids
    assert "REGION_TREATED_NO_FINDING" not in ids


@pytest.mark.parametrize(
    ("place", "charted", "home"),
    [
        (segment_level("T12", "L1"), (Region.LUMBAR, Region.THORACIC), Region.THORACIC),
        (segment_level("L5", "S1"), (Region.SACRAL, Region.LUMBAR), Region.LUMBAR),
        (rib_level(4), (Region.THORACIC, Region.RIB), Region.RIB),
        (SI, (Region.PELVIC, Region.SACRAL), Region.SACRAL),
        (SI, (Region.LUMBAR, Region.THORACIC), Region.THORACIC),
        (SI, (Region.PELVIC,), Region.PELVIC),
    ],
)
def test_one_joint_counts_in_one_region(place: Level, charted: tuple[Region, ...], home: Region) -> None:
    visit = Visit(
        findings=tuple(Finding(region, place, tart=(R,)) for region in charted),
        treatments=tuple(Treatment("MET", region) for region in charted),
    )
    assert code(visit).regions_counted == (home,)


def test_a_line_of_four_diagnoses_raises_no_pointer_warning() -> None:
    four = Evaluation(problems=LOW, data=LOW, risk=LOW, codes=("M54.50", "M54.6", "R42", "R07.81"))
    assert "DX_POINTERS_OVER_4" not in code(Visit(evaluation=four)).warning_ids


def test_a_code_entered_where_no_treatment_is_charted_is_remarked() -> None:
    remarks = code(Visit(billing=Billing(entered_treatment=("98925",)))).remarks
    assert [one.reason for one in remarks] == ["The treatment entered does not match the regions counted"]


def test_work_named_with_only_is_understood() -> None:
    evaluation = replace(SEPARATE, reasons=("Re-palpation only",))
    assert "EM_NOT_SEPARATE" in code(replace(VISIT, evaluation=evaluation)).warning_ids


def test_remarks_on_the_evaluation_stand_together() -> None:
    remarks = code(replace(VISIT, setting=Setting(place_of_service="77"))).remarks
    assert [one.reason.split(",")[0] for one in remarks] == [
        "Place of service 77 is not known here; coded as office visit",
        "data not charted",
    ]


def test_the_rules_applied_are_named_with_what_they_mean() -> None:
    applied = code(VISIT).rules
    assert applied.title == "CPT as the AMA, AOA and AAO read it"
    assert applied.explanation.startswith("Deciding to treat is part of decision making")
    assert {row.confidence for row in code(VISIT).checklist} == {"V", "K", "derived"}
