"""The only writers of intakes, of what they propose to the chart, and of answers to questionnaires."""

from __future__ import annotations

from openomt.care.intake.services.answers import (
    Given,
    alerts_of,
    mark_in_error,
    meaning,
    newest,
    record_answers,
    record_together,
    score_of,
    shown_form,
)
from openomt.care.intake.services.inviting import flow_due, invite, open_one, withdraw
from openomt.care.intake.services.proposals import decide
from openomt.care.intake.services.telling import IntakeError, begin, finish, save, turn_to

__all__ = [
    "Given",
    "IntakeError",
    "alerts_of",
    "begin",
    "decide",
    "finish",
    "flow_due",
    "invite",
    "mark_in_error",
    "meaning",
    "newest",
    "open_one",
    "record_answers",
    "record_together",
    "save",
    "score_of",
    "shown_form",
    "turn_to",
    "withdraw",
]
