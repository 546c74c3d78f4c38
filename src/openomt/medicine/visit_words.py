"""What words name: a region, a place, a response, a value of a form."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from openomt.medicine.anatomy import (
    RIB_COUNT,
    SPINE_ORDER,
    Level,
    LevelKind,
    Region,
    named_level,
    parse_rib_level,
    rib_level,
    segment_level,
    segment_region,
)
from openomt.medicine.findings import Tart
from openomt.medicine.visit import Response

_RUN = re.compile(r"([a-z]{1,2}\d{0,2})\s*[-–/]\s*([a-z]{0,2}\d{1,2})")
_RIB_RUN = re.compile(r"ribs?\s*(\d{1,2})(?:\s*[-–]\s*(\d{1,2}))?")


def bad(path: str, value: object, wanted: str) -> ValueError:
    """The error for a value that cannot be read."""
    return ValueError(f"{path}: {value!r} is not {wanted}")


@lru_cache(maxsize=8192)  # the same words are compared at every keystroke
def plain(text: str) -> str:
    """Words to compare by: lower case, one space, no underscores or hyphens."""
    return re.sub(r"[\s_-]+", " ", text).strip().casefold()


@cache
def words_for(group: str) -> dict[str, str]:
    from openomt.knowledge.coding import CodingWord
    from openomt.knowledge.loader import load

    return {
        plain(name): word.value
        for word in load().all(CodingWord)
        if word.group == group
        for name in word.names
    }


@cache
def regions() -> dict[str, Region]:
    from openomt.knowledge.loader import load
    from openomt.knowledge.vocabulary import RegionRecord

    records = load().all(RegionRecord)
    by_name = {plain(name): Region(record.id) for record in records for name in record.names}
    titles = {plain(record.title): Region(record.id) for record in records}
    return by_name | titles | {plain(region.value): region for region in Region}


@cache
def structures() -> dict[str, tuple[str, Region | None]]:
    from openomt.knowledge.loader import load
    from openomt.knowledge.vocabulary import Structure

    return {
        plain(name): (record.id, Region(record.region) if record.region else None)
        for record in load().all(Structure)
        for name in (record.id, *record.names)
    }


@cache
def response_names() -> dict[str, Response]:
    from openomt.knowledge.loader import load
    from openomt.knowledge.vocabulary import ResponseWord

    named = {
        plain(name): Response(record.response) for record in load().all(ResponseWord) for name in record.names
    }
    return named | {response.value: response for response in Response}


@cache
def _tart_words() -> dict[str, Tart]:
    from openomt.knowledge.loader import load
    from openomt.knowledge.vocabulary import TartWord

    named = {plain(name): Tart(record.tart) for record in load().all(TartWord) for name in record.names}
    return (
        named
        | {plain(element.value): element for element in Tart}
        | {"a": Tart.ASYMMETRY, "r": Tart.RESTRICTION}
    )


def tart_named(text: str) -> Tart | None:
    """The element a word names: the whole text, or the longest known words it begins with."""
    words = plain(text)
    known = _tart_words()
    if words in known:
        return known[words]
    begins = [name for name in known if len(name) > 1 and words.startswith(name)]
    return known[max(begins, key=len)] if begins else None


def region_named(name: str) -> Region | None:
    """The region a word names, with side words and a plural taken off (`left leg`, `viscera`,
    `lower_extremities`).
    """
    words = plain(name)
    known = regions()
    side = r"^(left|right|both|bilateral) "
    bare = re.sub(rf"{side}| (left|right|bilateral|region|spine|(and )?other( regions?)?)$", "", words)
    singular = re.sub(r"ies$", "y", bare)
    return next(
        (
            known[word]
            for word in (words, bare, singular, bare.removesuffix("s"), bare.split("/")[0], *words.split())
            if word in known
        ),
        None,
    )


def find_value(group: str, text: str) -> str | None:
    """The value that a text names: the whole text, or the longest known words within it."""
    words = plain(text)
    known = words_for(group)
    if words in known:
        return known[words]
    for name in sorted(known, key=len, reverse=True):
        if re.search(rf"\b{re.escape(name)}\b", words):
            return known[name]
    return None


def value_of(group: str, text: str, path: str) -> str:
    """The value that a text names. Raises ValueError naming `path` where it names none."""
    value = find_value(group, text)
    if value is None:
        raise bad(path, text, f"one of {', '.join(words_for(group))}")
    return value


def level_of(text: str) -> Level:
    """A place by its name: `T5`, `T4-T7`, `T4-7`, `rib 4`, `ribs 4-6`, or a structure under its own name."""
    words = text.strip()
    run = _RUN.fullmatch(words.casefold())
    if run:
        first = run[1].upper()
        last = run[2].upper()
        last = last if last[0].isalpha() else first[0] + last
        if first in SPINE_ORDER and last in SPINE_ORDER and SPINE_ORDER[first] <= SPINE_ORDER[last]:
            return segment_level(first, last)
    if words.upper() in SPINE_ORDER:
        return segment_level(words.upper())
    ribs = _RIB_RUN.fullmatch(words.casefold())
    if ribs:
        low, high = int(ribs[1]), int(ribs[2] or ribs[1])
        if 1 <= low <= high <= RIB_COUNT:
            return rib_level(low, high)
    name = structures().get(plain(words), (words, None))[0]
    return parse_rib_level(name) or named_level(name)


def region_of(level: Level) -> Region | None:
    """The region a place lies in by default; None where the vocabulary does not say."""
    if level.kind is LevelKind.SEGMENT:
        return segment_region(level.first)
    if level.kind is LevelKind.RIB:
        return Region.RIB
    if level.kind is LevelKind.STRUCTURE:
        return structures().get(plain(level.name), ("", None))[1]
    return None
