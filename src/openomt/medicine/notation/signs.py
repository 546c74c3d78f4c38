"""Clauses, headers and signs: where one statement ends, and what `+`, `-` and `:` mean there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from openomt.medicine.anatomy import Region
from openomt.medicine.findings import Plane, Tart
from openomt.medicine.notation.assembly import LETTER_SIDES
from openomt.medicine.notation.codes import settle_codes
from openomt.medicine.notation.groups import Anchor
from openomt.medicine.notation.lexicon import Movement, lexicon
from openomt.medicine.notation.token import Token
from openomt.medicine.notation.zink import settle_zink

_LONGEST_CLAUSE = 120
"""More words than anybody puts in a clause: it keeps the time that reading takes in step with the length."""
_LISTED = frozenset({"place", "and", "comma", "filler"})
_ZINK = frozenset({"zink", "zink word"})
_FULL_STOPS = frozenset({".", "!", "?", "|"})
_IN_HEADER = frozenset({"place", "filler", "letter", "unknown", "side", "treating", "zink word"})
"""What may stand before the colon of a header."""
_SHORT_REGIONS = {"Cx": "cervical", "Tx": "thoracic", "Lx": "lumbar"}
_REGION_LETTERS = {"c": "cervical", "t": "thoracic", "l": "lumbar"}


@dataclass(slots=True)
class Part:
    """The tokens of one clause.

    header       the place it is headed by
    refers_back  its words may mean the last place
    dropped      unknown words of its header
    """

    tokens: list[Token]
    refers_back: bool = False
    header: Anchor | None = None
    dropped: list[Token] = field(default_factory=list)


def split_clauses(found: list[Token]) -> list[Part]:
    """One line's tokens as clauses."""
    parts: list[Part] = []
    kinds = [token.kind for token in found]
    if kinds[:1] == ["mnemonic"]:  # `BITE: bottom inhaled, top exhaled` teaches, it finds nothing
        return [Part([], dropped=[t for t in found if t.kind != "filler" and t.text[0].isalnum()])]
    if len(found) < _LONGEST_CLAUSE and "break" not in kinds and "colon" not in kinds:
        _close(parts, found, back=False)
        return parts
    now: list[Token] = []
    back = False
    for at, token in enumerate(found):
        kind = token.kind
        if kind == "comma" and _heads(found, at + 1) and any(t.kind not in _LISTED for t in now):
            _close(parts, now, back)
            now, back = [], True
        elif kind == "break" and not _inside_number(found, at):
            _close(parts, now, back)
            now, back = [], token.text not in _FULL_STOPS
        else:
            now.append(token)
            if len(now) == _LONGEST_CLAUSE:
                _close(parts, now, back)
                now, back = [], True
    _close(parts, now, back)
    return parts


def _heads(found: list[Token], at: int) -> bool:
    """`…, ribs: 4-6 R exh`: a new header inside the line."""
    return at + 1 < len(found) and found[at].kind == "place" and found[at + 1].text == ":"


def _inside_number(found: list[Token], at: int) -> bool:
    """Whether a dot has no gap on either side: only then it is no full stop."""
    token = found[at]
    if token.text != "." or at == 0 or at + 1 >= len(found):
        return False
    return found[at - 1].end == token.start and found[at + 1].start == token.end


def _close(parts: list[Part], now: list[Token], back: bool) -> None:
    """Ends a clause: takes its header, and says what its signs and codes mean."""
    if not now:
        return
    part = Part(now, back)
    parts.append(part)
    kinds = [token.kind for token in now]
    headed = now[0].kind == "treating"
    if not _ZINK.isdisjoint(kinds):
        settle_zink(now)
    if "colon" in kinds or "minus" in kinds:
        _take_header(part)
        if part.header is not None and part.header.place.region is Region.HEAD:
            _settle_strain(part.tokens)
    if not _SETTLE.keys().isdisjoint(kinds) or not _TURNED.keys().isdisjoint([token.low for token in now]):
        _settle_signs(now)
    if [token for token in now if token.code is not None]:
        after_treatment = len(now) == 1 and len(parts) > 1 and _ends_in_technique(parts[-2].tokens)
        settle_codes(now, headed or after_treatment, first=len(parts) == 1)


def _ends_in_technique(found: list[Token]) -> bool:
    """`HVLA; R`, `ME x2; I`: a part about treatment, so that a letter alone after it is the response."""
    return any(token.kind == "technique" for token in found[-3:])


def _settle_strain(found: list[Token]) -> None:
    """`Head: L LS`: of the head a lateral strain, elsewhere the lumbosacral junction."""
    lateral = (lexicon().root["lateral"].follow or {})["strain"].meaning
    for token in found:
        if token.low == "ls" and lateral is not None:
            token.kind, token.value = lateral


def _take_header(part: Part) -> None:
    """`Cervical: …`, `pelvis - L …`: the place before a colon,
    or a spaced dash at the start, heads what follows.
    """
    found = part.tokens
    for at, token in enumerate(found[:4]):
        dash = token.kind == "minus" and at <= 2 and _spaced(found, at)
        if dash or (token.kind == "colon" and token.text != "="):
            before = found[:at]
            if dash and any(t.kind == "place" and t.value.type in ("test", "point") for t in before):
                return
            if _heads_part(part, before):
                part.dropped = [t for t in before if t.kind == "unknown"]
                del found[: at + 1]
            return


def _heads_part(part: Part, before: list[Token]) -> bool:
    """Whether the words before the sign are a header.
    Takes its place, when it has one, with the side said there.
    """
    places = [t for t in before if t.kind == "place"] or _letter_region(before)
    if len(places) > 1 or any(t.kind not in _IN_HEADER for t in before):
        return False
    for token in places:
        if token.low in ("ribs", "rib"):
            token.value = lexicon().places["rib"]
        sides = [
            t.value if t.kind == "side" else LETTER_SIDES.get(t.value)
            for t in before
            if t.kind in ("side", "letter")
        ]
        side = next((s for s in sides if s is not None), None)
        part.header = Anchor(token.value, side, token.start, token.end)
    return True


def _letter_region(before: list[Token]) -> list[Token]:
    """`T:` heads the thoracic spine."""
    if len(before) != 1 or before[0].kind != "letter" or not before[0].text.isupper():
        return []
    token = before[0]
    name = _REGION_LETTERS.get(token.value)
    if name is None:
        return []
    token.kind, token.value = "place", lexicon().places[name]
    return before


def _spaced(found: list[Token], at: int) -> bool:
    """Whether a sign has blanks on both sides."""
    if at == 0 or at + 1 >= len(found):
        return False
    token = found[at]
    return found[at - 1].end < token.start and token.end < found[at + 1].start


def _settle_signs(found: list[Token]) -> None:
    """Says of each `+` and `-` whether it is a result or joins two things,
    and of a word that its neighbors turn what it is.
    """
    for at, token in enumerate(found):
        settle = _SETTLE.get(token.kind) or _TURNED.get(token.low)
        if settle is not None:
            settle(found, at, token)


def _split_extension(found: list[Token], at: int, token: Token) -> None:
    """`C6 ext rot left`: of a vertebra, extended and rotated."""
    if _after_segment(found, at):
        plane = Token("movement", Movement(Plane.EXTENDED, noun=False), token.start, token.start + 3, "ext")
        turn = Token("movement", Movement("rotated", noun=False), token.end - 3, token.end, "rot")
        found[at : at + 1] = [plane, turn]


def _settle_colon(found: list[Token], at: int, token: Token) -> None:
    if token.text == "=" and at and found[at - 1].kind == "place":
        token.kind, token.value = "even", Tart.ASYMMETRY


def _settle_short_region(found: list[Token], at: int, token: Token) -> None:
    """`Tx WNL`: a region in short, where its state follows."""
    name = _SHORT_REGIONS.get(token.text) if token.kind in ("treating", "unknown") else None
    if name is not None and at + 1 < len(found) and found[at + 1].kind in ("normal", "unexamined", "tart"):
        token.kind, token.value = "place", lexicon().places[name]


def _settle_spinous(found: list[Token], at: int, token: Token) -> None:
    """`C4 SP tender`, `SP of T7`: of a vertebra, the spinous process. Elsewhere the letters may be Spencer."""
    after = at + 2 if at + 1 < len(found) and found[at + 1].low in ("of", "at") else at + 1
    near = [*found[max(0, at - 1) : at], *found[after : after + 1]]
    if any(t.kind == "place" and t.value.type == "segment" for t in near):
        token.kind, token.value, token.code = "place", lexicon().places["spinous process"], None


def _settle_pattern(found: list[Token], at: int, token: Token) -> None:
    """`T12 bilat ext`: of a vertebra, the plane with both facets."""
    if token.low == "ext rot":
        _split_extension(found, at, token)
    elif token.value.id.startswith("bilateral ") and _after_segment(found, at):
        plane = Plane.FLEXED if token.value.id.endswith("flexion") else Plane.EXTENDED
        token.kind, token.value = "movement", Movement(plane, noun=False)


def _settle_place(found: list[Token], at: int, token: Token) -> None:
    """`shoulder abd`, `abd 80 -> 130`: abduction, not the abdomen."""
    if token.kind != "place":
        return
    if at and _limb(found[at - 1]):
        meaning = lexicon().root["abduction"].meaning
        token.kind, token.value = meaning or ("filler", "")
    elif at + 1 < len(found) and found[at + 1].kind in ("number", "score", "response"):
        token.kind, token.value = "movement", Movement("movement", noun=True)


def _settle_plus(found: list[Token], at: int, token: Token) -> None:
    token.kind = "positive" if _is_result(found, at) else "and"


def _settle_minus(found: list[Token], at: int, token: Token) -> None:
    after_test = at > 0 and found[at - 1].kind == "place" and found[at - 1].value.type == "test"
    if after_test or (not _spaced(found, at) and _beside_test(found, at)):
        token.kind = "negative"


_SETTLE: dict[str, Callable[[list[Token], int, Token], None]] = {
    "colon": _settle_colon,
    "pattern": _settle_pattern,
    "plus": _settle_plus,
    "minus": _settle_minus,
}
"""Kinds whose meaning their neighbors decide."""
_TURNED: dict[str, Callable[[list[Token], int, Token], None]] = {
    "abd": _settle_place,
    "sp": _settle_spinous,
    **dict.fromkeys((name.lower() for name in _SHORT_REGIONS), _settle_short_region),
}
"""Words that their neighbors turn into something else."""


def _after_segment(found: list[Token], at: int) -> bool:
    """Whether a vertebra stands just before."""
    return any(t.kind == "place" and t.value.type == "segment" for t in found[max(0, at - 2) : at])


def _limb(token: Token) -> bool:
    """A joint of a limb."""
    limbs = (Region.UPPER_EXTREMITY, Region.LOWER_EXTREMITY)
    return token.kind == "place" and token.value.region in limbs and token.value.type == "joint"


def _is_result(found: list[Token], at: int) -> bool:
    """Whether a `+` is a result: beside a test, at either end, or stuck to the word after it."""
    if at == 0 or at + 1 == len(found) or _beside_test(found, at):
        return True
    token = found[at]
    return found[at - 1].end < token.start and found[at + 1].start == token.end


def _beside_test(found: list[Token], at: int) -> bool:
    """Whether a test stands near."""
    near = found[max(0, at - 2) : at] + found[at + 1 : at + 3]
    return any(t.kind == "place" and t.value.type == "test" for t in near)
