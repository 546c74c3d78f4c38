"""A side in the text: of the place to come, of the places before it, or of both."""

from __future__ import annotations

from openomt.medicine.anatomy import Region, Side
from openomt.medicine.findings import Tart
from openomt.medicine.notation.groups import Group
from openomt.medicine.notation.looks import leads_sentence, near_place_ahead
from openomt.medicine.notation.owners import fits
from openomt.medicine.notation.scope import Scope
from openomt.medicine.notation.terms import terms
from openomt.medicine.notation.token import Token

_RESTRICTION = Tart.RESTRICTION
_BILATERAL = Side.BILATERAL
_LIMBS = frozenset({Region.LOWER_EXTREMITY, Region.UPPER_EXTREMITY})
_LISTED = frozenset({"comma", "and", "slash"})
_LINKS = frozenset({"near", "of", "article"})


def on_side(scope: Scope, at: int, token: Token) -> None:
    """Binds a side: to a pattern that is named by it,
    to the place that follows, else to what stands before.
    """
    if token.low == "both" and scope.kind_after(at) == "technique":
        return
    if scope.compared or _compares(scope, at, token) or (token.low == "both" and _both_apply(scope, at)):
        return
    side: Side = token.value
    following = scope.following(at)
    if following is not None and _before_word(scope, following, token):
        return
    if _leads(scope, at):
        if scope.word_before(at) == "the" and scope.current is None and scope.tokens[0].low == "on":
            scope.sentence_side = side
        scope.lead(side, token)
    elif scope.share_next or scope.word_before(at) == "all":
        scope.share_next = False
        _share_all(scope, side)
    elif scope.waiting.said:
        _give_side(scope, scope.waiting, token, side, at)
    elif scope.current is not None:
        _give_side(scope, scope.current, token, side, at)
    else:
        scope.lead(side, token)
        scope.waiting.side = side


def _before_word(scope: Scope, following: Token, token: Token) -> bool:
    """Whether the word right after the side decides what the side belongs to."""
    if following.kind == "pattern":
        return _before_pattern(scope, following, token)
    again = following.low in ("one", "ones") and scope.current is not None and scope.current.said
    if again and scope.current is not None:
        scope.again(scope.current).side = token.value
    return again


def _before_pattern(scope: Scope, following: Token, token: Token) -> bool:
    """`L torsion`, `R ant innom / L upslip`: the side of a pattern,
    or of the same structure on the other side.
    """
    side: Side = token.value
    if following.value.sided:
        scope.pattern_side = side
        return True
    current = scope.current
    if current is None:
        return False
    if _is_other_side(scope, current, side):
        again = scope.again(current)
        again.side = side
        again.cover(token)
        return True
    if following.value.implies is not None and not fits(following.value, current):
        scope.lead(side, token)
        return True
    return False


def _is_other_side(scope: Scope, group: Group, side: Side) -> bool:
    if side is _BILATERAL or not group.said or scope.gap.isdisjoint(_LISTED):
        return False
    return group.own_side is side.opposite


def _leads(scope: Scope, at: int) -> bool:
    """Whether a side is of the place that follows. `L ASIS inf R, …`:
    right before a separator it belongs back.
    """
    if scope.current is None:
        return near_place_ahead(scope, at) or leads_sentence(scope, at)
    return scope.kind_after(at) not in ("comma", "break", "close") and near_place_ahead(scope, at)


def _both_apply(scope: Scope, at: int) -> bool:
    """`both on the left`, `ASIS and PSIS both high`: "both" counts the places, it is not a side."""
    if any(t.kind == "side" for t in scope.tokens[at + 1 : at + 4]):
        scope.share_next = True
        return True
    group = scope.current
    return group is not None and len(group.anchors) == 2 and not near_place_ahead(scope, at)


def _compares(scope: Scope, at: int, token: Token) -> bool:
    """`L>R`: both sides, one worse. The words are kept as the finding's detail."""
    if scope.kind_after(at) != "compare" or scope.kind_after(at + 1) != "side":
        return False
    sign, other = scope.tokens[at + 1 : at + 3]
    group = scope.current or scope.waiting
    group.side = _BILATERAL
    group.detail = f"{token.text}{sign.text}{other.text}"
    group.cover(other)
    other.kind = "filler"
    return True


def _give_side(scope: Scope, group: Group, token: Token, side: Side, at: int) -> None:
    """Gives a side to the places of a group that have none, or takes it as where their movement goes."""
    group.cover(token)
    scope.gap -= _LINKS
    bare = [a for a in group.anchors if a.side is None or a.lent]
    if len(bare) < len(group.anchors) and not group.said_after:
        bare = bare[-1:]
    if (not bare or group.direction is None) and _directs(scope, at) and _is_moved(group):
        group.direction = side
        return
    if side is _BILATERAL and scope.verb_since and not group.said_after and len(group.anchors) == 2:
        return
    if group.side is not None:
        _second_side(scope, group, side, token)
    elif bare:
        if len(bare) == len(group.anchors) and group.said_after:
            group.side = side
        for anchor in bare:
            anchor.side, anchor.lent = side, False
        _share_back(scope, group, side)
    elif group.anchors:
        _second_side(scope, group, side, token)
    else:
        group.side = group.lead = side


def _directs(scope: Scope, at: int) -> bool:
    """Whether a side tells where a movement goes (`turning to the left`), not where the structure is."""
    return at > 0 and scope.tokens[at - 1].kind == "movement"


def _is_moved(group: Group) -> bool:
    return _RESTRICTION in group.tart or any(p.id in terms().movements for p, _ in group.patterns)


def _share_all(scope: Scope, side: Side) -> None:
    """`…, all R`: the side holds for every place of the clause that has none."""
    for group in scope.clause.groups:
        if group.side is None and group.motion is None:
            for anchor in group.anchors:
                anchor.side = anchor.side or side


def _share_back(scope: Scope, group: Group, side: Side) -> None:
    """`tibias ER + ant fibular heads B/L`: both sides said once at the end of a list hold for the list."""
    groups = scope.clause.groups
    if side is not _BILATERAL or len(groups) < 2:
        return
    regions = group.regions()
    before = groups[-2]
    if not _LIMBS.issuperset(regions) or before.side is not None or before.regions() != regions:
        return
    if all(a.side is None for a in before.anchors):
        before.side = side


def _second_side(scope: Scope, group: Group, side: Side, token: Token) -> None:
    """`T4 tender R and L`: the other side too. A second side that nothing joins is kept as the detail."""
    if group.side is side or all(a.side is side for a in group.anchors):
        return
    own = group.own_side
    if "and" in scope.gap and own is not None and own is not side and own is not _BILATERAL:
        group.side = _BILATERAL
        for anchor in group.anchors:
            anchor.side = None
        return
    scope.keep(group, token, f"side also written: {token.text}")


def on_same_side(scope: Scope, at: int, token: Token) -> None:
    """`ipsilateral`, `on the other side`: the side said last, or its opposite."""
    held = _side_before(scope)
    if held is None or scope.current is None:
        return
    side = held.opposite if token.kind == "other side" else held
    if near_place_ahead(scope, at):
        scope.lead(side, token)
        return
    _give_side(scope, scope.current, token, side, at)


def _side_before(scope: Scope) -> Side | None:
    """The left or right said last."""
    for group in (scope.current, *reversed(scope.clause.groups), scope.carried):
        if group is not None:
            for side in (group.side, *(a.side for a in group.anchors)):
                if side in (Side.LEFT, Side.RIGHT):
                    return side
    return None
