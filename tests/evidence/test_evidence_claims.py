"""No text for patients, in whatever record, makes a claim that nobody may make."""

from __future__ import annotations

import re
from functools import cache

import pytest

from openomt.knowledge import load
from openomt.knowledge.evidence import BarredClaim, Condition, EvidenceLabel
from openomt.medicine.techniques.telling import evidence_of
from openomt.medicine.techniques.values import Match
from tests.patient_sentences import everything_told


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str] | None], ...]:
    return tuple(
        (record.id, _any(record.words + record.words_es), _any(record.allowed) if record.allowed else None)
        for record in load().all(BarredClaim)
    )


def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(word) for word in words)})(?!\w)", re.IGNORECASE)


def claims_in(text: str) -> list[str]:
    """The barred claims a text makes."""
    found = []
    for claim, barred, allowed in _patterns():
        if barred.search(allowed.sub(" ", text) if allowed else text):
            found.append(claim)
    return found


def test_no_text_for_patients_makes_a_barred_claim() -> None:
    texts = everything_told()
    assert len(texts) > 100
    made = [(text.where, claims_in(f"{text.en} / {text.es}")) for text in texts if not text.fixed]
    assert [one for one in made if one[1]] == []


def test_no_sentence_put_together_for_a_patient_makes_one() -> None:
    for record in load().all(Condition):
        match = Match(record.id, record.number, record.title, sure=True, words="", studied=False)
        for sentence in evidence_of(match, weighed=True).patient:
            assert claims_in(f"{sentence.en} / {sentence.es}") == [], sentence


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("OMT treats back pain.", "treats"),
        ("It cures colic.", "cures"),
        ("OMT boosts immunity.", "immunity"),
        ("A detox for your body.", "toxins"),
        ("It flushes toxins.", "toxins"),
        ("Your spine was out of place.", "realigns"),
        ("OMT realigns your bones.", "realigns"),
        ("Use it instead of antibiotics.", "replaces-care"),
        ("It is better than physical therapy.", "ranks-professions"),
        ("El OMT cura el cólico.", "cures"),
        ("La curación es segura.", "cures"),
        ("Elimina toxinas.", "toxins"),
        ("Refuerza las defensas.", "immunity"),
        ("En lugar de antibióticos.", "replaces-care"),
    ],
)
def test_a_barred_claim_is_noticed(text: str, claim: str) -> None:
    assert claim in claims_in(text)


@pytest.mark.parametrize(
    "text",
    ["Ask the doctor who treats you.", "OMT has been studied for back pain.", "We treated your neck by hand.",
     "Drink water if you are thirsty.", "Con mucho cuidado, en un lugar seguro."],
)  # fmt: skip
def test_honest_words_pass(text: str) -> None:
    assert claims_in(text) == []


def test_each_label_names_the_condition_in_both_languages() -> None:
    for label in load().all(EvidenceLabel):
        assert "{condition}" in label.lead_en
        assert "{condition}" in label.lead_es
