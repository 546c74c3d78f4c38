"""ICD-10-CM as the kept package has it: titles, billable leaves, and which codes exclude each other.

A generated part (`data/icd10cm.json`, see tools/icd.py) answers for the codes of this field at once;
any other code is looked up in the package, which takes two seconds to load.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path

SUBSET = Path(__file__).parent / "data" / "icd10cm.json"

_CODE = r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{0,4})?"
_BRACKETS = re.compile(r"\(([^()]*)\)")
_TARGET = re.compile(rf"({_CODE})(?:[-.\s]*-\s*({_CODE}))?")
_SUFFIX = re.compile(r"\bwith \.([0-9A-Z]+)")
_FIFTH = re.compile(r"\bwith fifth[ -]character ([0-9A-Z])")


@dataclass(frozen=True, slots=True)
class Entry:
    """One code. `parent` is empty for a chapter; `excludes1` are the notes that stand at this very code."""

    title: str
    parent: str
    billable: bool
    excludes1: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Two codes that are not to be reported together: `note` stands at `holder`, a code or one of its
    parents.
    """

    first: str
    second: str
    holder: str
    note: str


def normalize(code: str) -> str:
    """`m5450` and ` M54.50 ` as `M54.50`."""
    bare = code.strip().upper().replace(".", "")
    return bare if len(bare) <= 3 else f"{bare[:3]}.{bare[3:]}"


def title(code: str) -> str | None:
    """The official title; None for a code that does not exist."""
    entry = lookup(code)
    return entry.title if entry else None


def is_billable(code: str) -> bool:
    """Whether the code exists and has no finer code below it."""
    entry = lookup(code)
    return entry is not None and entry.billable


def lookup(code: str) -> Entry | None:
    """What the tabular list says at a code; None for a code that does not exist."""
    code = normalize(code)
    return _subset().get(code) or _from_package(code)


def exclusions(codes: Iterable[str]) -> tuple[Exclusion, ...]:
    """Every pair of these codes of which one excludes the other (Excludes1), notes of parents included."""
    distinct = dict.fromkeys(normalize(code) for code in codes)
    return tuple(
        found
        for first, second in combinations(distinct, 2)
        if (found := _exclusion(first, second) or _exclusion(second, first))
    )


def _exclusion(code: str, other: str) -> Exclusion | None:
    for holder, note in _notes(code):
        if note_names(note, other):
            return Exclusion(code, other, holder, note)
    return None


def _notes(code: str) -> Iterator[tuple[str, str]]:
    """The Excludes1 notes at a code and at everything above it."""
    holder, entry = code, lookup(code)
    while entry is not None:
        for note in entry.excludes1:
            yield holder, note
        holder = entry.parent
        entry = _any(holder) if holder else None


def _any(holder: str) -> Entry | None:
    return _subset().get(holder) or _from_package(holder)


def note_names(note: str, code: str) -> bool:
    """Whether the codes in an Excludes1 note's brackets cover a code.

    `(M54.4-)`, `(M50.-)`, `(M51.360)`, `(G43-G44)`, `(C43.1-, C44.1-)`, `(E08-E13 with .41)`.
    """
    bare = normalize(code).replace(".", "")
    for text in _BRACKETS.findall(note):
        if not _condition_holds(text, bare):
            continue
        if any(_covers(first, last, bare) for first, last in _TARGET.findall(text)):
            return True
    return False


def _condition_holds(text: str, bare: str) -> bool:
    suffix = _SUFFIX.search(text)
    if suffix:
        return bare[3:].startswith(suffix[1])
    fifth = _FIFTH.search(text)
    if fifth:
        return bare[4:5] == fifth[1]
    return True


def _covers(first: str, last: str, bare: str) -> bool:
    low = first.replace(".", "")
    high = last.replace(".", "") or low
    return low <= bare[: len(low)] and bare[: len(high)] <= high


@cache
def _subset() -> dict[str, Entry]:
    rows = json.loads(SUBSET.read_text(encoding="utf-8"))["codes"]
    return {code: Entry(row[0], row[1], row[2], tuple(row[3])) for code, row in rows.items()}


@cache
def _from_package(code: str) -> Entry | None:
    import simple_icd_10_cm as tabular  # noqa: PLC0415  # two seconds, and seldom needed

    if not tabular.is_valid_item(code):
        return None
    parent = tabular.get_parent(code)
    notes = tabular.get_excludes1(code)
    if parent == code:  # a block of one category has the same code as the category
        parent = tabular.get_parent(code, prioritize_blocks=True)
        notes = [*notes, *tabular.get_excludes1(code, prioritize_blocks=True)]
    return Entry(tabular.get_description(code), parent, tabular.is_leaf(code), tuple(notes))
