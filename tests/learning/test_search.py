"""Pages are found by words, with or without accents, in either language."""

from __future__ import annotations

import pytest

from openomt.medicine.learning import search


def first(query: str, language: str, most: int = 3) -> list[str]:
    return [found.page.slug for found in search(query, language)[:most]]


@pytest.mark.parametrize(
    ("query", "language", "slug"),
    [
        ("ciatica", "es", "sciatica"),
        ("CIÁTICA", "es", "sciatica"),
        ("colico", "es", "colic"),
        ("bebé que llora", "es", "colic"),
        ("embarazo", "es", "pregnancy"),
        ("dolor de cuello", "es", "neck-pain"),
        ("what is a DO", "en", "what-a-do-is"),
        ("headache", "en", "tension-headache"),
        ("neck", "en", "neck-pain"),
        ("knee artritis", "en", "knee-arthritis"),
        ("HVLA", "en", "thrust"),
        ("911", "en", "when-to-call"),
        ("chiropractor", "en", "three-kinds-of-hands-on-care"),
    ],
)
def test_a_page_is_among_the_first_found(query: str, language: str, slug: str) -> None:
    assert slug in first(query, language)


@pytest.mark.parametrize("query", ["", "   ", "?!", "\u0301"])
def test_a_search_without_words_finds_nothing(query: str) -> None:
    assert search(query, "en") == ()


def test_words_that_stand_nowhere_find_nothing() -> None:
    assert search("zzyzx", "en") == ()


def test_a_very_long_search_is_answered() -> None:
    assert search("neck " * 10_000, "en")


def test_what_is_shown_beside_a_title_holds_the_word() -> None:
    found = {one.page.slug: one.snippet for one in search("soldiers", "en")}
    assert "soldiers" in found["new-low-back-pain"]
