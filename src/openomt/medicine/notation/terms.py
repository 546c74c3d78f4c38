"""Names of patterns and structures that several rules of the reader speak of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from openomt.medicine.notation.lexicon import PatternEntry, lexicon

POSTERIOR = PatternEntry("posterior", (), None, False)
TENDERPOINT = PatternEntry("tenderpoint", (), None, False)
BREATHS = {"inhalation": "exhalation", "exhalation": "inhalation"}
"""A breath, which only ribs can be held in, and the opposite one: restricted, it is that dysfunction."""

ROTATIONS = {"internal rotation": "external rotation", "external rotation": "internal rotation"}
"""The rotation of a paired bone of the skull, and the opposite one."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Names by what they tell.

    landmarks   structures that, said to lie high, low, deep and so on, show asymmetry
    lies        patterns that tell where a landmark lies
    directions  positions; beside a named dysfunction they add nothing
    misshapen   patterns that show asymmetry wherever they are said
    movements   movements of a limb: restricted, they are no position
    """

    landmarks: frozenset[str]
    lies: frozenset[str]
    directions: frozenset[str]
    misshapen: frozenset[str]
    movements: frozenset[str]


def opposite(entry: PatternEntry) -> PatternEntry:
    """The opposite of a breath or a rotation."""
    return PatternEntry((BREATHS | ROTATIONS)[entry.id], entry.structures, entry.implies, entry.sided)


@cache
def terms() -> Terms:
    """The names, from the vocabulary."""
    known = lexicon()
    lists = known.lists
    return Terms(
        landmarks=known.landmarks,
        lies=lists["lies"],
        directions=lists["lies"] | lists["uneven"] | lists["direction"],
        misshapen=lists["uneven"] | lists["misshapen"],
        movements=lists["limb movement"],
    )
