"""Motions put together from their parts: codes, movement words,
single letters and sides (`flexed, rotated R`)."""

from __future__ import annotations

from openomt.medicine.anatomy import Region, Side
from openomt.medicine.findings import Plane, SpinalMotion
from openomt.medicine.notation.lexicon import Movement, Place
from openomt.medicine.notation.motion import Motion, MotionCode
from openomt.medicine.notation.token import Token

LETTER_SIDES = {"r": Side.RIGHT, "l": Side.LEFT}
SPINAL_HEADERS = {Region.CERVICAL: "C", Region.THORACIC: "T", Region.LUMBAR: "L"}
"""Regions whose vertebrae can be written as a bare number under their header."""
_LETTER_PLANES = {"f": Plane.FLEXED, "e": Plane.EXTENDED, "n": Plane.NEUTRAL}
_JOINERS = frozenset({
    "with", "and", "comma", "plus", "slash", "of", "filler", "open", "close", "minus", "verb",
})  # fmt: skip
"""What may stand between the parts of a motion."""
_PARTS = {"rotation": "rotation", "rotated": "rotation", "sidebend": "sidebend", "sidebent": "sidebend"}
_AFTER_LEVEL = frozenset({"filler", "verb", "comma", "side", "tart", "of", "minus", "colon"})
_BEFORE_DIRECTION = frozenset({"filler", "of", "verb", "response", "side", "letter"})
_BOTH = Side.BILATERAL


class _Run:
    """Parts of a motion gathered so far. `pending`:
    those whose side is still to come; the rest: see `Motion`.
    """

    __slots__ = (
        "coded", "doubt", "dropped", "inferred", "named", "other", "parts", "pending", "plane", "shared",
    )  # fmt: skip

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
        doubt = self.doubt
        others: tuple[SpinalMotion, ...] = (self.other,) if self.other is not None else ()
        if doubt and not self.shared and rotation is not None:
            doubt, others = "", ()
        if self.pending:
            doubt = "the side is missing"
            others = (self._sided(Side.RIGHT), self._sided(Side.LEFT))
        if self.dropped:
            doubt = "was a letter dropped before the last side?"
        inferred = self.inferred or (("rotation",) if self.dropped else ())
        said = SpinalMotion(self.plane, rotation, sidebend, inferred=inferred)
        return Motion(said, self.named and not self.coded, self.coded, self.shared, doubt, others)

    def _sided(self, side: Side) -> SpinalMotion:
        """The motion with every part that lacks a side turned to one."""
        parts = self.parts | dict.fromkeys(self.pending, side)
        return SpinalMotion(self.plane, parts.get("rotation"), parts.get("sidebend"))


def motion_at(
    found: list[Token], place: int, out: list[Token], header: Region | None
) -> tuple[Motion, int] | None:
    """A motion that starts at `place`, and where it ends. None when nothing there is one."""
    run = _Run()
    at = end = place
    spinal = header in SPINAL_HEADERS or _after_spine(out)
    count = len(found)
    while at < count:
        step = _step(found, at, run, spinal)
        if step:
            at += step
            end = at
            spinal = True
        elif not run.empty and found[at].kind in _JOINERS and _goes_on(found, at, run):
            at += 1
        else:
            break
    if run.parts or run.plane is not None or (run.pending and (run.coded or run.named)):
        return run.motion(), end
    return None


def _after_spine(out: list[Token]) -> bool:
    """Whether a vertebra or a part of the spine stands just before."""
    for token in reversed(out[-3:]):
        if token.kind == "place":
            place: Place = token.value
            return place.type == "segment" or place.region in SPINAL_HEADERS
        if token.kind not in _AFTER_LEVEL:
            return False
    return False


def _step(found: list[Token], at: int, run: _Run, spinal: bool) -> int:
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
    """`FRSr`, `RS`: a code, unless it contradicts what was said before it."""
    said = code.motion
    if said.plane is not None and run.plane not in (None, said.plane):
        return 0
    if (said.rotation and "rotation" in run.parts) or (said.sidebend and "sidebend" in run.parts):
        return 0
    run.coded = True
    run.plane = said.plane or run.plane
    if said.rotation is not None:
        run.parts["rotation"] = said.rotation
    if said.sidebend is not None:
        run.parts["sidebend"] = said.sidebend
    run.pending = list(code.pending)
    run.shared = run.shared or code.shared
    run.doubt, run.other = code.doubt, code.other
    run.inferred = said.inferred
    if code.doubt and not code.shared:
        side = next_side(found, at + 1)
        if side is not None and side is said.sidebend:  # `NS R R`: the rotation too
            run.parts["rotation"] = side
            run.doubt, run.other = "", None
    return 1


def next_side(found: list[Token], at: int) -> Side | None:
    """The side at `at`, as a word or a letter."""
    if at >= len(found):
        return None
    token = found[at]
    if token.kind == "letter":
        return LETTER_SIDES.get(token.value)
    return token.value if token.kind == "side" else None


def _take_movement(move: Movement, run: _Run, found: list[Token], at: int) -> int:
    """`flexed`, `rotation`: a plane, or a part that waits for its side."""
    if isinstance(move.value, Plane):
        if run.plane not in (None, move.value):
            return 0
        run.plane = move.value
        run.named = run.named or move.noun
        return 1
    if move.value == "translation":
        return _take_translation(run, found, at)
    part = _PARTS.get(move.value)
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
        if found[ahead].kind not in _BEFORE_DIRECTION:
            return 0
        side = next_side(found, ahead)
        if side is not None and side is not Side.BILATERAL and "sidebend" not in run.parts:
            run.parts["sidebend"] = side.opposite
            run.coded = True
            return ahead - at + 1
    return 0


def _take_letter(token: Token, run: _Run, spinal: bool, found: list[Token], at: int) -> int:
    """`F`, `R`, `S`: one letter, which only after a vertebra is a part of a motion."""
    letter = token.value
    if letter in LETTER_SIDES:
        return _take_side_letter(token, run, spinal, found, at)
    if not spinal:
        return 0
    if letter == "s" and "sidebend" not in run.parts and (not run.empty or next_side(found, at + 1)):
        run.pending.append("sidebend")
        return 1
    plane = _LETTER_PLANES.get(letter)
    if plane is None or run.plane is not None:
        return 0
    run.plane = plane
    run.coded = True
    return 1


def _take_side_letter(token: Token, run: _Run, spinal: bool, found: list[Token], at: int) -> int:
    """`R`, `L`: a side, or an R that is rotation when a side follows it."""
    side = LETTER_SIDES[token.value]
    if _is_dropped(side, run, found, at):
        run.parts["rotation"], run.dropped = side, True
        return 1
    if token.value == "r" and spinal and not run.pending and "rotation" not in run.parts:
        if _spelled_pair(run, found, at):
            run.pending.extend(("rotation", "sidebend"))
            return 2
        if next_side(found, at + 1):
            if at + 2 < len(found) and found[at + 2].kind == "place" and run.empty:
                return 0  # `R R rib 4`
            run.pending.append("rotation")
            return 1
    return _take_side(side, run, found, at)


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
    return following.kind == "letter" and following.value == "s" and next_side(found, at + 2) is not None


def _take_side(side: Side, run: _Run, found: list[Token], at: int) -> int:
    """A side: of the parts that wait for one, or of the movement right after it (`right rotation`)."""
    following = found[at + 1] if at + 1 < len(found) else None
    if side is _BOTH:
        return 1 if following is not None and following.kind == "movement" and not run.empty else 0
    if run.pending:
        run.take(side)
        return 1
    if following is None:
        return 0
    if following.kind == "movement":
        return _take_sided_movement(side, following.value, run, found, at)
    if following.kind == "code" and following.value.pending and next_side(found, at + 2) is None:
        return _take_sided_code(side, following.value, run, found, at)
    return 0


def _take_sided_code(side: Side, code: MotionCode, run: _Run, found: list[Token], at: int) -> int:
    """`right FRS`: a code whose side stands before it."""
    if not _take_code(code, run, found, at + 1):
        return 0
    run.take(side)
    return 2


def _take_sided_movement(side: Side, move: Movement, run: _Run, found: list[Token], at: int) -> int:
    """`right rotation`, unless a side of its own follows the movement."""
    part = _PARTS.get(str(move.value))
    if part is None or part in run.parts or next_side(found, at + 2) not in (None, _BOTH):
        return 0
    run.parts[part] = side
    run.named = run.named or move.noun
    return 2


def _goes_on(found: list[Token], at: int, run: _Run) -> bool:
    """Whether the motion goes on after the joining words at `at` (four of them at most)."""
    for ahead in range(at, min(at + 4, len(found))):
        if found[ahead].kind not in _JOINERS:
            return _is_next_part(found, ahead, run, withal=found[at].kind == "with")
    return False


def _is_next_part(found: list[Token], at: int, run: _Run, withal: bool) -> bool:
    """Whether the token at `at` is a further part of the motion. After "with", a plane is none."""
    token = found[at]
    kind = token.kind
    if kind == "code":
        return not (token.value.motion.rotation and "rotation" in run.parts)
    if kind == "movement":
        if token.value.value in ("movement", "translation"):
            return False
        return not (withal and isinstance(token.value.value, Plane))
    if kind in ("side", "letter") and run.pending:
        return next_side(found, at) is not None
    if kind != "side" or at + 1 >= len(found) or found[at + 1].kind != "movement":
        return False
    return token.value is _BOTH or bool(run.parts) or run.named
