"""The form that changes the level of one rule."""

from __future__ import annotations

from django import forms
from django.http import QueryDict

from openomt.care.patients.fields import Line
from openomt.care.visits.rule_settings.services import LONGEST_REASON, allowed_levels
from openomt.medicine.safety.tables import Rule

LEVEL_WORDS = {"precaution": "Note", "relative": "Caution", "absolute": "Do not use", "stop": "Stop"}


class LevelForm(forms.Form):
    """A level within the bounds of the rule, and why."""

    reason = Line(label="Reason", max_length=LONGEST_REASON)

    def __init__(self, rule: Rule, data: QueryDict | None = None, *, level: str = "") -> None:
        super().__init__(data, initial={"level": level}, auto_id=f"{rule.id}-%s")
        self.rule = rule
        self.fields["level"] = forms.ChoiceField(
            label="Level here",
            choices=[
                (one, f"{LEVEL_WORDS[one]}{' (as recorded)' if one == rule.level else ''}")
                for one in allowed_levels(rule.id)
            ],
        )
        self.order_fields(["level", "reason"])
