"""How bad harm was: the records that define it, and how well they are confirmed."""

from __future__ import annotations

from openomt.knowledge.loader import load
from openomt.knowledge.redflags import AdverseSeverity


def severities() -> list[AdverseSeverity]:
    """The mildest first."""
    return sorted(load().all(AdverseSeverity), key=lambda one: one.rank)


def severity_of(name: str) -> AdverseSeverity:
    """The record of what an event holds."""
    return load().get(AdverseSeverity, name)


def by_pain(pain: int) -> str:
    """The severity a check-in proposes for this pain of 10."""
    reached = (one for one in severities() if one.pain_from is not None and one.pain_from <= pain)
    return max(reached, key=lambda one: one.rank).id


def mark(one: AdverseSeverity) -> str:
    """What is to be said beside a definition: what is in doubt, how well it is confirmed, and who has read it."""
    return " ".join(filter(None, (one.doubt, f"Confidence {one.confidence.value}; {one.review_state}.")))
