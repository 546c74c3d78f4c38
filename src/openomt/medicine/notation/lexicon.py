"""The reader's words: every spelling in `knowledge`, as a tree that is walked word by word.

A node is a pair of the meaning that ends there (or None) and the words that may follow. Built once, from
data alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from openomt.medicine.anatomy import Level, LevelKind, Region, Side, named_level, segment_level
from openomt.medicine.findings import Plane, Tart
from openomt.medicine.visit import Response

if TYPE_CHECKING:
    from openomt.knowledge import Knowledge
    from openomt.knowledge.vocabulary import Structure

UNIT = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|\S")


class Meaning(NamedTuple):
    """What a word or phrase is: a kind the reader's later steps know, and its value."""

    kind: str
    value: Any


class Node:
    """One word of a phrase: the meaning of the phrase that ends here, and the words that may follow.

    `capitals` is the meaning when the author wrote capitals (`USE` is a dysfunction, `use` a verb); `code`
    the one it has
    only in the part about treatment (`CS`, `ART`).
    """

    __slots__ = ("capitals", "code", "follow", "meaning")

    def __init__(self) -> None:
        self.meaning: Meaning | None = None
        self.capitals: Meaning | None = None
        self.code: Meaning | None = None
        self.follow: dict[str, Node] | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the body as the vocabulary knows it. `region` None:
    it takes the region of the words around it.
    """

    level: Level | None
    region: Region | None
    type: str


@dataclass(frozen=True, slots=True)
class PatternEntry:
    """A named dysfunction or landmark position."""

    id: str
    structures: tuple[str, ...]
    implies: Place | None
    sided: bool


@dataclass(frozen=True, slots=True)
class TechniqueEntry:
    """A technique, and the region its name implies."""

    id: str
    region: Region | None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All phrases, the plain words that spelling can be corrected to, and the lists that rules look words up
    in. `landmarks`: names of the structures that can lie high, low, deep and so on.
    """

    root: dict[str, Node]
    words: tuple[str, ...]
    complaints: frozenset[str]
    places: dict[str, Place]
    lists: dict[str, frozenset[str]]
    landmarks: frozenset[str]


class Movement(NamedTuple):
    """A movement word. `noun`: it names the movement itself,
    so that "restricted" beside it means the movement.
    """

    value: str | Plane
    noun: bool


@cache
def lexicon() -> Lexicon:
    """The reader's vocabulary. Loads `knowledge` the first time. The first meaning of a phrase stays."""
    from openomt.knowledge import load  # keeps pydantic out of the import of medicine
    from openomt.knowledge import vocabulary as v

    known = load()
    tree: dict[str, Node] = {}
    places: dict[str, Place] = {}
    _add_places(tree, places, known)
    for pattern in known.all(v.Pattern):
        implied = places.get(pattern.implies) if pattern.implies else None
        entry = PatternEntry(pattern.id, pattern.structures, implied, pattern.sided)
        for name in (pattern.id, *pattern.names):
            _add(tree, name, Meaning("pattern", entry))
    complaints = _add_words(tree, known)
    for tart in known.all(v.TartWord):
        for name in tart.names:
            _add(tree, name, Meaning("tart", Tart(tart.tart)))
    _add_movements(tree, known)
    _add_treatments(tree, known)
    for name in complaints:
        _add(tree, name, Meaning("complaint", name))
    words = tuple(sorted({w for w in _trade_words(tree) if len(w) >= _MIN_FUZZY}))
    lists = {word.group: frozenset(word.names) for word in known.all(v.Word) if word.listed}
    landmarks = frozenset(structure.id for structure in known.all(v.Structure) if structure.landmark)
    return Lexicon(tree, words, frozenset(complaints), places, lists, landmarks)


def _add_places(tree: dict[str, Node], places: dict[str, Place], known: Knowledge) -> None:
    """Structures, regions, tests and tender points that have names."""
    from openomt.knowledge import vocabulary as v

    for structure in known.all(v.Structure):
        place = places[structure.id] = _structure_place(structure)
        _add_names(tree, structure.id, structure.names, place, plural=True)
    for region in known.all(v.RegionRecord):
        place = places[region.id] = Place(None, Region(region.id), "region")
        for name in (region.id, region.title, *region.names):
            _add(tree, name, Meaning("place", place))
    for test in known.all(v.TestRecord):
        level = named_level(test.id, LevelKind.TEST)
        place = places[test.id] = Place(level, Region(test.region), "test")
        _add_names(tree, test.id, test.names, place, plural=True)
    for point in known.all(v.TenderPoint):
        region_of = Region(point.region) if point.region else None
        place = places[point.id] = Place(named_level(point.id, LevelKind.POINT), region_of, "point")
        _add_names(tree, point.id, point.names, place, plural=False)


def _add_names(
    tree: dict[str, Node], known_as: str, names: tuple[str, ...], place: Place, *, plural: bool
) -> None:
    """A place by its id and its other names."""
    for name in (known_as, *names):
        _add(tree, name, Meaning("place", place), plural=plural, known_by_id=name == known_as)


_WORD_VALUES: dict[str, Callable[[str], object]] = {
    "side": Side,
    "severity": int,
    "lessened": Response,
    "free": Tart,
    "even": Tart,
}
"""Groups of words whose value is more than a text."""
_MOVEMENTS = {"movement": False, "movement noun": True}
"""Groups of movement words, and whether they name the movement itself."""


def _add_words(tree: dict[str, Node], known: Knowledge) -> set[str]:
    """The small classes of words. Returns the complaints, which are entered last."""
    from openomt.knowledge import vocabulary as v

    complaints: set[str] = set()
    for word in known.all(v.Word):
        if word.listed or word.group in _MOVEMENTS:
            continue
        if word.group == "complaint":
            complaints.update(word.names)
            continue
        value = _WORD_VALUES.get(word.group, str)(word.value)
        for name in word.names:
            _add(tree, name, Meaning(word.group, value))
    return complaints


def _add_movements(tree: dict[str, Node], known: Knowledge) -> None:
    """Words of movement and of the planes it goes in."""
    from openomt.knowledge import vocabulary as v

    for word in known.all(v.Word):
        if word.group not in _MOVEMENTS:
            continue
        value = Plane(word.value) if word.value in list(Plane) else word.value
        for name in word.names:
            _add(tree, name, Meaning("movement", Movement(value, _MOVEMENTS[word.group])))


def _add_treatments(tree: dict[str, Node], known: Knowledge) -> None:
    """Responses, techniques and manoeuvres with a name of their own."""
    from openomt.knowledge import vocabulary as v

    for response in known.all(v.ResponseWord):
        for name in response.names:
            _add(tree, name, Meaning("response", Response(response.response)))
        for name in response.codes:
            _add(tree, name, Meaning("response code", Response(response.response)))
    for technique in known.all(v.Technique):
        entry = TechniqueEntry(technique.id, Region(technique.region) if technique.region else None)
        for name in technique.names:
            _add(tree, name, Meaning("technique", entry))
        for name in technique.codes:
            _add(tree, name, Meaning("technique code", entry))
    for procedure in known.all(v.NamedProcedure):
        region = Region(procedure.region) if procedure.region else None
        entry = TechniqueEntry(procedure.technique, region)
        for name in (procedure.id, *procedure.names):
            _add(tree, name, Meaning("technique", entry), known_by_id=True)
        for name in procedure.codes:
            _add(tree, name, Meaning("technique code", entry))


def _structure_place(structure: Structure) -> Place:
    region = Region(structure.region) if structure.region else None
    level = segment_level(structure.id) if structure.type == "segment" else named_level(structure.id)
    return Place(level, region, structure.type)


def _add(
    tree: dict[str, Node], phrase: str, meaning: Meaning, plural: bool = False, known_by_id: bool = False
) -> None:
    """Enter a phrase. The first meaning of a phrase stays.
    A name all in capitals is only known in capitals.
    """
    units = UNIT.findall(phrase.lower().replace("-", " "))
    _enter(tree, units, meaning, capitals=phrase.isupper() and phrase.isalpha() and not known_by_id)
    if plural and len(units[-1]) > 2 and (not units[-1].endswith("s") or phrase.isupper()):
        _enter(tree, [*units[:-1], units[-1] + "s"], meaning, capitals=False)


def _enter(tree: dict[str, Node], units: list[str], meaning: Meaning, capitals: bool) -> None:
    follow = tree
    for unit in units[:-1]:
        node = follow.setdefault(unit, Node())
        if node.follow is None:
            node.follow = {}
        follow = node.follow
    node = follow.setdefault(units[-1], Node())
    if meaning.kind.endswith(" code"):
        node.code = node.code or meaning
    elif capitals:
        node.capitals = node.capitals or meaning
    elif node.meaning is None:
        node.meaning = meaning


_OF_THE_TRADE = frozenset({
    "place", "pattern", "tart", "technique", "movement", "response", "even", "dysfunction",
})  # fmt: skip
"""Kinds of meaning whose words may be misspelt ones: the small words of the language are never guessed."""


def _trade_words(tree: dict[str, Node], before: tuple[str, ...] = ()) -> set[str]:
    """The words of every phrase that has a meaning of the trade."""
    found: set[str] = set()
    for word, node in tree.items():
        phrase = (*before, word)
        if node.meaning is not None and node.meaning.kind in _OF_THE_TRADE:
            found.update(phrase)
        if node.follow:
            found |= _trade_words(node.follow, phrase)
    return {w for w in found if w.isalpha()}


_MIN_FUZZY = 5
_MAX_FUZZY = 40
_VERY_LONG_WORD = 10


def _turns_meaning(word: str, other: str) -> bool:
    """`hypermobility` is no slip of `hypomobility`, `internal` none of `external`."""
    return any(word.startswith(a) and other.startswith(b) for a, b in _TURNED)


_TURNED = (("hyper", "hypo"), ("hypo", "hyper"), ("in", "ex"), ("ex", "in"), ("ab", "ad"), ("ad", "ab"))


@lru_cache(maxsize=65536)
def corrected(word: str) -> str | None:
    """The known word that a misspelt one must mean: same first letters, one slip (two in a long word). Else
    None.

    Only words of five letters or more, never codes, sides, levels or words that are spelt right in English.
    """
    if (
        not _MIN_FUZZY <= len(word) <= _MAX_FUZZY
        or not word.isalpha()
        or word in lexicon().lists["spelt right"]
    ):
        return None
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    slips = 2 if len(word) >= _VERY_LONG_WORD else 1
    best = process.extractOne(word, lexicon().words, scorer=OSA.distance, score_cutoff=slips)
    same = 1 if best is not None and best[1] <= 1 else 3
    if best is None or best[0][:same] != word[:same] or _turns_meaning(word, str(best[0])):
        return None
    return str(best[0])


@lru_cache(maxsize=4096)
def nearest_term(text: str) -> str | None:
    """The known word most like a text, for a suggestion. None when nothing is near."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    best = process.extractOne(
        text.lower(), lexicon().words, scorer=OSA.normalized_similarity, score_cutoff=0.75
    )
    return None if best is None else str(best[0])
