"""Quick choices for each place of the map, as shorthand that `notation.read` gives back as the same finding.

Which dysfunctions there are at a place comes from the medicine: positions by the laws of motion (`typicality`),
sacrum, pelvis and ribs by the dysfunctions that tests lead to (`CandidateDiagnosis`), the base of the skull by its
named strains (`Pattern`). The words are the house style of `notation.write`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from openomt.care.visits.body_map.shapes import VERTEBRAE, View
from openomt.knowledge import load
from openomt.knowledge.diagnosis import CandidateDiagnosis
from openomt.knowledge.vocabulary import Pattern
from openomt.medicine.anatomy import (
    Level,
    Region,
    Side,
    named_level,
    rib_level,
    segment_level,
    segment_region,
)
from openomt.medicine.findings import Finding, Plane, SpinalMotion, Tart
from openomt.medicine.narrative.phrases import region_title
from openomt.medicine.narrative.words import motion_words
from openomt.medicine.notation import read, write
from openomt.medicine.typicality import Grade, judge

SEVERITIES = (1, 2, 3)
_SIDES = (Side.LEFT, Side.RIGHT)
_GRADES = {grade: order for order, grade in enumerate(Grade, 1)}


@dataclass(frozen=True, slots=True)
class Word:
    """A word of evidence: its button, and what is written."""

    label: str
    word: str
    tart: Tart


@dataclass(frozen=True, slots=True)
class Choice:
    """One dysfunction: its button, the words after the place, and how it is said in full."""

    label: str
    words: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of choices under one title; a choice of the left stands left of one of the right."""

    title: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """Places with the same choices. `run`: the finding may reach on to a later vertebra or rib."""

    id: str
    rows: tuple[Row, ...]
    words: tuple[Word, ...]
    run: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A place one can choose on the map. `level` and `side` as written: `rib 4` and `L`."""

    level: str
    side: str
    family: str
    title: str
    region: Region
    views: tuple[View, ...]

    @property
    def place(self) -> str:
        """The place as shorthand: `T5`, `rib 4 L`."""
        return f"{self.level} {self.side}".strip()

    @property
    def id(self) -> str:
        return self.place.replace(" ", "-")


_EVIDENCE = (
    Word("Boggy", "boggy", Tart.TISSUE_TEXTURE),
    Word("Restricted", "restricted", Tart.RESTRICTION),
    Word("Tender", "tender", Tart.TENDERNESS),
)
# Beside a breath "restricted" would turn its meaning round (`notation.write`), beside a rotation name another.
_BONE_EVIDENCE = tuple(word for word in _EVIDENCE if word.tart is not Tart.RESTRICTION)
_RIB_EVIDENCE = tuple(replace(w, word="held back") if w.tart is Tart.RESTRICTION else w for w in _EVIDENCE)


def text_of(place: str, words: str = "", severity: int | None = None, evidence: Iterable[Word] = ()) -> str:
    """The shorthand of a choice. The script of the page puts it together in the same order."""
    stated = f"({severity})" if severity is not None else ""
    return " ".join(part for part in (place, words, stated, *(word.word for word in evidence)) if part)


# Places --------------------------------------------------------------------------------------------------

_JOINTS: tuple[tuple[str, Region], ...] = (
    ("shoulder", Region.UPPER_EXTREMITY),
    ("elbow", Region.UPPER_EXTREMITY),
    ("wrist", Region.UPPER_EXTREMITY),
    ("hand", Region.UPPER_EXTREMITY),
    ("hip", Region.LOWER_EXTREMITY),
    ("knee", Region.LOWER_EXTREMITY),
    ("ankle", Region.LOWER_EXTREMITY),
    ("foot", Region.LOWER_EXTREMITY),
)
_SMALL: tuple[tuple[str, str, Region, View], ...] = (
    ("temporal", "bone", Region.HEAD, "back"),
    ("scapula", "joint", Region.UPPER_EXTREMITY, "back"),
    ("TMJ", "joint", Region.HEAD, "front"),
    ("clavicle", "joint", Region.UPPER_EXTREMITY, "front"),
    ("ASIS", "joint", Region.PELVIC, "front"),
    ("radial head", "head", Region.UPPER_EXTREMITY, "front"),
    ("fibular head", "head", Region.LOWER_EXTREMITY, "front"),
)
_MIDLINE: tuple[tuple[str, str, Region, View], ...] = (
    ("SBS", "base", Region.HEAD, "back"),
    ("occiput", "plain", Region.HEAD, "back"),
    ("coccyx", "plain", Region.SACRAL, "back"),
    ("frontal", "plain", Region.HEAD, "front"),
    ("mandible", "plain", Region.HEAD, "front"),
    ("sternum", "plain", Region.RIB, "front"),
    ("diaphragm", "plain", Region.ABDOMEN, "front"),
    ("abdomen", "plain", Region.ABDOMEN, "front"),
    ("pubic symphysis", "pubes", Region.PELVIC, "front"),
)
REGION_WORDS = {Region.UPPER_EXTREMITY: "upper extremity", Region.LOWER_EXTREMITY: "lower extremity"}
_TITLES = {"SBS": "Base of the skull (SBS)", "abdomen": "Abdomen"}


@cache
def targets() -> tuple[Target, ...]:
    """Every place one can choose, from the head down."""
    return tuple(sorted(_targets(), key=lambda one: tuple(Region).index(one.region)))


def _targets() -> Iterator[Target]:
    for name in VERTEBRAE:
        region = segment_region(name)
        family = {"OA": "oa", "AA": "aa"}.get(name, "neck" if region is Region.CERVICAL else "spine")
        yield Target(name, "", family, name, region, ("back",))
    for number in range(1, 13):
        for side in _SIDES:
            title = f"Rib {number} {side.value}"
            yield Target(f"rib {number}", side.letter, "rib", title, Region.RIB, ("back", "front"))
    yield Target("sacrum", "", "sacrum", "Sacrum", Region.SACRAL, ("back",))
    yield from _sided("innominate", "innominate", Region.PELVIC, ("back", "front"))
    for name, family, region, view in _MIDLINE:
        yield Target(name, "", family, _TITLES.get(name, name.capitalize()), region, (view,))
    for name, family, region, view in _SMALL:
        yield from _sided(name, family, region, (view,))
    for name, region in _JOINTS:
        yield from _sided(name, "joint", region, ("back", "front"))
    for region in Region:
        word = REGION_WORDS.get(region, region.value)
        # The abdomen as a word is the structure, so its own place stands for the region.
        if region is not Region.ABDOMEN:
            yield Target(word, "", "region", f"{region_title(region)}, whole region", region, ())


def _sided(name: str, family: str, region: Region, views: tuple[View, ...]) -> Iterator[Target]:
    title = name if name.isupper() else name.capitalize()
    for side in _SIDES:
        yield Target(name, side.letter, family, f"{title} {side.value}", region, views)


def level_of(target: Target, last: str = "") -> Level | None:
    """The place as the medicine has it; `last`: the vertebra or rib that the finding reaches on to."""
    if target.family == "region":
        return None
    if target.level in VERTEBRAE:
        return segment_level(target.level, last or None)
    if target.family == "rib":
        return rib_level(int(target.level.removeprefix("rib ")), int(last) if last else None)
    return named_level(target.level)


# Dysfunctions --------------------------------------------------------------------------------------------


@cache
def families() -> dict[str, Family]:
    """Every family by its id."""
    rib_place = Finding(Region.RIB, rib_level(4), Side.LEFT)
    innominate = Finding(Region.PELVIC, named_level("innominate"), Side.LEFT)
    listed = (
        Family("oa", _positions("OA"), _EVIDENCE),
        Family("aa", _positions("AA"), _EVIDENCE),
        Family("neck", _positions("C4"), _EVIDENCE, run=True),
        Family("spine", _positions("T5"), _EVIDENCE, run=True),
        Family("rib", (_row("", "rib 4 L", _of_family("rib", rib_place)),), _RIB_EVIDENCE, run=True),
        Family("sacrum", _sacrum(), _EVIDENCE),
        Family("innominate", (_row("", "innominate L", _of_family("pelvis", innominate)),), _EVIDENCE),
        Family("pubes", _pubes(), _EVIDENCE),
        Family("base", _base(), _EVIDENCE),
        Family(
            "bone", (_row("", "temporal L", _patterned("temporal", Region.HEAD, _ROTATIONS)),), _BONE_EVIDENCE
        ),
        Family(
            "head",
            (_row("", "fibular head L", _patterned("fibular head", Region.LOWER_EXTREMITY, _LYING)),),
            _EVIDENCE,
        ),
        Family("joint", (), _EVIDENCE),
        Family("plain", (), _EVIDENCE),
        Family("region", (_whole(),), _EVIDENCE),
    )
    return {family.id: family for family in listed}


_ROTATIONS = ("external rotation", "internal rotation")
_LYING = ("anterior", "posterior")


def _row(title: str, place: str, findings: Iterable[Finding]) -> Row:
    """A line of choices: those that the reader gives back as they were meant."""
    return Row(title, tuple(choice for one in findings if (choice := _choice(title, place, one)) is not None))


def _choice(title: str, place: str, finding: Finding) -> Choice | None:
    """A button for a finding, with the shortest words that are read as it; None where none are."""
    written = write([finding]).removeprefix(place).strip()
    for words in (finding.pattern or written, written):
        if read(f"{place} {words}").values == (finding,):
            spoken = motion_words(finding.motion) if finding.motion else ""
            return Choice(_label(title, words), words, spoken)
    return None


def _label(title: str, words: str) -> str:
    """What a button says beside its row's title: nothing twice."""
    short = words.lower().replace(title.lower(), "").strip() if title else words
    if short in ("l", "r"):
        return {"l": "Left", "r": "Right"}[short]
    if title == "Torsion":
        return words.removesuffix(" torsion")
    return words[:1].upper() + words[1:] if short else "Both"


def _positions(name: str) -> tuple[Row, ...]:
    """Left and right in each plane, with the sidebending that fits best; rotation alone where that is usual."""
    usual = [_turned(name, None, side, None) for side in _SIDES]
    planes = [[_best(name, plane, side) for side in _SIDES] for plane in Plane]
    if _oddness(usual[0]) < min(_oddness(one) for row in planes for one in row):
        return (_row("Rotated", name, usual),)
    titles = {Plane.FLEXED: "Flexed", Plane.EXTENDED: "Extended", Plane.NEUTRAL: "Neutral"}
    return tuple(_row(titles[plane], name, row) for plane, row in zip(Plane, planes, strict=True))


def _turned(name: str, plane: Plane | None, rotation: Side, sidebend: Side | None) -> Finding:
    return Finding(segment_region(name), segment_level(name), motion=SpinalMotion(plane, rotation, sidebend))


def _best(name: str, plane: Plane, rotation: Side) -> Finding:
    return min((_turned(name, plane, rotation, side) for side in _SIDES), key=_oddness)


def _oddness(finding: Finding) -> int:
    return max((_GRADES[oddity.grade] for oddity in judge([finding])), default=0)


def _candidates(family: str) -> Iterator[CandidateDiagnosis]:
    for record in load().all(CandidateDiagnosis):
        # What needs words of its own beside the pattern is written by hand.
        if record.family == family and record.detail is None and record.pattern:
            yield record
            if record.mirrored:
                yield record.mirror()


def _of_family(family: str, place: Finding) -> Iterator[Finding]:
    """The dysfunctions of one paired place, on the side of `place`."""
    wanted = place.level.name if place.level and family != "rib" else None
    for record in _candidates(family):
        if record.level == wanted and place.side is not None and record.side == place.side.value:
            yield replace(place, pattern=record.pattern)


def _at(record: CandidateDiagnosis, region: Region, name: str) -> Finding:
    side = Side(record.side) if record.side else None
    return Finding(region, named_level(name), side, pattern=record.pattern)


def _sacrum() -> tuple[Row, ...]:
    found = [_at(one, Region.SACRAL, "sacrum") for one in _candidates("sacrum")]
    torsions = [one for one in found if one.side is None]
    rows = [_row("Torsion", "sacrum", sorted(torsions, key=lambda one: (one.pattern or "").split()[0]))]
    for pattern, same in groupby((one for one in found if one.side), key=lambda one: one.pattern or ""):
        order = sorted(same, key=lambda one: one.side is Side.RIGHT)
        rows.append(_row(pattern.capitalize(), "sacrum", order))
    return tuple(rows)


def _pubes() -> tuple[Row, ...]:
    found = [
        _at(one, Region.PELVIC, "pubic symphysis")
        for one in _candidates("pelvis")
        if one.level == "pubic symphysis"
    ]
    sided = [
        _row(pattern.capitalize(), "pubic symphysis", sorted(same, key=lambda one: one.side is Side.RIGHT))
        for pattern, same in groupby((one for one in found if one.side), key=lambda one: one.pattern or "")
    ]
    return (*sided, _row("", "pubic symphysis", [one for one in found if not one.side]))


def _base() -> tuple[Row, ...]:
    """The named strains of the base of the skull; the side is part of the name where it has one."""
    place = Finding(Region.HEAD, named_level("SBS"))
    records = [one for one in load().all(Pattern) if "SBS" in one.structures]
    sided = [
        _row(
            one.id.capitalize(), "SBS", [replace(place, pattern=f"{one.id} {side.letter}") for side in _SIDES]
        )
        for one in records
        if one.sided
    ]
    others = [replace(place, pattern=one.id) for one in records if not one.sided]
    return (*sided, _row("", "SBS", others))


def _patterned(name: str, region: Region, patterns: Iterable[str]) -> list[Finding]:
    return [Finding(region, named_level(name), Side.LEFT, pattern=pattern) for pattern in patterns]


def _whole() -> Row:
    return Row(
        "",
        (
            Choice("Examined, normal", "normal", "examined, no dysfunction found"),
            Choice("Not examined", "not examined", "not examined"),
        ),
    )
