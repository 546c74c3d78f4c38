"""Rows of the tables beside this file: an entry of a chart, and what it means on the table's day."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openomt.medicine.safety.chart import BoneDensity, Chart, Medicine, Problem, Surgery
from openomt.medicine.safety.closing import close
from openomt.medicine.safety.recognize import recognize
from openomt.medicine.safety.values import Fact, KnownFact, PatientFacts

CHARTS: Mapping[str, Callable[[str], Chart]] = {
    "problems": lambda text: Chart(problems=(Problem(text),)),
    "medicines": lambda text: Chart(medicines=(Medicine(text),)),
    "surgeries": lambda text: Chart(surgeries=(Surgery(text),)),
    "densities": lambda text: Chart(bone_density=(BoneDensity(text=text),)),
    "texts": lambda text: Chart(text=text),
    "codes": lambda text: Chart(problems=(Problem(code=text),)),
}
"""How the entries of each list of a table stand in a chart."""

BY_NUMBER = frozenset({"preg_t1", "preg_t2", "preg_t3", "preg_over20", "pregnant"})
"""What follows from weeks: a row names the trimester, and the weeks may add `preg_over20`."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry with the facts, questions and denials it means."""

    kind: str
    text: str
    facts: frozenset[str]
    asks: frozenset[str]
    absent: frozenset[str]
    today: date

    @property
    def read(self) -> PatientFacts:
        """What the reader makes of it."""
        return recognize(CHARTS[self.kind](self.text), self.today)

    def found(self) -> frozenset[str]:
        """The facts it was found to mean."""
        return frozenset(str(known.fact) for known in self.read.present)

    def wrong(self) -> dict[str, set[str]]:
        """Facts too many, facts, questions and denials missing."""
        read = self.read
        found = frozenset(str(known.fact) for known in read.present)
        asked = {str(question.fact) for question in read.questions}
        return {
            "too many": set(found - self.facts - {"preg_over20"}),
            "missing": set(self.facts - found - {"preg_over20"}),
            "not asked": set(self.asks) - asked,
            "not denied": set(self.absent) - read.absent,
        }


def rows(name: str) -> list[Row]:
    """The rows of a table."""
    table = tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
    today = table.pop("today")
    return [
        Row(kind, text, _closed(facts), frozenset(asks.split()), frozenset(absent.split()), today)
        for kind, lines in table.items()
        for text, facts, asks, absent in lines
    ]


def _closed(facts: str) -> frozenset[str]:
    """Facts with those that follow from them."""
    stated = tuple(KnownFact(_fact(text), ()) for text in facts.split())
    return frozenset(str(known.fact) for known in close(PatientFacts(present=stated)))


def _fact(text: str) -> Fact:
    from openomt.medicine.anatomy import Region

    code, _, region = text.partition("@")
    return Fact(code, Region(region) if region else None)


def precision_and_recall(table: list[Row]) -> tuple[float, float]:
    """Of the facts found, how many are meant; of those meant, how many are found."""
    right = extra = missed = 0
    for row in table:
        wrong = row.wrong()
        extra += len(wrong["too many"])
        missed += len(wrong["missing"])
        right += len(row.facts) - len(wrong["missing"])
    return right / (right + extra), right / (right + missed)
