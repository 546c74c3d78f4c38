"""Whether a course helps: the rule's truth table, and what is suggested when."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openomt.medicine.instruments import (
    Due,
    Outcome,
    OutcomeKind,
    ScoreError,
    SignalState,
    Timepoint,
    course_outcome,
    review,
    score,
)
from tests.reading_level import grade

Row = tuple[float | None, float | None, float | None, float | None, int | None, str]

# PEG and PSFS at the start and now, PGIC now (1 very much better to 7 very much worse) -> outcome.
# None: not asked.
TABLE: list[Row] = [
    # pain rule and one more: improved
    (6, 4, 3, 5, 2, "improved"),
    (6, 4, 3, 5, None, "improved"),
    (6, 4, 3, 5, 4, "improved"),
    (6, 4, 3, 4, 2, "improved"),
    (6, 4, None, None, 1, "improved"),
    # exactly one: partly
    (6, 4, 3, 4, 3, "partly improved"),
    (6, 4, None, None, None, "partly improved"),
    (6, 4, 3, 3, None, "partly improved"),
    (6, 6, 3, 5, 4, "partly improved"),
    (6, 6, 3, 3, 2, "partly improved"),
    (6, 5, None, None, 2, "partly improved"),
    # activity and impression without pain: not the rule's improved
    (6, 6, 3, 5, 2, "partly improved"),
    (6, 5, 3, 6, 1, "partly improved"),
    # none met, and not worse
    (6, 6, 3, 3, 4, "no clear change"),
    (6, 5, 3, 4, 3, "no clear change"),
    (6, 7, 3, 2, 5, "no clear change"),
    (6, 5, None, None, None, "no clear change"),
    (3, 3, None, None, 4, "no clear change"),
    (3, 2.2, None, None, None, "no clear change"),
    # worse, by each of the three
    (4, 6, 3, 3, 4, "worse"),
    (4, 6, None, None, None, "worse"),
    (6, 6, 5, 3, 4, "worse"),
    (6, 6, 3, 3, 6, "worse"),
    (6, 6, 3, 3, 7, "worse"),
    (None, None, None, None, 6, "worse"),
    # contradictory: worse wins
    (6, 4, 3, 5, 6, "worse"),
    (6, 4, 5, 3, 1, "worse"),
    (4, 6, 3, 6, 1, "worse"),
    # cannot say: little pain at the start and no activity rated both times
    (2, 2, None, None, None, "cannot say"),
    (2, 0, None, None, 2, "cannot say"),
    (2.9, 1, 5, None, None, "cannot say"),
    (2, 0, 3, 5, None, "improved"),
    (2, 2, 3, 3, 4, "no clear change"),
    (2, 4, None, None, None, "worse"),
    # pain risen from nothing: no percent, and still worse
    (0, 3, 5, 5, 4, "worse"),
    (0, 0.5, 5, 5, 4, "no clear change"),
    # pain missing at one end is not filled in
    (None, 4, 3, 3, 4, "cannot say"),
    (6, None, None, None, 4, "cannot say"),
    (None, 4, None, None, None, "cannot say"),
    (6, None, 3, 5, 4, "partly improved"),
    (None, None, None, None, 2, "partly improved"),
]


def course(peg0: float | None, peg1: float | None, psfs0: float | None, psfs1: float | None,
           pgic: int | None) -> list[Timepoint]:  # fmt: skip
    return [Timepoint(0, peg=peg0, psfs=psfs0), Timepoint(42, peg=peg1, psfs=psfs1, pgic=pgic)]


@pytest.mark.parametrize("row", TABLE)
def test_a_course_is_judged_by_the_rule(row: Row) -> None:
    peg0, peg1, psfs0, psfs1, pgic, expected = row
    outcome = course_outcome(course(peg0, peg1, psfs0, psfs1, pgic))
    assert outcome.kind.value == expected, outcome.reasons
    assert len(outcome.signals) == 3
    assert all(outcome.reasons)


# Not for pain: activity and impression only.
GOALS: list[tuple[float | None, float | None, int | None, str]] = [
    (3, 5, 2, "improved"),
    (3, 5, 4, "partly improved"),
    (3, 5, None, "partly improved"),
    (3, 4, 2, "partly improved"),
    (3, 4, 4, "no clear change"),
    (5, 3, 1, "worse"),
    (3, 5, 6, "worse"),
    (3, None, 4, "cannot say"),
    (None, None, None, "cannot say"),
]


@pytest.mark.parametrize(("before", "after", "pgic", "expected"), GOALS)
def test_a_course_for_a_goal_counts_activity_and_impression_only(
    before: float | None, after: float | None, pgic: int | None, expected: str
) -> None:
    points = [Timepoint(0, peg=2, psfs=before), Timepoint(30, peg=9, psfs=after, pgic=pgic)]
    outcome = course_outcome(points, goal_based=True)
    assert outcome.kind.value == expected, outcome.reasons
    assert [signal.name for signal in outcome.signals] == ["activity", "impression"]


def test_contradictory_signals_are_said_to_be_so() -> None:
    outcome = course_outcome(course(6, 4, 3, 5, 6))
    assert outcome.contradictory
    assert "worse is taken" in outcome.reasons[0]
    assert not course_outcome(course(4, 6, 3, 3, 4)).contradictory


@pytest.mark.parametrize("points", [[], [Timepoint(0, peg=6, psfs=3)]])
def test_under_two_timepoints_nothing_is_said(points: list[Timepoint]) -> None:
    outcome = course_outcome(points)
    assert outcome.kind is OutcomeKind.CANNOT_SAY
    assert "fewer than 2" in outcome.reasons[0]


def test_much_worse_at_a_single_timepoint_is_not_lost() -> None:
    outcome = course_outcome([Timepoint(0, pgic=7)])
    assert outcome.kind is OutcomeKind.CANNOT_SAY
    assert outcome.any_worse
    assert "Stop for now." in review(outcome, 1, 0).suggestions


def test_the_last_timepoint_counts_and_nothing_is_carried_forward() -> None:
    start, middle = Timepoint(0, peg=6), Timepoint(14, peg=3, pgic=1)
    assert course_outcome([start, middle]).kind is OutcomeKind.IMPROVED
    assert course_outcome([start, middle, Timepoint(28)]).kind is OutcomeKind.CANNOT_SAY
    assert course_outcome([start, middle, Timepoint(28, peg=6, pgic=4)]).kind is OutcomeKind.NO_CLEAR_CHANGE


def test_scored_forms_are_taken_as_well_as_numbers() -> None:
    points = [
        Timepoint(0, peg=score("peg", [6, 6, 6]), psfs=score("psfs", [3, 3])),
        Timepoint(30, peg=score("peg", [4, 4, 4]), psfs=score("psfs", [5, 5]), pgic=score("pgic", [2])),
    ]
    assert course_outcome(points).kind is OutcomeKind.IMPROVED


def test_days_that_do_not_rise_and_values_out_of_range_are_refused() -> None:
    for days in ((7, 0), (7, 7)):
        with pytest.raises(ValueError, match="in order"):
            course_outcome([Timepoint(days[0]), Timepoint(days[1])])
    with pytest.raises(ScoreError):
        course_outcome(course(6, 11, None, None, None))
    with pytest.raises(ScoreError):
        course_outcome(course(6, 4, None, None, 8))


every_value = st.none() | st.integers(0, 10)


@given(every_value, every_value, every_value, every_value, st.none() | st.integers(1, 7))
def test_whatever_is_answered_the_outcome_is_one_of_five_with_reasons_and_the_note(
    peg0: int | None, peg1: int | None, psfs0: int | None, psfs1: int | None, pgic: int | None
) -> None:
    outcome = course_outcome(course(peg0, peg1, psfs0, psfs1, pgic))
    states = [signal.state for signal in outcome.signals]
    assert (outcome.kind is OutcomeKind.WORSE) == (SignalState.WORSE in states)
    if outcome.kind is OutcomeKind.IMPROVED:
        assert states[0] is SignalState.IMPROVED
        assert states.count(SignalState.IMPROVED) > 1
    assert "It cannot show that OMT caused the change." in outcome.note[0]
    assert all((*outcome.told, *outcome.note))
    assert outcome.sources


@given(st.integers(3, 10), st.integers(0, 10), st.integers(0, 10), st.integers(0, 10), st.integers(1, 6))
def test_saying_worse_never_makes_the_outcome_better(
    peg0: int, peg1: int, psfs0: int, psfs1: int, pgic: int
) -> None:
    order = ["improved", "partly improved", "no clear change", "worse"]
    better = course_outcome(course(peg0, peg1, psfs0, psfs1, pgic)).kind.value
    worse = course_outcome(course(peg0, peg1, psfs0, psfs1, pgic + 1)).kind.value
    assert order.index(worse) >= order.index(better)


# Stop, change or go on -------------------------------------------------------------------------------------

OUTCOMES: dict[str, Outcome] = {
    "improved": course_outcome(course(6, 4, 3, 5, 2)),
    "partly improved": course_outcome(course(6, 4, 3, 3, 4)),
    "no clear change": course_outcome(course(6, 6, 3, 3, 4)),
    "worse": course_outcome(course(4, 7, 3, 3, 6)),
    "cannot say": course_outcome([Timepoint(0, peg=6)]),
}
# Outcome, visit, week -> review, whole plan again, a sentence that must be there.
ADVICE: list[tuple[str, int, float, Due, bool, str]] = [
    ("worse", 1, 0, Due.NOT_YET, False, "Stop for now."),
    ("worse", 4, 5, Due.DUE, False, "Check for danger signs."),
    ("improved", 2, 2, Due.NOT_YET, False, "Plan the end of the course, with self-care."),
    ("improved", 4, 5, Due.DUE, False,
     "Book no more visits without a stated goal and a date to look again."),
    ("partly improved", 2, 2, Due.NOT_YET, False, "Go on as planned until the review."),
    ("partly improved", 3, 3, Due.DUE, False, "Go on as planned, and set a date to look again."),
    ("no clear change", 2, 3.9, Due.NOT_YET, False, "Go on as planned until the review."),
    ("no clear change", 2, 4, Due.DUE, False, "Change the plan."),
    ("no clear change", 3, 2, Due.DUE, False, "Add exercise or PT, or switch to it."),
    ("no clear change", 4, 6, Due.DUE, False, "Ask about mood and sleep."),
    ("no clear change", 5, 6, Due.OVERDUE, False, "Think again about the cause."),
    ("no clear change", 4, 6.5, Due.OVERDUE, False, "Change the plan."),
    ("no clear change", 6, 6, Due.OVERDUE, True, "Think the whole plan through again before more visits."),
    ("partly improved", 2, 12, Due.OVERDUE, True, "Think the whole plan through again before more visits."),
    ("cannot say", 4, 5, Due.DUE, False, "Get the missing answers before you decide."),
    ("cannot say", 1, 0, Due.NOT_YET, False, "Go on as planned until the review."),
]  # fmt: skip


@pytest.mark.parametrize("case", ADVICE)
def test_the_review_suggests_what_the_rule_says(
    case: tuple[str, int, float, Due, bool, str],
) -> None:
    kind, visit, week, due, rethink, sentence = case
    assert OUTCOMES[kind].kind.value == kind
    advice = review(OUTCOMES[kind], visit, week)
    assert (advice.review, advice.rethink) == (due, rethink)
    assert sentence in advice.suggestions


def test_every_advice_asks_the_patient_first_books_nothing_and_is_easy_to_read() -> None:
    for outcome, visit, week in itertools.product(OUTCOMES.values(), (1, 3, 4, 6, 9), (0, 4, 7, 12)):
        advice = review(outcome, visit, week)
        assert advice.suggestions[0].startswith("Ask the patient first.")
        assert advice.never == ("No visit is booked by itself.", "Visits left are never shown as a goal.")
        assert all(grade([sentence]) <= 6 for sentence in advice.suggestions)
        assert not any("left" in field for field in type(advice).__dataclass_fields__)


def test_visits_of_an_acute_problem_lie_otherwise_than_of_a_chronic_one() -> None:
    outcome = OUTCOMES["partly improved"]
    assert review(outcome, 1, 0, acute=True).spacing == "once a week or less"
    assert review(outcome, 1, 0, acute=False).spacing == "every 1 to 2 weeks, then stop or space out"
    assert review(outcome, 1, 0).spacing == ""


@pytest.mark.parametrize(("visit", "weeks"), [(0, 1), (1, -1), (1, float("nan"))])
def test_visits_and_weeks_that_cannot_be_are_refused(visit: int, weeks: float) -> None:
    with pytest.raises(ValueError, match="count from"):
        review(OUTCOMES["improved"], visit, weeks)
