"""The course as a line of visits: done, the review, and those that are possible."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from openomt.care.patients.models import Course

WIDTH, HEIGHT, _Y = 396, 58, 24
_FIRST, _LAST = 14.0, 382.0
_MOST = 12
"""More marks than this are not told apart: the oldest are left out, and a number says so."""
_LABEL = 46.0


@dataclass(frozen=True, slots=True)
class _Mark:
    """A visit that was, or the review. `kind`: done, review or open; `past`: it has been."""

    kind: str
    words: str
    past: bool = True


def draw_path(course: Course, days: Sequence[dt.date]) -> SafeString:
    """The picture. Visits that are possible have no day: none is booked by itself."""
    marks = _marks(course, sorted(days))
    step = (_LAST - _FIRST) / max(len(marks) - 1, 1)
    places = [_FIRST + step * number for number in range(len(marks))]
    last = max((place for place, mark in zip(places, marks, strict=True) if mark.past), default=_FIRST)
    return format_html(
        '<svg class="path" viewBox="0 0 {} {}" role="img" aria-labelledby="path-told">'
        '<title id="path-told">{}</title>'
        '<path class="p-done" d="M{} {y}H{}"/><path class="p-open" d="M{} {y}H{}"/>{}{}</svg>',
        WIDTH,
        HEIGHT,
        told(course, days),
        _n(_FIRST),
        _n(last),
        _n(last),
        _n(places[-1] if places else _FIRST),
        format_html_join(
            "", "{}", ((_shape(place, mark),) for place, mark in zip(places, marks, strict=True))
        ),
        _words(places, marks),
        y=_Y,
    )


def told(course: Course, days: Sequence[dt.date]) -> str:
    """The picture in words."""
    done = len(days)
    review = f"; review {_day(course.review_on)}" if course.review_on else ""
    return f"{done} of up to {course.planned_visits} visits{review}"


def _marks(course: Course, days: Sequence[dt.date]) -> list[_Mark]:
    review = course.review_on
    marks = [_Mark("review", _review(day)) if day == review else _Mark("done", _day(day)) for day in days]
    if len(marks) > _MOST:
        marks = [_Mark("done", f"{len(marks) - _MOST + 1} earlier"), *marks[1 - _MOST :]]
    if review is not None and review not in days:
        marks.append(_Mark("review", _review(review), past=False))
    left = max(min(course.planned_visits - len(days), _MOST - len(marks)), 0)
    return marks + [_Mark("open", "", past=False)] * left


def _review(day: dt.date) -> str:
    return f"Review {_day(day)}"


def _shape(x: float, mark: _Mark) -> SafeString:
    if mark.kind == "review":
        return format_html(
            '<path class="p-review" d="M{} {}L{} {}L{} {}L{} {}Z"/>',
            *(_n(one) for one in (x, _Y - 12, x + 12, _Y, x, _Y + 12, x - 12, _Y)),
        )
    return format_html('<circle class="p-{}" cx="{}" cy="{}" r="6"/>', mark.kind, _n(x), _Y)


def _words(places: Sequence[float], marks: Sequence[_Mark]) -> SafeString:
    """The review first, then the last visits: as many as have room."""
    shown: list[tuple[str, float, str]] = []
    pairs = sorted(zip(places, marks, strict=True), key=lambda pair: (pair[1].kind != "review", -pair[0]))
    for x, mark in pairs:
        if mark.words and all(
            abs(x - other) >= (_width(mark.kind) + _width(kind)) / 2 for kind, other, _ in shown
        ):
            shown.append((mark.kind, x, mark.words))
    return format_html_join(
        "",
        '<text class="p-{}-words" x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (kind, _n(0 if x < _LABEL / 2 else WIDTH if x > WIDTH - _LABEL / 2 else x), 52, _anchor(x), words)
            for kind, x, words in shown
        ),
    )


def _width(kind: str) -> float:
    return _LABEL * 1.7 if kind == "review" else _LABEL


def _anchor(x: float) -> str:
    if x < _LABEL / 2:
        return "start"
    return "end" if x > WIDTH - _LABEL / 2 else "middle"


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b}"


def _n(value: float) -> str:
    return f"{value:.1f}"
