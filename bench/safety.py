"""How many plans are checked in a second, on one core.

python bench/safety.py [--check]    with --check, exit code 1 where a figure misses what was asked
"""

from __future__ import annotations

import random
import statistics
import sys
import time

from openomt.medicine.anatomy import Region
from openomt.medicine.safety.check import check
from openomt.medicine.safety.tables import tables
from openomt.medicine.safety.values import (
    Fact,
    KnownFact,
    Origin,
    OriginKind,
    PatientFacts,
    PlannedItem,
    Sex,
)

CASES = 5_000
CHECKS_A_SECOND = 5_000

Case = tuple[PatientFacts, tuple[PlannedItem, ...]]


def cases(seed: int) -> list[Case]:
    """Patients of all ages with up to four facts, each with a plan of one to three items."""
    chance = random.Random(seed)
    codes, techniques = sorted(tables().codes), list(tables().cards.values())
    return [(_patient(chance, codes), _plan(chance, techniques)) for _ in range(CASES)]


def _patient(chance: random.Random, codes: list[str]) -> PatientFacts:
    present = []
    for code in chance.sample(codes, chance.randint(0, 4)):
        record = tables().facts.get(code)
        region = chance.choice(list(Region)) if record is not None and record.regional else None
        origin = Origin(OriginKind.STATED, code, "entered")
        present.append(KnownFact(Fact(code, region), (origin,)))
    sex = chance.choice((Sex.FEMALE, Sex.MALE))
    return PatientFacts(age_months=chance.randint(0, 1100), sex=sex, present=tuple(present))


def _plan(chance: random.Random, techniques: list) -> tuple[PlannedItem, ...]:  # type: ignore[type-arg]
    cards = chance.choices(techniques, k=chance.randint(1, 3))
    return tuple(PlannedItem(card.code, chance.choice(card.regions)) for card in cards)


def checks_a_second(some: list[Case]) -> float:
    """Checks in a second of the processor."""
    start = time.process_time()
    for patient, plan in some:
        check(patient, plan)
    return len(some) / (time.process_time() - start)


def main() -> int:
    start = time.perf_counter()
    patient, plan = cases(0)[0]
    check(patient, plan)
    print(f"first check of a process, records loaded: {time.perf_counter() - start:.2f} s")
    every = [checks_a_second(cases(seed)) for seed in range(1, 8)]
    speed = statistics.median(every)
    print(f"plan checks: {speed:,.0f} a second, median of {len(every)} runs of {CASES:,} new ones")
    asked = {f"{CHECKS_A_SECOND:,} plan checks a second": speed >= CHECKS_A_SECOND}
    for what, met in asked.items():
        print(f"{'met' if met else 'MISSED':8}{what}")
    return 0 if all(asked.values()) or "--check" not in sys.argv else 1


if __name__ == "__main__":
    sys.exit(main())
