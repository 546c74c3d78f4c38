"""The infant: the adult's drawing with every point moved, so that places, areas to touch and findings stay the same.

A larger head, a short neck, round cheeks, short limbs, lying with the arms a little away. It is drawn for children
under two years, which is a choice of drawing and no medicine: nothing else follows from it.
"""

from __future__ import annotations

import datetime as dt
import re

_YEARS = 2
_ROWS: tuple[tuple[float, float, float], ...] = (
    (0, 3, 1.85), (50, 91, 1.95), (64, 113, 1.75), (78, 131, 1.35), (100, 152, 1.12), (166, 224, 1.1),
    (240, 304, 1.2), (313, 382, 1.12), (410, 450, 1.18), (548, 545, 1.24),
)  # fmt: skip
"""Heights on the adult, where they come to lie, and how much wider the body is there; between them, in proportion."""
_INNER: tuple[tuple[float, float], ...] = ((100, 58.6), (124, 56.2), (166, 56.2), (236, 65), (385, 65))
"""How far from the midline the arms begin, by height on the adult."""
_SHOULDER, _TO = (65.0, 121.0), (72.0, 170.0)
_ALONG, _ACROSS = 0.6, 1.12
_HANGS, _LIES = (0.155, 0.988), (0.27, 0.963)
"""Which way the adult's arm points, and the infant's."""
_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)")
_ELEMENT = re.compile(r"<(?:path|circle|rect)\b[^>]*>")
_VALUE = {
    name: re.compile(rf'(?<= {name}=")[^"]*') for name in ("d", "cx", "cy", "x", "y", "width", "height")
}
_SHIFT = re.compile(r"(?<=translate\(0 )[^)]*")


def is_infant(born: dt.date, on: dt.date) -> bool:
    """Whether somebody born on a day is drawn as an infant on another."""
    return (on.year - born.year, on.month, on.day) < (_YEARS, born.month, born.day)


def point(x: float, y: float, *, arms: bool = True) -> tuple[float, float]:
    """Where a point of the adult comes to lie. `arms` False: it is of no arm, wherever it lies."""
    return _moved(x, y, arm=arms and _is_arm(abs(x), y))


def path(d: str, *, arms: bool = True) -> str:
    """An outline, moved: as an arm or not, by where it begins. What is drawn relative to a point keeps its size."""
    tokens = _TOKEN.findall(d)
    out: list[str] = []
    at, command = 0, ""
    here = (0.0, 0.0)
    arm: bool | None = None
    while at < len(tokens):
        if tokens[at].isalpha():
            command = tokens[at]
            at += 1
            out.append("L" if command in "HV" else command)
        if command in "Zz":
            continue
        if command.islower():
            out.append(tokens[at])
            at += 1
            continue
        if command in "HV":
            value = float(tokens[at])
            here = (value, here[1]) if command == "H" else (here[0], value)
            at += 1
        else:
            here = (float(tokens[at]), float(tokens[at + 1]))
            at += 2
        if arm is None:
            arm = arms and _is_arm(abs(here[0]), here[1])
        out.extend(f"{value:g}" for value in _moved(*here, arm=arm))
    return " ".join(out)


def art(svg: str, *, arms: bool = True) -> str:
    """Paths, circles and upright rectangles of a picture, moved."""
    return _ELEMENT.sub(lambda found: _element(found[0], arms), svg)


def box(x: float, y: float, width: float, height: float) -> tuple[float, float, float, float]:
    """An upright box of head, trunk or legs."""
    left, top = point(x, y, arms=False)
    right, bottom = point(x + width, y + height, arms=False)
    return left, top, round(right - left, 1), round(bottom - top, 1)


def _element(element: str, arms: bool) -> str:
    if "translate(" in element:  # a shape of its own, in its own place
        return _SHIFT.sub(lambda y: f"{point(0, float(y[0]))[1]:g}", element)
    if element.startswith("<path"):
        return _VALUE["d"].sub(lambda d: path(d[0], arms=arms), element)
    if element.startswith("<circle"):
        return _with(
            element, dict(zip(("cx", "cy"), point(*_read(element, "cx", "cy"), arms=arms), strict=True))
        )
    names = ("x", "y", "width", "height")
    x, y, width, height = _read(element, *names)
    return _with(element, dict(zip(names, box(x, y, width, height), strict=True)))


def _read(element: str, *names: str) -> list[float]:
    return [float(found[0]) for name in names if (found := _VALUE[name].search(element))]


def _with(element: str, values: dict[str, float]) -> str:
    for name, value in values.items():
        element = _VALUE[name].sub(f"{value:g}", element)
    return element


def _is_arm(x: float, y: float) -> bool:
    return _INNER[0][0] <= y <= _INNER[-1][0] and x > _between(_INNER, y)[0]


def _moved(x: float, y: float, *, arm: bool) -> tuple[float, float]:
    side = -1 if x < 0 else 1
    moved = _of_arm(abs(x), y) if arm else _of_body(abs(x), y)
    return round(side * moved[0], 1), round(moved[1], 1)


def _of_body(x: float, y: float) -> tuple[float, float]:
    height, width = _between(_ROWS, y)
    return x * width, height


def _of_arm(x: float, y: float) -> tuple[float, float]:
    dx, dy = x - _SHOULDER[0], y - _SHOULDER[1]
    along = (dx * _HANGS[0] + dy * _HANGS[1]) * _ALONG
    across = (dx * _HANGS[1] - dy * _HANGS[0]) * _ACROSS
    return _TO[0] + along * _LIES[0] + across * _LIES[1], _TO[1] + along * _LIES[1] - across * _LIES[0]


def _between(rows: tuple[tuple[float, ...], ...], y: float) -> tuple[float, ...]:
    """The values of a table at this height, in proportion; beyond its ends, as its ends go on."""
    later = next((number for number, row in enumerate(rows) if row[0] >= y and number), len(rows) - 1)
    low, high = rows[later - 1], rows[later]
    part = (y - low[0]) / (high[0] - low[0])
    return tuple(a + part * (b - a) for a, b in zip(low[1:], high[1:], strict=True))
