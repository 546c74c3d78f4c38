"""What stands near a word: bounded looks ahead over the tokens of one clause."""

from __future__ import annotations

from openomt.medicine.notation.scope import Scope

_ATTRIBUTES = frozenset({
    "axis", "dysfunction", "even", "free", "motion", "movement", "negation", "negative", "normal", "pair",
    "pattern",
    "position", "positive", "severity", "tart", "unexamined",
})  # fmt: skip
"""What says something of a place, or denies it."""
_BETWEEN = frozenset({"side", "filler", "verb", "same side", "other side", "near", "of", "and"})
"""What may stand between a place and what is said of it."""
_BEFORE_PLACE = frozenset({
    "dysfunction", "even", "filler", "free", "movement", "negative", "normal", "ordinal", "pattern",
    "positive",
    "severity", "tart", "unknown",
})  # fmt: skip
"""What may stand before a place; with a separator between, a side, a negation or a motion too."""
_FURTHER_BEFORE = _BEFORE_PLACE | {"side", "negation", "motion"}
_LOOK = 9
_LIST = frozenset({"comma", "and"})


def place_ahead(scope: Scope, at: int) -> bool:
    """Whether a place follows with nothing between but words that can stand before it."""
    first = scope.current is None
    linked = False
    for ahead, token in enumerate(scope.tokens[at + 1 : at + 1 + _LOOK], at + 1):
        kind = token.kind
        if kind == "place":
            return True
        if kind in _FURTHER_BEFORE:
            if kind == "unknown" and not first:
                return False
        elif kind == "of" and not linked:
            linked = True
        elif kind == "verb":
            if not scope.gap.isdisjoint(_LIST) and _place_after_verb(scope, ahead):
                return True
            if not first:
                return False
        elif kind != "and" and not (first and kind in ("comma", "near")):
            return False
    return False


def _place_after_verb(scope: Scope, at: int) -> bool:
    """`…, and flexion was reduced in both hips`: a new subject whose place comes after its verb."""
    linked = False
    for token in scope.tokens[at + 1 : at + 7]:
        if token.kind == "place":
            return linked
        if token.kind in ("of", "near"):
            linked = True
        elif token.kind not in ("tart", "severity", "filler", "side", "verb"):
            return False
    return False


def place_linked(scope: Scope, at: int) -> bool:
    """`…, and texture is changed from T10 to L1`: a place of its own follows "from", "at" or "of"."""
    near = scope.tokens[at + 1 : at + 5]
    if not near or near[0].kind not in ("near", "of"):
        return False
    for token in near[1:]:
        if token.kind == "place":
            return token.value.region is not None
        if token.kind not in ("filler", "side"):
            return False
    return False


def near_place_ahead(scope: Scope, at: int) -> bool:
    """As `place_ahead`, but with no separator at all between."""
    for token in scope.tokens[at + 1 : at + 1 + _LOOK]:
        kind = token.kind
        if kind == "place":
            return True
        if kind not in _BEFORE_PLACE:
            return False
    return False


def place_directly(scope: Scope, at: int) -> bool:
    """Whether "of" and a place follow: `a myofascial strain of the right semitendinosus`."""
    linked = False
    for token in scope.tokens[at + 1 : at + 6]:
        if token.kind == "place":
            return linked
        if token.kind == "of":
            linked = True
        elif token.kind != "filler" and not (token.kind == "side" and linked):
            return False
    return False


def said_after(scope: Scope, at: int) -> bool:
    """Whether something is said of the place at `at` alone."""
    for token in scope.tokens[at + 1 : at + 9]:
        if token.kind in _ATTRIBUTES:
            return True
        if token.kind not in _BETWEEN:
            return False
    return False


def leads_sentence(scope: Scope, at: int) -> bool:
    """`On the right, the second rib …`: a side that opens the sentence."""
    return any(token.kind == "place" for token in scope.tokens[at + 1 : at + 6])
