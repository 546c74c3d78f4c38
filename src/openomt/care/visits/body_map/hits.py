"""What one can choose on the figure: an invisible area for each place, larger than what is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from django.utils.html import escape
from django.utils.safestring import SafeString

from openomt.care import body_infant
from openomt.care.visits.body_map import shapes
from openomt.care.visits.body_map.choices import Target, targets
from openomt.care.visits.body_map.marks import zone_paths
from openomt.care.visits.body_map.places import SPOTS
from openomt.care.visits.body_map.shapes import RIBS, VERTEBRAE, VIEW_BOX, View, sign
from openomt.medicine.anatomy import Region, Side

_MIRROR = ' transform="scale(-1 1)"'
_SIDE = {"L": Side.LEFT, "R": Side.RIGHT}
_RADIUS = {"abdomen": 24, "hand": 14, "foot": 13, "frontal": 11, "occiput": 9, "SBS": 9}
_JOINT = 12
_SMALL = 7
_AT = {"hand": (96.0, 345.0), "foot": (33.0, 530.0), "occiput": (0.0, 54.0)}
_PATHS = {
    "sacrum": shapes.SACRUM,
    "sternum": shapes.STERNUM,
    "clavicle": shapes.CLAVICLE,
    "scapula": shapes.SCAPULA,
}
_LAST = ("scapula", "abdomen", "innominate")  # large: others lie on them
_VIEW_WORDS = {"back": "Back of the body", "front": "Front of the body"}


@cache
def hits_svg(view: View, infant: bool = False) -> SafeString:
    """The areas of one view as an `<svg>` that lies over figure and findings. One is in the tab order at a time."""
    if infant:
        return SafeString(body_infant.art(hits_svg(view)))
    here = [one for one in targets() if view in one.views]
    here.sort(key=lambda one: one.level not in _LAST)  # what comes later lies on top
    first = next(one for one in here if one.level not in _LAST)
    areas = "".join(
        f'<{_shape(one, view)} {_data(one)} tabindex="{0 if one is first else -1}"/>' for one in here
    )
    return SafeString(
        f'<svg class="bm-hits" viewBox="{VIEW_BOX}" role="group" focusable="false" '
        f'aria-label="{_VIEW_WORDS[view]}: choose a place. Arrow keys move, Enter opens.">'
        f"{''.join(_zones(view))}{areas}</svg>"
    )


def data_of(target: Target) -> dict[str, str]:
    """What the script reads of a place."""
    return {
        "level": target.level,
        "side": target.side,
        "family": target.family,
        "title": target.title,
        "view": target.views[0] if target.views else "",
    }


def _data(target: Target) -> str:
    data = " ".join(f'data-{name}="{escape(value)}"' for name, value in data_of(target).items())
    return f'class="bm-hit" role="button" aria-label="{escape(target.title)}" {data}'


def _zones(view: View) -> Iterator[str]:
    """Whole regions lie under all places; their equals for the keyboard stand in the list."""
    for target in targets():
        if target.family != "region" or (target.region is Region.LUMBAR and view == "front"):
            continue
        for d, x in zone_paths(target.region):
            data = " ".join(f'data-{name}="{escape(value)}"' for name, value in data_of(target).items())
            yield f'<path class="bm-hit bm-hit-zone" d="{d}"{_MIRROR if x < 0 else ""} {data}/>'


def _shape(target: Target, view: View) -> str:
    if target.level in VERTEBRAE:
        return _vertebra(target.level)
    x = sign(view, _SIDE.get(target.side))
    if target.family == "rib":
        curve = RIBS[view][int(target.level.removeprefix("rib ")) - 1]
        return f'path d="{curve.d(x)}" data-line="1"'
    mirror = _MIRROR if x < 0 else ""
    if target.level == "innominate":
        return f'path d="{shapes.INNOMINATE[view]}"{mirror}'
    if target.level == "diaphragm":
        return f'path d="{shapes.DIAPHRAGM}" data-line="1"'
    if target.level in _PATHS:
        return f'path d="{_PATHS[target.level]}"{mirror}'
    distance, y = _AT.get(target.level) or (SPOTS[target.level].x, SPOTS[target.level].y)
    radius = _RADIUS.get(
        target.level, _JOINT if target.family == "joint" and len(target.views) > 1 else _SMALL
    )
    return f'circle cx="{(x or 1) * distance:g}" cy="{y:g}" r="{radius}"'


def _vertebra(name: str) -> str:
    names = list(VERTEBRAE)
    at = names.index(name)
    lens = VERTEBRAE[name]
    above = VERTEBRAE[names[at - 1]].y if at else lens.y - 5
    below = VERTEBRAE[names[at + 1]].y if at + 1 < len(names) else lens.y + 10
    top, bottom = (above + lens.y) / 2, (lens.y + below) / 2
    half = lens.width + 3
    return f'rect x="{-half:.1f}" y="{top:.1f}" width="{2 * half:.1f}" height="{bottom - top:.1f}"'
