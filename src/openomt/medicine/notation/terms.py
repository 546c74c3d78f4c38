"""Names of patterns and structures that several rules of the reader speak of."""

from __future__ import annotations

from openomt.medicine.notation.lexicon import PatternEntry

LANDMARKS = frozenset({
    "ASIS", "PSIS", "AIIS", "iliac crest", "pubic tubercle", "sacral sulcus", "ILA", "sacral base",
    "medial malleolus", "ischial tuberosity", "greater trochanter", "leg length", "transverse process",
    "spinous process", "acromion", "lumbar lordosis", "thoracic kyphosis", "cervical lordosis", "shoulder",
    "pelvis", "mandible", "sacral apex", "mastoid", "pubic ramus", "occiput", "skull", "distal fibula",
    "scapula",
    "rib angle",
})  # fmt: skip
"""Landmarks: said to lie high, low, deep and so on, they show asymmetry."""

LIES = frozenset({"superior", "inferior", "anterior", "posterior", "medial", "lateral", "deep", "shallow"})
"""Where a landmark lies."""

UNEVEN = frozenset({"unlevel", "unequal", "short leg", "long leg", "side shift", "deviation", "increased"})
"""Words for a landmark that differs from its fellow: they show asymmetry."""

DIRECTIONS = LIES | UNEVEN | {
    "posterior inferior", "anterior superior", "inferior anterior", "inferior posterior", "elevated",
    "depressed",
}  # fmt: skip
"""Positions; beside a named dysfunction they add nothing."""

MISSHAPEN = UNEVEN | {"flattening", "brachycephaly", "plagiocephaly", "parallelogram"}
"""Words that show asymmetry wherever they are said."""

MOVEMENTS = frozenset({
    "internal rotation", "external rotation", "abduction", "adduction", "dorsiflexion", "plantarflexion",
    "inversion", "eversion", "supination", "pronation",
})  # fmt: skip
"""Movements of a limb: restricted, they are no position."""

POSTERIOR = PatternEntry("posterior", (), None, False)
TENDERPOINT = PatternEntry("tenderpoint", (), None, False)
