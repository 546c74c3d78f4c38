"""The practice's own levels of contested safety rules: `settings_of` is what a check is given."""

from __future__ import annotations

from openomt.care.visits.rule_settings.services import settings_of

__all__ = ["settings_of"]
