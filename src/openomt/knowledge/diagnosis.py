"""Records of how a diagnosis is reached from tests, and what makes one biomechanically atypical."""

from __future__ import annotations

import re
from string import Formatter
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from openomt.knowledge.base import Frozen, Record
from openomt.knowledge.vocabulary import RegionId

PLACEHOLDERS = frozenset(
    {
        "level",
        "motion",
        "pattern",
        "dysfunction",
        "seen",
        "found",
        "opposite",
        "expected",
        "first",
        "second",
        "key",
    }
)
"""The words a message may leave open, in braces; `medicine.typicality` fills them."""

GradeId = Literal["typical", "info", "warning", "contradiction"]
SideId = Literal["left", "right"]
PlaneId = Literal["N", "F", "E"]


def _known_placeholders(text: str) -> str:
    unknown = {name for _, name, _, _ in Formatter().parse(text) if name is not None} - PLACEHOLDERS
    if unknown:
        raise ValueError(f"unknown placeholders: {', '.join(sorted(unknown))}")
    return text


Template = Annotated[str, AfterValidator(_known_placeholders)]


class Rule(Record):
    """A check on findings. `message` says what is odd, `instead` what would fit; neither ever blocks."""

    grade: GradeId
    message: Template
    instead: Template = ""

    def summary(self) -> str:
        return f"{self.grade}: {self.message}"


class SpinalArea(Record):
    """A run of vertebrae that follow the same laws of motion."""

    kind: ClassVar[str] = "spinal_area"

    title: str
    first: str
    last: str


class Coupling(Rule):
    """One cell of the table of spinal motion: in these areas, this combination is typical or odd.

    planes    `any` also holds for a plane that nobody stated
    coupling  how rotation and sidebending stand to each other, or which of them is stated
    segments  fewest and most vertebrae in the finding
    """

    kind: ClassVar[str] = "coupling"

    areas: tuple[str, ...] = Field(min_length=1)
    planes: tuple[Literal["N", "F", "E", "unstated", "any"], ...] = Field(min_length=1)
    coupling: Literal["opposite", "same", "rotation only", "sidebending only", "plane only"]
    segments: tuple[int, int] = (1, 99)


class Torsion(Record):
    """A sacral torsion: the side it is rotated to, on which oblique axis. The id is the finding's pattern."""

    kind: ClassVar[str] = "torsion"

    rotation: SideId
    axis: SideId


class Selector(Frozen):
    """Which findings a rule looks at. Empty `patterns`: any; else one word or the whole of the pattern."""

    level: str
    patterns: tuple[str, ...] = ()


class Expectation(Rule):
    """If `of` is found, then `seen`, where somebody looked, should agree with it.

    reference  what the expectation is measured from: the dysfunction's side, or a torsion's rotation or axis
    compare    what is read from the second finding
    fits       `same`, `opposite`, `both` for sides; else the words or letters that agree
    same_side  the second finding counts only on the side of the dysfunction (or with no side)
    """

    kind: ClassVar[str] = "expectation"

    of: Selector
    seen: Selector
    reference: Literal["side", "axis", "rotation", "none"] = "none"
    compare: Literal["side", "pattern", "plane", "rotation", "sidebend"]
    fits: tuple[str, ...] = Field(min_length=1)
    same_side: bool = False


class Exclusive(Rule):
    """Two findings at one place that cannot both be true at one time.

    part       what differs; `pattern`: each of the two has another one of `patterns`
    same_side  only where the sides of the two meet
    """

    kind: ClassVar[str] = "exclusive"

    part: Literal["plane", "rotation", "pattern"]
    levels: tuple[str, ...] = Field(default=(), description="empty: any vertebra or run of vertebrae")
    patterns: tuple[str, ...] = ()
    same_side: bool = False

    @model_validator(mode="after")
    def _patterns_where_needed(self) -> Exclusive:
        if (self.part == "pattern") != (len(self.patterns) > 1):
            raise ValueError("give two or more patterns exactly when part is 'pattern'")
        return self


class SideRule(Rule):
    """Findings that need a side, or have none. A side is the finding's or the last letter of its pattern."""

    kind: ClassVar[str] = "side_rule"

    kinds: tuple[Literal["rib", "structure", "point"], ...] = ()
    levels: tuple[str, ...] = ()
    regions: tuple[RegionId, ...] = ()
    patterns: tuple[str, ...] = ()
    needs: Literal["side", "no side"]


class KeyRib(Rule):
    """Which rib of a group to treat, by the group's pattern. Shown as a suggestion only."""

    kind: ClassVar[str] = "key_rib"

    pattern: str
    end: Literal["first", "last"]


class RibGroup(Record):
    """The way a run of ribs moves with the breath."""

    kind: ClassVar[str] = "rib_group"

    motion: str
    first: int
    last: int
    note: str = ""


class Remark(Record):
    """A sentence added to a message about the finding judged: inferred, or turned from a restriction."""

    kind: ClassVar[str] = "remark"

    text: str


Family = Literal["sacrum", "pelvis", "rib", "segment", "OA", "AA"]


class LandmarkTest(Record):
    """One thing a hand looks for, and the results it can have.

    keys       names on the command line; `seated-flexion` in `seated-flexion=R`
    values     results, as in `deep`; those in `sided` are written `sulcus-deep=R`, the others `sulcus=level`
    default    the result meant when the key is given a side alone
    names      other spellings of a result
    equals     a result that says the same as another, on the other side of the body or with another word
    level      the level of a finding that states this test, with the result for each word of its pattern
    absent     the result when a finding is looked for and absent
    part       the part of the motion of a finding at `level` that states this test
    """

    kind: ClassVar[str] = "landmark_test"

    family: Family
    title: str
    keys: tuple[str, ...] = Field(min_length=1)
    values: tuple[str, ...] = Field(min_length=1)
    sided: tuple[str, ...] = ()
    default: str | None = None
    names: dict[str, str] = Field(default={})
    equals: dict[str, str] = Field(default={})
    level: str | None = None
    patterns: dict[str, str] = Field(default={})
    absent: str | None = None
    part: Literal["plane", "rotation", "sidebend"] | None = None

    @model_validator(mode="after")
    def _names_known_values(self) -> LandmarkTest:
        named = {*self.sided, *self.names.values(), *self.patterns.values()}
        named |= {value for value in (self.default, self.absent) if value}
        unknown = named - set(self.values)
        if unknown:
            raise ValueError(f"not among values: {', '.join(sorted(unknown))}")
        return self

    def summary(self) -> str:
        return self.title


class Expect(Frozen):
    """What a test shows in a dysfunction: any of `fits` (`deep right`, `level`, `positive both`), and why."""

    test: str
    fits: tuple[str, ...] = Field(min_length=1)
    why: str


class MotionOf(Frozen):
    """The position a candidate stands for, and the tests that show each part (none: inferred by the law)."""

    plane: PlaneId | None = None
    rotation: SideId | None = None
    sidebend: SideId | None = None
    shown_by: dict[Literal["plane", "rotation", "sidebend"], tuple[str, ...]] = Field(default={})


class CandidateDiagnosis(Record):
    """A dysfunction and what each test shows in it.

    mirrored      the record stands for its mirror image too: every left and right (L and R) changed
    region        None where the place given with the tests tells it
    areas         spinal areas it can stand in; empty: any
    place_needed  considered only when the place is given
    """

    kind: ClassVar[str] = "candidate"

    family: Family
    region: RegionId | None = None
    level: str | None = None
    side: Literal["left", "right", "bilateral"] | None = None
    pattern: str | None = None
    motion: MotionOf | None = None
    detail: str | None = None
    mirrored: bool = True
    areas: tuple[str, ...] = ()
    place_needed: bool = False
    note: str = ""
    expects: tuple[Expect, ...] = Field(min_length=1)

    def mirror(self) -> CandidateDiagnosis:
        """The same dysfunction on the other side of the body."""
        return CandidateDiagnosis.model_validate(_mirror(self.model_dump()))

    def summary(self) -> str:
        return f"{self.id}: {len(self.expects)} tests"


_OTHER = {"left": "right", "right": "left", "L": "R", "R": "L"}
_SIDE_WORD = re.compile(r"\b(left|right|L|R)\b")
_FIXED = ("kind", "shown_by", "sources", "region", "level", "test", "reviewed")


def _mirror(value: object, key: str = "") -> object:
    if key in _FIXED:
        return value
    if isinstance(value, str):
        return _SIDE_WORD.sub(lambda match: _OTHER[match[0]], value)
    if isinstance(value, dict):
        return {name: _mirror(part, name) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(_mirror(part, key) for part in value)
    return value


RECORDS: tuple[type[Record], ...] = (
    SpinalArea,
    Coupling,
    Torsion,
    Expectation,
    Exclusive,
    SideRule,
    KeyRib,
    RibGroup,
    Remark,
    LandmarkTest,
    CandidateDiagnosis,
)
