"""The records behind advice on techniques, compiled once into plain look-ups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from openomt.medicine.anatomy import Region

if TYPE_CHECKING:
    from openomt.knowledge.evidence import (
        Complaint,
        Condition,
        EvidenceLabel,
        FindingKind,
        Guideline,
        Population,
        StudyPopulation,
        TechniqueUse,
    )
    from openomt.knowledge.safety import TechniqueCard


@dataclass(frozen=True)
class Tables:
    """All of it. `by_region`: the techniques usable in a region, in the order of the catalog."""

    cards: Mapping[str, TechniqueCard]
    uses: Mapping[str, TechniqueUse]
    by_region: Mapping[Region, tuple[str, ...]]
    conditions: Mapping[str, Condition]
    complaints: Mapping[str, Complaint]
    labels: Mapping[str, EvidenceLabel]
    kinds: tuple[FindingKind, ...]
    populations: tuple[Population, ...]
    studied: tuple[StudyPopulation, ...]
    guidelines: tuple[Guideline, ...]
    weights: Mapping[str, int]
    structures: Mapping[str, str]


@cache
def tables() -> Tables:
    """The tables of this installation. Raises KnowledgeError where the records do not hold together."""
    from openomt.knowledge import evidence, load
    from openomt.knowledge.safety import TechniqueCard
    from openomt.knowledge.vocabulary import Structure

    known = load()
    cards = {card.id: card for card in known.all(TechniqueCard)}
    return Tables(
        cards={str(code): card for code, card in cards.items()},
        uses={str(use.id): use for use in known.all(evidence.TechniqueUse)},
        by_region={
            region: tuple(str(code) for code, card in cards.items() if region.value in card.regions)
            for region in Region
        },
        conditions={record.id: record for record in known.all(evidence.Condition)},
        complaints={record.id: record for record in known.all(evidence.Complaint)},
        labels={str(record.id): record for record in known.all(evidence.EvidenceLabel)},
        kinds=known.all(evidence.FindingKind),
        populations=known.all(evidence.Population),
        studied=known.all(evidence.StudyPopulation),
        guidelines=known.all(evidence.Guideline),
        weights={record.id: record.value for record in known.all(evidence.RankWeight)},
        structures={record.id: record.type for record in known.all(Structure)},
    )
