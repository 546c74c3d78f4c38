"""How much treatment was given in trials, what more visits bought, the default course, and when to stop."""

from __future__ import annotations

from functools import cache

from openomt.medicine.techniques.tables import tables
from openomt.medicine.techniques.values import Advice, Course, DoseAdvice, DoseLine


def dose_advice(condition: str) -> DoseAdvice:
    """The advice for a condition, by its id. Raises KeyError for one that is not in the tables."""
    from openomt.knowledge import load
    from openomt.knowledge.evidence import Dose, DoseResponse

    row = tables().conditions[condition]
    known = load()
    trials = [
        DoseLine(f"{one.title}: {one.given.words}", one.helped, one.sources, one.confidence.value, one.doubt)
        for one in known.all(Dose)
        if condition in one.conditions
    ]
    if not trials and row.course.words:
        text = f"{row.title}: {row.course.words}"
        helped = None if tables().labels[row.label].helpful is not False else False
        trials.append(DoseLine(text, helped, row.sources, row.confidence.value, row.doubt))
    more = [
        DoseLine(one.statement, None, one.sources, one.confidence.value)
        for one in known.all(DoseResponse)
        if not one.conditions or condition in one.conditions
    ]
    return DoseAdvice(condition, tuple(trials), tuple(more), _default_course(), _others())


@cache
def _default_course() -> Course:
    from openomt.knowledge import load
    from openomt.knowledge.instruments import ReviewRule

    (rule,) = load().all(ReviewRule)
    return Course(
        id=rule.id,
        visits=rule.visits,
        weeks=rule.weeks,
        review_visits=rule.review_visits,
        rethink_visits=rule.rethink_visits,
        rethink_weeks=rule.rethink_weeks,
        spacing=f"Acute: {rule.spacing_acute}. Chronic: {rule.spacing_chronic}.",
        at_review=rule.suggestions,
        never=rule.never,
        sources=rule.sources,
        confidence=rule.confidence.value,
    )


@cache
def _others() -> tuple[Advice, ...]:
    from openomt.knowledge import load
    from openomt.knowledge.evidence import CourseAdvice

    return tuple(
        Advice(one.id, one.statement, one.sources, one.confidence.value, one.doubt)
        for one in load().all(CourseAdvice)
    )
