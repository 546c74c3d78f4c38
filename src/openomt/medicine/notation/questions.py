"""What only the author can settle about a finding, with the readings to choose from."""

from __future__ import annotations

from dataclasses import replace

from openomt.medicine.anatomy import Level, LevelKind, Region, Side
from openomt.medicine.findings import Finding, Frame, Plane, SpinalMotion
from openomt.medicine.notation.draft import Draft, ordered
from openomt.medicine.notation.groups import Anchor
from openomt.medicine.notation.reading import Question

_LIMBS = (Region.LOWER_EXTREMITY, Region.UPPER_EXTREMITY)
_LEFT, _RIGHT = Side.LEFT, Side.RIGHT
_SEGMENT, _STRUCTURE = LevelKind.SEGMENT, LevelKind.STRUCTURE
_SIDED_KINDS = (LevelKind.RIB, LevelKind.POINT)
_RESTRICTION = Frame.RESTRICTION
_COUPLED = (Plane.FLEXED, Plane.EXTENDED)


def ask(finding: Finding, anchor: Anchor) -> Question | None:
    """What the notation itself leaves open about a finding."""
    level = finding.level
    if level is None:
        return _about_motion(finding.motion)
    if finding.side is None and _needs_side(finding, level):
        return Question("which side?", (_on_side(finding, _RIGHT), _on_side(finding, _LEFT)))
    question = _about_motion(finding.motion)
    if question is not None:
        return question
    if level.kind is _SEGMENT:
        return _about_segments(finding, level, anchor)
    if finding.pattern == "torsion" and level.name == "sacrum":
        return Question("on which oblique axis?", _both_axes(finding))
    return None


def _about_motion(motion: SpinalMotion | None) -> Question | None:
    if motion is None or motion.frame is not _RESTRICTION:
        return None
    return Question("written as a restriction; the position of ease is the opposite")


def _about_segments(finding: Finding, level: Level, anchor: Anchor) -> Question | None:
    if anchor.fixed and level.is_range:
        return Question("the range was written upwards and is read downwards")
    if finding.motion is not None and finding.motion.plane in _COUPLED and level.count == 2:
        return Question("two segments, or the joint between them?")
    return None


def _needs_side(finding: Finding, level: Level) -> bool:
    """Ribs, limbs, innominates, temporal bones and tender points have a side; a vertebra needs none."""
    if level.kind in _SIDED_KINDS:
        return True
    if level.kind is not _STRUCTURE or finding.pattern is None:
        return False
    return finding.region in _LIMBS or level.name in ("innominate", "temporal")


def _on_side(finding: Finding, side: Side) -> Finding:
    """The finding with a side; what `replace` does, in a fifth of its time."""
    return Finding(
        finding.region,
        finding.level,
        side,
        finding.motion,
        finding.pattern,
        finding.tart,
        finding.severity,
        finding.absent,
        finding.position,
        finding.pain,
        finding.detail,
    )


def _both_axes(finding: Finding) -> tuple[Finding, ...]:
    if finding.side not in (_LEFT, _RIGHT):
        return ()
    letter = finding.side.letter
    return tuple([replace(finding, side=None, pattern=f"{letter} on {axis} torsion") for axis in "LR"])


def choose(message: str, draft: Draft, *motions: SpinalMotion) -> Question:
    """A question between motions, most likely first."""
    level, tart = draft.place.level, ordered(draft.tart)
    options = [Finding(draft.region, level, draft.side, motion, draft.pattern, tart) for motion in motions]
    return Question(message, tuple(options))
