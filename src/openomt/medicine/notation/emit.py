"""Groups to findings: one for each of a group's places, with what was said of it."""

from __future__ import annotations

from dataclasses import replace

from openomt.medicine.anatomy import LevelKind, Region, Side, named_level
from openomt.medicine.findings import Finding, Tart
from openomt.medicine.notation.draft import Draft, ordered
from openomt.medicine.notation.groups import Anchor, Group
from openomt.medicine.notation.lexicon import PatternEntry, Place
from openomt.medicine.notation.motions import add_bare_side, add_motion, add_pair, share_list
from openomt.medicine.notation.patterns import add_patterns, resolve
from openomt.medicine.notation.questions import ask
from openomt.medicine.notation.reading import Question, ReadFinding, Span
from openomt.medicine.notation.terms import terms

_FACETS = frozenset({"posterior", "anterior", "superior", "inferior"})
_RESTRICTION, _ASYMMETRY, _TENDERNESS = Tart.RESTRICTION, Tart.ASYMMETRY, Tart.TENDERNESS
_BILATERAL = Side.BILATERAL
_IS_RIB = Question("a number beside a breath was read as a rib; is that meant?")


def findings_of(group: Group) -> list[ReadFinding]:
    """The findings a group stands for: one for each place, and one more where something is absent there."""
    out: list[ReadFinding] = []
    for anchor in group.anchors:
        if anchor.place.type == "test":
            _add_test(out, group, anchor)
        else:
            _add_findings(out, group, anchor)
    if group.counts_to is None:
        return out
    return [replace(read, finding=replace(read.finding, region=group.counts_to)) for read in out]


def _add_findings(out: list[ReadFinding], group: Group, anchor: Anchor) -> None:
    """What is there, and what is not."""
    region = anchor.place.region or _region_of_floating(anchor)
    if region is None:
        return
    if group.result == "negative":
        out.append(_absent(group, anchor, region))
        return
    if group.absent and _moves_freely(group):
        return
    present = _present(group, anchor, region)
    if present is not None:
        out.append(present)
    if group.absent or group.missing or (group.normal and present is None):
        out.append(_absent(group, anchor, region))
    for entry in group.missing[1:]:
        out.append(_missing(group, anchor, entry, region))


def _moves_freely(group: Group) -> bool:
    """`plantar flexion was free`: a movement that is there says nothing of the place."""
    if group.absent != [_RESTRICTION] or not group.patterns or group.tart or group.motion is not None:
        return False
    return all(noun and entry.id in terms().movements for entry, noun in group.patterns)


def _region_of_floating(anchor: Anchor) -> Region | None:
    """A Chapman point without a place named lies, on most charts, between ribs;
    anything else stays unplaced.
    """
    return Region.RIB if anchor.name == "Chapman point" else None


def _add_test(out: list[ReadFinding], group: Group, anchor: Anchor) -> None:
    """A named test with its result."""
    region = anchor.place.region
    if not group.result or region is None:
        return
    finding = Finding(
        region=region,
        level=anchor.place.level,
        side=anchor.side or group.side or group.direction,
        pattern=group.result,
        absent=group.result == "negative",
        detail=group.detail,
    )
    if anchor.word.lower() == "sft":
        seated = replace(
            finding, region=Region.SACRAL, level=named_level("seated flexion test", LevelKind.TEST)
        )
        question = Question("SFT may mean the standing or the seated flexion test", (finding, seated))
        out.append(ReadFinding(finding, _span(group, anchor), ("level",), question))
    else:
        out.append(ReadFinding(finding, _span(group, anchor), ("spelling",) if anchor.fixed else ()))


def _span(group: Group, anchor: Anchor) -> Span:
    """From the first word of the place, or of what was said of it, to the last."""
    start, end = group.start, group.end
    if group.again and start >= 0:
        return Span(start, end)
    if len(group.anchors) > 1 or not 0 <= start < anchor.start:
        start = anchor.start
    return Span(start, end if end > anchor.end else anchor.end)


def _absent(group: Group, anchor: Anchor, region: Region) -> ReadFinding:
    """What was looked for and not found."""
    place = anchor.place
    pattern = None
    if group.missing:
        place, region, pattern = resolve(group.missing[0], place, region)
    tart = list(group.absent)
    if place.type == "point" and pattern is None:
        pattern = _point_pattern(place)
    if pattern == "tenderpoint" and _TENDERNESS not in tart:
        tart.append(_TENDERNESS)
    finding = Finding(
        region=region,
        level=place.level,
        side=anchor.side or group.side,
        pattern=pattern,
        tart=ordered(tart),
        absent=True,
        severity=None if group.tart else group.severity,
    )
    return ReadFinding(finding, _span(group, anchor))


def _missing(group: Group, anchor: Anchor, entry: PatternEntry, region: Region) -> ReadFinding:
    """One more dysfunction that was looked for and not found."""
    place, region, pattern = resolve(entry, anchor.place, region)
    finding = Finding(region, place.level, anchor.side or group.side, pattern=pattern, absent=True)
    return ReadFinding(finding, _span(group, anchor))


def _point_pattern(place: Place) -> str:
    chapman = place.level is not None and place.level.name == "Chapman point"
    return "Chapman point" if chapman else "tenderpoint"


def _present(group: Group, anchor: Anchor, region: Region) -> ReadFinding | None:
    """What is there. None when nothing was said that makes a finding."""
    draft = Draft(anchor.place, region, anchor.side or group.side, group.tart)
    if group.patterns:
        add_patterns(group, anchor.place, draft)
    if group.motion is not None:
        add_motion(group, group.motion, draft)
    if group.pair is not None or group.axis is not None:
        add_pair(group, draft)
    if draft.side is not None:
        add_bare_side(group, draft)
    if draft.motion is not None:
        share_list(group, anchor, draft)
    if group.sulcus or group.process:
        _name_facets(group, draft)
    if draft.side is not None or group.direction is not None:
        _settle_side(group, anchor, draft)
    if not (draft.pattern or draft.motion or draft.tart) and not _is_told(group, anchor, draft):
        return None
    if draft.pattern is None and draft.place.type == "point":
        draft.pattern = _point_pattern(draft.place)
    if draft.pattern in terms().directions and draft.place.level is None and not group.tart:
        return None
    if draft.pattern == "tenderpoint":
        draft.show(_TENDERNESS)
    finding = Finding(
        draft.region,
        draft.place.level,
        draft.side,
        draft.motion,
        draft.pattern,
        ordered(draft.tart),
        group.severity,
        False,
        group.position,
        group.pain,
        group.detail,
    )
    return _told(group, anchor, draft, finding)


def _told(group: Group, anchor: Anchor, draft: Draft, finding: Finding) -> ReadFinding:
    """A finding with what was inferred of it and what a person is asked."""
    inferred = (*draft.inferred, "spelling") if group.fixed else draft.inferred
    question = draft.question or ask(finding, anchor)
    if group.bare_rib:
        inferred = (*inferred, "level")
        question = question or _IS_RIB
    return ReadFinding(finding, _span(group, anchor), inferred, question)


def _name_facets(group: Group, draft: Draft) -> None:
    """`OA deep R sulcus`, `T4 posterior TP`: landmarks of a vertebra."""
    if group.sulcus and draft.pattern in ("deep", "shallow"):
        draft.pattern = f"{draft.pattern} sulcus"
        draft.motion = None
        draft.show(_ASYMMETRY)
    if group.process and group.patterns and draft.pattern in _FACETS:
        draft.pattern = f"{draft.pattern} TP"
        draft.show(_ASYMMETRY)


def _settle_side(group: Group, anchor: Anchor, draft: Draft) -> None:
    """A vertebra that is only restricted has no side of its own; one that moves has no two sides."""
    if (
        anchor.side is None
        and draft.place.type == "segment"
        and not draft.pattern
        and draft.tart == [_RESTRICTION]
    ):
        draft.side = None
    if draft.motion is None:
        draft.side = draft.side or group.direction
    elif draft.side is _BILATERAL:
        draft.side = None
        if draft.motion.rotation is not None or draft.motion.sidebend is not None:
            group.detail = group.detail or "side also written: both"


def _is_told(group: Group, anchor: Anchor, draft: Draft) -> bool:
    """Whether enough was said to make a finding without evidence. A tender point is one by its name."""
    if group.normal:
        return False
    told = group.pain is not None or group.position is not None
    point = draft.place.type == "point" and (told or not anchor.target) and not group.absent
    return point or group.dysfunction or group.graded
