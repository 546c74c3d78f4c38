"""Two names of one place: `cervical paraspinals`, `tender by the fibular head`,
`AL1 tender, medial to ASIS`."""

from __future__ import annotations

from openomt.medicine.anatomy import Region
from openomt.medicine.notation.groups import Anchor, Group
from openomt.medicine.notation.lexicon import Place
from openomt.medicine.notation.looks import said_after
from openomt.medicine.notation.scope import Scope

SPINAL = frozenset({Region.CERVICAL, Region.THORACIC, Region.LUMBAR, Region.SACRAL, Region.HEAD})
"""Regions whose muscles lie beside the spine."""
_LIST = frozenset({"comma", "and"})
_LINKS = frozenset({"near", "of"})
_BREAKS = frozenset({"comma", "break"})
_PLUS = frozenset({"and", "plus"})
_PLUS_LIST = frozenset({"and", "plus", "comma"})
_NO_LINK = frozenset({"comma", "and", "unknown"})


def only_locates(scope: Scope, group: Group, at: int, anchor: Anchor) -> bool:
    """`AL1 tender, medial to ASIS`: the second place only tells where the point lies."""
    if scope.waiting.said:
        return False
    gap = scope.gap
    if gap and (_says_side_again(scope, group, at, anchor) or (group.is_point and "open" in gap)):
        return True
    if gap.isdisjoint(_LIST):
        linked = not gap.isdisjoint(_LINKS)
        if group.is_point and group.anchors and _is_of_point(group, anchor, linked):
            return True
        if group.is_test and _is_of_test(scope, group, at, anchor.place, linked):
            last = group.anchors[-1]
            last.side = last.side or anchor.side
            return True
    if _lies_by(gap, group, anchor):
        return True
    return anchor.place.type == "segment" and group.motion is not None and scope.word_before(at) == "on"


def _is_of_test(scope: Scope, group: Group, at: int, place: Place, linked: bool) -> bool:
    """`seated flexion + R PSIS`, but not `spring neg T5 tender`: a level of which more is said is its own, and
    so is what a technique after the test was given to.
    """
    technique = scope.last_technique
    if place.type == "test" or (technique is not None and technique.token.start > group.anchors[-1].start):
        return False
    own = place.type in ("segment", "rib") and (said_after(scope, at) or scope.kind_after(at) == "fraction")
    return linked or (group.said and not own)


def _says_side_again(scope: Scope, group: Group, at: int, anchor: Anchor) -> bool:
    """`… of the same ankle`: the place named again only tells the side."""
    if "of" not in scope.gap or scope.word_before(at) != "same" or anchor.place.region not in group.regions():
        return False
    groups = scope.clause.groups
    held = groups[-2] if len(groups) > 1 else scope.carried
    if held is not None and held.anchors:
        last = group.anchors[-1]
        last.side = last.side or held.own_side
    return True


def _lies_by(gap: set[str], group: Group, anchor: Anchor) -> bool:
    """`the clavicle was superior at the sternum`, `tight in both feet`:
    it only says where, or gives the side.
    """
    if gap.isdisjoint(_LINKS) or not gap.isdisjoint(_NO_LINK) or not group.anchors or group.floating:
        return False
    place = anchor.place
    last = group.anchors[-1]
    if last.place.level is None or last.place.type == "segment" or place.region is None:
        return False
    if not group.said:
        return place.type in ("region", "area")
    return group.said_after and (_gives_side(gap, last, anchor) or _tells_where(gap, group, anchor))


def _gives_side(gap: set[str], last: Anchor, anchor: Anchor) -> bool:
    same = anchor.place.region is last.place.region
    if not same or "of" not in gap or anchor.side is None or last.side is not None:
        return False
    last.side = anchor.side
    return True


def _tells_where(gap: set[str], group: Group, anchor: Anchor) -> bool:
    place = anchor.place
    if "near" not in gap or place.type in ("segment", "rib"):
        return False
    return place.region is not group.anchors[-1].place.region or bool(group.patterns)


def _is_of_point(group: Group, anchor: Anchor, linked: bool) -> bool:
    """Whether a place only codes or locates the tender point before it."""
    if anchor.place.type == "point" and not linked:
        return _codes_point(group, anchor)
    held = group.anchors[0].place
    if group.floating and held.type != "point":
        return False
    if not linked and not (len(group.anchors) == 1 and held.region is None):
        return False
    _locate_point(group, anchor)
    return True


def _codes_point(group: Group, anchor: Anchor) -> bool:
    """`a tender point at the manubrium marked AT2`: the code names the point."""
    last = group.anchors[-1]
    if last.place.type == "point" or len(group.anchors) > 1:
        return False
    last.place, last.side, last.end = anchor.place, last.side or anchor.side, anchor.end
    return True


def _locate_point(group: Group, anchor: Anchor) -> None:
    """A tender point takes its side from the place it lies by, a Chapman point its region too."""
    last = group.anchors[-1]
    last.side = last.side or anchor.side
    if last.place.region is not None or anchor.place.region is None:
        return
    last.place = Place(last.place.level, anchor.place.region, last.place.type)
    if anchor.word[:1].isdigit():
        group.detail = anchor.word


def merges(scope: Scope, group: Group, anchor: Anchor) -> bool:
    """`cervical paraspinals`, `right paraspinals tender at L3`: two names of one place."""
    gap = scope.gap
    if not group.anchors or scope.waiting.said or not gap.isdisjoint(_BREAKS):
        return False
    place = anchor.place
    last = group.anchors[-1]
    if _is_chapman_at(gap, group, anchor):
        return True
    same_spine = last.place.type == "segment" and place.level is None and place.region is last.place.region
    if same_spine and "and" not in gap:
        return True
    if anchor.name == "sacral sulcus" and at_occiput(last.place):
        group.sulcus = True
        last.side = last.side or anchor.side
        return True
    if place.region is None and place.type not in ("point", "test"):
        return _floats_onto(gap, group, anchor)
    return _names_again(gap, group, last, anchor)


def _names_again(gap: set[str], group: Group, last: Anchor, anchor: Anchor) -> bool:
    """The second name says more exactly what the first one meant."""
    if group.floating and gap.isdisjoint(_PLUS) and (not gap or not gap.isdisjoint(_LINKS)):
        _take_level(group, last, anchor)
        return True
    # `lumbar psoas`: the region before a structure only says where it is
    narrows = last.place.type == "region" and not gap and anchor.place.type not in ("test", "region")
    # `R forearm interosseous membrane`: two structures with nothing between
    narrows = narrows or (not gap and not group.said and last.place.type == anchor.place.type == "joint")
    if anchor.place.region is not last.place.region or not (narrows or _more_exact(gap, group, anchor)):
        return False
    last.place = anchor.place
    last.side = anchor.side or last.side
    last.end = anchor.end
    return True


def _is_chapman_at(gap: set[str], group: Group, anchor: Anchor) -> bool:
    """`R 2nd ICS Chapman`: the place before the point is where it lies."""
    if anchor.place.type != "point" or anchor.place.region is not None or group.said or gap:
        return False
    last = group.anchors[-1]
    if last.place.region is None or last.place.type == "point":
        return False
    last.place = Place(anchor.place.level, last.place.region, "point")
    last.end = anchor.end
    group.is_point = True
    return True


def _floats_onto(gap: set[str], group: Group, anchor: Anchor) -> bool:
    """`T4 TP`, `cervical paraspinals`: a word without a region of its own is of the places before it."""
    if group.said and gap:
        return False
    last = group.anchors[-1]
    if not gap and last.place.level is not None and last.place.type not in ("segment", "area", "rib"):
        return True
    if not gap.isdisjoint(_PLUS_LIST):
        return False
    process = anchor.name == "transverse process"
    done = False
    for held in group.anchors:
        if held.place.type in ("segment", "area"):
            done = True
        elif held.place.level is None and held.place.region is not None:
            if not process and held.place.region in SPINAL:
                held.place = Place(anchor.place.level, held.place.region, anchor.place.type)
            done = True
        held.end = anchor.end
        held.side = held.side or anchor.side
    group.process = group.process or process
    return done


def _take_level(group: Group, last: Anchor, anchor: Anchor) -> None:
    """`paraspinals at L3`, `TP of T4`: the word without a region of its own takes the place named after
    it.
    """
    if last.name == "transverse process":
        group.process = True
    if anchor.place.level is None:
        group.spread = last.place
        last.place = Place(last.place.level, anchor.place.region, last.place.type)
    else:
        last.place = anchor.place
    last.side = last.side or anchor.side
    last.end = anchor.end


def _more_exact(gap: set[str], group: Group, anchor: Anchor) -> bool:
    """`lateral knee tender by the fibular head`: the place after "by" or "at" is the one that was meant."""
    if not group.said or "near" not in gap or "of" in gap or group.motion or group.patterns or group.result:
        return False
    if anchor.place.type in ("region", "segment", "rib") or len(group.anchors) != 1:
        return False
    return group.anchors[0].place.type not in ("segment", "rib")


def at_occiput(place: Place) -> bool:
    """Whether a place is at the base of the skull."""
    return place.level is not None and place.level.name in ("OA", "occiput", "suboccipital")
