"""Which condition a complaint means: in words (English, Spanish) or as an ICD-10-CM code, best match first.

A condition with qualifiers matches only where they are met: `low back pain` alone is the pooled row; that of
pregnancy needs the pregnancy said or known; that of acute pain ranks lower until somebody says how long.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from openomt.medicine.notation.numbers import CARDINALS
from openomt.medicine.phrases import Matcher, Phrase, Status, ordinary_words, triggers
from openomt.medicine.safety.closing import close
from openomt.medicine.safety.values import PatientFacts
from openomt.medicine.techniques.tables import Tables, tables
from openomt.medicine.techniques.values import Match

if TYPE_CHECKING:
    from openomt.knowledge.evidence import Complaint, Condition
    from openomt.knowledge.safety import Bounds

_ICD = re.compile(r"[A-TV-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?", re.IGNORECASE)
_SAID = (Status.PRESENT, Status.POSSIBLE, Status.OTHER_PERSON)  # a parent speaks of the child
_TERM, _BROAD, _NARROWER, _EXCLUDES, _DURATION = "term", "broad", "narrower", "excludes", "duration"
HOW_LONG = "how long"


@dataclass(frozen=True, slots=True)
class _Row:
    """A complaint with all that it takes from the one it is like."""

    condition: Condition
    narrower: tuple[str, ...]
    narrower_facts: frozenset[str]
    durations: frozenset[str]
    weeks: Bounds | None
    icd: tuple[str, ...]
    icd_broad: tuple[str, ...]
    family_icd: tuple[str, ...]
    family: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    """What a complaint says: for each role the conditions (or durations) and the words they came from."""

    found: Mapping[str, Mapping[str, str]]
    durations: frozenset[str]
    weeks: tuple[int, ...]

    def words(self, role: str, name: str) -> str:
        return self.found.get(role, {}).get(name, "")


def condition_of(complaint: str, patient: PatientFacts | None = None) -> tuple[Match, ...]:
    """Every condition a complaint means or may mean, best first; empty where it is not recognized.

    `complaint`: words, or one ICD-10-CM code. What is denied in it does not count. `patient`: what was
    studied in people like this one comes first. Raises ValueError for a fact of the patient nobody knows.
    """
    text = complaint.strip()
    facts = frozenset(one.fact.code for one in close(patient)) if patient is not None else frozenset()
    heard = None if _ICD.fullmatch(text) else _hear(text)
    found = [
        match
        for row in _rows().values()
        if (match := _match_code(row, text, facts) if heard is None else _match_words(row, heard, facts))
    ]
    found = _without_wider(found)
    known = tables()
    judged = [
        Match(
            one.condition, one.number, one.title, one.sure, one.words, one.missing,
            _studied(known, known.conditions[one.condition], patient, facts),
        )
        for one in found
    ]  # fmt: skip
    return tuple(sorted(judged, key=_order))


def regions_of(condition: str) -> tuple[str, ...]:
    """The regions in which a condition's complaint lies; empty: anywhere. Raises KeyError."""
    return _rows()[condition].regions


def _order(match: Match) -> tuple[bool, bool, int, int, int]:
    row = _rows()[match.condition]
    specific = len(row.narrower[:1]) + len(row.durations)
    return (not match.sure, match.studied is False, len(match.missing), -min(specific, 1), match.number)


# One row -----------------------------------------------------------------------------------------


def _match_code(row: _Row, code: str, facts: frozenset[str]) -> Match | None:
    bare = code.upper().replace(".", "")
    shared = row.family_icd if not row.narrower or facts & row.narrower_facts else ()
    for sure, prefixes in ((True, (*row.icd, *shared)), (False, row.icd_broad)):
        if any(bare.startswith(prefix.replace(".", "")) for prefix in prefixes):
            missing = (HOW_LONG,) if row.durations else ()
            return Match(row.condition.id, row.condition.number, row.condition.title, sure, code, missing)
    return None


def _match_words(row: _Row, heard: _Heard, facts: frozenset[str]) -> Match | None:
    name = row.condition.id
    words = heard.words(_TERM, name) or heard.words(_BROAD, name)
    if not words or heard.words(_EXCLUDES, name):
        return None
    if row.narrower and not heard.words(_NARROWER, name) and not facts & row.narrower_facts:
        return None
    if not _lasts(row, heard):
        return None
    missing = (HOW_LONG,) if row.durations and not heard.durations else ()
    sure = bool(heard.words(_TERM, name))
    return Match(name, row.condition.number, row.condition.title, sure, words, missing)


def _lasts(row: _Row, heard: _Heard) -> bool:
    """Whether how long the complaint lasts fits, where both the row and the words tell."""
    if row.weeks is not None and heard.weeks:
        return any(row.weeks.hold(weeks) for weeks in heard.weeks)
    return not row.durations or not heard.durations or not heard.durations.isdisjoint(row.durations)


def _without_wider(found: list[Match]) -> list[Match]:
    """Where a narrower condition of a family matches, its wider ones say nothing more."""
    rows = _rows()
    narrow = {rows[match.condition].family for match in found if rows[match.condition].narrower}
    return [m for m in found if rows[m.condition].narrower or rows[m.condition].family not in narrow]


def _studied(
    known: Tables, condition: Condition, patient: PatientFacts | None, facts: frozenset[str]
) -> bool | None:
    """Whether people like the patient were studied, by age and pregnancy; None where nobody knows."""
    if patient is None:
        return None
    asked = set(condition.population)
    if "pregnant" in facts and "pregnant" not in asked:
        return False
    by_fact = {one.id for one in known.studied if one.facts}
    if asked & by_fact:
        return any(facts.intersection(one.facts) for one in known.studied if one.id in asked) or None
    by_age = {one.id: one.age_months for one in known.studied if one.age_months is not None}
    if patient.age_months is None or asked.isdisjoint(by_age):
        return None
    mine = {name for name, months in by_age.items() if months.hold(patient.age_months)}
    return bool(mine & asked)


# The words of a complaint ------------------------------------------------------------------------


def _hear(text: str) -> _Heard:
    matcher, owners = _matcher()
    found: dict[str, dict[str, str]] = {}
    for mention in matcher.find(text):
        if mention.status not in _SAID:
            continue
        for role, name in owners[mention.meaning]:
            found.setdefault(role, {}).setdefault(name, mention.words)
    weeks, told = _told_durations(text)
    named = frozenset(found.get(_DURATION, {}))
    return _Heard(found, named or told, weeks)


def _told_durations(text: str) -> tuple[tuple[int, ...], frozenset[str]]:
    """The weeks that numbers of days, weeks, months or years mean, and their durations; an age is none."""
    pattern, days, bounds = _times()
    weeks = tuple(_number(match[1]) * days[match[2]] // 7 for match in pattern.finditer(text.casefold()))
    told = {name for name, span in bounds.items() if any(span.hold(one) for one in weeks)}
    return weeks, frozenset(told)


def _number(word: str) -> int:
    return CARDINALS.index(word) + 1 if word in CARDINALS else int(word)


@cache
def _times() -> tuple[re.Pattern[str], Mapping[str, int], Mapping[str, Bounds]]:
    from openomt.knowledge import load
    from openomt.knowledge.evidence import DurationRecord, TimeWord

    known = load()
    days = {name: unit.days for unit in known.all(TimeWord) for name in unit.names}
    units = "|".join(sorted(days, key=len, reverse=True))
    numbers = "|".join(CARDINALS)
    pattern = re.compile(
        rf"\b(?:x\s*)?(\d{{1,3}}|{numbers})[\s-]*({units})\b(?![\s-]*(?:old|of age|de edad))"
    )
    bounds = {str(record.id): record.weeks for record in known.all(DurationRecord)}
    return pattern, days, bounds


@cache
def _matcher() -> tuple[Matcher, Mapping[str, tuple[tuple[str, str], ...]]]:
    """The matcher of all words, and for each of them what it says of which condition or duration."""
    from openomt.knowledge import load
    from openomt.knowledge.evidence import DurationRecord

    owners: dict[str, list[tuple[str, str]]] = {}
    for complaint in tables().complaints.values():
        for record in _lineage(complaint):
            words_of = (
                (_TERM, (*record.terms, *record.terms_es)),
                (_BROAD, record.broad),
                (_EXCLUDES, record.excludes),
            )
            for role, all_words in words_of:
                _own(owners, all_words, role, complaint.id)
        _own(owners, complaint.narrower, _NARROWER, complaint.id)
    for duration in load().all(DurationRecord):
        _own(owners, duration.names, _DURATION, duration.id)
        _own(owners, duration.not_in, "", duration.id)
    phrases = [Phrase(words, words) for words in owners]
    compiled = Matcher(phrases, triggers(), ordinary_words())
    return compiled, {words: tuple(of) for words, of in owners.items()}


def _own(owners: dict[str, list[tuple[str, str]]], all_words: Iterable[str], role: str, name: str) -> None:
    for words in all_words:
        owners.setdefault(words, []).append((role, name))


@cache
def _rows() -> Mapping[str, _Row]:
    known = tables()
    return {
        complaint.id: _Row(
            condition=known.conditions[complaint.id],
            narrower=complaint.narrower,
            narrower_facts=frozenset(complaint.narrower_facts),
            durations=frozenset(complaint.durations),
            weeks=complaint.weeks,
            icd=complaint.icd,
            family_icd=known.complaints[complaint.like].icd if complaint.like else (),
            family=complaint.like or complaint.id,
            icd_broad=tuple(code for one in _lineage(complaint) for code in one.icd_broad),
            regions=next((one.regions for one in _lineage(complaint) if one.regions), ()),
        )
        for complaint in known.complaints.values()
    }


def _lineage(complaint: Complaint) -> tuple[Complaint, ...]:
    """A complaint and the one it is like."""
    return (complaint, tables().complaints[complaint.like]) if complaint.like else (complaint,)
