"""A practice's own levels of rules, and how far it may set them.

The bounds are records (`settingbound`): a rule that stops all treatment is fixed; one that sources confirm
can only be made stricter, up to absolute; a disputed or unconfirmed one can also be made milder, by one step,
and its note is always shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from openomt.medicine.anatomy import Region
from openomt.medicine.safety.tables import LEVELS, RANKS, Rule, tables, unknown_code

if TYPE_CHECKING:
    from openomt.knowledge.safety import SettingBound


RED_FLAGS_ASKED = "Was the patient screened for red flags, and is there any?"


@dataclass(frozen=True, slots=True)
class Setting:
    """A rule's level in this practice, why, and who decided it."""

    rule: str
    level: str
    reason: str
    by: str


Settings = tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A fact that rules of one technique in one region stop or bar for.

    same      they ask whether it is true of that region
    closers   codes, any of which absent answers the question
    """

    code: str
    same: bool
    ask: str
    rules: tuple[int, ...]
    closers: frozenset[str]


@dataclass(frozen=True, eq=False)
class Practice:
    """Every rule's level here, by its place in the matrix, and the setting's reason where there is one.

    One for each set of settings (`practice`), so it is told apart by identity.
    """

    levels: tuple[str, ...]
    ranks: tuple[int, ...]
    reasons: tuple[str, ...]
    _needs: dict[tuple[str | None, Region | None], tuple[Need, ...]] = field(default_factory=dict)

    def needs(self, technique: str | None, region: Region | None) -> tuple[Need, ...]:
        """The facts that would stop or bar this technique here."""
        key = (technique, region)
        found = self._needs.get(key)
        if found is None:
            found = self._needs[key] = tuple(_needs(self.ranks, technique, region))
        return found


def _needs(ranks: Sequence[int], technique: str | None, region: Region | None) -> Iterator[Need]:
    known = tables()
    cell = known.cell(technique, region)
    for rules, same in ((cell.whole, False), (cell.same, True)):
        for code, held in rules.items():
            barring = tuple(place for place in held if ranks[place] >= RANKS["absolute"])
            if barring:
                closers = known.closers.get(code, frozenset({code}))
                yield Need(code, same, ask(code), barring, closers)


def ask(code: str) -> str:
    """What a physician is asked about a fact, or about a flag of its own record."""
    known = tables()
    if code in known.facts:
        return known.facts[code].ask
    if code in known.flags:
        return f"{known.flags[code].sign}?"
    return RED_FLAGS_ASKED


@lru_cache(maxsize=256)
def practice(settings: Settings) -> Practice:
    """The levels under these settings.

    Raises ValueError, naming rule and bound, for a rule or level that does not exist, a rule set twice, a
    setting without reason or author, and a level outside the rule's bounds.
    """
    rules = tables().rules
    by_rule: dict[str, Setting] = {}
    for setting in settings:
        if setting.rule in by_rule:
            raise ValueError(f"{setting.rule}: set twice")
        by_rule[setting.rule] = setting
        _check(setting)
    levels = tuple(by_rule[rule.id].level if rule.id in by_rule else rule.level for rule in rules)
    return Practice(
        levels=levels,
        ranks=tuple(RANKS[level] for level in levels),
        reasons=tuple(_reason(by_rule.get(rule.id)) for rule in rules),
    )


def _reason(setting: Setting | None) -> str:
    return "" if setting is None else f"{setting.reason.strip()} ({setting.by.strip()})"


def _check(setting: Setting) -> None:
    rules = {rule.id: rule for rule in tables().rules}
    if setting.rule not in rules:
        raise unknown_code(setting.rule, "rule", rules)
    if setting.level not in RANKS:
        raise ValueError(f"{setting.rule}: {setting.level!r} is none of the levels {', '.join(LEVELS)}")
    if not setting.reason.strip():
        raise ValueError(f"{setting.rule}: a setting needs a reason")
    if not setting.by.strip():
        raise ValueError(f"{setting.rule}: a setting names who made it")
    rule = rules[setting.rule]
    bound = _bound_of(rule)
    if bound.fixed:
        raise ValueError(f"{rule.id} ({rule.level}): {bound.why} (bound {bound.id})")
    mildest = max(RANKS[bound.mildest], RANKS[rule.level] - bound.loosen)
    if not mildest <= RANKS[setting.level] <= RANKS[bound.strictest]:
        raise ValueError(
            f"{rule.id} ({rule.level}, confidence {rule.confidence}) cannot be set to {setting.level}: "
            f"{bound.why}. It can be set from {LEVELS[mildest]} to {bound.strictest} (bound {bound.id})"
        )


def _bound_of(rule: Rule) -> SettingBound:
    from openomt.knowledge.loader import load
    from openomt.knowledge.safety import SettingBound

    return next(
        bound
        for bound in load().all(SettingBound)
        if rule.level in bound.levels and rule.confidence in {mark.value for mark in bound.marks}
    )
