"""What each attribute does to the group it belongs to: evidence, patterns, motions, results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from openomt.medicine.anatomy import Region
from openomt.medicine.findings import Frame, SpinalMotion, Tart
from openomt.medicine.notation.complaints import is_complaint
from openomt.medicine.notation.groups import Group
from openomt.medicine.notation.lexicon import PatternEntry, lexicon
from openomt.medicine.notation.motion import Motion
from openomt.medicine.notation.owners import owner
from openomt.medicine.notation.scope import Scope
from openomt.medicine.notation.terms import BREATHS, ROTATIONS, opposite, terms
from openomt.medicine.notation.token import Token
from openomt.medicine.notation.treating import withdraws

_RESTRICTION = Tart.RESTRICTION
_OPPOSED = {
    frozenset(pair)
    for pair in (
        ("deep", "shallow"),
        ("superior", "inferior"),
        ("anterior", "posterior"),
        ("medial", "lateral"),
        ("internal rotation", "external rotation"),
    )
}
_LISTED = frozenset({"comma", "and", "slash"})
_JOINED = frozenset({"comma", "and", "slash", "with"})
_MOVED = frozenset({"comma", "and", "with"})
_BESIDE = frozenset({"with", "near"})


def on_attribute(scope: Scope, at: int, token: Token) -> None:
    """Says something of the group that the word belongs to."""
    kind = token.kind
    if scope.neuro and kind in ("normal", "free", "even"):
        return
    if kind == "unexamined" and withdraws(scope, token):
        return
    if kind == "tart":
        if is_complaint(scope, at, token):
            return
    elif kind == "pattern" and _is_no_dysfunction(scope, at, token):
        return
    group = owner(scope, at, token)
    if group is None:
        return
    ATTRIBUTES[kind](scope, group, token, at)
    if scope.negated:
        scope.negation_used = True
    group.note(token)
    group.tokens.append(token)
    if kind != "severity":
        scope.gap.clear()


def _is_no_dysfunction(scope: Scope, at: int, token: Token) -> bool:
    """Whether the word tells of a complaint, of two sides that name the dysfunction themselves, or when."""
    if is_complaint(scope, at, token) or _is_torsion_of_pair(scope, token):
        return True
    return token.value.id in BREATHS and _tells_when(scope, at)


def _tells_when(scope: Scope, at: int) -> bool:
    """`no change with inhalation`: a breath that is not said of ribs tells when, not what is."""
    beside = at > 0 and scope.tokens[at - 1].kind in ("with", "near")
    ribs = scope.current is not None and Region.RIB in scope.current.regions()
    return beside and not ribs and (scope.header is None or scope.header.place.region is not Region.RIB)


def _is_torsion_of_pair(scope: Scope, token: Token) -> bool:
    """`torsion, L/L`: the two sides already say that it is a torsion."""
    return token.value.id == "torsion" and any(t.kind == "pair" for t in scope.tokens)


def _tart(scope: Scope, group: Group, token: Token, _at: int) -> None:
    """Evidence, found or denied. A restriction right beside a motion makes it one that is restricted."""
    into = group.absent if scope.negated else group.tart
    if token.value not in into:
        into.append(token.value)
    motion = group.motion
    if token.value is not _RESTRICTION or scope.negated or motion is None or not motion.named:
        return
    if not group.restricted_motion:
        group.restricted_motion = True
        group.motion = motion.restricted()


def _pattern(scope: Scope, group: Group, token: Token, at: int) -> None:
    """A named dysfunction or a position, at a place where it can be meant."""
    entry: PatternEntry = token.value
    if _says_no_pattern(scope, group, token):
        return
    if scope.negated:
        if entry.id in terms().lies and group.at_landmark:
            group.absent.append(Tart.ASYMMETRY)
        else:
            group.missing.append(entry)
        return
    turned = scope.blocked and entry.id in BREATHS
    if turned:
        scope.blocked = False
    if entry.sided and scope.pattern_side is not None:
        _move_side(scope, group)
    if _says_how_it_moves(scope, at):
        return
    if entry.id in BREATHS and (turned or _restricted_beside(scope, at)):
        entry = opposite(entry)
        group.breath = True
    if entry.id in ROTATIONS and _restricted_beside(scope, at):
        group.hindered = True
    if _second_mention(scope, group, entry) or _tender_there(scope, group, entry, at):
        return
    if _second_name(scope, group, entry):
        side = None if any(p.sided for p, _ in group.patterns) else group.own_side
        group = scope.again(group)
        group.side = side
    group.patterns.append((entry, not token.low.endswith("ed")))
    if entry.id == "tenderpoint":
        group.is_point = True


def _says_no_pattern(scope: Scope, group: Group, token: Token) -> bool:
    """`point just lateral to …`, `when posterior`, `goes up`: the word is no dysfunction here."""
    if scope.conditional or (group.is_point and token.value.id in terms().lies):
        return True
    return token.low in lexicon().lists["way"] and not group.at_landmark


def _move_side(scope: Scope, group: Group) -> None:
    """`L torsion`: the side before the pattern is the group's only one."""
    group.side, scope.pattern_side = scope.pattern_side, None
    for anchor in group.anchors:
        anchor.side = None


def _says_how_it_moves(scope: Scope, at: int) -> bool:
    """`superior glide`: the word only tells which movement."""
    following = scope.following(at)
    return following is not None and following.kind == "movement" and following.value.value == "movement"


def _tender_there(scope: Scope, group: Group, entry: PatternEntry, at: int) -> bool:
    """`tender medially`: the word tells where it is tender, unless the place can lie so."""
    if not at or entry.id not in terms().lies:
        return False
    before = scope.tokens[at - 1]
    return before.kind == "tart" and before.value is Tart.TENDERNESS and not group.at_landmark


def _second_name(scope: Scope, group: Group, entry: PatternEntry) -> bool:
    """`L inflare + L upslip`: a second dysfunction of the same place is a finding of its own."""
    if not group.patterns or not group.anchors or group is not scope.current or entry.id in terms().lies:
        return False
    if not entry.structures or scope.gap.isdisjoint(_JOINED):
        return False
    turned = any(a.name == "innominate" for a in group.anchors)
    return any(
        p.id != entry.id and (turned if p.id in terms().lies else p.structures) for p, _ in group.patterns
    )


def _second_mention(scope: Scope, group: Group, entry: PatternEntry) -> bool:
    """`sulcus deep L, shallow R`: the same place again with the opposite position."""
    if not group.patterns or not group.anchors or group is not scope.current or scope.gap.isdisjoint(_LISTED):
        return False
    if not any(frozenset((entry.id, other.id)) in _OPPOSED for other, _ in group.patterns):
        return False
    scope.again(group).patterns.append((entry, False))
    return True


def _restricted_beside(scope: Scope, at: int) -> bool:
    """Whether "restricted" stands right beside a breath or a rotation; "stuck in inhalation" does not count."""
    before = scope.tokens[max(0, at - 2) : at]
    if any(_says_restricted(t) for t in before):
        return True
    for token in scope.tokens[at + 1 : at + 3]:
        if token.kind not in ("filler", "side", "verb"):
            return _says_restricted(token)
    return False


def _says_restricted(token: Token) -> bool:
    return token.kind == "tart" and token.value is _RESTRICTION and token.low not in lexicon().lists["held"]


def _motion(scope: Scope, group: Group, token: Token, at: int) -> None:
    """A motion: of a tender point its treatment position; another one is kept as the detail."""
    motion: Motion = token.value
    if scope.conditional:
        return
    if group.is_point:
        group.position = group.position or token.text
        return
    if _is_of_treatment(scope, group, motion):
        return
    concluded = group.process and "arrow" in scope.gap  # `TP post R -> FRS R`
    if concluded or _moves_otherwise(scope, group, motion):
        group = scope.again(group)
    held = group.motion
    if held is not None and _adds_plane(held.motion, motion.motion):
        motion = held._replace(motion=replace(held.motion, plane=motion.motion.plane))
    elif held is not None and held.motion != motion.motion:
        scope.keep(group, token, f"also written: {token.text}")
        return
    if scope.blocked or (motion.named and _RESTRICTION in group.tart) or _restriction_before(scope, at):
        group.restricted_motion = True
        motion = motion.restricted()
    group.motion = motion


def _is_of_treatment(scope: Scope, group: Group, motion: Motion) -> bool:
    """`HVLA with rotation`, `tender with extension`: the movement tells how, it is no position."""
    if scope.run and not motion.coded and ("with" in scope.gap or not group.has_segment):
        return True
    beside = motion.named and group.said and not scope.gap.isdisjoint(_BESIDE)
    return beside and motion.motion.rotation is None


def _adds_plane(held: SpinalMotion, more: SpinalMotion) -> bool:
    """`rotated left, sidebent right, and frees up in flexion`: the plane completes the motion."""
    turned = more.rotation or more.sidebend
    return held.plane is None and more.plane is not None and not turned and held.frame is Frame.EASE


def _moves_otherwise(scope: Scope, group: Group, motion: Motion) -> bool:
    """`the right low back is tight and bending to the left is limited`:
    a movement is a statement of its own.
    """
    if not motion.named or not group.tart or group is not scope.current or group.has_segment:
        return False
    own = group.own_side
    said = own not in (None, motion.motion.rotation, motion.motion.sidebend)
    return said and not scope.gap.isdisjoint(_MOVED)


def _restriction_before(scope: Scope, at: int) -> bool:
    for token in reversed(scope.tokens[max(0, at - 3) : at]):
        if token.kind == "tart":
            return token.value is _RESTRICTION
        if token.kind not in ("of", "filler", "verb", "colon"):
            return False
    return False


def _even(scope: Scope, group: Group, token: Token, _at: int) -> None:
    """`level`, `moves freely`: the evidence is absent; denied, it is there."""
    into = group.tart if scope.negated else group.absent
    if token.value not in into:
        into.append(token.value)


def _normal(scope: Scope, group: Group, _token: Token, _at: int) -> None:
    """`normal`, `unremarkable`; `tissue texture normal` only denies the texture change."""
    last = group.tokens[-1] if group.tokens else None
    if last is not None and last.kind == "tart" and last.low == "tissue texture" and last.value in group.tart:
        group.tart.remove(last.value)
        group.absent.append(last.value)
    elif not scope.negated:
        group.normal = True


def _unexamined(_scope: Scope, group: Group, _token: Token, _at: int) -> None:
    group.unexamined = True


def _positive(scope: Scope, group: Group, _token: Token, _at: int) -> None:
    group.result = "negative" if scope.negated else "positive"


def _negative(_scope: Scope, group: Group, _token: Token, _at: int) -> None:
    group.result = "negative"


def _dysfunction(scope: Scope, group: Group, _token: Token, _at: int) -> None:
    """`SD`; denied, the place is normal."""
    if scope.negated:
        group.normal = True
    else:
        group.dysfunction = True


def _take_pair(_scope: Scope, group: Group, token: Token, _at: int) -> None:
    group.pair = token.value[:2]


def _movement(scope: Scope, group: Group, _token: Token, at: int) -> None:
    """A movement word by itself says nothing; the side after it is the direction of the movement."""
    for following in scope.tokens[at + 1 : at + 5]:
        if following.kind == "side" and group.direction is None:
            group.direction = following.value
            following.kind = "filler"
            return
        if following.kind not in ("of", "filler", "tart"):
            return


def _severity(scope: Scope, group: Group, token: Token, _at: int) -> None:
    """A severity, in words or as a number; a second number that contradicts the first is not read."""
    graded = token.text.isdigit()
    if graded and group.graded and group.severity != token.value:
        scope.clause.unknown.append(token)
        return
    group.severity = max(group.severity or 0, token.value)
    group.graded = group.graded or graded


def _position(_scope: Scope, group: Group, token: Token, _at: int) -> None:
    group.position = token.text


def _axis(_scope: Scope, group: Group, token: Token, _at: int) -> None:
    group.axis = token.value


_Apply = Callable[[Scope, Group, Token, int], None]
ATTRIBUTES: dict[str, _Apply] = {
    "tart": _tart,
    "pattern": _pattern,
    "motion": _motion,
    "even": _even,
    "free": _even,
    "normal": _normal,
    "unexamined": _unexamined,
    "positive": _positive,
    "negative": _negative,
    "dysfunction": _dysfunction,
    "pair": _take_pair,
    "movement": _movement,
    "severity": _severity,
    "position": _position,
    "axis": _axis,
}
"""What each kind of attribute does to its group."""
