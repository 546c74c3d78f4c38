"""How it goes, for the patient: the pictures of the chart in plain words and in their language.

Which answers stand in a picture, and from where a change counts, is the chart's own (`desk`) and the medicine's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.safestring import SafeString

from openomt.care.desk import courses
from openomt.care.desk.measures import Measure, counts_at, measures
from openomt.care.desk.trend import Trend, draw
from openomt.care.intake.models import FormAnswer
from openomt.care.intake.services import score_of
from openomt.care.patients.models import Course, Patient
from openomt.care.visits.models import Visit
from openomt.care.words import page_language, say
from openomt.medicine import instruments
from openomt.medicine.instruments import Change, ChangeState, Direction
from openomt.medicine.instruments.records import outcome_rule, phrase

Points = list[tuple[dt.date, float]]
_SLEEP_ITEM = {"hours": "hours", "how well": "well"}
_CHECKED = ("V", "1")
"""Confidence of a number that was read in its source."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One line over time, with all that is said of it.

    counts   from where a change counts; empty where nobody agreed on a number, or there is one answer only
    unsure   the number that counts was not checked in its source
    """

    key: str
    title: str
    scale: str
    picture: SafeString
    points: tuple[tuple[dt.date, str], ...]
    verdict: str
    shape: str
    moved: str
    counts: str
    unsure: bool
    alarm: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """All four lines of a course. `missing`: those without an answer; `told`: the outcome of the course in words."""

    course: Course | None
    since: dt.date | None
    told: str
    note: str
    pictures: tuple[Picture, ...]
    missing: tuple[str, ...]


def progress(patient: Patient, today: dt.date) -> Progress:
    """How the running course goes, or the last one where none runs."""
    found = list(Course.objects.standing().filter(patient=patient).order_by("-started_on", "-pk"))
    course = found[0] if found else None
    earlier = found[1] if len(found) > 1 else None
    rows = FormAnswer.objects.filter(patient=patient, in_error=False).order_by("on", "pk")
    answers = courses.of_course(course, earlier, list(rows))
    shown = measures(answers)
    return Progress(
        course=course,
        since=min((one.on for one in answers), default=None),
        told=_outcome(course, answers, today) if course is not None else "",
        note=_in_language(phrase(outcome_rule().note)),
        pictures=tuple(_picture(one, answers) for one in shown if one.picture),
        missing=tuple(say(f"mine.slot_{one.slot.key}") for one in shown if not one.picture),
    )


def _outcome(course: Course, answers: Sequence[FormAnswer], today: dt.date) -> str:
    days = Visit.objects.filter(course=course).exclude(state=Visit.State.ABANDONED)
    visits = list(days.values_list("date", flat=True))
    return _in_language(courses.standing(course, visits, answers, today).outcome.told)


def _in_language(pair: tuple[str, str]) -> str:
    return pair[0] if page_language() == "en" else pair[1]


# One picture ---------------------------------------------------------------------------------------------


def _picture(measure: Measure, answers: Sequence[FormAnswer]) -> Picture:
    """The chart's measure, drawn anew with words for the patient."""
    name = measure.instrument
    record = instruments.instrument(name)
    points = [(day, float(value)) for day, value in measure.points]
    of_item = record.scoring.method == "none"
    told = None if of_item else _change(name, answers)
    edge = _edge(name, told, points)
    low, high = (record.scoring.low, record.scoring.high) if not of_item else _window(points)
    title, scale = say(f"mine.slot_{measure.slot.key}"), _scale(measure)
    verdict, shape = _verdict(told, points, better="higher" if of_item else record.scoring.better)
    trend = Trend(
        key=f"trend-{measure.slot.key}",
        title=title,
        points=points,
        low=low,
        high=high,
        better=record.scoring.better,
        edge=edge,
        edge_words=say("mine.edge", value=_plain(edge)) if edge is not None else "",
        told=_told(points, verdict),
    )
    return Picture(
        key=measure.slot.key,
        title=title,
        scale=scale,
        picture=draw(trend),
        points=tuple((day, _plain(value)) for day, value in points),
        verdict=verdict,
        shape=shape,
        moved=_moved(points),
        counts=_counts(edge, told, points),
        unsure=told is not None and edge is not None and str(told.confidence) not in _CHECKED,
        alarm=told is not None and told.worsened,
    )


def _change(name: str, answers: Sequence[FormAnswer]) -> Change | None:
    """The last answer against the first; None with fewer than two."""
    scored = [one for one in answers if one.instrument == name and one.score is not None]
    if len(scored) < 2:
        return None
    if instruments.instrument(name).missing.rule == "any":
        return instruments.change(name, score_of(scored[0]), score_of(scored[-1]))
    return instruments.change(name, scored[0].score, scored[-1].score)


def _edge(name: str, told: Change | None, points: Points) -> float | None:
    """From which value a change counts as better; None where the comparison rests on another value than the first."""
    if instruments.instrument(name).scoring.method == "none":
        return None
    if told is not None and told.before is not None and abs(told.before - points[0][1]) > 0.06:
        return None
    return counts_at(name, points[0][1])


def _window(points: Points) -> tuple[float, float]:
    values = [value for _, value in points]
    return max(0, int(min(values)) - 2), int(max(values)) + 2


def _scale(measure: Measure) -> str:
    """What the numbers are and which way is better."""
    if measure.instrument == "sleep":
        topic = next(
            (key for word, key in _SLEEP_ITEM.items() if measure.what.casefold().startswith(word)), ""
        )
        return say(f"mine.scale_sleep_{topic or 'hours'}")
    return say(f"mine.scale_{measure.instrument}")


def _verdict(told: Change | None, points: Points, *, better: str) -> tuple[str, str]:
    """What became of it in words, and the shape beside them."""
    if len(points) < 2:
        return say("mine.verdict_first"), "note"
    if told is None or told.state is ChangeState.NO_AGREED_VALUE:
        return _way(points, better)
    if told.state is ChangeState.CANNOT_SAY or told.points is None:
        return say("mine.verdict_cannot_say"), "open"
    key, shape = _VERDICTS[told.direction or Direction.SAME, told.state is ChangeState.MET]
    return say(f"mine.verdict_{key}"), shape


_VERDICTS = {
    (Direction.BETTER, True): ("better", "check"),
    (Direction.BETTER, False): ("bit_better", "open"),
    (Direction.SAME, True): ("same", "same"),
    (Direction.SAME, False): ("same", "same"),
    (Direction.WORSE, False): ("bit_worse", "down"),
    (Direction.WORSE, True): ("worse", "down"),
}


def _way(points: Points, better: str) -> tuple[str, str]:
    """Without an agreed number only the way it went is told."""
    by = points[-1][1] - points[0][1]
    if not by:
        return say("mine.verdict_same"), "same"
    up = (by > 0) == (better == "higher")
    return say("mine.verdict_way_better" if up else "mine.verdict_way_worse"), "up" if up else "down"


def _moved(points: Points) -> str:
    first, last = points[0][1], points[-1][1]
    if len(points) < 2:
        return say("mine.now", value=_plain(last))
    return say("mine.then_now", first=_plain(first), last=_plain(last))


def _counts(edge: float | None, told: Change | None, points: Points) -> str:
    if edge is not None:
        return say("mine.counts", value=_plain(edge))
    if len(points) > 1 and (told is None or told.state is ChangeState.NO_AGREED_VALUE):
        return say("mine.counts_nobody")
    return ""


def _told(points: Points, verdict: str) -> str:
    """The picture in one sentence, for who does not see it."""
    first, last = points[0], points[-1]
    return say(
        "mine.picture_told",
        first=_plain(first[1]),
        first_day=date_format(first[0], "DATE_FORMAT"),
        last=_plain(last[1]),
        last_day=date_format(last[0], "DATE_FORMAT"),
        verdict=verdict,
    )


def _plain(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
