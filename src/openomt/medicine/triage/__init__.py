"""Check-ins on day 1, 3 and 7 after treatment: how urgent an answer is, who is told what, who acts."""

from openomt.medicine.triage.lines import Line, lines, ticked
from openomt.medicine.triage.triage import holds_danger, no_reply, triage
from openomt.medicine.triage.values import DAYS, Change, CheckIn, Context, Population, Triage, population_of

__all__ = [
    "DAYS",
    "Change",
    "CheckIn",
    "Context",
    "Line",
    "Population",
    "Triage",
    "holds_danger",
    "lines",
    "no_reply",
    "population_of",
    "ticked",
    "triage",
]
