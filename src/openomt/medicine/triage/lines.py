"""The lines that a patient ticks on a check-in: signs of danger, and what is told the same day."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from openomt.medicine.safety.screen_values import Answer
from openomt.medicine.triage.values import Population

Group = Literal["danger", "today"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line in the patient's language, by its code. `signs`: what a tick makes present."""

    code: str
    text: str
    signs: tuple[str, ...]


@cache
def lines(group: Group, population: Population, language: str = "en") -> tuple[Line, ...]:
    """The lines of a group for this kind of patient, in order."""
    from openomt.knowledge import load
    from openomt.knowledge.redflags import CheckInSign

    found = sorted((one for one in load().all(CheckInSign) if one.group == group), key=lambda one: one.order)
    return tuple(
        Line(one.id, one.es if language == "es" else one.en, one.signs)
        for one in found
        if population.value in one.populations
    )


def ticked(shown: Collection[Line], chosen: Collection[str]) -> Mapping[str, Answer]:
    """Answers to signs: of a ticked line yes, of one shown and not ticked no. A yes counts over a no."""
    answers = {sign: Answer.NO for line in shown if line.code not in chosen for sign in line.signs}
    return answers | {sign: Answer.YES for line in shown if line.code in chosen for sign in line.signs}
