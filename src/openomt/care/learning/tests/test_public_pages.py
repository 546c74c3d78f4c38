"""Every public page in both languages: light, whole without JavaScript, easy, complete in Spanish, no dead link."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from openomt.care.learning.tests.reading import Reader, read
from openomt.care.testing import location, practice
from openomt.medicine import learning
from openomt.medicine.learning import CONDITIONS, LEARN, TECHNIQUES
from tests.patient_sentences import measured
from tests.reading_level import grade, spanish_ease

MOST_BYTES = 60_000
GRADE, EASE = 6, 70
NAMES = {LEARN: "learning_page", CONDITIONS: "learning_condition", TECHNIQUES: "learning_technique"}
PATHS = [
    "/",
    "/learn/",
    "/learn/conditions/",
    "/learn/techniques/",
    "/learn/search",
    "/check/",
    *(f"/learn/{'' if place == LEARN else place + '/'}{slug}" for place, slug in learning.all_pages("en")),
]
ENGLISH = re.compile(r"\b(the|and|with|you|your|of|is|are|not|for|what|when|how|to|can)\b", re.IGNORECASE)
ALIKE = frozenset({"Test Practice", "911", "English", "555-0100"})
"""What is the same in both languages: names and numbers."""
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _practice() -> None:
    practice()
    location()


def _read(client: Client, path: str, language: str) -> tuple[str, Reader]:
    answer = client.get(path, {"lang": language})
    assert answer.status_code == 200, path
    page = answer.content.decode()
    assert f'<html lang="{language}"' in page
    return page, read(page)


def test_the_list_of_pages_is_that_of_the_addresses() -> None:
    for place, slug in learning.all_pages("en"):
        assert reverse(NAMES[place], kwargs={"slug": slug}) in PATHS
    assert len(PATHS) == 6 + 78


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_light_whole_and_easy_to_read(path: str, language: str, client: Client) -> None:
    page, seen = _read(client, path, language)
    assert len(page.encode()) < MOST_BYTES
    assert "<script" not in page
    assert len(re.findall(r"<h1[ >]", page)) == 1
    said = [part for text in seen.texts for part in measured(text)]
    assert len(said) >= 3
    if language == "en":
        assert grade(said) <= GRADE
    else:
        assert spanish_ease(said) >= EASE


@pytest.mark.parametrize(("place", "slug"), list(learning.all_pages("en")))
def test_a_page_says_all_of_its_record_who_reviewed_it_when_and_its_sources(
    place: str, slug: str, client: Client
) -> None:
    for language in ("en", "es"):
        known = learning.page(place, slug, language)
        assert known is not None
        _page, seen = _read(client, reverse(NAMES[place], kwargs={"slug": slug}), language)
        whole = " ".join(seen.texts)
        for text in (known.title, known.lead, *(line.text for line in known.lines)):
            assert " ".join(text.split()) in whole, text
        assert "2026" in whole
        assert "2027" in whole
        waits = "licensed osteopathic physician" if language == "en" else "médico osteópata con licencia"
        assert waits in whole
        assert ("awaiting a translator" in whole, "en espera de un traductor" in whole) == (
            False,
            language == "es",
        )
        for source in known.sources:
            assert source.title in _page.replace("&#x27;", "'").replace("&amp;", "&")


@pytest.mark.parametrize("path", [*PATHS, "/learn/search?q=espalda"])
def test_no_english_stands_on_a_spanish_page(path: str, client: Client) -> None:
    _page, spanish = _read(client, path, "es") if "?" not in path else _searched(client, path)
    _other, english = _read(client, path.partition("?")[0], "en")
    theirs = {part for text in (*english.texts, *english.spoken) for part in (text, *measured(text))}
    ours = {part for text in (*spanish.texts, *spanish.spoken) for part in (text, *measured(text))}
    assert len(ours) > 8
    leaked = {text for text in ours & theirs if not _is_name(text)}
    assert leaked == set()
    words = {text: found for text in ours if len(found := ENGLISH.findall(text)) > 1}
    assert words == {}


def _searched(client: Client, path: str) -> tuple[str, Reader]:
    page = client.get(f"{path}&lang=es").content.decode()
    return page, read(page)


def _is_name(text: str) -> bool:
    return text in ALIKE or not re.search(r"[a-záéíóúñ]{4}", text)


def test_what_looks_for_english_finds_it() -> None:
    assert len(ENGLISH.findall("Read what it is and how to book")) > 1
    assert not _is_name("Low back pain")
    assert read("<p>Hola <b>a</b> todos</p><p lang='en'>Not read</p><li>Uno</li>").texts == [
        "Hola a todos",
        "Uno",
    ]


@pytest.mark.parametrize("path", PATHS)
def test_every_link_leads_somewhere(path: str, client: Client) -> None:
    page, seen = _read(client, path, "en")
    here = [link for link in seen.links if not link.startswith("tel:")]
    assert len(here) >= 5
    for link in here:
        target = urlsplit(link)
        assert not target.netloc, link
        if not target.path:
            assert f'id="{target.fragment}"' in page, link
        elif target.path.startswith(("/learn/", "/check/")):
            assert client.get(link).status_code == 200, link
        else:
            _resolves(target.path)


def _resolves(path: str) -> None:
    try:
        resolve(path)
    except Resolver404:
        pytest.fail(f"no such address: {path}")


def test_a_page_that_is_not_there_is_not_found(client: Client) -> None:
    for path in ("/learn/nothing", "/learn/conditions/nothing", "/learn/techniques/nothing"):
        assert client.get(path).status_code == 404


def test_every_condition_is_listed_under_its_label_the_negative_ones_too(client: Client) -> None:
    page, seen = _read(client, "/learn/conditions/", "en")
    places = [seen.texts.index(next(text for text in seen.texts if text.startswith(title))) for title in (
        "Studied most", "Early evidence", "Not enough evidence", "Tested, did not help", "Ask first")]  # fmt: skip
    assert places == sorted(places)
    for known in learning.pages(CONDITIONS, "en"):
        assert f'href="/learn/conditions/{known.slug}"' in page
    assert "bone cancer" in " ".join(seen.texts)


def test_counts_are_drawn_and_said(client: Client) -> None:
    page, seen = _read(client, "/learn/conditions/low-back-pain", "en")
    assert "63 of 100 people" in seen.spoken
    assert "46 of 100 people" in seen.spoken
    assert 'class="hundred"' in page


def test_every_technique_has_a_drawing_that_is_said_in_words(client: Client) -> None:
    for known in learning.pages(TECHNIQUES, "es"):
        page, seen = _read(client, f"/learn/techniques/{known.slug}", "es")
        assert page.count('<svg class="figure"') == len(known.poses)
        assert sum("Los puntos muestran" in text for text in seen.spoken) == len(known.poses)


def test_a_search_finds_without_accents_and_keeps_what_was_typed(client: Client) -> None:
    answer = client.get("/learn/search", {"q": "ciatica <b>", "lang": "es"}).content.decode()
    assert 'href="/learn/conditions/sciatica"' in answer
    assert 'value="ciatica &lt;b&gt;"' in answer


def test_a_search_without_a_result_says_what_to_try(client: Client) -> None:
    assert "Try one short word" in client.get("/learn/search", {"q": "zzyzx"}).content.decode()


@pytest.mark.parametrize("query", ["a" * 5000, "%", "\u202e", "';--", "١٢"])
def test_no_search_ends_in_an_error(query: str, client: Client) -> None:
    assert client.get("/learn/search", {"q": query}).status_code == 200


def test_pages_only_read(client: Client) -> None:
    for path in ("/learn/", "/learn/pregnancy", "/learn/search"):
        assert client.post(path).status_code == 405
