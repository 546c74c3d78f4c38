"""What patients read: every sentence in every language, with the same values."""

from __future__ import annotations

from django.template import Context, Template
from django.utils import translation

from openomt.care import words


def test_every_step_keeps_its_sentences_in_both_languages() -> None:
    words.words.cache_clear()
    for key, sentence in words.words().items():
        assert sentence["en"] != sentence["es"] or sentence["en"] in ALIKE, key


ALIKE = frozenset({"OpenOMT", "{name}"})
"""The same in both languages, and meant so."""


def test_the_page_speaks_its_language_and_escapes_what_it_is_given() -> None:
    words.words.cache_clear()
    template = Template("{% say 'portal.hello' name=name %}")
    with translation.override("es"):
        assert template.render(Context({"name": "<Ana>"})) == "Hola, &lt;Ana&gt;"
    with translation.override("en"):
        assert template.render(Context({"name": "Ana"})) == "Hello, Ana"
