"""How large a made-up practice is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """How many patients and signed visits, by how many physicians, over how many months."""

    patients: int
    visits: int
    physicians: int = 2
    months: int = 18


SMALL = Scale(patients=40, visits=80, months=4)
DEMO = Scale(patients=300, visits=2000)
BENCH = Scale(patients=5000, visits=20000, physicians=6)
