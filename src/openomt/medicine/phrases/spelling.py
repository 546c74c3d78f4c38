"""Which known word a misspelt one must mean.

A word lies one slip (a letter too many, too few, wrong, or two changed about) from what was meant, two slips
in a long word. Every word that can be reached by leaving letters out is kept in a table, so that looking one
up costs the same however many words are known.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

_SHORTEST = 5
_LONG = 9
_FAIRLY_LONG = 7
_LONGEST = 32
_OPPOSITES = (
    ("hyper", "hypo"), ("in", "ex"), ("ab", "ad"), ("ante", "anti"), ("intra", "inter"), ("peri", "para"),
    ("intra", "infra"), ("supra", "super"), ("endo", "ecto"), ("pre", "post"), ("myo", "myelo"),
    ("neuro", "nephro"), ("pro", "per"), ("un", "in"), ("un", ""), ("non", ""),
)  # fmt: skip


class Spelling:
    """Looks up misspelt words among `words`, and never changes one of `ordinary`."""

    def __init__(self, words: Iterable[str], ordinary: frozenset[str]) -> None:
        self._ordinary = ordinary
        self._near: dict[str, list[str]] = {}
        for word in sorted(set(words)):
            if len(word) >= _SHORTEST and word.isalpha():
                for shorter in _shortened(word, _slips(word)):
                    self._near.setdefault(shorter, []).append(word)

    def meant(self, word: str) -> tuple[str, ...]:
        """The known words a misspelt one may mean, nearest only; empty where it is no slip."""
        if not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha() or word in self._ordinary:
            return ()
        best: dict[str, int] = {}
        for shorter in _shortened(word, _slips(word)):
            for known in self._near.get(shorter, ()):
                if known not in best and not _opposite(word, known):
                    best[known] = distance(word, known)
        allowed = {known: far for known, far in best.items() if far <= _allowed(word, known)}
        nearest = min(allowed.values(), default=0)
        return tuple(sorted(known for known, far in allowed.items() if far == nearest))


def _slips(word: str) -> int:
    return 2 if len(word) >= _FAIRLY_LONG else 1


def _frame(word: str) -> str:
    """The consonants of a word: people who misspell a name mostly miss its vowels."""
    return "".join(letter for letter in word if letter not in "aeiouy")


def _allowed(word: str, known: str) -> int:
    """How many slips may lie between. A word seldom begins wrong, and short ones are too close to others."""
    slips = min(_slips(word), _slips(known))
    if min(len(word), len(known)) < _LONG and _frame(word) != _frame(known):
        slips = 1
    if word[0] != known[0]:
        return 1 if word[:2] == known[1::-1] and len(known) > _SHORTEST else 0
    if len(known) == _SHORTEST and sorted(word) != sorted(known) and word[-1] != known[-1]:
        return 0
    return slips


def _opposite(word: str, known: str) -> bool:
    """`hypotension` is no slip of `hypertension`."""
    for one, other in _OPPOSITES:
        for a, b in ((one, other), (other, one)):
            if word.startswith(a) and known.startswith(b) and word[len(a) :] == known[len(b) :]:
                return True
    return False


def _shortened(word: str, slips: int) -> set[str]:
    found = {word}
    for left_out in range(1, slips + 1):
        for places in combinations(range(len(word)), left_out):
            found.add("".join(letter for place, letter in enumerate(word) if place not in places))
    return found


def distance(one: str, other: str) -> int:
    """Slips between two words, two letters changed about counting once (optimal string alignment)."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        here = [row]
        for column, letter2 in enumerate(other, 1):
            cost = min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != letter2))
            changed = row > 1 < column and letter == other[column - 2] and one[row - 2] == letter2
            here.append(min(cost, before[column - 2] + 1) if changed else cost)
        before, above = above, here
    return above[-1]
