"""What a patient feels: complaints, and complaints that grew less or more."""

from __future__ import annotations

from openomt.medicine.findings import Tart
from openomt.medicine.notation.groups import Answer
from openomt.medicine.notation.lexicon import lexicon
from openomt.medicine.notation.looks import place_ahead
from openomt.medicine.notation.scope import Scope
from openomt.medicine.notation.terms import terms
from openomt.medicine.notation.token import Token
from openomt.medicine.visit import Response

_RESTRICTION = Tart.RESTRICTION
_IMPROVED = Response.IMPROVED


def is_complaint(scope: Scope, at: int, token: Token) -> bool:
    """`pain and stiffness fell`: a word that is also a complaint, with no place to belong to."""
    if token.kind == "pattern":
        told = token.value.id in lexicon().lists["changed like a complaint"]
        return told and _complaint_changed(scope, at, token)
    if token.kind != "tart":
        return False
    if token.value is _RESTRICTION and _complaint_changed(scope, at, token):
        return True
    if _of_something_else(scope, at):
        return True
    if token.low not in lexicon().complaints or not _is_felt(scope, at, token):
        return False
    scope.clause.complaint = True
    return True


def _is_felt(scope: Scope, at: int, token: Token) -> bool:
    """Whether the word tells what the patient feels, not what a hand finds."""
    if scope.run or scope.clause.answers:
        return True
    if token.low == "pain" and lexicon().lists["pressed"].isdisjoint([t.low for t in scope.tokens]):
        return True
    if any(t.kind in ("lessened", "response") for t in scope.tokens[at + 1 : at + 5]):
        return True
    return scope.current is None and scope.header is None and not place_ahead(scope, at)


def _complaint_changed(scope: Scope, at: int, token: Token) -> bool:
    """`reflux decreased`, `headache scores dropped`: less of a complaint is a response, not a restriction."""
    if scope.current is not None and not scope.run and not scope.clause.treating:
        return False
    for before in reversed(scope.tokens[max(0, at - 4) : at]):
        if before.kind in ("place", "movement", "motion"):
            return False
        if before.kind == "complaint" or before.low in lexicon().lists["ache"]:
            scope.clause.answers.append(Answer(_IMPROVED, token, gated=True))
            return True
    return False


def _of_something_else(scope: Scope, at: int) -> bool:
    """`the blocked ear`: the word describes something the vocabulary does not know."""
    if not scope.run or not at or scope.kind_after(at) != "unknown":
        return False
    return scope.tokens[at - 1].kind in ("filler", "of")


def on_lessened(scope: Scope, at: int, token: Token) -> None:
    """`pain fell`: a complaint that grew less or more is a response;
    `less internal rotation` is a restriction.
    """
    following = scope.following(at)
    if following is not None and scope.current is not None and token.value is _IMPROVED:
        kind = following.kind
        if kind in ("movement", "motion") or (kind == "pattern" and following.value.id in terms().movements):
            scope.restrict(scope.current, token)
            return
    known = lexicon().complaints
    near = scope.tokens[max(0, at - 6) : at] + scope.tokens[at + 1 : at + 4]
    if any(t.low in known for t in near):
        scope.clause.answers.append(Answer(token.value, token, gated=True))


def on_complaint(scope: Scope, _at: int, _token: Token) -> None:
    """A complaint is no finding."""
    scope.clause.complaint = True
    scope.gap.add("unknown")


def on_history(scope: Scope, _at: int, _token: Token) -> None:
    """`last visit`, `since the fall`: what is told of an earlier time answers for no treatment of today."""
    scope.clause.history = True
