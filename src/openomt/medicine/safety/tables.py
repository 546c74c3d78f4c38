"""The records of safety as plain tables, compiled once: what a check looks into instead of the records.

A rule stands under every technique, region and fact it is for, so that a check is a few look-ups.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from openomt.medicine.anatomy import Region
from openomt.medicine.safety.values import Sex, Verdict

if TYPE_CHECKING:
    from openomt.knowledge.safety import Bounds, PatientFact

RANKS: Mapping[str, int] = {"precaution": 0, "relative": 1, "absolute": 2, "stop": 3}
LEVELS = tuple(RANKS)
VERDICTS: Mapping[str, Verdict] = {
    "precaution": Verdict.CLEAR,
    "relative": Verdict.RELATIVE,
    "absolute": Verdict.ABSOLUTE,
    "stop": Verdict.STOP,
}
VERDICT_RANKS: Mapping[Verdict, int] = {verdict: rank for rank, verdict in enumerate(Verdict)}
MARKS = ("V", "1", "derived", "K", "?")
"""The marks of confidence, the firmest first."""
RED_FLAGS = "rf_*"
_FLAG, _RED = ("rf_", "yf_"), "rf_"


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the matrix as the check needs it. `place`: its number in the matrix, from 0."""

    place: int
    id: str
    techniques: frozenset[str] | None  # None: every technique
    regions: frozenset[Region] | None  # None: every region
    same: bool
    facts: tuple[str, ...]
    level: str
    why: str
    instead: str
    safer: tuple[str, ...]
    elsewhere: bool
    sources: tuple[str, ...]
    confidence: str
    contested: bool
    review_state: str
    doubt: str

    def covers(self, technique: str | None, region: Region | None) -> bool:
        """Whether it is for a technique (None: whatever is planned) in a region (None: wherever)."""
        if self.techniques is not None and technique not in self.techniques:
            return False
        return self.regions is None or region in self.regions


@dataclass(frozen=True, slots=True)
class Flag:
    """A red or orange flag as an alert names it."""

    number: str
    sign: str
    think_of: str
    action: str
    sources: tuple[str, ...]
    confidence: str
    doubt: str

    @property
    def why(self) -> str:
        thought = f" (think of: {self.think_of})" if self.think_of else ""
        return f"{self.number} {self.sign}{thought}"


@dataclass(frozen=True, slots=True)
class Card:
    """A technique as alternatives are chosen."""

    code: str
    title: str
    regions: tuple[Region, ...]
    gentleness: int


@dataclass(frozen=True, slots=True)
class Cell:
    """The rules of one technique in one region, by fact: wherever that is true, or only in this region."""

    whole: Mapping[str, tuple[int, ...]]
    same: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Tables:
    """All of it. `closers`: the codes, any of which absent makes a fact absent too (its own among them)."""

    rules: tuple[Rule, ...]
    facts: Mapping[str, PatientFact]
    flags: Mapping[str, Flag]
    cards: Mapping[str, Card]
    other_techniques: Mapping[str, str]  # techniques of the vocabulary without a card, with their titles
    codes: frozenset[str]
    closers: Mapping[str, frozenset[str]]
    by_id: Mapping[str, Rule]
    red_flags: frozenset[str]
    cells: dict[tuple[str | None, Region | None], Cell] = field(default_factory=dict)

    def cell(self, technique: str | None, region: Region | None) -> Cell:
        """The rules of a technique in a region; None: those that hold whatever or wherever it is."""
        key = (technique, region)
        found = self.cells.get(key)
        if found is None:
            found = self.cells[key] = self._compile(technique, region)
        return found

    def _compile(self, technique: str | None, region: Region | None) -> Cell:
        whole: dict[str, list[int]] = {}
        same: dict[str, list[int]] = {}
        for rule in self.rules:
            if not rule.covers(technique, region):
                continue
            for code in rule.facts:
                (same if rule.same else whole).setdefault(code, []).append(rule.place)
        return Cell(_frozen(whole), _frozen(same))


def key_of(code: str) -> str:
    """The word under which rules name a fact: its code, or for every red flag `rf_*`."""
    return RED_FLAGS if code.startswith(_RED) else code


def is_red(code: str) -> bool:
    """Whether a code is that of a red flag, known or not."""
    return code.startswith(_RED)


def unknown_code(code: str, what: str, known: Iterable[str]) -> ValueError:
    """The error for a code nobody knows, with those that look most like it."""
    near = difflib.get_close_matches(code, sorted(known), n=3, cutoff=0.6)
    hint = f"; near: {', '.join(near)}" if near else ""
    return ValueError(f"{what} {code!r} is not known{hint}")


@cache
def tables() -> Tables:
    """The tables of this installation. Raises KnowledgeError where the records do not hold together."""
    from openomt.knowledge.loader import load
    from openomt.knowledge.redflags import RedFlag
    from openomt.knowledge.safety import PatientFact

    known = load()
    facts = {record.id: record for record in known.all(PatientFact)}
    rules = _rules()
    flags = {
        record.id: Flag(
            number=record.number,
            sign=record.sign,
            think_of=record.think_of,
            action=record.action,
            sources=record.sources,
            confidence=record.confidence.value,
            doubt=record.doubt,
        )
        for record in known.all(RedFlag)
    }
    orange = {code for rule in rules for code in rule.facts if code.startswith(_FLAG)} - {RED_FLAGS}
    return Tables(
        rules=rules,
        facts=facts,
        flags=flags,
        cards=_cards(),
        other_techniques=_techniques_without_card(),
        codes=frozenset(facts) | frozenset(flags) | orange,
        closers={code: _closers(code, facts) for code in facts},
        by_id={rule.id: rule for rule in rules},
        red_flags=frozenset(code for code in flags if is_red(code)) or frozenset({RED_FLAGS}),
    )


def _rules() -> tuple[Rule, ...]:
    from openomt.knowledge.loader import load
    from openomt.knowledge.safety import ALL_TECHNIQUES, ANY_REGION, SAME_REGION, Contraindication

    return tuple(
        Rule(
            place=place,
            id=record.id,
            techniques=None if ALL_TECHNIQUES in record.techniques else frozenset(record.techniques),
            regions=None
            if record.regions[0] in (ANY_REGION, SAME_REGION)
            else frozenset(Region(region) for region in record.regions),
            same=SAME_REGION in record.regions,
            facts=record.facts,
            level=record.level,
            why=record.why,
            instead=record.instead,
            safer=record.safer,
            elsewhere=record.elsewhere,
            sources=record.sources,
            confidence=record.confidence.value,
            contested=record.contested,
            review_state=record.review_state,
            doubt=record.doubt,
        )
        for place, record in enumerate(load().all(Contraindication))
    )


def _cards() -> dict[str, Card]:
    from openomt.knowledge.loader import load
    from openomt.knowledge.safety import TechniqueCard

    return {
        record.id: Card(
            record.id, record.title, tuple(Region(region) for region in record.regions), record.gentleness
        )
        for record in load().all(TechniqueCard)
    }


def _techniques_without_card() -> dict[str, str]:
    from openomt.knowledge.loader import load
    from openomt.knowledge.safety import TechniqueCard
    from openomt.knowledge.vocabulary import Technique

    carded = {name for card in load().all(TechniqueCard) for name in (card.of, *card.also)}
    return {
        record.id: record.title
        for record in load().all(Technique)
        if f"{record.kind}:{record.id}" not in carded
    }


def _closers(code: str, facts: Mapping[str, PatientFact]) -> frozenset[str]:
    found: set[str] = set()
    todo = [code]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo.extend((*facts[one].implies, *facts[one].needs))
    return frozenset(found)


def _frozen(rules: Mapping[str, list[int]]) -> dict[str, tuple[int, ...]]:
    return {code: tuple(places) for code, places in rules.items()}


@lru_cache(maxsize=4096)
def ruled_out(age_months: int | None, sex: Sex | None, weeks: int | None) -> frozenset[str]:
    """Facts that cannot be true at this age, in this sex, in this week of pregnancy."""
    return frozenset(
        code
        for code, fact in tables().facts.items()
        if _outside(age_months, fact.age_months)
        or _outside(age_months, fact.possible_months)
        or _outside(weeks, fact.weeks)
        or (sex is not None and sex.value in fact.never_sex)
    )


def _outside(number: int | None, bounds: Bounds | None) -> bool:
    return number is not None and bounds is not None and not bounds.hold(number)
