"""What patients read: every sentence in every language, with the same values."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable

from django.template import Context, Template
from django.utils import translation

from openomt.care import words
from tests.reading_level import grade, sentences, spanish_ease

FEWEST = 4
"""Words from which on a text is measured: fewer are a label."""
GRADE, HARDEST, EASE = 6, 9, 70
"""Of a step on average, and of one sentence, in English; of a step on average in Spanish."""
NAMED = {"learning.awaiting_physician"}
"""Hard by a name that must stand as it is: a licensed osteopathic physician is whom a page waits for."""


def test_every_step_keeps_its_sentences_in_both_languages() -> None:
    words.words.cache_clear()
    for key, sentence in words.words().items():
        assert sentence["en"] != sentence["es"] or sentence["en"] in ALIKE, key


ALIKE = frozenset({"OpenOMT", "{name}", "{number}:", "No"})
"""The same in both languages, and meant so."""


def test_the_page_speaks_its_language_and_escapes_what_it_is_given() -> None:
    words.words.cache_clear()
    template = Template("{% say 'portal.hello' name=name %}")
    with translation.override("es"):
        assert template.render(Context({"name": "<Ana>"})) == "Hola, &lt;Ana&gt;"
    with translation.override("en"):
        assert template.render(Context({"name": "Ana"})) == "Hello, Ana"


def test_the_sentences_of_each_step_read_easily_in_both_languages(tell: Callable[[str], None]) -> None:
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    hard = []
    for key, both in words.words().items():
        for language, text in both.items():
            parts = [part for part in sentences(re.sub(r"\{\w+\}", "3", text)) if len(part.split()) >= FEWEST]
            said[key.split(".")[0]][language] += parts
            if language == "en" and key not in NAMED:
                hard += [f"{key}: {part} ({grade([part]):.1f})" for part in parts if grade([part]) > HARDEST]
    assert not hard
    assert len(said) >= 8
    for step, own in said.items():
        level, ease = grade(own["en"]), spanish_ease(own["es"])
        tell(
            f"{step}: {len(own['en'])} sentences, grade {level:.1f}; {len(own['es'])} Spanish, ease {ease:.0f}"
        )
        assert len(own["en"]) > 20, step
        assert level <= GRADE, step
        assert ease >= EASE, step
    assert all(key in words.words() for key in NAMED)
