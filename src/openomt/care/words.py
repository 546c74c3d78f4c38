"""What patients read on pages and in messages, in every language a patient may choose.

Each step of care keeps its own in `words.toml` beside its code: `[key]` with `en` and `es`, read as `step.key`.
Gettext was left out: its files must be compiled by a program of the system, and it falls back to English where a
sentence is missing. Here that is a fault: both languages stand side by side, or the site does not start.
Sentences that state medicine stand in `knowledge/`, with their sources, not here.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from django.utils import translation

LANGUAGES = ("en", "es")
_HERE = Path(__file__).parent


class WordsError(ValueError):
    """A sentence is missing in a language, or asks for other values there. Names the file and the key."""


@lru_cache(maxsize=1)
def words() -> Mapping[str, Mapping[str, str]]:
    """Every sentence by `step.key`, then by language. Raises WordsError."""
    found: dict[str, Mapping[str, str]] = {}
    for file in sorted(_HERE.glob("*/words.toml")):
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        for key, sentence in table.items():
            found[f"{file.parent.name}.{key}"] = _checked(f"{file.parent.name}/{file.name} [{key}]", sentence)
    return MappingProxyType(found)


def say(key: str, language: str = "", **values: object) -> str:
    """The sentence in a language (none given: that of the page), with its values filled in. KeyError if unknown."""
    sentence = words()[key][language or page_language()]
    return sentence.format(**values) if values else sentence


def page_language() -> str:
    """`en` or `es`: the language of the page that is being made."""
    now = (translation.get_language() or LANGUAGES[0])[:2]
    return now if now in LANGUAGES else LANGUAGES[0]


def values_of(sentence: str) -> frozenset[str]:
    """The names of the values a sentence asks for."""
    return frozenset(name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name)


def _checked(place: str, sentence: object) -> Mapping[str, str]:
    if not isinstance(sentence, dict) or set(sentence) != set(LANGUAGES):
        raise WordsError(f"{place}: needs exactly {' and '.join(LANGUAGES)}.")
    if not all(isinstance(text, str) and text.strip() for text in sentence.values()):
        raise WordsError(f"{place}: each language needs words.")
    asked = {values_of(text) for text in sentence.values()}
    if len(asked) > 1:
        raise WordsError(f"{place}: the languages ask for different values.")
    return MappingProxyType(sentence)
