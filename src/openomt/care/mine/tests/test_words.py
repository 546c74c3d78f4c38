"""What a patient reads here is easy to read, and all of it is in their language."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from openomt.care.patients.models import Patient
from openomt.care.portal.testing import visiting
from openomt.care.visits.models import Visit
from openomt.care.words import values_of, words
from tests.reading_level import grade, sentences, spanish_ease

GRADE, EASE = 6, 70
_FEWEST = 4
"""Words of a sentence that can be measured: a single long word is a label."""
OURS = {key: text for key, text in words().items() if key.startswith("mine.")}


def _filled(text: str) -> str:
    return text.format(**dict.fromkeys(values_of(text), "ten"))


def test_every_english_sentence_reads_at_grade_6_or_below() -> None:
    parts = [part for text in OURS.values() for part in sentences(_filled(text["en"]))]
    measured = [part for part in parts if len(part.split()) >= _FEWEST]
    assert len(measured) > 50
    assert not [f"{grade([part]):.1f} {part}" for part in measured if grade([part]) > GRADE]


def test_the_spanish_is_easy_too() -> None:
    texts = [_filled(text["es"]) for text in OURS.values()]
    assert spanish_ease([text for text in texts if len(text.split()) >= _FEWEST]) > EASE


@pytest.mark.parametrize("name", ["mine_home", "mine_progress", "mine_visits", "mine_ask", "mine_everything"])
def test_no_english_stands_on_a_spanish_page(ada: Patient, seen: Visit, name: str) -> None:
    client = visiting(Client(), ada)
    english, spanish = (client.get(reverse(name), {"lang": one}).content.decode() for one in ("en", "es"))
    told = [text["en"] for text in words().values() if len(text["en"].split()) > 1 and "{" not in text["en"]]
    assert sum(escape(text) in english for text in told) > 3
    assert not [text for text in told if escape(text) in spanish]
