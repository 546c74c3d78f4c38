"""Whole charts: several entries together, dates that pass, answers, and where each fact comes from."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from openomt.medicine.safety.chart import Answer, BoneDensity, Chart, Medicine, Problem, Surgery, Vitals
from openomt.medicine.safety.dates import When
from openomt.medicine.safety.recognize import recognize
from openomt.medicine.safety.values import OriginKind, PatientFacts, Sex

TODAY = date(2026, 3, 2)


def day(when: date) -> When:
    return When(when, when)


def facts(read: PatientFacts) -> set[str]:
    return {str(known.fact) for known in read.present}


def asked(read: PatientFacts) -> set[str]:
    return {str(question.fact) for question in read.questions}


def test_an_empty_chart_knows_nothing() -> None:
    assert recognize(Chart(), TODAY) == PatientFacts()


def test_every_fact_says_where_it_comes_from() -> None:
    text = "Afib. On Xarleto since 2024."
    read = recognize(Chart(text=text), TODAY)
    (known,) = read.present
    (origin,) = known.origins
    assert origin.kind is OriginKind.TEXT
    assert origin.source == text
    assert text[origin.start : origin.end] == "Xarleto"
    assert "spelling" in origin.reason
    assert origin.sources
    assert origin.confidence


@pytest.mark.parametrize(
    ("text", "code", "weeks"),
    [
        ("cholecystectomy", "abdominal_surgery_recent", 6),
        ("lumbar laminectomy", "spine_surgery_recent", 6),
        ("cataract surgery", "eye_surgery_recent", 6),
        ("CABG", "sternotomy_recent", 12),
        ("left total hip arthroplasty", "hip_arthroplasty_early", 12),
    ],
)
def test_an_operation_is_recent_to_the_last_day_of_its_weeks(text: str, code: str, weeks: int) -> None:
    chart = Chart(surgeries=(Surgery(text, day(TODAY)),))
    last = TODAY + timedelta(weeks=weeks)
    assert code in facts(recognize(chart, last))
    after = recognize(chart, last + timedelta(days=1))
    assert code not in facts(after)
    assert code not in asked(after)


@pytest.mark.parametrize(
    ("text", "code", "weeks"),
    [
        ("concussion", "tbi_recent", 6),
        ("myocardial infarction", "mi_recent", 6),
        ("mono", "splenomegaly_or_mono", 8),
    ],
)
def test_an_illness_is_recent_to_the_last_day_of_its_weeks(text: str, code: str, weeks: int) -> None:
    chart = Chart(problems=(Problem(text, onset=day(TODAY)),))
    last = TODAY + timedelta(weeks=weeks)
    assert code in facts(recognize(chart, last))
    assert code not in facts(recognize(chart, last + timedelta(days=1)))


def test_a_date_too_vague_to_tell_becomes_a_question() -> None:
    read = recognize(Chart(problems=(Problem("MI in 2026"),)), TODAY + timedelta(weeks=4))
    assert "mi_recent" not in facts(read)
    assert "mi_recent" in asked(read)


def test_an_operation_in_the_future_has_not_happened() -> None:
    read = recognize(Chart(surgeries=(Surgery("lumbar fusion L4-5", day(date(2026, 6, 1))),)), TODAY)
    assert facts(read) == set()


def test_a_resolved_problem_is_past() -> None:
    over = Problem("DVT", resolved=day(date(2024, 1, 1)))
    assert facts(recognize(Chart(problems=(over,)), TODAY)) == set()
    assert facts(recognize(Chart(problems=(Problem("DVT"),)), TODAY)) == {"dvt_acute"}


@pytest.mark.parametrize(
    ("medicines", "expected"),
    [
        (("aspirin 81 mg",), {"aspirin_only"}),
        (("aspirin 81 mg", "ticagrelor 90 mg bid"), {"antiplatelet_dual"}),
        (("aspirin 81 mg", "Eliquis 5 mg bid"), {"aspirin_only", "anticoagulant"}),
        (("prasugrel 10 mg",), {"antiplatelet_dual"}),
    ],
)
def test_medicines_are_read_together(medicines: tuple[str, ...], expected: set[str]) -> None:
    chart = Chart(medicines=tuple(Medicine(text) for text in medicines))
    assert facts(recognize(chart, TODAY)) == expected


def test_a_medicine_just_stopped_is_asked_about_and_one_long_stopped_is_not() -> None:
    def read(days: int) -> PatientFacts:
        stopped = day(TODAY - timedelta(days=days))
        return recognize(Chart(medicines=(Medicine("warfarin 5 mg", stopped=stopped),)), TODAY)

    assert asked(read(3)) == {"anticoagulant"}
    assert facts(read(3)) == set()
    assert asked(read(200)) == set()


@pytest.mark.parametrize(
    ("started", "expected", "question"),
    [
        (TODAY - timedelta(weeks=13), {"long_term_steroids"}, set[str]()),
        (TODAY - timedelta(weeks=3), set[str](), set[str]()),
        (None, set[str](), {"long_term_steroids"}),
    ],
)
def test_steroids_count_after_three_months(
    started: date | None, expected: set[str], question: set[str]
) -> None:
    medicine = Medicine("prednisone 5 mg daily", None if started is None else day(started))
    read = recognize(Chart(medicines=(medicine,)), TODAY)
    assert facts(read) == expected
    assert asked(read) == question


@pytest.mark.parametrize(
    ("t_score", "expected"),
    [
        (-0.9, set[str]()),
        (-1.0, {"osteopenia"}),
        (-2.4, {"osteopenia"}),
        (-2.5, {"osteoporosis"}),
        (-3.5, {"osteoporosis", "osteoporosis_severe"}),
    ],
)
def test_bone_density_by_its_t_score(t_score: float, expected: set[str]) -> None:
    assert facts(recognize(Chart(bone_density=(BoneDensity(t_score),)), TODAY)) == expected


def test_a_fragility_fracture_outranks_a_milder_score() -> None:
    chart = Chart(problems=(Problem("fragility fracture of wrist 2020"),), bone_density=(BoneDensity(-1.8),))
    assert facts(recognize(chart, TODAY)) == {"osteoporosis", "osteoporosis_severe"}


@pytest.mark.parametrize(
    ("vitals", "expected"),
    [
        (Vitals(179, 109), set[str]()),
        (Vitals(180, 80), {"hypertension_severe"}),
        (Vitals(140, 110), {"hypertension_severe"}),
        (Vitals(temperature=38.8), set[str]()),
        (Vitals(temperature=38.9), {"febrile_bacterial_untreated"}),
    ],
)
def test_vital_signs_at_their_cut_offs(vitals: Vitals, expected: set[str]) -> None:
    assert facts(recognize(Chart(vitals=(vitals,)), TODAY)) == expected


def test_an_old_blood_pressure_is_only_asked_about() -> None:
    read = recognize(Chart(vitals=(Vitals(190, 100, on=TODAY - timedelta(days=60)),)), TODAY)
    assert facts(read) == set()
    assert asked(read) == {"hypertension_severe"}


def test_blood_pressure_means_more_in_pregnancy() -> None:
    pressure = (Vitals(146, 92),)
    assert facts(recognize(Chart(vitals=pressure), TODAY)) == set()
    assert "rf_preg_preeclampsia" in facts(recognize(Chart(vitals=pressure, weeks=33), TODAY))


@pytest.mark.parametrize(("months", "flagged"), [(2, True), (3, False), (24, False)])
def test_fever_means_more_in_the_youngest(months: int, flagged: bool) -> None:
    chart = Chart(age_months=months, vitals=(Vitals(temperature=38.2),))
    assert ("rf_infant_fever" in facts(recognize(chart, TODAY))) is flagged


@pytest.mark.parametrize(
    ("chart", "weeks"),
    [
        (Chart(weeks=22), 22),
        (Chart(due_date=TODAY + timedelta(days=280 - 22 * 7)), 22),
        (Chart(due_date=TODAY + timedelta(days=280 - 22 * 7 - 6)), 22),
        (Chart(last_period=TODAY - timedelta(weeks=9), problems=(Problem("pregnant"),)), 9),
        (Chart(problems=(Problem(code="Z3A.31"),)), 31),
        (Chart(text="G2P1, EDD 8/14/2026"), 16),
    ],
)
def test_weeks_of_pregnancy(chart: Chart, weeks: int) -> None:
    read = recognize(chart, TODAY)
    assert read.weeks == weeks
    assert "pregnant" in facts(read)


def test_a_last_period_alone_is_no_pregnancy() -> None:
    read = recognize(Chart(sex=Sex.FEMALE, last_period=date(2026, 2, 10)), TODAY)
    assert read.weeks is None
    assert "pregnant" not in facts(read)


def test_age_comes_from_the_date_of_birth() -> None:
    chart = Chart(birth_date=date(1960, 3, 3))
    assert recognize(chart, TODAY).age_months == 65 * 12 + 11
    assert "age_over_65" not in facts(recognize(chart, TODAY))
    assert "age_over_65" in facts(recognize(chart, date(2026, 3, 3)))


def test_answers_are_facts_denials_and_questions() -> None:
    chart = Chart(
        answers=(("pregnant", Answer.NO), ("osteoporosis", Answer.YES), ("anticoagulant", Answer.UNSURE))
    )
    read = recognize(chart, TODAY)
    assert facts(read) == {"osteoporosis"}
    assert read.absent == {"pregnant"}
    assert asked(read) == {"anticoagulant"}


def test_an_answer_to_no_known_fact_is_named() -> None:
    with pytest.raises(ValueError, match="osteoprosis"):
        recognize(Chart(answers=(("osteoprosis", Answer.YES),)), TODAY)


def test_what_one_entry_states_no_other_entry_denies() -> None:
    chart = Chart(problems=(Problem("Osteoporosis"),), text="Denies osteoporosis.")
    read = recognize(chart, TODAY)
    assert facts(read) == {"osteoporosis"}
    assert read.absent == frozenset()
