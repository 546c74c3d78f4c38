"""Places and what is said of them, gathered clause by clause: which words belong to which place."""

from __future__ import annotations

from dataclasses import dataclass, field

from openomt.medicine.anatomy import Region, Side
from openomt.medicine.findings import Tart
from openomt.medicine.notation.lexicon import PatternEntry, Place, TechniqueEntry
from openomt.medicine.notation.motion import Motion
from openomt.medicine.notation.token import Token
from openomt.medicine.visit import Response


@dataclass(slots=True)
class Anchor:
    """One place named in the text, with the side said right beside it.

    fixed   its spelling was corrected, or its range turned round
    target  a technique was given to it
    leads   its side stood before it; `lent`: the side came from the place before it in a list
    listed  it follows another place after a comma
    """

    place: Place
    side: Side | None
    start: int
    end: int
    fixed: bool = False
    word: str = ""
    target: bool = False
    lent: bool = False
    leads: bool = False
    listed: bool = False

    @property
    def name(self) -> str:
        """The name of its level; empty for a whole region."""
        return self.place.level.name if self.place.level is not None else ""


class Group:
    """Places that share what is said of them. Most fields keep the default that the class holds.

    side, lead         side of all its places; side that was said before them
    tart, absent       evidence found, and looked for and not found
    patterns, missing  named dysfunctions (and whether said as a noun), and those denied
    restricted_motion  the motion is one that is restricted
    direction          where a restricted movement goes
    result             of a test: "positive" or "negative"
    pair, axis         two sides of the sacrum (`L on R`), and its oblique axis
    graded             the severity alone makes a finding (`T4 2/3`)
    told               patterns that a finding of theirs names
    said               something was said of them, so a new place starts a new group; `said_after`: after the
                       places
    is_point, is_test  it is about a tender point, a test
    process, sulcus    it is about a transverse process, about the sulcus of the occiput
    answered           a response was said of them, so that a place after it is another
    again              a second statement about places named before; `breath`: a breath was turned to its
                       opposite; `hindered`: a rotation was said to be restricted; `bare_rib`: only a breath
                       tells that a number is a rib's
    spread             the nameless place (`paraspinal`) whose regions follow one by one; `counts_to`: region
                       after `@`
    """

    side: Side | None = None
    lead: Side | None = None
    motion: Motion | None = None
    restricted_motion = False
    direction: Side | None = None
    result = ""
    severity: int | None = None
    graded = False
    normal = False
    unexamined = False
    dysfunction = False
    pair: tuple[Side, Side] | None = None
    axis: Side | None = None
    position: str | None = None
    pain: tuple[int, int] | None = None
    detail: str | None = None
    is_point = False
    is_test = False
    said = False
    said_after = False
    process = False
    sulcus = False
    again = False
    answered = False
    breath = False
    hindered = False
    bare_rib = False
    spread: Place | None = None
    counts_to: Region | None = None
    fixed = False
    start = -1
    end = -1

    def __init__(self, anchors: list[Anchor] | None = None) -> None:
        self.anchors: list[Anchor] = [] if anchors is None else anchors
        self.tart: list[Tart] = []
        self.absent: list[Tart] = []
        self.patterns: list[tuple[PatternEntry, bool]] = []
        self.missing: list[PatternEntry] = []
        self.tokens: list[Token] = []
        self.told: set[str] = set()

    def cover(self, token: Token) -> None:
        """Takes a token's place in the text into the group's span."""
        if self.start < 0 or token.start < self.start:
            self.start = token.start
        if token.end > self.end:  # noqa: PLR1730  # a third of the time of max()
            self.end = token.end
        if token.fixed:
            self.fixed = True

    def note(self, token: Token) -> None:
        """Marks that a token said something of the group."""
        self.said = True
        self.said_after = bool(self.anchors)
        self.cover(token)

    def add(self, anchor: Anchor) -> None:
        """Takes one more place."""
        self.anchors.append(anchor)
        kind = anchor.place.type
        if kind == "point":
            self.is_point = True
        elif kind == "test":
            self.is_test = True

    @property
    def own_side(self) -> Side | None:
        """The side of the group, or of its last place."""
        return self.side or (self.anchors[-1].side if self.anchors else None)

    @property
    def floating(self) -> bool:
        """Whether its only place takes its region or level from the words around it (`paraspinal`)."""
        if len(self.anchors) != 1:
            return False
        place = self.anchors[0].place
        return place.region is None and place.type != "point"

    @property
    def has_segment(self) -> bool:
        """Whether one of its places is a vertebra."""
        return any(a.place.type == "segment" for a in self.anchors)

    @property
    def at_landmark(self) -> bool:
        """Whether one of its places is something that can lie high, low, deep and so on."""
        return any(a.place.type in ("bone", "landmark", "joint") for a in self.anchors)

    def absorb(self, other: Group) -> None:
        """Takes over what was said without a place of its own."""
        self.tart.extend(t for t in other.tart if t not in self.tart)
        self.absent.extend(t for t in other.absent if t not in self.absent)
        self.patterns.extend(other.patterns)
        self.motion = self.motion or other.motion
        self.severity = self.severity if other.severity is None else max(self.severity or 0, other.severity)
        self.result = self.result or other.result
        self.side = self.side or other.side
        self.said = self.said or other.said
        self.end = max(self.end, other.end)

    def regions(self) -> list[Region]:
        """The regions of its places, each once."""
        out: list[Region] = []
        for anchor in self.anchors:
            region = anchor.place.region
            if region is not None and region not in out:
                out.append(region)
        return out


@dataclass(slots=True)
class Technique:
    """A technique named in the text and the places it was given to, as far as the words tell.
    `run`: see `Scope`.
    """

    entry: TechniqueEntry
    token: Token
    run: int
    targets: list[Anchor] = field(default_factory=list)
    group: Group | None = None


@dataclass(slots=True)
class Answer:
    """A response named in the text. `gated`: it counts only where treatment or a complaint is spoken of."""

    response: Response
    token: Token
    gated: bool = False
    groups: list[Group] = field(default_factory=list)


class Clause:
    """What one clause holds.

    header      the region it is under
    treating    it speaks of treatment; `avoided`: of none that was given; `history`: of an earlier one
    withheld    techniques that were not given
    tells       words such as `denies` or `since` show that it tells what was
    complaint   it speaks of what the patient feels
    """

    treating = False
    complaint = False
    history = False
    avoided = False
    tells = False

    def __init__(self, header: Region | None) -> None:
        self.header = header
        self.groups: list[Group] = []
        self.techniques: list[Technique] = []
        self.answers: list[Answer] = []
        self.unknown: list[Token] = []
        self.withheld: list[Token] = []
