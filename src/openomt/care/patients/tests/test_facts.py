"""Facts from what is on record: what each entry means on a day, and how the bar shows it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openomt.care import testing
from openomt.care.patients import facts, services
from openomt.care.patients.models import (
    BoneDensityEntry,
    FactAnswer,
    MedicineEntry,
    OnRecord,
    Patient,
    PregnancyEntry,
    ProblemEntry,
    SurgeryEntry,
    VitalsEntry,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def patient() -> Patient:
    return testing.patient(birth_date=dt.date(1992, 3, 4), sex="female")


def codes(patient: Patient, today: dt.date = TODAY) -> set[str]:
    return {str(one.fact) for one in facts.known(patient, today).present}


def asked(patient: Patient) -> set[str]:
    return {str(one.fact) for one in facts.known(patient, TODAY).questions}


@pytest.mark.parametrize(
    ("kind", "fields", "fact"),
    [
        (MedicineEntry, {"text": "Eliquis 5 mg BID"}, "anticoagulant"),
        (MedicineEntry, {"text": "Eliquis 5 mg", "stopped": "2027-01"}, "anticoagulant"),
        (BoneDensityEntry, {"t_score": -2.7, "site": "hip", "on": "2024-05"}, "osteoporosis"),
        (BoneDensityEntry, {"text": "T-score of the hip -2.8"}, "osteoporosis"),
        (SurgeryEntry, {"text": "C5-6 ACDF", "on": "2026-10-20"}, "surgery_recent@cervical"),
        (ProblemEntry, {"text": "", "code": "M81.0"}, "osteoporosis"),
        (ProblemEntry, {"text": "Marfan syndrome"}, "vascular_eds_marfan"),
        (PregnancyEntry, {"due_date": dt.date(2027, 3, 15)}, "pregnant"),
        (VitalsEntry, {"on": TODAY, "systolic": 185, "diastolic": 111}, "hypertension_severe"),
    ],
)
def test_an_entry_means_a_fact(
    patient: Patient, kind: type[OnRecord], fields: dict[str, Any], fact: str
) -> None:
    assert fact not in codes(patient)
    entry = services.enter(kind, patient, None, **fields)
    assert fact in codes(patient)
    services.mark_in_error(entry, None)
    assert fact not in codes(patient)


def test_a_stopped_medicine_means_nothing_more(patient: Patient) -> None:
    entry = services.enter(MedicineEntry, patient, None, text="Eliquis 5 mg BID")
    services.end(entry, None, stopped="2026-11-01")
    assert "anticoagulant" not in codes(patient)


def test_recent_surgery_expires(patient: Patient) -> None:
    services.enter(SurgeryEntry, patient, None, text="C5-6 ACDF", on="2026-10-20")
    assert "surgery_recent@cervical" in codes(patient, dt.date(2026, 11, 20))
    assert "surgery_recent@cervical" not in codes(patient, dt.date(2028, 11, 20))
    assert "spinal_fusion_hardware@cervical" in codes(patient, dt.date(2028, 11, 20))


def test_weeks_of_pregnancy_are_those_of_the_day(patient: Patient) -> None:
    entry = services.enter(PregnancyEntry, patient, None, due_date=dt.date(2027, 3, 15))
    assert facts.known(patient, TODAY).weeks == 24
    assert facts.known(patient, dt.date(2026, 11, 30)).weeks == 25
    assert "preg_t2" in codes(patient)
    services.end(entry, None, ended_on=TODAY)
    assert facts.known(patient, TODAY).weeks is None
    assert "pregnant" not in codes(patient)


def test_a_newer_blood_pressure_replaces_the_older(patient: Patient) -> None:
    services.enter(VitalsEntry, patient, None, on=dt.date(2026, 11, 20), systolic=190, diastolic=115)
    services.enter(VitalsEntry, patient, None, on=TODAY, systolic=128, diastolic=80)
    assert "hypertension_severe" not in codes(patient)


def test_a_later_temperature_does_not_hide_the_blood_pressure(patient: Patient) -> None:
    services.enter(VitalsEntry, patient, None, on=dt.date(2026, 11, 22), systolic=190, diastolic=115)
    services.enter(VitalsEntry, patient, None, on=TODAY, temperature=36.6)
    assert "hypertension_severe" in codes(patient)


def test_answers_settle_what_is_unsure(patient: Patient) -> None:
    services.enter(MedicineEntry, patient, None, text="prednisone 10 mg daily")
    assert "long_term_steroids" in asked(patient)
    services.answer_fact(patient, None, "long_term_steroids", "unsure")
    assert "long_term_steroids" in asked(patient)
    services.answer_fact(patient, None, "long_term_steroids", "no")
    assert "long_term_steroids" not in asked(patient) | codes(patient)
    assert "long_term_steroids" in facts.known(patient, TODAY).absent
    services.answer_fact(patient, None, "long_term_steroids", "yes")
    assert "long_term_steroids" in codes(patient)
    assert "long_term_steroids" not in asked(patient)


def test_an_answer_can_be_of_a_region(patient: Patient) -> None:
    services.answer_fact(patient, None, "surgery_recent", "yes", "lumbar")
    assert "surgery_recent@lumbar" in codes(patient)


@pytest.mark.parametrize(
    ("code", "region"), [("no_such_fact", ""), ("surgery_recent", "moon"), ("rf_none", "")]
)
def test_an_answer_to_nothing_is_refused(patient: Patient, code: str, region: str) -> None:
    with pytest.raises(ValidationError):
        services.answer_fact(patient, None, code, "yes", region)


def test_an_answer_the_knowledge_no_longer_has_counts_no_more(patient: Patient) -> None:
    FactAnswer.objects.create(patient=patient, code="gone_from_knowledge", answer="yes")
    assert "gone_from_knowledge" not in codes(patient)


def test_the_bar_shows_age_pregnancy_and_what_rules_read(patient: Patient) -> None:
    services.enter(PregnancyEntry, patient, None, due_date=dt.date(2027, 3, 15))
    services.enter(MedicineEntry, patient, None, text="Eliquis 5 mg BID")
    chips = facts.shown(facts.known(patient, TODAY), patient, TODAY)
    assert chips[0].words == "34 y, female"
    pregnant = next(chip for chip in chips if chip.code == "pregnant")
    assert pregnant.words == "Pregnant, 24 wk"
    assert "Second trimester" in pregnant.also
    thinner = next(chip for chip in chips if chip.code == "anticoagulant")
    assert (thinner.source, thinner.rule) == ("Eliquis", True)


def test_every_fact_a_rule_reads_is_in_the_bar() -> None:
    infant = testing.patient(
        birth_date=TODAY - dt.timedelta(days=40), sex="male", language="es", interpreter=True
    )
    for kind, fields in (
        (ProblemEntry, {"text": "Down syndrome"}),
        (MedicineEntry, {"text": "warfarin"}),
        (ProblemEntry, {"text": "Marfan syndrome"}),
    ):
        services.enter(kind, infant, None, **fields)
    known = facts.known(infant, TODAY)
    chips = facts.shown(known, infant, TODAY)
    words = {text for chip in chips for text in (chip.words, *chip.also)}
    assert {facts.title(one.fact) for one in known.present} <= words
    assert chips[0].words == "5 weeks, male"
    assert chips[0].rule
    assert {"Spanish", "Needs an interpreter"} <= words


def test_each_entry_names_the_facts_it_gave_rise_to(patient: Patient) -> None:
    entries: list[tuple[OnRecord, str]] = [
        (services.enter(MedicineEntry, patient, None, text="Eliquis 5 mg BID"), "Takes an anticoagulant"),
        (services.enter(ProblemEntry, patient, None, text="Bones", code="M81.0"), "Osteoporosis"),
        (services.enter(BoneDensityEntry, patient, None, t_score=-2.7, site="hip"), "Osteoporosis"),
        (
            services.enter(SurgeryEntry, patient, None, text="C5-6 ACDF"),
            "Spinal fusion or hardware, cervical",
        ),
        (
            services.enter(VitalsEntry, patient, None, on=TODAY, systolic=190, diastolic=115),
            "Severe hypertension",
        ),
        (services.enter(PregnancyEntry, patient, None, due_date=dt.date(2027, 3, 15)), "Pregnant"),
    ]
    read = facts.by_entry(facts.known(patient, TODAY))
    for entry, words in entries:
        found = {chip.words for source in facts.sources_of(entry) for chip in read.get(source, ())}
        assert words in found, entry


def test_few_queries_and_the_same_chart_is_read_once(patient: Patient) -> None:
    services.enter(MedicineEntry, patient, None, text="Eliquis 5 mg BID")
    with CaptureQueriesContext(connection) as asked_of_database:
        first = facts.known(patient, TODAY)
    assert len(asked_of_database) <= 10
    assert facts.known(patient, TODAY) is first
    services.enter(MedicineEntry, patient, None, text="aspirin 81 mg")
    assert facts.known(patient, TODAY) is not first
