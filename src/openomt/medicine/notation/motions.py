"""What a motion, two sides of the sacrum or a bare side mean at the place they are said of."""

from __future__ import annotations

from dataclasses import replace

from openomt.medicine.anatomy import Region, Side, segment_level
from openomt.medicine.findings import Plane, SpinalMotion, Tart
from openomt.medicine.notation.draft import Draft, bone
from openomt.medicine.notation.groups import Anchor, Group
from openomt.medicine.notation.lexicon import Place
from openomt.medicine.notation.motion import Motion
from openomt.medicine.notation.questions import choose

_HEAD, _SACRAL = Region.HEAD, Region.SACRAL
_LIMBS = (Region.LOWER_EXTREMITY, Region.UPPER_EXTREMITY)
_RESTRICTION = Tart.RESTRICTION
_ONE_SIDE = (Side.LEFT, Side.RIGHT)
_OF_TORSION = frozenset({"torsion", "anterior", "posterior", "flexion", "extension"})
"""What says no more of a torsion than its two sides do."""
_PLANE_NAMES = {Plane.FLEXED: "flexion", Plane.EXTENDED: "extension"}


def add_motion(group: Group, read: Motion, draft: Draft) -> None:
    """Says a motion the way its place can have one:
    as position, named dysfunction, or side of a restriction.
    """
    motion = read.motion
    name = draft.name
    if name == "occiput" and motion.rotation and motion.sidebend:
        draft.place = Place(segment_level("OA"), _HEAD, "segment")
        name = "OA"
    whole_spine = draft.place.type != "segment" and (group.restricted_motion or (not name and read.named))
    if draft.region is _HEAD and draft.place.type != "segment":
        _cranial_motion(motion, draft)
    elif name == "sacrum" or (draft.region is _SACRAL and not name):
        _sacral_motion(group, motion, draft)
    elif draft.region in _LIMBS:
        _limb_motion(group, read, draft)
    elif whole_spine:
        _restricted_region(motion, draft)
    elif name == "pelvis" and motion.rotation is not None and draft.side is None:
        draft.pattern = draft.pattern or "rotation"
        draft.side = motion.rotation
    else:
        _spinal_motion(read, draft)


def _plane_name(motion: SpinalMotion) -> str | None:
    return _PLANE_NAMES.get(motion.plane) if motion.plane is not None else None


def _cranial_motion(motion: SpinalMotion, draft: Draft) -> None:
    if motion.plane is None or _RESTRICTION in draft.tart:
        draft.side = draft.side or motion.rotation or motion.sidebend
        return
    if draft.pattern is not None:
        return
    if draft.name in ("", "CRI", "SBS", "skull"):
        draft.place = bone("SBS", _HEAD)
    draft.pattern = _plane_name(motion)


def _sacral_motion(group: Group, motion: SpinalMotion, draft: Draft) -> None:
    draft.place = bone("sacrum", _SACRAL)
    if _RESTRICTION in draft.tart:
        draft.side = draft.side or motion.rotation
        return
    if motion.rotation is not None and group.axis is not None:
        draft.pattern = f"{motion.rotation.letter} on {group.axis.letter} torsion"
        draft.side = None
        return
    if draft.pattern is not None:
        return
    plane = _plane_name(motion)
    if plane is None:
        draft.pattern = f"rotation {motion.rotation.letter}" if motion.rotation is not None else None
    elif draft.side is None:
        draft.pattern = plane
    else:
        draft.pattern = f"bilateral {plane}" if draft.side is Side.BILATERAL else f"unilateral {plane}"


def _limb_motion(group: Group, read: Motion, draft: Draft) -> None:
    """`wrist flexed`: a position; a movement named by its noun is none."""
    denied = _RESTRICTION in draft.tart or _RESTRICTION in group.absent
    if not denied and draft.pattern is None and not read.named:
        draft.pattern = _plane_name(read.motion)


def _restricted_region(motion: SpinalMotion, draft: Draft) -> None:
    """A restricted movement of a whole region: its direction is the finding's side."""
    direction = motion.rotation or motion.sidebend
    if draft.side is None:
        draft.side = direction


def _spinal_motion(read: Motion, draft: Draft) -> None:
    motion = read.motion
    if read.shared and draft.name == "OA" and motion.rotation and motion.rotation is motion.sidebend:
        same = motion
        turned = motion.rotation.opposite
        motion = SpinalMotion(same.plane, turned, same.sidebend, same.frame, ("rotation",))
        message = "rotation and sidebending oppose each other at OA; was a side dropped?"
        draft.question = choose(message, draft, motion, same)
    elif read.doubt:
        draft.question = choose(read.doubt, draft, motion, *read.others)
    draft.motion = motion
    only_restricted = draft.place.type == "segment" and draft.tart == [_RESTRICTION]
    if only_restricted or not (motion.rotation or motion.sidebend or motion.plane):
        draft.side = None


def add_pair(group: Group, draft: Draft) -> None:
    """`L on R`, `torsion on the left axis`: the two sides of a sacral torsion."""
    if draft.region is not _SACRAL or draft.name not in ("", "sacrum", "SI joint"):
        return
    group.told.update(entry.id for entry, _ in group.patterns if entry.id in _OF_TORSION)
    if group.pair is not None:
        if draft.pattern is not None and draft.pattern not in _OF_TORSION:
            group.told.clear()
        first, second = group.pair
        draft.pattern = f"{first.letter} on {second.letter} torsion"
    elif draft.pattern == "torsion" and group.axis is not None:
        backward = any(entry.id == "posterior" for entry, _ in group.patterns)
        side = group.axis.opposite if backward else group.axis
        draft.pattern = f"{side.letter} on {group.axis.letter} torsion"
    else:
        return
    draft.place = bone("sacrum", _SACRAL)
    draft.side = None


def add_bare_side(group: Group, draft: Draft) -> None:
    """`T5 R`: of a vertebra and nothing else said, a side is most likely its rotation. A person is asked."""
    side = draft.side
    if draft.place.type != "segment" or side not in _ONE_SIDE or draft.tart or draft.motion or draft.pattern:
        return
    if (
        group.graded
        or group.absent
        or group.normal
        or group.dysfunction
        or group.patterns
        or any(a.target for a in group.anchors)
    ):
        return
    motion = SpinalMotion(rotation=side, inferred=("rotation",))
    draft.side, draft.motion = None, motion
    draft.question = choose("rotated to that side?", draft, motion)


def share_list(group: Group, anchor: Anchor, draft: Draft) -> None:
    """`T3, T5 FRSr`: only the last of a list surely has the code; the others are asked about."""
    motion = draft.motion
    last = group.anchors[-1]
    if motion is None or anchor is last or not last.listed or group.motion is None or not group.motion.coded:
        return
    stated = (("plane", motion.plane), ("rotation", motion.rotation), ("sidebend", motion.sidebend))
    draft.motion = replace(motion, inferred=tuple([name for name, part in stated if part is not None]))
    draft.question = draft.question or choose(
        "does the code at the end hold for the whole list?", draft, draft.motion
    )
