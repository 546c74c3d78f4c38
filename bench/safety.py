"""How many plans are checked in a second and how long a screen takes, on one core.

python bench/safety.py [--check]    with --check, exit code 1 where a figure misses what was asked
"""

from __future__ import annotations

import random
import statistics
import sys
import time
import tomllib
from pathlib import Path

from openomt.medicine.anatomy import Region
from openomt.medicine.safety.chart import Chart, Medicine, Problem, Surgery
from openomt.medicine.safety.check import check
from openomt.medicine.safety.recognize import recognize
from openomt.medicine.safety.screen import screen
from openomt.medicine.safety.screen_questions import questions_for
from openomt.medicine.safety.screen_values import Answer
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
SCREENS, ANSWERS, LETTERS = 300, 40, 300
SCREEN_MS = 2.0
SENTENCES = Path(__file__).resolve().parent.parent / "tests" / "screen" / "sentences.toml"
LINES = SENTENCES.parent.parent / "recognition" / "lines.toml"

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


def screen_ms(seed: int) -> float:
    """Milliseconds of the processor for a screen of 40 answers and 300 characters, the mean of new ones.

    The fastest of three passes: what else the machine does only adds.
    """
    chance = random.Random(seed)
    table = tomllib.loads(SENTENCES.read_text(encoding="utf-8"))
    said = [row["text"] for row in table["line"]] + [row["text"] for row in table["near_miss"]] * 6
    work = []
    for _ in range(SCREENS):
        patient = PatientFacts(age_months=chance.randint(240, 1000), sex=Sex.FEMALE)
        asked = [question.code for question in questions_for(patient)][:ANSWERS]
        answers = {code: Answer.YES if chance.random() < 0.1 else Answer.NO for code in asked}
        text = ". ".join(chance.sample(said, 12))[:LETTERS]
        work.append((answers, text, patient))
    passes = []
    for _ in range(3):
        start = time.process_time()
        for answers, text, patient in work:
            screen(answers, text, patient)
        passes.append(time.process_time() - start)
    return min(passes) / len(work) * 1000


def lines_a_second() -> float:
    """Entries of charts turned into facts in a second of the processor, the fastest of five passes."""
    table = tomllib.loads(LINES.read_text(encoding="utf-8"))
    charts = [Chart(problems=(Problem(text),)) for text, *_ in table["problems"] + table["texts"]]
    charts += [Chart(medicines=(Medicine(text),)) for text, *_ in table["medicines"]]
    charts += [Chart(surgeries=(Surgery(text),)) for text, *_ in table["surgeries"]]
    passes = []
    for _ in range(5):
        start = time.process_time()
        for chart in charts:
            recognize(chart, table["today"])
        passes.append(time.process_time() - start)
    return len(charts) / min(passes)


def main() -> int:
    start = time.perf_counter()
    patient, plan = cases(0)[0]
    check(patient, plan)
    print(f"first check of a process, records loaded: {time.perf_counter() - start:.2f} s")
    every = [checks_a_second(cases(seed)) for seed in range(1, 8)]
    speed = statistics.median(every)
    print(f"plan checks: {speed:,.0f} a second, median of {len(every)} runs of {CASES:,} new ones")
    screen_ms(0)
    took = statistics.median(screen_ms(seed) for seed in range(1, 8))
    print(
        f"a screen of {ANSWERS} answers, {LETTERS} characters: {took:.2f} ms, median of 7 runs of {SCREENS}"
    )
    print(f"entries of charts recognized: {lines_a_second():,.0f} a second")
    asked = {
        f"{CHECKS_A_SECOND:,} plan checks a second": speed >= CHECKS_A_SECOND,
        f"a screen under {SCREEN_MS:g} ms": took < SCREEN_MS,
    }
    for what, met in asked.items():
        print(f"{'met' if met else 'MISSED':8}{what}")
    return 0 if all(asked.values()) or "--check" not in sys.argv else 1


if __name__ == "__main__":
    sys.exit(main())
