"""Which words belong to which place: one pass over a clause, with a short look ahead.

A word before a place describes that place when nothing separates them (`boggy T4`); after a place it
describes the
place before it (`T4 boggy`, `T4 was boggy`). Places joined by "and" or a comma with nothing said between
share
what is said of them.
"""

from __future__ import annotations

from collections.abc import Callable

from openomt.medicine.notation.attributes import ATTRIBUTES, on_attribute
from openomt.medicine.notation.complaints import on_complaint, on_history, on_lessened
from openomt.medicine.notation.groups import Anchor, Clause, Group
from openomt.medicine.notation.places import on_place
from openomt.medicine.notation.scope import Scope
from openomt.medicine.notation.sides import on_same_side, on_side
from openomt.medicine.notation.token import Token
from openomt.medicine.notation.treating import (
    on_avoided,
    on_fraction,
    on_instead,
    on_response,
    on_score,
    on_technique,
    on_treating,
    settle_counterstrain,
    settle_scores,
)
from openomt.medicine.notation.words import (
    on_condition,
    on_detail,
    on_filler,
    on_negation,
    on_neurology,
    on_rises,
    on_separator,
    on_than,
    on_unknown,
    on_verb,
    on_where,
)


def bind(tokens: list[Token], header: Anchor | None, carried: Group | None) -> Clause:
    """One clause's groups, techniques and answers. `carried` is what its words may refer back to."""
    scope = Scope(tokens, header, carried)
    handlers = _HANDLERS
    for at, token in enumerate(tokens):
        handlers.get(token.kind, on_unknown)(scope, at, token)
    clause = scope.clause
    _share_results(clause)
    settle_scores(scope)
    if clause.treating:
        settle_counterstrain(clause)
    if scope.waiting.said and not scope.waiting.anchors:
        _settle_waiting(scope)
    elif scope.waiting.lead is not None and scope.lead_token is not None:
        clause.unknown.append(scope.lead_token)
    return clause


def _share_results(clause: Clause) -> None:
    """`standing flexion positive right, seated flexion left`:
    the result said first holds for the next test.
    """
    held = ""
    for group in clause.groups:
        if group.is_test:
            sided = group.side is not None or any(a.side is not None for a in group.anchors)
            group.result = group.result or (held if sided else "")
            held = group.result


def _settle_waiting(scope: Scope) -> None:
    """What was said of no place in this clause belongs to the place before it, if it can."""
    waiting, carried = scope.waiting, scope.carried
    if carried is None:
        scope.clause.unknown.extend(waiting.tokens)
        if waiting.lead is not None and scope.lead_token is not None:
            scope.clause.unknown.append(scope.lead_token)
        return
    apart = any(a.place.type != "segment" for a in carried.anchors)
    if apart and waiting.side is not None and not waiting.normal:
        waiting.anchors = [Anchor(a.place, None, a.start, a.end) for a in carried.anchors]
        scope.clause.groups.append(waiting)
    elif waiting.normal or waiting.unexamined or waiting.absent:
        scope.clause.unknown.extend(waiting.tokens)
    else:
        carried.absorb(waiting)


_Handler = Callable[[Scope, int, Token], None]
_SEPARATORS = (
    "and", "arrow", "close", "colon", "comma", "counts to", "minus", "near", "of", "open", "plus", "slash",
    "with",
)  # fmt: skip
_HANDLERS: dict[str, _Handler] = {
    "place": on_place,
    "side": on_side,
    "same side": on_same_side,
    "other side": on_same_side,
    "negation": on_negation,
    "verb": on_verb,
    "where": on_where,
    "filler": on_filler,
    "zink word": on_filler,
    "grade": on_filler,
    "than": on_than,
    "condition": on_condition,
    "rises": on_rises,
    "neuro": on_neurology,
    "detail": on_detail,
    "unknown": on_unknown,
    "treating": on_treating,
    "technique": on_technique,
    "instead": on_instead,
    "avoided": on_avoided,
    "response": on_response,
    "score": on_score,
    "fraction": on_fraction,
    "complaint": on_complaint,
    "lessened": on_lessened,
    "history": on_history,
    **dict.fromkeys(ATTRIBUTES, on_attribute),
    **dict.fromkeys(_SEPARATORS, on_separator),
}
"""What each kind of token does. Kinds without an entry are words nobody knows."""
