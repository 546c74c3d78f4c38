"""A claim's JSON columns as one value, and back."""

from __future__ import annotations

from typing import Any

from openomt.care.billing.models import Claim
from openomt.care.billing.values import Coded

_COLUMNS = ("diagnoses", "lines", "warnings", "checklist", "remarks", "rules")
COLUMNS = (*_COLUMNS, "total", "open_warnings")
"""What `keep` changes, for `save(update_fields=…)`."""


def coded_of(claim: Claim) -> Coded:
    """What the claim was coded as."""
    return Coded.model_validate({name: getattr(claim, name) for name in _COLUMNS if getattr(claim, name)})


def keep(claim: Claim, coded: Coded) -> None:
    """Puts the value into the claim's columns. It is not saved."""
    data: dict[str, Any] = coded.model_dump(mode="json")
    for name in _COLUMNS:
        setattr(claim, name, data[name])
    claim.total = coded.total
    claim.open_warnings = len(coded.open_warnings)
