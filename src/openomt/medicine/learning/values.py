"""A page for the public as one value, in one language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

LEARN, CONDITIONS, TECHNIQUES = "learn", "conditions", "techniques"
PLACES = (LEARN, CONDITIONS, TECHNIQUES)
"""Where a page stands: the first word of its address."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or an item of a list. `mark`: `K` not re-checked, `?` sources differ; empty: neither."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines under a heading. `name` where the heading is a usual one: found, does, feel, do, after.

    style   text, list or steps
    """

    heading: str
    lines: tuple[Line, ...]
    style: str = "text"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of `of` people, with OMT and with something else (`against`)."""

    what: str
    with_omt: int
    without: int
    of: int
    against: str


@dataclass(frozen=True, slots=True)
class Label:
    """How much is known of a condition, as the public is told."""

    code: str
    title: str
    meaning: str


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text a page stands on. `read`: whether its text was at hand."""

    title: str
    where: str
    read: bool


@dataclass(frozen=True, slots=True)
class Link:
    """Another page."""

    place: str
    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class Page:
    """All of a page.

    topic         of a page of its own: start, visit, people or questions
    label         of a condition; `advice` what follows from it
    tallies       numbers to draw
    poses, hands  what to draw of a technique
    uses          techniques of a condition, or conditions of a technique
    reviewed      by whom and when, where a physician read it; `translated` the same of the Spanish
    keywords      words by which it is found though it does not say them
    """

    place: str
    slug: str
    language: str
    title: str
    lead: str
    parts: tuple[Part, ...]
    sources: tuple[SourceText, ...]
    related: tuple[Link, ...]
    written: dt.date
    review_due: dt.date
    topic: str = ""
    label: Label | None = None
    advice: tuple[Line, ...] = ()
    tallies: tuple[Tally, ...] = ()
    poses: tuple[str, ...] = ()
    hands: str = ""
    uses: tuple[Link, ...] = ()
    reviewed: tuple[str, dt.date] | None = None
    translated: tuple[str, dt.date] | None = None
    keywords: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """Everything the page says beside its lead."""
        return (*(line for part in self.parts for line in part.lines), *self.advice)

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks that some line of the page has."""
        here = {line.mark for line in self.lines}
        return tuple(mark for mark in ("K", "?") if mark in here)

    def is_overdue(self, today: dt.date) -> bool:
        """Whether somebody should have read it again by now."""
        return self.review_due <= today
