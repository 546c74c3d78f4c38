"""What a hand can find: one place, and what is true or absent there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openomt.medicine.anatomy import Level, Region, Side
from openomt.medicine.quick import quick


class Tart(StrEnum):
    """The four kinds of palpatory evidence for somatic dysfunction."""

    TISSUE_TEXTURE = "tissue_texture"
    ASYMMETRY = "asymmetry"
    RESTRICTION = "restriction"
    TENDERNESS = "tenderness"


class Plane(StrEnum):
    """Position in the sagittal plane."""

    FLEXED = "F"
    EXTENDED = "E"
    NEUTRAL = "N"


class Frame(StrEnum):
    """What the letters describe: where the part lies and moves freely, or where it will not go."""

    EASE = "ease"
    RESTRICTION = "restriction"


_OTHER_PLANE = {Plane.FLEXED: Plane.EXTENDED, Plane.EXTENDED: Plane.FLEXED}


@quick
@dataclass(frozen=True, slots=True)
class SpinalMotion:
    """Position of a vertebra (or of OA, AA, a junction). A part nobody stated is None and stays None.

    `inferred` names the parts that the reader filled in (`rotation`, `sidebend`, `plane`): they are not facts
    until a person accepts them.
    """

    plane: Plane | None = None
    rotation: Side | None = None
    sidebend: Side | None = None
    frame: Frame = Frame.EASE
    inferred: tuple[str, ...] = ()

    def ease(self) -> SpinalMotion:
        """The same motion as ease: each restricted direction turned to its opposite. Neutral has none."""
        if self.frame is Frame.EASE:
            return self
        return SpinalMotion(
            plane=_OTHER_PLANE.get(self.plane) if self.plane else None,
            rotation=self.rotation.opposite if self.rotation else None,
            sidebend=self.sidebend.opposite if self.sidebend else None,
            frame=Frame.EASE,
            inferred=self.inferred,
        )


@quick
@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, or looked for and found absent, at one place.

    region    the body region it counts to; a practice can move it
    level     the place; None when only the region is named
    side      side of the structure, or of a movement that is restricted
    motion    position of a spinal segment
    pattern   the named dysfunction or landmark position (`upslip`, `L on R torsion`, `inhalation`, `deep`),
              or a test's result (`positive`)
    tart      which of the four kinds of evidence were stated, in the order of `Tart`
    severity  0 to 3; None when not stated. 0 is a statement (background only), not the same as absent
    absent    True: examined for, and not there
    position  treatment position of a counterstrain point, as written (`f Sa Ra`): case means amount
    pain      pain score before and after, 0 to 10, for a counterstrain point
    detail    words that belong to the finding and have no field of their own, as written
    """

    region: Region
    level: Level | None = None
    side: Side | None = None
    motion: SpinalMotion | None = None
    pattern: str | None = None
    tart: tuple[Tart, ...] = ()
    severity: int | None = None
    absent: bool = False
    position: str | None = None
    pain: tuple[int, int] | None = None
    detail: str | None = None

    @property
    def is_dysfunction(self) -> bool:
        """Whether it can stand for somatic dysfunction: present, and not a test or a bare name."""
        return not self.absent and (
            bool(self.tart) or self.motion is not None or self.pattern not in (None, "positive", "negative")
        )
