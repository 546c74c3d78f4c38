"""The form of tests, by area, from the records of tests (`LandmarkTest`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from openomt.knowledge import load
from openomt.knowledge.diagnosis import LandmarkTest
from openomt.medicine.anatomy import RIB_COUNT, SPINE

FAMILIES = {
    "sacrum": "Sacrum",
    "pelvis": "Pelvis",
    "segment": "Vertebra",
    "rib": "Ribs",
    "OA": "OA",
    "AA": "AA",
}
PLACES: dict[str, tuple[str, ...]] = {
    "segment": tuple(name for name in SPINE if name not in ("OA", "AA", "S1")),
    "rib": tuple(str(number) for number in range(1, RIB_COUNT + 1)),
}
_SIDES = (("L", "left"), ("R", "right"), ("both", "both"))


@dataclass(frozen=True, slots=True)
class Answer:
    """One result to tick: its words, and the argument `landmarks.read_tests` reads."""

    label: str
    spoken: str
    argument: str


@dataclass(frozen=True, slots=True)
class Group:
    """The results of one kind: `deep` left, right, both. Without sides: the result alone, and no title."""

    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One test."""

    id: str
    title: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """The tests of one family. `places`: the vertebrae or ribs it can be done at."""

    id: str
    title: str
    questions: tuple[Question, ...]
    places: tuple[str, ...]


@cache
def areas() -> tuple[Area, ...]:
    """Every area with its tests, in the order of a structural exam from below."""
    tests = load().all(LandmarkTest)
    return tuple(
        Area(
            family,
            title,
            tuple(_question(test) for test in tests if test.family == family),
            PLACES.get(family, ()),
        )
        for family, title in FAMILIES.items()
    )


def _question(test: LandmarkTest) -> Question:
    title = test.title[:1].upper() + test.title[1:]
    return Question(test.id, title, tuple(_groups(test)))


def _groups(test: LandmarkTest) -> Iterator[Group]:
    plain: list[Answer] = []
    for value in test.values:
        if value not in test.sided:
            plain.append(Answer(_short(value), value, f"{test.keys[0]}={value}"))
            continue
        key = test.keys[0] if test.default == value else f"{test.keys[0]}-{value}"
        yield Group(
            "" if test.default == value and len(test.sided) == 1 else value,
            tuple(Answer(letter, f"{value} {word}", f"{key}={letter}") for letter, word in _SIDES),
        )
    if plain:
        yield Group("", tuple(plain))


def _short(value: str) -> str:
    return {"N": "Neutral", "F": "Flexed", "E": "Extended"}.get(value, value)


@cache
def panel() -> SafeString:
    """The whole helper, the same for every patient. The page loads styles and scripts of it and of the body map."""
    return render_to_string("visits/landmarks/form.html", {"areas": areas()})
