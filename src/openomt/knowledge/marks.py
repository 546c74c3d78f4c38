"""How well a fact is confirmed and whether it was reviewed, in words. Loads nothing else."""

from __future__ import annotations

from enum import StrEnum

AWAITING_REVIEW = "awaiting a licensed osteopathic physician"


class Confidence(StrEnum):
    """How well a fact is confirmed, in the words of the research it comes from."""

    CONFIRMED = "V"  # two or more retrieved sources agree
    ONE_SOURCE = "1"  # one retrieved source
    TEACHING = "K"  # standard teaching; the source text was not retrieved
    UNCERTAIN = "?"  # uncertain, or sources disagree
    DERIVED = "derived"  # follows from other records, or a convention of this project


CONFIDENCE_WORDS = {
    Confidence.CONFIRMED: "two or more sources agree",
    Confidence.ONE_SOURCE: "one source",
    Confidence.TEACHING: "standard teaching, source not retrieved",
    Confidence.UNCERTAIN: "uncertain or disputed",
    Confidence.DERIVED: "derived from other records, or our convention",
}
