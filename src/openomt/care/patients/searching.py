"""Finding a patient while somebody types: by name, sound, birth date or phone, a guardian's too.

Each step is one query that an index answers, and the next is asked only while there is room. Names that begin as
typed come first, then names that sound alike. Merged records are not found: their names stand in the kept one.

What is typed is not written to the audit: it would be an entry for each key, and would itself hold names. Opening
what was found is (`charts.open_chart`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q

from openomt.care.patients import names
from openomt.care.patients.days import read_day
from openomt.care.patients.models import Guardian, Patient

AT_MOST = 12
LONGEST = 80
_FEWEST_DIGITS = 4
_FEWEST_LETTERS = 3
_MOST_WITH_DIGITS = 200
_WORDS = 4
_LAST_CHARACTER = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_COLUMNS = (
    "uid", "family_name", "given_names", "called", "birth_date", "sex", "phone", "restricted", "language",
    "interpreter", "payer_kind", "family_key", "given_key",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, taken apart: a day of birth, digits of a phone, and the name that is left."""

    born: dt.date | None
    digits: str
    name: str


def find(text: str, today: dt.date, at_most: int = AT_MOST) -> list[Patient]:
    """Who may be meant, best first; at most so many. Empty where nothing was typed."""
    found: dict[int, Patient] = {}
    for step in _steps(ask(text, today)):
        rows = Patient.objects.filter(step, merged_into=None).exclude(pk__in=found).only(*_COLUMNS)
        found |= {row.pk: row for row in rows[: at_most - len(found)]}
        if len(found) >= at_most:
            break
    return list(found.values())


def ask(text: str, today: dt.date) -> Asked:
    """Takes apart what was typed."""
    plain = " ".join(text.split())[:LONGEST]
    born, rest = _birth_date(plain, today)
    digits = names.digits(plain)
    is_phone = len(digits) >= _FEWEST_DIGITS and not any(char.isalpha() for char in plain)
    if born is not None and not plain.isdigit():  # a day with its strokes is no number
        is_phone = False
    return Asked(born, digits if is_phone else "", "" if is_phone else rest)


def _birth_date(plain: str, today: dt.date) -> tuple[dt.date | None, str]:
    """A day at the beginning or the end, and what else there is."""
    words = plain.split()
    for size in range(min(len(words), 3), 0, -1):
        for day, rest in ((words[-size:], words[:-size]), (words[:size], words[size:])):
            born = read_day(" ".join(day).strip(","), today)
            if born is not None:
                return born, " ".join(rest)
    return None, plain


def _steps(asked: Asked) -> Iterator[Q]:
    born = Q() if asked.born is None else Q(birth_date=asked.born)
    if born and not asked.name:
        yield born
    if asked.digits:
        yield _by_phone(asked.digits)
    for step in _by_name(asked.name) if names.key(asked.name) else ():
        yield step & born


def _by_phone(digits: str) -> Q:
    """Digits from anywhere in a number. They are looked for in the indexes alone: a fifth of the tables' work."""
    own = Patient.objects.filter(phone_digits__contains=digits).order_by().values("pk")
    of_guardian = (
        Guardian.objects.standing().filter(phone_digits__contains=digits).order_by().values("patient")
    )
    return Q(pk__in=own.union(of_guardian, all=True)[:_MOST_WITH_DIGITS])


def _by_name(name: str) -> Iterator[Q]:
    whole = names.key(name)
    family = begins("family_key", whole)
    other = begins("given_key", whole) | begins("called_key", whole) | begins("last_key", whole)
    pairs = list(_pairs(name))
    if not pairs:
        yield family
        yield other
        yield from _by_sound(whole)
        return
    yield _any(
        begins(column, family) & _is_given(given)
        for given, family in pairs
        for column in ("family_key", "last_key")
    )
    yield family | other
    yield _any(_sounds(given, family) for given, family in pairs)


def _by_sound(whole: str) -> Iterator[Q]:
    sound = names.sound(whole)
    if sound and len(whole) >= _FEWEST_LETTERS:
        yield Q(family_sound=sound) | Q(given_sound=sound)


def _sounds(given: str, family: str) -> Q:
    """Both parts sound alike, or one does and the other begins as typed."""
    sounds = Q(given_sound=names.sound(given)) if names.sound(given) else Q(pk=None)
    either = _is_given(given) | sounds
    found = sounds & begins("family_key", family)
    return found | (Q(family_sound=names.sound(family)) & either) if names.sound(family) else found


def _is_given(given: str) -> Q:
    return begins("given_key", given) | begins("called_key", given)


def _any(terms: Iterator[Q]) -> Q:
    return reduce(or_, terms)


def _pairs(name: str) -> Iterator[tuple[str, str]]:
    """Every way to take words for given and family names: `family, given`, else both orders at every place."""
    family, comma, given = name.partition(",")
    if comma:
        if names.key(family) and names.key(given):
            yield names.key(given), names.key(family)
        return
    words = name.split()[:_WORDS]
    for place in range(1, len(words)):
        first, second = names.key("".join(words[:place])), names.key("".join(words[place:]))
        if first and second:
            yield first, second
            yield second, first


def begins(column: str, text: str) -> Q:
    """Rows whose column begins with a text, in the words by which each database uses its index."""
    if connection.vendor == "postgresql":
        return Q(**{f"{column}__startswith": text})
    return Q(**{f"{column}__gte": text, f"{column}__lt": _after(text)})


def _after(text: str) -> str:
    """The first text, by code points, that does not begin with this one."""
    last = ord(text[-1]) + 1
    if last in _SURROGATES:
        last = _SURROGATES.stop
    return text[:-1] + chr(min(last, _LAST_CHARACTER))
