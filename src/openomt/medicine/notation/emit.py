"""Groups to findings: what a pattern, a motion or a side means at the place it was said of."""

from __future__ import annotations

from dataclasses import replace

from openomt.medicine.anatomy import LevelKind, Region, Side, named_level, segment_level
from openomt.medicine.findings import Finding, Frame, Plane, SpinalMotion, Tart
from openomt.medicine.notation.compose import Motion
from openomt.medicine.notation.groups import Anchor, Group
from openomt.medicine.notation.lexicon import PatternEntry, Place
from openomt.medicine.notation.reading import Question, ReadFinding, Span

LANDMARKS = frozenset({
    "ASIS", "PSIS", "AIIS", "iliac crest", "pubic tubercle", "sacral sulcus", "ILA", "sacral base", "medial malleolus",
    "ischial tuberosity", "greater trochanter", "leg length", "transverse process", "spinous process", "acromion",
    "lumbar lordosis", "thoracic kyphosis", "cervical lordosis", "shoulder", "pelvis", "mandible", "sacral apex", "mastoid",
    "pubic ramus", "occiput", "skull", "distal fibula", "scapula", "rib angle",
})  # fmt: skip
"""Landmarks: said to lie high, low, deep and so on, they show asymmetry."""

_DIRECTIONS = frozenset({"posterior inferior", "anterior superior", "inferior anterior", "inferior posterior", "anterior", "posterior", "superior", "inferior", "medial", "lateral", "deep", "shallow", "elevated",
                         "depressed", "unlevel", "unequal", "short leg", "long leg", "side shift", "deviation", "increased"})  # fmt: skip
_ALWAYS_UNEVEN = frozenset({"unlevel", "unequal", "short leg", "long leg", "side shift", "deviation", "flattening", "increased",
                            "brachycephaly", "plagiocephaly", "parallelogram"})  # fmt: skip
_LIMBS = (Region.LOWER_EXTREMITY, Region.UPPER_EXTREMITY)
_MOVEMENTS = frozenset({"internal rotation", "external rotation", "abduction", "adduction", "dorsiflexion", "plantarflexion",
                        "inversion", "eversion", "supination", "pronation"})  # fmt: skip
_ONLY_THERE = frozenset({"side shift", "dropped"})
_CURVES = frozenset({"lumbar lordosis", "thoracic kyphosis", "cervical lordosis"})
_ONE_SIDED = (Region.RIB, Region.LOWER_EXTREMITY, Region.UPPER_EXTREMITY)


def findings_of(group: Group) -> list[ReadFinding]:
    """The findings a group stands for: one for each of its places, and one more where something is absent there."""
    out: list[ReadFinding] = []
    for anchor in group.anchors:
        out.extend(_at(group, anchor))
    if group.counts_to is None:
        return out
    return [replace(read, finding=replace(read.finding, region=group.counts_to)) for read in out]


def _at(group: Group, anchor: Anchor) -> list[ReadFinding]:
    place = anchor.place
    if place.type == "test":
        return _test(group, anchor)
    region = place.region
    if region is None:
        region = _region_of_floating(place)
    if region is None:
        return []
    out = []
    present = _present(group, anchor, region)
    if present is not None:
        out.append(present)
    gone = group.result == "negative"
    if gone:
        return [_absent(group, anchor, region)]
    if group.absent or group.missing or (group.normal and present is None):
        out.append(_absent(group, anchor, region))
    return out


def _region_of_floating(place: Place) -> Region | None:
    """A Chapman point without a place named lies, on most charts, between ribs; anything else stays unplaced."""
    return Region.RIB if place.level is not None and place.level.name == "Chapman point" else None


def _test(group: Group, anchor: Anchor) -> list[ReadFinding]:
    if not group.result:
        return []
    place = anchor.place
    assert place.region is not None  # noqa: S101  # every test record has one
    finding = Finding(
        region=place.region,
        level=place.level,
        side=anchor.side or group.side or group.direction,
        pattern=group.result,
        absent=group.result == "negative",
        detail=group.detail,
    )
    inferred = _test_inferred(anchor)
    question = (
        Question("SFT may mean the standing or the seated flexion test")
        if anchor.word.lower() == "sft"
        else None
    )
    return [ReadFinding(finding, _span(group, anchor), inferred, question)]


def _test_inferred(anchor: Anchor) -> tuple[str, ...]:
    if anchor.word.lower() == "sft":
        return ("level",)
    return ("spelling",) if anchor.fixed else ()


def _span(group: Group, anchor: Anchor) -> Span:
    """From the first word of the place, or of what was said of it, to the last."""
    if group.again and group.start >= 0:
        return Span(group.start, group.end)
    alone = len(group.anchors) == 1 and group.start >= 0
    start = min(group.start, anchor.start) if alone else anchor.start
    return Span(start, max(group.end, anchor.end))


def _absent(group: Group, anchor: Anchor, region: Region) -> ReadFinding:
    side = anchor.side or group.side
    pattern = None
    if group.missing:
        entry = group.missing[0]
        anchor, region, pattern = _resolve(entry, anchor, region, side)
    tart = list(group.absent)
    if anchor.place.type == "point" and pattern is None:
        pattern = _point_pattern(anchor.place)
    if pattern == "tenderpoint" and Tart.TENDERNESS not in tart:
        tart.append(Tart.TENDERNESS)
    finding = Finding(
        region=region,
        level=anchor.place.level,
        side=side,
        pattern=pattern,
        tart=_ordered(tart),
        absent=True,
        severity=None if group.tart else group.severity,
    )
    return ReadFinding(finding, _span(group, anchor))


def _point_pattern(place: Place) -> str:
    chapman = place.level is not None and place.level.name == "Chapman point"
    return "Chapman point" if chapman else "tenderpoint"


def _ordered(tart: list[Tart]) -> tuple[Tart, ...]:
    return tuple(t for t in Tart if t in tart) if tart else ()


class _Draft:
    """A finding being put together."""

    __slots__ = ("inferred", "level_place", "motion", "pattern", "question", "region", "side", "tart")

    def __init__(self, place: Place, region: Region, side: Side | None, tart: list[Tart]) -> None:
        self.level_place = place
        self.region = region
        self.side = side
        self.tart = list(tart)
        self.pattern: str | None = None
        self.motion: SpinalMotion | None = None
        self.inferred: list[str] = []
        self.question: Question | None = None


def _present(group: Group, anchor: Anchor, region: Region) -> ReadFinding | None:
    side = anchor.side or group.side
    draft = _Draft(anchor.place, region, side, group.tart)
    _add_patterns(group, anchor, draft)
    _add_motion(group, draft)
    _add_pair(group, draft)
    _add_bare_side(group, draft)
    _share_list(group, anchor, draft)
    _add_sulcus(group, draft)
    if (
        group.process
        and group.patterns
        and draft.pattern in ("posterior", "anterior", "superior", "inferior")
    ):
        draft.pattern = f"{draft.pattern} TP"
        _add(draft, Tart.ASYMMETRY)
    if (
        draft.level_place.type == "segment"
        and draft.tart == [Tart.RESTRICTION]
        and not draft.pattern
        and anchor.side is None
    ):
        draft.side = None
    if draft.side is None and draft.motion is None and group.direction is not None:
        draft.side = group.direction
    if draft.motion is not None and draft.side is Side.BILATERAL:
        draft.side = None
    point = draft.level_place.type == "point" and not anchor.target and not group.absent
    said = point or draft.pattern or draft.motion or draft.tart or group.dysfunction or group.graded
    if not said:
        return None
    if not (draft.pattern or draft.motion or draft.tart) and group.normal:
        return None
    if draft.level_place.type == "point" and draft.pattern is None:
        draft.pattern = _point_pattern(draft.level_place)
    if draft.level_place.level is None and draft.pattern in _DIRECTIONS and not group.tart:
        return None
    if draft.pattern == "tenderpoint":
        _add(draft, Tart.TENDERNESS)
    level = draft.level_place.level
    finding = Finding(
        region=draft.region,
        level=level,
        side=draft.side,
        motion=draft.motion,
        pattern=draft.pattern,
        tart=_ordered(draft.tart),
        severity=group.severity,
        position=group.position,
        pain=group.pain,
        detail=group.detail,
    )
    inferred = tuple(draft.inferred) + (("spelling",) if group.fixed else ())
    return ReadFinding(finding, _span(group, anchor), inferred, draft.question or _ask(finding, anchor))


def _add(draft: _Draft, tart: Tart) -> None:
    if tart not in draft.tart:
        draft.tart.append(tart)


def _add_bare_side(group: Group, draft: _Draft) -> None:
    """`T5 R`: of a vertebra and nothing else said, a side is most likely its rotation. A person is asked."""
    side = draft.side
    bare = draft.level_place.type == "segment" and not (
        draft.tart or draft.motion or draft.pattern or group.graded
    )
    if not bare or side not in (Side.LEFT, Side.RIGHT) or group.absent or group.normal or group.dysfunction:
        return
    if any(a.target for a in group.anchors):
        return
    motion = SpinalMotion(rotation=side, inferred=("rotation",))
    draft.side, draft.motion = None, motion
    draft.question = _choose("rotated to that side?", draft, motion)


def _share_list(group: Group, anchor: Anchor, draft: _Draft) -> None:
    """`T3, T5 FRSr`: only the last of a list surely has the code; the others are asked about."""
    motion = draft.motion
    last = group.anchors[-1]
    if motion is None or anchor is last or not last.listed or group.motion is None or not group.motion.coded:
        return
    stated = (("plane", motion.plane), ("rotation", motion.rotation), ("sidebend", motion.sidebend))
    draft.motion = replace(motion, inferred=tuple(name for name, part in stated if part is not None))
    draft.question = draft.question or _choose(
        "does the code at the end hold for the whole list?", draft, draft.motion
    )


def _add_sulcus(group: Group, draft: _Draft) -> None:
    """`OA deep R sulcus`: the occipital sulcus, a landmark of OA."""
    if group.sulcus and draft.pattern in ("deep", "shallow"):
        draft.pattern = f"{draft.pattern} sulcus"
        draft.motion = None
        _add(draft, Tart.ASYMMETRY)


def _ask(finding: Finding, anchor: Anchor) -> Question | None:
    """What the notation itself leaves open about a finding."""
    level = finding.level
    if _needs_side(finding):
        return Question("which side?", _both_sides(finding))
    if finding.motion is not None and finding.motion.frame is Frame.RESTRICTION:
        return Question("written as a restriction; the position of ease is the opposite")
    if anchor.fixed and level is not None and level.kind is LevelKind.SEGMENT and level.is_range:
        return Question("the range was written upwards and is read downwards")
    if finding.pattern == "torsion" and level is not None and level.name == "sacrum":
        return Question("on which oblique axis?", _both_axes(finding))
    coupled = finding.motion is not None and finding.motion.plane in (Plane.FLEXED, Plane.EXTENDED)
    if coupled and level is not None and level.kind is LevelKind.SEGMENT and level.count == 2:  # noqa: PLR2004
        return Question("two segments, or the joint between them?")
    return None


def _needs_side(finding: Finding) -> bool:
    """Ribs, limbs, innominates, temporal bones and tender points have a side; a vertebra needs none."""
    if finding.side is not None or finding.level is None:
        return False
    if finding.level.kind in (LevelKind.RIB, LevelKind.POINT):
        return True
    paired = finding.region in _LIMBS or finding.level.name in ("innominate", "temporal")
    return finding.level.kind is LevelKind.STRUCTURE and paired and finding.pattern is not None


def _both_axes(finding: Finding) -> tuple[Finding, ...]:
    if finding.side not in (Side.LEFT, Side.RIGHT):
        return ()
    letter = finding.side.letter
    return tuple(replace(finding, side=None, pattern=f"{letter} on {axis} torsion") for axis in "LR")


def _both_sides(finding: Finding) -> tuple[Finding, ...]:
    return tuple(replace(finding, side=side) for side in (Side.RIGHT, Side.LEFT))


# --- patterns -----------------------------------------------------------------------------------------


def _add_patterns(group: Group, anchor: Anchor, draft: _Draft) -> None:
    restricted = Tart.RESTRICTION in group.tart
    entries = [e for e, noun in group.patterns if not (restricted and noun and e.id in _MOVEMENTS)]
    if not entries:
        return
    names: list[str] = []
    for entry in entries:
        held, region, name = _resolve(entry, anchor, draft.region, draft.side)
        there = held.place.level.name if held.place.level is not None else ""
        if name is None or (entry.id in _ONLY_THERE and there not in entry.structures):
            continue
        draft.level_place, draft.region = held.place, region
        if entry.sided:
            name, taken = _with_side(name, draft)
            if taken:
                draft.side = None
        names.append(name)
    if group.breath:
        draft.inferred.append("pattern")
        draft.question = Question("a restricted breath was read as the opposite dysfunction; is that meant?")
    _point_of(draft, names)
    draft.pattern = _one_pattern(names)
    if draft.pattern is not None and draft.pattern.startswith("bilateral "):
        draft.side = Side.BILATERAL
    _mark_asymmetry(draft, names)


def _resolve(
    entry: PatternEntry, anchor: Anchor, region: Region, side: Side | None
) -> tuple[Anchor, Region, str | None]:
    """The place and the name a pattern has here: `anterior` at an innominate is an anterior rotation."""
    place = anchor.place
    level = place.level.name if place.level is not None else None
    name: str | None = entry.id
    if (
        region is Region.PELVIC
        and level in (None, "pelvis", "SI joint")
        and entry.structures
        and "innominate" in entry.structures
    ):
        place, level = _named("innominate", Region.PELVIC), "innominate"
    if level == "innominate":
        name = _INNOMINATE.get(entry.id, entry.id)
        if name == entry.id and entry.id in ("superior shear", "inferior shear"):
            name = "upslip" if entry.id.startswith("sup") else "downslip"
    elif level == "pubic symphysis" and entry.id in ("superior", "inferior"):
        name = f"{entry.id} shear"
    elif region is Region.PELVIC and level in (None, "pelvis") and entry.id in _INNOMINATE:
        place = _named("innominate", Region.PELVIC)
        name = _INNOMINATE[entry.id]
    elif level is None and region is Region.HEAD and "SBS" in entry.structures:
        place = _named("SBS", Region.HEAD)
    elif (
        level is None
        and region is Region.SACRAL
        and ("sacrum" in entry.structures or entry.id in _SACRAL_WORDS)
    ):
        place = _named("sacrum", Region.SACRAL)
    elif level == "leg" and entry.id in ("shortened", "short leg", "long leg"):
        place = _named("leg length", Region.LOWER_EXTREMITY)
        name = "short leg" if entry.id != "long leg" else "long leg"
    elif place.type == "rib" and entry.id == "superior":
        name = "elevated"
    elif level == "leg length" and entry.id == "shortened":
        name = "short leg"
    elif place.type == "segment" and level == "OA" and entry.id == "deep":
        name = "deep"
    held = Anchor(place, anchor.side, anchor.start, anchor.end, anchor.fixed)
    return held, place.region or region, name


_INNOMINATE = {"anterior": "anterior rotation", "posterior": "posterior rotation", "superior": "upslip", "inferior": "downslip",
               "superior shear": "upslip", "inferior shear": "downslip"}  # fmt: skip
_SACRAL_WORDS = frozenset({"torsion", "compression", "unilateral flexion"})


def _named(name: str, region: Region) -> Place:
    return Place(named_level(name), region, "bone")


def _with_side(name: str, draft: _Draft) -> tuple[str, bool]:
    level = draft.level_place.level
    if name == "torsion" and level is not None and level.name == "sacrum":
        return name, False
    if draft.side in (Side.LEFT, Side.RIGHT):
        return f"{name} {draft.side.letter}", True
    return name, False


def _point_of(draft: _Draft, names: list[str]) -> None:
    """`post rib 1-6 TPs`: front or back, a level and "tender point" make the point's own code."""
    level = draft.level_place.level
    if "tenderpoint" not in names or level is None or draft.level_place.type not in ("rib", "segment"):
        return
    front = {"anterior": "A", "posterior": "P"}
    letters = [front[n] for n in names if n in front]
    if not letters or level.first in ("OA", "AA", "S1"):
        return
    area = "R" if draft.level_place.type == "rib" else level.first[0]
    ends = dict.fromkeys((level.first.lstrip("CTL"), level.last.lstrip("CTL")))
    name = "-".join(f"{letters[0]}{area}{n}" for n in ends)
    draft.level_place = Place(named_level(name, LevelKind.POINT), draft.region, "point")


def _one_pattern(names: list[str]) -> str | None:
    """Several names at one place as one: `posterior inferior`; a direction beside a named dysfunction is dropped."""
    unique = list(dict.fromkeys(names))
    if len(unique) <= 1:
        return unique[0] if unique else None
    if "tenderpoint" in unique:
        return "tenderpoint"
    strong = [n for n in unique if n not in _DIRECTIONS]
    if strong:
        return strong[0]
    plain = [n for n in unique if n in ("anterior", "posterior", "superior", "inferior", "medial", "lateral")]
    if len(plain) >= 2:
        return " ".join(plain[:2])
    return unique[0]


def _mark_asymmetry(draft: _Draft, names: list[str]) -> None:
    level = draft.level_place.level
    name = level.name if level is not None else ""
    if any(n in _ALWAYS_UNEVEN for n in names) or (
        name in LANDMARKS and any(n in _DIRECTIONS for n in names)
    ):
        _add(draft, Tart.ASYMMETRY)


# --- motion -------------------------------------------------------------------------------------------


def _add_motion(group: Group, draft: _Draft) -> None:
    if group.motion is None:
        return
    read = group.motion
    level = draft.level_place.level
    name = level.name if level is not None else None
    if name == "occiput" and read.motion.rotation and read.motion.sidebend:
        draft.level_place = Place(segment_level("OA"), Region.HEAD, "segment")
        level, name = draft.level_place.level, "OA"
    if draft.region is Region.HEAD and draft.level_place.type != "segment":
        _cranial_motion(read.motion, draft)
        return
    if name == "sacrum" or (draft.region is Region.SACRAL and name is None):
        _sacral_motion(group, read.motion, draft)
        return
    if draft.region in _LIMBS:
        _limb_motion(read.motion, draft, group)
        return
    spinal = draft.level_place.type in ("segment", "area", "joint") or (level is None and read.coded)
    if group.restricted_motion and draft.level_place.type != "segment":
        _restricted_region(read.motion, draft)
        return
    if not spinal and level is None and read.named:
        _restricted_region(read.motion, draft)
        return
    if name == "pelvis" and read.motion.rotation is not None and draft.side is None:
        draft.pattern = draft.pattern or "rotation"
        draft.side = read.motion.rotation
        return
    _spinal_motion(read, draft, group)


def _cranial_motion(motion: SpinalMotion, draft: _Draft) -> None:
    if motion.plane is None or Tart.RESTRICTION in draft.tart:
        if motion.rotation or motion.sidebend:
            draft.side = draft.side or motion.rotation or motion.sidebend
        return
    if draft.pattern is not None:
        return
    level = draft.level_place.level
    if level is None or level.name in ("CRI", "SBS", "skull"):
        draft.level_place = _named("SBS", Region.HEAD)
    draft.pattern = {"F": "flexion", "E": "extension"}.get(motion.plane.value)


def _sacral_motion(group: Group, motion: SpinalMotion, draft: _Draft) -> None:
    draft.level_place = _named("sacrum", Region.SACRAL)
    if Tart.RESTRICTION in draft.tart:
        draft.side = draft.side or motion.rotation
        return
    if motion.rotation is not None and group.axis is not None:
        draft.pattern = f"{motion.rotation.letter} on {group.axis.letter} torsion"
        draft.side = None
        return
    plane = {"F": "flexion", "E": "extension"}.get(motion.plane.value) if motion.plane else None
    if plane and draft.pattern is None:
        draft.pattern = (
            {
                Side.BILATERAL: f"bilateral {plane}",
                Side.LEFT: f"unilateral {plane}",
                Side.RIGHT: f"unilateral {plane}",
            }.get(draft.side, plane)
            if draft.side
            else plane
        )
        return
    if draft.pattern is None and motion.rotation is not None:
        draft.pattern = f"rotation {motion.rotation.letter}"


def _limb_motion(motion: SpinalMotion, draft: _Draft, group: Group) -> None:
    if Tart.RESTRICTION in draft.tart or Tart.RESTRICTION in group.absent:
        return
    if (
        draft.pattern is None
        and motion.plane is not None
        and group.motion is not None
        and not group.motion.named
    ):
        draft.pattern = {"F": "flexion", "E": "extension"}.get(motion.plane.value)


def _restricted_region(motion: SpinalMotion, draft: _Draft) -> None:
    """A restricted movement of a whole region: its direction is the finding's side."""
    direction = motion.rotation or motion.sidebend
    if draft.side is None:
        draft.side = direction
    if draft.region is Region.HEAD and draft.level_place.level is None and direction is not None:
        draft.region = Region.CERVICAL


def _spinal_motion(read: Motion, draft: _Draft, group: Group) -> None:
    motion = read.motion
    level = draft.level_place.level
    if (
        read.shared
        and level is not None
        and level.name == "OA"
        and motion.rotation is motion.sidebend
        and motion.rotation
    ):
        same = motion
        motion = SpinalMotion(
            motion.plane, motion.rotation.opposite, motion.sidebend, motion.frame, ("rotation",)
        )
        draft.question = _choose(
            "rotation and sidebending oppose each other at OA; was a side dropped?", draft, motion, same
        )
    elif read.doubt:
        draft.question = _choose(read.doubt, draft, motion, *read.others)
    draft.motion = motion
    if draft.tart == [Tart.RESTRICTION] and draft.level_place.type == "segment":
        draft.side = None
    if (
        draft.side is not None
        and motion.rotation is None
        and motion.sidebend is None
        and motion.plane is None
    ):
        draft.side = None
    del group


def _choose(message: str, draft: _Draft, *motions: SpinalMotion) -> Question:
    options = tuple(
        Finding(
            draft.region, draft.level_place.level, draft.side, motion, draft.pattern, _ordered(draft.tart)
        )
        for motion in motions
    )
    return Question(message, options)


def _add_pair(group: Group, draft: _Draft) -> None:
    level = draft.level_place.level
    sacral = draft.region is Region.SACRAL and (level is None or level.name in ("sacrum", "SI joint"))
    if group.pair is not None and sacral:
        first, second = group.pair
        draft.level_place = _named("sacrum", Region.SACRAL)
        draft.pattern = f"{first.letter} on {second.letter} torsion"
        draft.side = None
        return
    if draft.pattern == "torsion" and sacral and group.axis is not None:
        backward = any(entry.id == "posterior" for entry, _ in group.patterns)
        side = group.axis.opposite if backward else group.axis
        draft.pattern = f"{side.letter} on {group.axis.letter} torsion"
        draft.level_place = _named("sacrum", Region.SACRAL)
        draft.side = None
