"""Every finding the notation can state, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from openomt.medicine.anatomy import (
    SPINE,
    Level,
    LevelKind,
    Region,
    Side,
    named_level,
    rib_level,
    segment_level,
    segment_region,
)
from openomt.medicine.findings import Finding, Frame, Plane, SpinalMotion, Tart
from openomt.medicine.notation.lexicon import Place, lexicon

SIDES = st.sampled_from([Side.LEFT, Side.RIGHT])
ANY_SIDE = st.none() | st.sampled_from(list(Side))
SEVERITY = st.none() | st.integers(0, 3)
TART = st.lists(st.sampled_from(list(Tart)), unique=True, max_size=4).map(
    lambda t: tuple(x for x in Tart if x in t)
)
SOME_TART = TART.filter(bool)
SPINAL = [name for name in SPINE if name != "S1"]


@st.composite
def spinal(draw: st.DrawFn) -> Finding:
    """A vertebra or a run of them: with a position of ease, a restriction, or palpatory evidence alone."""
    first = draw(st.integers(0, len(SPINAL) - 1))
    last = draw(st.integers(first, min(first + 6, len(SPINAL) - 1)))
    level = segment_level(SPINAL[first], SPINAL[last])
    motion = draw(st.none() | motions())
    tart = draw(TART if motion else SOME_TART)
    if motion is not None and motion.frame is Frame.RESTRICTION:
        tart = tuple(t for t in Tart if t in {*tart, Tart.RESTRICTION})
    side = draw(ANY_SIDE) if motion is None and tart != (Tart.RESTRICTION,) else None
    return Finding(segment_region(level.first), level, side, motion, tart=tart, severity=draw(SEVERITY))


@st.composite
def motions(draw: st.DrawFn) -> SpinalMotion:
    """A stated motion with at least one part."""
    plane = draw(st.none() | st.sampled_from(list(Plane)))
    rotation = draw(st.none() | SIDES)
    sidebend = draw(st.none() | SIDES)
    if plane is None and rotation is None and sidebend is None:
        plane = Plane.FLEXED
    return SpinalMotion(plane, rotation, sidebend, draw(st.sampled_from(list(Frame))))


def _ribs() -> st.SearchStrategy[Level]:
    return st.integers(1, 12).flatmap(lambda a: st.integers(a, 12).map(lambda b: rib_level(a, b)))


@st.composite
def ribs(draw: st.DrawFn) -> Finding:
    """A rib or a run of ribs, with a named dysfunction, evidence, or both."""
    pattern = draw(st.sampled_from([None, "inhalation", "exhalation", "elevated", "subluxation"]))
    tart = draw(TART if pattern else SOME_TART)
    if pattern in ("inhalation", "exhalation"):
        tart = tuple(t for t in tart if t is not Tart.RESTRICTION)
    side = draw(ANY_SIDE)
    return Finding(Region.RIB, draw(_ribs()), side, pattern=pattern, tart=tart, severity=draw(SEVERITY))


def _structures(*, landmarks: bool) -> list[Place]:
    places = [
        p for p in lexicon().places.values() if p.level is not None and p.level.kind is LevelKind.STRUCTURE
    ]
    return [
        p
        for p in places
        if p.region is not None
        and p.level is not None
        and (p.level.name in lexicon().landmarks) == landmarks
        and p.type != "segment"
    ]


@st.composite
def evidence(draw: st.DrawFn) -> Finding:
    """Palpatory evidence at a named structure, or its absence."""
    place = draw(st.sampled_from(_structures(landmarks=False) + _structures(landmarks=True)))
    assert place.region is not None
    absent = draw(st.booleans())
    tart = draw(TART if absent else SOME_TART)
    severity = None if absent else draw(SEVERITY)
    return Finding(place.region, place.level, draw(ANY_SIDE), tart=tart, absent=absent, severity=severity)


@st.composite
def regional(draw: st.DrawFn) -> Finding:
    """A finding of a whole region."""
    region = draw(st.sampled_from([r for r in Region if r is not Region.ABDOMEN]))
    absent = draw(st.booleans())
    tart = draw(TART)
    return Finding(region, None, draw(ANY_SIDE), tart=tart, absent=absent)


@st.composite
def landmarks(draw: st.DrawFn) -> Finding:
    """Where a landmark lies."""
    name = draw(st.sampled_from(["ASIS", "PSIS", "pubic tubercle", "iliac crest", "medial malleolus", "ILA"]))
    pattern = draw(st.sampled_from(["superior", "inferior", "anterior", "posterior", "medial", "lateral"]))
    place = lexicon().places[name]
    assert place.region is not None
    more = draw(st.sampled_from([(), (Tart.TENDERNESS,)]))
    return Finding(place.region, place.level, draw(ANY_SIDE), pattern=pattern, tart=(Tart.ASYMMETRY, *more))


NAMED = [
    *(("sacrum", Region.SACRAL, f"{a} on {b} torsion", "none") for a in "LR" for b in "LR"),
    ("sacrum", Region.SACRAL, "unilateral flexion", "one"),
    ("sacrum", Region.SACRAL, "unilateral extension", "one"),
    ("sacrum", Region.SACRAL, "bilateral flexion", "both"),
    ("sacrum", Region.SACRAL, "bilateral extension", "both"),
    *(
        ("innominate", Region.PELVIC, pattern, "one")
        for pattern in (
            "anterior rotation",
            "posterior rotation",
            "upslip",
            "downslip",
            "inflare",
            "outflare",
        )
    ),
    ("pubic symphysis", Region.PELVIC, "superior shear", "one"),
    ("pubic symphysis", Region.PELVIC, "inferior shear", "one"),
    *(
        ("SBS", Region.HEAD, pattern, "none")
        for pattern in (
            "torsion R",
            "torsion L",
            "sidebending rotation R",
            "sidebending rotation L",
            "lateral strain R",
            "lateral strain L",
            "superior vertical strain",
            "inferior vertical strain",
            "compression",
            "flexion",
            "extension",
        )
    ),
    ("temporal", Region.HEAD, "external rotation", "one"),
    ("temporal", Region.HEAD, "internal rotation", "one"),
    ("fibular head", Region.LOWER_EXTREMITY, "anterior", "one"),
    ("fibular head", Region.LOWER_EXTREMITY, "posterior", "one"),
    ("talus", Region.LOWER_EXTREMITY, "anterior", "one"),
    ("radial head", Region.UPPER_EXTREMITY, "posterior", "one"),
    ("tibia", Region.LOWER_EXTREMITY, "external rotation", "one"),
    ("psoas", Region.LUMBAR, "trigger point", "one"),
]  # fmt: skip


@st.composite
def named(draw: st.DrawFn) -> Finding:
    """A dysfunction with a name of its own."""
    name, region, pattern, sided = draw(st.sampled_from(NAMED))
    side = {"none": None, "both": Side.BILATERAL}.get(sided) if sided != "one" else draw(SIDES)
    return Finding(region, named_level(name), side, pattern=pattern, severity=draw(SEVERITY))


@st.composite
def points(draw: st.DrawFn) -> Finding:
    """A counterstrain point, with or without treatment position and pain score."""
    letter, region, most = draw(
        st.sampled_from(
            [
                ("C", Region.CERVICAL, 8),
                ("T", Region.THORACIC, 12),
                ("L", Region.LUMBAR, 5),
                ("R", Region.RIB, 10),
            ]
        )
    )
    name = f"{draw(st.sampled_from('AP'))}{letter}{draw(st.integers(1, most))}"
    position = draw(st.none() | st.sampled_from(["F SARA", "f Sa Ra", "E RA", "e SaRt", "F STRT"]))
    pain = draw(st.none() | st.tuples(st.integers(0, 10), st.integers(0, 10)))
    level = named_level(name, LevelKind.POINT)
    tart = (Tart.TENDERNESS,)
    return Finding(
        region, level, draw(ANY_SIDE), pattern="tenderpoint", tart=tart, position=position, pain=pain
    )


@st.composite
def tests(draw: st.DrawFn) -> Finding:
    """The result of a named test."""
    place = draw(st.sampled_from([p for p in lexicon().places.values() if p.type == "test"]))
    assert place.region is not None
    absent = draw(st.booleans())
    pattern = "negative" if absent else "positive"
    return Finding(place.region, place.level, draw(ANY_SIDE), pattern=pattern, absent=absent)


@st.composite
def moved(draw: st.DrawFn) -> Finding:
    """A finding that a practice counts to another region than the usual one."""
    finding = draw(st.one_of(evidence(), ribs(), named()))
    region = draw(st.sampled_from([r for r in Region if r is not Region.ABDOMEN]))
    return Finding(
        region,
        finding.level,
        finding.side,
        None,
        finding.pattern,
        finding.tart,
        finding.severity,
        finding.absent,
    )


FINDINGS = st.one_of(
    spinal(), ribs(), evidence(), regional(), landmarks(), named(), points(), tests(), moved()
)
