"""Tokens to statements of motion, place and side: the letters and words that only mean something together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from openomt.medicine.anatomy import (
    SPINE_ORDER,
    LevelKind,
    Region,
    Side,
    rib_level,
    segment_level,
    segment_region,
)
from openomt.medicine.findings import Frame, Plane, SpinalMotion
from openomt.medicine.notation.lexer import Token, number_of
from openomt.medicine.notation.lexicon import Movement, Place
from openomt.medicine.notation.motion import MotionCode


@dataclass(frozen=True, slots=True)
class Motion:
    """A stated motion. `named`: said as nouns (`flexion`), so that "restricted" beside it means the movement."""

    motion: SpinalMotion
    named: bool
    coded: bool
    shared: bool = False
    doubt: str = ""
    other: SpinalMotion | None = None


_LETTER_SIDES = {"r": Side.RIGHT, "l": Side.LEFT}
_LETTER_PLANES = {"f": Plane.FLEXED, "e": Plane.EXTENDED, "n": Plane.NEUTRAL}
_REGION_LETTERS = {"c": Region.CERVICAL, "t": Region.THORACIC, "l": Region.LUMBAR}
_SPINAL_HEADERS = {Region.CERVICAL: "C", Region.THORACIC: "T", Region.LUMBAR: "L"}
_JOINERS = frozenset({"with", "and", "comma", "plus", "slash", "of", "filler", "open", "close", "side filler", "minus", "verb"})
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
    after = _counterstrain_position(found, place, out)
    if after:
        return after
    read = _motion(found, place, out, header)
    if read is not None:
        motion, after = read
        out.append(Token("motion", motion, token.start, found[after - 1].end, token.text))
        return after
    if token.kind == "letter":
        out.append(_letter(found, place, out))
        return place + 1
    out.append(token)
    return place + 1


# --- motion ---------------------------------------------------------------------------------------------


class _Run:
    """Parts of a motion gathered so far."""

    __slots__ = ("coded", "doubt", "named", "other", "parts", "pending", "plane", "shared")

    def __init__(self) -> None:
        self.plane: Plane | None = None
        self.parts: dict[str, Side] = {}
        self.pending: list[str] = []
        self.named = False
        self.coded = False
        self.shared = False
        self.doubt = ""
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
        inferred = self.other is not None and self.doubt != "" and self.shared
        said = SpinalMotion(
            self.plane,
            self.parts.get("rotation"),
            self.parts.get("sidebend"),
            inferred=("rotation", "sidebend") if inferred else (),
        )
        return Motion(said, self.named and not self.coded, self.coded, self.shared, self.doubt, self.other)


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
    clash = (motion.plane and run.plane not in (None, motion.plane)) or (motion.rotation and "rotation" in run.parts)
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
    part = {"rotation": "rotation", "rotated": "rotation", "sidebend": "sidebend", "sidebent": "sidebend"}.get(move.value)
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
        if found[ahead].kind == "tart":
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
        if letter == "r" and spinal and not run.pending and _next_side(found, at + 1) and "rotation" not in run.parts:
            if at + 2 < len(found) and found[at + 2].kind == "place" and run.empty:
                return 0
            run.pending.append("rotation")
            return 1
        return _take_side(_LETTER_SIDES[letter], run, found, at)
    if letter == "s" and "sidebend" not in run.parts and (not run.empty or _next_side(found, at + 1)) and spinal:
        run.pending.append("sidebend")
        return 1
    plane = _LETTER_PLANES.get(letter)
    if plane is None or not spinal or run.plane is not None:
        return 0
    run.plane = plane
    run.coded = True
    return 1


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
        part = {"rotation": "rotation", "rotated": "rotation", "sidebend": "sidebend", "sidebent": "sidebend"}.get(
            str(move.value)
        )
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
            return token.value.value not in ("movement", "translation") and (not withal or not isinstance(token.value.value, Plane))
        if token.kind in ("side", "letter") and run.pending:
            return _next_side(found, ahead) is not None
        if token.kind == "side":
            both = token.value is Side.BILATERAL
            return ahead + 1 < len(found) and found[ahead + 1].kind == "movement" and (both or bool(run.parts))
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
    while at + 1 < len(found) and found[at].kind in ("comma", "and", "slash") and found[at + 1].kind == "number":
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
    inside = bool(out) and out[-1].kind == "open" and place + 1 < len(found) and found[place + 1].kind == "close"
    if inside and token.text in ("0", "1", "2", "3"):
        out.append(Token("severity", int(token.text), token.start, token.end, token.text))
        return place + 1
    after = found[place + 1] if place + 1 < len(found) else None
    named = header in _SPINAL_HEADERS or header is Region.RIB
    if named and token.text.isdigit() and after is not None and _starts_motion(after, header):
        number = number_of(token.text)
        letter = _SPINAL_HEADERS.get(header) if header else None
        level = _segment(letter, number) if letter else _rib(number)
        if level is not None:
            out.append(Token("place", level, token.start, token.end, token.text))
            return place + 1
    out.append(token)
    return place + 1


def _rib(number: int) -> Place | None:
    return Place(rib_level(number), Region.RIB, "rib") if 1 <= number <= 12 else None


def _starts_motion(token: Token, header: Region | None) -> bool:
    if header is Region.RIB:
        return token.kind in ("pattern", "side", "letter")
    return token.kind in ("code", "movement", "letter")


def _pair(found: list[Token], place: int, out: list[Token], header: Region | None) -> int:
    """Two sides written together: a sacral torsion, or both sides when nothing around speaks of the sacrum."""
    token = found[place]
    first, second, slashed = token.value
    if slashed and first is not second and header is not Region.SACRAL and not _near_sacrum(found, place):
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
    while at < len(found) and at < place + 4 and _POSITION.fullmatch(found[at].text):
        at += 1
    if at == place + 1 and at < len(found) and found[at].kind not in ("comma", "break", "close"):
        return 0
    text = " ".join(t.text for t in found[place:at])
    out.append(Token("position", text, token.start, found[at - 1].end, text))
    return at


def _after_point(out: list[Token]) -> bool:
    for token in reversed(out[-8:]):
        if token.kind == "place" and token.value.level is not None and token.value.level.kind is LevelKind.POINT:
            return True
        if token.kind == "pattern" and token.value.id == "tenderpoint":
            return True
        if token.text.lower() in ("tp", "tps", "cs", "scs"):
            return True
    return False


def restricted(motion: SpinalMotion) -> SpinalMotion:
    """The motion as one that is restricted rather than free."""
    return SpinalMotion(motion.plane, motion.rotation, motion.sidebend, Frame.RESTRICTION, motion.inferred)
