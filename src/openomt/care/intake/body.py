"""The places a patient may point to, front and back: one list, drawn as a picture and written as words.

x = 0 is the midline. On the back view the viewer's right is the patient's right, on the front view it is the left. A
hit area is at least 40 units wide and high: 44 px where the figure is as wide as a phone of 390 px.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from openomt.care import body_infant
from openomt.care import body_outline as outline
from openomt.medicine.anatomy import Region

VIEW_BOX = "-160 0 320 556"
VIEWS = ("front", "back")
SIDES = ("left", "right")
Box = tuple[float, float, float, float]
"""x, y, width, height."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere it may hurt. `sided`: left and right are told apart.

    implies   questions of the danger screen that pain here answers with yes
    """

    id: str
    sided: bool
    region: Region
    implies: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """What may be ticked: `neck`, or `thigh-left` and `thigh-right`."""
        return tuple(f"{self.id}-{side}" for side in SIDES) if self.sided else (self.id,)


@dataclass(frozen=True, slots=True)
class Zone:
    """A place in one view. `clip`: the outline that cuts `box` where the place is part of one.

    mirrored   whether it is drawn on the viewer's left
    """

    view: str
    key: str
    place: str
    side: str
    d: str
    clip: str
    box: Box
    hit: Box
    mirrored: bool


_BACK = ("spine_pain",)
PLACES: tuple[Place, ...] = (
    Place("head", False, Region.HEAD, ("headache",)),
    Place("neck", False, Region.CERVICAL, ("neck_pain", "spine_pain")),
    Place("upper_back", True, Region.THORACIC, _BACK),
    Place("middle_back", True, Region.THORACIC, _BACK),
    Place("low_back", True, Region.LUMBAR, _BACK),
    Place("buttock", True, Region.PELVIC),
    Place("chest", True, Region.RIB),
    Place("belly", False, Region.ABDOMEN),
    Place("groin", True, Region.PELVIC),
    Place("upper_arm", True, Region.UPPER_EXTREMITY),
    Place("forearm", True, Region.UPPER_EXTREMITY),
    Place("hand", True, Region.UPPER_EXTREMITY),
    Place("thigh", True, Region.LOWER_EXTREMITY),
    Place("leg", True, Region.LOWER_EXTREMITY),
    Place("foot", True, Region.LOWER_EXTREMITY),
)
_BY_KEY: Mapping[str, Place] = {key: place for place in PLACES for key in place.keys}
KEYS = tuple(_BY_KEY)

_NONE: Box = (0, 0, 0, 0)
_WIDER = 1.3
_WHOLE: Mapping[str, tuple[str, Box]] = {
    "head": (outline.HEAD, (-32, 0, 64, 66)),
    "neck": (outline.NECK, (-40, 66, 80, 40)),
}
_LIMBS: Mapping[str, tuple[str, Box]] = {
    "upper_arm": (outline.ARM[0], (57, 106, 63, 130)),
    "forearm": (outline.ARM[1], (62, 236, 63, 83)),
    "hand": (outline.ARM[2], (74, 319, 56, 62)),
    "thigh": (outline.LEG[0], (0, 319, 66, 90)),
    "leg": (outline.LEG[1], (0, 409, 60, 100)),
    "foot": (outline.LEG[2], (0, 509, 60, 45)),
}
_TRUNK: Mapping[str, tuple[tuple[str, str, Box, Box], ...]] = {
    "back": (
        ("upper_back", "thorax", (0, 96, 62, 60), (0, 106, 57, 50)),
        ("middle_back", "thorax", (0, 156, 62, 60), (0, 156, 57, 54)),
        ("low_back", "waist", (0, 210, 62, 48), (0, 210, 57, 42)),
        ("buttock", "hips", (0, 248, 62, 76), (0, 252, 62, 66)),
    ),
    "front": (
        ("chest", "thorax", (0, 96, 62, 80), (0, 106, 57, 70)),
        ("groin", "hips", (0, 248, 62, 76), (0, 258, 62, 60)),
    ),
}
_BELLY = (("thorax", (-62, 176, 124, 40)), ("waist", (-62, 210, 124, 48)))
_BELLY_HIT: Box = (-57, 176, 114, 82)
CLIPS: Mapping[str, str] = {"thorax": outline.THORAX, "waist": outline.WAIST, "hips": outline.HIPS}
INFANT_CLIPS: Mapping[str, str] = {name: body_infant.path(d) for name, d in CLIPS.items()}
_INFANT_HITS: Mapping[str, Box] = {
    "head": (-52, 0, 104, 124), "neck": (-40, 124, 80, 40),
    "upper_back": (0, 164, 62, 49), "middle_back": (0, 213, 62, 59), "low_back": (0, 272, 66, 47),
    "buttock": (0, 319, 66, 67), "chest": (0, 164, 62, 71), "belly": (-62, 235, 124, 90), "groin": (0, 325, 66, 61),
    "upper_arm": (62, 160, 66, 78), "forearm": (66, 238, 64, 48), "hand": (66, 286, 64, 46),
    "thigh": (0, 386, 72, 63), "leg": (0, 449, 66, 65), "foot": (0, 514, 66, 40),
}  # fmt: skip
"""An infant's limbs are short: its areas are laid out anew, so that each stays large enough."""


@cache
def zones(view: str, *, infant: bool = False) -> tuple[Zone, ...]:
    """What may be touched in one view, from head to foot."""
    found = _adult(view)
    return tuple(map(_of_infant, found)) if infant else found


def _of_infant(zone: Zone) -> Zone:
    """The zone on the figure of an infant: its clip (`INFANT_CLIPS`) cuts it to size, so it may be too wide."""
    x, y, width, height = zone.box
    top, bottom = (body_infant.point(0, at, arms=False)[1] for at in (y, y + height))
    return replace(
        zone,
        d=body_infant.path(zone.d),
        box=(x * _WIDER, top, width * _WIDER, bottom - top) if zone.clip else _NONE,
        hit=_over(_INFANT_HITS[zone.place], zone.mirrored),
    )


def _adult(view: str) -> tuple[Zone, ...]:
    found = [
        Zone(view, name, name, "", d, "", _NONE, hit, mirrored=False) for name, (d, hit) in _WHOLE.items()
    ]
    if view == "front":
        found += [
            Zone(view, "belly", "belly", "", "", clip, box, _BELLY_HIT, mirrored=False)
            for clip, box in _BELLY
        ]
    for mirrored in (True, False):
        side = _side(view, mirrored=mirrored)
        found += [
            Zone(
                view,
                f"{name}-{side}",
                name,
                side,
                "",
                clip,
                _over(box, mirrored),
                _over(hit, mirrored),
                mirrored,
            )
            for name, clip, box, hit in _TRUNK[view]
        ]
        found += [
            Zone(view, f"{name}-{side}", name, side, d, "", _NONE, _over(hit, mirrored), mirrored)
            for name, (d, hit) in _LIMBS.items()
        ]
    return tuple(found)


def _side(view: str, *, mirrored: bool) -> str:
    return SIDES[int(mirrored == (view == "front"))]


def _over(box: Box, mirrored: bool) -> Box:
    x, y, width, height = box
    return (-x - width, y, width, height) if mirrored else box


def place_of(key: str) -> Place:
    """The place of a tick. Raises KeyError for one there is none of."""
    return _BY_KEY[key]


def regions(keys: Iterable[str]) -> frozenset[Region]:
    """The body regions of what was ticked."""
    return frozenset(_BY_KEY[key].region for key in keys if key in _BY_KEY)


def implied(keys: Iterable[str]) -> frozenset[str]:
    """Questions of the danger screen that are answered yes by where it hurts."""
    return frozenset(code for key in keys if key in _BY_KEY for code in _BY_KEY[key].implies)


PAIN_QUESTIONS = frozenset(code for place in PLACES for code in place.implies)
