"""The body map of a visit: the figure with its findings, and the quick choices it inserts as shorthand.

`figure` is the whole component for a page, `overlay` the layer of findings that each autosave draws anew.
"""

from __future__ import annotations

from openomt.care.visits.body_map.component import figure, layers
from openomt.care.visits.body_map.picture import overlay, spoken

__all__ = ["figure", "layers", "overlay", "spoken"]
