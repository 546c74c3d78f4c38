"""The small words of a clause: separators, verbs, negations,
and words that only mean something in their place."""

from __future__ import annotations

from openomt.medicine.notation.lexicon import lexicon
from openomt.medicine.notation.looks import near_place_ahead, place_ahead
from openomt.medicine.notation.scope import Scope
from openomt.medicine.notation.terms import POSTERIOR, TENDERPOINT, terms
from openomt.medicine.notation.token import Token

_LIST = frozenset({"comma", "and"})
_STILL_DENIED = frozenset({"tart", "and", "pattern", "negation"})
"""What a negation still holds for after a comma (`no edema, bogginess or rope`)."""
_ENDS_NEGATION = frozenset({"with", "minus", "arrow", "colon"})
_FACETS = frozenset({"posterior", "superior", "inferior", "anterior"})


def on_negation(scope: Scope, at: int, token: Token) -> None:
    """`no`, `without`: denies what follows, unless it denies a movement."""
    if _will_not_move(scope, at, token):
        return
    if token.low == "nor":
        scope.gap.add("and")
    scope.negated = True
    scope.negation_used = False


def _will_not_move(scope: Scope, at: int, token: Token) -> bool:
    """`does not come down`, `could not fully dorsiflex`: a movement that does not happen is restricted."""
    for following in scope.tokens[at + 1 : at + 4]:
        if _is_movement(following):
            beyond = not scope.gap.isdisjoint(_LIST) and any(
                t.kind == "place" for t in scope.tokens[at + 2 : at + 6]
            )
            scope.restrict(scope.waiting if beyond else scope.current or scope.waiting, token)
            scope.blocked = True
            if following.kind == "pattern" and following.value.id in terms().movements:
                following.kind = "filler"
            return True
        if following.kind not in ("filler", "unknown", "severity", "verb"):
            return False
    return False


def _is_movement(token: Token) -> bool:
    if token.low in lexicon().lists["going verb"]:
        return True
    if token.kind == "pattern":
        return token.value.id in terms().movements
    if token.kind not in ("movement", "motion"):
        return False
    return token.low.split(maxsplit=1)[0] in lexicon().lists["turning"]


def on_separator(scope: Scope, at: int, token: Token) -> None:
    """Commas and joining words: kept in the gap; some end what was said of all that came before."""
    kind = token.kind
    scope.gap.add(kind)
    if kind == "comma":
        scope.verb_since = scope.compared = scope.conditional = False
        if scope.negation_used and scope.kind_after(at) not in _STILL_DENIED:
            scope.negated = False
    elif kind == "and":
        scope.compared = False
    elif kind in _ENDS_NEGATION:
        scope.negated = False


def on_where(scope: Scope, _at: int, _token: Token) -> None:
    """`…, where the ILA …`: begins a statement like a comma."""
    scope.gap.add("comma")


def on_verb(scope: Scope, _at: int, _token: Token) -> None:
    """What comes after a verb is said of what stands before it."""
    scope.verb_since = True


def on_neurology(scope: Scope, _at: int, _token: Token) -> None:
    """Reflexes, strength and sensation are no findings of touch."""
    scope.neuro = True
    scope.gap.add("unknown")


def on_than(scope: Scope, _at: int, _token: Token) -> None:
    """`tighter than the left`: the side after it only compares."""
    scope.compared = True


def on_condition(scope: Scope, _at: int, _token: Token) -> None:
    """`when flexed`: what follows tells when, not what is."""
    scope.conditional = True


def on_filler(scope: Scope, _at: int, token: Token) -> None:
    """Words without a meaning of their own; an article shows that a place of its own follows."""
    if token.low in ("the", "a", "an"):
        scope.gap.add("article")


def on_rises(scope: Scope, _at: int, token: Token) -> None:
    """`the right PSIS rises first`: a positive flexion test, seated when the words say so."""
    group = scope.current
    if group is None or not group.anchors or group.anchors[-1].name != "PSIS":
        return
    words = {t.low.split(maxsplit=1)[0] for t in scope.tokens}
    seated = not words.isdisjoint(("seated", "sitting"))
    group.anchors[-1].place = lexicon().places[f"{'seated' if seated else 'standing'} flexion test"]
    group.is_test = True
    group.result, group.said = "positive", True
    group.cover(token)


def on_detail(scope: Scope, _at: int, token: Token) -> None:
    """A word that belongs to the finding and has no field of its own (`PH`)."""
    group = scope.current or scope.waiting
    scope.keep(group, token, token.text)
    group.cover(token)


def on_unknown(scope: Scope, at: int, token: Token) -> None:
    """A word nobody knows is kept; `TP` and `PTP` are told by what stands around them."""
    if token.value in ("tp", "tps"):
        _tp(scope, at, token)
    elif token.value in ("ptp", "ptps"):
        _posterior_process(scope, at, token)
    else:
        scope.clause.unknown.append(token)
        scope.gap.add("unknown")


def _posterior_process(scope: Scope, at: int, token: Token) -> None:
    """PTP: a posterior transverse process."""
    group = scope.waiting if place_ahead(scope, at) else scope.current
    if group is None:
        return
    group.process = group.said = True
    group.patterns.append((POSTERIOR, False))
    group.cover(token)


def _tp(scope: Scope, at: int, token: Token) -> None:
    """TP: a transverse process beside a vertebra that lies posterior, else a tender point."""
    ahead = near_place_ahead(scope, at)
    group = scope.waiting if ahead else scope.current
    if group is not None and not ahead and group.has_segment and _lies_near(scope, at):
        group.process = True
        group.cover(token)
        return
    if token.low == "tps":
        _join_points(scope)
    group = group or scope.waiting
    group.patterns.append((TENDERPOINT, False))
    group.is_point = True
    group.said = True
    group.cover(token)
    scope.gap.clear()


def _lies_near(scope: Scope, at: int) -> bool:
    near = scope.tokens[max(0, at - 3) : at + 4]
    return any(t.kind == "pattern" and t.value.id in _FACETS for t in near)


def _join_points(scope: Scope) -> None:
    """`PL3, LPL5 TPs R`: the plural speaks of every point of the list."""
    groups = scope.clause.groups
    while len(groups) > 1 and groups[-2].is_point and not groups[-2].said and groups[-1].is_point:
        groups[-1].anchors[:0] = groups[-2].anchors
        del groups[-2]
