"""The outlines of the body figure, back and front, as data: one source for the picture, the marks and the hit areas.

x = 0 is the midline and y runs downwards, in the units of the figure's view box. Outlines of paired parts are of the
viewer's right half; the left half is their mirror image. The viewer's right is the patient's right on the back view
and the patient's left on the front view (`sign`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from openomt.medicine.anatomy import SPINE, Side

View = Literal["back", "front"]
VIEWS: tuple[View, ...] = ("back", "front")
VIEW_BOX = "-140 0 280 552"
LEFT_EDGE, RIGHT_EDGE, BOTTOM = -140.0, 140.0, 552.0


def sign(view: View, side: Side | None) -> int:
    """+1 where the patient's side lies on the viewer's right in this view, -1 on the left, 0 for the midline."""
    if side not in (Side.LEFT, Side.RIGHT):
        return 0
    right = 1 if view == "back" else -1
    return right if side is Side.RIGHT else -right


@dataclass(frozen=True, slots=True)
class Lens:
    """A vertebra: a lens at height `y`, half as wide as `width` and half as high as `height`."""

    y: float
    width: float
    height: float

    @property
    def d(self) -> str:
        w, h = self.width, self.height
        i = round(w * 0.6, 1)
        return f"M{-w} 0L{-i} {-h}H{i}L{w} 0L{i} {h}H{-i}Z"


_SIZES: tuple[tuple[float, float, float], ...] = (
    (66.9, 8.2, 1.7), (71.7, 7.2, 1.6),
    (76, 5.9, 1.6), (80.2, 6.3, 1.6), (84.5, 6.6, 1.6), (88.8, 7, 1.6), (93.1, 7.3, 1.6), (97.4, 7.7, 1.6),
    (104.4, 9.4, 2.8), (112.6, 9.3, 2.8), (120.9, 9.1, 2.9), (129.2, 9, 3), (137.7, 8.8, 3), (146.2, 9, 3.1),
    (154.9, 9.1, 3.2), (163.6, 9.3, 3.2), (172.5, 9.4, 3.3), (181.4, 9.6, 3.4), (190.4, 9.8, 3.5), (199.5, 9.9, 3.5),
    (209.6, 11.6, 3.6), (219.6, 12.1, 3.7), (229.7, 12.6, 3.8), (240, 13.1, 3.9), (250.4, 13.6, 4),
)  # fmt: skip
VERTEBRAE: Mapping[str, Lens] = {
    name: Lens(*size) for name, size in zip((n for n in SPINE if n != "S1"), _SIZES, strict=True)
}

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """A rib: a cubic curve from the spine (back) or the sternum (front) to the side of the chest."""

    start: Point
    first: Point
    second: Point
    end: Point

    def d(self, x: int) -> str:
        """The outline; `x` +1 for the viewer's right half, -1 for the left."""
        points = (self.start, self.first, self.second, self.end)
        a, b, c, e = (f"{round(p[0] * x, 1)} {p[1]}" for p in points)
        return f"M{a}C{b} {c} {e}"

    @property
    def crown(self) -> Point:
        """The point of the curve three fifths of the way out, where a leader ends."""
        t = 0.6
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        points = (self.start, self.first, self.second, self.end)
        x, y = (sum(w * p[i] for w, p in zip(weights, points, strict=True)) for i in (0, 1))
        return round(x, 1), round(y, 1)


def _curves(rows: tuple[tuple[float, ...], ...]) -> tuple[Curve, ...]:
    return tuple(Curve((r[0], r[1]), (r[2], r[3]), (r[4], r[5]), (r[6], r[7])) for r in rows)


RIBS: Mapping[View, tuple[Curve, ...]] = {
    "back": _curves((
        (10.9, 104.4, 15.9, 101.4, 21, 104.8, 22, 112.4), (10.8, 112.6, 19.9, 108.6, 30, 112.8, 31, 124.6),
        (10.6, 120.9, 22.7, 116.4, 36.5, 121, 37.5, 136.9), (10.5, 129.2, 24.4, 124.7, 40.5, 129.3, 41.5, 148.2),
        (10.3, 137.7, 25.5, 133.2, 43, 137.8, 44, 158.7), (10.5, 146.2, 26.1, 142.2, 44.2, 146.4, 45.2, 168.2),
        (10.6, 154.9, 26.5, 151.4, 44.8, 155.2, 45.8, 177.4), (10.8, 163.6, 26.4, 160.6, 44.6, 164, 45.6, 185.6),
        (10.9, 172.5, 26, 170, 43.5, 173, 44.5, 193), (11.1, 181.4, 25, 179.4, 41, 182, 42, 199.4),
        (11.3, 190.4, 21, 190.4, 32, 191.4, 33, 203.4), (11.4, 199.5, 16.6, 200.5, 22, 200.7, 23, 208.5),
    )),
    "front": _curves((
        (8.6, 108.6, 14, 106.6, 20.5, 108.2, 24.5, 116.6), (7.2, 117, 17, 114.4, 29, 116, 33.6, 128.6),
        (7.2, 125.4, 19, 122.6, 34, 124.6, 39.4, 139.4), (7.3, 133.8, 20, 131.4, 37.6, 133.4, 42.6, 150),
        (7.3, 142, 20.6, 140, 39.6, 142.4, 44.6, 160), (7, 149.6, 20, 148.4, 41, 151.6, 45.6, 169.4),
        (6, 156.6, 18, 157.2, 41.6, 160.8, 46, 178), (15.6, 168.2, 25, 166.4, 42.6, 171, 46, 186.2),
        (23.4, 179.4, 30.4, 178, 43, 181.6, 45, 193.4), (30.4, 190, 35, 189, 41.6, 191.6, 42.6, 199.8),
        (39.2, 199.4, 40.4, 199.2, 42, 200.6, 42.2, 204.6), (37.4, 206, 38.4, 205.8, 39.6, 206.6, 39.8, 209),
    )),
}  # fmt: skip

SCAPULA = (
    "M21.5 121.5C31 117.5 45 116.5 55.5 117.5C52 123.5 47.5 126 45.5 130C43.5 143 39 156 33.5 164.5"
    "C29.5 164 26.5 152 24 141C22.5 134 21 127 21.5 121.5Z"
)
SACRUM = (
    "M-10.5 256.6C-4 258.1 4 258.1 10.5 256.6C12 265.6 7 278.6 3.2 288.6C1.5 290.6-1.5 290.6-3.2 288.6"
    "C-7 278.6-12 265.6-10.5 256.6Z"
)
SACRUM_HALF = "M0 257.7C3.5 257.8 7 257.4 10.5 256.6C12 265.6 7 278.6 3.2 288.6C2.3 289.7 1.2 290.1 0 290.1Z"
COCCYX = "M-2.3 292.1H2.3L0 298.6Z"
INNOMINATE: Mapping[View, str] = {
    "back": (
        "M11.8 259.6C17 250.6 26 246.5 36 248C46 249.5 51 257 50.5 265C50 274 45 279 41.5 283.5"
        "C43.5 289 42.5 296 37 298.5C35 305 28 309 22 306.5C18 304.5 18.5 299 21.5 294.5"
        "C24.5 289.5 23 284 19 278.5C15 273 11.5 268 11.8 259.6Z"
    ),
    "front": (
        "M12.6 261C17 251.4 26 246.8 36 248C45.6 249.4 51 256.4 50.4 264C50.1 268.4 47.6 271.6 46.2 274.8"
        "C45 277.8 46 280.4 47 283.6C48.6 289.2 46 295.4 40.6 297C38.4 298.6 36.4 301.4 33.8 304.6"
        "C30 309 25.4 309.2 21 307.4C15.6 305.2 10 305.4 2.6 306.6L2.6 298.2C8.4 298.6 14.4 296 19 292.2"
        "C23.4 288.6 24.4 284.4 20.6 279.4C15.6 272.8 11.6 268.6 12.6 261Z"
    ),
}
FORAMEN = (
    "M17.4 300.4C20.6 297.2 26.4 295.6 29.6 297C31.2 300 28.6 304.4 25.2 304.9"
    "C21.6 305.2 18.4 303.6 17.4 300.4Z"
)
SYMPHYSIS = "M-2.2 298.2H2.2V306.8H-2.2Z"
SKULL = (
    "M0 11.5C13.6 11.5 21.4 21.6 21.4 35.6C21.4 41.6 20.2 45.4 18.9 48.8C17.6 52.2 15.4 54.2 14.4 56.6"
    "C12.8 60.2 9 61.2 0 61.2C-9 61.2-12.8 60.2-14.4 56.6C-15.4 54.2-17.6 52.2-18.9 48.8"
    "C-20.2 45.4-21.4 41.6-21.4 35.6C-21.4 21.6-13.6 11.5 0 11.5Z"
)
ORBIT = "M3.4 40.4C6 37.6 12.6 37.4 14.6 39.8C15.6 42.8 13.4 46.8 10 47.2C6.6 47.4 3.4 44.6 3.4 40.4Z"
NOSE = "M0 46.2C1.8 49 2.6 50.8 2.4 52.6C1.2 53.4-1.2 53.4-2.4 52.6C-2.6 50.8-1.8 49 0 46.2Z"
MANDIBLE = (
    "M14.4 57.6C14.6 63.2 12.4 68.4 9.2 71.6C6.6 74.2 3.2 75 0 75C-3.2 75-6.6 74.2-9.2 71.6"
    "C-12.4 68.4-14.6 63.2-14.4 57.6C-13 61.4-9.6 63 0 63C9.6 63 13 61.4 14.4 57.6Z"
)
SUTURE = "M-18.6 52.5C-14 41.5-7.6 34.5 0 30.5C7.6 34.5 14 41.5 18.6 52.5"
CLAVICLE = (
    "M5.6 103.6C14 100.4 26 106.6 40 105.2C49 104.2 55.4 105 61.4 109.4L60.4 112C54 108.6 48 107.8 40 108.6"
    "C26 109.8 14 104.2 6.2 107.4Z"
)
STERNUM = (
    "M-7.4 104C-3.4 106 3.4 106 7.4 104L6 113.6 4.4 116 5.6 149.6C5.4 155.4 3.2 158.6 0 159.6"
    "C-3.2 158.6-5.4 155.4-5.6 149.6L-4.4 116-6 113.6Z"
)
XIPHOID = "M-2 161H2L0 168.4Z"
ARCH = (
    "M4.6 158.4C9 160.6 12.6 164.4 15.6 168.2C18.2 171.6 20.8 175.6 23.4 179.4C25.6 182.8 28 186.4 30.4 190"
)
DIAPHRAGM = (
    "M-42 191C-37 172.6-21 165.4-9 168.6C-3.6 170-3 171.2 0 171.2C3 171.2 3.6 170 9 168.6"
    "C21 165.4 37 172.6 42 191"
)
