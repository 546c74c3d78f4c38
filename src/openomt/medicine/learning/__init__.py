"""What the public reads about OMT, and the check of whether it is right for somebody, in English and Spanish."""

from openomt.medicine.learning.check import Check, Given, Outcome, Screen, outcome, screen_of
from openomt.medicine.learning.pages import LABELS, TOPICS, all_pages, ask_first_also, page, pages
from openomt.medicine.learning.search import LONGEST, Found, search
from openomt.medicine.learning.values import CONDITIONS, LEARN, TECHNIQUES, Link, Page

__all__ = [
    "CONDITIONS",
    "LABELS",
    "LEARN",
    "LONGEST",
    "TECHNIQUES",
    "TOPICS",
    "Check",
    "Found",
    "Given",
    "Link",
    "Outcome",
    "Page",
    "Screen",
    "all_pages",
    "ask_first_also",
    "outcome",
    "page",
    "pages",
    "screen_of",
    "search",
]
