"""What makes findings biomechanically atypical: each oddity with its rule, source and what would fit instead.

The rules are records (`knowledge/data/typicality.toml`); this file only reads them. An oddity warns and
never blocks: the clinician's hands outrank the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from openomt.medicine.anatomy import SPINE_ORDER, Level, LevelKind, Side
from openomt.medicine.findings import Finding, Frame, Plane, SpinalMotion, Tart

if TYPE_CHECKING:
    from openomt.knowledge import diagnosis


class Grade(StrEnum):
    """How odd, mildest first. `info` is a remark or a suggestion."""

    INFO = "info"
    WARNING = "warning"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class Oddity:
    """One thing that does not fit the usual biomechanics.

    rule        id of the record that says so
    message     what is odd, in a sentence
    findings    places, in the sequence judged, of the findings concerned
    instead     what would fit; empty when there is nothing to offer
    sources     ids of the rule's sources
    confidence  how well the rule is confirmed (`V`, `1`, `K`, `?`, `derived`)
    review      who reviewed the rule, or that it awaits a physician
    """

    rule: str
    grade: Grade
    message: str
    findings: tuple[int, ...]
    instead: str
    sources: tuple[str, ...]
    confidence: str
    review: str


def judge(findings: Sequence[Finding]) -> tuple[Oddity, ...]:
    """Every oddity among these findings, in the order of the findings; usually none. Never raises.

    A motion stated as a restriction is judged on its ease. Parts the reader inferred are named.
    """
    rules = _rules()
    odd = [
        *_odd_motions(findings, rules),
        *_odd_sides(findings, rules),
        *_key_ribs(findings, rules),
        *_contradictions(findings, rules),
        *_unmet_expectations(findings, rules),
    ]
    return tuple(sorted(odd, key=lambda oddity: oddity.findings))


# --- One finding ----------------------------------------------------------------------------------


def _odd_motions(findings: Sequence[Finding], rules: _Rules) -> Iterator[Oddity]:
    """Rotation against sidebending, plane and length of the run, by the area of the spine."""
    for index, finding in enumerate(findings):
        if finding.motion is None or finding.absent or finding.level is None:
            continue
        cell = _cell(finding.level, finding.motion.ease(), rules)
        if cell is not None and cell.grade != "typical":
            yield _oddity(cell, findings, (index,), rules)


def _cell(level: Level, motion: SpinalMotion, rules: _Rules) -> diagnosis.Coupling | None:
    """The record that judges this motion. A run across two areas is odd only if odd in both."""
    if level.kind is not LevelKind.SEGMENT:
        return None
    coupling = _coupling(motion)
    cells = [
        cell
        for area in _areas(level, rules)
        if (cell := _first_cell(rules, area, motion.plane, coupling, level.count)) is not None
    ]
    return min(cells, key=lambda cell: _SEVERITY[cell.grade], default=None)


_SEVERITY = {"typical": 0, "info": 1, "warning": 2, "contradiction": 3}


def areas_of(level: Level) -> list[str]:
    """Ids of the areas of common motion that a vertebra or a run of them touches; empty for other places."""
    return _areas(level, _rules()) if level.kind is LevelKind.SEGMENT else []


def _areas(level: Level, rules: _Rules) -> list[str]:
    first, last = SPINE_ORDER[level.first], SPINE_ORDER[level.last]
    return [
        area.id for area in rules.areas if first <= SPINE_ORDER[area.last] and SPINE_ORDER[area.first] <= last
    ]


def _coupling(motion: SpinalMotion) -> str:
    if motion.rotation is None:
        return "plane only" if motion.sidebend is None else "sidebending only"
    if motion.sidebend is None:
        return "rotation only"
    return "same" if motion.rotation is motion.sidebend else "opposite"


def _first_cell(
    rules: _Rules, area: str, plane: Plane | None, coupling: str, segments: int
) -> diagnosis.Coupling | None:
    letter = plane.value if plane else "unstated"
    for cell in rules.couplings:
        planes: tuple[str, ...] = cell.planes
        fewest, most = cell.segments
        if (
            area in cell.areas
            and cell.coupling == coupling
            and (letter in planes or "any" in planes)
            and fewest <= segments <= most
        ):
            return cell
    return None


def _odd_sides(findings: Sequence[Finding], rules: _Rules) -> Iterator[Oddity]:
    """A side that is missing, or stated where there is none."""
    for index, finding in enumerate(findings):
        for rule, found in _broken_sides(finding):
            yield _oddity(rule, findings, (index,), rules, found=found)


@lru_cache(maxsize=2048)
def _broken_sides(finding: Finding) -> tuple[tuple[diagnosis.SideRule, str], ...]:
    """The rules of sides it breaks, and the side found. While somebody writes, most findings stay as they were."""
    if finding.absent or finding.level is None:
        return ()
    side = finding.side or _pattern_side(finding.pattern)
    return tuple(
        (rule, side.value if side else "")
        for rule in _rules().sides
        if (side is None) == (rule.needs == "side") and _concerns(rule, finding)
    )


def _concerns(rule: diagnosis.SideRule, finding: Finding) -> bool:
    level = finding.level
    if level is None:
        return False
    kinds: tuple[str, ...] = rule.kinds
    return (
        (not kinds or level.kind.value in kinds)
        and (not rule.levels or level.name in rule.levels)
        and (not rule.regions or finding.region.value in rule.regions)
        and (not rule.patterns or _bare_pattern(finding.pattern) in rule.patterns)
    )


_SIDE_LETTERS = {" L": Side.LEFT, " R": Side.RIGHT}


def _pattern_side(pattern: str | None) -> Side | None:
    """The side in the name of a cranial pattern: `torsion R`."""
    return _SIDE_LETTERS.get(pattern[-2:]) if pattern else None


def _bare_pattern(pattern: str | None) -> str:
    """The pattern without its side."""
    if not pattern:
        return ""
    return pattern[:-2] if _pattern_side(pattern) else pattern


def _key_ribs(findings: Sequence[Finding], rules: _Rules) -> Iterator[Oddity]:
    """A suggestion: which rib of a group to treat."""
    for index, finding in enumerate(findings):
        level = finding.level
        if level is None or level.kind is not LevelKind.RIB or finding.absent or not level.is_range:
            continue
        for rule in rules.key_ribs:
            if rule.pattern == finding.pattern:
                yield _oddity(rule, findings, (index,), rules, key=_key_of(rule, level))


def key_rib(level: Level, pattern: str) -> int | None:
    """The rib to treat in a group of this pattern, 1 to 12; None when no rule speaks of it."""
    if level.kind is not LevelKind.RIB:
        return None
    for rule in _rules().key_ribs:
        if rule.pattern == pattern:
            return int(_key_of(rule, level))
    return None


def _key_of(rule: diagnosis.KeyRib, level: Level) -> str:
    return level.first if rule.end == "first" else level.last


# --- Two findings ---------------------------------------------------------------------------------


def _contradictions(findings: Sequence[Finding], rules: _Rules) -> Iterator[Oddity]:
    """Two findings at one place that cannot both be true."""
    told_of = [_told_of(finding) for finding in findings]
    for place, rule in enumerate(rules.exclusives):
        told = [
            (index, value) for index, all_told in enumerate(told_of) if (value := all_told[place]) is not None
        ]
        for (i, first), (j, second) in combinations(told, 2):
            if first == second or findings[i].level != findings[j].level:
                continue
            if rule.same_side and not _sides_meet(findings[i].side, findings[j].side):
                continue
            yield _oddity(rule, findings, (i, j), rules, first=first, second=second)


@lru_cache(maxsize=2048)
def _told_of(finding: Finding) -> tuple[str | None, ...]:
    """What a finding says of the part of each rule of contradictions, in the order of the rules."""
    return tuple(_told(rule, finding) for rule in _rules().exclusives)


def _told(rule: diagnosis.Exclusive, finding: Finding) -> str | None:
    """What a finding says of the part a rule is about, in words; None when it says nothing."""
    level = finding.level
    if level is None or finding.absent:
        return None
    if rule.levels and level.name not in rule.levels and level.kind.value not in rule.levels:
        return None
    if rule.part == "pattern":
        return finding.pattern if finding.pattern in rule.patterns else None
    if level.kind is not LevelKind.SEGMENT or finding.motion is None:
        return None
    motion = finding.motion.ease()
    if rule.part == "plane":
        return _PLANE_WORDS[motion.plane] if motion.plane else None
    return motion.rotation.value if motion.rotation else None


def _sides_meet(one: Side | None, other: Side | None) -> bool:
    """Whether both speak of one side of the body; an unstated side meets only another unstated one."""
    if one is None or other is None:
        return one is other
    return one is other or Side.BILATERAL in (one, other)


def _unmet_expectations(findings: Sequence[Finding], rules: _Rules) -> Iterator[Oddity]:
    """Tests and landmarks that disagree with the dysfunction named beside them."""
    for index, dysfunction in enumerate(findings):
        for rule in _expected_beside(dysfunction):
            for other, seen in enumerate(findings):
                if other != index and _selected(rule.seen, seen):
                    yield from _unmet(rule, findings, index, other, rules)


@lru_cache(maxsize=2048)
def _expected_beside(dysfunction: Finding) -> tuple[diagnosis.Expectation, ...]:
    """The rules that say what is seen beside it."""
    if dysfunction.absent:
        return ()
    return tuple(rule for rule in _rules().expectations if _selected(rule.of, dysfunction))


def _unmet(
    rule: diagnosis.Expectation, findings: Sequence[Finding], index: int, other: int, rules: _Rules
) -> Iterator[Oddity]:
    dysfunction, seen = findings[index], findings[other]
    reference = _reference(rule, dysfunction, rules)
    if rule.same_side and seen.side not in (reference, None) and not seen.absent:
        return
    if rule.compare in ("plane", "pattern"):
        values = _words(rule, seen)
        if values and not values & set(rule.fits):
            found = " and ".join(sorted(_WORDS.get(value, value) for value in values))
            yield _oddity(rule, findings, (index, other), rules, found=found)
        return
    side = _side_seen(rule, seen)
    relation = _relation(side, reference)
    if side is None or relation is None or relation in rule.fits:
        return
    words = {"found": _SIDE_WORDS[side], "expected": _expected(rule, reference)}
    odd = _oddity(rule, findings, (index, other), rules, opposite=side.opposite.value, **words)
    yield replace(odd, instead="") if side is Side.BILATERAL else odd


def _selected(selector: diagnosis.Selector, finding: Finding) -> bool:
    """Whether a rule looks at this finding: the place (or a run over it) and a word of the pattern."""
    if finding.level is None or not _covers(finding.level, selector.level):
        return False
    return (
        not selector.patterns
        or finding.pattern in selector.patterns
        or not _pattern_words(finding).isdisjoint(selector.patterns)
    )


def _covers(level: Level, name: str) -> bool:
    if level.name == name:
        return True
    if level.kind is not LevelKind.SEGMENT or name not in SPINE_ORDER:
        return False
    return SPINE_ORDER[level.first] <= SPINE_ORDER[name] <= SPINE_ORDER[level.last]


def _pattern_words(finding: Finding) -> set[str]:
    """The words of the pattern. A test found absent is negative, a landmark without asymmetry level."""
    if not finding.absent:
        return set(finding.pattern.split()) if finding.pattern else set()
    if finding.pattern not in (None, "positive", "negative"):
        return set()
    return {"negative", "level"} if not finding.tart or Tart.ASYMMETRY in finding.tart else set()


def _words(rule: diagnosis.Expectation, seen: Finding) -> set[str]:
    """What the second finding says in words: its plane, or the words of its pattern that the rule knows."""
    if rule.compare == "pattern":
        return _pattern_words(seen) & set(rule.seen.patterns)
    plane = None if seen.absent or seen.motion is None else seen.motion.ease().plane
    return {plane.value} if plane else set()


def _side_seen(rule: diagnosis.Expectation, seen: Finding) -> Side | None:
    if seen.absent:
        return None
    if rule.compare == "side":
        return seen.side
    motion = seen.motion.ease() if seen.motion else SpinalMotion()
    return motion.rotation if rule.compare == "rotation" else motion.sidebend


def _reference(rule: diagnosis.Expectation, dysfunction: Finding, rules: _Rules) -> Side | None:
    """The side an expectation is measured from; both sides where the dysfunction has no one side."""
    if rule.reference == "side":
        return dysfunction.side
    if rule.reference == "none":
        return Side.BILATERAL
    torsion = rules.torsions.get(dysfunction.pattern or "")
    if torsion is None:
        return None
    return Side(torsion.axis if rule.reference == "axis" else torsion.rotation)


def _relation(side: Side | None, reference: Side | None) -> str | None:
    """How a side stands to the reference: `same`, `opposite`, `both`; None when it cannot be said."""
    if side is None or reference is None:
        return None
    if side is Side.BILATERAL:
        return "both"
    if reference is Side.BILATERAL:
        return "one"
    return "same" if side is reference else "opposite"


def _expected(rule: diagnosis.Expectation, reference: Side | None) -> str:
    """The side that would fit, in words."""
    if reference is None:
        return ""
    return _SIDE_WORDS[reference if "same" in rule.fits else reference.opposite]


# --- Words ----------------------------------------------------------------------------------------

_PLANE_WORDS = {Plane.FLEXED: "flexed", Plane.EXTENDED: "extended", Plane.NEUTRAL: "neutral"}
_WORDS = {plane.value: word for plane, word in _PLANE_WORDS.items()}
_SIDE_WORDS = {Side.LEFT: "left", Side.RIGHT: "right", Side.BILATERAL: "on both sides"}


def say_motion(motion: SpinalMotion) -> str:
    """`flexed, rotated right, sidebent left`, with the parts that are stated."""
    parts = [
        _PLANE_WORDS[motion.plane] if motion.plane else "",
        f"rotated {motion.rotation.value}" if motion.rotation else "",
        f"sidebent {motion.sidebend.value}" if motion.sidebend else "",
    ]
    return ", ".join(part for part in parts if part)


def say_finding(finding: Finding) -> str:
    """`sacrum, L on L torsion`, `right innominate, anterior rotation`, `T5, flexed, rotated right`."""
    place = finding.level.name if finding.level else finding.region.value.replace("_", " ")
    sided = f"{finding.side.value} {place}" if finding.side else place
    motion = say_motion(finding.motion) if finding.motion else ""
    return ", ".join(part for part in (sided, motion, finding.pattern) if part)


def _oddity(
    rule: diagnosis.Rule, findings: Sequence[Finding], places: tuple[int, ...], rules: _Rules, **words: str
) -> Oddity:
    """The rule's sentence about these findings. `words` fill what only the caller knows."""
    first, last = findings[places[0]], findings[places[-1]]
    known = {
        "level": first.level.name if first.level else "",
        "motion": say_motion(first.motion.ease()) if first.motion else "",
        "pattern": first.pattern or "",
        "dysfunction": say_finding(first),
        "seen": last.level.name if last.level else "",
    } | words
    remarks = [remark for place in places for remark in _remarks(findings[place], rules)]
    return Oddity(
        rule=rule.id,
        grade=Grade(rule.grade),
        message=" ".join([_fill(rule.message, known), *remarks]),
        findings=places,
        instead=_fill(rule.instead, known),
        sources=rule.sources,
        confidence=rule.confidence.value,
        review=rule.review_state,
    )


def _fill(template: str, words: dict[str, str]) -> str:
    """The sentence, tidied where a word is not known."""
    return " ".join(template.format_map(words).split()).replace(" :", ":")


def _remarks(finding: Finding, rules: _Rules) -> Iterator[str]:
    motion = finding.motion
    if motion is None or finding.level is None:
        return
    words = {
        "level": finding.level.name,
        "motion": say_motion(motion.ease()),
        "part": " and ".join(motion.inferred),
    }
    if motion.frame is Frame.RESTRICTION:
        yield rules.remarks["judged-on-ease"].format_map(words)
    if motion.inferred:
        yield rules.remarks["inferred"].format_map(words)


# --- The records ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rules:
    areas: tuple[diagnosis.SpinalArea, ...]
    couplings: tuple[diagnosis.Coupling, ...]
    torsions: Mapping[str, diagnosis.Torsion]
    expectations: tuple[diagnosis.Expectation, ...]
    exclusives: tuple[diagnosis.Exclusive, ...]
    sides: tuple[diagnosis.SideRule, ...]
    key_ribs: tuple[diagnosis.KeyRib, ...]
    remarks: Mapping[str, str]


@cache
def _rules() -> _Rules:
    from openomt.knowledge import diagnosis
    from openomt.knowledge.loader import load

    knowledge = load()
    return _Rules(
        areas=knowledge.all(diagnosis.SpinalArea),
        couplings=knowledge.all(diagnosis.Coupling),
        torsions={torsion.id: torsion for torsion in knowledge.all(diagnosis.Torsion)},
        expectations=knowledge.all(diagnosis.Expectation),
        exclusives=knowledge.all(diagnosis.Exclusive),
        sides=knowledge.all(diagnosis.SideRule),
        key_ribs=knowledge.all(diagnosis.KeyRib),
        remarks={remark.id: remark.text for remark in knowledge.all(diagnosis.Remark)},
    )
