"""Which region words mean: `hip`, `cuello`, `L4-S1`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from openomt.medicine.anatomy import (
    SPINE,
    SPINE_ORDER,
    Level,
    Region,
    regions_touched,
    segment_level,
    segment_region,
)
from openomt.medicine.phrases import Matcher, Phrase

_LEVELS = re.compile(
    r"(?<![\w.])(?:(?:oa|aa|[ctls]-?\s?\d{1,2}))"
    r"(?:\s?(?:-|/|,|to|thru|through|a)\s?(?:[ctls]-?)?\d{1,2}(?!\.?\d))*(?![\w.]\d|\w)"
)
_NAME = re.compile(r"(oa|aa|[ctls])?-?\s?(\d{1,2})?")
_REGION = {"c": Region.CERVICAL, "t": Region.THORACIC, "l": Region.LUMBAR, "s": Region.SACRAL}
_SHORTEST_STRUCTURE = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Words that name regions, at their place in the text; with the vertebrae where those are named."""

    start: int
    end: int
    regions: tuple[Region, ...]
    level: Level | None = None


def places_in(text: str, plain: str) -> tuple[Place, ...]:
    """Every place a text names. `plain`: the text folded, character for character."""
    found = [place for match in _LEVELS.finditer(plain) if (place := _of_levels(match)) is not None]
    for mention in _words().find(text):
        regions = tuple(Region(name) for name in mention.meaning.split())
        found.append(Place(mention.start, mention.end, regions))
    return tuple(sorted(found, key=lambda place: (place.start, place.end)))


def beside(level: Level) -> tuple[Region, ...]:
    """The regions of the vertebrae just above and below a level."""
    above, below = SPINE_ORDER[level.first] - 1, SPINE_ORDER[level.last] + 1
    names = [SPINE[place] for place in (above, below) if 0 <= place < len(SPINE)]
    return tuple(dict.fromkeys(segment_region(name) for name in names))


def _of_levels(match: re.Match[str]) -> Place | None:
    letter, names = "", []
    for piece in re.findall(r"oa|aa|[ctls]-?\s?\d{1,2}|\d{1,2}", match[0]):
        name = re.sub(r"[\s-]", "", piece)
        if name[0].isdigit():
            name = letter + name
        letter = name[0]
        names.append("AA" if name == "c1" else name.upper())
    known = [name for name in names if name in SPINE_ORDER]
    if not known:
        regions = tuple(
            dict.fromkeys(_REGION[name[0].lower()] for name in names if name[0].lower() in _REGION)
        )
        return Place(match.start(), match.end(), regions) if _is_sacral(names) else None
    ordered = sorted(known, key=SPINE_ORDER.__getitem__)
    level = segment_level(ordered[0], ordered[-1])
    return Place(match.start(), match.end(), regions_touched(level), level)


def _is_sacral(names: list[str]) -> bool:
    return all(re.fullmatch(r"S[2-5]", name) for name in names)


@cache
def _words() -> Matcher:
    from openomt.knowledge.loader import load
    from openomt.knowledge.recognition import RegionWords
    from openomt.knowledge.vocabulary import Structure

    phrases: dict[str, Phrase] = {}
    for structure in load().all(Structure):
        for name in (structure.id, *structure.names):
            if (
                structure.type != "viscus"
                and structure.region is not None
                and len(name) >= _SHORTEST_STRUCTURE
                and name.isascii()
            ):
                phrases[name.lower()] = Phrase(structure.region, name.lower(), typos=False)
    for record in load().all(RegionWords):
        for name in record.names:
            phrases[name] = Phrase(" ".join(record.regions), name, typos=False)
    return Matcher(phrases.values())
