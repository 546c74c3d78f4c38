"""Observations from a note's findings, and from words such as `seated-flexion=R`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from openomt.medicine.anatomy import Level, LevelKind, Side, parse_rib_level, rib_level, segment_level
from openomt.medicine.findings import Finding, Tart
from openomt.medicine.landmarks.observation import Observation, ObservationError, nearest
from openomt.medicine.landmarks.tables import PLACED, tables

if TYPE_CHECKING:
    from openomt.knowledge import diagnosis


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
    own = tables().by_level.get(level.name, ())
    of_a_vertebra = tables().by_level["segment"] if level.kind is LevelKind.SEGMENT else ()
    return (*own, *of_a_vertebra)


def _observed(test: diagnosis.LandmarkTest, finding: Finding) -> Observation | None:
    value, side = _value(test, finding)
    if value is None or (side is None) == (value in test.sided):
        return None
    return Observation(test.id, value, side, finding.level if test.family in PLACED else None)


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
    held = tables()
    side = _SIDES.get(value)
    sided = held.sided_keys.get(key)
    if sided is not None and side is not None:
        test, result = sided
        return Observation(test.id, result, side, places.get(test.family))
    for test in held.keys.get(key, ()):
        plain = _result(test, value)
        if plain is not None and plain not in test.sided:
            return Observation(test.id, plain, None, places.get(test.family))
    raise ValueError(_not_read(key, value))


def _not_read(key: str, value: str) -> str:
    """Why `key=value` says nothing, and what was probably meant."""
    held = tables()
    if key not in held.keys and key not in held.sided_keys:
        return f"no test {key!r}{nearest(key, [*held.keys, *held.sided_keys])}"
    wanted = [_sided_key(test, result) for test in held.keys.get(key, ()) for result in test.sided]
    if value in _SIDES:
        return f"say what is found there: {' or '.join(f'{name}={value.upper()}' for name in wanted)}"
    for test in held.keys.get(key, ()):
        if (result := _result(test, value)) is not None:
            return f"{result} needs a side: {_sided_key(test, result)}=R, =L or =both"
    choices = results_of(key)
    known = [*choices, *(name for test in held.keys.get(key, ()) for name in test.names)]
    what = f"not a result: {value!r}{nearest(value, known)}" if value else "a result is missing"
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
    held = tables()
    sides = ("R", "L", "both") if key in held.sided_keys else ()
    tests = held.keys.get(key, ())
    return (*sides, *(value for test in tests for value in test.values if value not in test.sided))


def catalog() -> tuple[tuple[str, str, str, tuple[str, ...]], ...]:
    """Every way to give a test: family, title, key, and what may stand after `key=`."""
    rows: dict[str, tuple[str, str, str, tuple[str, ...]]] = {}
    for test in tables().tests.values():
        for key in (*test.keys, *(_sided_key(test, value) for value in test.sided)):
            if results_of(key):
                rows.setdefault(key, (test.family, test.title, key, results_of(key)))
    return tuple(rows.values())
