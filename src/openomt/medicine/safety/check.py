"""A patient's facts and a plan in, alerts out: which rules hold for each item, and what would be safer.

An item's verdict is the worst of its rules (stop, absolute, relative; a precaution leaves it clear), the
plan's the worst of its items. Every rule that holds is listed, however much another outranks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from openomt.medicine.safety.alternatives import alternatives
from openomt.medicine.safety.closing import check_absent, close
from openomt.medicine.safety.matching import ANYWHERE, Place, hits, places
from openomt.medicine.safety.practice import Practice, Settings, practice
from openomt.medicine.safety.tables import (
    MARKS,
    VERDICT_RANKS,
    VERDICTS,
    Rule,
    Tables,
    is_red,
    tables,
    unknown_code,
)
from openomt.medicine.safety.unknown import unknown
from openomt.medicine.safety.values import (
    Alerts,
    FiredRule,
    ItemAlert,
    KnownFact,
    PatientFacts,
    PlannedItem,
    Verdict,
)


def check(patient: PatientFacts, plan: Sequence[PlannedItem], settings: Settings = ()) -> Alerts:
    """What the rules say of a plan for this patient, in this practice.

    Raises ValueError for a fact or technique nobody knows (with the nearest codes), and for a setting outside
    its bounds. A code that begins with `rf_` stops, known or not.
    """
    known = tables()
    here = practice(tuple(settings))
    for item in plan:
        _check_technique(item.technique, known)
    if patient.absent:
        check_absent(patient.absent)
    facts = close(patient)
    gates = _fired(known, here, facts, None, ANYWHERE)
    items = tuple(_item(known, here, facts, item) for item in plan)
    return Alerts(
        verdict=max((_verdict(gates), *(item.verdict for item in items)), key=VERDICT_RANKS.__getitem__),
        items=items,
        unknown=unknown(known, here, patient, facts, plan),
        gates=gates,
    )


def _check_technique(code: str, known: Tables) -> None:
    if code and code not in known.cards and code not in known.other_techniques:
        raise unknown_code(code, "technique", [*known.cards, *known.other_techniques])


def _item(known: Tables, here: Practice, facts: Sequence[KnownFact], item: PlannedItem) -> ItemAlert:
    fired = _fired(known, here, facts, item.technique, places(item.region, item.level))
    verdict = _verdict(fired)
    offered = verdict in (Verdict.ABSOLUTE, Verdict.RELATIVE)
    safer = alternatives(known, here, facts, item, fired) if offered else ()
    return ItemAlert(item, verdict, fired, safer)


def _verdict(fired: Sequence[FiredRule]) -> Verdict:
    return VERDICTS[fired[0].level] if fired else Verdict.CLEAR


def _fired(
    known: Tables,
    here: Practice,
    facts: Sequence[KnownFact],
    technique: str | None,
    where: Sequence[Place],
) -> tuple[FiredRule, ...]:
    """The rules that hold for a technique in these places, worst first, then in the order of the matrix."""
    found = hits(known, facts, technique, where)
    if not found:
        return ()
    ranks = here.ranks
    order = sorted(found, key=lambda place: (-ranks[place], place))
    return tuple(_rule(here, known.rules[place], found[place]) for place in order)


def _rule(here: Practice, rule: Rule, facts: Sequence[KnownFact]) -> FiredRule:
    fired = FiredRule(
        rule=rule.id,
        level=here.levels[rule.place],
        default_level=rule.level,
        facts=tuple(facts),
        why=rule.why,
        instead=rule.instead,
        sources=rule.sources,
        confidence=rule.confidence,
        contested=rule.contested,
        review_state=rule.review_state,
        doubt=rule.doubt,
        setting=here.reasons[rule.place],
    )
    red = dict.fromkeys(fact.fact.code for fact in facts if is_red(fact.fact.code))
    return replace(fired, **_of_flags(rule.place, tuple(red))) if red else fired


@lru_cache(maxsize=4096)
def _of_flags(place: int, codes: tuple[str, ...]) -> dict[str, Any]:
    """What the flags say in the rule of red flags: reason, action, sources, doubts, the weakest mark."""
    known = tables()
    rule = known.rules[place]
    flags = [flag for code in codes if (flag := known.flags.get(code))]
    strange = [f"{code}: no record of it, taken as a red flag" for code in codes if code not in known.flags]
    reasons = [*(flag.why for flag in flags), *strange]
    actions = [f"{flag.number}: {flag.action}" for flag in flags]
    doubts = [f"{flag.number}: {flag.doubt}" for flag in flags if flag.doubt]
    sources = dict.fromkeys(source for flag in flags for source in flag.sources)
    return {
        "why": f"{rule.why}. {'; '.join(reasons)}",
        "instead": "; ".join(actions) or rule.instead,
        "sources": tuple(sources) or rule.sources,
        "confidence": max((flag.confidence for flag in flags), key=MARKS.index, default=rule.confidence),
        "doubt": "; ".join(doubts) or rule.doubt,
    }
