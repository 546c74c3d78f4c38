"""The records of tests and dysfunctions (`knowledge/data/landmarks.toml`) as tables to look things up in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openomt.knowledge import diagnosis


PLACED = ("segment", "rib")
"""Families of tests that are done at a place somebody names."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a test shows in a dysfunction: the results as the record has them, and the words compared with."""

    test: diagnosis.LandmarkTest
    results: tuple[str, ...]
    compared: frozenset[str]
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """A dysfunction on one side, ready to compare."""

    record: diagnosis.CandidateDiagnosis
    expected: tuple[Expected, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """Tests by id, by place and by key (`sided_keys` name a result too); dysfunctions by family."""

    tests: Mapping[str, diagnosis.LandmarkTest]
    by_level: Mapping[str, tuple[diagnosis.LandmarkTest, ...]]
    keys: Mapping[str, tuple[diagnosis.LandmarkTest, ...]]
    sided_keys: Mapping[str, tuple[diagnosis.LandmarkTest, str]]
    rows: Mapping[str, tuple[Row, ...]]
    rib_groups: tuple[diagnosis.RibGroup, ...]


@cache
def tables() -> Tables:
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
    rows: dict[str, tuple[Row, ...]] = {}
    for record in knowledge.all(diagnosis.CandidateDiagnosis):
        images = (record, record.mirror()) if record.mirrored else (record,)
        rows[record.family] = (*rows.get(record.family, ()), *(_row(image, tests) for image in images))
    return Tables(
        tests=tests,
        by_level=levels,
        keys=keys,
        sided_keys=_sided_keys(tests.values()),
        rows=rows,
        rib_groups=knowledge.all(diagnosis.RibGroup),
    )


def _row(record: diagnosis.CandidateDiagnosis, tests: Mapping[str, diagnosis.LandmarkTest]) -> Row:
    return Row(
        record,
        tuple(
            Expected(test, expect.fits, frozenset(in_one_word(test, fit) for fit in expect.fits), expect.why)
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


def in_one_word(test: diagnosis.LandmarkTest, result: str) -> str:
    """The one of several equal results that comparing goes by: a shallow left sulcus is a deep right one."""
    return test.equals.get(result, result)
