"""Tokens to statements of motion, place and side: the letters and words that only mean something together."""

from __future__ import annotations

import re

from openomt.medicine.anatomy import (
    RIB_COUNT,
    SPINE_ORDER,
    LevelKind,
    Region,
    Side,
    rib_level,
    segment_level,
    segment_region,
)
from openomt.medicine.findings import Plane, SpinalMotion
from openomt.medicine.notation.lexer import Token, number_of
from openomt.medicine.notation.lexicon import Movement, Place
from openomt.medicine.notation.motion import Motion, MotionCode

_LETTER_SIDES = {"r": Side.RIGHT, "l": Side.LEFT}
_LETTER_PLANES = {"f": Plane.FLEXED, "e": Plane.EXTENDED, "n": Plane.NEUTRAL}
_REGION_LETTERS = {"c": Region.CERVICAL, "t": Region.THORACIC, "l": Region.LUMBAR}
_SPINAL_HEADERS = {Region.CERVICAL: "C", Region.THORACIC: "T", Region.LUMBAR: "L"}
_JOINERS = frozenset(
    {"with", "and", "comma", "plus", "slash", "of", "filler", "open", "close", "side filler", "minus", "verb"}
)
_LINKS = frozenset({"and", "comma", "plus", "slash", "of", "filler"})
_POSITION = re.compile(r"(?:s[at]?)?(?:r[at]?)?|add|abd|ir|er", re.IGNORECASE)
_STARTS = frozenset({"code", "movement", "letter", "side"})


def compose(found: list[Token], header: Region | None) -> list[Token]:
    """The tokens of one line with motions assembled and letters explained. `header` is the region the line is under."""
    out: list[Token] = []
    place = 0
    count = len(found)
    while place < count:
        token = found[place]
        kind = token.kind
        if kind in _STARTS:
            place = _start(found, place, out, header)
        elif kind == "place":
            out.append(token)
            place = _more_levels(found, place + 1, out, token)
        elif (
            kind == "grade"
            and token.text.lower() == "sev"
            and found[place + 1 : place + 2]
            and found[place + 1].kind != "number"
        ):
            out.append(Token("severity", _MOST_SEVERE, token.start, token.end, token.text))
            place += 1
        elif kind in ("number", "ordinal"):
            place = _number(found, place, out, header)
        elif kind == "pair":
            place = _pair(found, place, out, header)
        else:
            out.append(token)
            place += 1
    return out


def _start(found: list[Token], place: int, out: list[Token], header: Region | None) -> int:
    token = found[place]
    if _plain_side(found, place):
        out.append(token if token.kind == "side" else _letter(found, place, out))
        return place + 1
    after = _counterstrain_position(found, place, out)
    if after:
        return after
    read = _motion(found, place, out, header)
    if read is not None:
        motion, after = read
        fixed = any(t.fixed for t in found[place:after])
        out.append(Token("motion", motion, token.start, found[after - 1].end, token.text, fixed))
        return after
    if token.kind == "letter":
        out.append(_letter(found, place, out))
        return place + 1
    out.append(token)
    return place + 1


def _plain_side(found: list[Token], place: int) -> bool:
    """Whether a side cannot be part of a motion: what follows is none. The usual case, so it is asked first."""
    token = found[place]
    if token.kind != "side" and token.value not in _LETTER_SIDES:
        return False
    return place + 1 == len(found) or found[place + 1].kind not in _STARTS


# --- motion ---------------------------------------------------------------------------------------------


class _Run:
    """Parts of a motion gathered so far."""

    __slots__ = (
        "coded",
        "doubt",
        "dropped",
        "inferred",
        "named",
        "other",
        "parts",
        "pending",
        "plane",
        "shared",
    )

    def __init__(self) -> None:
        self.plane: Plane | None = None
        self.parts: dict[str, Side] = {}
        self.pending: list[str] = []
        self.named = False
        self.coded = False
        self.shared = False
        self.doubt = ""
        self.dropped = False
        self.inferred: tuple[str, ...] = ()
        self.other: SpinalMotion | None = None

    @property
    def empty(self) -> bool:
        return self.plane is None and not self.parts and not self.pending

    def take(self, side: Side) -> None:
        for part in self.pending:
            self.parts[part] = side
        self.shared = self.shared or len(self.pending) > 1
        self.pending.clear()

    def motion(self) -> Motion:
        rotation, sidebend = self.parts.get("rotation"), self.parts.get("sidebend")
        doubt, others = self.doubt, (self.other,) if self.other is not None else ()
        if doubt and not self.shared and rotation is not None:
            doubt, others = "", ()
        if self.pending:
            doubt = "the side is missing"
            others = tuple(self._sided(side) for side in (Side.RIGHT, Side.LEFT))
        if self.dropped:
            doubt = "was a letter dropped before the last side?"
        inferred = self.inferred or (("rotation",) if self.dropped else ())
        said = SpinalMotion(self.plane, rotation, sidebend, inferred=inferred)
        return Motion(said, self.named and not self.coded, self.coded, self.shared, doubt, others)

    def _sided(self, side: Side) -> SpinalMotion:
        """The motion with every part that lacks a side turned to one."""
        parts = self.parts | dict.fromkeys(self.pending, side)
        return SpinalMotion(self.plane, parts.get("rotation"), parts.get("sidebend"))


def _motion(
    found: list[Token], place: int, out: list[Token], header: Region | None
) -> tuple[Motion, int] | None:
    """A motion that starts at `place`, and where it ends. None when nothing there is one."""
    run = _Run()
    at = place
    end = place
    spinal = header in _SPINAL_HEADERS or _after_spine(out)
    while at < len(found):
        step = _motion_step(found, at, run, spinal)
        if step == 0:
            if run.empty or found[at].kind not in _JOINERS or not _goes_on(found, at, run):
                break
            at += 1
            continue
        at += step
        end = at
        spinal = True
    if run.empty or (not run.parts and run.plane is None and not run.coded and not run.named):
        return None
    return run.motion(), end


def _after_spine(out: list[Token]) -> bool:
    for token in reversed(out[-3:]):
        if token.kind == "place":
            place: Place = token.value
            return place.type == "segment" or place.region in _SPINAL_HEADERS
        if token.kind not in ("filler", "verb", "comma", "side", "tart", "of", "minus", "colon"):
            return False
    return False


def _motion_step(found: list[Token], at: int, run: _Run, spinal: bool) -> int:
    """How many tokens at `at` belong to the run; 0 for none. Fills the run."""
    token = found[at]
    if token.kind == "code":
        return _take_code(token.value, run, found, at)
    if token.kind == "movement":
        return _take_movement(token.value, run, found, at)
    if token.kind == "letter":
        return _take_letter(token, run, spinal, found, at)
    if token.kind == "side":
        return _take_side(token.value, run, found, at)
    return 0


def _take_code(code: MotionCode, run: _Run, found: list[Token], at: int) -> int:
    motion = code.motion
    clash = (motion.plane and run.plane not in (None, motion.plane)) or (
        motion.rotation and "rotation" in run.parts
    )
    if clash or (motion.sidebend and "sidebend" in run.parts):
        return 0
    run.coded = True
    run.plane = motion.plane or run.plane
    if motion.rotation:
        run.parts["rotation"] = motion.rotation
    if motion.sidebend:
        run.parts["sidebend"] = motion.sidebend
    run.pending = list(code.pending)
    run.shared = run.shared or code.shared
    run.doubt, run.other = code.doubt, code.other
    run.inferred = motion.inferred
    if code.doubt and not code.shared and (side := _next_side(found, at + 1)) is motion.sidebend:
        run.parts["rotation"] = side
        run.doubt, run.other = "", None
    return 1


def _next_side(found: list[Token], at: int) -> Side | None:
    if at >= len(found):
        return None
    token = found[at]
    if token.kind == "letter":
        return _LETTER_SIDES.get(token.value)
    return token.value if token.kind == "side" else None


def _take_movement(move: Movement, run: _Run, found: list[Token], at: int) -> int:
    if isinstance(move.value, Plane):
        if run.plane not in (None, move.value):
            return 0
        run.plane = move.value
        run.named = run.named or move.noun
        return 1
    part = {
        "rotation": "rotation",
        "rotated": "rotation",
        "sidebend": "sidebend",
        "sidebent": "sidebend",
    }.get(move.value)
    if move.value == "translation":
        return _take_translation(run, found, at)
    if part is None or part in run.parts:
        return 0
    run.named = run.named or move.noun
    run.pending.append(part)
    return 1


def _take_translation(run: _Run, found: list[Token], at: int) -> int:
    """Translation to one side goes with sidebending to the other; said by the dossier for OA and the neck."""
    if at and found[at - 1].kind == "tart":
        return 0
    for ahead in range(at + 1, min(at + 4, len(found))):
        if found[ahead].kind not in ("filler", "of", "verb", "response", "side", "letter"):
            return 0
        side = _next_side(found, ahead)
        if side is not None and side is not Side.BILATERAL and "sidebend" not in run.parts:
            run.parts["sidebend"] = side.opposite
            run.coded = True
            return ahead - at + 1
    return 0


def _take_letter(token: Token, run: _Run, spinal: bool, found: list[Token], at: int) -> int:
    letter = token.value
    if letter in _LETTER_SIDES:
        if _is_dropped(_LETTER_SIDES[letter], run, found, at):
            run.parts["rotation"], run.dropped = _LETTER_SIDES[letter], True
            return 1
        if letter == "r" and spinal and _spelled_pair(run, found, at):
            run.pending.extend(("rotation", "sidebend"))
            return 2
        if (
            letter == "r"
            and spinal
            and not run.pending
            and _next_side(found, at + 1)
            and "rotation" not in run.parts
        ):
            if at + 2 < len(found) and found[at + 2].kind == "place" and run.empty:
                return 0
            run.pending.append("rotation")
            return 1
        return _take_side(_LETTER_SIDES[letter], run, found, at)
    if (
        letter == "s"
        and "sidebend" not in run.parts
        and (not run.empty or _next_side(found, at + 1))
        and spinal
    ):
        run.pending.append("sidebend")
        return 1
    plane = _LETTER_PLANES.get(letter)
    if plane is None or not spinal or run.plane is not None:
        return 0
    run.plane = plane
    run.coded = True
    return 1


def _is_dropped(side: Side, run: _Run, found: list[Token], at: int) -> bool:
    """`N SR L`: a bare side after a neutral sidebend is the rotation whose letter was left out."""
    alone = at + 1 == len(found) or found[at + 1].kind in ("comma", "break")
    bent = run.parts.get("sidebend")
    return (
        run.plane is Plane.NEUTRAL
        and bent is side.opposite
        and "rotation" not in run.parts
        and not run.pending
        and alone
    )


def _spelled_pair(run: _Run, found: list[Token], at: int) -> bool:
    """`F R S right`: letters said one by one."""
    if run.pending or run.parts or at + 2 >= len(found):
        return False
    following = found[at + 1]
    return following.kind == "letter" and following.value == "s" and _next_side(found, at + 2) is not None


def _take_side(side: Side, run: _Run, found: list[Token], at: int) -> int:
    if side is Side.BILATERAL and at + 1 < len(found) and found[at + 1].kind == "movement" and not run.empty:
        return 1
    if run.pending:
        if side is Side.BILATERAL:
            return 0
        run.take(side)
        return 1
    if side is Side.BILATERAL:
        return 0
    ahead = at + 1
    if ahead < len(found) and found[ahead].kind == "movement":
        move: Movement = found[ahead].value
        part = {
            "rotation": "rotation",
            "rotated": "rotation",
            "sidebend": "sidebend",
            "sidebent": "sidebend",
        }.get(str(move.value))
        if part and part not in run.parts and _next_side(found, ahead + 1) in (None, Side.BILATERAL):
            run.parts[part] = side
            run.named = run.named or move.noun
            return 2
    if ahead < len(found) and found[ahead].kind == "code" and found[ahead].value.pending:
        code: MotionCode = found[ahead].value
        if _next_side(found, ahead + 1) is None and _take_code(code, run, found, ahead):
            run.take(side)
            return 2
    return 0


def _goes_on(found: list[Token], at: int, run: _Run) -> bool:
    """Whether the motion goes on after the joining words at `at` (four of them at most)."""
    withal = found[at].kind == "with"
    for ahead in range(at, min(at + 4, len(found))):
        token = found[ahead]
        if token.kind in _JOINERS:
            continue
        if token.kind == "code":
            return not run.parts or not (token.value.motion.rotation and "rotation" in run.parts)
        if token.kind == "movement":
            return token.value.value not in ("movement", "translation") and (
                not withal or not isinstance(token.value.value, Plane)
            )
        if token.kind in ("side", "letter") and run.pending:
            return _next_side(found, ahead) is not None
        if token.kind == "side":
            both = token.value is Side.BILATERAL
            return (
                ahead + 1 < len(found)
                and found[ahead + 1].kind == "movement"
                and (both or bool(run.parts) or run.named)
            )
        return False
    return False


# --- the rest -------------------------------------------------------------------------------------------


def _letter(found: list[Token], place: int, out: list[Token]) -> Token:
    token = found[place]
    letter = token.value
    before = out[-1] if out else None
    after = found[place + 1] if place + 1 < len(found) else None
    if _is_region_letter(token, before, after, found, place):
        region = Place(None, _REGION_LETTERS[letter], "region")
        return Token("place", region, token.start, token.end, token.text)
    if letter in _LETTER_SIDES:
        return Token("side", _LETTER_SIDES[letter], token.start, token.end, token.text)
    if letter == "b" and token.text == "B":
        return Token("side", Side.BILATERAL, token.start, token.end, token.text)
    if letter in "iuw" and token.text.isupper():
        return Token("response letter", letter, token.start, token.end, token.text)
    if letter in "aiposw":
        return Token("filler", letter, token.start, token.end, token.text)
    return Token("unknown", letter, token.start, token.end, token.text)


def _is_region_letter(
    token: Token, before: Token | None, after: Token | None, found: list[Token], place: int
) -> bool:
    """`C`, `T`, `L` in a list of regions: beside a separator whose other neighbor is a region."""
    if token.value not in _REGION_LETTERS or not token.text.isupper():
        return False
    lists = ("comma", "and", "plus", "slash")
    if before is not None and before.kind in lists and place >= 2 and _is_region(found[place - 2]):
        return True
    if after is None or after.kind not in lists or place + 2 >= len(found):
        return after is not None and after.text.lower() == "spine"
    beyond = found[place + 2]
    spine = beyond.kind == "letter" and place + 3 < len(found) and found[place + 3].text.lower() == "spine"
    return spine or (_is_region(beyond) and token.value != "l")


def _is_region(token: Token) -> bool:
    return (token.kind == "place" and token.value.type == "region") or (
        token.kind == "letter" and token.value in "ct" and token.text.isupper()
    )


def _more_levels(found: list[Token], at: int, out: list[Token], token: Token) -> int:
    """Further numbers of a list of vertebrae or ribs: `T3, 5 and 7`. Returns where the list ends."""
    place: Place = token.value
    if place.type not in ("segment", "rib") or place.level is None:
        return at
    while (
        at + 1 < len(found) and found[at].kind in ("comma", "and", "slash") and found[at + 1].kind == "number"
    ):
        skip = 1
        number = int(float(found[at + skip].text))
        beyond = found[at + 2].kind if at + 2 < len(found) else ""
        if beyond in ("slash", "unknown", "complaint"):
            return at
        more = _numbered(place, number)
        if more is None:
            return at
        out.append(found[at])
        out.append(Token("place", more, found[at + 1].start, found[at + 1].end, found[at + 1].text))
        at += 2
    return at


def _numbered(place: Place, number: int) -> Place | None:
    if place.type == "rib":
        return Place(rib_level(number), Region.RIB, "rib") if 1 <= number <= 12 else None
    letter = place.level.last[0] if place.level else ""
    return _segment(letter, number)


def _segment(letter: str, number: int) -> Place | None:
    name = "AA" if (letter, number) == ("C", 1) else f"{letter}{number}"
    if name not in SPINE_ORDER:
        return None
    return Place(segment_level(name), segment_region(name), "segment")


def _number(found: list[Token], place: int, out: list[Token], header: Region | None) -> int:
    """A bare number: a level under a header that supplies the letter, a severity, or only a number."""
    token = found[place]
    if out and out[-1].kind == "grade" and number_of(token.text) <= _MOST_SEVERE:
        graded = out.pop()
        text = str(number_of(token.text))
        out.append(Token("severity", int(text), graded.start, token.end, text))
        return place + 1
    ranged = _header_range(found, place, out, header)
    if ranged:
        return ranged
    inside = (
        bool(out) and out[-1].kind == "open" and place + 1 < len(found) and found[place + 1].kind == "close"
    )
    if inside and token.text in ("0", "1", "2", "3"):
        out.append(Token("severity", int(token.text), token.start, token.end, token.text))
        return place + 1
    after = found[place + 1] if place + 1 < len(found) else None
    if _is_rib_letter(found, place, out):
        level = _rib(number_of(token.text))
        if level is not None:
            out[-1] = Token("place", level, out[-1].start, token.end, token.text)
            return place + 1
    named = header in _SPINAL_HEADERS or header is Region.RIB
    listed = (
        after is not None
        and after.kind in ("comma", "and")
        and _numbers_then_motion(found, place + 2, header)
    )
    if named and token.text.isdigit() and after is not None and (listed or _starts_motion(after, header)):
        number = number_of(token.text)
        letter = _SPINAL_HEADERS.get(header) if header else None
        level = _segment(letter, number) if letter else _rib(number)
        if level is not None:
            out.append(Token("place", level, token.start, token.end, token.text))
            return place + 1
    out.append(token)
    return place + 1


_MOST_SEVERE = 3


def _is_rib_letter(found: list[Token], place: int, out: list[Token]) -> bool:
    """`R R3 exh`: an R stuck to the number, with a word of breathing after it, is a rib."""
    stuck = bool(out) and out[-1].text == "R" and out[-1].end == found[place].start
    after = found[place + 1] if place + 1 < len(found) else None
    return stuck and after is not None and after.kind == "pattern" and "rib" in after.value.structures


def _header_range(found: list[Token], place: int, out: list[Token], header: Region | None) -> int:
    """`Thoracic: 4-7 NSrRl`, `Ribs: 4-6 R exh`: a run of numbers under its header; returns where it ends, or 0."""
    end = place + 2
    if header is None or end + 1 > len(found) or end >= len(found):
        return 0
    if found[place + 1].kind != "minus" or found[end].kind != "number" or not found[place].text.isdigit():
        return 0
    first, last = int(found[place].text), int(float(found[end].text))
    level = _run_level(first, last, header)
    if level is None:
        return 0
    out.append(Token("place", level, found[place].start, found[end].end, f"{first}-{last}"))
    return end + 1


def _run_level(first: int, last: int, header: Region) -> Place | None:
    letter = _SPINAL_HEADERS.get(header)
    if header is Region.RIB:
        return Place(rib_level(first, last), Region.RIB, "rib") if 1 <= first <= last <= RIB_COUNT else None
    ends = (f"{letter}{first}", f"{letter}{last}")
    if letter is None or first > last or any(name not in SPINE_ORDER for name in ends):
        return None
    return Place(segment_level(*ends), header, "segment")


def _rib(number: int) -> Place | None:
    return Place(rib_level(number), Region.RIB, "rib") if 1 <= number <= 12 else None


def _numbers_then_motion(found: list[Token], at: int, header: Region | None) -> bool:
    """`3, 5 tender`: further numbers of a list under a header, and what is said of them."""
    return at + 1 < len(found) and found[at].kind == "number" and _starts_motion(found[at + 1], header)


def _starts_motion(token: Token, header: Region | None) -> bool:
    if header is Region.RIB:
        return token.kind in ("pattern", "side", "letter")
    return token.kind in ("code", "movement", "letter", "tart")


def _pair(found: list[Token], place: int, out: list[Token], header: Region | None) -> int:
    """Two sides written together: a sacral torsion, or both sides when nothing around speaks of the sacrum."""
    token = found[place]
    first, second, slashed = token.value
    sacral = header is Region.SACRAL or token.text.upper().endswith("ST") or _near_sacrum(found, place)
    if slashed and first is not second and not sacral:
        out.append(Token("side", Side.BILATERAL, token.start, token.end, token.text))
    else:
        out.append(token)
    return place + 1


def _near_sacrum(found: list[Token], place: int) -> bool:
    for token in found[max(0, place - 3) : place + 4]:
        if token.text.upper() in ("ST", "FST", "BST") or token.text.lower().startswith(("tors", "sacr")):
            return True
    return False


def _counterstrain_position(found: list[Token], place: int, out: list[Token]) -> int:
    """A treatment position after a tender point (`F SARA`, `e Sa Ra`): where it ends, or 0 when there is none."""
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
    for token in reversed(out[-8:]):
        if (
            token.kind == "place"
            and token.value.level is not None
            and token.value.level.kind is LevelKind.POINT
        ):
            return True
        if token.kind == "pattern" and token.value.id == "tenderpoint":
            return True
        if token.text.lower() in ("tp", "tps", "cs", "scs"):
            return True
    return False
