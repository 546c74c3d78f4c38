"""Red flags from answers: every one can be reached, how urgent it is, and what follows from it."""

from __future__ import annotations

import re

import pytest

from openomt.knowledge import load
from openomt.knowledge.redflags import (
    Aftercare,
    AfterEffectNumber,
    DangerPhrase,
    DangerSign,
    ImagingRule,
    NeckStep,
    RedFlag,
    ScreenNotice,
    ScreenQuestion,
    TriageResult,
    TriageRow,
    UrgencyRule,
)
from openomt.medicine.anatomy import Region
from openomt.medicine.safety.check import check
from openomt.medicine.safety.screen import screen
from openomt.medicine.safety.screen_questions import questions_for
from openomt.medicine.safety.screen_tables import FlagRow, screen_tables
from openomt.medicine.safety.screen_values import Answer, UnknownAnswerError
from openomt.medicine.safety.values import PatientFacts, PlannedItem, Sex, Verdict
from tests.reading_level import grade, sentences
from tests.screen.common import NO, NOT_SURE, YES, known, ways_by_answers

ADULT = PatientFacts(age_months=45 * 12)
BY_WORDS_ONLY = {
    # No question asks it: sent unwatched it would be a danger.
    "rf_preg_selfharm",
}


def codes(answers: dict[str, Answer], patient: PatientFacts = ADULT, text: str = "") -> set[str]:
    return {flag.code for flag in screen(answers, text, patient).flags}


@pytest.mark.parametrize("flag", screen_tables().flags, ids=lambda flag: flag.code)
def test_every_flag_is_raised_by_answers_in_each_way_they_can(flag: FlagRow) -> None:
    ways = ways_by_answers(flag)
    assert bool(ways) is (flag.code not in BY_WORDS_ONLY)
    for patient, answers in ways:
        assert flag.code in codes(answers, patient), answers


@pytest.mark.parametrize("flag", screen_tables().flags, ids=lambda flag: flag.code)
def test_every_flag_can_be_entered_by_a_clinician(flag: FlagRow) -> None:
    patient = PatientFacts(age_months=45 * 12, present=known(flag.code))
    [raised] = [one for one in screen({}, "", patient).flags if one.code == flag.code]
    assert [one.kind.value for one in raised.because] == ["entered"]


def test_every_sign_can_be_seen_somewhere() -> None:
    tables = screen_tables()
    spoken = {record.means for record in load().all(DangerPhrase)}
    unseen = [
        sign.id
        for sign in load().all(DangerSign)
        if not (sign.id in spoken or sign.words or sign.facts or sign.ages or sign.weeks)
        and sign.id not in tables.asks
        and not any(sign.id in other.implies for other in load().all(DangerSign))
        and not sign.clinician
    ]
    assert unseen == []


def test_the_joined_concepts_and_meanings_all_exist() -> None:
    spoken = {record.means for record in load().all(DangerPhrase)}
    signs = {record.id for record in load().all(DangerSign)}
    joined = {name for sign in load().all(DangerSign) for row in sign.words for name in row}
    assert joined <= spoken
    assert spoken - signs - joined == {
        "clause_end", "harmless", "exception", "only_there", "only_then", "perhaps_there", "affirmed",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_concept_is_said_in_both_languages(language: str) -> None:
    by_language = {record.means for record in load().all(DangerPhrase) if record.language == language}
    assert {record.means for record in load().all(DangerPhrase)} - by_language == set()


URGENCY = [
    # answers, patient, flag, urgency
    ({"cancer": YES, "spine_bad": YES}, ADULT, "rf_cancer_spine_pain", "U"),
    ({"cancer": YES, "spine_bad": YES, "limb_new": YES}, ADULT, "rf_cancer_spine_pain", "E"),
    ({"spine_pain": YES, "fever": YES}, ADULT, "rf_spinal_infection", "U"),
    ({"spine_pain": YES, "fever": YES, "both_legs": YES}, ADULT, "rf_spinal_infection", "E"),
    ({"headache": YES, "head_hit": YES}, ADULT, "rf_ha_posttraumatic", "U"),
    ({"headache": YES, "head_hit": YES, "thinner": YES}, ADULT, "rf_ha_posttraumatic", "E"),
    ({"jaw_scalp": YES}, PatientFacts(age_months=70 * 12), "rf_gca", "U"),
    ({"jaw_scalp": YES, "sight": YES}, PatientFacts(age_months=70 * 12), "rf_gca", "E"),
    ({"fever": YES}, PatientFacts(age_months=2), "rf_infant_fever", "E"),
    ({"fever": YES, "baby_fever": YES}, PatientFacts(age_months=4), "rf_infant_fever", "U"),
    ({"headache": YES, "fever": YES}, ADULT, "rf_ha_systemic", "E"),
    (
        {"headache": YES, "fever": YES, "stiff_light": NO, "drowsy": NO, "stroke": NO, "seizure": NO},
        ADULT, "rf_ha_systemic", "U",
    ),
    ({"joints": YES, "skull": YES}, ADULT, "rf_upper_cervical_instability", "E"),
    (
        {"joints": YES, "skull": YES, "hands": NO, "weaker": NO, "limb_new": NO, "bladder": NO},
        ADULT, "rf_upper_cervical_instability", "U",
    ),
    ({"weight": YES}, ADULT, "rf_systemic", "S"),
]  # fmt: skip


@pytest.mark.parametrize(("answers", "patient", "code", "urgency"), URGENCY)
def test_the_urgency_follows_what_is_known(
    answers: dict[str, Answer], patient: PatientFacts, code: str, urgency: str
) -> None:
    [flag] = [flag for flag in screen(answers, "", patient).flags if flag.code == code]
    assert flag.urgency == urgency


NOT_RAISED = [
    # answers, patient, flag that must not be raised
    ({"small_fall": YES}, PatientFacts(age_months=40 * 12), "rf_fracture"),
    ({"new_headache": YES}, PatientFacts(age_months=40 * 12), "rf_ha_new_over_50"),
    ({"spine_pain": YES}, ADULT, "rf_spinal_infection"),
    ({"cancer": YES}, ADULT, "rf_cancer_spine_pain"),
    ({"fever": YES}, PatientFacts(age_months=4), "rf_infant_fever"),
    ({"bleeding": YES}, PatientFacts(age_months=360, sex=Sex.MALE, weeks=20), "rf_preg_bleeding"),
    ({"dizzy": YES}, ADULT, "rf_cad"),
    ({"head_hit": YES}, ADULT, "rf_head_injury_child"),
    ({"contractions": YES}, PatientFacts(age_months=360, weeks=39), "rf_preg_contractions"),
]


@pytest.mark.parametrize(("answers", "patient", "code"), NOT_RAISED)
def test_a_part_of_a_flag_does_not_raise_it(
    answers: dict[str, Answer], patient: PatientFacts, code: str
) -> None:
    assert code not in codes(answers, patient)


def test_known_facts_join_with_answers() -> None:
    patient = PatientFacts(age_months=40 * 12, present=known("osteoporosis"))
    assert "rf_fracture" in codes({"small_fall": YES}, patient)


def test_the_first_line_says_what_to_do() -> None:
    found = screen({"saddle": YES, "calf": YES}, "", ADULT)
    assert found.urgency == "E"
    assert found.tell[0].startswith("Call 911 now")
    assert [flag.urgency for flag in found.flags] == sorted((f.urgency for f in found.flags), key="EUS".index)


def test_the_task_of_a_flag_has_its_deadline() -> None:
    by_code = {flag.code: flag.task for flag in screen({"calf": YES, "cancer": YES, "spine_bad": YES}).flags}
    assert (by_code["rf_dvt"].hours, by_code["rf_cancer_spine_pain"].hours) == (4, 24)
    [now] = [flag.task for flag in screen({"saddle": YES}).flags]
    assert (now.hours, now.working) == (0, False)


def test_not_sure_of_a_stop_is_a_call_and_no_flag() -> None:
    found = screen({"saddle": NOT_SURE}, "", ADULT)
    assert found.flags == ()
    assert [(flag.code, flag.urgency) for flag in found.unsure] == [("rf_ces", "U")]
    assert found.urgency == "U"
    assert found.tasks[0].text.startswith("Call the patient today")
    assert [question.code for question in found.not_sure] == ["saddle"]
    assert found.facts == ()


def test_an_orange_flag_refers_and_does_not_stop() -> None:
    found = screen({"morning": YES}, "", PatientFacts(age_months=30 * 12))
    assert [(flag.code, flag.stops) for flag in found.flags] == [("yf_inflammatory_back_pain", False)]
    assert (found.urgency, found.stops) == ("", False)


def test_pain_nobody_examined_gets_a_consultation_first() -> None:
    found = screen({"examined": YES}, "", ADULT)
    assert [notice.code for notice in found.notices] == ["undiagnosed_pain"]
    assert [str(one.fact) for one in found.facts] == ["undiagnosed_pain_not_examined"]


SELF_HARM = [
    ("I want to die", "en", "988", "911"),
    ("me quiero morir", "es", "988", "911"),
    ("thoughts of killing myself", "en", "988", "911"),
]


@pytest.mark.parametrize(("text", "language", "line", "danger"), SELF_HARM)
def test_words_of_self_harm_alert_a_person_and_estimate_no_risk(
    text: str, language: str, line: str, danger: str
) -> None:
    found = screen({}, text, ADULT, language)
    assert line in found.tell[0]
    assert danger in found.tell[0]
    [notice] = found.notices
    assert notice.task.hours == 0
    assert "No risk is estimated" in notice.note
    assert found.flags == ()


def test_with_an_emergency_beside_it_both_lines_are_told() -> None:
    found = screen({}, "I want to die and my chest hurts", ADULT)
    assert found.tell[0].startswith("Call 911 now")
    assert "988" in found.tell[1]


def test_absent_are_only_flags_of_which_every_question_was_answered_no() -> None:
    asked = questions_for(ADULT)
    everything = dict.fromkeys((question.code for question in asked), NO)
    found = screen(everything, "", ADULT)
    assert {"rf_ces", "rf_cad", "rf_acs", "rf_dvt"} <= found.absent
    assert "rf_infant_fever" not in found.absent
    assert "rf_ces" not in screen({"saddle": NO}, "", ADULT).absent
    without = {name: answer for name, answer in everything.items() if name != "both_legs"}
    assert "rf_ces" not in screen(without, "", ADULT).absent
    assert "rf_ces" not in screen(everything, "numb between my legs", ADULT).absent


def test_nothing_answered_is_nothing_absent_and_all_unanswered() -> None:
    found = screen({}, "", ADULT)
    assert found.absent == frozenset()
    assert [one.code for one in found.unanswered] == [one.code for one in questions_for(ADULT)]


def test_the_flags_stop_every_plan_in_the_check() -> None:
    facts = screen({"saddle": YES}, "", ADULT).facts
    alerts = check(PatientFacts(present=facts), (PlannedItem("BLT", Region.THORACIC),))
    assert alerts.verdict is Verdict.STOP
    assert facts[0].origins[0].source == "saddle"


def test_an_answer_to_no_question_is_refused() -> None:
    with pytest.raises(UnknownAnswerError, match="no such question: nonsense"):
        screen({"nonsense": YES})


def test_a_language_nobody_wrote_is_refused() -> None:
    with pytest.raises(ValueError, match="no such language: 'fr'"):
        screen({}, "", language="fr")


def test_who_is_asked() -> None:
    def of(patient: PatientFacts, **answers: Answer) -> set[str]:
        return {question.code for question in questions_for(patient, answers=answers)}

    woman = PatientFacts(age_months=30 * 12, sex=Sex.FEMALE)
    man = PatientFacts(age_months=30 * 12, sex=Sex.MALE)
    assert "pregnant" in of(woman)
    assert "pregnant" not in of(man)
    assert "movement" not in of(woman)
    assert "movement" in of(woman, pregnant=YES)
    assert "bleeding" in of(woman, birth=YES)
    assert "new_headache" not in of(woman)
    assert "new_headache" in of(woman, headache=NOT_SURE)
    assert "baby_feed" in of(PatientFacts(age_months=3))
    assert "baby_feed" not in of(man)


@pytest.mark.parametrize("months", [2, 60, 540, 900])
def test_a_person_is_asked_about_forty_questions_first(months: int) -> None:
    assert 20 <= len(questions_for(PatientFacts(age_months=months, sex=Sex.FEMALE))) <= 45


def _told() -> list[tuple[str, str]]:
    known_records = load()
    pairs = [(record.tell, record.es) for record in known_records.all(RedFlag)]
    pairs += [(record.tell, record.es) for record in known_records.all(ScreenNotice)]
    pairs += [(record.tell, record.es) for record in known_records.all(UrgencyRule)]
    pairs += [(record.ask, record.es) for record in known_records.all(ScreenQuestion)]
    pairs += [(record.tell, record.es) for record in known_records.all(TriageResult)]
    pairs += [(record.en, record.es) for record in known_records.all(Aftercare)]
    pairs += [(cell.say, cell.es) for row in known_records.all(TriageRow) for cell in row.cells if cell.say]
    return pairs


@pytest.mark.parametrize(("english", "spanish"), _told())
def test_every_sentence_is_easy_to_read_in_both_languages_and_promises_nothing(
    english: str, spanish: str
) -> None:
    assert english != spanish
    for sentence in sentences(english):
        assert grade([sentence]) <= 6, sentence
    assert not re.search(
        r"toxin|toxina|\bcure|\bcura|guarantee|garantiz|will fix", f"{english} {spanish}", re.I
    )


def test_no_sentence_claims_a_translator() -> None:
    for kind in (RedFlag, ScreenNotice, UrgencyRule, ScreenQuestion, TriageResult, Aftercare):
        assert {r.translation_state for r in load().all(kind)} == {"awaiting a qualified translator"}


def test_serious_events_are_ranges_and_say_who_was_counted() -> None:
    numbers = load().all(AfterEffectNumber)
    assert {"2.5 %", "41 %"} <= {word for n in numbers for word in ("2.5 %", "41 %") if word in n.figure}
    for number in numbers:
        assert number.who
        if number.serious:
            assert re.search(r"-| and | to |;|with", number.figure), number.id


def test_imaging_rules_and_neck_steps_are_whole() -> None:
    assert {rule.id for rule in load().all(ImagingRule)} == {f"X{number}" for number in range(1, 15)}
    for rule in load().all(ImagingRule):
        assert set(rule.flags) <= set(screen_tables().by_code)
    assert [step.order for step in load().all(NeckStep)] == list(range(1, 8))
