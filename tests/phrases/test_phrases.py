"""The matcher reads small texts as the table beside this file says."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openomt.medicine.phrases import Matcher, Mention, Phrase, Status, ordinary_words, triggers
from openomt.medicine.phrases.pattern import PatternError, steps

TABLE: dict[str, Any] = tomllib.loads((Path(__file__).parent / "phrases.toml").read_text(encoding="utf-8"))
ROWS = [
    pytest.param(text, means, id=f"{case['title']}: {text}")
    for case in TABLE["case"]
    for text, means in case["rows"]
]


@cache
def matcher() -> Matcher:
    phrases = [Phrase(meaning, words) for meaning, words in TABLE["phrases"].items()]
    return Matcher(phrases, triggers(), ordinary_words())


def said(mention: Mention) -> str:
    status = "" if mention.status is Status.PRESENT else f" {mention.status.value}"
    return f"{mention.meaning}{'' if mention.exact else '~'}{status}"


@pytest.mark.parametrize(("text", "means"), ROWS)
def test_a_text_is_read_as_the_table_says(text: str, means: list[str]) -> None:
    assert [said(mention) for mention in matcher().find(text)] == means


def test_a_mention_carries_its_words_and_what_decided() -> None:
    text = "Mother: OSTEOPOROSIS"
    (mention,) = matcher().find(text)
    assert mention.words == text[mention.start : mention.end] == "OSTEOPOROSIS"
    assert mention.because == "Mother"


@pytest.mark.parametrize(
    ("words", "count"),
    [("a {b|c} d", 2), ("a [b] c", 2), ("one two", 1), ("a & b", 2), ("a {b|c d} [e]", 4), ("can't", 1)],
)
def test_a_pattern_stands_for_so_many_runs_of_words(words: str, count: int) -> None:
    assert len(steps(words, 3)) == count


@pytest.mark.parametrize("words", ["", "... a", "a ...", "a & ", "ab*", "[a]"])
def test_a_pattern_nobody_can_read_is_refused(words: str) -> None:
    with pytest.raises(PatternError):
        steps(words, 3)


def test_a_phrase_without_meaning_shields_its_words() -> None:
    shielded = Matcher([Phrase("fracture", "fracture"), Phrase("", "fracture risk")])
    assert shielded.find("fracture risk") == ()
    assert [m.meaning for m in shielded.find("fracture")] == ["fracture"]


def test_a_whole_entry_is_an_entry_and_not_a_part_of_one() -> None:
    entry = Matcher([Phrase("ms", "ms", whole=True)], triggers())
    assert entry.find("MS") != ()
    assert entry.find("COPD, MS, GERD") != ()
    assert entry.find("h/o MS 2010") != ()
    assert entry.find("Ms Jones") == ()


def test_a_phrase_may_refuse_misspellings() -> None:
    strict = Matcher([Phrase("x", "warfarin", typos=False)])
    assert strict.find("warfarn") == ()


@given(st.text(max_size=300))
@settings(deadline=None)
def test_no_text_raises(text: str) -> None:
    for mention in matcher().find(text):
        assert 0 <= mention.start < mention.end <= len(text)
        assert mention.words == text[mention.start : mention.end]
