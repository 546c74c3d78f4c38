"""Compact motion codes: `FRSr`, `NSLRR`, `E RS`, in every spelling, and what each can mean.

Every code is listed once, when the reader starts, so that reading one is a look-up. The rules of ambiguity
are those
of the nomenclature research: a compact code never has two grammatical readings, the danger is a dropped
letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import NamedTuple

from openomt.medicine.anatomy import Side
from openomt.medicine.findings import Frame, Plane, SpinalMotion

_SIDES = {"r": Side.RIGHT, "l": Side.LEFT}
_SIDEBEND = ("s", "sb")
_ROTATION = ("r", "rot")


class Motion(NamedTuple):
    """A stated motion. `named`: said as nouns (`flexion`), so that "restricted" beside it means the movement.

    `coded`: as a code; `shared`: with one side for rotation and sidebending; `doubt` and `others`: see
    `MotionCode`.
    """

    motion: SpinalMotion
    named: bool
    coded: bool
    shared: bool = False
    doubt: str = ""
    others: tuple[SpinalMotion, ...] = ()

    def restricted(self) -> Motion:
        """The motion as one that is restricted rather than free."""
        said = self.motion
        motion = SpinalMotion(said.plane, said.rotation, said.sidebend, Frame.RESTRICTION, said.inferred)
        return self._replace(motion=motion)


@dataclass(frozen=True, slots=True)
class MotionCode:
    """A motion code: what it says, which parts still want a side, and what a person should be asked.

    pending  parts whose side follows in the next word (`FRS right`)
    shared   one side letter stands for rotation and sidebending
    doubt    why the author should be asked, or empty; `other` is then the second reading
    """

    motion: SpinalMotion
    pending: tuple[str, ...] = ()
    shared: bool = False
    doubt: str = ""
    other: SpinalMotion | None = None


@cache
def motion_codes() -> dict[str, MotionCode]:
    """Every compact code in lower case."""
    codes: dict[str, MotionCode] = {}
    planes: tuple[tuple[str, Plane | None], ...] = (("", None), *((p.value.lower(), p) for p in Plane))
    for letter, plane in planes:
        _add_two_sided(codes, letter, plane)
        _add_one_sided(codes, letter, plane)
        _add_shared(codes, letter, plane)
        if letter:
            codes.setdefault(f"{letter}r", MotionCode(SpinalMotion(plane), pending=("rotation",)))
            codes.setdefault(f"{letter}s", MotionCode(SpinalMotion(plane), pending=("sidebend",)))
    return codes


def _add_two_sided(codes: dict[str, MotionCode], letter: str, plane: Plane | None) -> None:
    for (r, rotation), (s, sidebend), rot, bend in product(
        _SIDES.items(), _SIDES.items(), _ROTATION, _SIDEBEND
    ):
        code = MotionCode(SpinalMotion(plane, rotation, sidebend))
        for word in (f"{letter}{rot}{r}{bend}{s}", f"{letter}{bend}{s}{rot}{r}"):
            codes.setdefault(word, code)
        if letter:
            codes.setdefault(f"{rot}{r}{bend}{s}{letter}", code)
            codes.setdefault(f"{bend}{s}{rot}{r}{letter}", code)


def _add_one_sided(codes: dict[str, MotionCode], letter: str, plane: Plane | None) -> None:
    for s, side in _SIDES.items():
        for rot in _ROTATION:
            codes.setdefault(f"{letter}{rot}{s}", MotionCode(SpinalMotion(plane, rotation=side)))
        for bend in _SIDEBEND:
            said = SpinalMotion(plane, sidebend=side)
            if bend == "sb" or (not letter and s == "l"):
                codes.setdefault(f"{letter}{bend}{s}", MotionCode(said))
                continue
            doubt = "sidebent only, or rotated and sidebent with a side missing?"
            codes.setdefault(
                f"{letter}{bend}{s}", MotionCode(said, doubt=doubt, other=SpinalMotion(plane, side, side))
            )


def _add_shared(codes: dict[str, MotionCode], letter: str, plane: Plane | None) -> None:
    for pair in ("rs", "sr", "rsb", "sbr"):
        for s, side in _SIDES.items():
            same = SpinalMotion(plane, side, side)
            if plane is not Plane.NEUTRAL:
                guessed = pair.startswith("s")
                said = SpinalMotion(plane, side, side, inferred=("rotation", "sidebend")) if guessed else same
                codes.setdefault(f"{letter}{pair}{s}", MotionCode(said, shared=True))
                continue
            rotation, sidebend = (side.opposite, side) if pair.startswith("r") else (side, side.opposite)
            typical = SpinalMotion(plane, rotation, sidebend, inferred=("rotation", "sidebend"))
            doubt = "was a letter dropped? One side for both is rare in a neutral segment"
            codes.setdefault(f"{letter}{pair}{s}", MotionCode(typical, shared=True, doubt=doubt, other=same))
        if not letter and pair in ("sr", "sbr"):
            continue  # sidebent right, not a code without its side
        if f"{letter}{pair}" not in codes:
            pending = ("rotation", "sidebend")
            codes[f"{letter}{pair}"] = MotionCode(SpinalMotion(plane), pending=pending)
