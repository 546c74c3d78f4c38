"""What must hold for any text: nothing raises, a denial is no fact, and relatives are not the patient."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openomt.knowledge import load
from openomt.knowledge.recognition import FactPhrase, MedicineClass
from openomt.medicine.phrases import Status
from openomt.medicine.phrases.pattern import steps
from openomt.medicine.safety.chart import BoneDensity, Chart, Medicine, Problem, Surgery
from openomt.medicine.safety.recognition_tables import recognition_tables
from openomt.medicine.safety.recognize import recognize

TODAY = date(2026, 3, 2)
DENIED = {
    "en": ("no {}", "denies {}", "Denies fever or {}.", "without {}", "negative for {}", "{}: no"),
    "es": ("no tiene {}", "niega {}", "sin {}", "nunca ha tenido {}"),
}
OF_FAMILY = {
    "en": ("mother has {}", "mother had {}", "FHx: {}", "family history of {}"),
    "es": ("madre con {}", "su padre tiene {}"),
}
ITSELF_A_DENIAL = {"gates consent", "gates no dysfunction", "pregnancy test negative"}
"""Phrases that hold a denial of their own: two of them say nothing anybody would write."""
WORDS = st.sampled_from(
    [
        "osteoporosis", "no", "denies", "mother", "DVT", "?", ",", ".", "Eliquis", "2014", "fracture",
        "of", "hip", "s/p", "L4-S1", "fusion", "(", ")", "-", ":", "\n", "prednisone", "x", "5", "weeks",
        "ago", "pregnant", "22w3d", "T", "-2.7", "BP", "184/112", "and", "or", "but", "hx", "r/o",
        "embarazada", "sin", "fiebre", "38.9", "RA",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=30).map(" ".join))


def spoken(words: str, gap: int = 0) -> str:
    """One way of saying a phrase, its gaps closed."""
    run = steps(words, gap)[0]
    return " ".join(
        step[1:].upper() if step.startswith("^") else step.rstrip("*")
        for step in run
        if isinstance(step, str)
    )


def statuses(text: str, meaning: str) -> set[Status]:
    return {m.status for m in recognition_tables().matcher.find(text) if m.meaning == meaning}


PHRASES = [
    pytest.param(record, name, id=f"{record.id}: {name[:40]}")
    for record in load().all(FactPhrase)
    for name in record.names
    if record.facts or record.asks
]
MEDICINES = [
    pytest.param(f"medicine:{record.id}", name, id=name)
    for record in load().all(MedicineClass)
    for name in record.names
]


@pytest.mark.parametrize(("record", "name"), PHRASES)
def test_what_is_denied_or_of_the_family_is_never_a_fact(record: FactPhrase, name: str) -> None:
    meaning, text = f"phrase:{record.id}", spoken(name, record.gap)
    assert record.whole or meaning in {m.meaning for m in recognition_tables().matcher.find(text)}
    if record.id not in ITSELF_A_DENIAL:
        for wording in DENIED[record.language]:
            assert statuses(wording.format(text), meaning) <= {Status.NEGATED}, wording
    for wording in OF_FAMILY[record.language]:
        assert statuses(wording.format(text), meaning) <= {Status.FAMILY}, wording


@pytest.mark.parametrize(("meaning", "name"), MEDICINES)
def test_a_medicine_denied_or_of_the_family_is_not_taken(meaning: str, name: str) -> None:
    for wording in ("not on {}", "denies taking {}", "no longer takes {}"):
        assert statuses(wording.format(spoken(name)), meaning) <= {Status.NEGATED}, wording
    assert statuses(f"mother takes {spoken(name)}", meaning) <= {Status.FAMILY}


@given(TEXTS)
@settings(deadline=None)
def test_no_text_raises_and_every_span_lies_in_it(text: str) -> None:
    read = recognize(
        Chart(
            problems=(Problem(text, text[:8]),),
            medicines=(Medicine(text),),
            surgeries=(Surgery(text),),
            bone_density=(BoneDensity(text=text),),
            text=text,
        ),
        TODAY,
    )
    origins = [known.origins for known in read.present] + [asked.origins for asked in read.questions]
    for found in origins:
        for origin in found:
            assert 0 <= origin.start <= origin.end <= len(origin.source)


@given(TEXTS.map(str.strip).filter(bool))
@settings(deadline=None)
def test_a_later_sentence_changes_nothing_said_before(text: str) -> None:
    matcher = recognition_tables().matcher
    before = matcher.find(f"{text} .")
    assert matcher.find(f"{text} . Works in a garden")[: len(before)] == before


@given(st.sampled_from(["osteoporosis", "epilepsy", "hemophilia", "COPD"]), st.integers(0, 200))
@settings(deadline=None)
def test_reading_twice_gives_the_same(word: str, times: int) -> None:
    chart = Chart(text=f"{word}, no fever. " * (times % 5))
    assert recognize(chart, TODAY) == recognize(chart, TODAY)
