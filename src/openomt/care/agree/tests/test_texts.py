"""What a patient reads: easy in both languages, whole in both, with marks and with the numbers of their figures."""

from __future__ import annotations

import pytest

from openomt.care import words
from openomt.care.agree import services
from openomt.care.agree.answers import assent, questions
from openomt.care.agree.models import Asking
from openomt.care.agree.tests.conftest import as_patient
from openomt.care.agree.texts import plan_text, technique_text
from openomt.knowledge.consent import ConsentPoint
from openomt.knowledge.loader import load
from openomt.knowledge.redflags import AfterEffectNumber
from openomt.knowledge.safety import TechniqueCard
from tests.patient_sentences import measured
from tests.reading_level import grade, spanish_ease

EASY = 65
"""Fernández Huerta: ordinary from 60 on."""
EVERYBODY = frozenset({"all", "child", "pregnant"})


def _own(language: str) -> dict[str, str]:
    found = {key: one[language] for key, one in words.words().items() if key.startswith("agree.")}
    return {key: text.replace("{", "").replace("}", "") for key, text in found.items()}


def test_every_sentence_of_the_pages_reads_at_grade_6_or_below() -> None:
    hard = {
        (key, part): grade([part])
        for key, text in _own("en").items()
        for part in measured(text)
        if grade([part]) > 6
    }
    assert not hard


def test_the_spanish_is_easy_as_a_whole() -> None:
    texts = [text for text in _own("es").values() if len(text.split()) > 3]
    assert spanish_ease(texts) > EASY


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_technique_has_its_text(language: str) -> None:
    for card in load().all(TechniqueCard):
        text = technique_text(card.id, language)
        assert text.does and text.feel and text.do and text.after and text.pose  # noqa: PT018


def test_a_text_is_known_again_by_its_hash_and_no_other_has_it() -> None:
    texts = [technique_text(card.id, lang) for card in load().all(TechniqueCard) for lang in ("en", "es")]
    assert len({text.sha256 for text in texts}) == len(texts)
    assert plan_text("en").sha256 != plan_text("en", EVERYBODY).sha256


def test_serious_harm_is_never_one_number_without_a_mark() -> None:
    serious = {one.id for one in load().all(AfterEffectNumber) if one.serious and one.confidence == "?"}
    points = [one for one in load().all(ConsentPoint) if one.number in serious]
    assert points
    assert all(one.confidence == "?" for one in points)
    assert all(line.mark == "?" for line in technique_text("HVLA", "en").rare)


def test_a_number_that_its_figure_does_not_have_is_refused() -> None:
    figure = next(one for one in load().all(AfterEffectNumber) if one.id == "worse-at-once")
    point = next(one for one in load().all(ConsentPoint) if one.id == "worse-at-once")
    wrong = point.model_copy(update={"en": "Of 100 visits, 3 left people feeling worse."})
    for one, problems in ((point, 0), (wrong, 1)):
        assert (
            len(
                list(
                    ConsentPoint.cross_check(
                        {ConsentPoint: {"a": one}, AfterEffectNumber: {figure.id: figure}}
                    )
                )
            )
            == problems
        )


def test_soreness_other_ways_and_doing_nothing_are_told() -> None:
    plan = plan_text("en")
    assert "sore" in plan.expect[0].text
    assert any("2 " in line.text and "100" in line.text for line in plan.common)
    assert any("do nothing" in line.text for line in plan.other_ways)
    assert any("Very bad pain is not normal" in line.text for line in plan.call)
    assert not any("pregnant" in line.text for line in plan.call)
    assert any("pregnant" in line.text for line in plan_text("en", EVERYBODY).call)


def test_there_are_three_questions_and_an_unconfirmed_age_of_assent() -> None:
    assert len(questions()) == 3
    assert (assent().confidence, bool(assent().doubt)) == ("K", True)


@pytest.mark.django_db
def test_no_english_stands_on_a_spanish_page(asking: Asking) -> None:
    client = as_patient(asking)
    english = {one.strip() for one in _own("en").values() if len(one.split()) > 2}
    english |= {line.text for code in asking.techniques for line in technique_text(code, "en").does}
    english |= {line.text for line in (*plan_text("en").common, *plan_text("en").call)}
    pages = ["", "/questions", *(f"/step/{one.name}" for one in services.steps(asking))]
    for path in pages:
        page = client.get(f"/my/agree/{asking.uid}{path}?lang=es").content.decode()
        assert 'lang="es"' in page
        assert not [text for text in english if text in page], path
