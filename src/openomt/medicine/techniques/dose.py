"""How much treatment was given in trials, what more visits bought, the default course, and when to stop."""

from __future__ import annotations

from functools import cache

from openomt.medicine.techniques.tables import tables
from openomt.medicine.techniques.values import Advice, DoseAdvice, DoseLine

_DEFAULT, _STOP = "default-course", "stop-or-change"


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
    advice = _advice()
    others = tuple(one for name, one in advice.items() if name not in (_DEFAULT, _STOP))
    return DoseAdvice(condition, tuple(trials), tuple(more), advice[_DEFAULT], advice[_STOP], others)


@cache
def _advice() -> dict[str, Advice]:
    from openomt.knowledge import load
    from openomt.knowledge.evidence import CourseAdvice

    return {
        one.id: Advice(
            id=one.id,
            statement=one.statement,
            sources=one.sources,
            confidence=one.confidence.value,
            visits=one.visits,
            weeks=one.weeks,
            review_visits=one.review_visits,
            most_visits=one.most_visits,
            most_weeks=one.most_weeks,
            doubt=one.doubt,
        )
        for one in load().all(CourseAdvice)
    }
