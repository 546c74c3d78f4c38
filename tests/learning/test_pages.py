"""The public's pages hold together: every condition and technique has one, in both languages, as its records say."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from openomt.knowledge import KnowledgeError, load
from openomt.knowledge.evidence import Condition
from openomt.knowledge.learning import ConditionPage, EducationPage, TechniquePage
from openomt.knowledge.loader import DATA, read_files
from openomt.knowledge.safety import TechniqueCard
from openomt.medicine import learning
from openomt.medicine.learning import CONDITIONS, LEARN, TECHNIQUES, Page
from tests.evidence.test_evidence_claims import claims_in
from tests.patient_sentences import measured
from tests.reading_level import grade, spanish_ease

GRADE, EASE = 6, 70
"""Fernández Huerta calls 70 and more fairly easy, which is what sixth grade reads."""
LANGUAGES = ("en", "es")
ASKED_FOR = {
    "what-omt-is", "what-a-do-is", "who-gets-omt", "who-should-wait", "benefits-and-risks", "before-your-visit",
    "during-your-visit", "after-your-visit", "when-to-call", "three-kinds-of-hands-on-care", "babies-and-children",
    "pregnancy", "older-people", "questions",
}  # fmt: skip


def everything() -> list[Page]:
    return [page for language in LANGUAGES for page in learning.all_pages(language).values()]


def sentences(page: Page) -> list[str]:
    return [
        part for text in (page.lead, *(line.text for line in page.lines)) if text for part in measured(text)
    ]


def test_every_subject_asked_for_has_a_page() -> None:
    assert {page.slug for page in learning.pages(LEARN, "en")} == ASKED_FOR
    assert len(learning.pages(CONDITIONS, "en")) == 41
    assert len(learning.pages(TECHNIQUES, "en")) == 23


def test_both_languages_have_the_same_pages_with_as_many_lines() -> None:
    english, spanish = (learning.all_pages(language) for language in LANGUAGES)
    assert list(english) == list(spanish)
    for key, page in english.items():
        other = spanish[key]
        assert [len(part.lines) for part in page.parts] == [len(part.lines) for part in other.parts], key
        assert len(page.advice) == len(other.advice), key


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="'fr'"):
        learning.all_pages("fr")


@pytest.mark.parametrize("page", everything(), ids=lambda page: f"{page.language} {page.place}/{page.slug}")
def test_a_page_is_easy_to_read(page: Page) -> None:
    said = sentences(page)
    assert len(said) >= 3
    if page.language == "en":
        assert grade(said) <= GRADE
    else:
        assert spanish_ease(said) >= EASE


def test_no_page_makes_a_claim_that_nobody_may_make() -> None:
    texts = [(page.slug, text) for page in everything() for text in (page.title, *sentences(page))]
    assert len(texts) > 1000
    assert [(slug, text) for slug, text in texts if claims_in(text)] == []


def test_every_page_has_sources_a_day_and_says_truly_who_read_it() -> None:
    for page in everything():
        assert page.sources, page.slug
        assert page.written < page.review_due <= page.written + dt.timedelta(days=366), page.slug
        assert page.reviewed is None, (
            page.slug
        )  # no physician has read any yet: change this with the first review
        assert page.translated is None, page.slug


def test_the_label_and_the_advice_of_a_condition_are_those_of_its_records() -> None:
    for record in load().all(ConditionPage):
        page = learning.page(CONDITIONS, record.id, "en")
        rows = [load().get(Condition, name) for name in record.conditions]
        assert page is not None
        assert page.label is not None
        assert {row.label for row in rows} == {page.label.code}
        assert rows[0].en in page.lead
        assert {source for row in rows for source in row.sources} <= set(_ids(page))


def _ids(page: Page) -> list[str]:
    titles = {source.title: name for name, source in load().sources.items()}
    return [titles[source.title] for source in page.sources]


def test_what_was_tested_and_did_not_help_says_so() -> None:
    colic = learning.page(CONDITIONS, "colic", "en")
    assert colic is not None
    assert colic.label is not None
    assert colic.label.title == "Tested, did not help"
    assert any("do not show that OMT helps" in line.text for line in colic.advice)


def test_counts_are_of_the_same_hundred_and_name_both_groups() -> None:
    pages = [page for page in everything() if page.tallies]
    assert {page.slug for page in pages} == {"low-back-pain", "breastfeeding", "cerebral-palsy"}
    for page in pages:
        for tally in page.tallies:
            assert tally.of == 100
            assert tally.against


def test_what_was_not_read_again_carries_its_mark_to_the_page() -> None:
    """A condition with a study that was written from memory shows the mark on some line."""
    shown: dict[str, tuple[str, ...]] = {}
    for record in load().all(ConditionPage):
        page = learning.page(CONDITIONS, record.id, "en")
        assert page is not None
        for name in record.conditions:
            if any(study.mark == "M" for study in load().get(Condition, name).studies):
                shown[name] = page.marks
    unmarked = {name for name, marks in shown.items() if "K" not in marks}
    assert len(shown) > 5
    assert unmarked == {"shoulder-pain"}  # its study from memory is not told on the page
    course = learning.page(CONDITIONS, "back-pain-after-birth", "es")
    assert course is not None
    assert [line.mark for line in course.advice if "8 semanas" in line.text] == ["K"]


def test_every_technique_says_what_it_feels_like_and_is_drawn_as_its_card_allows() -> None:
    cards = {card.id for card in load().all(TechniqueCard)}
    assert {record.code for record in load().all(TechniquePage)} == cards
    for page in learning.pages(TECHNIQUES, "es"):
        assert [part.name for part in page.parts] == ["does", "feel", "do", "after"]
        assert page.poses


@pytest.mark.parametrize("page", everything(), ids=lambda page: f"{page.language} {page.place}/{page.slug}")
def test_every_link_of_a_page_leads_to_a_page(page: Page) -> None:
    for link in (*page.related, *page.uses):
        other = learning.page(link.place, link.slug, page.language)
        assert other is not None
        assert other.title == link.title


# --- what the loader refuses ---------------------------------------------------------------------


def _changed(tmp_path: Path, file: str, old: str, new: str) -> list[str]:
    """The problems of all records, with one text of one file changed."""
    paths = [
        path for path in sorted(DATA.rglob("*.toml")) if path.name != file or path.parent.name != "pages"
    ]
    source = DATA / "pages" / file
    text = source.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as refused:
        read_files([*paths, tmp_path / file])
    return refused.value.problems


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("conditions.toml", 'conditions = ["migraine"]', 'conditions = ["ibs"]', "condition 'migraine' has 0 pages"),
        ("conditions.toml", "with_omt = 63", "with_omt = 64", "a number that 'chronic-low-back-pain-sham' does"),
        ("conditions.toml", "with_omt = 63", "with_omt = 163", "more than there are people"),
        (
            "conditions.toml",
            'conditions = ["migraine"]',
            'conditions = ["migraine", "copd"]',
            "its conditions have different labels",
        ),
        ("techniques.toml", 'code = "CV4"', 'code = "SOR"', "technique 'CV4' has 0 pages"),
        ("techniques.toml", 'poses = ["back"]', 'poses = ["standing"]', "drawn standing, which its card"),
        ("pages.toml", "review_due = 2027-11-30", "review_due = 2026-11-30", "review_due must be after written"),
        ("pages.toml", 'sources = ["SP-THV"], c', 'sources = ["CDC"], c', "must be a source of the page"),
        ("pages.toml", '"aftercare:do-drink"', '"aftercare:do-drank"', "unknown aftercare 'do-drank'"),
        ("pages.toml", '"learn/what-a-do-is"', '"learn/what-a-do"', "unknown educationpage 'what-a-do'"),
        ("selfcheck.toml", '"stroke", ', '"strike", ', "unknown screenquestion 'strike'"),
    ],
)  # fmt: skip
def test_a_page_that_does_not_hold_together_is_refused(
    file: str, old: str, new: str, problem: str, tmp_path: Path
) -> None:
    problems = _changed(tmp_path, file, old, new)
    assert any(problem in one for one in problems), problems


def test_every_page_of_its_own_is_in_a_topic_once() -> None:
    places = [(page.topic, page.order) for page in load().all(EducationPage)]
    assert len(places) == len(set(places))
    assert {topic for topic, _ in places} == set(learning.TOPICS)
