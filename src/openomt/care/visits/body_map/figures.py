"""The still part of the figure: skin and bones of one view, the same for every patient."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.utils.safestring import SafeString

from openomt.care import body_infant, body_outline
from openomt.care.visits.body_map import shapes
from openomt.care.visits.body_map.shapes import VIEW_BOX, View

_MIRROR = ' transform="scale(-1 1)"'
JOINTS: tuple[tuple[float, float], ...] = (
    (65, 121), (79.5, 236), (96, 319.5), (45, 290), (32.5, 410), (29.5, 509.5),
)  # fmt: skip
_BEHIND = ("L1", "L2", "L3", "L4", "L5")
"""Vertebrae that show between ribs and pelvis from the front."""


@cache
def figure_svg(view: View, infant: bool = False) -> SafeString:
    """Skin and bones as one `<svg>`. A screen reader passes it over: the layer of findings speaks."""
    if infant:
        return SafeString(body_infant.art(figure_svg(view)))
    parts = "".join((*_skin(), *(_back() if view == "back" else _front())))
    left, right = ("L", "R") if view == "back" else ("R", "L")
    return SafeString(
        f'<svg class="bm-art" viewBox="{VIEW_BOX}" aria-hidden="true" focusable="false">{parts}'
        f'<text class="bm-lr" x="-138" y="14">{left}</text>'
        f'<text class="bm-lr" x="138" y="14" text-anchor="end">{right}</text></svg>'
    )


def _path(css: str, d: str) -> str:
    return f'<path class="{css}" d="{d}"/>'


def _pair(css: str, d: str) -> str:
    return f'<path class="{css}" d="{d}"/><path class="{css}" d="{d}"{_MIRROR}/>'


def _skin() -> Iterator[str]:
    yield "".join(
        _path("bm-skin", d)
        for d in (
            body_outline.HEAD,
            body_outline.NECK,
            body_outline.THORAX,
            body_outline.WAIST,
            body_outline.HIPS,
        )
    )
    yield "".join(_pair("bm-skin", d) for d in (*body_outline.ARM, *body_outline.LEG))


def _ribs(view: View) -> Iterator[str]:
    for curve in shapes.RIBS[view]:
        yield _path("bm-rib", curve.d(1)) + _path("bm-rib", curve.d(-1))


def _vertebra(name: str, css: str = "bm-bone") -> str:
    lens = shapes.VERTEBRAE[name]
    return f'<path class="{css}" transform="translate(0 {lens.y})" d="{lens.d}"/>'


def _joints(joints: tuple[tuple[float, float], ...] = JOINTS) -> Iterator[str]:
    for x, y in joints:
        yield f'<circle class="bm-joint" cx="{x}" cy="{y}" r="3"/><circle class="bm-joint" cx="{-x}" cy="{y}" r="3"/>'


def _back() -> Iterator[str]:
    yield _path("bm-rib", shapes.SUTURE)
    yield _pair("bm-flat", shapes.SCAPULA)
    yield from _ribs("back")
    yield _pair("bm-bone", shapes.INNOMINATE["back"])
    yield from _joints()
    yield from (_vertebra(name) for name in shapes.VERTEBRAE)
    yield _path("bm-bone", shapes.SACRUM) + _path("bm-bone", shapes.COCCYX)


def _front() -> Iterator[str]:
    yield _path("bm-face", shapes.SKULL) + _path("bm-face", shapes.MANDIBLE)
    yield _pair("bm-gap", shapes.ORBIT) + _path("bm-gap", shapes.NOSE)
    yield from _ribs("front")
    yield _pair("bm-rib", shapes.ARCH) + _path("bm-dome", shapes.DIAPHRAGM)
    yield from (_vertebra(name, "bm-bone bm-far") for name in _BEHIND)
    yield _path("bm-bone bm-far", shapes.SACRUM)
    yield _pair("bm-bone", shapes.INNOMINATE["front"]) + _pair("bm-hole", shapes.FORAMEN)
    yield _path("bm-bone", shapes.SYMPHYSIS)
    yield _path("bm-bone", shapes.STERNUM) + _path("bm-bone", shapes.XIPHOID)
    yield _pair("bm-bone", shapes.CLAVICLE)
    yield from _joints((*JOINTS[:4], JOINTS[5]))
    yield '<circle class="bm-bone" cx="32.5" cy="407" r="4.6"/><circle class="bm-bone" cx="-32.5" cy="407" r="4.6"/>'
    yield '<circle class="bm-joint" cx="0" cy="232" r="1.6"/>'
