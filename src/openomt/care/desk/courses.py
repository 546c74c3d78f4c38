"""How a course stands: occasions, outcome and the next review, by the medicine's rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from openomt.care.intake.models import FormAnswer
from openomt.care.intake.services import score_of
from openomt.care.patients.models import Course
from openomt.medicine.instruments import Advice, Due, Outcome, Score, Timepoint, course_outcome, review

_IN_TIMEPOINT = ("peg", "psfs", "pgic")


@dataclass(frozen=True, slots=True)
class Standing:
    """A course on a day. `due`: the review is due today or was before; `by_hand`: on the day somebody set."""

    course: Course
    outcome: Outcome
    advice: Advice
    visits: tuple[dt.date, ...]
    due: bool
    overdue: bool
    by_hand: bool

    @property
    def headline(self) -> str:
        """`Partly improved`."""
        return self.outcome.kind.value.capitalize()


def standing(
    course: Course, visits: Sequence[dt.date], answers: Sequence[FormAnswer], today: dt.date
) -> Standing:
    """How the course stands. `visits`: days of its visits, drafts too; `answers`: those of the course."""
    outcome = course_outcome(timepoints(answers, visits))
    weeks = max((today - course.started_on).days, 0) / 7
    advice = review(outcome, max(len(visits), 1), round(weeks, 1))
    by_hand = course.review_on is not None
    due = course.review_on <= today if course.review_on else bool(visits) and advice.review is not Due.NOT_YET
    return Standing(
        course=course,
        outcome=outcome,
        advice=advice,
        visits=tuple(sorted(visits)),
        due=due,
        overdue=due and (course.review_on < today if course.review_on else advice.review is Due.OVERDUE),
        by_hand=by_hand,
    )


def of_course(
    course: Course | None, earlier: Course | None, answers: Sequence[FormAnswer]
) -> list[FormAnswer]:
    """The answers that tell of a course: from the last ones on or before its first day, to its end.

    An answer that belongs to the course before (on or before its last day) does not count. Without a course: all.
    """
    if course is None:
        return list(answers)
    after = earlier.ended_on if earlier is not None else None
    inside = [
        one
        for one in answers
        if (after is None or one.on > after) and (course.ended_on is None or one.on <= course.ended_on)
    ]
    start: dict[str, dt.date] = {}
    for one in inside:
        if one.on <= course.started_on:
            start[one.instrument] = one.on
    return [one for one in inside if one.on >= start.get(one.instrument, course.started_on)]


def timepoints(answers: Sequence[FormAnswer], visits: Sequence[dt.date]) -> list[Timepoint]:
    """Answers by occasion: what was answered since the visit before belongs to the next one, the newest counting."""
    days = sorted(set(visits))
    occasions: dict[dt.date, dict[str, FormAnswer]] = {}
    for one in answers:
        if one.instrument not in _IN_TIMEPOINT or one.score is None:
            continue
        visit = next((day for day in days if day >= one.on), dt.date.max)
        occasions.setdefault(visit, {})[one.instrument] = one
    if not occasions:
        return []
    start = min(one.on for one in answers)
    return [_timepoint(start, given) for _, given in sorted(occasions.items())]


def _timepoint(start: dt.date, given: dict[str, FormAnswer]) -> Timepoint:
    day = max(one.on for one in given.values())
    scores: dict[str, Score] = {name: score_of(one) for name, one in given.items()}
    return Timepoint((day - start).days, scores.get("peg"), scores.get("psfs"), scores.get("pgic"))
