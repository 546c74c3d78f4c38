"""From raw tests and landmarks to the dysfunctions they fit, with reasons and the test that would decide.

The tables are records (`knowledge/data/landmarks.toml`); this file only compares them with what was observed.
Each area tested (sacrum, pelvis, a group of ribs, a vertebra, OA, AA) is one question with its own answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

from openomt.medicine import typicality
from openomt.medicine.anatomy import (
    SPINE_ORDER,
    Level,
    LevelKind,
    Region,
    Side,
    named_level,
    parse_rib_level,
    rib_level,
    segment_level,
    segment_region,
)
from openomt.medicine.findings import Finding, Plane, SpinalMotion, Tart

if TYPE_CHECKING:
    from openomt.knowledge import diagnosis


@dataclass(frozen=True, slots=True)
class Observation:
    """One result of one test.

    test   id of the test (`seated-flexion`, `sulcus`, `asis-height`)
    value  its result (`positive`, `deep`, `inferior`)
    side   side of the result; None when it has none
    place  the vertebrae or ribs examined; None elsewhere or when nobody said
    """

    test: str
    value: str
    side: Side | None = None
    place: Level | None = None

    @property
    def said(self) -> str:
        """The result in words: `deep right`, `positive both`, `level`."""
        return f"{self.value} {_SIDE_WORDS[self.side]}" if self.side else self.value


_SIDE_WORDS = {Side.LEFT: "left", Side.RIGHT: "right", Side.BILATERAL: "both"}


@dataclass(frozen=True, slots=True)
class Reason:
    """How one test bears on one candidate. `observed` is empty for a test that was not done."""

    test: str
    title: str
    observed: str
    expected: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A dysfunction that the tests may mean.

    finding      what would be charted; None where the place was not given. Untested parts are marked inferred
    rank         1 for the best; candidates that fit equally well share a rank
    score        tests that fit, less tests that contradict
    fits, contradicts, missing   the reasons for and against, and the tests not done that would speak
    note         what it is also called, on which axis, or how it usually stands
    suggestions  key rib and kind of motion, for ribs
    """

    name: str
    finding: Finding | None
    rank: int
    score: int
    fits: tuple[Reason, ...]
    contradicts: tuple[Reason, ...]
    missing: tuple[Reason, ...]
    note: str
    suggestions: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: str
    review: str


@dataclass(frozen=True, slots=True)
class Deciding:
    """A test not done, or set aside, that separates open candidates, with what each result would leave."""

    test: str
    title: str
    separates: int
    results: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The answer for one area: candidates in order, results in conflict, and the tests that would decide.

    open  names of the candidates that remain: some test fits, and none contradicts or no score is better
    """

    family: str
    place: Level | None
    observations: tuple[Observation, ...]
    candidates: tuple[Candidate, ...]
    open: tuple[str, ...]
    conflicts: tuple[str, ...]
    deciding: tuple[Deciding, ...]


class ObservationError(ValueError):
    """A test or result that is not known. The message names the argument and what was probably meant."""


def diagnose(observations: Iterable[Observation]) -> tuple[Diagnosis, ...]:
    """One diagnosis for each area tested, in the order the tests name them.

    A test given two results that exclude each other is said in `conflicts` and counts neither way.
    Raises ObservationError for a test or a result that the tables do not hold.
    """
    groups: dict[tuple[str, Level | None], list[Observation]] = {}
    for observation in observations:
        test = _known_test(observation)
        place = observation.place if test.family in _PLACED else None
        groups.setdefault((test.family, place), []).append(observation)
    return tuple(_diagnose(family, place, group) for (family, place), group in groups.items())


_PLACED = ("segment", "rib")


def _known_test(observation: Observation) -> diagnosis.LandmarkTest:
    test = _tables().tests.get(observation.test)
    if test is None:
        raise ObservationError(f"no test {observation.test!r}{_nearest(observation.test, _tables().tests)}")
    if observation.value not in test.values:
        raise ObservationError(
            f"{test.id} has no result {observation.value!r}{_nearest(observation.value, test.values)}"
        )
    if (observation.side is not None) != (observation.value in test.sided):
        raise ObservationError(
            f"{test.id}: {observation.value} {'needs a' if observation.side is None else 'has no'} side"
        )
    return test


# --- One area ----------------------------------------------------------------------------------------


def _diagnose(family: str, place: Level | None, observations: Sequence[Observation]) -> Diagnosis:
    given, conflicts = _settle(observations)
    weighed = [_weigh(record, given) for record in _possible(family, place)]
    order = sorted(weighed, key=lambda one: one.standing, reverse=True)
    standings = [one.standing for one in order]
    remaining = _remaining(order)
    return Diagnosis(
        family=family,
        place=place,
        observations=tuple(observations),
        candidates=tuple(
            _candidate(one, 1 + standings.index(own), place)
            for one, own in zip(order, standings, strict=True)
        ),
        open=tuple(one.record.id for one in remaining),
        conflicts=conflicts,
        deciding=_deciding(remaining, given),
    )


def _settle(observations: Sequence[Observation]) -> tuple[dict[str, str], tuple[str, ...]]:
    """One result for each test, and a sentence for each test whose results contradict each other."""
    said: dict[str, dict[str, str]] = {}
    for observation in observations:
        said.setdefault(observation.test, {})[_canonical(observation)] = observation.said
    given = {test: next(iter(results.values())) for test, results in said.items() if len(results) == 1}
    conflicts = tuple(
        f"{_tables().tests[test].title}: {' and '.join(results.values())} were both given; it is set aside"
        for test, results in said.items()
        if len(results) > 1
    )
    return given, conflicts


def _canonical(observation: Observation) -> str:
    return _in_one_word(_tables().tests[observation.test], observation.said)


def _in_one_word(test: diagnosis.LandmarkTest, result: str) -> str:
    """The one of several equal results that comparing goes by: a shallow left sulcus is a deep right one."""
    return test.equals.get(result, result)


def _possible(family: str, place: Level | None) -> Iterable[_Row]:
    """The dysfunctions of this area that can stand at this place."""
    for row in _tables().rows[family]:
        if place is None:
            if not row.record.place_needed:
                yield row
        elif not row.record.areas or any(area in row.record.areas for area in typicality.areas_of(place)):
            yield row


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A dysfunction against the results given."""

    row: _Row
    fits: tuple[Reason, ...]
    contradicts: tuple[Reason, ...]
    missing: tuple[Reason, ...]

    @property
    def record(self) -> diagnosis.CandidateDiagnosis:
        return self.row.record

    @property
    def score(self) -> int:
        return len(self.fits) - len(self.contradicts)

    @property
    def standing(self) -> tuple[int, int]:
        """What the order goes by: the score, then how well the record is confirmed."""
        return self.score, _CERTAINTY[self.record.confidence.value]


_CERTAINTY = {"V": 4, "1": 3, "K": 2, "derived": 1, "?": 0}


def _weigh(row: _Row, given: Mapping[str, str]) -> _Weighed:
    fits, contradicts, missing = [], [], []
    for expected in row.expected:
        test = expected.test
        observed = given.get(test.id, "")
        reason = Reason(test.id, test.title, observed, expected.results, expected.why)
        if not observed:
            missing.append(reason)
        elif _in_one_word(test, observed) in expected.compared:
            fits.append(reason)
        else:
            contradicts.append(reason)
    return _Weighed(row, tuple(fits), tuple(contradicts), tuple(missing))


def _remaining(order: Sequence[_Weighed]) -> list[_Weighed]:
    """The candidates still open: some test fits, and none contradicts or no candidate has a better score."""
    supported = [one for one in order if one.fits]
    return [one for one in supported if not one.contradicts or one.score == supported[0].score]


def _best(order: Sequence[_Weighed]) -> list[_Weighed]:
    return [one for one in order if one.score == order[0].score]


def _deciding(remaining: Sequence[_Weighed], given: Mapping[str, str]) -> tuple[Deciding, ...]:
    """The tests not given that tell a best candidate from another open one; the most telling first."""
    speaks: dict[str, dict[str, frozenset[str]]] = {}
    for one in remaining:
        for expected in one.row.expected:
            speaks.setdefault(expected.test.id, {})[one.record.id] = expected.compared
    best = {one.record.id for one in _best(remaining)}
    found = []
    for test, fits in speaks.items():
        separates = sum(
            fits[a].isdisjoint(fits[b]) for a, b in combinations(fits, 2) if a in best or b in best
        )
        if separates and test not in given:
            found.append(Deciding(test, _tables().tests[test].title, separates, _outcomes(fits)))
    places = {test: place for place, test in enumerate(_tables().tests)}
    return tuple(sorted(found, key=lambda one: (-one.separates, places[one.test])))


def _outcomes(fits: Mapping[str, frozenset[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """For each result, the candidates it would leave."""
    results = sorted(frozenset().union(*fits.values()))
    return tuple((result, tuple(name for name, row in fits.items() if result in row)) for result in results)


# --- What would be charted -----------------------------------------------------------------------------


def _candidate(one: _Weighed, rank: int, place: Level | None) -> Candidate:
    record = one.record
    return Candidate(
        name=record.id,
        finding=_finding(one, place),
        rank=rank,
        score=one.score,
        fits=one.fits,
        contradicts=one.contradicts,
        missing=one.missing,
        note=record.note,
        suggestions=_rib_suggestions(record, place),
        sources=record.sources,
        confidence=record.confidence.value,
        review=record.review_state,
    )


def _finding(one: _Weighed, place: Level | None) -> Finding | None:
    """The finding this candidate would be, at the place examined; None for a vertebra nobody named."""
    record = one.record
    level = _named(record.level) if record.level else place
    if record.region is None and level is None:
        return None
    region = Region(record.region) if record.region else segment_region(level.first if level else "")
    return Finding(
        region=region,
        level=level,
        side=Side(record.side) if record.side else None,
        motion=_motion(one),
        pattern=record.pattern,
        detail=record.detail,
    )


def _named(name: str) -> Level:
    return segment_level(name) if name in SPINE_ORDER else named_level(name)


_ONE_SIDE = (" left", " right")


def _motion(one: _Weighed) -> SpinalMotion | None:
    """The position. A part that no fitting test shows is marked inferred; only a side shows a turn."""
    motion = one.record.motion
    if motion is None:
        return None
    tested = {reason.test for reason in one.fits}
    sided = {reason.test for reason in one.fits if reason.observed.endswith(_ONE_SIDE)}
    stated = {"plane": motion.plane, "rotation": motion.rotation, "sidebend": motion.sidebend}
    shown = {
        part for part, tests in motion.shown_by.items() if (tested if part == "plane" else sided) & set(tests)
    }
    return SpinalMotion(
        plane=Plane(motion.plane) if motion.plane else None,
        rotation=Side(motion.rotation) if motion.rotation else None,
        sidebend=Side(motion.sidebend) if motion.sidebend else None,
        inferred=tuple(part for part, value in stated.items() if value and part not in shown),
    )


def _rib_suggestions(record: diagnosis.CandidateDiagnosis, place: Level | None) -> tuple[str, ...]:
    """Key rib and kind of motion of the ribs examined."""
    if record.family != "rib" or place is None or place.kind is not LevelKind.RIB:
        return ()
    key = typicality.key_rib(place, record.pattern or "")
    words = [f"key rib: {key} (suggestion)"] if key and place.is_range else []
    first, last = int(place.first), int(place.last)
    for group in _tables().rib_groups:
        low, high = max(first, group.first), min(last, group.last)
        if low <= high:
            ribs = f"rib {low}" if low == high else f"ribs {low}-{high}"
            words.append(f"{ribs}: {group.motion} motion ({group.note})")
    return tuple(words)


# --- Observations from findings and from text ------------------------------------------------------------


def from_findings(findings: Iterable[Finding]) -> tuple[Observation, ...]:
    """The tests and landmarks among a note's findings. What states no known test is passed over.

    The position of L5 counts only beside a test of the sacrum: alone it is a finding of its own.
    """
    seen = [
        (test, observation)
        for finding in findings
        if finding.level is not None
        for test in _tests_at(finding.level)
        if (observation := _observed(test, finding)) is not None
    ]
    sacrum_tested = any(test.family == "sacrum" and test.part is None for test, _ in seen)
    return tuple(observation for test, observation in seen if test.part is None or sacrum_tested)


def _tests_at(level: Level) -> tuple[diagnosis.LandmarkTest, ...]:
    """The tests that a finding at this place can state; any vertebra has those of a `segment`."""
    own = _tables().by_level.get(level.name, ())
    of_a_vertebra = _tables().by_level["segment"] if level.kind is LevelKind.SEGMENT else ()
    return (*own, *of_a_vertebra)


def _observed(test: diagnosis.LandmarkTest, finding: Finding) -> Observation | None:
    value, side = _value(test, finding)
    if value is None or (side is None) == (value in test.sided):
        return None
    return Observation(test.id, value, side, finding.level if test.family in _PLACED else None)


def _value(test: diagnosis.LandmarkTest, finding: Finding) -> tuple[str | None, Side | None]:
    """The result a finding states, and its side."""
    if test.part is not None:
        return _motion_value(test, finding)
    if finding.absent:
        asymmetry = not finding.tart or Tart.ASYMMETRY in finding.tart
        plain = finding.pattern in (None, "positive", "negative")
        return (test.absent if asymmetry and plain else None), None
    pattern = finding.pattern or ""
    for word in (pattern, *pattern.split()):
        value = test.patterns.get(word)
        if value is not None:
            return value, finding.side if value in test.sided else None
    return None, None


def _motion_value(test: diagnosis.LandmarkTest, finding: Finding) -> tuple[str | None, Side | None]:
    if finding.motion is None or finding.absent:
        return None, None
    motion = finding.motion.ease()
    if test.part == "plane":
        return (motion.plane.value if motion.plane else None), None
    return test.default, motion.rotation if test.part == "rotation" else motion.sidebend


_SIDES = {
    **dict.fromkeys(("r", "right", "rt"), Side.RIGHT),
    **dict.fromkeys(("l", "left", "lt"), Side.LEFT),
    **dict.fromkeys(("b", "both", "bilateral"), Side.BILATERAL),
}
_PLACE_KEYS = ("segment", "ribs")
_SEGMENTS = re.compile(r"([CTL]\d{1,2})(?:-([CTL])?(\d{1,2}))?", re.IGNORECASE)


def read_tests(text: str | Iterable[str]) -> tuple[Observation, ...]:
    """`seated-flexion=R sulcus-deep=R spring=neg segment=T5 tp-flexion=level` as observations.

    `segment=` and `ribs=` name the place of the tests after them. Raises ObservationError naming the word.
    """
    arguments = text.split() if isinstance(text, str) else list(text)
    places: dict[str, Level] = {}
    found: list[Observation] = []
    for number, argument in enumerate(arguments, 1):
        key, _, value = argument.strip().lower().partition("=")
        try:
            if key in _PLACE_KEYS:
                places["segment" if key == "segment" else "rib"] = _read_place(key, value)
            else:
                found.append(_read_test(key, value, places))
        except ValueError as error:
            raise ObservationError(f"argument {number} {argument!r}: {error}") from None
    return tuple(found)


def _read_place(key: str, value: str) -> Level:
    if key == "ribs":
        level = parse_rib_level(f"rib {value}")
        if level is None:
            raise ValueError("give ribs by number, 1 to 12, as in ribs=4 or ribs=4-6")
        return rib_level(int(level.first), int(level.last))
    match = _SEGMENTS.fullmatch(value)
    if match is None:
        raise ValueError("give vertebrae as in segment=T5 or segment=T4-T7")
    first = match[1].upper()
    last = f"{(match[2] or first[0]).upper()}{match[3]}" if match[3] else first
    return segment_level(first, last)


def _read_test(key: str, value: str, places: Mapping[str, Level]) -> Observation:
    """One `key=value`: the value is a side where the key names a sided result, else a result."""
    tables = _tables()
    side = _SIDES.get(value)
    sided = tables.sided_keys.get(key)
    if sided is not None and side is not None:
        test, result = sided
        return Observation(test.id, result, side, places.get(test.family))
    for test in tables.keys.get(key, ()):
        plain = _result(test, value)
        if plain is not None and plain not in test.sided:
            return Observation(test.id, plain, None, places.get(test.family))
    raise ValueError(_not_read(key, value))


def _not_read(key: str, value: str) -> str:
    """Why `key=value` says nothing, and what was probably meant."""
    tables = _tables()
    if key not in tables.keys and key not in tables.sided_keys:
        return f"no test {key!r}{_nearest(key, [*tables.keys, *tables.sided_keys])}"
    wanted = [_sided_key(test, result) for test in tables.keys.get(key, ()) for result in test.sided]
    if value in _SIDES:
        return f"say what is found there: {' or '.join(f'{name}={value.upper()}' for name in wanted)}"
    for test in tables.keys.get(key, ()):
        if (result := _result(test, value)) is not None:
            return f"{result} needs a side: {_sided_key(test, result)}=R, =L or =both"
    choices = results_of(key)
    known = [*choices, *(name for test in tables.keys.get(key, ()) for name in test.names)]
    what = f"not a result: {value!r}{_nearest(value, known)}" if value else "a result is missing"
    return f"{what} ({key}= {', '.join([*choices, *(f'or {name}=side' for name in wanted if name != key)])})"


def _sided_key(test: diagnosis.LandmarkTest, value: str) -> str:
    return test.keys[0] if test.default == value else f"{test.keys[0]}-{value}"


def _result(test: diagnosis.LandmarkTest, word: str) -> str | None:
    """The result a word stands for, whatever its case."""
    if word in test.names:
        return test.names[word]
    return {value.lower(): value for value in test.values}.get(word)


def results_of(key: str) -> tuple[str, ...]:
    """What may stand after `key=`: sides, results, or both; empty for an unknown key."""
    tables = _tables()
    sides = ("R", "L", "both") if key in tables.sided_keys else ()
    tests = tables.keys.get(key, ())
    return (*sides, *(value for test in tests for value in test.values if value not in test.sided))


def catalog() -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    """Every way to give a test: family, title, key, and what may stand after `key=`."""
    rows: dict[str, tuple[str, str, str, tuple[str, ...]]] = {}
    for test in _tables().tests.values():
        for key in (*test.keys, *(_sided_key(test, value) for value in test.sided)):
            if results_of(key):
                rows.setdefault(key, (test.family, test.title, key, results_of(key)))
    return tuple(rows.values())


def _nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?` with the nearest known word; empty when none is near."""
    from rapidfuzz import process

    match = process.extractOne(word, list(known), score_cutoff=70)
    return f"; did you mean {match[0]!r}?" if match else ""


# --- The records -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Expected:
    """What a test shows in a dysfunction: the results as the record has them, and the words compared with."""

    test: diagnosis.LandmarkTest
    results: tuple[str, ...]
    compared: frozenset[str]
    why: str


@dataclass(frozen=True, slots=True)
class _Row:
    """A dysfunction on one side, ready to compare."""

    record: diagnosis.CandidateDiagnosis
    expected: tuple[_Expected, ...]


@dataclass(frozen=True, slots=True)
class _Tables:
    """Tests by id, by place and by key (`sided_keys` name a result too); dysfunctions by family."""

    tests: Mapping[str, diagnosis.LandmarkTest]
    by_level: Mapping[str, tuple[diagnosis.LandmarkTest, ...]]
    keys: Mapping[str, tuple[diagnosis.LandmarkTest, ...]]
    sided_keys: Mapping[str, tuple[diagnosis.LandmarkTest, str]]
    rows: Mapping[str, tuple[_Row, ...]]
    rib_groups: tuple[diagnosis.RibGroup, ...]


@cache
def _tables() -> _Tables:
    from openomt.knowledge import diagnosis
    from openomt.knowledge.loader import load

    knowledge = load()
    tests = {test.id: test for test in knowledge.all(diagnosis.LandmarkTest)}
    keys: dict[str, tuple[diagnosis.LandmarkTest, ...]] = {}
    levels: dict[str, tuple[diagnosis.LandmarkTest, ...]] = {}
    for test in tests.values():
        if test.level is not None:
            levels[test.level] = (*levels.get(test.level, ()), test)
        for key in test.keys:
            keys[key] = (*keys.get(key, ()), test)
    rows: dict[str, tuple[_Row, ...]] = {}
    for record in knowledge.all(diagnosis.CandidateDiagnosis):
        images = (record, record.mirror()) if record.mirrored else (record,)
        rows[record.family] = (*rows.get(record.family, ()), *(_row(image, tests) for image in images))
    return _Tables(
        tests=tests,
        by_level=levels,
        keys=keys,
        sided_keys=_sided_keys(tests.values()),
        rows=rows,
        rib_groups=knowledge.all(diagnosis.RibGroup),
    )


def _row(record: diagnosis.CandidateDiagnosis, tests: Mapping[str, diagnosis.LandmarkTest]) -> _Row:
    return _Row(
        record,
        tuple(
            _Expected(
                test, expect.fits, frozenset(_in_one_word(test, fit) for fit in expect.fits), expect.why
            )
            for expect in record.expects
            for test in (tests[expect.test],)
        ),
    )


def _sided_keys(
    tests: Iterable[diagnosis.LandmarkTest],
) -> dict[str, tuple[diagnosis.LandmarkTest, str]]:
    """Keys that take a side: `sulcus-deep` in every spelling, and the bare key where a result is meant."""
    found: dict[str, tuple[diagnosis.LandmarkTest, str]] = {}
    for test in tests:
        words = {value: value for value in test.values} | test.names
        for key in test.keys:
            found |= {f"{key}-{word}": (test, value) for word, value in words.items() if value in test.sided}
            if test.default is not None and test.default in test.sided:
                found[key] = test, test.default
    return found
