"""The records of safety: as many as the research has, each naming only what exists, each mark kept."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from openomt.knowledge import KnowledgeError, load
from openomt.knowledge.kinds import KINDS
from openomt.knowledge.loader import read_files
from openomt.knowledge.marks import AWAITING_REVIEW
from openomt.knowledge.narrative import AWAITING_TRANSLATOR
from openomt.knowledge.safety import Contraindication, PatientFact, TechniqueCard, is_flag

SECTIONS = {"2a": 11, "2b": 35, "2c": 19, "2d": 17, "2e": 27, "2f": 12, "2g": 16}
LEVELS = {"stop": 5, "absolute": 62, "relative": 57, "precaution": 13}
SIGN_OFF_FIRST = [
    "R-06", "R-15", "R-18", "R-22", "R-23", "R-26", "R-28", "R-30", "R-43", "R-91", "R-100", "R-104", "R-105",
    "R-106", "R-111", "R-116", "R-121", "R-134", "R-137", "R-141", "R-142", "R-144",
]  # fmt: skip
CONTESTED = [
    # what users are shown as contested, and a rule of it
    ("osteoporosis and thrust", "R-01"),
    ("rheumatoid arthritis outside the neck", "R-12"),
    ("anticoagulants and thrust to the neck", "R-46"),
    ("raised intracranial pressure", "R-88"),
    ("deep vein thrombosis and pumps", "R-56"),
    ("muscle energy after surgery", "R-98"),
    ("CV4 in pregnancy", "R-138"),
    ("cancer and lymphatic work", "R-62"),
    ("aortic aneurysm", "R-42"),
    ("aspirin and thrust", "R-55"),
]
SOURCE = '[[source]]\nid = "a-book"\ntitle = "A book"\nretrieved = true\n'
MARK = 'sources = ["a-book"]\nconfidence = "K"\n'
FACT = f'[[fact]]\nid = "ra"\ntitle = "RA"\ngroup = "gate"\nask = "RA?"\n{MARK}'
RULE = (
    '[[contraindication]]\nid = "R-10"\nsection = "2b"\ntechniques = ["HVLA"]\nregions = ["cervical"]\n'
    f'facts = ["ra"]\nlevel = "absolute"\nwhy = "why"\ninstead = "instead"\n{MARK}'
)


def test_the_matrix_is_whole() -> None:
    rules = load().all(Contraindication)
    assert Counter(rule.section for rule in rules) == SECTIONS
    assert Counter(rule.level for rule in rules) == LEVELS
    assert len(rules) == 137


def test_the_rules_that_wait_for_a_sign_off_are_those_of_teaching() -> None:
    rules = load().all(Contraindication)
    assert [rule.id for rule in rules if rule.confidence.value == "K"] == SIGN_OFF_FIRST


def test_what_is_disputed_or_unconfirmed_says_what_of_it() -> None:
    silent = [
        rule.id for rule in load().all(Contraindication) if rule.confidence.value in "K?" and not rule.doubt
    ]
    assert silent == []


@pytest.mark.parametrize(("topic", "rule"), CONTESTED)
def test_a_contested_question_is_shown_as_such(topic: str, rule: str) -> None:
    record = load().get(Contraindication, rule)
    assert record.topic == topic
    assert record.contested


def test_every_fact_is_asked_for_by_a_rule_or_leads_to_one() -> None:
    needed = {code for rule in load().all(Contraindication) for code in rule.facts}
    idle = [
        fact.id
        for fact in load().all(PatientFact)
        if fact.id not in needed and not set(fact.implies) & needed
    ]
    assert idle == []


def test_a_rule_of_the_same_region_asks_for_regional_facts_only() -> None:
    known = load()
    for rule in known.all(Contraindication):
        if "same" in rule.regions:
            assert all(is_flag(code) or known.get(PatientFact, code).regional for code in rule.facts), rule.id


def test_there_is_a_card_for_every_technique_code() -> None:
    cards = load().all(TechniqueCard)
    assert len(cards) == 23
    for card in cards:
        assert card.review_state == AWAITING_REVIEW
        assert card.translation_state == AWAITING_TRANSLATOR


def test_the_thrust_is_the_roughest_technique() -> None:
    cards = load().all(TechniqueCard)
    assert [card.id for card in cards if card.gentleness == 5] == ["HVLA"]


def test_every_record_that_is_named_by_another_is_of_a_kind_that_is_there() -> None:
    named = {kind for record in load().everything() for kind, _ in record.points_to()}
    assert {"fact", "techniquecard", "technique", "procedure"} <= named
    assert named <= set(KINDS)


BROKEN = [
    # what is added to a source, a fact `ra` and nothing else; what is wrong with it
    (RULE, []),
    (RULE.replace('["ra"]', '["gout"]'), ["contraindication 'R-10': unknown fact 'gout'"]),
    (FACT.replace('"ra"', '"hot"') + 'implies = ["warm"]\n', ["fact 'hot': unknown fact 'warm'"]),
    (RULE.replace('["cervical"]', '["cervical", "any"]'), ["'any' stands alone"]),
    (FACT.replace('"ra"', '"sprain"') + "regional = true\n", ["a regional fact has ask_where"]),
]


@pytest.mark.parametrize(("text", "problems"), BROKEN)
def test_a_record_that_names_what_is_not_there_does_not_load(
    tmp_path: Path, text: str, problems: list[str]
) -> None:
    path = tmp_path / "words.toml"
    path.write_text(SOURCE + FACT + text, encoding="utf-8")
    if not problems:
        read_files([path])
        return
    with pytest.raises(KnowledgeError) as caught:
        read_files([path])
    assert len(caught.value.problems) == len(problems)
    for found, problem in zip(caught.value.problems, problems, strict=True):
        assert problem in found
