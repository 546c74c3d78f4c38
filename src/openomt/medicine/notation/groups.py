"""Places and what is said of them, gathered clause by clause: which words belong to which place."""

from __future__ import annotations

from dataclasses import dataclass, field

from openomt.medicine.anatomy import Region, Side
from openomt.medicine.findings import Tart
from openomt.medicine.notation.compose import Motion
from openomt.medicine.notation.lexer import Token
from openomt.medicine.notation.lexicon import PatternEntry, Place, TechniqueEntry
from openomt.medicine.visit import Response


@dataclass(slots=True)
class Anchor:
    """One place named in the text, with the side said right beside it."""

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


@dataclass(slots=True)
class Group:
    """Places that share what is said of them.

    said      something was said of them, so a new place starts a new group
    is_point  it is about a tender point; is_test: about a test
    """

    anchors: list[Anchor] = field(default_factory=list)
    side: Side | None = None
    lead: Side | None = None
    tart: list[Tart] = field(default_factory=list)
    absent: list[Tart] = field(default_factory=list)
    patterns: list[tuple[PatternEntry, bool]] = field(default_factory=list)
    missing: list[PatternEntry] = field(default_factory=list)
    motion: Motion | None = None
    restricted_motion: bool = False
    direction: Side | None = None
    result: str = ""
    severity: int | None = None
    normal: bool = False
    unexamined: bool = False
    dysfunction: bool = False
    pair: tuple[Side, Side] | None = None
    axis: Side | None = None
    zink: str = ""
    position: str | None = None
    pain: tuple[int, int] | None = None
    detail: str | None = None
    is_point: bool = False
    is_test: bool = False
    graded: bool = False
    said: bool = False
    said_after: bool = False
    header: bool = False
    process: bool = False
    sulcus: bool = False
    again: bool = False
    breath: bool = False
    spread: Place | None = None
    counts_to: Region | None = None
    fixed: bool = False
    tokens: list[Token] = field(default_factory=list)
    start: int = -1
    end: int = -1

    def cover(self, token: Token) -> None:
        """Takes a token's place in the text into the group's span."""
        if self.start < 0 or token.start < self.start:
            self.start = token.start
        self.end = max(self.end, token.end)
        self.fixed = self.fixed or token.fixed

    def add(self, anchor: Anchor) -> None:
        """Takes one more place."""
        self.anchors.append(anchor)
        kind = anchor.place.type
        if kind == "point":
            self.is_point = True
        elif kind == "test":
            self.is_test = True

    @property
    def floating(self) -> bool:
        """Whether its only place takes its region or level from the words around it (`paraspinal`)."""
        return (
            len(self.anchors) == 1
            and self.anchors[0].place.region is None
            and self.anchors[0].place.type != "point"
        )

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
        return list(dict.fromkeys(a.place.region for a in self.anchors if a.place.region is not None))


@dataclass(slots=True)
class Technique:
    """A technique named in the text and the places it was given to, as far as the words tell."""

    entry: TechniqueEntry
    token: Token
    run: int
    targets: list[Anchor] = field(default_factory=list)
    group: Group | None = None


@dataclass(slots=True)
class Answer:
    """A response named in the text."""

    response: Response
    token: Token
    gated: bool = False
    groups: list[Group] = field(default_factory=list)


@dataclass(slots=True)
class Clause:
    """What one clause holds."""

    groups: list[Group] = field(default_factory=list)
    techniques: list[Technique] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    unknown: list[Token] = field(default_factory=list)
    treating: bool = False
    complaint: bool = False
    history: bool = False
    everywhere: bool = False
    avoided: bool = False
    header: Region | None = None
