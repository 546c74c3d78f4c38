"""Numbers as they are written: digits, ordinals, words."""

from __future__ import annotations

import re

CARDINALS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth",
)  # fmt: skip


NUMBERS = {word: n for words in (CARDINALS, ORDINALS) for n, word in enumerate(words, 1)}


CARDINAL = r"(?:\d{1,2}(?!\d|st\b|nd\b|rd\b|th\b|\.\d)|(?:" + "|".join(CARDINALS) + r")\b)"


ORDINAL = r"(?:\d{1,2}(?:st|nd|rd|th)\b|(?:" + "|".join(ORDINALS) + r")\b)"


NUMBER = rf"(?:{ORDINAL}|{CARDINAL})"


def number_of(word: str) -> int:
    """The number that digits, an ordinal or a number word stand for."""
    word = word.lower()
    return NUMBERS[word] if word in NUMBERS else int(re.sub(r"\D", "", word))


NUMBER_IN = re.compile(NUMBER, re.IGNORECASE)
