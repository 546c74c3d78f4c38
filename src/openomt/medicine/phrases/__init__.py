"""Finds phrases in short free text, with what is said of each: present, denied, of the family, past."""

from openomt.medicine.phrases.matcher import Matcher
from openomt.medicine.phrases.triggers import ordinary_words, short_forms, triggers
from openomt.medicine.phrases.values import Mention, Phrase, Role, Status, Trigger

__all__ = [
    "Matcher",
    "Mention",
    "Phrase",
    "Role",
    "Status",
    "Trigger",
    "ordinary_words",
    "short_forms",
    "triggers",
]
