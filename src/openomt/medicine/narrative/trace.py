"""Follows the path a sentence names back to the data it came from."""

from __future__ import annotations

import re

from openomt.medicine.narrative.values import CodeLine
from openomt.medicine.visit import Visit

_STEP = re.compile(r"([a-z_]+)(?:\[(\d+)\])?")


def resolve(path: str, visit: Visit, codes: tuple[CodeLine, ...] = ()) -> object:
    """The value at a path such as `findings[2].motion.plane`; a path that begins with `codes` leads there.

    Raises ValueError naming the path where it leads nowhere.
    """
    value: object = visit
    for number, step in enumerate(path.split(".")):
        match = _STEP.fullmatch(step)
        if match is None:
            raise ValueError(f"not a path of a visit: {path!r}")
        name, place = match.groups()
        try:
            value = codes if number == 0 and name == "codes" else getattr(value, name)
            if place is not None:
                value = value[int(place)]
        except (AttributeError, IndexError, TypeError):
            raise ValueError(f"the visit has nothing at {path!r}") from None
    return value
