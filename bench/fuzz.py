"""Throws random and hostile text at the reader: it must never raise, and every span must lie in the text.

python bench/fuzz.py --minutes 10 [--seed N] [--coverage]

--coverage lets atheris guide the search by the code it reaches, where atheris is installed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openomt.medicine.notation import Reading

CORPUS = Path(__file__).resolve().parent / "corpus" / "dev.jsonl"
_CODES = """
    FRSr NSlRr ERSL RrSl FSRRR RS SR E F N R L B R/R L/L LOL ROR T5 T5-7 T12-L1 C0 C1 C2-7 L5-S1 S1 rib1 ribs
    3-5 AL1 PC3 UPL5 AR2 PT1-PT4 OA AA SBS ASIS PSIS ILA TP TTC TTA +2 2+ /10 8/10 -> => → ± ≥ 1/4 ° % L>R R>L
    no not w/o neg + - ? ?? ! ( ) [ ] { } , ; : . / \\ | & @ # * ' " ` ~ ^ _ = < >
"""
CODES = tuple(_CODES.split())
STRANGE = (
    "\x00\x01\x07\x1b\x7f\x85\xa0\xad\u0130\u0131\u017f\u1e9e\ufb01\u00df\u03a3\u2028\u2029\u200b\u200d\u202e"
    "\ufeff\ufffd\ud800\udfff\U0001f9b4\u0301\u0660\u06f5\u2075\u00b2\u00bd\u2153\u2160\uff15\uff34\r\n\t\v\f"
)
MIXES = ("words", "codes", "strange", "any", "mutated", "glued")


class PromiseError(AssertionError):
    """A promise of the reader that a text broke."""


@dataclass(slots=True)
class Tally:
    """What a run did: texts and characters read, the slowest of them, and one text for each way to fail."""

    end: float
    started: float = field(default_factory=time.monotonic)
    texts: int = 0
    characters: int = 0
    slowest: float = 0.0
    slowest_text: str = ""
    failures: dict[str, str] = field(default_factory=dict)

    def read(self, text: str) -> Reading:
        from openomt.medicine.notation import read

        start = time.perf_counter()
        reading = read(text)
        took = time.perf_counter() - start
        self.texts += 1
        self.characters += len(text)
        if took > self.slowest:
            self.slowest, self.slowest_text = took, text
        return reading

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.end

    def report(self) -> int:
        """Prints the run; the exit code."""
        minutes = (time.monotonic() - self.started) / 60
        failed = f"{len(self.failures)} ways to fail" if self.failures else "no failure"
        print(f"{self.texts:,} texts, {self.characters:,} characters in {minutes:.1f} minutes: {failed}")
        print(
            f"slowest: {self.slowest * 1000:.1f} ms for {len(self.slowest_text)} characters, "
            f"{self.slowest_text[:120]!r}"
        )
        for what, text in self.failures.items():
            print(f"FAILED {what}\n  {text!r}")
        return 1 if self.failures else 0


def try_out(text: str, tally: Tally) -> None:
    """Examines a text; a failure is noted under where it came from, with the shortest text that shows it."""
    try:
        examine(text, tally)
    except Exception as error:
        at = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__} at {Path(at.filename).name}:{at.lineno}: {str(error)[:60]}"
        if what not in tally.failures or len(text) < len(tally.failures[what]):
            tally.failures[what] = text


def examine(text: str, tally: Tally) -> None:
    """Reads a text and checks every promise. Raises whatever the reader raises, or PromiseError."""
    from openomt.medicine.charting import visit_of
    from openomt.medicine.notation import write
    from openomt.medicine.typicality import judge

    reading = tally.read(text)
    if reading.text != text:
        raise PromiseError("the text is not kept verbatim")
    spans = [
        *(one.span for one in reading.findings),
        *(one.span for one in reading.treatments),
        *(one.span for one in reading.responses),
        *(one.span for one in reading.states),
        *(one.span for one in reading.unread),
    ]
    if not all(0 <= span.start < span.end <= len(text) for span in spans):
        raise PromiseError("a span outside the text")
    for unread in reading.unread:
        if text[unread.span.start : unread.span.end] != unread.text:
            raise PromiseError("words that do not stand at their span")
    write(reading.values)
    for way in reading.readings(limit=4):
        write(way)
    judge(reading.values)
    if visit_of(reading).shorthand != text:
        raise PromiseError("the visit does not hold the text verbatim")


# Texts ----------------------------------------------------------------------------------------------


class Texts:
    """An endless supply of texts from one seed."""

    def __init__(self, seed: int) -> None:
        from openomt.medicine.notation.lexicon import lexicon

        self.random = random.Random(seed)
        lines = CORPUS.read_text(encoding="utf-8").splitlines()
        self.lines: list[str] = [json.loads(line)["text"] for line in lines]
        self.words = sorted({*lexicon().words, *(word for line in self.lines for word in line.split())})

    def __iter__(self) -> Iterator[str]:
        while True:
            yield self.one()

    def one(self) -> str:
        mix = self.random.choice(MIXES)
        if mix == "mutated":
            return self._mutated(self.random.choice(self.lines))
        count = self.random.choice((1, 2, 4, 8, 16, 40))
        glue = "" if mix == "glued" else self.random.choice((" ", " ", " ", "; ", ", ", "\n", "-", "/"))
        return glue.join(self._piece(mix) for _ in range(count))

    def _piece(self, mix: str) -> str:
        kind = self.random.choice(("words", "codes", "strange")) if mix in ("any", "glued") else mix
        if kind == "strange":
            return "".join(self.random.choice(STRANGE) for _ in range(self.random.randint(1, 3)))
        piece = self.random.choice(self.words if kind == "words" else CODES)
        return self.random.choice((piece, piece, piece.upper(), piece.title(), piece[:-1]))

    def _mutated(self, line: str) -> str:
        for _ in range(self.random.randint(1, 6)):
            at, to = sorted(self.random.randint(0, len(line)) for _ in range(2))
            line = self.random.choice(
                (
                    line[:at] + line[to:],
                    line[:to] + line[at:],
                    line[:at] + self._piece("any") + line[at:],
                    line[:at] + line[at:to][::-1] + line[to:],
                    line[:at] + line[at:to].swapcase() + line[to:],
                    line[:at] + self.random.choice(self.lines) + line[at:],
                )
            )
        return line[:2000]


# Runs -----------------------------------------------------------------------------------------------


def run_random(minutes: float, seed: int) -> int:
    tally = Tally(time.monotonic() + minutes * 60)
    for text in Texts(seed):
        try_out(text, tally)
        if tally.is_over:
            break
    return tally.report()


def run_guided(minutes: float, seed: int) -> int:
    """Coverage-guided: atheris changes the bytes, and the code reached decides which changes are kept."""
    try:
        import atheris
    except ImportError:
        print("atheris is not installed: leave --coverage away")
        return 2
    with atheris.instrument_imports(include=["openomt.medicine"]):
        import openomt.medicine.charting
        import openomt.medicine.typicality  # noqa: F401  (loaded here so that its code is watched)
    tally = Tally(time.monotonic() + minutes * 60)

    def one(data: bytes) -> None:
        try_out(data.decode("utf-8", errors="surrogateescape"), tally)
        if tally.is_over:  # libFuzzer never gives the process back
            code = tally.report()
            sys.stdout.flush()
            shutil.rmtree(folder)
            os._exit(code)

    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder) / "seeds"
        seeds.mkdir()
        for number, line in enumerate(Texts(seed).lines):
            (seeds / str(number)).write_text(line, encoding="utf-8")
        words = Path(folder) / "words"
        words.write_text("".join(f'"{word}"\n' for word in plain_words(Texts(seed))), encoding="utf-8")
        options = (
            f"-seed={seed}",
            "-max_len=1000",
            "-timeout=10",
            "-verbosity=0",
            f"-artifact_prefix={folder}/",
            f"-dict={words}",
        )
        atheris.Setup([sys.argv[0], *options, str(seeds)], one)
        atheris.Fuzz()  # ends the process
    return 0


def plain_words(texts: Texts) -> list[str]:
    """Words that a fuzzing dictionary can hold as they are."""
    return [word for word in (*texts.words, *CODES) if word.isascii() and not {'"', "\\"} & set(word)]


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--coverage", action="store_true", help="let atheris guide the search")
    chosen = options.parse_args()
    run = run_guided if chosen.coverage else run_random
    return run(chosen.minutes, chosen.seed)


if __name__ == "__main__":
    sys.exit(main())
