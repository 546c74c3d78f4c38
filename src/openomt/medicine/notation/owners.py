"""To which place an attribute belongs: the one before it, one still to come, or one its words imply."""

from __future__ import annotations

from openomt.medicine.anatomy import Region
from openomt.medicine.notation.groups import Anchor, Group
from openomt.medicine.notation.lexicon import PatternEntry, Place, lexicon
from openomt.medicine.notation.looks import near_place_ahead, place_ahead, place_directly, place_linked
from openomt.medicine.notation.places import take_header
from openomt.medicine.notation.scope import Scope
from openomt.medicine.notation.terms import BREATHS
from openomt.medicine.notation.token import Token

_LOOSE = frozenset({"", "pelvis", "SI joint", "skull", "sacral base", "CRI", "rib cage"})
"""Names that stand for a whole region, so that any dysfunction of the region can be said of them."""
_LIST = frozenset({"and", "comma"})
_NEW = frozenset({"and", "comma", "near"})
_SEPARATED = frozenset(
    {"comma", "and", "with", "plus", "colon", "minus", "near", "slash", "unknown", "arrow"}
)


def owner(scope: Scope, at: int, token: Token) -> Group | None:
    """The group an attribute belongs to: the one before it, or the one still to come. None: to no place."""
    if token.kind == "pair":
        return _sacrum(scope, at, token)
    if token.kind == "pattern" and _needs_no_place(scope, at, token):
        return _back_reference(scope, token)
    current, waiting = scope.current, scope.waiting
    if current is None:
        return waiting if place_ahead(scope, at) else _back_reference(scope, token)
    if waiting.said:
        return waiting
    if place_ahead(scope, at):
        return _of_two(scope, current, at, token)
    listed = (current.said or current.is_point) and not scope.gap.isdisjoint(_LIST)
    return waiting if listed and place_linked(scope, at) else current


def _of_two(scope: Scope, current: Group, at: int, token: Token) -> Group | None:
    """Of the place before and the one to come, which a word between them is said of."""
    gap, waiting = scope.gap, scope.waiting
    if current.is_point and "near" in gap and near_place_ahead(scope, at):
        return None
    if not current.said and not current.is_test and _is_noun_of_next(scope, at, token):
        return waiting
    if scope.verb_since and gap.isdisjoint(_LIST):
        return current
    if not gap.isdisjoint(_SEPARATED):
        return waiting if current.said or not gap.isdisjoint(_NEW) else current
    said_first = current.said and bool(current.anchors) and current.start < current.anchors[0].start
    return waiting if said_first else current


def _is_noun_of_next(scope: Scope, at: int, token: Token) -> bool:
    """`T4 … a strain of the right psoas`: a noun with its own place."""
    named = token.kind in ("pattern", "tart") and scope.word_before(at) in ("a", "an", "the", "some")
    return named and place_directly(scope, at)


def _sacrum(scope: Scope, at: int, token: Token) -> Group:
    """Two sides such as `L on R` are of the sacrum, named or not."""
    for following in scope.tokens[at + 1 : at + 4]:
        if (
            following.kind == "place"
            and following.value.region is Region.SACRAL
            and following.value.type != "test"
        ):
            return scope.waiting
    group = scope.current
    whole = group is not None and all(a.name in ("", "sacrum", "SI joint") for a in group.anchors)
    if group is not None and whole and Region.SACRAL in group.regions() and group.pair is None:
        return group
    group = scope.open_group()
    group.add(Anchor(lexicon().places["sacrum"], None, token.start, token.end))
    return group


def _needs_no_place(scope: Scope, at: int, token: Token) -> bool:
    """`medial flare, ASIS medial`: a pattern that names its own bone, cut off from the place that follows."""
    entry: PatternEntry = token.value
    if (not entry.structures and entry.implies is None) or scope.waiting.said:
        return False
    if entry.id in BREATHS and _right_after_place(scope):
        return False
    apart = _is_apart_from_next(scope, at, entry)
    if not apart and (
        near_place_ahead(scope, at) or place_directly(scope, at) or _fits_next(scope, at, entry)
    ):
        return False
    if scope.current is not None and scope.current.anchors:
        return entry.implies is not None and not fits(entry, scope.current)
    if scope.header is not None and not apart:
        return bool(entry.structures) and fits_at(entry, scope.header)
    return entry.implies is not None


def _right_after_place(scope: Scope) -> bool:
    """`L4 exh`: said of the place before it, though no breath can be said of a vertebra."""
    group = scope.current
    if group is None or not group.anchors or Region.RIB in group.regions():
        return False
    return not group.said or scope.gap.isdisjoint(_SEPARATED)


def _is_apart_from_next(scope: Scope, at: int, entry: PatternEntry) -> bool:
    """`R upslip T5 tender`: a pattern of a bone of its own, before a level that it cannot be said of."""
    if not entry.structures or entry.implies is None or entry.id in BREATHS:
        return False
    for ahead in scope.tokens[at + 1 : at + 4]:
        if ahead.kind == "place":
            return ahead.value.type in ("segment", "rib") and ahead.value.region is not entry.implies.region
        if ahead.kind not in ("side", "filler"):
            return False
    return False


def _fits_next(scope: Scope, at: int, entry: PatternEntry) -> bool:
    for ahead in scope.tokens[at + 1 : at + 7]:
        if ahead.kind == "place":
            return fits_at(entry, Anchor(ahead.value, None, 0, 0))
        if ahead.kind in ("comma", "verb", "with"):
            return False
    return False


def fits(entry: PatternEntry, group: Group) -> bool:
    """Whether a pattern can stand at one of the group's places, so that it needs no place of its own."""
    return group.pair is not None or any(fits_at(entry, anchor) for anchor in group.anchors)


def fits_at(entry: PatternEntry, anchor: Anchor) -> bool:
    """Whether a pattern can stand at a place, or somewhere in the region that the place stands for."""
    name, structures = anchor.name, entry.structures
    if name in structures or (anchor.place.type == "rib" and "rib" in structures):
        return True
    if name not in _LOOSE:
        return False
    region = anchor.place.region
    if not structures:
        return entry.implies is not None and entry.implies.region is region
    places = lexicon().places
    return any(s in places and places[s].region is region for s in structures)


def _back_reference(scope: Scope, token: Token) -> Group:
    """The place meant by words that name none: the one a pattern implies,
    the header's, or the one carried over.
    """
    place = _implied(scope, token)
    header = scope.header
    if place is None and header is None:
        return scope.waiting
    group = scope.open_group()
    if place is not None:
        anchor = Anchor(place, group.lead, token.start, token.end)
        take_header(scope, anchor)
        group.add(anchor)
    elif header is not None:
        group.add(Anchor(header.place, group.lead or header.side, token.start, token.end))
    return group


def _implied(scope: Scope, token: Token) -> Place | None:
    if token.kind != "pattern":
        return None
    entry: PatternEntry = token.value
    if entry.id == "torsion" and any(t.kind == "axis" for t in scope.tokens):
        return lexicon().places["sacrum"]
    if scope.header is not None and fits_at(entry, scope.header):
        return None
    return entry.implies
