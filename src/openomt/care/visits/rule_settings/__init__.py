"""The practice's own levels of contested safety rules."""

from __future__ import annotations

from openomt.care.visits.models import RuleSetting
from openomt.medicine.safety.practice import Setting, Settings


def settings_of() -> Settings:
    """The levels this practice has set, the newest of each rule, as `check` takes them."""
    newest: dict[str, RuleSetting] = {}
    for row in RuleSetting.objects.select_related("by").order_by("pk"):
        newest[row.rule] = row
    return tuple(Setting(row.rule, row.level, row.reason, str(row.by)) for row in newest.values())
