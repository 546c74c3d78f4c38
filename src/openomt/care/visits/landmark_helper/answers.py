"""What the tests mean, and how that is written into the visit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openomt.knowledge import load
from openomt.knowledge.diagnosis import LandmarkTest
from openomt.medicine.anatomy import Side
from openomt.medicine.landmarks import Candidate, Diagnosis, Observation, diagnose, from_findings, read_tests
from openomt.medicine.narrative.words import place_words
from openomt.medicine.notation import read, write

MOST = 4
_SIDE_LETTERS = {Side.LEFT: "L", Side.RIGHT: "R", Side.BILATERAL: "bilateral"}


@dataclass(frozen=True, slots=True)
class Offer:
    """A candidate, and the shorthand of it with the tests; empty where it cannot be written."""

    candidate: Candidate
    text: str
    inferred: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """The answer for one area. `more`: how many further candidates are not shown."""

    place: str
    diagnosis: Diagnosis
    offers: tuple[Offer, ...]
    more: int
    tests: str


def tell(arguments: Iterable[str]) -> tuple[Told, ...]:
    """The diagnoses of ticked tests (`seated-flexion=R`, `segment=T5`). Raises ObservationError naming the word."""
    return tuple(_told(one) for one in diagnose(read_tests(arguments)))


def _told(found: Diagnosis) -> Told:
    remaining = [one for one in found.candidates if one.name in found.open]
    tests = "; ".join(text for one in found.observations if (text := test_words(one)))
    return Told(
        place=place_words(found.place, None).text if found.place else "",
        diagnosis=found,
        offers=tuple(_offer(one, tests) for one in remaining[:MOST]),
        more=len(remaining[MOST:]),
        tests=tests,
    )


def _offer(candidate: Candidate, tests: str) -> Offer:
    finding = candidate.finding
    written = write([finding]) if finding else ""
    motion = finding.motion if finding else None
    return Offer(
        candidate=candidate,
        text="; ".join(part for part in (written, tests) if part) if written else "",
        inferred=motion.inferred if motion else (),
        sources=tuple(load().sources[name].title for name in candidate.sources),
    )


def test_words(observation: Observation) -> str:
    """The shorthand of a test's result; empty where the reader would not give the same result back."""
    test = load().get(LandmarkTest, observation.test)
    if test.level is None or test.part is not None:
        return ""
    place = observation.place.name if observation.place else test.level
    side = _SIDE_LETTERS[observation.side] if observation.side else ""
    words = [word for word, value in test.patterns.items() if value == observation.value]
    for word in (*words, observation.value):
        text = " ".join(part for part in (place, side, word) if part)
        if observation in from_findings(read(text).values):
            return text
    return ""
