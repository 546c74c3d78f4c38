"""Which known word a misspelt one must mean.

A word lies one slip (a letter too many, too few, wrong, or two changed about) from what was meant, two slips
in a long word. People who misspell a name mostly miss its vowels: two of them may be wrong in a shorter word.
"""

from __future__ import annotations

from collections.abc import Iterable

_SHORTEST = 5
_FAIRLY_LONG = 7
_LONG = 9
_LONGEST = 32
_VOWELS = "aeiouy"
_OPPOSITES = (
    ("hyper", "hypo"), ("in", "ex"), ("ab", "ad"), ("ante", "anti"), ("intra", "inter"), ("peri", "para"),
    ("intra", "infra"), ("supra", "super"), ("endo", "ecto"), ("pre", "post"), ("myo", "myelo"),
    ("neuro", "nephro"), ("pro", "per"), ("un", "in"), ("un", ""), ("non", ""),
)  # fmt: skip


class Spelling:
    """Looks up misspelt words among `words`, and never changes one of `ordinary`."""

    def __init__(self, words: Iterable[str], ordinary: frozenset[str]) -> None:
        self._ordinary = ordinary
        self._by_letter: dict[str, list[str]] = {}
        for word in sorted(set(words)):
            if len(word) >= _SHORTEST and word.isalpha():
                self._by_letter.setdefault(word[0], []).append(word)

    def meant(self, word: str) -> tuple[str, ...]:
        """The known words a misspelt one may mean, nearest only; empty where it is no slip."""
        if not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha() or word in self._ordinary:
            return ()
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        near: dict[str, int] = {}
        for letter in dict.fromkeys(word[:2]):  # the first two letters may have been changed about
            known = self._by_letter.get(letter, ())
            for found, far, _ in process.extract(
                word, known, scorer=OSA.distance, score_cutoff=2, limit=None
            ):
                if 0 < far <= _allowed(word, found) and not _opposite(word, found):
                    near[found] = int(far)
        nearest = min(near.values(), default=0)
        return tuple(sorted(found for found, far in near.items() if far == nearest))


def _allowed(word: str, known: str) -> int:
    """How many slips may lie between. A word seldom begins wrong, and short ones are too close to others."""
    if word[0] != known[0]:
        return 1 if word[:2] == known[1::-1] and len(known) > _SHORTEST else 0
    if len(known) == _SHORTEST and sorted(word) != sorted(known) and word[-1] != known[-1]:
        return 0
    shorter = min(len(word), len(known))
    if shorter >= _LONG or (shorter >= _FAIRLY_LONG and _consonants(word) == _consonants(known)):
        return 2
    return 1


def _consonants(word: str) -> str:
    return "".join(letter for letter in word if letter not in _VOWELS)


def _opposite(word: str, known: str) -> bool:
    """`hypotension` is no slip of `hypertension`."""
    for one, other in _OPPOSITES:
        for a, b in ((one, other), (other, one)):
            if word.startswith(a) and known.startswith(b) and word[len(a) :] == known[len(b) :]:
                return True
    return False
