"""Names and phone numbers as search compares them: without accents, case, spaces or punctuation; and by sound."""

from __future__ import annotations

import re
import unicodedata

import jellyfish

KEY_LENGTH = 80
SOUND_LENGTH = 40
PHONE_LENGTH = 15
_PART = re.compile(r"[\s\-‐‑–—/]+")
_WHOLE_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)
"""Letters that are no other letter with an accent."""
_HALF_VOWELS = str.maketrans("", "", " Y")
_COUNTRY = "1"
_LOCAL = 10
"""Digits of a North American number; one more at its front is the country's."""


def key(text: str) -> str:
    """A name to compare: `De la Peña` and `delapena` are one."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_WHOLE_LETTERS)
    return "".join(char for char in plain if char.isalnum())[:KEY_LENGTH]


def parts(text: str) -> list[str]:
    """The words of a name, each to compare: `Garcia-López` is `garcia`, `lopez`."""
    return [part for part in map(key, _PART.split(text)) if part]


def last_part(text: str) -> str:
    """The last of several words of a name; empty where there is one."""
    found = parts(text)
    return found[-1] if len(found) > 1 else ""


def sound(text: str) -> str:
    """How a name sounds: `Smyth` and `Smith`, `Bryan` and `Brien` are one. Empty where no letter has a sound."""
    return jellyfish.metaphone(key(text)).translate(_HALF_VOWELS)[:SOUND_LENGTH]


def digits(phone: str) -> str:
    """The digits of a phone number, without the country's in front of a North American one."""
    found = "".join(char for char in phone if char in "0123456789")
    with_country = len(found) == _LOCAL + 1 or phone.lstrip().startswith(f"+{_COUNTRY}")
    if with_country and found.startswith(_COUNTRY):
        found = found[1:]
    return found[:PHONE_LENGTH]
