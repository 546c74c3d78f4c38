"""Which rules hold: the facts of a patient against the rules of a technique in its places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from openomt.medicine.anatomy import Level, Region, regions_touched
from openomt.medicine.safety.tables import Tables, key_of
from openomt.medicine.safety.values import KnownFact

Place = tuple[Region | None, bool]
"""A region whose rules are looked into, and whether it is the planned one: `same` rules ask only of that."""

ANYWHERE: tuple[Place, ...] = ((None, False),)


@lru_cache(maxsize=4096)
def places(region: Region | None, level: Level | None) -> tuple[Place, ...]:
    """The regions by whose rules an item is checked: the planned one, those a range of vertebrae reaches, and
    those that some authors count its level to (the OA joint: to the neck).
    """
    own = dict.fromkeys(one for one in (region, *(regions_touched(level) if level else ())) if one)
    rivals = _counted_to().get(level.name, ()) if level else ()
    found = [*((one, True) for one in own), *((one, False) for one in rivals if one not in own)]
    return tuple(found) or ANYWHERE


@cache
def _counted_to() -> Mapping[str, tuple[Region, ...]]:
    from openomt.knowledge.loader import load
    from openomt.knowledge.vocabulary import Assignment

    return {
        name: tuple(Region(one) for one in (record.default, *(rival.region for rival in record.rivals)))
        for record in load().all(Assignment)
        for name in record.structures
    }


def hits(
    known: Tables, facts: Sequence[KnownFact], technique: str | None, where: Sequence[Place]
) -> dict[int, list[KnownFact]]:
    """The rules that hold, by their place in the matrix, each with the facts that make it hold."""
    found: dict[int, list[KnownFact]] = {}
    for region, planned in where:
        cell = known.cell(technique, region)
        for one in facts:
            key = key_of(one.fact.code)
            matched = cell.whole.get(key, ())
            if planned and one.fact.region is region:
                matched += cell.same.get(key, ())
            for place in matched:
                by = found.setdefault(place, [])
                if one not in by:
                    by.append(one)
    return found


def worst(
    known: Tables,
    ranks: Sequence[int],
    facts: Sequence[KnownFact],
    technique: str,
    where: Sequence[Place],
) -> tuple[int, tuple[int, ...]]:
    """The worst rank of the rules that hold (-1: none), and the places of those rules."""
    found = hits(known, facts, technique, where)
    return max((ranks[place] for place in found), default=-1), tuple(sorted(found))
