"""Regions, levels and sides: where on the body a finding lies.

A level is the smallest named place: a vertebra or a range of them (`T5`, `T4-T7`), a rib or a range
(`rib 4-6`), a named structure (`psoas`), a counterstrain point (`AL1`) or a test (`seated flexion test`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Region(StrEnum):
    """The ten body regions of ICD-10-CM M99.00 to M99.09, in that order."""

    HEAD = "head"
    CERVICAL = "cervical"
    THORACIC = "thoracic"
    LUMBAR = "lumbar"
    SACRAL = "sacral"
    PELVIC = "pelvic"
    LOWER_EXTREMITY = "lower_extremity"
    UPPER_EXTREMITY = "upper_extremity"
    RIB = "rib"
    ABDOMEN = "abdomen"


class Side(StrEnum):
    """Side of the patient's body."""

    LEFT = "left"
    RIGHT = "right"
    BILATERAL = "bilateral"

    @property
    def letter(self) -> str:
        return {"left": "L", "right": "R", "bilateral": "B"}[self.value]

    @property
    def opposite(self) -> Side:
        """The other side; both sides stay both."""
        return {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}.get(self, self)


class LevelKind(StrEnum):
    """What kind of place a level is."""

    SEGMENT = "segment"
    RIB = "rib"
    STRUCTURE = "structure"
    POINT = "point"
    TEST = "test"


SPINE: tuple[str, ...] = (
    "OA",
    "AA",
    *(f"C{n}" for n in range(2, 8)),
    *(f"T{n}" for n in range(1, 13)),
    *(f"L{n}" for n in range(1, 6)),
    "S1",
)
"""Spinal levels from the head down. OA is the occiput on C1, AA is C1 on C2."""

SPINE_ORDER = {name: place for place, name in enumerate(SPINE)}
RIB_COUNT = 12

_SEGMENT_REGION = {"C": Region.CERVICAL, "T": Region.THORACIC, "L": Region.LUMBAR, "S": Region.SACRAL}
_RIB_LEVEL = re.compile(r"rib (\d{1,2})(?:-(\d{1,2}))?")


@dataclass(frozen=True, slots=True)
class Level:
    """A named place. `first` and `last`: the ends of a run of vertebrae or ribs (equal for one of them)."""

    name: str
    kind: LevelKind
    first: str = ""
    last: str = ""

    @property
    def is_range(self) -> bool:
        return self.first != self.last

    @property
    def count(self) -> int:
        """How many vertebrae or ribs the level holds; 1 for everything else."""
        if self.kind is LevelKind.SEGMENT:
            return SPINE_ORDER[self.last] - SPINE_ORDER[self.first] + 1
        if self.kind is LevelKind.RIB:
            return int(self.last) - int(self.first) + 1
        return 1


@lru_cache(maxsize=4096)
def segment_level(first: str, last: str | None = None) -> Level:
    """The level of one vertebra, or of the run from `first` down to `last`.

    Raises ValueError for a name that is not in `SPINE` and for a run that goes upwards.
    """
    last = last or first
    for name in (first, last):
        if name not in SPINE_ORDER:
            raise ValueError(f"not a spinal level: {name!r}")
    if SPINE_ORDER[last] < SPINE_ORDER[first]:
        raise ValueError(f"a range runs downwards: {first}-{last}")
    name = first if first == last else f"{first}-{last}"
    return Level(name, LevelKind.SEGMENT, first, last)


@lru_cache(maxsize=512)
def rib_level(first: int, last: int | None = None) -> Level:
    """The level of one rib or of a run of ribs. Raises ValueError outside 1 to 12 and for a run upwards."""
    last = first if last is None else last
    if not 1 <= first <= last <= RIB_COUNT:
        raise ValueError(f"ribs run from 1 to {RIB_COUNT}: {first}-{last}")
    name = f"rib {first}" if first == last else f"rib {first}-{last}"
    return Level(name, LevelKind.RIB, str(first), str(last))


@lru_cache(maxsize=4096)
def named_level(name: str, kind: LevelKind = LevelKind.STRUCTURE) -> Level:
    """The level of a structure, a tender point or a test, by the name the vocabulary gives it."""
    return Level(name, kind)


def segment_region(name: str) -> Region:
    """The region of one vertebral level: OA lies in the head region, AA in the cervical one."""
    if name == "OA":
        return Region.HEAD
    if name == "AA":
        return Region.CERVICAL
    return _SEGMENT_REGION[name[0]]


def regions_touched(level: Level) -> tuple[Region, ...]:
    """Every region a run of vertebrae reaches, from the head down; empty for other kinds of level."""
    if level.kind is not LevelKind.SEGMENT:
        return ()
    names = SPINE[SPINE_ORDER[level.first] : SPINE_ORDER[level.last] + 1]
    return tuple(dict.fromkeys(segment_region(name) for name in names))


def parse_rib_level(name: str) -> Level | None:
    """`rib 4` or `rib 4-6` as a level; None for any other text."""
    match = _RIB_LEVEL.fullmatch(name)
    if match is None:
        return None
    first = int(match[1])
    last = int(match[2] or first)
    return rib_level(first, last) if 1 <= first <= last <= RIB_COUNT else None
