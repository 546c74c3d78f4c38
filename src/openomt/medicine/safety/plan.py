"""From words and visits to a plan: which techniques are meant, by the codes of their cards, and where.

A word so general that it may mean several techniques (`lymphatic`: the pumps) becomes an item for each.
A technique without a card (`functional`) keeps its own name: a check says that no rules are known for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from openomt.medicine.anatomy import Level, Region
from openomt.medicine.safety.tables import tables, unknown_code
from openomt.medicine.safety.values import Fact, KnownFact, Origin, OriginKind, PlannedItem
from openomt.medicine.visit import ExamState, Treatment, Visit
from openomt.medicine.visit_words import level_of, plain, region_of, regions, words_for

NO_DYSFUNCTION = "no_somatic_dysfunction"
OTHER = "other"
_PARTS = re.compile(r"[;,\n]|\band\b")


@dataclass(frozen=True, slots=True)
class Meant:
    """What a technique's name means: codes, and the region it treats where no other is named."""

    codes: tuple[str, ...]
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class _Named:
    """A procedure the vocabulary counts to a technique, and how its names are found in a text."""

    technique: str
    meant: Meant
    pattern: re.Pattern[str]


def technique_named(name: str) -> Meant:
    """What a technique's or procedure's name means, by code, id, short form or any other spelling.

    Raises ValueError, with the nearest names, for one that is not known.
    """
    meant = _names().get(plain(name))
    if meant is None:
        raise unknown_code(name, "technique", [*tables().cards, *tables().other_techniques, *_names()])
    return meant


def region_named(name: str) -> Region:
    """The region a word or a short name (`CERV`) means. Raises ValueError, with the nearest names."""
    found = _region(name)
    if found is None:
        raise unknown_code(name, "region", [*Region, *regions()])
    return found


def fact_named(text: str) -> Fact:
    """`code` or `code@REGION`. Raises ValueError for a region nobody knows; codes wait for the check."""
    code, _, place = text.strip().partition("@")
    return Fact(code.strip(), region_named(place) if place.strip() else None)


def stated(fact: Fact, source: str = "") -> KnownFact:
    """A fact that somebody entered as such."""
    return KnownFact(fact, (Origin(OriginKind.STATED, source or str(fact), "entered as this fact"),))


def read_plan(text: str) -> tuple[PlannedItem, ...]:
    """A plan from one line: `HVLA cervical; ME L5, sacrum`. A place without a technique takes the one before.

    Raises ValueError, naming the part, where a technique or a place is not known.
    """
    found: list[PlannedItem] = []
    before: Meant | None = None
    for part in _PARTS.split(text):
        words = part.split()
        if not words:
            continue
        meant, place = _cut(words)
        meant = meant or before
        if meant is None:
            raise unknown_code(part.strip(), "technique", [*tables().cards, *_names()])
        before = meant
        found += _items(meant, *_place(place, part))
    return tuple(dict.fromkeys(found))


def plan_of(visit: Visit) -> tuple[PlannedItem, ...]:
    """The treatments of a visit as a plan, in their order, none twice.

    A procedure that the visit's own words name (`CV4`) stands in place of the technique it counts to. A
    treatment whose technique nobody named has an empty one, a technique in words the vocabulary does not hold
    is `other`, and a treatment without a place has no region.
    """
    text = plain(f"{visit.shorthand}\n{visit.free_text}")
    found: list[PlannedItem] = []
    for treatment in visit.treatments:
        for meant in _meant(treatment, text):
            found += _items(meant, treatment.region, treatment.level, treatment)
    return tuple(dict.fromkeys(found))


def examined(visit: Visit) -> tuple[tuple[KnownFact, ...], frozenset[str]]:
    """What the examination says: present, that a region was examined and holds no somatic dysfunction;
    absent, the same of each region that holds one.
    """
    present = tuple(
        KnownFact(
            Fact(NO_DYSFUNCTION, region),
            (Origin(OriginKind.FINDING, region.value, "examined, and no somatic dysfunction found"),),
        )
        for region in Region
        if visit.state_of(region) is ExamState.NORMAL
    )
    held = {finding.region for finding in visit.findings if finding.is_dysfunction}
    return present, frozenset(f"{NO_DYSFUNCTION}@{region.value}" for region in held)


def _items(
    meant: Meant, region: Region | None, level: Level | None, treatment: Treatment | None = None
) -> Iterator[PlannedItem]:
    side = treatment.side if treatment else None
    for code in meant.codes:
        card = tables().cards.get(code)
        own = card.regions[0] if card and (len(meant.codes) > 1 or len(card.regions) == 1) else None
        yield PlannedItem(code, region or meant.region or own, level, side)


def _meant(treatment: Treatment, text: str) -> Iterable[Meant]:
    if treatment.technique is None:
        return (Meant(("",)),)
    general = _names().get(plain(treatment.technique), Meant((OTHER,)))
    named = [
        one.meant
        for one in _procedures()
        if one.technique == treatment.technique
        and treatment.region in (one.meant.region, None)
        and one.pattern.search(text)
    ]
    if named and not _spelled(treatment.technique).search(text):
        return named
    return [general, *named]


def _cut(words: Sequence[str]) -> tuple[Meant | None, str]:
    """A part in its technique and its place, whichever comes first; the longest technique counts."""
    for size in range(len(words), 0, -1):
        for name, place in ((words[:size], words[size:]), (words[-size:], words[:-size])):
            meant = _names().get(plain(" ".join(name)))
            if meant is not None and (not place or _known_place(" ".join(place))):
                return meant, " ".join(place)
    for size in range(len(words), 0, -1):  # a technique beside a place nobody knows
        meant = _names().get(plain(" ".join(words[:size])))
        if meant is not None:
            return meant, " ".join(words[size:])
    return None, " ".join(words)


def _known_place(name: str) -> bool:
    return _region(name) is not None or region_of(level_of(name)) is not None


def _place(name: str, part: str) -> tuple[Region | None, Level | None]:
    if not name:
        return None, None
    region = _region(name)
    if region is not None:
        return region, None
    level = level_of(name)
    region = region_of(level)
    if region is None:
        raise unknown_code(name, f"in {part.strip()!r}: technique or region", [*Region, *_names()])
    return region, level


def _region(name: str) -> Region | None:
    words = plain(name)
    short = words_for("plan region").get(words)
    return Region(short) if short else regions().get(words)


@cache
def _names() -> Mapping[str, Meant]:
    """Every spelling of techniques and procedures; codes of cards come before all others."""
    from openomt.knowledge.loader import load
    from openomt.knowledge.vocabulary import NamedProcedure, Technique

    found: dict[str, Meant] = {}
    for technique in load().all(Technique):
        region = Region(technique.region) if technique.region else None
        meant = Meant(_codes(technique.kind, technique.id) or (technique.id,), region)
        for name in (technique.id, technique.abbreviation, technique.title, *technique.names):
            found.setdefault(plain(name), meant)
        for name in technique.codes:
            found.setdefault(plain(name), meant)
    for procedure in load().all(NamedProcedure):
        meant = _procedure(procedure.id, procedure.technique, procedure.region)
        for name in (procedure.id, *procedure.names):
            found[plain(name)] = meant
    for card in tables().cards.values():
        old = found.get(plain(card.code))
        same = old is not None and old.codes == (card.code,)
        found[plain(card.code)] = old if same and old else Meant((card.code,))
        found.setdefault(plain(card.title), Meant((card.code,)))
    return found


def _procedure(name: str, technique: str, region: str | None) -> Meant:
    codes = _codes("procedure", name) or _codes("technique", technique) or (technique,)
    return Meant(codes, Region(region) if region else None)


@cache
def _procedures() -> tuple[_Named, ...]:
    from openomt.knowledge.loader import load
    from openomt.knowledge.vocabulary import NamedProcedure

    return tuple(
        _Named(
            record.technique,
            _procedure(record.id, record.technique, record.region),
            _any_of((record.id, *record.names)),
        )
        for record in load().all(NamedProcedure)
    )


@cache
def _spelled(technique: str) -> re.Pattern[str]:
    """How the general technique itself is spelled in a text."""
    from openomt.knowledge.loader import load
    from openomt.knowledge.vocabulary import Technique

    record = next((one for one in load().all(Technique) if one.id == technique), None)
    return _any_of((technique, *(record.names + record.codes if record else ())))


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    words = sorted((plain(name) for name in names), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")


def _codes(kind: str, record_id: str) -> tuple[str, ...]:
    """The cards that a record of the vocabulary means: its own, or those it may mean."""
    from openomt.knowledge.loader import load
    from openomt.knowledge.safety import TechniqueCard

    name = f"{kind}:{record_id}"
    cards = load().all(TechniqueCard)
    own = tuple(card.id for card in cards if card.of == name)
    return own or tuple(card.id for card in cards if name in card.also)
