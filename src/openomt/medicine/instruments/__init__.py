"""Instruments: forms to show, scores by published rules, change that matters, the outcome of a course."""

from openomt.medicine.instruments.comparing import change
from openomt.medicine.instruments.course import course_outcome, review
from openomt.medicine.instruments.forms import battery, form, may_open
from openomt.medicine.instruments.records import instrument, instruments
from openomt.medicine.instruments.scoring import allowed, score, urgent
from openomt.medicine.instruments.values import (
    Advice,
    Alert,
    Answers,
    BatteryPlan,
    Change,
    ChangeState,
    Direction,
    Due,
    Form,
    Outcome,
    OutcomeKind,
    Score,
    ScoreError,
    SignalState,
    TextMissingError,
    Timepoint,
)

__all__ = [
    "Advice",
    "Alert",
    "Answers",
    "BatteryPlan",
    "Change",
    "ChangeState",
    "Direction",
    "Due",
    "Form",
    "Outcome",
    "OutcomeKind",
    "Score",
    "ScoreError",
    "SignalState",
    "TextMissingError",
    "Timepoint",
    "allowed",
    "battery",
    "change",
    "course_outcome",
    "form",
    "instrument",
    "instruments",
    "may_open",
    "review",
    "score",
    "urgent",
]
