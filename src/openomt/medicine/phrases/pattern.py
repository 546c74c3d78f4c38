"""The small language phrases are written in, turned into runs of words."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import permutations, product

from openomt.medicine.phrases.tokens import stem, tokens
from openomt.medicine.phrases.values import Phrase

_PART = re.compile(r"\{([^{}]*)\}|\[([^\[\]]*)\]|(\.\.\.\d*)|([^\s{}\[\]]+)")
_LARGEST = 4000
_SHORTEST_BEGINNING = 3
Step = str | int
"""A word, or the number of other words that may stand here."""


class PatternError(ValueError):
    """A phrase that cannot be read, with its words."""


@lru_cache(maxsize=16384)
def steps(words: str, gap: int = 0) -> tuple[tuple[Step, ...], ...]:
    """Every run of words a pattern stands for. Raises PatternError."""
    sides = [part.strip() for part in words.split(" & ")]
    if not all(sides):
        raise PatternError(f"nothing to find on one side: {words!r}")
    if len(sides) == 1:
        return _runs(words, gap)
    found: dict[tuple[Step, ...], None] = {}
    each = [_runs(side, gap) for side in sides]
    for order in permutations(each):
        for chosen in product(*order):
            joined: list[Step] = list(chosen[0])
            for run in chosen[1:]:
                joined += [gap, *run]
            found[tuple(joined)] = None
    return _checked(words, found)


def _runs(words: str, gap: int) -> tuple[tuple[Step, ...], ...]:
    choices: list[list[tuple[Step, ...]]] = []
    for braced, optional, dots, word in _PART.findall(words):
        if dots:
            choices.append([(int(dots[3:] or gap),)])
        elif word:
            choices.append([_units(word)])
        elif braced or not optional:
            choices.append([_units(part) for part in braced.split("|")])
        else:
            choices.append([(), *(_units(part) for part in optional.split("|"))])
    found: dict[tuple[Step, ...], None] = {}
    for chosen in product(*choices):
        run = tuple(step for part in chosen for step in part)
        found[run] = None
    return _checked(words, found)


def _checked(words: str, found: dict[tuple[Step, ...], None]) -> tuple[tuple[Step, ...], ...]:
    if len(found) > _LARGEST:
        raise PatternError(f"stands for {len(found)} runs of words: {words!r}")
    for run in found:
        if not run or isinstance(run[0], int) or isinstance(run[-1], int):
            raise PatternError(f"begins or ends with a gap, or is empty: {words!r}")
    return tuple(found)


def _units(part: str) -> tuple[Step, ...]:
    units: list[Step] = []
    for piece in part.split():
        if piece.startswith("^"):
            units.append(f"^{''.join(tokens(piece[1:]).words)}")
        elif piece.endswith("*"):
            *before, last = tokens(piece[:-1]).words
            if len(last) < _SHORTEST_BEGINNING:
                raise PatternError(f"too short for a beginning: {piece!r}")
            units += [*map(stem, before), f"{last}*"]
        else:
            units += map(stem, tokens(piece).words)
    return tuple(units)


def words_of(phrase: Phrase) -> tuple[tuple[Step, ...], ...]:
    """Every run of words of a phrase. Raises PatternError."""
    return steps(phrase.words, phrase.gap)
