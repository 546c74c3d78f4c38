"""What nobody said and a rule of the plan needs: the questions that could still change the verdict.

Asked are the facts of rules that stop or bar something planned; further what may be true of the patient
(`PatientFacts.questions`), the region of a fact that is known without one, and what the plan leaves open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from openomt.medicine.anatomy import Region
from openomt.medicine.safety.matching import ANYWHERE, places
from openomt.medicine.safety.practice import Need, Practice
from openomt.medicine.safety.tables import LEVELS, RED_FLAGS, Tables, key_of, ruled_out, tables
from openomt.medicine.safety.values import FactQuestion, KnownFact, PatientFacts, PlannedItem, Unknown

_Where = tuple[str | None, Region | None, bool]  # technique, region, whether that region is the planned one
_Open = dict[str, tuple[str, tuple[int, ...]]]  # by code: the question, and the rules it bears on


def unknown(
    known: Tables,
    here: Practice,
    patient: PatientFacts,
    facts: Sequence[KnownFact],
    plan: Sequence[PlannedItem],
) -> tuple[Unknown, ...]:
    """The open questions of a plan, those of the worst rules first, then in the order of the matrix."""
    where = _where(plan)
    present = {key_of(one.fact.code) for one in facts}
    absent = patient.absent | ruled_out(patient.age_months, patient.sex, patient.weeks)
    found: _Open = {}
    for technique, region, planned in where:
        for need in here.needs(technique, region):
            if need.code in present or not need.closers.isdisjoint(absent):
                continue
            if need.same and (not planned or _absent_there(need, region, absent)):
                continue
            _add(found, need.code, need.ask, need.rules)
    if known.red_flags <= absent:
        found.pop(RED_FLAGS, None)
    for question in patient.questions:
        code = question.fact.code
        if key_of(code) not in present and known.closers.get(code, frozenset({code})).isdisjoint(absent):
            _possible(known, question, where, found)
    _without_region(known, facts, where, found)
    for item in plan:
        if item.technique not in known.cards or item.region is None:
            _open_item(known, facts, item, found)
    return _sorted(here, found)


def _where(plan: Sequence[PlannedItem]) -> list[_Where]:
    if not plan:
        return [(None, region, planned) for region, planned in ANYWHERE]
    return list(
        dict.fromkeys(
            (item.technique, region, planned)
            for item in plan
            for region, planned in places(item.region, item.level)
        )
    )


def _absent_there(need: Need, region: Region | None, absent: frozenset[str]) -> bool:
    return region is not None and f"{need.code}@{region.value}" in absent


def _add(found: _Open, code: str, ask: str, rules: tuple[int, ...]) -> None:
    old = found.get(code)
    if old is not None and old[1] != rules:
        rules = tuple(sorted({*old[1], *rules}))
    found[code] = (ask, rules)


def _possible(known: Tables, question: FactQuestion, where: Iterable[_Where], found: _Open) -> None:
    """Adds what may be true of the patient and would make a rule hold, at whatever level."""
    key, region = key_of(question.fact.code), question.fact.region
    rules: set[int] = set()
    for technique, place, planned in where:
        cell = known.cell(technique, place)
        rules.update(cell.whole.get(key, ()))
        if planned and region in (None, place):
            rules.update(cell.same.get(key, ()))
    if rules:
        _add(found, question.fact.code, question.ask, tuple(sorted(rules)))


def _without_region(known: Tables, facts: Iterable[KnownFact], where: Iterable[_Where], found: _Open) -> None:
    """Adds where a regional fact is, when nobody said and a rule asks for it in a planned region."""
    for one in facts:
        record = known.facts.get(one.fact.code)
        if one.fact.region is not None or record is None or not record.regional:
            continue
        rules: set[int] = set()
        for technique, region, planned in where:
            if planned:
                rules.update(known.cell(technique, region).same.get(one.fact.code, ()))
        if rules:
            found[one.fact.code] = (record.ask_where, tuple(sorted(rules)))


def _open_item(known: Tables, facts: Iterable[KnownFact], item: PlannedItem, found: _Open) -> None:
    """Adds a technique nobody named, one without rules of its own, and one planned nobody said where."""
    if not item.technique:
        place = "" if item.region is None else f" in the {item.region.value.replace('_', ' ')} region"
        found["technique"] = (f"Which technique is planned{place}?", ())
    elif item.technique not in known.cards:
        title = known.other_techniques[item.technique]
        found[item.technique] = (f"{title}: no rules are known for it; what does it do to the patient?", ())
    else:
        codes = {key_of(one.fact.code) for one in facts}
        rules = {
            place
            for region in Region
            for code, held in _both(known, item.technique, region)
            if code in codes
            for place in held
        } - {place for code, held in known.cell(item.technique, None).whole.items() for place in held}
        found[item.technique] = (f"In which region is {item.technique} planned?", tuple(sorted(rules)))


def _both(known: Tables, technique: str, region: Region) -> Iterable[tuple[str, tuple[int, ...]]]:
    cell = known.cell(technique, region)
    yield from cell.whole.items()
    yield from cell.same.items()


_Row = tuple[int, tuple[int, ...], str, Unknown]


def _sorted(here: Practice, found: Mapping[str, tuple[str, tuple[int, ...]]]) -> tuple[Unknown, ...]:
    rows = [_row(here, code, ask, rules) for code, (ask, rules) in found.items()]
    rows.sort(key=_worst_first)
    return tuple([row[3] for row in rows])


def _worst_first(row: _Row) -> tuple[int, tuple[int, ...], str]:
    return row[:3]


@lru_cache(maxsize=16384)
def _row(here: Practice, code: str, ask: str, rules: tuple[int, ...]) -> _Row:
    known = tables()
    worst = max((here.ranks[place] for place in rules), default=-1)
    level = LEVELS[worst] if worst >= 0 else ""
    ids = tuple(known.rules[place].id for place in rules)
    return -worst, rules, code, Unknown(code, ask, ids, level)
