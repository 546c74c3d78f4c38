"""Codes of places: a vertebra or a run of them (`T4-6`), ribs, and coded tender points (`AC4`)."""

from __future__ import annotations

import re
from functools import lru_cache

from openomt.medicine.anatomy import (
    RIB_COUNT,
    SPINE_ORDER,
    LevelKind,
    Region,
    named_level,
    rib_level,
    segment_level,
    segment_region,
)
from openomt.medicine.notation.lexicon import Place
from openomt.medicine.notation.numbers import CARDINAL, NUMBER_IN, number_of

TO = r"(?:\s?-\s?|\s(?:to|thru|through|down\sto)\s|\s?/\s?)"


_SEG_PARTS = re.compile(
    rf"(?P<first>OA|AA|C0|O/A|A/A|O\sA|A\sA|S[1-5]|(?P<letter>[CTL]|tee|tea|see|sea|ell?)[\s-]?(?P<n>{CARDINAL}))"
    rf"(?:{TO}(?P<last>OA|AA|S1|(?P<letter2>[CTLS]|tee|tea|see|sea|ell?)?\s?-?(?P<m>{CARDINAL})))?"
    rf"(?P<on>\son\s.*)?",
    re.IGNORECASE,
)


_LETTERS = {"tee": "T", "tea": "T", "see": "C", "sea": "C", "el": "L", "ell": "L"}


_RANGE_WORD = re.compile(r"-|/|\bto\b|\bthru\b|\bthrough\b")


_POINT = re.compile(r"([AP][CTLR]|[UL]PL|LC)-?(\d{1,2})(?:\s?-\s?(?:[AP][CTLR])?(\d{1,2}))?", re.IGNORECASE)


_POINT_REGION = {"C": Region.CERVICAL, "T": Region.THORACIC, "L": Region.LUMBAR, "R": Region.RIB}


@lru_cache(maxsize=4096)
def segment_place(written: str) -> tuple[Place | None, str]:
    """The place a level code names, and what is odd about it (`T13`, `C8`, a range that runs upwards)."""
    match = _SEG_PARTS.fullmatch(" ".join(written.split()))
    if match is None:
        return None, ""
    first = _first_name(match)
    last = _last_name(match, first)
    if (first, last) in (("OA", "AA"), ("AA", "C2")) and written[1:2] in "01":
        last = first  # the joint, named by both its bones
    odd = ""
    if first not in SPINE_ORDER or last not in SPINE_ORDER:
        return None, f"there is no vertebra {first if first not in SPINE_ORDER else last}"
    if SPINE_ORDER[last] < SPINE_ORDER[first]:
        first, last = last, first
        odd = "the range was written upwards; read downwards"
    return Place(segment_level(first, last), segment_region(first), "segment"), odd


def _first_name(match: re.Match[str]) -> str:
    if match["letter"] is None:
        name = match["first"].upper().replace("/", "").replace(" ", "")
        return "OA" if name == "C0" else name
    letter = _LETTERS.get(match["letter"].lower(), match["letter"].upper())
    return segment_name(letter, number_of(match["n"]))


def _last_name(match: re.Match[str], first: str) -> str:
    if match["last"] is None:
        return first
    if match["m"] is None:
        return match["last"].upper()
    letter = match["letter2"] or ("C" if first in ("OA", "AA") else first[0])
    letter = _LETTERS.get(letter.lower(), letter.upper())
    name = segment_name(letter, number_of(match["m"]))
    joint = "/" in match.group()
    below = SPINE_ORDER.get(name, -1) == SPINE_ORDER.get(first, -9) + 1
    return first if joint and below and letter == first[0] else name


def segment_name(letter: str, number: int) -> str:
    if letter == "C" and number == 1:
        return "AA"
    return f"{letter}{number}"


def _rib_runs(found: list[int], ranged: bool) -> list[tuple[int, int]]:
    """Numbers of ribs as runs: `3-5` and `11 and 12` are one run each, `2 and 5` two."""
    if ranged and len(found) == 2:
        return [(min(found), max(found))]
    runs: list[tuple[int, int]] = []
    for n in found:
        if runs and n == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], n)
        else:
            runs.append((n, n))
    return runs


@lru_cache(maxsize=1024)
def point_place(word: str) -> Place | None:
    match = _POINT.fullmatch(word)
    if match is None:
        return None
    prefix = match[1].upper()
    name = f"{prefix}{int(match[2])}"
    if match[3]:
        name = f"{name}-{prefix}{int(match[3])}"
    region = Region.LUMBAR if prefix in ("UPL", "LPL") else _POINT_REGION[prefix[-1]]
    return Place(named_level(name, LevelKind.POINT), region, "point")


def ordinal_place(written: str) -> Place | None:
    """The place of `fourth thoracic`, `lumbar 2-4`; None where there is no such vertebra."""
    low = written.lower()
    letter = "C" if "cervical" in low else "T" if "thoracic" in low else "L"
    names = [segment_name(letter, number_of(m)) for m in NUMBER_IN.findall(low)]
    if (
        not names
        or any(n not in SPINE_ORDER for n in names)
        or SPINE_ORDER[names[-1]] < SPINE_ORDER[names[0]]
    ):
        return None
    return Place(segment_level(names[0], names[-1]), segment_region(names[0]), "segment")


def rib_places(written: str) -> list[Place]:
    """The ribs of `ribs 3-5`, `ribs 2 and 5`; empty where one of them does not exist."""
    found = [number_of(m) for m in NUMBER_IN.findall(written)]
    if any(not 1 <= n <= RIB_COUNT for n in found):
        return []
    runs = _rib_runs(found, ranged=bool(_RANGE_WORD.search(written.lower())))
    return [Place(rib_level(first, last), Region.RIB, "rib") for first, last in runs]


def one_segment(letter: str, number: int) -> Place | None:
    """The vertebra of a letter and a number, if there is one."""
    name = segment_name(letter, number)
    return Place(segment_level(name), segment_region(name), "segment") if name in SPINE_ORDER else None


def one_rib(number: int) -> Place | None:
    """The rib of a number, if there is one."""
    return Place(rib_level(number), Region.RIB, "rib") if 1 <= number <= RIB_COUNT else None
