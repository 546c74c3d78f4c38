"""Simple drawings: how a patient lies, sits or stands, with the doctor's hands; and how many of a hundred people.

A figure is a head and a few thick strokes on a table, so that every position is a dozen numbers. Colors come from
`learning.css` by class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Point = tuple[int, int]
_WIDTH, _HEIGHT = 320, 196
_ACROSS, _STEP = 20, 20
"""Dots in a row of a hundred people, and how far they are apart."""


@dataclass(frozen=True, slots=True)
class _Pose:
    """Strokes as (width, points), the far ones first; `near` lie in front.

    props   the table; `spots` where hands may be
    """

    props: str
    head: Point
    body: tuple[tuple[int, tuple[Point, ...]], ...]
    near: tuple[tuple[int, tuple[Point, ...]], ...]
    spots: Mapping[str, Point]


_TABLE = "M16 158H304M46 158V190M274 158V190"
_POSES: Mapping[str, _Pose] = {
    "back": _Pose(
        _TABLE + "M28 150H78",
        (56, 128),
        (
            (32, ((96, 138), (176, 140))),
            (22, ((184, 142), (232, 142), (280, 144))),
            (13, ((284, 142), (284, 122))),
        ),
        ((13, ((102, 136), (138, 146), (176, 146))),),
        {
            "head": (44, 104),
            "jaw": (76, 116),
            "neck": (82, 146),
            "chest": (106, 116),
            "ribs": (132, 118),
            "belly": (156, 120),
            "upper_back": (112, 158),
            "low_back": (158, 158),
            "tailbone": (184, 158),
            "knee": (232, 128),
            "feet": (288, 116),
        },
    ),
    "knees_to_chest": _Pose(
        _TABLE + "M28 150H78",
        (56, 128),
        ((32, ((96, 138), (172, 140))), (22, ((180, 140), (150, 84), (206, 104)))),
        ((13, ((100, 132), (126, 98), (150, 92))),),
        {
            "head": (44, 104),
            "jaw": (76, 116),
            "neck": (82, 146),
            "chest": (106, 116),
            "ribs": (126, 120),
            "belly": (138, 122),
            "upper_back": (112, 158),
            "low_back": (156, 158),
            "tailbone": (190, 156),
            "knee": (150, 70),
            "feet": (216, 102),
        },
    ),
    "face_down": _Pose(
        _TABLE + "M34 152H74",
        (56, 132),
        (
            (32, ((94, 138), (176, 140))),
            (22, ((184, 142), (232, 144), (276, 144))),
            (13, ((280, 144), (300, 152))),
        ),
        ((13, ((104, 142), (112, 170), (104, 186))),),
        {
            "head": (50, 108),
            "jaw": (70, 116),
            "neck": (80, 120),
            "chest": (120, 118),
            "ribs": (132, 118),
            "belly": (146, 158),
            "upper_back": (116, 118),
            "low_back": (156, 118),
            "tailbone": (182, 122),
            "knee": (230, 128),
            "feet": (290, 134),
        },
    ),
    "side": _Pose(
        "M22 34H298V178H22ZM34 66H84V132H34Z",
        (62, 100),
        (
            (22, ((176, 96), (226, 132), (276, 112))),
            (32, ((100, 92), (170, 90))),
            (22, ((172, 92), (212, 140), (262, 138))),
        ),
        ((13, ((108, 98), (128, 136), (92, 142))),),
        {
            "head": (50, 82),
            "jaw": (74, 120),
            "neck": (84, 84),
            "chest": (118, 112),
            "ribs": (136, 96),
            "belly": (152, 112),
            "upper_back": (116, 72),
            "low_back": (158, 72),
            "tailbone": (184, 78),
            "knee": (214, 152),
            "feet": (274, 140),
        },
    ),
    "sitting": _Pose(
        "M70 138H232M92 138V190M210 138V190",
        (146, 34),
        (
            (32, ((144, 72), (146, 114))),
            (22, ((152, 122), (206, 124), (208, 176))),
            (13, ((208, 180), (232, 182))),
        ),
        ((13, ((144, 70), (158, 100), (190, 110))),),
        {
            "head": (146, 12),
            "jaw": (166, 42),
            "neck": (128, 52),
            "chest": (166, 74),
            "ribs": (168, 92),
            "belly": (168, 110),
            "upper_back": (124, 76),
            "low_back": (126, 108),
            "tailbone": (128, 126),
            "knee": (208, 110),
            "feet": (232, 174),
        },
    ),
    "standing": _Pose(
        "M90 190H230",
        (160, 26),
        ((32, ((160, 62), (160, 98))), (20, ((152, 106), (148, 178))), (20, ((168, 106), (172, 178)))),
        ((13, ((144, 60), (134, 112))), (13, ((176, 60), (186, 112)))),
        {
            "head": (160, 8),
            "jaw": (168, 42),
            "neck": (160, 46),
            "chest": (160, 66),
            "ribs": (172, 80),
            "belly": (160, 94),
            "upper_back": (160, 66),
            "low_back": (160, 96),
            "tailbone": (160, 106),
            "knee": (172, 144),
            "feet": (172, 180),
        },
    ),
}


def figure(pose: str, hands: str, spoken: str) -> SafeString:
    """A person in a position, with two dots for the doctor's hands. `spoken`: the same in words."""
    drawn = _POSES[pose]
    x, y = drawn.spots[hands]
    return format_html(
        '<svg class="figure" viewBox="0 0 {} {}" role="img" aria-label="{}"><path class="prop" d="{}"/>'
        '{}<circle class="body" cx="{}" cy="{}" r="19"/>{}{}'
        '<circle class="hand" cx="{}" cy="{}" r="8"/><circle class="hand" cx="{}" cy="{}" r="8"/></svg>',
        _WIDTH, _HEIGHT, spoken, drawn.props, _strokes("limb", drawn.body), *drawn.head,
        _strokes("edge", tuple((width + 6, points) for width, points in drawn.near)), _strokes("limb", drawn.near),
        x - 7, y, x + 9, y - 3,
    )  # fmt: skip


def _strokes(css: str, strokes: tuple[tuple[int, tuple[Point, ...]], ...]) -> SafeString:
    lines = (
        (css, width, " ".join(f"{'M' if at == 0 else 'L'}{x} {y}" for at, (x, y) in enumerate(points)))
        for width, points in strokes
    )
    return format_html_join("", '<path class="{}" stroke-width="{}" d="{}"/>', lines)


def hundred(count: int, spoken: str) -> SafeString:
    """A hundred people as dots, the first `count` of them filled."""
    return format_html(
        '<svg class="hundred" viewBox="0 0 400 100" role="img" aria-label="{}">'
        '<path class="some" d="{}"/><path class="rest" d="{}"/></svg>',
        spoken,
        _dots(0, count),
        _dots(count, 100),
    )


def _dots(start: int, end: int) -> str:
    """Dots from one place to before another, each a line without length and with round ends."""
    return "".join(
        f"M{_STEP * (at % _ACROSS) + 10} {_STEP * (at // _ACROSS) + 10}h0" for at in range(start, end)
    )
