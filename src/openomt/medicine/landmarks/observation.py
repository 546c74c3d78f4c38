"""One result of one test, and what is wrong with a word that names none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openomt.medicine.anatomy import Level, Side


@dataclass(frozen=True, slots=True)
class Observation:
    """One result of one test.

    test   id of the test (`seated-flexion`, `sulcus`, `asis-height`)
    value  its result (`positive`, `deep`, `inferior`)
    side   side of the result; None when it has none
    place  the vertebrae or ribs examined; None elsewhere or when nobody said
    """

    test: str
    value: str
    side: Side | None = None
    place: Level | None = None

    @property
    def said(self) -> str:
        """The result in words: `deep right`, `positive both`, `level`."""
        return f"{self.value} {_SIDE_WORDS[self.side]}" if self.side else self.value


_SIDE_WORDS = {Side.LEFT: "left", Side.RIGHT: "right", Side.BILATERAL: "both"}


class ObservationError(ValueError):
    """A test or result that is not known. The message names the argument and what was probably meant."""


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?` with the nearest known word; empty when none is near."""
    from rapidfuzz import process

    match = process.extractOne(word, list(known), score_cutoff=70)
    return f"; did you mean {match[0]!r}?" if match else ""
