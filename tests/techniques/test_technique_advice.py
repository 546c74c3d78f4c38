"""What a complaint means, what its evidence says as a whole, how much was given, and what is told plainly."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from openomt.cli import app
from openomt.knowledge import load
from openomt.knowledge.evidence import Condition
from openomt.medicine.anatomy import LevelKind, Region, named_level, segment_level
from openomt.medicine.findings import Finding
from openomt.medicine.notation import read
from openomt.medicine.safety.plan import stated
from openomt.medicine.safety.values import Fact, PatientFacts
from openomt.medicine.techniques import (
    Preferences,
    Refusal,
    condition_of,
    dose_advice,
    suggest,
)
from openomt.medicine.techniques.telling import evidence_of
from openomt.medicine.techniques.values import Match
from tests.patient_sentences import measured
from tests.reading_level import grade

GRADE = 6
ADULT = PatientFacts(age_months=40 * 12)


def patient(*codes: str, months: int | None = None, weeks: int | None = None) -> PatientFacts:
    return PatientFacts(months, weeks=weeks, present=tuple(stated(Fact(code)) for code in codes))


# complaint -> the rows it means, best first; a ? after a row: its words may mean another.
COMPLAINTS = [
    ("low back pain", "5 1 2 3 4 6"),
    ("LBP", "5 1 2 3 4 6"),
    ("M54.50", "5 1 2 3 4 6"),
    ("m5450", "5 1 2 3 4 6"),
    ("dolor de espalda baja", "5 1 2 3 4 6"),
    ("lumbalgia", "5 1 2 3 4 6"),
    ("new patient with low back pain", "5 1 2 3 4 6"),
    ("acute low back pain", "1 5"),
    ("low back pain for 3 days", "1 5"),
    ("two weeks of low back pain", "1 5"),
    ("dolor lumbar agudo", "1 5"),
    ("low back pain for 4 weeks", "1 2 5"),
    ("low back pain for 8 weeks", "2 4 5"),
    ("chronic low back pain", "3 4 6 5"),
    ("LBP x 2 years", "3 4 6 5"),
    ("low back pain in pregnancy", "7"),
    ("dolor de espalda en el embarazo", "7"),
    ("postpartum low back pain", "8"),
    ("71 year old with neck pain", "9 10"),
    ("neck pain since yesterday", "10"),
    ("headache", "11? 12? 13?"),
    ("R51.9", "11? 12? 13?"),
    ("dolor de cabeza", "11? 12? 13?"),
    ("tension headache", "12"),
    ("migraña", "11"),
    ("jaw pain", "14"),
    ("neumonía", "15"),
    ("EPOC", "16"),
    ("asthma", "17"),
    ("stuffy nose", "18"),
    ("ear infections", "19"),
    ("colic", "20"),
    ("cólicos", "20"),
    ("renal colic", ""),
    ("poor latch", "21"),
    ("premature baby", "22"),
    ("cerebral palsy", "24"),
    ("irritable bowel", "25"),
    ("estreñimiento", "26"),
    ("heartburn", "27"),
    ("after my knee replacement", "29"),
    ("ileus", "28"),
    ("arthritis in both knees", "30"),
    ("fibromialgia", "31"),
    ("carpal tunnel", "32"),
    ("heel pain", "33"),
    ("my shoulder hurts", "34"),
    ("sciatica", "35"),
    ("escoliosis", "36"),
    ("cólicos menstruales", "37"),
    ("chronic pelvic pain", "38"),
    ("swelling of the legs", "39"),
    ("can't sleep", "40"),
    ("ansiedad", "41"),
    ("rolled my ankle", "42"),
    ("concussion", "43"),
    ("POTS", "44"),
    ("cystic fibrosis", "45"),
    ("chronic pain", "46"),
    ("denies low back pain", ""),
    ("upper back pain", ""),
    ("purple elbow", ""),
    ("", ""),
]


@pytest.mark.parametrize(("complaint", "rows"), COMPLAINTS)
def test_a_complaint_means_these_conditions(complaint: str, rows: str) -> None:
    found = [f"{match.number}{'' if match.sure else '?'}" for match in condition_of(complaint)]
    assert " ".join(found) == rows


def test_every_condition_is_recognized_by_its_own_patient_name_or_code() -> None:
    for record in load().all(Condition):
        names = (record.title, record.en, record.es)
        told = {m.condition for name in names for m in condition_of(name, patient())}
        assert record.id in told, record.id


def test_how_long_is_asked_where_it_would_settle_the_condition() -> None:
    by_number = {match.number: match for match in condition_of("low back pain")}
    assert by_number[1].missing == ("how long",)
    assert by_number[5].missing == ()
    assert condition_of("acute low back pain")[0].missing == ()


@pytest.mark.parametrize(
    ("complaint", "who", "studied"),
    [
        ("low back pain", patient("pregnant"), True),
        ("tension headache", patient("pregnant"), False),
        ("low back pain", patient(months=71 * 12), True),
        ("colic", patient(months=3), True),
        ("colic", patient(months=480), False),
        ("ear infections", patient(months=36), True),
        ("ear infections", patient(months=480), False),
        ("scoliosis", patient(months=14 * 12), True),
        ("low back pain", patient(), None),
    ],
)
def test_whether_people_like_the_patient_were_studied(
    complaint: str, who: PatientFacts, studied: bool | None
) -> None:
    assert condition_of(complaint, who)[0].studied is studied


def test_pregnancy_known_of_the_patient_is_enough_to_mean_the_row_of_pregnancy() -> None:
    assert [m.number for m in condition_of("low back pain", patient(weeks=30))] == [7]


def test_what_was_studied_in_other_people_is_shown_and_moves_nothing() -> None:
    found = suggest(patient(months=480), read("OA FSrRl").values, "colic")
    [colic] = found.evidence
    assert colic.weighed is False
    assert all(r.kind.value != "evidence" for option in found.targets[0].options for r in option.reasons)
    assert any("other people" in sentence.en for sentence in colic.patient)


# complaint -> label, whether it helps by it
LABELS = [
    ("acute low back pain", "Studied most", True),
    ("tension headache", "Early evidence", True),
    ("constipation", "Not enough evidence", None),
    ("colic", "Tested, did not help", False),
    ("fibromyalgia", "Tested, did not help", False),
    ("scoliosis", "Tested, did not help", False),
    ("COPD", "Ask first", False),
    ("knee replacement", "Ask first", False),
]


@pytest.mark.parametrize(("complaint", "label", "helps"), LABELS)
def test_the_evidence_says_as_a_whole_whether_it_helps(
    complaint: str, label: str, helps: bool | None
) -> None:
    first = suggest(PatientFacts(), (), complaint).evidence[0]
    assert (first.label, first.helps) == (label, helps)
    honest = any("do not show that OMT helps" in sentence.en for sentence in first.patient)
    assert honest is (helps is False)


def test_a_single_small_study_is_called_so() -> None:
    [found] = suggest(PatientFacts(), (), "scoliosis").evidence
    assert any("one small study" in sentence.en for sentence in found.patient)


def test_every_sentence_put_together_for_a_patient_is_easy_and_in_two_languages() -> None:
    for record in load().all(Condition):
        match = Match(record.id, record.number, record.title, sure=True, words="")
        for sentence in evidence_of(match, weighed=True).patient:
            assert sentence.es
            assert sentence.translation_state
            assert "{" not in sentence.en + sentence.es
            for part in measured(sentence.en):
                assert grade([part]) <= GRADE, part


def test_a_complaint_nobody_studied_is_said_to_be_so() -> None:
    found = suggest(ADULT, (), "purple elbow")
    assert found.unheard == "purple elbow"
    assert found.patient[0].en.startswith("We found no study")


def test_the_marks_of_what_was_not_re_read_reach_the_answer() -> None:
    [colic] = suggest(PatientFacts(), (), "colic").evidence
    assert colic.unconfirmed == ("All trials pooled: −1.20 h of crying a day (−1.89 to −0.51)",)
    assert "not re-read" in colic.doubt
    assert [reason.confidence for reason in colic.guidelines] == ["K"]


# condition -> a dose of its trials, whether that helped
DOSES = [
    ("chronic-low-back-pain-sham", "6 in 8 weeks", None),
    ("low-back-pain-sham-france", "6 in 12 weeks", False),
    ("low-back-pain-pregnancy", "7 in 9 weeks, 20 minutes each", None),
    ("fibromyalgia", "6 in 6 weeks", False),
    ("infant-colic", "1 to 4 in 2 weeks", False),
    ("cerebral-palsy", "6 in 6 months", False),
    ("ibs", "3 to 5 in 4 to 12 weeks", None),
]


@pytest.mark.parametrize(("condition", "dose", "helped"), DOSES)
def test_a_dose_is_what_the_trials_gave(condition: str, dose: str, helped: bool | None) -> None:
    lines = dose_advice(condition).trials
    assert [(line.text.partition(": ")[2], line.helped) for line in lines] == [(dose, helped)]


def test_no_dose_is_made_up_where_no_trial_was_found() -> None:
    assert dose_advice("pots").trials == ()


def test_the_default_course_has_a_review_an_end_and_a_stop_rule() -> None:
    advice = dose_advice("chronic-low-back-pain-sham")
    assert (advice.default.visits, advice.default.weeks) == (4, (4, 6))
    assert (advice.default.review_visits, advice.default.rethink_visits) == ((3, 4), 6)
    assert advice.default.rethink_weeks == 12
    assert "Change the plan." in advice.default.at_review["no_clear_change"]
    assert "at most 6 visits or 12 weeks" in advice.default.statement
    assert any("more visits buy little" in line.text for line in advice.more_visits)


def test_an_unknown_condition_is_refused_by_name() -> None:
    with pytest.raises(KeyError, match="nonsense"):
        dose_advice("nonsense")


T5 = segment_level("T5")


@pytest.mark.parametrize(
    ("finding", "why"),
    [
        (Finding(Region.THORACIC, T5, absent=True), "looked for and not there"),
        (Finding(Region.THORACIC, T5, pattern="type II", severity=0), "severity 0: background only"),
        (Finding(Region.THORACIC, T5), "a test or a bare name, not a dysfunction"),
        (Finding(Region.SACRAL, named_level("spring test", LevelKind.TEST), pattern="positive"),
         "a test or a bare name, not a dysfunction"),
    ],
)  # fmt: skip
def test_a_finding_without_techniques_is_kept_and_says_why(finding: Finding, why: str) -> None:
    found = suggest(ADULT, (finding,))
    assert found.targets == ()
    assert [(one.finding, one.why) for one in found.skipped] == [(finding, why)]


def test_what_nobody_asked_is_named_and_what_was_found_is_not_asked_for() -> None:
    found = suggest(ADULT, read("L4 FRSr").values)
    asked = {one.code for one in found.unknown}
    assert "no_somatic_dysfunction" not in asked
    assert {"osteoporosis", "rf_*"} <= asked


@pytest.mark.parametrize(
    "wrong",
    [
        Preferences(refused=(Refusal("nonsense"),)),
        Preferences(preferred=("nonsense",)),
        Preferences(groups=("nonsense",)),
    ],
)
def test_a_word_nobody_knows_is_refused(wrong: Preferences) -> None:
    with pytest.raises(ValueError, match="nonsense"):
        suggest(ADULT, read("L4 FRSr").values, None, wrong)


def test_a_group_the_physician_states_is_adapted_to() -> None:
    found = suggest(ADULT, read("L4 FRSr").values, None, Preferences(groups=("athlete",)))
    assert [(one.id, one.because) for one in found.groups] == [("athletes", "the physician says so")]


# The command -------------------------------------------------------------------------------------


def run(*args: str) -> str:
    done = CliRunner().invoke(app, ["suggest", *args])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_shows_evidence_options_rules_and_refusals() -> None:
    told = run(
        "T5 FRSr, PL3 tender; OA FSrRl", "--complaint", "low back pain", "--age", "71", "--sex", "F",
        "--facts", "osteoporosis", "--refuse", "HVLA", "--cannot", "prone", "--usual", "ME,BLT",
    )  # fmt: skip
    assert "5. Low back pain pooled" in told
    assert "Not re-read:" in told
    assert "R-01 absolute" in told
    assert "the patient refused (once)" in told
    assert "1. CS  Counterstrain" in told
    assert told.rstrip().endswith("the physician decides.")


def test_the_command_gives_everything_to_programs() -> None:
    told = json.loads(run("L4 FRSr", "--complaint", "colic", "--json"))
    assert told["evidence"][0]["label"] == "Tested, did not help"
    assert told["targets"][0]["options"][0]["rank"] == 1


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "give findings"),
        (["L4 FRSr", "--facts", "nonsense"], "fact 'nonsense' is not known"),
        (["L4 FRSr", "--refuse", "nonsense"], "technique 'nonsense' is not known"),
        (["L4 FRSr", "--cannot", "lying"], "positions are supine"),
        (["L4 FRSr", "--age", "3", "--months", "3"], "exclude each other"),
        (["L4 FRSr", "--usual", "ME=x"], "a whole number"),
        (["L4 FRSr", "--sex", "q"], "give F, M or other"),
    ],
)
def test_the_command_refuses_what_it_cannot_read(args: list[str], message: str) -> None:
    done = CliRunner().invoke(app, ["suggest", *args])
    assert done.exit_code == 2
    assert message in done.stderr


def test_nothing_found_and_nothing_complained_of_suggests_nothing() -> None:
    found = suggest(ADULT, ())
    assert (found.targets, found.evidence, found.patient, found.unheard) == ((), (), (), "")
