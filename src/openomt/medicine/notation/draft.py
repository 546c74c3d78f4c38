"""A finding being put together, before it is frozen."""

from __future__ import annotations

from openomt.medicine.anatomy import Region, Side, named_level
from openomt.medicine.findings import SpinalMotion, Tart
from openomt.medicine.notation.lexicon import Place
from openomt.medicine.notation.reading import Question

_IN_ORDER = tuple(Tart)


class Draft:
    """What a finding will say. `inferred` and `question`: see `ReadFinding`."""

    __slots__ = ("inferred", "motion", "pattern", "place", "question", "region", "side", "tart")

    def __init__(self, place: Place, region: Region, side: Side | None, tart: list[Tart]) -> None:
        self.place = place
        self.region = region
        self.side = side
        self.tart = tart.copy()
        self.pattern: str | None = None
        self.motion: SpinalMotion | None = None
        self.inferred: tuple[str, ...] = ()
        self.question: Question | None = None

    @property
    def name(self) -> str:
        """The name of its level; empty for a whole region."""
        return self.place.level.name if self.place.level is not None else ""

    def show(self, tart: Tart) -> None:
        """Adds evidence that the words imply."""
        if tart not in self.tart:
            self.tart.append(tart)


def ordered(tart: list[Tart]) -> tuple[Tart, ...]:
    """Evidence in the order of `Tart`."""
    return tuple(tart) if len(tart) < 2 else tuple([t for t in _IN_ORDER if t in tart])


def bone(name: str, region: Region) -> Place:
    """A bone by its name."""
    return Place(named_level(name), region, "bone")
