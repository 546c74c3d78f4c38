"""The dysfunctions that observations fit, with reasons and the test that would decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
    segment_level,
    segment_region,
)
from openomt.medicine.findings import Finding, Plane, SpinalMotion
from openomt.medicine.landmarks.observation import Observation, ObservationError, nearest
from openomt.medicine.landmarks.tables import PLACED, Row, in_one_word, tables

if TYPE_CHECKING:
    from openomt.knowledge import diagnosis


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


def diagnose(observations: Iterable[Observation]) -> tuple[Diagnosis, ...]:
    """One diagnosis for each area tested, in the order the tests name them.

    A test given two results that exclude each other is said in `conflicts` and counts neither way.
    Raises ObservationError for a test or a result that the tables do not hold.
    """
    groups: dict[tuple[str, Level | None], list[Observation]] = {}
    for observation in observations:
        test = _known_test(observation)
        place = observation.place if test.family in PLACED else None
        groups.setdefault((test.family, place), []).append(observation)
    return tuple(_diagnose(family, place, group) for (family, place), group in groups.items())


def _known_test(observation: Observation) -> diagnosis.LandmarkTest:
    test = tables().tests.get(observation.test)
    if test is None:
        raise ObservationError(f"no test {observation.test!r}{nearest(observation.test, tables().tests)}")
    if observation.value not in test.values:
        raise ObservationError(
            f"{test.id} has no result {observation.value!r}{nearest(observation.value, test.values)}"
        )
    if (observation.side is not None) != (observation.value in test.sided):
        raise ObservationError(
            f"{test.id}: {observation.value} {'needs a' if observation.side is None else 'has no'} side"
        )
    return test


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
        f"{tables().tests[test].title}: {' and '.join(results.values())} were both given; it is set aside"
        for test, results in said.items()
        if len(results) > 1
    )
    return given, conflicts


def _canonical(observation: Observation) -> str:
    return in_one_word(tables().tests[observation.test], observation.said)


def _possible(family: str, place: Level | None) -> Iterable[Row]:
    """The dysfunctions of this area that can stand at this place."""
    for row in tables().rows[family]:
        if place is None:
            if not row.record.place_needed:
                yield row
        elif not row.record.areas or any(area in row.record.areas for area in typicality.areas_of(place)):
            yield row


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A dysfunction against the results given."""

    row: Row
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


def _weigh(row: Row, given: Mapping[str, str]) -> _Weighed:
    fits, contradicts, missing = [], [], []
    for expected in row.expected:
        test = expected.test
        observed = given.get(test.id, "")
        reason = Reason(test.id, test.title, observed, expected.results, expected.why)
        if not observed:
            missing.append(reason)
        elif in_one_word(test, observed) in expected.compared:
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
            found.append(Deciding(test, tables().tests[test].title, separates, _outcomes(fits)))
    places = {test: place for place, test in enumerate(tables().tests)}
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
    for group in tables().rib_groups:
        low, high = max(first, group.first), min(last, group.last)
        if low <= high:
            ribs = f"rib {low}" if low == high else f"ribs {low}-{high}"
            words.append(f"{ribs}: {group.motion} motion ({group.note})")
    return tuple(words)
