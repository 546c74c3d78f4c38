"""Tokens to statements of motion, place and side:
the letters and numbers that only mean something together."""

from __future__ import annotations

import re

from openomt.medicine.anatomy import RIB_COUNT, SPINE_ORDER, LevelKind, Region, Side, rib_level, segment_level
from openomt.medicine.notation.assembly import LETTER_SIDES, SPINAL_HEADERS, motion_at, next_side
from openomt.medicine.notation.levels import one_rib, one_segment
from openomt.medicine.notation.lexicon import Place
from openomt.medicine.notation.numbers import number_of
from openomt.medicine.notation.terms import BREATHS
from openomt.medicine.notation.token import Token

_REGION_LETTERS = {"c": Region.CERVICAL, "t": Region.THORACIC, "l": Region.LUMBAR}
_STARTS = frozenset({"code", "movement", "letter", "side"})
"""What a motion can start with."""
_NUMBERS = frozenset({"number", "ordinal"})
_COMPOSED = frozenset({"place", "pair", "grade"})
_LISTS = frozenset({"comma", "and", "plus", "slash"})
_NUMBER_LISTS = frozenset({"comma", "and", "slash"})
_BEFORE_RIB = frozenset({"side", "comma", "and", "plus"})
"""What may stand before the number of a rib that is only told by its breath."""
_POSITION = re.compile(r"(?:s[at]?)?(?:r[at]?)?|add|abd|ir|er", re.IGNORECASE)
"""A direction of a treatment position: `Sa`, `SARA`, `IR`."""
_AFTER_POSITION = frozenset({"comma", "break", "close", "tart", "score", "severity"})
_MOST_SEVERE = 3


def compose(found: list[Token], header: Region | None) -> list[Token]:
    """The tokens of one clause with motions assembled and letters explained.
    `header`: the region it is under.
    """
    out: list[Token] = []
    place = 0
    count = len(found)
    while place < count:
        token = found[place]
        kind = token.kind
        if kind in _STARTS:
            place = _start(found, place, out, header)
            continue
        if kind in _NUMBERS:
            place = _number(found, place, out, header)
            continue
        place += 1
        if kind not in _COMPOSED:
            out.append(token)
        elif kind == "place":
            out.append(token)
            if place < count and found[place].kind in _NUMBER_LISTS:
                place = _more_levels(found, place, out, token)
        elif kind == "pair":
            out.append(_pair(found, place - 1, header))
        elif kind == "grade" and token.low == "sev" and place < count and found[place].kind != "number":
            out.append(Token("severity", _MOST_SEVERE, token.start, token.end, token.text))
        elif kind == "grade" and (place == count or found[place].kind not in _NUMBERS):
            out.append(Token("unknown", token.low, token.start, token.end, token.text))
        else:
            out.append(token)
    return out


def _start(found: list[Token], place: int, out: list[Token], header: Region | None) -> int:
    """What may begin a motion: a side, a letter, a code, a movement word. Returns where it ends."""
    token = found[place]
    if not _plain_side(found, place):
        after = _counterstrain_position(found, place, out)
        if after:
            return after
        read = motion_at(found, place, out, header)
        if read is not None:
            motion, after = read
            composed = Token("motion", motion, token.start, found[after - 1].end, token.text)
            composed.fixed = any(t.fixed for t in found[place:after])
            out.append(composed)
            return after
    if token.kind == "letter":
        token = _explained(found, place, out[-1] if out else None)
    out.append(token)
    return place + 1


def _plain_side(found: list[Token], place: int) -> bool:
    """Whether a side cannot be part of a motion: what follows is none.
    The usual case, so it is asked first.
    """
    token = found[place]
    if token.kind != "side" and token.value not in LETTER_SIDES:
        return False
    return place + 1 == len(found) or found[place + 1].kind not in _STARTS


def _explained(found: list[Token], place: int, before: Token | None) -> Token:
    """What a letter is that belongs to no motion: a region, a side, a response, or only a letter."""
    token = found[place]
    letter = token.value
    kind, value = "unknown", letter
    if _is_region_letter(found, place, before):
        kind, value = "place", Place(None, _REGION_LETTERS[letter], "region")
    elif letter in LETTER_SIDES:
        kind, value = "side", LETTER_SIDES[letter]
    elif token.text == "B":
        kind, value = "side", Side.BILATERAL
    elif letter in "iuw" and token.text.isupper():
        kind = "response letter"
    elif letter in "ai" or (letter in "posw" and _is_small(found, place)):
        kind = "filler"
    return Token(kind, value, token.start, token.end, token.text)


def _is_small(found: list[Token], place: int) -> bool:
    """`s/p`, `w/`, `A/P`: a letter without a meaning of its own. A capital that stands alone may have one."""
    near = found[max(0, place - 1) : place] + found[place + 1 : place + 2]
    return found[place].text.islower() or any(token.kind == "slash" for token in near)


def _is_region_letter(found: list[Token], place: int, before: Token | None) -> bool:
    """`C`, `T`, `L` in a list of regions: beside a separator whose other neighbor is a region."""
    token = found[place]
    if token.value not in _REGION_LETTERS or not token.text.isupper():
        return False
    if before is not None and before.kind in _LISTS and place > 1 and _is_region(found[place - 2]):
        return True
    if place + 1 == len(found):
        return False
    after = found[place + 1]
    if after.kind not in _LISTS or place + 2 == len(found):
        return after.low == "spine"
    beyond = found[place + 2]
    spine = beyond.kind == "letter" and place + 3 < len(found) and found[place + 3].low == "spine"
    return spine or (_is_region(beyond) and token.value != "l")


def _is_region(token: Token) -> bool:
    """Whether a token is a region, or the letter of one."""
    return (token.kind == "place" and token.value.type == "region") or (
        token.kind == "letter" and token.value in "ct" and token.text.isupper()
    )


def _more_levels(found: list[Token], at: int, out: list[Token], token: Token) -> int:
    """Further numbers of a list of vertebrae or ribs: `T3, 5 and 7`. Returns where the list ends."""
    place: Place = token.value
    if place.type not in ("segment", "rib") or place.level is None:
        return at
    while at + 1 < len(found) and found[at].kind in _NUMBER_LISTS and found[at + 1].kind == "number":
        number = found[at + 1]
        if at + 2 < len(found) and found[at + 2].kind in ("slash", "unknown", "complaint"):
            return at  # `T3, 5 visits`, `T3, 5/10`
        more = _numbered(place, int(number.text)) if number.text.isdigit() else None
        if more is None:
            return at
        out.append(found[at])
        out.append(Token("place", more, number.start, number.end, number.text))
        at += 2
    return at


def _numbered(place: Place, number: int) -> Place | None:
    """The vertebra or rib of a further number in a list."""
    if place.type == "rib":
        return one_rib(number)
    return one_segment(place.level.last[0], number) if place.level is not None else None


def _number(found: list[Token], place: int, out: list[Token], header: Region | None) -> int:
    """A bare number: a severity, a level under a header that supplies the letter, or only a number."""
    token = found[place]
    after = found[place + 1] if place + 1 < len(found) else None
    before = out[-1] if out else None
    if before is not None and _is_severity(token, before, after):
        start = out.pop().start if before.kind == "grade" else token.start
        text = str(number_of(token.text))
        out.append(Token("severity", int(text), start, token.end, text))
        return place + 1
    ranged = _header_range(found, place, out, header)
    if ranged:
        return ranged
    if before is not None and _is_rib_letter(token, before, after):
        level = one_rib(number_of(token.text))
        if level is not None:
            out[-1] = Token("place", level, before.start, token.end, before.text + token.text)
            return place + 1
    ranged = _breathing_ribs(found, place, out, header)
    if ranged:
        return ranged
    level = _headed_level(found, place, header)
    out.append(token if level is None else Token("place", level, token.start, token.end, token.text))
    return place + 1


def _is_severity(token: Token, before: Token, after: Token | None) -> bool:
    """`grade 2`, `sev 2`, `(2)`."""
    if before.kind == "grade":
        return number_of(token.text) <= _MOST_SEVERE
    inside = before.kind == "open" and after is not None and after.kind == "close"
    return inside and token.text in ("0", "1", "2", "3")


def _headed_level(found: list[Token], place: int, header: Region | None) -> Place | None:
    """`Thoracic: 4 FRSr`, `Lumbar: 3, 5 tender`: the level of a number under a header."""
    token = found[place]
    ordinal = token.kind == "ordinal" and header is Region.RIB  # `Ribs: 1st L elevated`
    if header is None or not (token.text.isdigit() or ordinal) or place + 1 == len(found):
        return None
    letter = SPINAL_HEADERS.get(header)
    if letter is None and header is not Region.RIB:
        return None
    after = found[place + 1]
    listed = after.kind in ("comma", "and") and _numbers_then_motion(found, place + 2, header)
    if not listed and not _starts_motion(after, header):
        return None
    number = number_of(token.text)
    return one_segment(letter, number) if letter is not None else one_rib(number)


def _is_rib_letter(token: Token, before: Token, after: Token | None) -> bool:
    """`R R3 exh`: an R stuck to the number, with a word of breathing after it, is a rib."""
    if before.low != "r" or before.end != token.start or after is None or after.kind != "pattern":
        return False
    return "rib" in after.value.structures


def _breathing_ribs(found: list[Token], place: int, out: list[Token], header: Region | None) -> int:
    """`R 4 exh`, `ribs 4 R, 6 L exh`, `L 3-5 inh`: only ribs are held in a breath, so that a number before
    one is a rib's. Returns where the number ends, or 0.
    """
    if header not in (None, Region.RIB) or (out and out[-1].kind not in _BEFORE_RIB):
        return 0
    first = last = found[place]
    end = place + 1
    if end + 1 < len(found) and found[end].kind == "minus" and found[end + 1].kind == "number":
        last = found[end + 1]
        end += 2
    if not _breath_follows(found, end) or not (first.text.isdigit() and last.text.isdigit()):
        return 0
    level = _run_level(int(first.text), int(last.text), Region.RIB)
    if level is None:
        return 0
    text = first.text if last is first else f"{first.text}-{last.text}"
    out.append(Token("place", level, first.start, last.end, text))
    return end


def _breath_follows(found: list[Token], at: int) -> bool:
    """Whether a word of breathing follows, with nothing but a side between."""
    if next_side(found, at) is not None:
        at += 1
    return at < len(found) and found[at].kind == "pattern" and found[at].value.id in BREATHS


def _header_range(found: list[Token], place: int, out: list[Token], header: Region | None) -> int:
    """`Thoracic: 4-7 NSrRl`, `Ribs: 4-6 R exh`: a run of numbers under its header;
    returns where it ends, or 0.
    """
    end = place + 2
    if header is None or end >= len(found) or found[end].kind != "number":
        return 0
    texts = (found[place].text, found[end].text)
    if found[place + 1].kind != "minus" or not all(text.isdigit() for text in texts):
        return 0
    first, last = int(texts[0]), int(texts[1])
    level = _run_level(first, last, header)
    if level is None:
        return 0
    out.append(Token("place", level, found[place].start, found[end].end, f"{first}-{last}"))
    return end + 1


def _run_level(first: int, last: int, header: Region) -> Place | None:
    """The run of vertebrae or ribs that two numbers stand for under a header."""
    letter = SPINAL_HEADERS.get(header)
    if header is Region.RIB:
        return Place(rib_level(first, last), Region.RIB, "rib") if 1 <= first <= last <= RIB_COUNT else None
    ends = (f"{letter}{first}", f"{letter}{last}")
    if letter is None or first > last or any(name not in SPINE_ORDER for name in ends):
        return None
    return Place(segment_level(*ends), header, "segment")


def _numbers_then_motion(found: list[Token], at: int, header: Region | None) -> bool:
    """`3, 5 tender`: further numbers of a list under a header, and what is said of them."""
    return at + 1 < len(found) and found[at].kind == "number" and _starts_motion(found[at + 1], header)


def _starts_motion(token: Token, header: Region | None) -> bool:
    """Whether a token says something of a level before it, so that a number before it is one."""
    if header is Region.RIB:
        return token.kind in ("pattern", "side", "letter")
    return token.kind in ("code", "movement", "letter", "tart")


def _pair(found: list[Token], place: int, header: Region | None) -> Token:
    """Two sides written together: a sacral torsion,
    or both sides when nothing around speaks of the sacrum.
    """
    token = found[place]
    first, second, slashed = token.value
    if not slashed or first is second or header is Region.SACRAL or token.text.upper().endswith("ST"):
        return token
    if _near_sacrum(found, place):
        return token
    return Token("side", Side.BILATERAL, token.start, token.end, token.text)


def _near_sacrum(found: list[Token], place: int) -> bool:
    """Whether a word near by speaks of the sacrum or of a torsion."""
    for token in found[max(0, place - 3) : place + 4]:
        if token.low in ("st", "fst", "bst") or token.low.startswith(("tors", "sacr")):
            return True
    return False


def _counterstrain_position(found: list[Token], place: int, out: list[Token]) -> int:
    """A treatment position after a tender point (`F SARA`, `e Sa Ra`):
    where it ends, or 0 when there is none.
    """
    token = found[place]
    if token.kind != "letter" or token.value not in ("f", "e") or not _after_point(out):
        return 0
    at = place + 1
    twice = at < len(found) and found[at].kind == "letter" and found[at].value == token.value
    at += int(twice)
    first = at
    while at < len(found) and at < first + 3 and _POSITION.fullmatch(found[at].text):
        at += 1
    if (
        at == first
        and at < len(found)
        and found[at].kind not in ("comma", "break", "close", "tart", "score", "severity")
    ):
        return 0
    lead = f"{token.text}-{found[place + 1].text}" if twice else token.text
    text = " ".join([lead, *(t.text for t in found[first:at])])
    out.append(Token("position", text, token.start, found[at - 1].end, text))
    return at


def _after_point(out: list[Token]) -> bool:
    """Whether a tender point is spoken of just before."""
    for token in reversed(out[-8:]):
        if (
            token.kind == "place"
            and token.value.level is not None
            and token.value.level.kind is LevelKind.POINT
        ):
            return True
        if token.kind == "pattern" and token.value.id == "tenderpoint":
            return True
        if token.low in ("tp", "tps", "cs", "scs"):
            return True
    return False
