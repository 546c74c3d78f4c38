"""Why a technique ranks where it does: each reason with its weight, its sources and how well it is confirmed.

Weights are records (`rankweight`) and our convention: they order options of one standing and measure nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openomt.medicine.anatomy import Region
from openomt.medicine.safety.values import FiredRule
from openomt.medicine.techniques.complaints import regions_of
from openomt.medicine.techniques.groups import Joined, avoided
from openomt.medicine.techniques.tables import Tables, tables
from openomt.medicine.techniques.values import Direction, Match, Preferences, Reason, ReasonKind

if TYPE_CHECKING:
    from openomt.knowledge.evidence import Condition, Effect, FindingKind

OWN = ("openomt",)
_NO_DATA = "not enough data"


@dataclass(frozen=True, slots=True)
class Situation:
    """All that is the same for every option: who the patient is, what the complaint means, what is wanted."""

    facts: frozenset[str]
    weighed: tuple[Match, ...]
    groups: tuple[Joined, ...]
    preferences: Preferences
    usual: Mapping[str, int]


def reasons_for(
    technique: str,
    regions: frozenset[Region],
    kinds: Sequence[FindingKind],
    situation: Situation,
    fired: Sequence[FiredRule],
) -> tuple[Reason, ...]:
    """Every reason for or against a technique at a finding of these kinds, which counts to these regions."""
    known = tables()
    return (
        *_finding(technique, kinds, known),
        *_complaint(technique, regions, situation.weighed, known),
        *_evidence(technique, regions, situation.weighed, known),
        *_population(technique, regions, situation, known),
        *_gentleness(technique, situation, known),
        *_wanted(technique, situation.preferences, known),
        *_usual(technique, situation.usual, known),
        *_positions(technique, situation, known),
        *_precautions(fired, known),
    )


def positions_for(technique: str, situation: Situation) -> tuple[str, ...]:
    """The positions a technique is done in that the patient can take and no group of theirs keeps from."""
    barred = _barred(situation)
    return tuple(one for one in tables().cards[technique].positions if one not in barred)


def _barred(situation: Situation) -> dict[str, str]:
    barred = dict.fromkeys(sorted(situation.preferences.positions_not_possible), "not possible")
    for group, _ in situation.groups:
        for position in group.positions_avoid:
            barred.setdefault(position, group.title)
    return barred


# The finding and the complaint -------------------------------------------------------------------


def _finding(technique: str, kinds: Sequence[FindingKind], known: Tables) -> Iterator[Reason]:
    """The best that the technique does for any kind of the finding, or that nothing asks for it."""
    use = known.uses.get(technique)
    if use is None:
        return
    served = [kind.title for kind in kinds if kind.id in use.serves]
    also = [kind.title for kind in kinds if kind.id in use.also]
    mark = use.confidence.value
    if served:
        text, weight = f"used for: {', '.join(served)}", known.weights["finding.serves"]
    elif also:
        text, weight, mark = f"can serve, by inference: {', '.join(also)}", known.weights["finding.also"], "K"
    else:
        text, weight = "nothing in the finding asks for it", known.weights["finding.none"]
    yield Reason(ReasonKind.FINDING, text, weight, use.sources, mark)


def _lies_here(match: Match, regions: frozenset[Region]) -> bool:
    where = regions_of(match.condition)
    return not where or any(region.value in where for region in regions)


def _complaint(
    technique: str, regions: frozenset[Region], weighed: Sequence[Match], known: Tables
) -> Iterator[Reason]:
    use = known.uses.get(technique)
    if use is None:
        return
    named = [m.title for m in weighed if m.condition in use.conditions and _lies_here(m, regions)]
    if named:
        text = f"named for this complaint: {named[0]}"
        yield Reason(
            ReasonKind.COMPLAINT, text, known.weights["complaint"], use.sources, use.confidence.value
        )


# Evidence ----------------------------------------------------------------------------------------


def _evidence(
    technique: str, regions: frozenset[Region], weighed: Sequence[Match], known: Tables
) -> Iterator[Reason]:
    """The rows of the complaint that used this technique or name none: together they weigh their mean."""
    here = [match for match in weighed if _lies_here(match, regions)]
    rows = [(match, known.conditions[match.condition]) for match in here]
    speaking = [(match, row) for match, row in rows if _speaks_of(row, technique)]
    for match, row in speaking:
        weight = _row_weight(row, known)
        if match.missing:
            weight /= 2
        yield Reason(
            ReasonKind.EVIDENCE,
            _evidence_text(match, row, technique),
            round(weight / len(speaking), 1),
            row.sources,
            row.confidence.value,
        )
    for _, row in rows:
        if technique in row.worst:
            weight = known.weights["evidence.worst"]
            yield Reason(ReasonKind.EVIDENCE, row.worst_why, weight, row.sources, row.confidence.value)


def _speaks_of(row: Condition, technique: str) -> bool:
    if row.techniques:
        return technique in row.techniques
    return any(effect.direction != _NO_DATA for effect in row.effects)


def _row_weight(row: Condition, known: Tables) -> float:
    """The mean of the row's directions, each by the lower end of its grade."""
    each = [
        known.weights[f"evidence.{effect.direction}"] * known.weights[f"grade.{_grade(effect, row)[0]}"]
        for effect in row.effects
    ]
    return sum(each) / len(each)


def _grade(effect: Effect, row: Condition) -> tuple[str, ...]:
    return effect.grade or row.grade


def _evidence_text(match: Match, row: Condition, technique: str) -> str:
    told = "; ".join(one.text for one in directions_of(row))
    text = f"{row.title}: {told}"
    if technique not in row.techniques:
        text += " (the row names no technique with a code)"
    if match.missing:
        text += f"; counts half: {', '.join(match.missing)} is not said"
    return text


def directions_of(row: Condition) -> tuple[Direction, ...]:
    """Every direction of a row with its grade."""
    return tuple(Direction(one.direction, one.about, one.against, _grade(one, row)) for one in row.effects)


# Who the patient is and what is wanted -----------------------------------------------------------


def _population(
    technique: str, regions: frozenset[Region], situation: Situation, known: Tables
) -> Iterator[Reason]:
    """What the patient's groups prefer and avoid: all of it is said, each of the two weighs once."""
    prefer, avoid = known.weights["population.prefer"], known.weights["population.avoid"]
    for group, why in situation.groups:
        if technique in group.prefer:
            text = f"preferred: {group.title} ({why})"
            yield Reason(ReasonKind.POPULATION, text, prefer, group.sources, group.confidence.value)
            prefer = 0
    for group, why in situation.groups:
        for one in avoided(group, technique, regions, situation.facts):
            text = f"to be avoided: {one.words}; {group.title} ({why})"
            yield Reason(ReasonKind.POPULATION, text, avoid, group.sources, group.confidence.value)
            avoid = 0


def _gentleness(technique: str, situation: Situation, known: Tables) -> Iterator[Reason]:
    why = [group.title for group, _ in situation.groups if group.gentle]
    if situation.preferences.gentle:
        why.append("the patient asks for it")
    card = known.cards[technique]
    weight = known.weights[f"gentle.{card.gentleness}"]
    if why and weight:
        text = f"{'gentle' if weight > 0 else 'forceful'}; less force is better: {', '.join(why)}"
        yield Reason(ReasonKind.GENTLENESS, text, weight, card.sources, "derived")


def _wanted(technique: str, preferences: Preferences, known: Tables) -> Iterator[Reason]:
    for refusal in preferences.refused:
        if refusal.technique == technique:
            text = f"the patient refused ({refusal.scope.value})"
            yield Reason(ReasonKind.PATIENT, text, 0, OWN, "derived")
    if technique in preferences.preferred:
        weight = known.weights["patient.prefers"]
        yield Reason(ReasonKind.PATIENT, "the patient prefers it", weight, OWN, "derived")


def _usual(technique: str, usual: Mapping[str, int], known: Tables) -> Iterator[Reason]:
    count, most = usual.get(technique, 0), max(usual.values(), default=0)
    if count > 0:
        weight = round(known.weights["usual"] * count / most, 1)
        text = f"your own usual technique ({count} of {sum(usual.values())})"
        yield Reason(ReasonKind.USUAL, text, weight, OWN, "derived")


def _positions(technique: str, situation: Situation, known: Tables) -> Iterator[Reason]:
    barred = _barred(situation)
    lost = [f"{one} ({barred[one]})" for one in known.cards[technique].positions if one in barred]
    if lost:
        left = positions_for(technique, situation)
        text = f"not {', '.join(lost)}; {'left: ' + ', '.join(left) if left else 'no position is left'}"
        yield Reason(ReasonKind.POSITION, text, 0, known.cards[technique].sources, "derived")


def _precautions(fired: Sequence[FiredRule], known: Tables) -> Iterator[Reason]:
    for rule in fired:
        if rule.level == "precaution":
            weight = known.weights["safety.precaution"]
            text = f"{rule.rule} precaution: {rule.why}"
            yield Reason(ReasonKind.SAFETY, text, weight, rule.sources, rule.confidence)
