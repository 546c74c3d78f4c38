"""A reading in the corpus's own JSON shape, for measuring."""

from __future__ import annotations

from typing import Any

from openomt.medicine.findings import Finding, Frame, SpinalMotion
from openomt.medicine.notation.reading import Reading


def corpus_json(reading: Reading) -> dict[str, Any]:
    """`findings`, `techniques` and `response` as the corpus writes them."""
    return {
        "findings": [_finding(f) for f in reading.values],
        "techniques": [
            {
                "technique": _TECHNIQUE.get(t.treatment.technique or "", t.treatment.technique),
                "region": t.treatment.region,
            }
            for t in reading.treatments
        ],
        "response": reading.responses[-1].response if reading.responses else None,
    }


_TECHNIQUE = {"functional": "other", "inr": "other"}
"""Techniques the corpus has no name for."""
_PATTERN = {"dropped": "inferior", "plantar": "inferior"}
"""Patterns the corpus calls by the direction they lie in."""


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "region": finding.region,
        "level": finding.level.name if finding.level else None,
        "side": finding.side,
        "position": _position(finding.motion),
        "pattern": _PATTERN.get(finding.pattern or "", finding.pattern),
        "tart": list(finding.tart),
        "severity": finding.severity or None,
        "negated": finding.absent,
    }


def _position(motion: SpinalMotion | None) -> dict[str, str | None] | None:
    """The corpus writes positions of ease only; a restriction is told by its TART word."""
    if motion is None or motion.frame is Frame.RESTRICTION:
        return None
    return {
        "plane": motion.plane.value if motion.plane else None,
        "rotation": motion.rotation.letter if motion.rotation else None,
        "sidebend": motion.sidebend.letter if motion.sidebend else None,
    }
