"""One measure over time as a small picture: a pure function from values to SVG, without any inline style.

What counts as change is handed in; nothing here knows a threshold.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.dates import MONTHS_3
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 228, 148
LEFT, RIGHT, TOP, BOTTOM = 18.0, 228.0, 14.0, 120.0
_FIRST, _LAST = 26.0, 206.0
_LABEL = 44.0
"""Room of a date under the line."""
_ROOM = 13.0
"""Height of a line of text."""
_MANY = 14
"""With more points than this only the last one is marked: the line says the rest."""


@dataclass(frozen=True, slots=True)
class Trend:
    """What is drawn. Values are cut to `low` and `high`; those that are no numbers are left out.

    points   days with their values, in order
    edge     the value from which a change counts as better; `better` says which side of it
    lines    other lines with their words (the border of a band)
    told     the picture in one sentence
    """

    key: str
    title: str
    points: Sequence[tuple[dt.date, float]]
    low: float
    high: float
    better: str = "lower"
    edge: float | None = None
    edge_words: str = ""
    lines: Sequence[tuple[float, str]] = ()
    told: str = ""


def draw(trend: Trend) -> SafeString:
    """The picture. Never raises; with no points there is the frame alone."""
    scale = _Scale.of(trend)
    spots = [
        (scale.x(day), scale.y(value), day)
        for day, value in sorted(trend.points, key=lambda point: point[0])
        if math.isfinite(value)
    ]
    return format_html(
        '<svg class="trend" viewBox="0 0 {} {}" role="img" aria-labelledby="{key}-title {key}-told">'
        '<title id="{key}-title">{}</title><desc id="{key}-told">{}</desc>{}{}{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        trend.title,
        trend.told,
        _band(trend, scale),
        _lines(trend, scale, spots),
        _axis(scale),
        _path(spots),
        _days(spots, scale),
        key=trend.key,
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """From days and values to places in the picture."""

    low: float
    high: float
    first: dt.date
    last: dt.date

    @classmethod
    def of(cls, trend: Trend) -> _Scale:
        low, high = (value if math.isfinite(value) else 0.0 for value in (trend.low, trend.high))
        if not low < high or not math.isfinite(high - low):
            low, high = 0.0, 1.0
        days = [day for day, value in trend.points if math.isfinite(value)] or [dt.date.min]
        return cls(low, high, min(days), max(days))

    def x(self, day: dt.date) -> float:
        span = (self.last - self.first).days
        return _FIRST if span == 0 else _FIRST + (_LAST - _FIRST) * (day - self.first).days / span

    def y(self, value: float) -> float:
        part = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return BOTTOM - (BOTTOM - TOP) * part


_Spots = Sequence[tuple[float, float, dt.date]]


def _n(value: float) -> str:
    return f"{value:.1f}"


def _band(trend: Trend, scale: _Scale) -> SafeString | str:
    """The shaded part: far enough from the start to count as better."""
    if trend.edge is None or not math.isfinite(trend.edge):
        return ""
    edge = scale.y(trend.edge)
    below = trend.better != "higher"
    top, height = (edge, BOTTOM - edge) if below else (TOP, edge - TOP)
    words = (BOTTOM - 6 if below else TOP + 13) if height > _ROOM else (edge - 4 if below else edge + 13)
    return format_html(
        '<rect class="t-band" x="{}" y="{}" width="{}" height="{}"/><path class="t-edge" d="M{} {}H{}"/>'
        '<text class="t-bt" x="{}" y="{}">{}</text>',
        _n(LEFT),
        _n(top),
        _n(RIGHT - LEFT),
        _n(height),
        _n(LEFT),
        _n(edge),
        _n(RIGHT),
        _n(LEFT + 5),
        _n(words),
        trend.edge_words,
    )


def _lines(trend: Trend, scale: _Scale, spots: _Spots) -> SafeString:
    """Lines with their words, on the side where the curve is farther away."""
    taken: list[float] = []
    return format_html_join(
        "",
        '<path class="t-line" d="M{} {}H{}"/><text class="t-lt" x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (_n(LEFT), _n(y), _n(RIGHT), *_beside(y, spots, taken), words)
            for y, words in sorted((scale.y(value), words) for value, words in trend.lines)
        ),
    )


def _beside(y: float, spots: _Spots, taken: list[float]) -> tuple[str, str, str]:
    left = len(spots) > 1 and abs(spots[-1][1] - y) < abs(spots[0][1] - y)
    curve = spots[0 if left else -1][1] if spots else BOTTOM
    place = _n(_free(y, curve, taken))
    return (_n(LEFT + 3), place, "start") if left else (_n(RIGHT - 3), place, "end")


def _free(y: float, curve: float, taken: list[float]) -> float:
    """Where the words of a line stand: above it or below, away from the curve, unless words are there already."""
    above, below = y - 4, y + 12
    wanted = (below, above) if curve < y else (above, below)
    free = [
        one
        for one in wanted
        if TOP - 4 < one < BOTTOM - 1 and all(abs(one - other) >= _ROOM for other in taken)
    ]
    place = free[0] if free else wanted[0]
    taken.append(place)
    return place


def _axis(scale: _Scale) -> SafeString:
    return format_html(
        '<text class="t-ax" x="12" y="{}" text-anchor="end">{}</text>'
        '<text class="t-ax" x="12" y="{}" text-anchor="end">{}</text>'
        '<path class="t-base" d="M{} {}H{}"/>',
        _n(BOTTOM + 4),
        f"{scale.low:.3g}",
        _n(TOP + 4),
        f"{scale.high:.3g}",
        _n(LEFT),
        _n(BOTTOM),
        _n(RIGHT),
    )


def _path(spots: _Spots) -> SafeString | str:
    if not spots:
        return ""
    marked = spots[:-1] if len(spots) <= _MANY else ()
    last = spots[-1]
    return format_html(
        '<path class="t-path" d="M{}"/>{}<circle class="t-now" cx="{}" cy="{}" r="4.5"/>',
        "L".join(f"{_n(x)} {_n(y)}" for x, y, _ in spots),
        format_html_join(
            "",
            '<circle class="t-pt" cx="{}" cy="{}" r="3"/>',
            ((_n(x), _n(y)) for x, y, _ in marked),
        ),
        _n(last[0]),
        _n(last[1]),
    )


def _days(spots: _Spots, scale: _Scale) -> SafeString:
    """Days under the line: the last and the first, and as many between as have room."""
    shown: list[tuple[float, dt.date]] = []
    ends = [spots[-1], spots[0]] if spots else []
    for x, _, day in (*ends, *reversed(spots)):
        if all(abs(x - other) >= _LABEL for other, _ in shown):
            shown.append((x, day))
    return format_html_join(
        "",
        '<text class="t-ax" x="{}" y="{}" text-anchor="{}">{}</text>',
        ((*_under(x), _word_of(day, scale)) for x, day in shown),
    )


def _under(x: float) -> tuple[str, str, str]:
    """Place and anchor of a day under the line, so that the first one does not leave the picture."""
    place, anchor = (x, "middle") if x > _LABEL / 2 + LEFT else (LEFT, "start")
    return _n(place), _n(BOTTOM + 18), anchor


def _word_of(day: dt.date, scale: _Scale) -> str:
    """`12 Oct`, or `Oct 2025` where the line runs over most of a year; months in the language of the page."""
    month = str(MONTHS_3[day.month]).capitalize()
    if (scale.last - scale.first).days > 300:
        return f"{month} {day.year}"
    return f"{day.day} {month}"
