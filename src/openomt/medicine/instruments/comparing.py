"""Two scores of one instrument compared by its own rule of how much change matters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openomt.medicine.instruments import records
from openomt.medicine.instruments.values import Change, ChangeState, Direction, RuleResult, Score, ScoreError

if TYPE_CHECKING:
    from openomt.knowledge.instruments import ChangeRule, Instrument

_HAIR = 1e-9  # so that exactly 30 percent of a mean of thirds counts as 30 percent


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two values to compare, the items rated both times, and what must be said about the comparison."""

    before: float | None
    after: float | None
    each: tuple[tuple[str, float, float], ...] = ()
    remark: str = ""


def change(instrument_id: str, before: Score | float | None, after: Score | float | None) -> Change:
    """How a score changed, and whether that matters. A bare number is a score; None: there is none.

    Of own activities only those rated both times are compared. Raises ScoreError for a number outside the
    range or a score of another instrument.
    """
    record = records.instrument(instrument_id)
    pair = _pair(record, before, after)
    rules = tuple(_judged(record, rule, pair) for rule in record.change)
    state, reason = _state(record, pair, rules)
    points = None if pair.before is None or pair.after is None else pair.after - pair.before
    deciding = next((rule for rule in rules if rule.decides), None)
    return Change(
        instrument=record.id,
        state=state,
        before=pair.before,
        after=pair.after,
        points=points,
        percent=100 * points / pair.before if points is not None and pair.before else None,
        direction=_direction(record, points),
        rules=rules,
        band_before=records.band_of(record, "total", pair.before),
        band_after=records.band_of(record, "total", pair.after),
        crossed=_crossed(record, before, after),
        reason=f"{reason}. {pair.remark}".removesuffix(". ") if pair.remark else reason,
        sources=deciding.sources if deciding else record.sources,
        confidence=deciding.confidence if deciding else record.confidence.value,
    )


def _pair(record: Instrument, before: Score | float | None, after: Score | float | None) -> _Pair:
    first, second = _number(record, before), _number(record, after)
    own = record.missing.rule == "any"
    if not own or not isinstance(before, Score) or not isinstance(after, Score):
        return _Pair(first, second)
    each = tuple(
        (old.id, old.value, new.value)
        for old, new in zip(before.items, after.items, strict=True)
        if old.value is not None and new.value is not None and _same_words(old.words, new.words)
    )
    rated = max(
        sum(one.value is not None for one in before.items), sum(one.value is not None for one in after.items)
    )
    if len(each) == rated:
        return _Pair(first, second, each)
    if not each:
        return _Pair(None, None, (), "no activity was rated both times")
    count = len(each)
    return _Pair(
        sum(old for _, old, _ in each) / count,
        sum(new for _, _, new in each) / count,
        each,
        f"only activities rated both times are compared: {', '.join(name for name, _, _ in each)}",
    )


def _same_words(one: str, other: str) -> bool:
    return not one or not other or " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _number(record: Instrument, value: Score | float | None) -> float | None:
    if value is None:
        return None
    if isinstance(value, Score):
        if value.instrument != record.id:
            raise ScoreError(f"{record.abbreviation}: a score of {value.abbreviation} cannot be compared")
        return value.value
    scoring = record.scoring
    if scoring.method == "none":
        raise ScoreError(f"{record.abbreviation} has no total: compare whole answers, not numbers")
    if isinstance(value, bool) or not scoring.low <= value <= scoring.high:
        raise ScoreError(
            f"{record.abbreviation}: {value!r} is not a score; {scoring.low:g} to {scoring.high:g} is allowed"
        )
    return float(value)


def _direction(record: Instrument, points: float | None) -> Direction | None:
    if points is None or record.scoring.better == "neither":
        return None
    if abs(points) < _HAIR:
        return Direction.SAME
    return Direction.BETTER if (points > 0) == (record.scoring.better == "higher") else Direction.WORSE


# The rules ---------------------------------------------------------------------------------------------


def _judged(record: Instrument, rule: ChangeRule, pair: _Pair) -> RuleResult:
    met, which = _each(record, rule, pair) if rule.of == "each" else (_total(rule, pair), ())
    return RuleResult(
        rule.id,
        rule.means,
        met,
        rule.grade == "matters",
        which,
        rule.confidence.value,
        records.sources_of(rule, record),
    )


def _total(rule: ChangeRule, pair: _Pair) -> bool | None:
    if pair.before is None or pair.after is None:
        return None
    return _as_much(rule, pair.before, pair.after)


def _each(record: Instrument, rule: ChangeRule, pair: _Pair) -> tuple[bool | None, tuple[str, ...]]:
    if not pair.each:
        return None, ()
    which = tuple(
        f"{name} {_direction(record, new - old)}" for name, old, new in pair.each if _as_much(rule, old, new)
    )
    return bool(which), which


def _as_much(rule: ChangeRule, before: float, after: float) -> bool | None:
    """Whether the change is as large as the rule says, either way. None: it hangs on a percent of zero."""
    size = abs(after - before)
    parts: list[bool | None] = []
    if rule.points is not None:
        parts.append(size >= rule.points - _HAIR)
    if rule.percent is not None:
        percent = None if before == 0 else 100 * size / before
        parts.append(size > 0 and (None if percent is None else percent >= rule.percent - _HAIR))
    decisive = rule.need == "either"
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def _state(record: Instrument, pair: _Pair, rules: tuple[RuleResult, ...]) -> tuple[ChangeState, str]:
    deciding = next((rule for rule in rules if rule.decides), None)
    if deciding is None:
        return ChangeState.NO_AGREED_VALUE, record.no_change
    if pair.before is None or pair.after is None:
        return ChangeState.CANNOT_SAY, "a score is missing"
    if deciding.met is None:
        return ChangeState.CANNOT_SAY, f"{deciding.means}: no percent can be given of a score of 0"
    return (ChangeState.MET if deciding.met else ChangeState.NOT_MET), deciding.means


def _crossed(
    record: Instrument, before: Score | float | None, after: Score | float | None
) -> tuple[str, ...]:
    """Lines crossed, for what has no agreed change: `150 minutes a week: reached`."""
    told = []
    for line in record.crossings:
        first, second = _value_at(line.of, before), _value_at(line.of, after)
        if first is None or second is None or (first >= line.at) == (second >= line.at):
            continue
        told.append(f"{line.means}: {'reached' if second >= line.at else 'no longer reached'}")
    return tuple(told)


def _value_at(of: str, value: Score | float | None) -> float | None:
    if not isinstance(value, Score):
        return value if of == "total" else None
    if of == "total":
        return value.value
    return next((item.value for item in value.items if item.id == of), None)
