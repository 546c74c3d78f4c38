"""Says a finding, a place or a treatment in the words of a physician's note, and which fields it used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from openomt.medicine.anatomy import Level, LevelKind, Side
from openomt.medicine.findings import Finding, Frame, Plane, SpinalMotion, Tart
from openomt.medicine.narrative.phrases import pattern_words, technique_words
from openomt.medicine.visit import Treatment

SEVERITY_SCALE = 3
PAIN_SCALE = 10
"""The upper ends of the scales of `Finding.severity` and `Finding.pain`; both begin at 0."""

MOTION_PARTS = ("plane", "rotation", "sidebend")
RESULTS = ("positive", "negative")
"""Patterns that are the result of a test."""

_POSITION = {Plane.FLEXED: "flexed", Plane.EXTENDED: "extended", Plane.NEUTRAL: "neutral"}
_MOVEMENT = {Plane.FLEXED: "flexion", Plane.EXTENDED: "extension", Plane.NEUTRAL: "the neutral position"}
_TART = {
    Tart.TISSUE_TEXTURE: "tissue texture change",
    Tart.ASYMMETRY: "asymmetry",
    Tart.RESTRICTION: "restricted motion",
    Tart.TENDERNESS: "tenderness",
}


@dataclass(frozen=True, slots=True)
class Words:
    """A text and the fields it was made of, relative to the value it tells (`motion.plane`)."""

    text: str
    fields: tuple[str, ...] = ()


def stated(motion: SpinalMotion | None) -> SpinalMotion | None:
    """The motion without the parts that a reader filled in; None where nothing is left."""
    if motion is None:
        return None
    plane = None if "plane" in motion.inferred else motion.plane
    rotation = None if "rotation" in motion.inferred else motion.rotation
    sidebend = None if "sidebend" in motion.inferred else motion.sidebend
    if plane is None and rotation is None and sidebend is None:
        return None
    return SpinalMotion(plane, rotation, sidebend, motion.frame)


def motion_words(motion: SpinalMotion) -> str:
    """Every part of a motion: `flexed, rotated right`, or `restricted in extension, left rotation`."""
    if motion.frame is Frame.RESTRICTION:
        return "restricted in " + ", ".join(_restricted(motion))
    return ", ".join(_positioned(motion))


def _positioned(motion: SpinalMotion) -> Iterator[str]:
    if motion.plane is not None:
        yield _POSITION[motion.plane]
    if motion.rotation is not None:
        yield f"rotated {_direction(motion.rotation)}"
    if motion.sidebend is not None:
        yield f"sidebent {_direction(motion.sidebend)}"


def _restricted(motion: SpinalMotion) -> Iterator[str]:
    if motion.plane is not None:
        yield _MOVEMENT[motion.plane]
    if motion.rotation is not None:
        yield f"{motion.rotation.value} rotation"
    if motion.sidebend is not None:
        yield f"{motion.sidebend.value} sidebending"


def _direction(side: Side) -> str:
    return "bilaterally" if side is Side.BILATERAL else side.value


def place_words(level: Level | None, side: Side | None) -> Words:
    """Where something is: `T5`, `right ribs 4-6`, `left psoas`, `right`; empty where neither is given."""
    if level is None:
        return Words(side.value, ("side",)) if side else Words("")
    name = level.name
    if level.kind is LevelKind.RIB and level.is_range:
        name = name.replace("rib ", "ribs ", 1)
    # A side beside a vertebra may be a direction it will not move in, so it does not become an adjective.
    if side is None or level.kind is LevelKind.TEST:
        return Words(name, ("level",))
    if level.kind is LevelKind.SEGMENT:
        return Words(f"{name} {side.value}", ("level", "side"))
    return Words(f"{side.value} {name}", ("level", "side"))


def test_words(finding: Finding) -> Words:
    """A test and its result: `seated flexion test: positive, right`."""
    where = place_words(finding.level, None)
    fields = list(where.fields)
    result: list[str] = []
    if finding.pattern:
        negated = finding.absent and finding.pattern != "negative"
        result.append(f"not {finding.pattern}" if negated else finding.pattern)
        fields.append("pattern")
    elif finding.absent:
        result.append("not found")
    if finding.absent:
        fields.append("absent")
    if finding.side is not None:
        result.append(finding.side.value)
        fields.append("side")
    rest = [motion_part(finding), _tart(finding), *_measures(finding)]
    said = "; ".join(part.text for part in (Words(", ".join(result)), *rest) if part.text)
    return Words(f"{where.text or 'test'}: {said or 'result not recorded'}", (*fields, *_fields(rest)))


@lru_cache(maxsize=2048)
def finding_words(finding: Finding) -> Words:
    """Everything stated of a finding, and nothing else: inferred motion is left out.

    `T5 flexed, rotated right, sidebent right; tissue texture change, tenderness; severity 2 of 3`
    """
    where = place_words(finding.level, finding.side)
    name = _name(finding)
    parts = [name, _tart(finding)]
    measures = list(_measures(finding))
    if finding.absent:
        return _absent_words(where, parts, measures)
    rest = "; ".join(part.text for part in (*parts[1:], *measures) if part.text)
    fields = (*where.fields, *_fields(parts), *_fields(measures))
    if name.text:
        head = f"{where.text} {name.text}".strip()
        return Words(f"{head}; {rest}" if rest else head, fields)
    if rest:
        return Words(f"{where.text}: {rest}" if where.text else rest, fields)
    unsaid = "position awaits confirmation" if finding.motion else "named, nothing more recorded"
    return Words(f"{where.text}: {unsaid}" if where.text else unsaid, fields or ("region",))


def _absent_words(where: Words, claims: list[Words], measures: list[Words]) -> Words:
    denied = "; ".join(f"not found: {claim.text}" for claim in claims if claim.text) or "no dysfunction found"
    if [claim.text for claim in claims if claim.text] == ["negative"]:
        denied = "negative"
    text = "; ".join([denied, *(measure.text for measure in measures)])
    return Words(
        f"{where.text}: {text}" if where.text else text,
        (*where.fields, *_fields(claims), *_fields(measures), "absent"),
    )


def _name(finding: Finding) -> Words:
    """The position and the named pattern together."""
    motion = motion_part(finding)
    if not finding.pattern:
        return motion
    kind = finding.level.kind if finding.level else None
    pattern = pattern_words(finding.pattern, kind)
    text = f"{motion.text}, {pattern}" if motion.text else pattern
    return Words(text, (*motion.fields, "pattern"))


@lru_cache(maxsize=2048)
def motion_part(finding: Finding) -> Words:
    """The stated part of a finding's motion, with the path of each part used."""
    motion = stated(finding.motion)
    if motion is None:
        return Words("")
    used = [f"motion.{part}" for part in MOTION_PARTS if getattr(motion, part) is not None]
    if motion.frame is Frame.RESTRICTION:
        used.append("motion.frame")
    return Words(motion_words(motion), tuple(used))


def _tart(finding: Finding) -> Words:
    if not finding.tart:
        return Words("")
    return Words(", ".join(_TART[tart] for tart in finding.tart), ("tart",))


def _measures(finding: Finding) -> Iterator[Words]:
    if finding.severity is not None:
        yield Words(f"severity {severity_words(finding.severity)}", ("severity",))
    if finding.position:
        yield Words(f"treatment position {finding.position}", ("position",))
    if finding.pain is not None:
        before, after = finding.pain
        yield Words(f"pain {before} → {after} of {PAIN_SCALE}", ("pain",))
    if finding.detail:
        yield Words(f"as written: “{finding.detail}”", ("detail",))


def severity_words(severity: int) -> str:
    """`2 of 3`; a number off the scale is printed as entered and said to be off it."""
    if 0 <= severity <= SEVERITY_SCALE:
        return f"{severity} of {SEVERITY_SCALE}"
    return f"{severity} (outside 0 to {SEVERITY_SCALE})"


def _fields(parts: list[Words]) -> tuple[str, ...]:
    return tuple(field for part in parts for field in part.fields)


def treatment_words(treatment: Treatment) -> Words:
    """A technique and where it was used: `High-velocity low-amplitude thrust (HVLA): T5`."""
    where = place_words(treatment.level, treatment.side)
    if not treatment.technique:
        text = "treated, technique not recorded"
        return Words(f"{where.text}: {text}" if where.text else text, where.fields)
    name = technique_words(treatment.technique)
    return Words(f"{name}: {where.text}" if where.text else name, ("technique", *where.fields))
