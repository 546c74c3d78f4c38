"""How well the command line reads the corpora: F1 for each kind of fact, by style of writing.

python bench/accuracy.py [GOLD.jsonl …]    exit code 1 where a score lies below what issue 2 asks for
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
OPENOMT = Path(sys.executable).with_name("openomt")
STYLES = ("overall", "shorthand", "prose")
NEEDED = {
    ("shorthand", "full finding"): 0.90,
    ("prose", "full finding"): 0.80,
    ("overall", "region"): 0.95,
    ("overall", "technique"): 0.93,
    ("overall", "response"): 0.85,
    ("overall", "negation"): 0.85,
}


def scores(gold: Path) -> dict[str, dict[str, Any]]:
    """Scores by style and unit, through `openomt read --jsonl`."""
    with tempfile.TemporaryDirectory() as folder:
        predictions = Path(folder) / "predictions.jsonl"
        read = subprocess.run(
            [OPENOMT, "read", "--jsonl", gold], check=True, capture_output=True, text=True, encoding="utf-8"
        )
        predictions.write_text(read.stdout, encoding="utf-8")
        scored = subprocess.run(
            [sys.executable, HERE / "corpus" / "score.py", gold, predictions, "--json"],
            check=True,
            capture_output=True,
            text=True,
        )
    answer: dict[str, dict[str, Any]] = json.loads(scored.stdout)["scores"]
    return answer


def report(gold: Path) -> list[str]:
    """Prints the scores of one corpus; returns what lies below what is asked for."""
    found = scores(gold)
    print(f"{gold.name}: F1 (facts in the corpus)\n")
    print(f"{'':20}" + "".join(f"{style:>18}" for style in STYLES))
    low = []
    for unit in found["overall"]:
        cells = []
        for style in STYLES:
            score = found.get(style, {}).get(unit, {"f1": None, "gold": 0})
            needed = NEEDED.get((style, unit), 0.0)
            mark = " " if score["f1"] is None or score["f1"] >= needed else "!"
            if mark == "!":
                low.append(f"{gold.name}: {style} {unit}: {score['f1']:.3f}, needed {needed}")
            value = "-" if score["f1"] is None else f"{score['f1']:.3f}"
            cells.append(f"{value}{mark}({score['gold']})".rjust(18))
        print(f"{unit:20}" + "".join(cells))
    print()
    return low


def main() -> int:
    named = [Path(name) for name in sys.argv[1:]]
    corpora = named or [HERE / "corpus" / f"{name}.jsonl" for name in ("dev", "own", "unseen")]
    low = [line for gold in corpora for line in report(gold)]
    for line in low:
        print(f"below what is asked for: {line}")
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
