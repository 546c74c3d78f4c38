"""Every page of the patient's side in both languages: there, light, whole without scripts, easy, wholly Spanish."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

import pytest
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve

from openomt.care.portal.testing import visiting
from openomt.care.testing import undone
from openomt.care.words import words
from openomt.site.tests.patient_pages import (
    LANGUAGES,
    NO_PAGE,
    Page,
    Walk,
    every_page,
    get,
    page_routes,
    path_of,
)
from openomt.site.tests.world import World
from tests.patient_sentences import everything_told, measured
from tests.reading_level import grade, sentences, spanish_ease

MOST_BYTES = 60_000
GRADE, EASE = 6, 70
FEWEST = 3
"""Words from which on a text is a sentence and not a name."""
ENGLISH = re.compile(r"\b(the|and|with|you|your|of|is|are|not|for|what|when|how|to|can)\b", re.IGNORECASE)
TYPED = (
    "Sleep through the night",
    "Mid-back pain",
    "Sit through a meeting",
    "Walk ten minutes a day",
    "Please rest.",
    "May I swim?",
    "Report",
    "enoxaparin 40 mg daily",
    "Main Street",
    "Test Practice",
    "Physician Person",
    "Trainee Person",
)
"""What the people of `world.py` typed or are called: it stays as it is in every language."""
IN_ONE = {f"intake_mine_question {key}" for key in ("evs-q1", "evs-q2", "moves", "interpreter")} | {
    f"intake_mine_question short peg-q{number}" for number in (1, 2, 3)
}
"""Questions of a form that has no Spanish edition, and what is asked in Spanish in their place and beside."""
NO_NAME = re.compile(r"[a-záéíóúñ]{4}")
_SLOT = re.compile(r"\{\w*\}")


@pytest.fixture(scope="module")
def walk(world: World) -> Walk:
    return every_page(world)


@pytest.fixture(scope="module")
def pages(walk: Walk) -> list[Page]:
    return walk.pages


def _twins(pages: Iterable[Page]) -> Iterator[tuple[Page, Page]]:
    """English and Spanish of the same page."""
    english = {page.name: page for page in pages if page.language == "en"}
    return ((english[page.name], page) for page in pages if page.language == "es" and page.name in english)


def _without_typed(text: str) -> str:
    for typed in TYPED:
        text = text.replace(typed, "")
    return " ".join(text.split())


@cache
def _fixed() -> frozenset[str]:
    """Published wording of questionnaires, which nobody may make easier."""
    return frozenset(one.en for one in everything_told() if one.fixed)


def _read(page: Page) -> list[str]:
    """The sentences of a page that somebody else did not type and that are ours to word."""
    return [
        part
        for text in page.seen.texts
        if text not in _fixed()
        for part in measured(_without_typed(text))
        if re.search(r"[^\W\d_]", part)
    ]


def test_each_page_is_fetched_and_nothing_is_listed_that_is_not_there(pages: list[Page]) -> None:
    names = {route.name for route in page_routes()}
    assert not NO_PAGE - names
    fetched = {page.name.split(" ")[0] for page in pages}
    assert fetched >= names - NO_PAGE
    assert len(pages) > 150


def test_what_shows_no_page_is_no_page(world: World, pages: list[Page]) -> None:
    fetched = {page.name.split(" ")[0] for page in pages}
    for route in page_routes():
        if route.name in NO_PAGE - fetched:
            with undone():
                page = get(visiting(Client(), world.patient), route.name, world.address(route), "en")
            assert page.status != 200 or "html" not in page.kind, route.name


def test_each_page_opens_in_the_language_that_was_asked_for(pages: list[Page]) -> None:
    wrong = [
        f"{page}: {page.status} {page.kind}"
        for page in pages
        if page.status != 200 or f'<html lang="{page.language}"' not in page.code
    ]
    assert not wrong


def test_each_page_is_light(pages: list[Page], tell: Callable[[str], None]) -> None:
    heaviest = sorted(pages, key=lambda page: -page.size)
    tell(
        f"{len(pages)} pages of patients; heaviest: "
        + ", ".join(f"{page} {page.size / 1000:.1f} kB" for page in heaviest[:5])
    )
    assert not [f"{page}: {page.size}" for page in pages if page.size >= MOST_BYTES]


# No English on a Spanish page -----------------------------------------------------------------------------


def _pattern(text: str) -> tuple[str, re.Pattern[str]]:
    """The longest piece of a sentence without values, to look for first; and the sentence with any values."""
    pieces = _SLOT.split(text)
    return max(pieces, key=len), re.compile(r"(?<!\w)" + ".+?".join(map(re.escape, pieces)) + r"(?!\w)")


def _english() -> dict[str, tuple[str, re.Pattern[str]]]:
    """Every English sentence that has a Spanish one, of the pages' words and of the records."""
    both = [(one["en"], one["es"]) for one in words().values()]
    both += [(one.en, one.es) for one in everything_told()]
    found = {}
    for english, spanish in both:
        theirs = set(sentences(spanish))
        for part in sentences(english):
            if part not in theirs and len(_SLOT.sub("", part).split()) >= FEWEST:
                found[part] = _pattern(part)
    return found


def test_no_english_sentence_of_ours_stands_on_a_spanish_page(pages: list[Page]) -> None:
    told = _english()
    assert len(told) > 1000
    leaks, met = [], 0
    for english, spanish in _twins(pages):
        there, here = "\n".join(english.texts), "\n".join(map(_without_typed, spanish.texts))
        for part, (piece, pattern) in told.items():
            met += piece in there and pattern.search(there) is not None
            if piece in here and pattern.search(here):
                leaks.append(f"{spanish}: {part}")
    assert met > 1000
    assert not leaks, "\n".join(leaks)


def test_no_sentence_of_the_english_page_stands_on_the_spanish_one(pages: list[Page]) -> None:
    leaks, compared = [], 0
    for english, spanish in _twins(pages):
        theirs = {part for text in english.texts for part in (text, *sentences(text))}
        ours = {part for text in spanish.texts for part in (text, *sentences(text))}
        compared += len(ours)
        leaks += [
            f"{spanish}: {text}"
            for text in sorted(ours & theirs)
            if NO_NAME.search(_without_typed(text)) and not _is_alike(text)
        ]
        leaks += [
            f"{spanish}: {text} {found}"
            for text in sorted(ours)
            if len(found := ENGLISH.findall(_without_typed(text))) > 1
        ]
    assert compared > 1000
    assert not leaks, "\n".join(leaks)


def _is_alike(text: str) -> bool:
    return text in ALIKE or text.endswith("Quill") or text.startswith(("OpenOMT", "Ada"))


ALIKE = frozenset({"English", "Español", "PDF"})
"""The same in both languages."""


# How hard it is to read ----------------------------------------------------------------------------------


def test_each_page_is_easy_to_read(pages: list[Page], tell: Callable[[str], None]) -> None:
    grades = {page: grade(said) for page in pages if page.language == "en" and (said := _read(page))}
    eases = {page: spanish_ease(said) for page in pages if page.language == "es" and (said := _read(page))}
    unread = [str(page) for page in pages if page not in grades and page not in eases]
    assert not unread
    for name, found, hardest in (
        ("grade (Flesch-Kincaid), hardest", grades, sorted(grades.items(), key=lambda one: -one[1])),
        ("ease (Fernández Huerta), hardest", eases, sorted(eases.items(), key=lambda one: one[1])),
    ):
        mean = sum(found.values()) / len(found)
        told = ", ".join(f"{page.name} {value:.1f}" for page, value in hardest[:5])
        tell(f"{name}: {told}; mean of {len(found)} pages {mean:.1f}")
    hard = [f"{page}: grade {value:.1f}" for page, value in grades.items() if value > GRADE]
    hard += [f"{page}: ease {value:.0f}" for page, value in eases.items() if value < EASE]
    assert not hard, "\n".join(hard)


# Whole without scripts, and no dead end -----------------------------------------------------------------


def test_each_form_can_be_sent_without_a_script(pages: list[Page]) -> None:
    forms = [(page, form) for page in pages for form in page.seen.forms]
    assert len(forms) > 100
    assert not [f"{page}: {form.action}" for page, form in forms if not form.sends]
    assert not [
        str(page)
        for page in pages
        if re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|href=.javascript:", page.code)
    ]


def test_nothing_is_loaded_from_elsewhere(pages: list[Page]) -> None:
    assert not [
        f"{page}: {one}"
        for page in pages
        for one in page.seen.loads
        if not one.startswith(settings.STATIC_URL)
    ]


def test_each_link_and_each_form_leads_somewhere(walk: Walk) -> None:
    dead = [
        f"{page}: {link} answers {code}"
        for link, (page, code) in walk.answers.items()
        if code not in {200, 302}
    ]
    assert len(walk.answers) > 100
    for page in walk.pages:
        for address in [*page.seen.links, *(form.action for form in page.seen.forms)]:
            if address.startswith("#"):
                dead += [] if f'id="{address[1:]}"' in page.code else [f"{page}: {address}"]
            elif (path := path_of(page, address)) and not _resolves(path):
                dead.append(f"{page}: {address}")
    assert not dead, "\n".join(dead)


def _resolves(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def test_both_languages_are_walked(pages: list[Page]) -> None:
    assert {page.language for page in pages} == set(LANGUAGES)
    assert {page.name for page in pages} - {page.name for _english, page in _twins(pages)} == IN_ONE
