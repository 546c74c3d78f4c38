"""One measure over time as a small picture: a pure function from values to SVG, without any inline style.

What counts as change is handed in; nothing here knows a threshold. A chart draws four of them: numbers are put in as
they are, and words alone are escaped.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.dates import MONTHS_3
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
    key = escape(trend.key)
    return SafeString(
        f'<svg class="trend" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{key}-title {key}-told">'
        f'<title id="{key}-title">{escape(trend.title)}</title><desc id="{key}-told">{escape(trend.told)}</desc>'
        f"{_band(trend, scale)}{_lines(trend, scale, spots)}{_axis(scale)}{_path(spots)}{_days(spots, scale)}</svg>"
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


def _band(trend: Trend, scale: _Scale) -> str:
    """The shaded part: far enough from the start to count as better."""
    if trend.edge is None or not math.isfinite(trend.edge):
        return ""
    edge = scale.y(trend.edge)
    below = trend.better != "higher"
    top, height = (edge, BOTTOM - edge) if below else (TOP, edge - TOP)
    words = (BOTTOM - 6 if below else TOP + 13) if height > _ROOM else (edge - 4 if below else edge + 13)
    return (
        f'<rect class="t-band" x="{_n(LEFT)}" y="{_n(top)}" width="{_n(RIGHT - LEFT)}" height="{_n(height)}"/>'
        f'<path class="t-edge" d="M{_n(LEFT)} {_n(edge)}H{_n(RIGHT)}"/>'
        f'<text class="t-bt" x="{_n(LEFT + 5)}" y="{_n(words)}">{escape(trend.edge_words)}</text>'
    )


def _lines(trend: Trend, scale: _Scale, spots: _Spots) -> str:
    """Lines with their words, on the side where the curve is farther away."""
    taken: list[float] = []
    drawn = []
    for at, words in sorted((scale.y(value), words) for value, words in trend.lines):
        x, y, anchor = _beside(at, spots, taken)
        drawn.append(
            f'<path class="t-line" d="M{_n(LEFT)} {_n(at)}H{_n(RIGHT)}"/>'
            f'<text class="t-lt" x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'
        )
    return "".join(drawn)


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


def _axis(scale: _Scale) -> str:
    return (
        f'<text class="t-ax" x="12" y="{_n(BOTTOM + 4)}" text-anchor="end">{scale.low:.3g}</text>'
        f'<text class="t-ax" x="12" y="{_n(TOP + 4)}" text-anchor="end">{scale.high:.3g}</text>'
        f'<path class="t-base" d="M{_n(LEFT)} {_n(BOTTOM)}H{_n(RIGHT)}"/>'
    )


def _path(spots: _Spots) -> str:
    if not spots:
        return ""
    places = [(_n(x), _n(y)) for x, y, _ in spots]
    *earlier, (x, y) = places
    marked = "".join(f'<circle class="t-pt" cx="{x}" cy="{y}" r="3"/>' for x, y in earlier)
    return (
        f'<path class="t-path" d="M{"L".join(f"{x} {y}" for x, y in places)}"/>'
        f'{marked if len(spots) <= _MANY else ""}<circle class="t-now" cx="{x}" cy="{y}" r="4.5"/>'
    )


def _days(spots: _Spots, scale: _Scale) -> str:
    """Days under the line: the last and the first, and as many between as have room."""
    shown: list[tuple[float, dt.date]] = []
    ends = [spots[-1], spots[0]] if spots else []
    for x, _, day in (*ends, *reversed(spots)):
        if all(abs(x - other) >= _LABEL for other, _ in shown):
            shown.append((x, day))
    drawn = []
    for at, day in shown:
        left, under, anchor = _under(at)
        words = escape(_word_of(day, scale))
        drawn.append(f'<text class="t-ax" x="{left}" y="{under}" text-anchor="{anchor}">{words}</text>')
    return "".join(drawn)


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
