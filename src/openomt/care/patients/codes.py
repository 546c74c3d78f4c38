"""Official titles of ICD-10-CM codes as people write them."""

from __future__ import annotations

import re

from openomt.knowledge import icd

_SHAPE = re.compile(r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?")


def normal(code: str) -> str:
    """`m5450` as `M54.50`."""
    return icd.normalize(code)


def title(code: str) -> str | None:
    """The title of a code; None where there is no such code, and for a chapter or block."""
    code = normal(code)
    return icd.title(code) if _SHAPE.fullmatch(code) else None
