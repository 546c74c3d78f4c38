"""By when a task is to be done.

The hours come from the knowledge; working hours are those in which anybody sees patients.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from openomt.care.accounts.models import Practice
from openomt.care.booking import slots
from openomt.care.booking.diary import practice_zone
from openomt.care.booking.models import WorkingHours
from openomt.care.followup.models import Task
from openomt.medicine.triage.tables import triage_tables

RESULTS = {
    Task.Urgency.EMERGENCY: "E",
    Task.Urgency.SAME_DAY: "U",
    Task.Urgency.CALL: "office",
}
"""The answer to a check-in whose deadline holds for a task. A question has none: a person says by when."""
_DAYS = 14
"""How far ahead opening hours are looked for: a practice that is closed for longer answers by the plain clock."""


_QUESTION = "close_with_note"
"""The result whose hours (16 of opening: two working days) hold for a question too: a product choice."""


class NoDeadlineError(ValueError):
    """The knowledge has no deadline for this urgency: somebody must say by when."""


def deadline(urgency: str, now: dt.datetime) -> dt.datetime:
    """By when a task of this urgency that opens now is due. Raises NoDeadlineError where a person must say."""
    result = RESULTS.get(Task.Urgency(urgency))
    known = triage_tables().results[result].deadline if result else None
    if known is None:
        raise NoDeadlineError("Say by when this is to be answered.")
    return within(known.hours, known.working, now)


def answer_by(now: dt.datetime) -> dt.datetime:
    """By when a patient who writes now has an answer: what the practice states beside the box, and may set."""
    chosen = Practice.load().answer_hours
    if chosen is not None:
        return within(chosen, working=True, now=now)
    known = triage_tables().results[_QUESTION].deadline
    return now if known is None else within(known.hours, known.working, now)


def within(hours: float, working: bool, now: dt.datetime) -> dt.datetime:
    """The moment so many hours from now, of the practice's opening hours where `working`."""
    if not working:
        return now + dt.timedelta(hours=hours)
    rows = WorkingHours.objects.filter(clinician__is_active=True)
    opening = [slots.Hours(row.weekday, row.start, row.end, row.location_id) for row in rows]
    return after_working(now, hours, opening, practice_zone())


def after_working(
    now: dt.datetime, hours: float, opening: Iterable[slots.Hours], zone: dt.tzinfo
) -> dt.datetime:
    """The moment when so many hours of opening have passed; of the plain clock where nobody set any hours."""
    left = dt.timedelta(hours=hours)
    week = tuple(opening)
    for span in _open(now, week, zone):
        length = span.end - span.start
        if length >= left:
            return span.start + left
        left -= length
    return now + dt.timedelta(hours=hours)


def _open(now: dt.datetime, week: tuple[slots.Hours, ...], zone: dt.tzinfo) -> Iterable[slots.Span]:
    """Stretches in which the practice is open from now on, overlapping ones as one."""
    today = now.astimezone(zone).date()
    for ahead in range(_DAYS if week else 0):
        reached = now
        for one in slots.open_spans(week, today + dt.timedelta(days=ahead), zone):
            start = max(one.span.start, reached)
            if start < one.span.end:
                yield slots.Span(start, one.span.end)
                reached = one.span.end
