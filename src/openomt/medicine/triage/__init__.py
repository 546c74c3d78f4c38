"""Check-ins on day 1, 3 and 7 after treatment: how urgent an answer is, who is told what, who acts."""

from openomt.medicine.triage.triage import no_reply, triage
from openomt.medicine.triage.values import DAYS, Change, CheckIn, Context, Population, Triage

__all__ = ["DAYS", "Change", "CheckIn", "Context", "Population", "Triage", "no_reply", "triage"]
