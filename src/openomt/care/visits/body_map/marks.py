"""How one finding is drawn on one view: the structure itself, an arrow or axis, and where its label may lead to.

Filled: severity 2 or 3. Outlined: 1, or not stated. Dashed outline: 0. A vertebra tilts to the side it is bent and
has a ring on the side it is turned to; a rib or innominate has an arrow the way its landmark moved; a sacral axis is
dashed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from openomt.care import body_infant, body_outline
from openomt.care.visits.body_map import shapes
from openomt.care.visits.body_map.places import spot_of
from openomt.care.visits.body_map.shapes import RIBS, VERTEBRAE, VIEWS, Point, View, sign
from openomt.knowledge import load
from openomt.knowledge.diagnosis import CandidateDiagnosis, Torsion
from openomt.medicine.anatomy import SPINE, SPINE_ORDER, Level, LevelKind, Region, Side
from openomt.medicine.findings import Finding, Tart

TILT = 8
_MIRROR = ' transform="scale(-1 1)"'
_ARROWS = {"up": "v-11m-3.5 3.5 3.5-3.5 3.5 3.5", "down": "v11m-3.5-3.5 3.5 3.5 3.5-3.5"}
_UP, _DOWN = frozenset({"inhalation", "elevated"}), frozenset({"exhalation", "depressed"})
_BOTH_VIEWS = frozenset(
    {"innominate", "shoulder", "elbow", "wrist", "hand", "hip", "knee", "ankle", "foot"}
)  # drawn alike from both sides


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finding on one view. `left`, `right`: where a leader from that side ends; None: not from there."""

    art: str
    left: Point | None
    right: Point | None
    ring: tuple[float, float, float, float]


def is_drawn(finding: Finding) -> bool:
    """Whether the map shows a finding at all: what is present, and no mere test."""
    return not finding.absent and (finding.level is None or finding.level.kind is not LevelKind.TEST)


def views_of(finding: Finding) -> tuple[View, ...]:
    """The views on which a finding can be seen."""
    level = finding.level
    if level is None:
        return VIEWS if finding.region in _ZONES_OF_BOTH else (_zone_view(finding.region),)
    if level.kind is LevelKind.RIB or level.name in _BOTH_VIEWS:
        return VIEWS
    if level.kind is LevelKind.SEGMENT or level.name in ("sacrum", "coccyx"):
        return ("back",)
    return (spot_of(level, finding.region).view,)


@lru_cache(maxsize=4096)
def draw(finding: Finding, view: View) -> Drawing:
    """The finding on this view; ask `views_of` first. Remembered: an autosave changes one finding of many."""
    level = finding.level
    if level is None:
        return _zone(finding, view)
    if level.kind is LevelKind.SEGMENT:
        return _segment(finding, level)
    if level.kind is LevelKind.RIB:
        return _rib(finding, level, view)
    if level.name == "sacrum":
        return _sacrum(finding)
    if level.name == "innominate":
        return _innominate(finding, view)
    return _dot(finding, level, view)


@lru_cache(maxsize=4096)
def draw_infant(finding: Finding, view: View) -> Drawing:
    """The same on the figure of an infant."""
    adult = draw(finding, view)
    arms = (
        finding.region is Region.UPPER_EXTREMITY
    )  # an arrow beside the ribs lies where the adult has an arm
    x, y, rx, ry = adult.ring
    left, right = (
        None if end is None else body_infant.point(*end, arms=arms) for end in (adult.left, adult.right)
    )
    return Drawing(
        body_infant.art(adult.art, arms=arms), left, right, (*body_infant.point(x, y, arms=arms), rx, ry)
    )


def weight(finding: Finding) -> str:
    """The class that tells severity by fill and outline."""
    if finding.severity is None or finding.severity == 1:
        return "bm-f1"
    return "bm-f2" if finding.severity > 1 else "bm-f0"


def _bone(finding: Finding) -> str:
    """The class of a large bone, which is tinted where a vertebra is filled."""
    return {"bm-f2": "bm-b2", "bm-f1": "bm-b1"}.get(weight(finding), "bm-f0")


def _segment(finding: Finding, level: Level) -> Drawing:
    names = [n for n in SPINE[SPINE_ORDER[level.first] : SPINE_ORDER[level.last] + 1] if n in VERTEBRAE]
    if not names:  # S1, the base of the sacrum
        return _dot(finding, level, "back")
    motion = finding.motion.ease() if finding.motion else None
    bent = sign("back", motion.sidebend) if motion else 0
    turned = sign("back", motion.rotation if motion else finding.side)
    css = weight(finding)
    art = "".join(_vertebra(name, css, bent * TILT) for name in names)
    middle = VERTEBRAE[names[len(names) // 2]]
    top, bottom = VERTEBRAE[names[0]], VERTEBRAE[names[-1]]
    reach = middle.width + 1.2
    # The end of the lens that is bent to hangs lower.
    drop = round(0.14 * reach * bent * turned, 1)
    if turned:
        art += f'<circle class="bm-tip" cx="{turned * reach:.1f}" cy="{middle.y + drop:.1f}" r="2.6"/>'
    if len(names) > 1:
        art += _bracket(top.y, bottom.y, turned or 1)
    ring = (0, (top.y + bottom.y) / 2, middle.width + 8, (bottom.y - top.y) / 2 + 7.5)
    outside = reach + 3
    return Drawing(
        art,
        left=(-outside, middle.y + drop) if turned <= 0 else None,
        right=(outside, middle.y + drop) if turned >= 0 else None,
        ring=ring,
    )


def _vertebra(name: str, css: str, tilt: int) -> str:
    lens = VERTEBRAE[name]
    place = f'transform="translate(0 {lens.y})'
    cleared = f'<path class="bm-clear" {place}" d="{lens.d}"/>' if tilt else ""
    turn = f" rotate({tilt})" if tilt else ""
    return f'{cleared}<path class="{css}" {place}{turn}" d="{lens.d}"/>'


def _bracket(top: float, bottom: float, side: int) -> str:
    x = side * 15
    return f'<path class="bm-run" d="M{x - side * 2.5} {top - 2}H{x}V{bottom + 2}H{x - side * 2.5}"/>'


def _sides(side: Side | None) -> tuple[Side, ...]:
    return (side,) if side in (Side.LEFT, Side.RIGHT) else (Side.LEFT, Side.RIGHT)


def _stroke(finding: Finding) -> str:
    return "bm-r2" if (finding.severity or 0) > 1 else "bm-r1"


def _rib(finding: Finding, level: Level, view: View) -> Drawing:
    curves = RIBS[view][int(level.first) - 1 : int(level.last)]
    css = _stroke(finding)
    height = sum(curve.crown[1] for curve in curves) / len(curves)
    reach = max(curve.end[0] for curve in curves) + 9
    art: list[str] = []
    ends: dict[int, Point] = {}
    arrow = "up" if finding.pattern in _UP else "down" if finding.pattern in _DOWN else ""
    for side in _sides(finding.side):
        x = sign(view, side)
        art.extend(f'<path class="{css}" d="{curve.d(x)}"/>' for curve in curves)
        if arrow:
            art.append(_arrow(x * reach, height, arrow))
            ends[x] = (x * (reach + 4), height)
        else:
            ends[x] = (x * curves[len(curves) // 2].crown[0], curves[len(curves) // 2].crown[1])
    middle = sum(ends) * 26
    return Drawing("".join(art), ends.get(-1), ends.get(1), (middle, height + 4, 26, 14))


def _arrow(x: float, y: float, way: str) -> str:
    start = y + 5.5 if way == "up" else y - 5.5
    return f'<path class="bm-arrow" d="M{x:.1f} {start:.1f}{_ARROWS[way]}"/>'


def _sideways(x: float, y: float, way: int) -> str:
    head = f"m{-way * 3.5}-3.5 {way * 3.5} 3.5{-way * 3.5} 3.5"
    return f'<path class="bm-arrow" d="M{x - way * 5:.1f} {y:.1f}h{way * 10}{head}"/>'


@cache
def _axes() -> dict[str, Side]:
    """The side of the oblique axis, by the pattern of a torsion."""
    return {record.id: Side(record.axis) for record in load().all(Torsion)}


def _sacrum(finding: Finding) -> Drawing:
    css = _bone(finding)
    side = sign("back", finding.side)
    art = f'<path class="{css}" d="{shapes.SACRUM}"/>'
    if side:
        mirror = "" if side > 0 else _MIRROR
        art = f'<path class="bm-clear2" d="{shapes.SACRUM}"/><path class="{css}" d="{shapes.SACRUM_HALF}"{mirror}/>'
    axis = sign("back", _axes().get(finding.pattern or ""))
    if axis:
        art += f'<path class="bm-axis" d="M{axis * 16} 254 {-axis * 14} 296"/>'
    lead = axis or side
    return Drawing(
        art,
        left=(-16, 254) if lead < 0 else (-10, 264) if not lead else None,
        right=(16, 254) if lead > 0 else (10, 264) if not lead else None,
        ring=(0, 273, 21, 24),
    )


_LANDMARK = {"back": "psis", "front": "asis"}
_UPWARD = {"superior": "up", "inferior": "down"}
_WAYS = (*_UPWARD, "medial", "lateral")


@cache
def _shift(pattern: str, side: Side, view: View) -> str:
    """Which way the landmark of this view has moved in a dysfunction of the innominate, by its tests."""
    for record in load().all(CandidateDiagnosis):
        for one in (record, record.mirror()):
            if (one.level, one.pattern, one.side) != ("innominate", pattern, side.value):
                continue
            for expect in one.expects:
                way, _, where = expect.fits[0].partition(" ")
                if expect.test.startswith(_LANDMARK[view]) and way in _WAYS and where == side.value:
                    return way
    return ""


def _innominate(finding: Finding, view: View) -> Drawing:
    css = _bone(finding)
    art: list[str] = []
    ends: dict[int, Point] = {}
    for side in _sides(finding.side):
        x = sign(view, side)
        art.append(f'<path class="{css}" d="{shapes.INNOMINATE[view]}"{"" if x > 0 else _MIRROR}/>')
        way = _shift(finding.pattern or "", side, view)
        if way in _UPWARD:
            art.append(_arrow(x * 58, 260, _UPWARD[way]))
        elif way:
            art.append(_sideways(x * 58, 262, x if way == "lateral" else -x))
        ends[x] = (x * 63, 260) if way else (x * 48, 262)
    return Drawing("".join(art), ends.get(-1), ends.get(1), (sum(ends) * 32, 277, 26, 36))


_OUTLINES = {
    "scapula": shapes.SCAPULA,
    "clavicle": shapes.CLAVICLE,
    "sternum": shapes.STERNUM,
    "mandible": shapes.MANDIBLE,
    "coccyx": shapes.COCCYX,
    "pubic symphysis": shapes.SYMPHYSIS,
}
"""Structures that are drawn by their outline instead of a dot."""


def _dot(finding: Finding, level: Level, view: View) -> Drawing:
    spot = spot_of(level, finding.region)
    lies = Tart.ASYMMETRY in finding.tart
    css = "bm-tip" if lies else weight(finding)
    radius = 3 if lies else 4.2
    x_of = {sign(view, side) for side in _sides(finding.side)} if spot.x or finding.side else {0}
    distance = spot.x or 6
    places = sorted({x * distance for x in x_of})
    art = "".join(f'<circle class="{css}" cx="{x:g}" cy="{spot.y:g}" r="{radius}"/>' for x in places)
    if level.name in _OUTLINES and not lies:
        art = "".join(
            f'<path class="{_bone(finding)}" d="{_OUTLINES[level.name]}"{_MIRROR if x < 0 else ""}/>'
            for x in (places if spot.x else [0.0])
        )
    if level.name == "diaphragm":
        art = f'<path class="{_stroke(finding)}" d="{shapes.DIAPHRAGM}"/>'
    first, last = places[0], places[-1]
    return Drawing(
        art,
        left=(first - 6, spot.y) if first <= 0 else None,
        right=(last + 6, spot.y) if last >= 0 else None,
        ring=((first + last) / 2, spot.y, (last - first) / 2 + 10, 10),
    )


# Whole regions -------------------------------------------------------------------------------------------

_THORACIC = "M-14 102H14V205H-14Z"
_ZONES: dict[Region, tuple[tuple[str, ...], bool]] = {
    Region.HEAD: ((body_outline.HEAD,), False),
    Region.CERVICAL: ((body_outline.NECK,), False),
    Region.THORACIC: ((_THORACIC,), False),
    Region.LUMBAR: ((body_outline.WAIST,), False),
    Region.SACRAL: ((shapes.SACRUM,), False),
    Region.PELVIC: ((body_outline.HIPS,), False),
    Region.LOWER_EXTREMITY: (body_outline.LEG, True),
    Region.UPPER_EXTREMITY: (body_outline.ARM, True),
    Region.RIB: ((body_outline.THORAX,), False),
    Region.ABDOMEN: ((body_outline.WAIST,), False),
}
"""Outlines of a region, and whether they are of one of two limbs."""
_ZONES_OF_BOTH = frozenset(
    {Region.HEAD, Region.RIB, Region.PELVIC, Region.LOWER_EXTREMITY, Region.UPPER_EXTREMITY}
)


def zone_paths(region: Region) -> tuple[tuple[str, int], ...]:
    """The outlines of a region, each with +1 or, mirrored, -1; 0 for one that crosses the midline."""
    outlines, paired = _ZONES[region]
    return tuple((d, x) for d in outlines for x in ((1, -1) if paired else (0,)))


def _zone_view(region: Region) -> View:
    return "front" if region is Region.ABDOMEN else "back"


def _zone(finding: Finding, view: View) -> Drawing:
    wanted = sign(view, finding.side)
    paths = [(d, x) for d, x in zone_paths(finding.region) if not wanted or x in (0, wanted)]
    art = "".join(f'<path class="bm-zone" d="{d}"{_MIRROR if x < 0 else ""}/>' for d, x in paths)
    spot = spot_of(None, finding.region)
    ends = dict(_zone_ends(paths, spot.x, spot.y))
    return Drawing(art, ends.get(-1), ends.get(1), (0, 0, 0, 0))


def _zone_ends(paths: list[tuple[str, int]], x: float, y: float) -> Iterator[tuple[int, Point]]:
    for side in (-1, 1):
        if any(half in (0, side) for _, half in paths):
            yield side, (side * (x or 10), y)
