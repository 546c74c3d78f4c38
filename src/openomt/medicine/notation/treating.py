"""Treatment in the text: techniques, responses, pain scores."""

from __future__ import annotations

from openomt.medicine.anatomy import Region
from openomt.medicine.notation.groups import Answer, Clause, Group, Technique
from openomt.medicine.notation.lexicon import TechniqueEntry, lexicon
from openomt.medicine.notation.merging import at_occiput
from openomt.medicine.notation.scope import Scope
from openomt.medicine.notation.token import Token
from openomt.medicine.notation.withheld import withheld
from openomt.medicine.visit import Response

_WORST_PAIN = 10
_WORST_FINDING = 3
_OTHER = TechniqueEntry("other", None)
_CRANIAL = TechniqueEntry("cranial", Region.HEAD)
_COUNTERSTRAIN = TechniqueEntry("counterstrain", None)


def on_treating(scope: Scope, at: int, token: Token) -> None:
    """`Treated …`; a `release` right after a place is a technique of its own."""
    scope.clause.treating = True
    if scope.current is None or not at or token.low not in ("release", "released"):
        return
    if scope.tokens[at - 1].kind == "place":
        on_technique(scope, at, Token("technique", _OTHER, token.start, token.end, token.text))


def on_technique(scope: Scope, at: int, token: Token) -> None:
    """A technique treats what stands before it, and the places after it until the next run of techniques."""
    if scope.instead or _denied(scope, at):
        scope.instead = scope.run_open = False
        scope.last_technique = None
        return
    if token.low == "springing" and scope.word_before(at) in ("on", "to", "with"):
        return  # `did not give on springing`: a test, not a treatment
    entry: TechniqueEntry = token.value
    before = None if scope.waiting.said and not scope.waiting.anchors else scope.current
    last = scope.last_technique
    if not scope.run_open or last is None or last.targets or last.group is not before:
        scope.run += 1
    if entry.id == "other" and before is not None and before.anchors and at_occiput(before.anchors[-1].place):
        entry = _CRANIAL
    technique = Technique(entry, token, scope.run, group=before)
    scope.clause.techniques.append(technique)
    scope.last_technique = technique
    scope.run_open = True
    scope.gap.clear()


def _denied(scope: Scope, at: int) -> bool:
    """`no thrust to the neck`, `does not want HVLA`: a negation just before the technique."""
    for token in reversed(scope.tokens[max(0, at - 4) : at]):
        if token.kind == "negation":
            return True
        if token.kind not in ("filler", "technique", "and", "slash", "unknown", "verb"):
            return False
    return False


def withdraws(scope: Scope, token: Token) -> bool:
    """`HVLA deferred`: said of the techniques just named, it means that they were not given."""
    technique, group = scope.last_technique, scope.current
    if technique is None or not scope.run_open:
        return False
    if group is not None and group.anchors and group is not technique.group and not group.anchors[-1].target:
        return False
    clause = scope.clause
    if len(technique.targets) > 1:  # `ME neck, lumbar deferred`: only the last place was left out
        clause.unknown.append(token)
        for named in clause.techniques:
            if named.run == scope.run:
                named.targets.pop()
        return True
    clause.techniques = [t for t in clause.techniques if t.run != scope.run]
    scope.last_technique, scope.run_open = None, False
    return True


def on_instead(scope: Scope, _at: int, _token: Token) -> None:
    """`instead of HVLA`: the technique that follows was not given."""
    scope.instead = True


def on_avoided(scope: Scope, at: int, _token: Token) -> None:
    """`HVLA declined`: a treatment that was not given; where none is named beside the word, the clause's."""
    named = withheld(scope.tokens, at)
    if named:
        scope.clause.withheld.extend(named)
    else:
        scope.clause.avoided = True


def on_score(scope: Scope, _at: int, token: Token) -> None:
    """`8→2/10`: of a tender point, its pain before and after; else how a complaint changed."""
    before, after = _before_after(token.text)
    if before > _WORST_PAIN or after > _WORST_PAIN:
        if scope.run and after != before:  # degrees of movement
            response = Response.IMPROVED if after > before else Response.WORSE
            scope.clause.answers.append(Answer(response, token, gated=True))
        else:
            scope.clause.unknown.append(token)
        return
    if scope.loose_score is not None:
        scope.clause.unknown.append(scope.loose_score)
    scope.scored, scope.loose_score = Answer(_change(before, after), token, gated=True), token
    group = scope.current
    if group is not None and group.is_point and group.pain is None:
        group.pain, scope.loose_score = (before, after), None
        group.cover(token)


def _before_after(text: str) -> tuple[int, int]:
    """The two numbers of a score; of `6/10 -> 0` those that are not the scale."""
    numbers = [int(n) for n in "".join(c if c.isdigit() else " " for c in text).split()]
    tenths = len(numbers) > 2 and "/10" in text.replace(" ", "")[:5]
    return numbers[0], numbers[2] if tenths else numbers[1]


def _change(before: int, after: int) -> Response:
    if after == 0 < before:
        return Response.RESOLVED
    if after == before:
        return Response.UNCHANGED
    return Response.IMPROVED if after < before else Response.WORSE


def on_fraction(scope: Scope, at: int, token: Token) -> None:
    """`8/10 … 1/10`: pain before and after, when treatment stands between; `2/3` is a severity."""
    top, bottom = _parts(token)
    group, first = scope.current, scope.first_score
    if bottom == _WORST_FINDING and top <= _WORST_FINDING and group is not None:
        _grade(scope, group, top, token)
    elif bottom != _WORST_PAIN or top > _WORST_PAIN:
        scope.clause.unknown.append(token)
    elif first is None:
        scope.first_score = token
    elif scope.run and not scope.clause.answers and not scope.paired:
        scope.paired = True
        text = f"{_parts(first)[0]}->{top}"
        on_score(scope, at, Token("score", token.value, token.start, token.end, text))
    else:
        scope.clause.unknown.append(token)


def _parts(token: Token) -> tuple[int, int]:
    """Top and bottom of a fraction."""
    top, bottom = token.text.replace(" ", "").split("/")
    return int(top), int(bottom)


def _grade(scope: Scope, group: Group, severity: int, token: Token) -> None:
    """`2/3`: the severity of a place, unless another one was written of it before."""
    if group.graded and group.severity != severity:
        scope.clause.unknown.append(token)
        return
    group.severity, group.graded, group.said = severity, True, True
    group.cover(token)


def on_response(scope: Scope, at: int, token: Token) -> None:
    """`improved`, `resolved`: how the place before it, or the line so far, answered.
    `nearly resolved` is improved.
    """
    lists = lexicon().lists
    gated = token.low in lists["comparative"]
    if gated and _compares(scope.following(at)):
        scope.conditional = True
        return
    response: Response = token.value
    near = [t.low for t in scope.tokens[max(0, at - 3) : at]]
    if response is Response.RESOLVED and not lists["nearly"].isdisjoint(near):
        response = Response.IMPROVED
    groups: list[Group] = []
    if scope.current is not None:
        scope.current.answered = True
        groups.append(scope.current)
    scope.clause.answers.append(Answer(response, token, gated, groups))


def _compares(following: Token | None) -> bool:
    """`worse on the left`: two places are compared."""
    if following is None:
        return False
    return (
        following.kind in ("near", "with", "side", "compare") or following.low in lexicon().lists["comparing"]
    )


def settle_scores(scope: Scope) -> None:
    """A score is an answer where nothing else tells one: after treatment, or of a complaint without a place.
    One that says nothing is kept as not understood.
    """
    clause = scope.clause
    if scope.first_score is not None and not scope.paired:
        clause.unknown.append(scope.first_score)
    if scope.scored is None:
        return
    if not clause.answers and (scope.run or (clause.complaint and not clause.groups)):
        clause.answers.append(scope.scored)
    elif scope.loose_score is not None:
        clause.unknown.append(scope.loose_score)


def settle_counterstrain(clause: Clause) -> None:
    """`AC4 tp treated in slight extension`: treating a tender point by position is counterstrain."""
    if clause.techniques:
        return
    for group in clause.groups:
        if group.is_point and group.position is not None and group.anchors:
            token = Token("technique", None, group.anchors[-1].start, group.end, "")
            clause.techniques.append(Technique(_COUNTERSTRAIN, token, 1, group=group))
            return
