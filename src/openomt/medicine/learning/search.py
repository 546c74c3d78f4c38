"""Finds pages by words, in either language, with or without accents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from openomt.medicine.learning.pages import all_pages
from openomt.medicine.learning.values import Page

LONGEST = 80
"""Characters of a search that are read."""
MOST = 20
"""Pages that are shown."""
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset((
    "a", "an", "and", "at", "can", "do", "does", "for", "how", "i", "if", "in", "is", "it", "me", "my", "of",
    "on", "or", "the", "to", "what", "when", "who", "with",
    "al", "como", "con", "cual", "de", "del", "el", "en", "es", "la", "las", "lo", "los", "mi", "para", "por",
    "que", "se", "si", "su", "un", "una", "y", "yo",
))  # fmt: skip
_TITLE, _KEYWORD, _HEADING, _TEXT = 8, 5, 3, 1
_SNIPPET = 150


@dataclass(frozen=True, slots=True)
class Found:
    """A page, and the line of it that fits."""

    page: Page
    snippet: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """The words of a page with what each weighs, and its lines."""

    page: Page
    weights: tuple[tuple[str, int], ...]
    lines: tuple[str, ...]


def fold(text: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def search(query: str, language: str) -> tuple[Found, ...]:
    """Pages that hold every word of the query, or else any, best first. Empty for a query without words."""
    spoken = _WORD.findall(fold(query[:LONGEST]))
    asked = [word for word in spoken if word not in _SMALL] or spoken
    if not asked:
        return ()
    scored = [(entry, [_weight(word, entry) for word in asked]) for entry in _index(language)]
    whole = [(entry, sum(weights)) for entry, weights in scored if all(weights)]
    hits = whole or [(entry, sum(weights)) for entry, weights in scored if any(weights)]
    hits.sort(key=lambda hit: -hit[1])
    return tuple(Found(entry.page, _snippet(entry, asked)) for entry, _ in hits[:MOST])


@cache
def _index(language: str) -> tuple[_Entry, ...]:
    return tuple(map(_entry, all_pages(language).values()))


def _entry(page: Page) -> _Entry:
    lines = [page.lead, *(line.text for line in page.lines)]
    weights: dict[str, int] = {}
    for weight, texts in (
        (_TEXT, lines),
        (_HEADING, [part.heading for part in page.parts]),
        (_KEYWORD, page.keywords),
        (_TITLE, (page.title,)),
    ):
        weights.update(dict.fromkeys(_words(texts), weight))
    return _Entry(page, tuple(weights.items()), tuple(filter(None, lines)))


def _words(texts: Iterable[str]) -> Iterable[str]:
    return (word for text in texts for word in _WORD.findall(fold(text)))


def _weight(word: str, entry: _Entry) -> int:
    """What a page has of a word: a whole word counts twice as much as the beginning of one."""
    return max(
        (2 * weight if held == word else weight for held, weight in entry.weights if held.startswith(word)),
        default=0,
    )


def _snippet(entry: _Entry, asked: list[str]) -> str:
    def hits(line: str) -> int:
        words = list(_words([line]))
        return sum(any(held.startswith(word) for held in words) for word in asked)

    best = max(entry.lines, key=hits, default="")
    return best if len(best) <= _SNIPPET else f"{best[:_SNIPPET].rsplit(' ', 1)[0]} …"
