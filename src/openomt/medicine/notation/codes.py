"""Letters that are a technique or a response in the part about treatment, and something else elsewhere."""

from __future__ import annotations

from openomt.medicine.anatomy import Region
from openomt.medicine.notation.assembly import LETTER_SIDES
from openomt.medicine.notation.token import Token

_TAIL = frozenset({
    "with", "comma", "score", "fraction", "position", "close", "and", "plus", "slash", "minus", "arrow",
    "colon",
    "technique", "treating", "of", "filler",
})  # fmt: skip
"""What may stand before a technique that is only told by its letters."""
_JOINS = frozenset({"comma", "and", "plus", "slash", "with"})
"""What may stand between the techniques of one clause."""
_GIVEN_TO = frozenset({"place", "side", "letter", "treating", "near", "colon", "arrow", "response"})
"""What may stand after a list of techniques: where they were given, or how it answered."""
_SAYS = frozenset({"tart", "pattern", "code", "movement", "pair", "dysfunction"})
"""What makes a clause one of findings."""
_LONGEST_CODE = 4
_COLLIDING = frozenset({"sp"})
"""Letters that mean something else as often."""


def settle_codes(found: list[Token], headed_by_treatment: bool, *, first: bool) -> None:
    """Says which codes are techniques here: after a technique, before "to" or a place, or under `Tx:`.
    `first`: no other clause of the line stands before it.
    """
    treating = headed_by_treatment or _holds_techniques_alone(found, first) or _lists_what_was_given(found)
    for at, token in enumerate(found):
        treating = treating or (token.kind == "minus" and _opens_tail(found, at))
        code = token.code
        if code is not None:
            if code.kind == "technique code" and _is_technique(found, at, treating):
                token.kind, token.value = "technique", code.value
            elif code.kind == "response code" and treating and _is_response(found, at):
                token.kind, token.value = "response", code.value
        treating = treating or token.kind in ("technique", "arrow")


def _holds_techniques_alone(found: list[Token], first: bool) -> bool:
    """`T5 FRSr; CS; improved`: a clause of nothing but techniques, by their codes or names. A line that begins
    with letters alone which may be something else (`me`, `SP`) tells nothing yet.
    """
    if first and len(found) == 1 and (found[0].text.islower() or found[0].low in _COLLIDING):
        return found[0].kind == "technique"
    return all(token.kind in _JOINS or _names_technique(token) for token in found)


def _lists_what_was_given(found: list[Token]) -> bool:
    """`st, me c3`, `st c3, me l5`: several techniques and where they were given, and no other word. In small
    letters, one alone may be a word of English.
    """
    if not _names_technique(found[0]) or any(t.low == "and" for t in found):
        return False
    named = {token.low for token in found if _names_technique(token)}
    placed = any(token.kind == "place" and token.value.type != "test" for token in found)
    return len(named) > 1 and placed and all(_is_given(token) for token in found)


def _is_given(token: Token) -> bool:
    """Whether a token is a technique, where it was given, or joins the two."""
    if token.kind in ("comma", "plus", "slash", "and", "place", "side") or _names_technique(token):
        return True
    return token.low == "to" or (token.kind == "letter" and token.value in LETTER_SIDES)


def _opens_tail(found: list[Token], at: int) -> bool:
    """`T5 FRSr - st, me`: after a place and a spaced dash, nothing but techniques and how it answered."""
    rest = found[at + 1 :]
    if not rest or found[at].end == rest[0].start or not any(t.kind == "place" for t in found[:at]):
        return False
    if not any(_names_technique(t) for t in rest):
        return False
    return all(t.kind in _JOINS or t.kind in ("technique", "response") or t.code is not None for t in rest)


def _is_technique_code(token: Token) -> bool:
    return token.code is not None and token.code.kind == "technique code"


def _is_response(found: list[Token], at: int) -> bool:
    """`HVLA, R`: a letter at the end of the part about treatment."""
    token = found[at]
    if token.kind not in ("unknown", "letter") or (len(token.text) == 1 and token.text.islower()):
        return False
    before = found[at - 1].kind if at else ""
    after = found[at + 1].kind if at + 1 < len(found) else ""
    begins = before in ("", "comma", "arrow", "minus", "colon", "technique", "filler")
    return begins and after in ("", "comma", "close")


def _is_technique(found: list[Token], at: int, treating: bool) -> bool:
    """Whether a code such as `ME`, `ART`, `CS` is a technique where it stands."""
    token = found[at]
    after = found[at + 1] if at + 1 < len(found) else None
    if after is not None and after.kind == "treating":
        return True
    if token.low == "cs" and any(t.kind == "place" and t.value.type == "point" for t in found):
        return True
    if token.low == "sp":
        return _is_spencer(found, at, treating)
    if at and found[at - 1].kind not in _TAIL:
        return _ends_place(found, at)
    if treating:
        return token.kind != "place" or after is None or after.kind in _TAIL
    return _begins_treatment(found, at, after)


def _is_spencer(found: list[Token], at: int, treating: bool) -> bool:
    """`SP R shoulder`, `HVLA T5, SP`: Spencer's technique, in the part about treatment or given to an arm."""
    for token in found[at + 1 : at + 4]:
        if token.kind == "place":
            return token.value.region is Region.UPPER_EXTREMITY
        if token.kind not in ("side", "letter", "filler") and token.low != "to":
            break
    return treating and (at == 0 or found[at - 1].kind in _TAIL)


def _begins_treatment(found: list[Token], at: int, after: Token | None) -> bool:
    """Whether a code before any other word of treatment is a technique: `ST, ME C3`, `visceral to liver`; the
    piriformis only in `PIR to`, and in small letters no word that may be another (`me to`).
    """
    token = found[at]
    given = after is not None and after.low == "to"
    if token.kind == "place":
        return given and token.text.isupper()
    if _opens_list(found, at):
        return True
    if token.text.islower():
        return given and len(token.text) > _LONGEST_CODE
    return _stands_alone(found, at, after)


def _opens_list(found: list[Token], at: int) -> bool:
    """`ST, ME C3`, `ART/MFR to ribs`, `ST + HVLA`: the first of several techniques. By letters alone, they are
    known by the place that follows them.
    """
    capitals = found[at].text.isupper()
    end = at + 1
    while end < len(found):
        joined = found[end].kind in _JOINS and end + 1 < len(found)
        following = end + 1 if joined else end
        if not (joined or capitals) or not _names_technique(found[following]):
            break
        end = following + 1
    if end == at + 1:
        return False
    spelt = any(token.kind == "technique" for token in found[at:end])
    if spelt and capitals:
        return True
    if not spelt and any(token.text.islower() for token in found[at:end]):
        return False
    after = found[end] if end < len(found) else None
    return after is None or after.kind in _GIVEN_TO or after.low == "to"


def _ends_place(found: list[Token], at: int) -> bool:
    """`cervical ST, thoracic HVLA`: the place first, in a list that has a technique for each place."""
    after = found[at + 1].kind if at + 1 < len(found) else ""
    if not found[at].text.isupper() or after not in ("", "comma", "and"):
        return False
    before = at - 1 if found[at - 1].kind != "side" else at - 2
    if before < 0 or found[before].kind != "place" or found[before].value.type in ("point", "test"):
        return False
    return any(token.kind == "technique" for token in found) and not any(
        token.kind in _SAYS for token in found
    )


def _names_technique(token: Token) -> bool:
    return token.kind == "technique" or _is_technique_code(token)


def _stands_alone(found: list[Token], at: int, after: Token | None) -> bool:
    """`ME to T4`, `MFR R psoas`, `ART/HVLA`, `T4 FRSr - ME`."""
    before = found[at - 1].kind if at else ""
    if after is None:
        return before in ("minus", "arrow", "comma")
    placed = after.kind in ("place", "side") or _is_side_of_place(found, at + 1)
    if after.low == "to" or (placed and before in ("", "and", "plus", "comma")):
        return True
    if not before:
        return after.kind == "slash" and at + 2 < len(found) and found[at + 2].kind == "technique"
    ends = after.kind in ("arrow", "comma", "slash", "plus", "colon")
    return ends and before in ("minus", "arrow", "comma")


def _is_side_of_place(found: list[Token], at: int) -> bool:
    """`ST R psoas`: whether a letter is the side of the place right after it."""
    token = found[at]
    side = token.kind == "letter" and token.value in LETTER_SIDES
    return side and at + 1 < len(found) and found[at + 1].kind == "place"
