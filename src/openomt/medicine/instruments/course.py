"""Whether a course of treatment helps, by the published thresholds, and what to do then.

It tells how the patient feels compared with the start, never what caused it, and the clinician decides.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from openomt.medicine.instruments import records
from openomt.medicine.instruments.comparing import change
from openomt.medicine.instruments.scoring import score
from openomt.medicine.instruments.values import (
    Advice,
    Direction,
    Due,
    Outcome,
    OutcomeKind,
    Score,
    Signal,
    SignalState,
    Timepoint,
)


def course_outcome(timepoints: Sequence[Timepoint], *, goal_based: bool = False) -> Outcome:
    """How a course has gone: the last timepoint compared with the first, nothing filled in between.

    goal_based   the course is not for pain: only activity and impression count
    Raises ValueError where the days do not rise, ScoreError for a value outside its range.
    """
    days = [point.day for point in timepoints]
    if any(later <= earlier for earlier, later in itertools.pairwise(days)):
        raise ValueError(f"timepoints are in order, one a day: {days}")
    signals = _signals(timepoints)[1 if goal_based else 0 :]
    kind, why = _judged(timepoints, signals)
    rule = records.outcome_rule()
    states = {signal.state for signal in signals}
    return Outcome(
        kind=kind,
        signals=signals,
        reasons=(*why, *(signal.reason for signal in signals)),
        contradictory={SignalState.WORSE, SignalState.IMPROVED} <= states,
        told=records.phrase(f"outcome.{kind.value.replace(' ', '_')}"),
        note=records.phrase(rule.note),
        doubt=rule.doubt,
        sources=rule.sources,
        confidence=rule.confidence.value,
        review_state=rule.review_state,
    )


# What each instrument says ----------------------------------------------------------------------------


def _signals(timepoints: Sequence[Timepoint]) -> tuple[Signal, ...]:
    rule = records.outcome_rule()
    if not timepoints:
        return tuple(
            Signal(name, SignalState.UNKNOWN, "no timepoint") for name in ("pain", "activity", "impression")
        )
    first, last = timepoints[0], timepoints[-1]
    several = len(timepoints) >= rule.timepoints
    return (
        _changed("pain", rule.pain, first.peg, last.peg if several else None),
        _changed("activity", rule.activity, first.psfs, last.psfs if several else None),
        _impression(last.pgic),
    )


def _changed(name: str, instrument: str, before: Score | float | None, after: Score | float | None) -> Signal:
    told = change(instrument, before, after)
    label = records.instrument(instrument).abbreviation
    if told.points is None:
        return Signal(name, SignalState.UNKNOWN, f"{label}: {told.reason}")
    went = f"{label} {told.before:.3g} to {told.after:.3g}"
    if told.improved:
        return Signal(name, SignalState.IMPROVED, f"{went}: better by {told.reason}")
    if told.worsened:
        return Signal(name, SignalState.WORSE, f"{went}: worse by {told.reason}")
    if _rose_from_zero(instrument, told.before, told.points, told.direction):
        return Signal(name, SignalState.WORSE, f"{went}: no percent can be given from 0; taken as worse")
    return Signal(name, SignalState.NOT_MET, f"{went}: not by {told.reason}")


def _rose_from_zero(
    instrument: str, before: float | None, points: float, direction: Direction | None
) -> bool:
    """A rise from no pain at all has no percent. It counts as worse where it reaches the rule's points."""
    rules = records.instrument(instrument).change
    enough = next((rule.points for rule in rules if rule.grade == "matters"), None)
    return (
        records.outcome_rule().rise_from_zero_is_worse
        and before == 0
        and direction is Direction.WORSE
        and enough is not None
        and points >= enough
    )


def _impression(value: Score | float | None) -> Signal:
    rule = records.outcome_rule()
    told = value if isinstance(value, Score) or value is None else score(rule.impression, [value])
    if told is None or told.value is None:
        return Signal("impression", SignalState.UNKNOWN, "PGIC: not answered")
    reached = {mark.id: mark for mark in told.positives}
    if rule.impression_worse in reached:
        return Signal("impression", SignalState.WORSE, f"PGIC: {reached[rule.impression_worse].en}")
    if rule.impression_improved in reached:
        return Signal("impression", SignalState.IMPROVED, f"PGIC: {reached[rule.impression_improved].en}")
    return Signal("impression", SignalState.NOT_MET, f"PGIC: {told.value:g}, about the same")


# The rule ------------------------------------------------------------------------------------------------


def _judged(
    timepoints: Sequence[Timepoint], signals: tuple[Signal, ...]
) -> tuple[OutcomeKind, tuple[str, ...]]:
    """The outcome, and what is to be said beside the reason of each signal. The first signal leads."""
    rule = records.outcome_rule()
    if len(timepoints) < rule.timepoints:
        return OutcomeKind.CANNOT_SAY, (f"fewer than {rule.timepoints} timepoints",)
    states = [signal.state for signal in signals]
    if SignalState.WORSE in states:
        mixed = SignalState.IMPROVED in states
        why = "one signal got better and another worse: worse is taken, as the safer reading"
        return OutcomeKind.WORSE, (why,) if mixed else ()
    if _no_room(timepoints[0], signals):
        why = f"PEG was below {rule.low_baseline:g} at the start, and activities were not rated both times"
        return OutcomeKind.CANNOT_SAY, (why,)
    return _by_count(states), ()


def _by_count(states: list[SignalState]) -> OutcomeKind:
    improved = states.count(SignalState.IMPROVED)
    if improved > 1 and states[0] is SignalState.IMPROVED:
        return OutcomeKind.IMPROVED
    if improved:
        return OutcomeKind.PARTLY_IMPROVED
    return OutcomeKind.CANNOT_SAY if states[0] is SignalState.UNKNOWN else OutcomeKind.NO_CLEAR_CHANGE


def _no_room(first: Timepoint, signals: tuple[Signal, ...]) -> bool:
    """A low pain score at the start cannot fall by much, and nothing else was rated."""
    by_name = {signal.name: signal.state for signal in signals}
    if "pain" not in by_name or by_name["activity"] is not SignalState.UNKNOWN:
        return False
    value = first.peg.value if isinstance(first.peg, Score) else first.peg
    return value is not None and value < records.outcome_rule().low_baseline


# Stop, change or go on -----------------------------------------------------------------------------------


def review(outcome: Outcome, visit_number: int, weeks: float, *, acute: bool | None = None) -> Advice:
    """What the rule suggests at this visit, `weeks` after the first. It never decides and never books.

    acute   whether the problem is acute, for how far apart visits lie; None: not known
    Raises ValueError for a visit below 1 or weeks below 0.
    """
    if visit_number < 1:
        raise ValueError(f"visits count from 1, not {visit_number}")
    if not (math.isfinite(weeks) and weeks >= 0):
        raise ValueError(f"weeks count from 0, not {weeks}")
    rule = records.review_rule()
    due = _due(visit_number, weeks)
    rethink = visit_number >= rule.rethink_visits or weeks >= rule.rethink_weeks
    names = ["ask_first", _advised(outcome, due, rethink=rethink)]
    if rethink:
        names.append("rethink")
    spacing = {True: rule.spacing_acute, False: rule.spacing_chronic, None: ""}[acute]
    return Advice(
        review=due,
        rethink=rethink,
        suggestions=tuple(text for name in names for text in rule.suggestions[name]),
        reasons=(
            f"outcome: {outcome.kind.value}",
            *outcome.reasons,
            f"visit {visit_number}, week {weeks:g}: review is {due.value}",
        ),
        spacing=spacing,
        never=rule.never,
        sources=rule.sources,
        confidence=rule.confidence.value,
        review_state=rule.review_state,
    )


def _due(visit_number: int, weeks: float) -> Due:
    rule = records.review_rule()
    if visit_number > rule.review_visits[1] or weeks > rule.review_weeks[1]:
        return Due.OVERDUE
    if visit_number >= rule.review_visits[0] or weeks >= rule.review_weeks[0]:
        return Due.DUE
    return Due.NOT_YET


def _advised(outcome: Outcome, due: Due, *, rethink: bool) -> str:
    if outcome.kind is OutcomeKind.WORSE or outcome.any_worse:
        return "worse"
    if outcome.kind is OutcomeKind.IMPROVED:
        return "improved"
    if due is Due.NOT_YET and not rethink:
        return "not_due"
    return outcome.kind.value.replace(" ", "_")
