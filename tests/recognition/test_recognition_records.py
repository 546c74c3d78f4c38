"""The records of recognition hold together with the matrix and with ICD-10-CM."""

from __future__ import annotations

import pytest

from openomt.knowledge import icd, load
from openomt.knowledge.recognition import (
    CodeFacts,
    FactPhrase,
    FactReading,
    FollowingFact,
    MedicineClass,
    MedicineRule,
    Threshold,
)
from openomt.knowledge.redflags import RedFlag
from openomt.knowledge.safety import Contraindication, PatientFact
from openomt.medicine.phrases.pattern import steps
from openomt.medicine.safety.recognition_tables import fact_at

FACTS = {fact.id: fact for fact in load().all(PatientFact)}
KNOWN = FACTS.keys() | {flag.id for flag in load().all(RedFlag)}
Naming = FactPhrase | CodeFacts | MedicineRule | Threshold
BY_AGE_OR_CONTEXT = {"age_over_65", "child_2_to_11", "infant_under_2", "preg_over20"}
"""Facts nobody writes down: they follow from age and weeks."""


def _named(record: Naming) -> list[str]:
    lasting = record.lasting if isinstance(record, CodeFacts) else ()
    denied = record.denies if isinstance(record, FactPhrase) else ()
    return [*record.facts, *record.asks, *lasting, *denied]


def test_every_fact_that_is_named_is_known() -> None:
    known = load()
    records: list[Naming] = [*known.all(FactPhrase), *known.all(CodeFacts)]
    records += [*known.all(MedicineRule), *known.all(Threshold)]
    for record in records:
        for text in _named(record):
            assert fact_at(text).code in KNOWN, (record.id, text)


def test_only_regional_facts_have_a_region() -> None:
    records: list[Naming] = [*load().all(FactPhrase), *load().all(CodeFacts)]
    for record in records:
        for text in _named(record):
            at = fact_at(text)
            if at.region is not None or at.from_words:
                assert FACTS[at.code].regional, (record.id, text)


def test_every_code_exists() -> None:
    for record in load().all(CodeFacts):
        for code in record.codes:
            for one in code.split("-"):
                assert icd.lookup(one) is not None, (record.id, one)


def test_no_code_is_given_two_meanings() -> None:
    codes = [code for record in load().all(CodeFacts) for code in record.codes]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    "fact",
    sorted(
        {fact for rule in load().all(Contraindication) for fact in rule.facts if fact in FACTS}
        - BY_AGE_OR_CONTEXT
    ),
)
def test_every_fact_of_the_matrix_can_be_read(fact: str) -> None:
    phrases = {fact_at(text).code for record in load().all(FactPhrase) for text in record.facts}
    medicines = {text for rule in load().all(MedicineRule) for text in rule.facts}
    following = {record.fact for record in load().all(FollowingFact)} | {"fusion_adjacent_level"}
    assert fact in phrases | medicines | following


def test_every_fact_says_how_it_behaves_in_time() -> None:
    readings = {record.id for record in load().all(FactReading)}
    assert FACTS.keys() <= readings
    assert readings <= KNOWN


def test_events_know_their_weeks() -> None:
    for reading in load().all(FactReading):
        if reading.course == "event":
            assert reading.weeks or FACTS[reading.id].recent_weeks, reading.id


def test_rules_name_known_classes() -> None:
    classes = {record.id for record in load().all(MedicineClass)}
    for rule in load().all(MedicineRule):
        assert {*rule.all_of, *rule.none_of} <= classes, rule.id


def test_every_phrase_can_be_read() -> None:
    for record in load().all(FactPhrase):
        for name in record.names:
            assert steps(name, record.gap), (record.id, name)
