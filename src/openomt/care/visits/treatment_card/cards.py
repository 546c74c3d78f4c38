"""The cards of a visit, from the records of techniques (`TechniqueCard`, `TechniqueCaution`) and the safety check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from openomt.knowledge import load
from openomt.knowledge.safety import ALL_TECHNIQUES, ANY_REGION, TechniqueCard, TechniqueCaution
from openomt.medicine.anatomy import Region, Side
from openomt.medicine.narrative.phrases import region_title
from openomt.medicine.narrative.words import place_words
from openomt.medicine.safety.plan import plan_of
from openomt.medicine.safety.values import Alerts, FiredRule, PlannedItem, Verdict
from openomt.medicine.visit import Visit

POSITION_WORDS = {
    "supine": "on the back",
    "prone": "face down",
    "side": "on the side",
    "seated": "seated",
    "standing": "standing",
}
_VERDICT_LEVELS = {Verdict.STOP: "stop", Verdict.ABSOLUTE: "absolute", Verdict.RELATIVE: "relative"}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the card: what it is about, and what to do."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """A technique as it is done at the places chosen.

    level    what the safety check says of it there (`stop`, `absolute`, `relative`); empty: nothing
    rules    the rules that hold for it and not for every card of the deck, worst first, precautions included
    hand     rules for the hand that hold for it whatever the patient's facts are
    """

    code: str
    title: str
    where: str
    steps: tuple[Step, ...]
    level: str
    rules: tuple[FiredRule, ...]
    hand: tuple[str, ...]
    plain: str
    doubt: str
    sources: tuple[str, ...]
    confidence: str
    review_state: str


@dataclass(frozen=True, slots=True)
class Deck:
    """The cards of a visit, and what holds for all of them and is said once."""

    cards: tuple[Card, ...] = ()
    rules: tuple[FiredRule, ...] = ()
    hand: tuple[str, ...] = ()


def deck(visit: Visit, *, not_possible: frozenset[str] = frozenset(), alerts: Alerts | None = None) -> Deck:
    """A card for each technique of the visit that has a record, in the order of the treatments.

    not_possible  positions this patient cannot take (`supine`, `prone`, `side`, `seated`, `standing`)
    alerts        the answer of the safety check on the visit's plan
    """
    known = {str(card.id): card for card in load().all(TechniqueCard)}
    items: dict[str, list[PlannedItem]] = {}
    for item in plan_of(visit):
        if item.technique in known:
            items.setdefault(item.technique, []).append(item)
    found = [_card(known[code], planned, not_possible, alerts) for code, planned in items.items()]
    if not found:
        return Deck()
    of_all = set(found[0].rules).intersection(*(card.rules for card in found)) if len(found) > 1 else set()
    return Deck(
        cards=tuple(replace(card, rules=tuple(r for r in card.rules if r not in of_all)) for card in found),
        rules=tuple(rule for rule in found[0].rules if rule in of_all),
        hand=tuple(rule.say for rule in load().all(TechniqueCaution) if _for_all(rule)),
    )


def _card(
    record: TechniqueCard, items: list[PlannedItem], not_possible: frozenset[str], alerts: Alerts | None
) -> Card:
    code = str(record.id)
    fired = [alert for alert in alerts.items if alert.item.technique == code] if alerts else []
    worst = max((alert.verdict for alert in fired), key=lambda verdict: verdict.rank, default=Verdict.CLEAR)
    return Card(
        code=code,
        title=record.title,
        where=", ".join(dict.fromkeys(_place(item) for item in items)),
        steps=tuple(_steps(record, not_possible)),
        level=_VERDICT_LEVELS.get(worst, ""),
        rules=tuple({rule.rule: rule for alert in fired for rule in alert.fired}.values()),
        hand=tuple(_hand(code, {item.region for item in items})),
        plain=record.plain,
        doubt=record.doubt,
        sources=tuple(load().sources[name].title for name in record.sources),
        confidence=record.confidence.value,
        review_state=record.review_state,
    )


def _place(item: PlannedItem) -> str:
    side = item.side if item.side in (Side.LEFT, Side.RIGHT) else None
    if item.level is not None:
        return place_words(item.level, side).text
    return region_title(item.region).lower() if item.region else "place not said"


def _steps(record: TechniqueCard, not_possible: frozenset[str]) -> Iterable[Step]:
    possible = [POSITION_WORDS[one] for one in record.positions if one not in not_possible]
    note = f" {record.position_note}." if record.position_note else ""
    if possible:
        yield Step("Position", f"Patient {_or(possible)}.{note}")
    else:
        yield Step("Position", f"None of its positions is possible for this patient.{note}")
    yield Step("Approach", _approach(record.approach))
    yield Step("Force", f"{record.force}.")
    yield Step("Patient", f"{record.effort}.")
    yield Step("Dose", f"{record.dose}.")
    yield Step("Afterwards", f"Retest. May follow: {record.expected[:1].lower()}{record.expected[1:]}.")


def _approach(ways: Sequence[str]) -> str:
    """The usual way first; a combined one is itself indirect, then direct."""
    named = ["Indirect, then direct" if way == "combined" else way.capitalize() for way in ways]
    return f"{named[0]}." if len(named) == 1 else f"Usually {named[0].lower()}; also {named[1].lower()}."


def _or(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _for_all(rule: TechniqueCaution) -> bool:
    return ALL_TECHNIQUES in rule.techniques and ANY_REGION in rule.regions


def _hand(code: str, regions: Iterable[Region | None]) -> Iterable[str]:
    """The rules for the hand that hold for a technique in these regions, without those of every technique."""
    here = {region.value for region in regions if region}
    for rule in load().all(TechniqueCaution):
        meant = ALL_TECHNIQUES in rule.techniques or code in rule.techniques
        if meant and not _for_all(rule) and (ANY_REGION in rule.regions or here & set(rule.regions)):
            yield rule.say
