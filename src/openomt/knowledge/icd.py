"""ICD-10-CM as the kept package has it: titles, billable leaves, and which codes exclude each other.

Both files are generated from the package (tools/icd.py): a part for the codes of this field, which answers at once,
and every code in sorted lines, unpacked when the first other code is asked for and searched as it lies.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path

SUBSET = Path(__file__).parent / "data" / "icd10cm.json"
WHOLE = Path(__file__).parent / "data" / "icd10cm-all.tsv.xz"

_CODE = r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{0,4})?"
_LONGEST = 8
"""Characters of the longest code; blocks (`A00-A09`) are as long."""
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
    return _subset().get(code) or _from_whole(code)


def exclusions(codes: Iterable[str]) -> tuple[Exclusion, ...]:
    """Every pair of these codes of which one excludes the other (Excludes1), notes of parents included."""
    distinct = dict.fromkeys(normalize(code) for code in codes)
    return tuple(
        found
        for first, second in combinations(distinct, 2)
        if (found := _exclusion(first, second) or _exclusion(second, first))
    )


@lru_cache(maxsize=4096)
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
    return _subset().get(holder) or _from_whole(holder)


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
def _whole() -> bytes:
    """Every code in sorted lines: code, title, parent, leaf, notes, with tabs between."""
    return b"\n" + lzma.decompress(WHOLE.read_bytes())


@lru_cache(maxsize=4096)
def _from_whole(code: str) -> Entry | None:
    """A code found by halving the sorted lines: they take 15 MB as they lie, a dictionary of them ten times that."""
    if not code or not code.isascii() or len(code) > _LONGEST:
        return None
    text, wanted = _whole(), code.encode()
    low, high = 0, len(text) - 1
    while low < high:
        start = text.rindex(b"\n", 0, (low + high) // 2 + 1)
        end = text.index(b"\n", start + 1)
        found = text[start + 1 : text.index(b"\t", start + 1)]
        if found == wanted:
            _, title, parent, billable, *notes = text[start + 1 : end].decode().split("\t")
            return Entry(title, parent, billable == "1", tuple(notes))
        low, high = (end, high) if found < wanted else (low, start)
    return None
