"""Records that may be of one person: the same birth date and names alike, or the same phone and names alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

import jellyfish
from django.db.models import Q

from openomt.care.patients.models import NotDuplicate, Patient

_ENOUGH_DIGITS = 7
_CLOSE = 0.9
"""Likeness (Jaro-Winkler) from which two spellings may be one name: a choice of ours."""
_CROWD = 40
"""More records than this with one phone, or one day of birth, share a placeholder."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that look alike, and in what."""

    first: Patient
    second: Patient
    why: str


def look_alikes(patient: Patient) -> list[Pair]:
    """Records that may be of the same person as this one, which need not be saved but must be indexed."""
    shared = Q(birth_date=patient.birth_date)
    if len(patient.phone_digits) >= _ENOUGH_DIGITS:
        shared |= Q(phone_digits=patient.phone_digits)
    others = Patient.objects.filter(shared, merged_into=None).exclude(pk=patient.pk)
    return [Pair(patient, other, why) for other in others if (why := _why(patient, other))]


def pairs() -> list[Pair]:
    """Every pair of records that look alike and that nobody has said are two people."""
    denied = set(NotDuplicate.objects.values_list("first_id", "second_id"))
    rows = list(Patient.objects.filter(merged_into=None).order_by("pk"))
    found: dict[tuple[int, int], Pair] = {}
    for first, second in _candidates(rows):
        key = (first.pk, second.pk)
        if key in found or key in denied:
            continue
        why = _why(first, second)
        if why:
            found[key] = Pair(first, second, why)
    return sorted(found.values(), key=lambda pair: (pair.first.family_key, pair.first.pk, pair.second.pk))


def _candidates(rows: Iterable[Patient]) -> Iterator[tuple[Patient, Patient]]:
    groups: dict[Hashable, list[Patient]] = defaultdict(list)
    for row in rows:
        groups[row.birth_date].append(row)
        if len(row.phone_digits) >= _ENOUGH_DIGITS:
            groups[row.phone_digits].append(row)
    for group in groups.values():
        if len(group) <= _CROWD:
            yield from combinations(group, 2)


def _why(one: Patient, other: Patient) -> str:
    """In what two records look alike; empty where they do not enough."""
    same_day = one.birth_date == other.birth_date
    same_phone = len(one.phone_digits) >= _ENOUGH_DIGITS and one.phone_digits == other.phone_digits
    if not (same_day or same_phone):
        return ""
    given = _given_alike(one, other)
    family = _alike(one.family_key, other.family_key, one.family_sound, other.family_sound)
    shared = [words for words, holds in (("birth date", same_day), ("phone", same_phone)) if holds]
    if given and family:
        return f"Same {' and '.join(shared)}, names alike"
    if one.family_key == other.given_key and one.given_key == other.family_key:
        return f"Same {' and '.join(shared)}, names the other way round"
    if same_day and same_phone and given:
        return "Same birth date and phone, another family name"
    return ""


def _given_alike(one: Patient, other: Patient) -> bool:
    if _alike(one.given_key, other.given_key, one.given_sound, other.given_sound):
        return True
    mine, theirs = {one.given_key, one.called_key}, {other.given_key, other.called_key}
    return bool((mine & theirs) - {""})


def _alike(one: str, other: str, sound: str, other_sound: str) -> bool:
    if not one or not other:
        return one == other
    if one == other or (sound and sound == other_sound):
        return True
    short, long = sorted((one, other), key=len)
    if len(short) >= 3 and long.startswith(short):
        return True
    return jellyfish.jaro_winkler_similarity(one, other) >= _CLOSE
