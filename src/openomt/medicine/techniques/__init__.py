"""Advice on techniques: what suits a finding, a complaint and a patient, with reasons, evidence and dose."""

from openomt.medicine.techniques.complaints import condition_of
from openomt.medicine.techniques.dose import dose_advice
from openomt.medicine.techniques.kinds import worded
from openomt.medicine.techniques.suggest import suggest
from openomt.medicine.techniques.values import (
    Advice,
    Course,
    DoseAdvice,
    DoseLine,
    Evidence,
    Group,
    Match,
    Option,
    Preferences,
    Reason,
    ReasonKind,
    Refusal,
    Scope,
    Skipped,
    Standing,
    Suggestions,
    Target,
)

__all__ = [
    "Advice",
    "Course",
    "DoseAdvice",
    "DoseLine",
    "Evidence",
    "Group",
    "Match",
    "Option",
    "Preferences",
    "Reason",
    "ReasonKind",
    "Refusal",
    "Scope",
    "Skipped",
    "Standing",
    "Suggestions",
    "Target",
    "condition_of",
    "dose_advice",
    "suggest",
    "worded",
]
