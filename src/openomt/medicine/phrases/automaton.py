"""All phrases and triggers as one tree of words, walked once along a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from openomt.medicine.phrases.pattern import Step, steps, words_of
from openomt.medicine.phrases.spelling import Spelling
from openomt.medicine.phrases.tokens import HARD, SOFT, Tokens, stem
from openomt.medicine.phrases.values import Phrase, Role, Trigger

_REMEMBERED = 50_000
_STATES = 400
"""Beginnings of phrases followed at once; only a text made to be hostile has more."""


@dataclass(slots=True)
class Node:
    """Words read so far: what may follow, and what they mean when nothing does."""

    next: dict[str, Node] = field(default_factory=dict)
    gaps: list[tuple[int, Node]] = field(default_factory=list)
    phrases: list[Phrase] = field(default_factory=list)
    roles: frozenset[Role] = frozenset()


class Match(NamedTuple):
    """A phrase at the tokens `at`."""

    phrase: Phrase
    at: tuple[int, ...]
    exact: bool


class Hit(NamedTuple):
    """A trigger at the tokens from `first` to `last`."""

    first: int
    last: int
    roles: frozenset[Role]


_State = tuple[Node, tuple[int, ...], int, bool]
"""A node, the tokens that led to it, how many other words may still stand here (-1: the next one must follow
at once), and whether all were spelt so. A plain tuple, as many are made."""


class Automaton:
    """Phrases and triggers compiled. Finds all of them in one walk, longest and shorter ones alike."""

    def __init__(
        self,
        phrases: Iterable[Phrase],
        triggers: Iterable[Trigger],
        ordinary: frozenset[str],
        short_forms: Mapping[str, str],
    ) -> None:
        self._short_forms = {short: stem(full) for short, full in short_forms.items()}
        self._root = Node()
        misspellable: set[str] = set()
        for phrase in phrases:
            for run in words_of(phrase):
                node = self._enter(run)
                if phrase not in node.phrases:
                    node.phrases.append(phrase)
                if phrase.typos:
                    misspellable.update(unit for unit in run if isinstance(unit, str))
        for trigger in triggers:
            if trigger.role is Role.ABBREVIATED:
                continue
            for run in steps(trigger.words):
                node = self._enter(run)
                node.roles |= {trigger.role}
        self._spelling = Spelling(misspellable, ordinary)
        self._known: dict[str, tuple[tuple[str, bool], ...]] = {}

    def _enter(self, run: tuple[Step, ...]) -> Node:
        node = self._root
        gap = 0
        for step in run:
            if isinstance(step, int):
                gap = step
                continue
            if gap:
                target = next((there for most, there in node.gaps if most == gap), None)
                if target is None:
                    target = Node()
                    node.gaps.append((gap, target))
                node, gap = target, 0
            node = node.next.setdefault(step, Node())
        return node

    def freeze(self) -> None:
        """Gathers the vocabulary. Called once, when everything is entered."""
        words: set[str] = set()
        waiting = [self._root]
        while waiting:
            node = waiting.pop()
            words.update(node.next)
            waiting += node.next.values()
            waiting += [there for _, there in node.gaps]
        self._vocabulary = frozenset(words)
        self._capitals = frozenset(word[1:] for word in words if word.startswith("^"))
        beginnings = sorted(word[:-1] for word in words if word.endswith("*"))
        self._beginnings: dict[int, set[str]] = {}
        for word in beginnings:
            self._beginnings.setdefault(len(word), set()).add(word)

    def units(self, word: str) -> tuple[tuple[str, bool], ...]:
        """What a word of a text stands for in the tree, and whether it is spelt so."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[word] = self._units(word)
        return known

    def _units(self, word: str) -> tuple[tuple[str, bool], ...]:
        bare = stem(word)
        found = [(unit, True) for unit in dict.fromkeys((bare, word)) if unit in self._vocabulary]
        found += [
            (f"{word[:size]}*", True)
            for size, beginnings in self._beginnings.items()
            if word[:size] in beginnings
        ]
        full = self._short_forms.get(word, "")
        if full in self._vocabulary:
            found.append((full, True))
        if not any(unit in (bare, word, full) for unit, _ in found):
            meant = self._spelling.meant(word) or self._spelling.meant(bare)
            found += [(unit, False) for unit in meant]
        return tuple(found)

    def run(self, found: Tokens) -> tuple[list[Match], list[Hit]]:
        """Every phrase and every trigger of a text, in the order in which they end."""
        walk = _Walk()
        begin = self._root.next
        known = self._known
        for at, word in enumerate(found.words):
            units = known.get(word)
            if units is None:
                units = self.units(word)
            if word in self._capitals and found.in_capitals(at):
                units = (*units, (f"^{word}", True))
            states = walk.states
            if not (units or states):
                continue
            walk.states = []
            if states and word not in HARD:
                soft = word in SOFT
                for state in states[:_STATES]:
                    walk.advance(state, at, units, soft)
            for unit, exact in units:
                node = begin.get(unit)
                if node is not None:
                    walk.arrive(node, (at,), exact)
        return walk.matches, walk.hits


class _Walk:
    """What has been found so far, and what may still become something."""

    __slots__ = ("hits", "matches", "states")

    def __init__(self) -> None:
        self.matches: list[Match] = []
        self.hits: list[Hit] = []
        self.states: list[_State] = []

    def advance(self, state: _State, at: int, units: tuple[tuple[str, bool], ...], soft: bool) -> None:
        """Follows a beginning over one more word. A soft mark costs nothing where words may be skipped."""
        node, before, left, sure = state
        follow = node.next
        for unit, exact in units:
            there = follow.get(unit)
            if there is not None:
                self.arrive(there, (*before, at), sure and exact)
        if left > 0 or (soft and left == 0):
            self.states.append((node, before, left if soft else left - 1, sure))

    def arrive(self, node: Node, at: tuple[int, ...], exact: bool) -> None:
        """Notes what ends here, and what may go on."""
        for phrase in node.phrases:
            if exact or phrase.typos:
                self.matches.append(Match(phrase, at, exact))
        if node.roles and exact:
            self.hits.append(Hit(at[0], at[-1], node.roles))
        if node.next:
            self.states.append((node, at, -1, exact))
        for most, there in node.gaps:
            self.states.append((there, at, most, exact))
