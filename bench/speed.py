"""How fast the reader is, on one core.

python bench/speed.py [--check]    with --check, exit code 1 where a figure misses what issue 2 asks for
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from openomt.medicine.notation import read

CORPUS = Path(__file__).resolve().parent / "corpus" / "dev.jsonl"
LONG = 100_000
NOTE_LINES = 20

NASTY: dict[str, str] = {
    "words of the corpus": "",
    "one letter": "a",
    "digits": "1",
    "blanks": " ",
    "line breaks": "\n",
    "slashes": "/",
    "dashes": "-",
    "commas": ",",
    "semicolons": ";",
    "open brackets": "(",
    "levels": "T5 ",
    "levels without blanks": "T5",
    "a run of ranges": "T5-T7-",
    "regions": "cervical ",
    "sides": "R L ",
    "motion letters": "FRSrl",
    "half a statement": "T5 F",
    "restrictions": "restricted in ",
    "negations": "no ",
    "no and or": "no tenderness or ",
    "techniques": "HVLA ME ",
    "unknown words": "xyzzyx plugh ",
    "misspelt words": "cervicla restrictoin ",
    "arrows": "8->2/10 ",
    "emoji": "\N{BONE}",
    "combining marks": "e\u0301",
    "right-to-left": "\u202e\u05d0",
    "nulls": "\x00",
}


def seconds(work: Callable[[], object], least: float = 0.2) -> float:
    """The median of repeated runs, in seconds."""
    runs: list[float] = []
    while not runs or (sum(runs) < least and len(runs) < 50):
        start = time.perf_counter()
        work()
        runs.append(time.perf_counter() - start)
    return statistics.median(runs)


def lines_a_second(lines: list[str], times: int) -> tuple[float, float]:
    """First pass over lines never read before, and the median of `times` more passes."""
    passes = []
    for _ in range(times + 1):
        start = time.perf_counter()
        for line in lines:
            read(line)
        passes.append(len(lines) / (time.perf_counter() - start))
    return passes[0], statistics.median(passes[1:])


def import_time(module: str, runs: int = 15) -> float:
    """Median time of an import in fresh processes, in milliseconds, the start of Python taken off."""
    script = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    times = [float(subprocess.check_output([sys.executable, "-c", script])) for _ in range(runs)]
    return statistics.median(times) * 1000


def first_read() -> float:
    """Time of the very first reading in a fresh process, in milliseconds: the vocabulary is loaded."""
    script = (
        "import time; from openomt.medicine.notation import read; t = time.perf_counter(); "
        "read('T5 FRSr'); print(time.perf_counter() - t)"
    )
    return statistics.median(
        float(subprocess.check_output([sys.executable, "-c", script])) * 1000 for _ in range(5)
    )


def nasty_texts(corpus: list[str]) -> dict[str, str]:
    """Texts of `LONG` characters, each of one kind."""
    texts = {}
    for name, piece in NASTY.items():
        unit = piece or "; ".join(corpus)
        texts[name] = (unit * (LONG // len(unit) + 1))[:LONG]
    return texts


def slowest(texts: dict[str, str]) -> tuple[str, float, float]:
    """The kind that takes longest, its seconds, and the largest ratio of whole to half, over all kinds.

    A ratio of 2 is linear. Halves that take under 20 ms are too short to tell and are left out.
    """
    worst, most, ratio = "", 0.0, 0.0
    for name, text in texts.items():
        half, whole = seconds(partial(read, text[: LONG // 2])), seconds(partial(read, text))
        if half >= 0.02:
            ratio = max(ratio, whole / half)
        if whole > most:
            worst, most = name, whole
        print(f"  {name:24}{whole:8.3f} s{whole / half:8.2f} times its half")
    return worst, most, ratio


def main() -> int:
    rows = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    every = [row["text"] for row in rows]
    shorthand = [row["text"] for row in rows if row["style"] == "shorthand"]
    read("T5 FRSr")
    cold, warm = lines_a_second(shorthand, 30)
    _, warm_all = lines_a_second(every, 15)
    note = "\n".join(shorthand[:NOTE_LINES])
    note_ms = seconds(lambda: read(note)) * 1000
    import_ms = import_time("openomt.medicine")
    print(f"shorthand lines: {cold:,.0f} a second on first sight, {warm:,.0f} when seen before")
    print(f"all lines of the corpus, seen before: {warm_all:,.0f} a second")
    print(f"a note of {NOTE_LINES} lines: {note_ms:.2f} ms")
    notation_ms = import_time("openomt.medicine.notation")
    print(f"import openomt.medicine: {import_ms:.0f} ms; .notation: {notation_ms:.0f} ms")
    print(f"first reading of a process (loads the vocabulary): {first_read():.0f} ms")
    print(f"{LONG:,} characters:")
    kind, longest, ratio = slowest(nasty_texts(every))
    print(f"slowest: {kind}, {longest:.3f} s; largest ratio of whole to half {ratio:.2f}")
    asked = {
        "20,000 shorthand lines a second": warm >= 20_000,
        "a 20-line note under 3 ms": note_ms < 3,
        "import under 150 ms": import_ms < 150,
        "100,000 characters under a second": longest < 1,
        "linear time": ratio < 3,
    }
    for what, met in asked.items():
        print(f"{'met' if met else 'MISSED':8}{what}")
    return 0 if all(asked.values()) or "--check" not in sys.argv else 1


if __name__ == "__main__":
    sys.exit(main())
