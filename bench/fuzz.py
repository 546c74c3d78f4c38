"""Throws random and hostile text at the reader: it must never raise, and every span must lie in the text.

python bench/fuzz.py --minutes 10 [--seed N] [--coverage]

--coverage lets atheris guide the search by the code it reaches, where atheris is installed.
"""

from __future__ import annotations

import argparse
import atexit
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CORPUS = Path(__file__).resolve().parent / "corpus" / "dev.jsonl"
CODES = (
    "FRSr NSlRr ERSL RrSl FSRRR RS SR E F N R L B R/R L/L LOL ROR T5 T5-7 T12-L1 C0 C1 C2-7 L5-S1 S1 rib1 ribs "
    "3-5 AL1 PC3 UPL5 AR2 PT1-PT4 OA AA SBS ASIS PSIS ILA TP TTC TTA +2 2+ /10 8/10 -> => → ± ≥ 1/4 ° % L>R R>L "
    "no not w/o neg + - ? ?? ! ( ) [ ] { } , ; : . / \\ | & @ # * ' \" ` ~ ^ _ = < >"
).split()
STRANGE = (
    "\x00\x01\x07\x1b\x7f\x85\xa0\xad\u0130\u0131\u017f\u1e9e\ufb01\u00df\u03a3\u2028\u2029\u200b\u200d\u202e"
    "\ufeff\ufffd\ud800\udfff\U0001f9b4\u0301\u0660\u06f5\u2075\u00b2\u00bd\u2153\u2160\uff15\uff34\r\n\t\v\f"
)
MIXES = ("words", "codes", "strange", "any", "mutated", "glued")


@dataclass(slots=True)
class Tally:
    """What a run did: texts and characters read, and the slowest for its length."""

    texts: int = 0
    characters: int = 0
    slowest: float = 0.0
    slowest_text: str = ""
    started: float = field(default_factory=time.monotonic)

    def add(self, text: str, took: float) -> None:
        self.texts += 1
        self.characters += len(text)
        if took > self.slowest:
            self.slowest, self.slowest_text = took, text

    def report(self) -> str:
        minutes = (time.monotonic() - self.started) / 60
        return (
            f"{self.texts:,} texts, {self.characters:,} characters in {minutes:.1f} minutes; no failure. "
            f"Slowest: {self.slowest * 1000:.1f} ms for {len(self.slowest_text)} characters, "
            f"{self.slowest_text[:120]!r}"
        )


class Broken(AssertionError):
    """A promise of the reader that a text broke."""


def examine(text: str, tally: Tally) -> None:
    """Reads a text and checks every promise. Raises whatever the reader raises, or Broken."""
    from openomt.medicine.charting import visit_of
    from openomt.medicine.notation import read, write
    from openomt.medicine.typicality import judge

    start = time.perf_counter()
    reading = read(text)
    tally.add(text, time.perf_counter() - start)
    if reading.text != text:
        raise Broken("the text is not kept verbatim")
    everything = (
        *reading.findings,
        *reading.treatments,
        *reading.responses,
        *reading.states,
        *reading.unread,
    )
    for one in everything:
        if not 0 <= one.span.start < one.span.end <= len(text):
            raise Broken(f"a span outside the text: {one!r}")
    for unread in reading.unread:
        if text[unread.span.start : unread.span.end] != unread.text:
            raise Broken(f"words that do not stand at their span: {unread!r}")
    write(reading.values)
    for way in reading.readings(limit=4):
        write(way)
    judge(reading.values)
    if visit_of(reading).shorthand != text:
        raise Broken("the visit does not hold the text verbatim")


# Texts ----------------------------------------------------------------------------------------------


class Texts:
    """An endless supply of texts from one seed."""

    def __init__(self, seed: int) -> None:
        from openomt.medicine.notation.lexicon import lexicon

        self.random = random.Random(seed)
        lines = CORPUS.read_text(encoding="utf-8").splitlines()
        self.lines = [json.loads(line)["text"] for line in lines]
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
    tally = Tally()
    end = time.monotonic() + minutes * 60
    for text in Texts(seed):
        if time.monotonic() >= end:
            break
        if not survives(text, tally):
            return 1
    print(tally.report())
    return 0


def survives(text: str, tally: Tally) -> bool:
    """Whether a text passes; one that does not is printed with what it broke."""
    try:
        examine(text, tally)
    except Exception as error:
        print(f"FAILED after {tally.texts:,} texts: {type(error).__name__}: {error}\n{text!r}")
        return False
    return True


def run_guided(minutes: float, seed: int) -> int:
    """Coverage-guided: atheris changes the bytes, and the code reached decides which changes are kept."""
    try:
        import atheris
    except ImportError:
        print("atheris is not installed: leave --coverage away")
        return 2
    with atheris.instrument_imports(include=["openomt.medicine"]):
        import openomt.medicine.charting
        import openomt.medicine.notation
    tally = Tally()

    def one(data: bytes) -> None:
        if not survives(data.decode("utf-8", errors="surrogateescape"), tally):
            os._exit(1)

    atexit.register(lambda: print(tally.report()))
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder) / "seeds"
        seeds.mkdir()
        for number, line in enumerate(Texts(seed).lines):
            (seeds / str(number)).write_text(line, encoding="utf-8")
        words = Path(folder) / "words"
        words.write_text("".join(f'"{word}"\n' for word in plain_words(Texts(seed))), encoding="utf-8")
        options = (
            f"-max_total_time={int(minutes * 60)}",
            f"-seed={seed}",
            "-max_len=1000",
            "-timeout=10",
            "-verbosity=0",
            "-print_final_stats=0",
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
