"""The groups a patient belongs to: by facts, by the complaint, or because the physician says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from openomt.medicine.anatomy import Region
from openomt.medicine.safety.tables import tables as safety_tables
from openomt.medicine.techniques.tables import tables
from openomt.medicine.techniques.values import Group, Match

if TYPE_CHECKING:
    from openomt.knowledge.evidence import Population, PopulationAvoid

Joined = tuple["Population", str]
"""A group and why the patient belongs to it."""


def groups_of(facts: frozenset[str], matches: Sequence[Match], stated: Sequence[str]) -> tuple[Joined, ...]:
    """Every group, in the order of the records, with why. Raises ValueError for a stated one nobody knows."""
    wanted = {_named(word) for word in stated}
    meant = {match.condition: match.title for match in matches if match.sure and match.studied is not False}
    return tuple(
        (group, why)
        for group in tables().populations
        if (why := _why(group, facts, meant, group.id in wanted))
    )


def _named(word: str) -> str:
    groups = tables().populations
    key = word.casefold().strip()
    for group in groups:
        if key in (group.id, group.title.casefold(), *group.names):
            return group.id
    raise ValueError(f"group {word!r} is not known; groups: {', '.join(group.id for group in groups)}")


def _why(group: Population, facts: frozenset[str], meant: dict[str, str], stated: bool) -> str:
    known = safety_tables().facts
    held = [known[code].title if code in known else code for code in group.facts if code in facts]
    held += [meant[name] for name in group.conditions if name in meant]
    if stated:
        held.append("the physician says so")
    return ", ".join(held)


def avoided(
    group: Population, technique: str, regions: frozenset[Region], facts: frozenset[str]
) -> Iterator[PopulationAvoid]:
    """What of a group's list of things to avoid holds for a technique in these regions."""
    for avoid in group.avoid:
        if technique not in avoid.techniques:
            continue
        if avoid.regions and not any(region.value in avoid.regions for region in regions):
            continue
        if not avoid.facts or facts.intersection(avoid.facts):
            yield avoid


def shown(joined: Joined) -> Group:
    """A group as it is shown."""
    group, why = joined
    return Group(
        id=group.id,
        title=group.title,
        because=why,
        adapt=group.adapt,
        avoid=tuple(avoid.words for avoid in group.avoid),
        sources=group.sources,
        confidence=group.confidence.value,
        doubt=group.doubt,
    )
