"""What kind of finding a finding is, by the tests of the records: restricted segment, tender point, rib …"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from openomt.medicine.findings import Finding
from openomt.medicine.techniques.tables import Tables, tables

if TYPE_CHECKING:
    from openomt.knowledge.evidence import FindingKind, KindTest
    from openomt.medicine.notation import Reading

_NO_WORD = re.compile(r"\W+")


@lru_cache(maxsize=4096)
def kinds_of(finding: Finding) -> tuple[FindingKind, ...]:
    """Every kind the finding is, in the order of the records; empty for one nobody can tell."""
    known = tables()
    return tuple(kind for kind in known.kinds if any(_holds(test, finding, known) for test in kind.tests))


def _holds(test: KindTest, finding: Finding, known: Tables) -> bool:
    return _place_fits(test, finding, known) and _evidence_fits(test, finding)


def _place_fits(test: KindTest, finding: Finding, known: Tables) -> bool:
    level = finding.level
    name = level.name if level else ""
    if test.regions and finding.region.value not in test.regions:
        return False
    if test.no_level and level is not None:
        return False
    if test.level_kinds and (level is None or level.kind.value not in test.level_kinds):
        return False
    if test.structure_types and known.structures.get(name) not in test.structure_types:
        return False
    return name not in test.not_places and (not test.places or name in test.places)


def _evidence_fits(test: KindTest, finding: Finding) -> bool:
    if test.motion and finding.motion is None:
        return False
    if test.tart and not any(one.value in test.tart for one in finding.tart):
        return False
    return _pattern_fits(test, finding.pattern) and _words_fit(test, finding.detail)


def _pattern_fits(test: KindTest, pattern: str | None) -> bool:
    if pattern is None:
        return not test.patterned and not test.patterns
    if pattern in test.not_patterns:
        return False
    return not test.patterns or any(_holds_words(pattern, words) for words in test.patterns)


def _words_fit(test: KindTest, detail: str | None) -> bool:
    if any(_holds_words(detail, words) for words in test.not_words):
        return False
    return not test.words or any(_holds_words(detail, words) for words in test.words)


def _holds_words(text: str | None, words: str) -> bool:
    return text is not None and f" {words.casefold()} " in f" {_NO_WORD.sub(' ', text.casefold())} "


def worded(reading: Reading) -> tuple[Finding, ...]:
    """The findings of a reading, each with the author's words as its detail where those tell its kind.

    `edema both legs` is a change of tissue texture, and that it is a swelling only the words say.
    """
    return tuple(
        _worded(one.finding, reading.text[one.span.start : one.span.end]) for one in reading.findings
    )


def _worded(finding: Finding, words: str) -> Finding:
    if finding.detail is not None:
        return finding
    told = replace(finding, detail=words)
    return finding if kinds_of(told) == kinds_of(finding) else told
