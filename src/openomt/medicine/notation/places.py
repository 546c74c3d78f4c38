"""A place in the text: whether it joins the places before it,
is what a technique treated, or stands for itself."""

from __future__ import annotations

from openomt.medicine.anatomy import Region
from openomt.medicine.notation.groups import Anchor, Group, Technique
from openomt.medicine.notation.lexicon import Place, TechniqueEntry
from openomt.medicine.notation.looks import said_after
from openomt.medicine.notation.merging import SPINAL, at_occiput, merges, only_locates
from openomt.medicine.notation.scope import Scope
from openomt.medicine.notation.token import Token

_LIST = frozenset({"comma", "and"})
_LISTED = frozenset({"comma", "and", "slash"})
_JOINED = frozenset({"comma", "and", "slash", "of"})
_ONLY_JOINED = _JOINED | {"article"}
_APART = frozenset({"unknown", "with", "near", "minus", "arrow"})


def on_place(scope: Scope, at: int, token: Token) -> None:
    """Binds a place: as the region after `@`, as another name of the place before it,
    or as a place of its own.
    """
    current = scope.current
    if current is not None and at and scope.tokens[at - 1].kind == "counts to":
        current.counts_to = token.value.region
        current.cover(token)
        return
    anchor = _anchor(scope, at, token)
    if current is not None:
        if only_locates(scope, current, at, anchor):
            scope.gap.clear()
            return
        if merges(scope, current, anchor):
            current.cover(token)
            scope.gap.clear()
            return
    if scope.header is not None:
        take_header(scope, anchor)
    if current is not None:
        _take_neighbor(current, scope.gap, anchor)
    if scope.last_technique is not None and not scope.waiting.said:
        _follow_technique(scope, scope.last_technique, at, anchor)
    if (
        scope.current is not None
        and not scope.waiting.said
        and _coordinates(scope, scope.current, at, token.value)
    ):
        _join(scope, scope.current, anchor, token.value)
    else:
        _open(scope, anchor)
    _enter(scope, anchor, token)


def _anchor(scope: Scope, at: int, token: Token) -> Anchor:
    """The place with the side that stood before it."""
    waiting = scope.waiting
    side = waiting.lead
    start = scope.lead_token.start if side is not None and scope.lead_token is not None else token.start
    waiting.lead = None
    anchor = Anchor(token.value, side, start, token.end, token.fixed, token.text)
    if side is None and at:
        _same_side(scope, at, anchor)
    anchor.leads = anchor.side is not None
    return anchor


def _same_side(scope: Scope, at: int, anchor: Anchor) -> None:
    """`dorsiflexion of that ankle`, `on the left, where the ILA …`: the side said just before holds."""
    for token in scope.tokens[max(0, at - 2) : at]:
        if token.kind == "where" or token.low in ("that", "same", "its"):
            held = scope.current or scope.carried
            if held is not None and held.anchors:
                anchor.side = held.own_side
            return


def take_header(scope: Scope, anchor: Anchor) -> None:
    """What a place has from its header: the side, and the level or region that a word such as `PVM` lacks."""
    header = scope.header
    if header is None:
        return
    place = anchor.place
    if anchor.side is None and place.region in (header.place.region, None):
        anchor.side = header.side
    if place.region is None and place.type not in ("point", "test") and scope.current is None:
        if header.place.type == "segment":
            anchor.place = header.place
        else:
            anchor.place = Place(place.level, header.place.region, place.type)


def _take_neighbor(held: Group, gap: set[str], anchor: Anchor) -> None:
    """`T7 ERSL, PVM ropy L`: a word without a region is of the region just spoken of.

    A place named again keeps its side.
    """
    if not held.anchors:
        return
    before = held.anchors[-1]
    place = anchor.place
    if place.region is None and place.type not in ("point", "test") and "comma" in gap:
        if held.said and before.place.region in SPINAL:
            anchor.place = Place(place.level, before.place.region, place.type)
    elif anchor.side is None and place.level is not None and place.level == before.place.level:
        anchor.side = before.side or held.side


def _follow_technique(scope: Scope, technique: Technique, at: int, anchor: Anchor) -> None:
    """Gives the place to the technique before it;
    after one that it is not given to, the place starts afresh.
    """
    following = scope.kind_after(at)
    if _is_target(scope, following):
        _target(scope, anchor)
    if scope.current is not None and following == "technique":
        scope.open_group()
    group = scope.current
    # `thoracic inlet MFR, SI artic`
    if (
        not anchor.target
        and group is not None
        and group.anchors
        and technique.token.start >= group.anchors[-1].end
    ):
        scope.open_group()


def _is_target(scope: Scope, following: str) -> bool:
    """Whether a place is what the technique before it was given to."""
    technique = scope.last_technique
    if not scope.run_open or technique is None or "unknown" in scope.gap:
        return False
    if scope.gap.isdisjoint(_LIST):
        return True
    return following != "technique" and ("comma" not in scope.gap or bool(technique.targets))


def _target(scope: Scope, anchor: Anchor) -> None:
    for technique in scope.clause.techniques:
        if technique.run == scope.run and _given_there(scope, technique, anchor):
            technique.targets.append(anchor)
            if technique.entry.id == "other" and at_occiput(anchor.place):
                technique.entry = TechniqueEntry("cranial", Region.HEAD)
    anchor.target = True
    if scope.current is not None and scope.current.said:
        scope.open_group()


def _given_there(scope: Scope, technique: Technique, anchor: Anchor) -> bool:
    """`rib raising, ST T1-4`: a technique whose name says where is not given to the place of the next one."""
    own = technique.entry.region
    if own is None or own is anchor.place.region or technique is scope.last_technique:
        return True
    following = next((token for token in scope.tokens if token.start >= technique.token.end), None)
    return following is not None and following.kind == "slash"


def _coordinates(scope: Scope, group: Group, at: int, place: Place) -> bool:
    """Whether a place joins the group before it instead of opening a new one."""
    gap = scope.gap
    if group.answered:
        return False
    if (
        not group.anchors
        or (place.type == "test") != group.is_test
        or (place.type == "point" and "comma" in gap)
    ):
        return False
    if not group.said:
        return not gap.isdisjoint(_LISTED) and gap.isdisjoint(_APART) and not scope.verb_since
    # `hypertonic QL and psoas`: what was said came first, and nothing is said of the second place alone
    joined = not group.said_after and not gap.isdisjoint(_JOINED) and gap <= _ONLY_JOINED
    return joined and not said_after(scope, at)


def _join(scope: Scope, group: Group, anchor: Anchor, named: Place) -> None:
    """Joins the places before it: it may share the side of the last one,
    or its name (`paraspinals of T and L`).
    """
    before = group.anchors[-1]
    coded = named.type in ("segment", "region")
    alike = before.place.region is named.region
    if anchor.side is None and before.leads and alike and not coded and "article" not in scope.gap:
        anchor.side, anchor.lent, anchor.leads = before.side, True, True
    if group.spread is not None and named.level is None:
        anchor.place = Place(group.spread.level, named.region, group.spread.type)
    anchor.listed = "comma" in scope.gap


def _open(scope: Scope, anchor: Anchor) -> None:
    """Opens a group with what was said before the place."""
    if scope.negation_used and not scope.waiting.said:
        scope.negated = False
    group = scope.open_group()
    if anchor.side is None:
        sided = anchor.place.type not in ("segment", "region", "test")
        anchor.side = group.lead or (scope.sentence_side if sided else None)


def _enter(scope: Scope, anchor: Anchor, token: Token) -> None:
    """Takes the place into the current group."""
    group = scope.current or scope.open_group()
    place: Place = token.value
    group.add(anchor)
    group.cover(token)
    if token.text[:1].isdigit() and place.type not in ("segment", "rib"):
        group.detail = token.text
    if place.type == "rib" and token.text[-1:].isdigit() and not _in_rib_line(scope):
        group.bare_rib = True
    if scope.negated and not scope.negation_used and place.type == "point":
        group.result, group.said, scope.negation_used = "negative", True, True
    scope.gap.clear()
    scope.verb_since = False


def _in_rib_line(scope: Scope) -> bool:
    """Whether ribs are named in the clause or head it, so that a number alone is one of theirs."""
    if scope.header is not None and scope.header.place.region is Region.RIB:
        return True
    named = [t for t in scope.tokens if t.kind == "place" and t.value.region is Region.RIB]
    return any(not token.text.replace("-", "").isdigit() for token in named)
