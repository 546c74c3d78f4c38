"""What a named dysfunction or a position means at the place it is said of."""

from __future__ import annotations

from openomt.medicine.anatomy import LevelKind, Region, Side, named_level
from openomt.medicine.findings import Tart
from openomt.medicine.notation.draft import Draft, bone
from openomt.medicine.notation.groups import Group
from openomt.medicine.notation.lexicon import PatternEntry, Place
from openomt.medicine.notation.reading import Question
from openomt.medicine.notation.terms import BREATHS, ROTATIONS, opposite, terms
from openomt.medicine.notation.token import Token

_ONLY_THERE = frozenset({"side shift", "dropped"})
"""Patterns that mean something only at the places they are known at."""
_INNOMINATE = {
    "anterior": "anterior rotation",
    "posterior": "posterior rotation",
    "superior": "upslip",
    "inferior": "downslip",
    "superior shear": "upslip",
    "inferior shear": "downslip",
}
_SHEARS = frozenset({"upslip", "downslip"})
_SACRAL_WORDS = frozenset({"torsion", "compression", "unilateral flexion"})
_PLAIN = frozenset({"anterior", "posterior", "superior", "inferior", "medial", "lateral"})
_FRONT = {"anterior": "A", "posterior": "P"}
_PELVIC, _SACRAL, _HEAD = Region.PELVIC, Region.SACRAL, Region.HEAD
_ONE_SIDE = (Side.LEFT, Side.RIGHT)
_RESTRICTION = Tart.RESTRICTION


def add_patterns(group: Group, place: Place, draft: Draft) -> None:
    """Names what the group's patterns are at a place."""
    hindered = group.hindered and draft.region is _HEAD
    named = _named(_entries(group, draft.region, hindered), place, draft)
    if not named:
        return
    names = [name for _, name in named]
    if group.breath or hindered:
        said = "breath" if group.breath else "rotation"
        draft.inferred = ("pattern",)
        draft.question = Question(f"a restricted {said} was read as the opposite dysfunction; is that meant?")
    coded = _point_of(draft, names)
    draft.pattern = _one_pattern(names)
    group.told.update(
        id
        for id, name in named
        if name in draft.pattern
        or (coded and name in _FRONT)
        or (name == "shear" and draft.pattern in _SHEARS)
    )
    if draft.pattern.startswith("bilateral "):
        draft.side = Side.BILATERAL
    _mark_asymmetry(draft, names)


def _entries(group: Group, region: Region, hindered: bool) -> list[PatternEntry]:
    """What the group's patterns say. A restricted movement of a limb is no position; a bone of the skull is
    named for the rotation that is free, so that a restricted one is the opposite (dossier 3.2, 11).
    """
    restricted = _RESTRICTION in group.tart
    kept: list[PatternEntry] = []
    for entry, noun in group.patterns:
        if region is _HEAD and entry.id in ROTATIONS:
            kept.append(opposite(entry) if hindered else entry)
        elif not (restricted and noun and entry.id in terms().movements):
            kept.append(entry)
            continue
        group.told.add(entry.id)
    return kept


def untold(group: Group) -> list[Token]:
    """Patterns that no finding of the group names: `L4 exh`, a breath where no rib is spoken of; `rib 4 inh
    exh`, a second one that contradicts the first.
    """
    patterns = [token for token in group.tokens if token.kind == "pattern"]
    if not patterns:
        return []
    of_ribs = Region.RIB in group.regions()
    dropped = {entry.id for entry, _ in group.patterns} - group.told
    return [t for t in patterns if t.value.id in dropped or (t.value.id in BREATHS and not of_ribs)]


def _named(entries: list[PatternEntry], place: Place, draft: Draft) -> list[tuple[str, str]]:
    """The patterns with the names they have at a place. Moves the draft to where the last one is."""
    named: list[tuple[str, str]] = []
    for entry in entries:
        there, region, name = resolve(entry, place, draft.region)
        if entry.id in _ONLY_THERE and (there.level is None or there.level.name not in entry.structures):
            continue
        if entry.id in BREATHS and region is not Region.RIB:
            continue
        draft.place, draft.region = there, region
        if (
            entry.sided
            and draft.side is not None
            and draft.side in _ONE_SIDE
            and not (name == "torsion" and draft.name == "sacrum")
        ):
            name = f"{name} {draft.side.letter}"
            draft.side = None
        named.append((entry.id, name))
    return named


def resolve(entry: PatternEntry, place: Place, region: Region) -> tuple[Place, Region, str]:
    """The place, region and name a pattern has here: `anterior` at an innominate is an anterior rotation."""
    name = place.level.name if place.level is not None else ""
    if region is _PELVIC:
        place, said = _pelvic(entry, place, name)
    elif not name:
        place, said = _whole_region(entry, place, region), entry.id
    else:
        place, said = _at_structure(entry, place, name)
    return place, place.region or region, said


def _pelvic(entry: PatternEntry, place: Place, name: str) -> tuple[Place, str]:
    """Of the pelvis as a whole, most patterns are of an innominate."""
    loose = name in ("", "pelvis") and entry.id in _INNOMINATE
    if loose or (name in ("", "pelvis", "SI joint") and "innominate" in entry.structures):
        place, name = bone("innominate", _PELVIC), "innominate"
    if name == "innominate":
        return place, _INNOMINATE.get(entry.id, entry.id)
    return _at_structure(entry, place, name)


def _whole_region(entry: PatternEntry, place: Place, region: Region) -> Place:
    """`Head: L torsion`, `sacral torsion`: the bone that the pattern is of."""
    if region is _HEAD and "SBS" in entry.structures:
        return bone("SBS", _HEAD)
    if region is _SACRAL and ("sacrum" in entry.structures or entry.id in _SACRAL_WORDS):
        return bone("sacrum", _SACRAL)
    return place


def _at_structure(entry: PatternEntry, place: Place, name: str) -> tuple[Place, str]:
    said = entry.id
    if name == "innominate":
        return place, _INNOMINATE.get(said, said)
    if name == "pubic symphysis" and said in ("superior", "inferior"):
        return place, f"{said} shear"
    if name == "leg" and said in ("shortened", "short leg", "long leg"):
        return bone("leg length", Region.LOWER_EXTREMITY), "long leg" if said == "long leg" else "short leg"
    if name == "leg length" and said == "shortened":
        return place, "short leg"
    if place.type == "rib" and said == "superior":
        return place, "elevated"
    return place, said


def _point_of(draft: Draft, names: list[str]) -> bool:
    """`post rib 1-6 TPs`: front or back, a level and "tender point" make the point's own code."""
    level = draft.place.level
    if "tenderpoint" not in names or level is None or draft.place.type not in ("rib", "segment"):
        return False
    letters = [_FRONT[n] for n in names if n in _FRONT]
    if not letters or level.first in ("OA", "AA", "S1"):
        return False
    area = "R" if draft.place.type == "rib" else level.first[0]
    ends = dict.fromkeys((level.first.lstrip("CTL"), level.last.lstrip("CTL")))
    name = "-".join(f"{letters[0]}{area}{n}" for n in ends)
    draft.place = Place(named_level(name, LevelKind.POINT), draft.region, "point")
    return True


def _one_pattern(names: list[str]) -> str:
    """Several names at one place as one: `posterior inferior`; beside a named dysfunction others are dropped,
    and so is a direction.
    """
    if len(names) < 2:
        return names[0]
    if "tenderpoint" in names:
        return "tenderpoint"
    for name in names:
        if name not in terms().directions:
            return name
    plain = [n for n in dict.fromkeys(names) if n in _PLAIN]
    return " ".join(plain[:2]) if len(plain) > 1 else names[0]


def _mark_asymmetry(draft: Draft, names: list[str]) -> None:
    landmark = draft.name in terms().landmarks
    for name in names:
        if name in terms().misshapen or (landmark and name in terms().directions):
            draft.show(Tart.ASYMMETRY)
            return
