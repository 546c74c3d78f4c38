"""What would be safer than a planned technique that a rule bars or limits.

First what those rules themselves name, then other techniques of the same region that are no rougher, gentlest
first. Each has passed every rule of its place; one that is itself limited is named only where none is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from openomt.medicine.anatomy import Region
from openomt.medicine.safety.matching import places, worst
from openomt.medicine.safety.practice import Practice
from openomt.medicine.safety.tables import LEVELS, RANKS, VERDICTS, Card, Tables, tables
from openomt.medicine.safety.values import Alternative, FiredRule, KnownFact, PlannedItem, Verdict

MOST = 3


@dataclass(frozen=True, slots=True)
class _Candidate:
    card: Card
    region: Region | None
    named_by: str  # the rule that names it; empty: it serves the region


def alternatives(
    known: Tables,
    here: Practice,
    facts: Sequence[KnownFact],
    item: PlannedItem,
    fired: Sequence[FiredRule],
) -> tuple[Alternative, ...]:
    """Up to three techniques, best first. None where a rule asks to leave the region alone."""
    named: dict[str, str] = {}
    for rule in fired:
        if RANKS[rule.level] < RANKS["relative"]:
            continue
        record = known.by_id[rule.rule]
        if record.elsewhere:
            return ()
        for code in record.safer:
            named.setdefault(code, rule.rule)
    clear: list[Alternative] = []
    limited: list[Alternative] = []
    for candidate in _candidates(known, item, named):
        level = item.level if candidate.region is item.region else None
        rank, holding = worst(known, here.ranks, facts, candidate.card.code, places(candidate.region, level))
        if rank > RANKS["relative"]:
            continue
        relative = rank == RANKS["relative"]
        verdict = VERDICTS["relative"] if relative else Verdict.CLEAR
        rules = [known.rules[place].id for place in holding if here.ranks[place] == rank]
        reason = _reason(candidate, item, LEVELS[rank] if rank >= 0 else "", rules)
        alternative = Alternative(candidate.card.code, candidate.region, verdict, reason)
        (limited if relative else clear).append(alternative)
        if len(clear) == MOST:
            break
    return tuple(clear or limited[:MOST])


def _candidates(known: Tables, item: PlannedItem, named: Mapping[str, str]) -> Iterator[_Candidate]:
    for code, rule in named.items():
        card = known.cards[code]
        if code != item.technique:
            yield _Candidate(card, item.region if item.region in card.regions else card.regions[0], rule)
    planned = known.cards.get(item.technique)
    if planned is None:
        return
    for card in serving(item.region):
        if card.code not in named and card.code != item.technique and card.gentleness <= planned.gentleness:
            yield _Candidate(card, item.region, "")


@lru_cache(maxsize=16)
def serving(region: Region | None) -> tuple[Card, ...]:
    """The techniques used in a region, gentlest first, then in the order of the catalogue."""
    cards = (card for card in tables().cards.values() if region in card.regions)
    return tuple(sorted(cards, key=lambda card: card.gentleness))


def _reason(candidate: _Candidate, item: PlannedItem, level: str, rules: Sequence[str]) -> str:
    first = f"{candidate.named_by} names it" if candidate.named_by else "no rougher and used in this region"
    if candidate.region is not item.region and candidate.region is not None:
        first += f", in the {candidate.region.value.replace('_', ' ')} region"
    if level == "relative":
        return (
            f"{first}; itself only with a reason and consent ({', '.join(rules)}), for nothing else is free"
        )
    if level:
        return f"{first}; a note holds there ({', '.join(rules)})"
    return f"{first}; no rule holds there"
