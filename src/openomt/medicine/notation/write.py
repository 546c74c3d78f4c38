"""Writes findings in one house style that `read` gives back unchanged:
place, side, motion or pattern, TART, severity."""

from __future__ import annotations

from collections.abc import Iterable

from openomt.medicine.anatomy import Level, LevelKind, Region, Side, segment_region
from openomt.medicine.findings import Finding, Frame, Plane, SpinalMotion, Tart
from openomt.medicine.notation.lexicon import lexicon
from openomt.medicine.notation.terms import BREATHS, ROTATIONS

_TART_WORDS = {
    Tart.TISSUE_TEXTURE: "tissue texture change",
    Tart.ASYMMETRY: "asymmetry",
    Tart.RESTRICTION: "restriction",
    Tart.TENDERNESS: "tenderness",
}
_SIDE_WORDS = {Side.LEFT: "L", Side.RIGHT: "R", Side.BILATERAL: "bilateral"}
_CHAPMAN = Level("Chapman point", LevelKind.POINT)
_REGION_WORDS = {
    Region.LOWER_EXTREMITY: "lower extremity",
    Region.UPPER_EXTREMITY: "upper extremity",
    Region.RIB: "rib",
}


def write(findings: Iterable[Finding]) -> str:
    """One statement a finding, with semicolons between. Inferred parts are written like stated ones: write
    what was accepted.

    `detail` is the author's own wording and stands in quotes. A region other than the level's usual one is
    written as
    `@region`.
    """
    return "; ".join(_finding(finding) for finding in findings)


def _finding(finding: Finding) -> str:
    parts = [_place(finding), _side(finding.side), *_state(finding)]
    if finding.severity is not None:
        parts.append(f"({finding.severity})")
    if finding.pain is not None:
        parts.append(f"{finding.pain[0]}->{finding.pain[1]}/10")
    if finding.detail is not None:
        parts.append(f'"{finding.detail}"')
    if finding.region is not _usual_region(finding):
        parts.append(f"@{_region(finding.region)}")
    return " ".join(part for part in parts if part)


def _region(region: Region) -> str:
    return _REGION_WORDS.get(region, region.value)


def _place(finding: Finding) -> str:
    level = finding.level
    if level is None:
        return _region(finding.region)
    if level.kind is LevelKind.STRUCTURE and lexicon().places[level.name].region is None:
        return f"{_region(finding.region)} {level.name}"
    return level.name


def _usual_region(finding: Finding) -> Region:
    """The region the reader gives the place by itself."""
    level = finding.level
    if level is None:
        return finding.region
    if level.kind is LevelKind.SEGMENT:
        return segment_region(level.first)
    if level.kind is LevelKind.RIB:
        return Region.RIB
    place = lexicon().places.get(level.name)
    if place is not None:
        return place.region or (Region.RIB if level.kind is LevelKind.POINT else finding.region)
    return _point_region(level.name) or finding.region


def _point_region(name: str) -> Region | None:
    regions = {"C": Region.CERVICAL, "T": Region.THORACIC, "L": Region.LUMBAR, "R": Region.RIB}
    letters = name.split("-", maxsplit=1)[0].rstrip("0123456789")
    return regions.get(letters[-1:]) if len(letters) >= 2 else None  # AC4, UPL5


def _side(side: Side | None) -> str:
    return "" if side is None else _SIDE_WORDS[side]


def _state(finding: Finding) -> list[str]:
    if finding.level is not None and finding.level.kind is LevelKind.TEST:
        return [finding.pattern or ""]
    if finding.absent:
        return [_absence(finding)]
    parts = [_motion(finding.motion, at_oa=finding.region is Region.HEAD), _pattern(finding)]
    parts.extend([finding.position or "", *_tart(finding)])
    if not any(parts) and finding.level != _CHAPMAN:
        parts.append("dysfunction")
    return parts


def _pattern(finding: Finding) -> str:
    """The named dysfunction; a Chapman point's own name is not said twice."""
    if finding.pattern is None or (finding.level is not None and finding.level.name == finding.pattern):
        return ""
    return finding.pattern


def _absence(finding: Finding) -> str:
    words = [_TART_WORDS[t] for t in finding.tart]
    if finding.level == _CHAPMAN:
        return "negative"
    if finding.pattern is not None:
        words.insert(0, finding.pattern)
    return "no " + ", no ".join(words) if words else "normal"


def _tart(finding: Finding) -> list[str]:
    """The evidence in words. Beside a breath, or a rotation of the skull, "restriction" would turn its
    meaning, so the rib or bone is "held back".
    """
    restricted = finding.motion is not None and finding.motion.frame is Frame.RESTRICTION
    words = dict(_TART_WORDS)
    turned = BREATHS if finding.region is Region.RIB else ROTATIONS if finding.region is Region.HEAD else ()
    if finding.pattern in turned:
        words[Tart.RESTRICTION] = "held back"
    return [words[t] for t in finding.tart if not (restricted and t is Tart.RESTRICTION)]


def _motion(motion: SpinalMotion | None, *, at_oa: bool) -> str:
    if motion is None:
        return ""
    plane = motion.plane.value if motion.plane else ""
    rotation = f"R{motion.rotation.letter.lower()}" if motion.rotation else ""
    sidebend = f"S{motion.sidebend.letter.lower()}" if motion.sidebend else ""
    if motion.frame is Frame.RESTRICTION:
        return " ".join(p for p in ("restricted", plane, rotation, sidebend) if p)
    if (
        rotation
        and not at_oa
        and motion.rotation is motion.sidebend
        and motion.plane in (Plane.FLEXED, Plane.EXTENDED)
    ):
        return f"{plane}RS{rotation[-1]}"
    if motion.plane is Plane.NEUTRAL:
        return (
            f"{plane}{sidebend}{rotation}"
            if sidebend and rotation
            else " ".join(p for p in (plane, sidebend, rotation) if p)
        )
    if rotation and sidebend:
        return f"{plane}{rotation}{sidebend}"
    return " ".join(p for p in (plane, rotation, sidebend) if p)
