"""Clauses, headers and signs: where one statement ends, and what `+`, `-` and `:` mean there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from openomt.medicine.anatomy import Region, Side
from openomt.medicine.findings import Plane, SpinalMotion, Tart
from openomt.medicine.notation.groups import Anchor
from openomt.medicine.notation.lexer import Token
from openomt.medicine.notation.lexicon import Movement, lexicon
from openomt.medicine.notation.motion import Motion

_LONGEST_CLAUSE = 120
"""More words than anybody puts in a clause: it keeps the time that reading takes in step with the length."""


@dataclass(slots=True)
class Part:
    """The tokens of one clause. `header`: the place it is headed by; `refers_back`: its words may mean the last place."""

    tokens: list[Token]
    header: Anchor | None = None
    refers_back: bool = False
    dropped: list[Token] = field(default_factory=list)


def split_clauses(found: list[Token]) -> list[Part]:
    """One line's tokens as clauses."""
    parts: list[Part] = []
    now: list[Token] = []
    back = False
    for at, token in enumerate(found):
        if token.kind == "comma" and _heads(found, at + 1) and any(t.kind not in _LISTED for t in now):
            _close(parts, now, back)
            now, back = [], True
            continue
        if token.kind == "break" and not _inside_number(found, at):
            _close(parts, now, back)
            back = (token.text.lower() not in (".", "!", "?", "|") and token.text != ";") or token.text == ";"
            now = []
            continue
        now.append(token)
        if len(now) == _LONGEST_CLAUSE:
            _close(parts, now, back)
            now, back = [], True
    _close(parts, now, back)
    return parts


_LISTED = frozenset({"place", "and", "comma", "filler"})


def _heads(found: list[Token], at: int) -> bool:
    """`…, ribs: 4-6 R exh`: a new header inside the line."""
    return at + 1 < len(found) and found[at].kind == "place" and found[at + 1].text == ":"


def _inside_number(found: list[Token], at: int) -> bool:
    """A dot of an abbreviation (`approx. 3`) is not told from a full stop; only a dot without a gap on both sides is."""
    token = found[at]
    if token.text != "." or at == 0 or at + 1 >= len(found):
        return False
    return found[at - 1].end == token.start and found[at + 1].start == token.end


def _close(parts: list[Part], now: list[Token], back: bool) -> None:
    if not now:
        return
    part = Part(now, refers_back=back)
    _zink_line(now)
    headed = bool(now) and now[0].kind == "treating"
    _take_header(part)
    _settle_signs(part.tokens)
    _settle_codes(part.tokens, headed)
    parts.append(part)


def _take_header(part: Part) -> None:
    """`Cervical: …`, `pelvis - L …`: the place before a colon, or a spaced dash at the start, heads what follows."""
    found = part.tokens
    for at, token in enumerate(found[:4]):
        if (token.kind == "colon" and token.text != "=") or (
            token.kind == "minus" and at <= 2 and _spaced(found, at)
        ):
            before = found[:at]
            if token.kind == "minus" and any(
                t.kind == "place" and t.value.type in ("test", "point") for t in before
            ):
                return
            places = [t for t in before if t.kind == "place"] or _letter_region(before)
            others = [
                t
                for t in before
                if t.kind not in ("place", "filler", "letter", "unknown", "side", "treating", "zink word")
            ]
            if len(places) == 1 and not others:
                sides = [
                    t.value if t.kind == "side" else _SIDES.get(t.value)
                    for t in before
                    if t.kind in ("side", "letter")
                ]
                side = next((s for s in sides if s is not None), None)
                if places[0].text.lower() in ("ribs", "rib"):
                    places[0].value = lexicon().places["rib"]
                part.header = Anchor(places[0].value, side, places[0].start, places[0].end)
                part.dropped = [t for t in before if t.kind == "unknown"]
                del found[: at + 1]
            elif not places and not others:
                part.dropped = [t for t in before if t.kind == "unknown"]
                del found[: at + 1]
            return


def _letter_region(before: list[Token]) -> list[Token]:
    """`T:` heads the thoracic spine."""
    if len(before) != 1 or before[0].kind != "letter" or not before[0].text.isupper():
        return []
    name = {"c": "cervical", "t": "thoracic", "l": "lumbar"}.get(before[0].value)
    if name is None:
        return []
    before[0].kind, before[0].value = "place", lexicon().places[name]
    return before


def _spaced(found: list[Token], at: int) -> bool:
    token = found[at]
    if at == 0 or at + 1 >= len(found):
        return False
    return found[at - 1].end < token.start and token.end < found[at + 1].start


_SIDES = {"r": Side.RIGHT, "l": Side.LEFT}
_TAIL = frozenset(
    {
        "with",
        "comma",
        "score",
        "fraction",
        "position",
        "close",
        "and",
        "plus",
        "slash",
        "minus",
        "arrow",
        "colon",
        "technique",
        "treating",
        "of",
        "filler",
    }
)


def _settle_codes(found: list[Token], headed_by_treatment: bool) -> None:
    """Says which codes are techniques here: after a technique, before "to" or a place, or under `Tx:`."""
    treating = headed_by_treatment
    for at, token in enumerate(found):
        code = token.code
        if code is not None and code.kind == "technique code" and _is_technique(found, at, treating):
            token.kind, token.value = "technique", code.value
        elif code is not None and code.kind == "response code" and treating and _is_response(found, at):
            token.kind, token.value = "response", code.value
        treating = treating or token.kind in ("technique", "arrow")


def _is_response(found: list[Token], at: int) -> bool:
    """`HVLA, R`: a letter at the end of the part about treatment."""
    token = found[at]
    if token.kind not in ("unknown", "letter") or (len(token.text) == 1 and token.text.islower()):
        return False
    before = found[at - 1].kind if at else ""
    after = found[at + 1].kind if at + 1 < len(found) else ""
    return before in ("", "comma", "arrow", "minus", "colon", "technique", "filler") and after in (
        "",
        "comma",
        "close",
    )


def _is_technique(found: list[Token], at: int, treating: bool) -> bool:
    token = found[at]
    before = found[at - 1] if at else None
    after = found[at + 1] if at + 1 < len(found) else None
    if after is not None and after.kind == "treating":
        return True
    if token.text.lower() == "cs" and any(t.kind == "place" and t.value.type == "point" for t in found):
        return True
    if before is not None and before.kind not in _TAIL:
        return False
    if treating:
        return token.kind != "place" or after is None or after.kind in _TAIL
    if token.text.islower() or token.kind == "place":
        return False
    place = (
        after is not None
        and after.kind in ("place", "side")
        and (before is None or before.kind in ("and", "plus", "comma"))
    )
    to = place or (after is not None and after.text.lower() == "to")
    joined = (
        after is not None
        and after.kind == "slash"
        and at + 2 < len(found)
        and found[at + 2].kind == "technique"
    )
    if joined and before is None:
        return True
    listed = after is None or after.kind in ("arrow", "comma", "slash", "plus", "colon")
    return to or (before is not None and before.kind in ("minus", "arrow", "comma") and listed)


_SHORT_REGIONS = {"Cx": "cervical", "Tx": "thoracic", "Lx": "lumbar"}
_ZONES = {"OA": "OA", "CT": "CT junction", "TL": "TL junction", "LS": "lumbosacral junction"}


def _zink_line(found: list[Token]) -> None:
    """Under `Zink` the four zones are fascial, named at the junctions, and the sides are which way each turns easily."""
    for token in found:
        if token.kind in ("zink word", "zink"):
            break
    else:
        return
    places = lexicon().places
    for at, token in enumerate(found):
        name = _ZONES.get(token.text.upper())
        if name is not None:
            token.kind, token.value = "place", places[name]
        side = (
            _SIDES.get(token.value)
            if token.kind == "letter"
            else token.value
            if token.kind == "side"
            else None
        )
        if side is not None and at and found[at - 1].kind == "place":
            token.kind, token.value = "motion", _turned(side)
    _compensatory(found)
    for at, token in enumerate(found):
        if token.kind == "zink":
            found[at : at + 1] = _zones_of(token)
            return


def _compensatory(found: list[Token]) -> None:
    """`CCP`, `UCCP`: the common and the uncommon compensatory pattern, when the zones are not written out."""
    if any(t.kind in ("zink", "place") for t in found):
        return
    for token in found:
        sides = {"CCP": "L/R/L/R", "UCCP": "R/L/R/L"}.get(token.text)
        if sides is not None:
            token.kind, token.text = "zink", sides
            return


def _turned(side: Side) -> Motion:
    return Motion(SpinalMotion(rotation=side), named=False, coded=True)


def _zones_of(token: Token) -> list[Token]:
    """`L/R/L/R` from the head down, as four zones."""
    out: list[Token] = []
    text = token.text.lower()
    sides = [_SIDES[c] for c in (re.findall(r"\b[rl]\b", text) if "oa" in text else text) if c in _SIDES]
    for name, side in zip(_ZONES.values(), sides, strict=True):
        out.append(Token("place", lexicon().places[name], token.start, token.end, token.text))
        out.append(Token("motion", _turned(side), token.start, token.end, token.text))
        out.append(Token("comma", ",", token.start, token.end, ","))
    return out[:-1]


def _settle_signs(found: list[Token]) -> None:
    """Says of each `+` and `-` whether it is a result or joins two things."""
    _split_extension(found)
    for at, token in enumerate(found):
        settle = _SETTLE.get(token.kind)
        if settle is not None:
            settle(found, at, token)


def _split_extension(found: list[Token]) -> None:
    """`C6 ext rot left`: of a vertebra, extended and rotated."""
    for at, token in enumerate(found):
        if token.text.lower() == "ext rot" and _after_segment(found, at):
            plane = Token(
                "movement", Movement(Plane.EXTENDED, noun=False), token.start, token.start + 3, "ext"
            )
            turn = Token("movement", Movement("rotated", noun=False), token.end - 3, token.end, "rot")
            found[at : at + 1] = [plane, turn]
            return


def _settle_colon(found: list[Token], at: int, token: Token) -> None:
    if token.text == "=" and at and found[at - 1].kind == "place":
        token.kind, token.value = "even", Tart.ASYMMETRY


def _settle_short_region(found: list[Token], at: int, token: Token) -> None:
    """`Tx WNL`: a region in short, where its state follows."""
    name = _SHORT_REGIONS.get(token.text)
    if name is not None and at + 1 < len(found) and found[at + 1].kind in ("normal", "unexamined", "tart"):
        token.kind, token.value = "place", lexicon().places[name]


def _settle_pattern(found: list[Token], at: int, token: Token) -> None:
    """`T12 bilat ext`: of a vertebra, the plane with both facets."""
    if token.value.id.startswith("bilateral ") and _after_segment(found, at):
        plane = Plane.FLEXED if token.value.id.endswith("flexion") else Plane.EXTENDED
        token.kind, token.value = "movement", Movement(plane, noun=False)


def _settle_place(found: list[Token], at: int, token: Token) -> None:
    """`shoulder abd`, `abd 80 -> 130`: abduction, not the abdomen."""
    if token.text.lower() != "abd":
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
    "treating": _settle_short_region,
    "unknown": _settle_short_region,
    "pattern": _settle_pattern,
    "place": _settle_place,
    "plus": _settle_plus,
    "minus": _settle_minus,
}


def _after_segment(found: list[Token], at: int) -> bool:
    return any(t.kind == "place" and t.value.type == "segment" for t in found[max(0, at - 2) : at])


def _limb(token: Token) -> bool:
    limbs = (Region.UPPER_EXTREMITY, Region.LOWER_EXTREMITY)
    return token.kind == "place" and token.value.region in limbs and token.value.type == "joint"


def _is_result(found: list[Token], at: int) -> bool:
    if _beside_test(found, at):
        return True
    token = found[at]
    after = found[at + 1] if at + 1 < len(found) else None
    if after is None:
        return True
    before = found[at - 1] if at else None
    if before is None:
        return True
    return before.end < token.start and after.start == token.end


def _beside_test(found: list[Token], at: int) -> bool:
    near = found[max(0, at - 2) : at] + found[at + 1 : at + 3]
    return any(t.kind == "place" and t.value.type == "test" for t in near)
