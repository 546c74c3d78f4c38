"""Labels beside the figure: what stands there, and where, so that none covers another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from textwrap import wrap

from openomt.care.visits.body_map.marks import Drawing
from openomt.care.visits.body_map.shapes import BOTTOM, LEFT_EDGE, RIGHT_EDGE, Point
from openomt.medicine.anatomy import LevelKind, Side
from openomt.medicine.findings import Finding, SpinalMotion, Tart
from openomt.medicine.narrative.phrases import region_title
from openomt.medicine.notation import write

LINE = 15.0
GAP = 7.0
TOP = 24.0
LONGEST = 12
SEVERITY_WORDS = ("none", "minor", "obvious", "key")
_TART_WORDS = {
    Tart.TISSUE_TEXTURE: "texture",
    Tart.ASYMMETRY: "uneven",
    Tart.RESTRICTION: "restricted",
    Tart.TENDERNESS: "tender",
}
SHORT = {
    "innominate": "Innom.",
    "pubic symphysis": "Pubes",
    "pubic tubercle": "Pubic t.",
    "fibular head": "Fib. head",
    "radial head": "Rad. head",
    "sacral sulcus": "Sulcus",
    "sacral base": "Base",
    "diaphragm": "Diaphragm",
    "pelvic diaphragm": "Pelvic d.",
    "medial malleolus": "Med. mall.",
    "thoracic outlet": "Inlet",
    "sternocleidomastoid": "SCM",
    "levator scapulae": "Lev. scap.",
    "quadratus lumborum": "QL",
}
"""Names too long for a label."""
_NARROW, _WIDE = frozenset("iljtfr.,-–1 ()"), frozenset("mwMWR")


@dataclass(slots=True)
class Label:
    """A label: its lines, whether the last says that a rule bars what is planned, and where it may lead."""

    lines: tuple[str, ...]
    drawing: Drawing
    barred: bool = False
    current: bool = False
    side: int = 0
    top: float = 0.0
    below: bool = False

    @property
    def height(self) -> float:
        return LINE * (len(self.lines) + self.barred)

    @property
    def over(self) -> bool:
        """Whether the label would cover what it names, so far out does that lie: then it stands above or below."""
        return abs(self.anchor[0]) + 4 > RIGHT_EDGE - width_of(self.lines[0])

    @property
    def wish(self) -> float:
        """Where its first line would best begin."""
        if not self.over:
            return self.anchor[1] - LINE / 2
        return self.anchor[1] + 6 if self.below else self.anchor[1] - self.height - 6

    @property
    def anchor(self) -> Point:
        point = self.drawing.right if self.side > 0 else self.drawing.left
        return point or self.drawing.left or self.drawing.right or (0.0, 0.0)


@lru_cache(maxsize=4096)
def lines_of(finding: Finding) -> tuple[str, ...]:
    """Place and position in one line, then what else fits in a line or two."""
    title, said = _title(finding)
    rest: list[str] = []
    if finding.pattern and not said:
        rest.append(finding.pattern)
    if finding.severity is not None and finding.severity < len(SEVERITY_WORDS):
        rest.append(f"{finding.severity} {SEVERITY_WORDS[finding.severity]}")
    if not rest:
        rest.append(", ".join(_TART_WORDS[tart] for tart in finding.tart))
    return (_cut(title, LONGEST), *(part for line in rest for part in wrap(line, LONGEST + 1)[:2]))


def _cut(line: str, longest: int) -> str:
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip(' ,')}…"


def _title(finding: Finding) -> tuple[str, bool]:
    """The first line, and whether it already says the pattern."""
    level = finding.level
    side = f" {finding.side.letter}" if finding.side in (Side.LEFT, Side.RIGHT) else ""
    if level is None:
        return region_title(finding.region) + side, False
    if level.kind is LevelKind.SEGMENT:
        motion = finding.motion.ease() if finding.motion else None
        return (_position(finding, motion) if motion else level.name + side).replace("-", "–"), False
    if level.kind is LevelKind.RIB:
        name = f"Ribs {level.first}–{level.last}" if level.is_range else f"Rib {level.first}"
        return name + side, finding.pattern in ("inhalation", "exhalation")
    if level.name == "sacrum" and finding.pattern and finding.pattern.endswith(" torsion"):
        return finding.pattern.removesuffix(" torsion"), True
    name = SHORT.get(level.name, level.name)
    return name[:1].upper() + name[1:] + side, finding.pattern == "tenderpoint"


def _position(finding: Finding, motion: SpinalMotion) -> str:
    return write([Finding(finding.region, finding.level, motion=motion)]).split(" @")[0]


@lru_cache(maxsize=4096)
def width_of(text: str) -> float:
    """About how wide a line is in the figure's units (13 px, semibold)."""
    return sum(4.8 if c in _NARROW else 11.4 if c in _WIDE else 9 if c.isupper() else 8.1 for c in text)


def place(labels: Sequence[Label]) -> None:
    """Gives every label its side and its height: near what it names, none over another, all within the figure."""
    heights = {-1: 0.0, 1: 0.0}
    free: list[Label] = []
    for label in labels:
        if label.drawing.left and label.drawing.right:
            free.append(label)
            continue
        label.side = 1 if label.drawing.right else -1
        heights[label.side] += label.height + GAP
    for label in free:
        label.side = 1 if heights[1] <= heights[-1] else -1
        heights[label.side] += label.height + GAP
    for side in (-1, 1):
        here = sorted((one for one in labels if one.side == side), key=lambda one: one.anchor[1])
        _choose_below(here)
        _spread(sorted(here, key=lambda one: one.wish))


def _choose_below(labels: Sequence[Label]) -> None:
    """A label that cannot stand above what it names, because others need the room, stands below it."""
    bottom = TOP
    for label in labels:
        label.below = label.over and bottom > label.wish
        bottom = max(bottom, label.wish) + label.height + GAP


def _spread(labels: Sequence[Label]) -> None:
    """Sets `top` of labels of one side, in order: each as near to its anchor as the others let it be."""
    groups: list[list[Label]] = []
    for label in labels:
        groups.append([label])
        while len(groups) > 1 and _top(groups[-2]) + _height(groups[-2]) > _top(groups[-1]):
            last = groups.pop()
            groups[-1].extend(last)
    for group in groups:
        top = _top(group)
        for label in group:
            label.top = top
            top += label.height + GAP


def _height(group: Sequence[Label]) -> float:
    return sum(label.height + GAP for label in group)


def _top(group: Sequence[Label]) -> float:
    """Where a run of touching labels begins, so that its labels lie nearest to their anchors on the whole."""
    wished = 0.0
    below = 0.0
    for label in group:
        wished += label.wish - below
        below += label.height + GAP
    return max(TOP, min(wished / len(group), BOTTOM - below))


def leader(label: Label) -> str:
    """The line from what is found to the first line of its label."""
    x, y = label.anchor
    if label.over:
        x -= 6 * label.side
        edge, start = (label.top + label.height + 1, y - 5) if label.top < y else (label.top + 1, y + 5)
        return f"M{x:.1f} {start:.1f}V{edge:.1f}"
    height = label.top + LINE / 2
    width = width_of(label.lines[0])
    end = (RIGHT_EDGE - width - 4) if label.side > 0 else (LEFT_EDGE + width + 4)
    room = abs(end) - abs(x)
    bend = label.side * (abs(x) + max(4.0, min(room - 6, abs(height - y) * 0.9 + 4)))
    if room <= 8:
        return f"M{x:.1f} {y:.1f}L{end:.1f} {height:.1f}"
    return f"M{x:.1f} {y:.1f}L{bend:.1f} {height:.1f}H{end:.1f}"
