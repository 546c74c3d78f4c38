"""One card of entries: what the page of a record, a page of demographics and an htmx swap all show alike."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils import timezone

from openomt.care.patients import facts
from openomt.care.patients.kinds import KINDS, Kind
from openomt.care.patients.models import Course, OnRecord, Patient, StoryEntry
from openomt.medicine.safety.values import OriginKind, PatientFacts

_SHOWN_VITALS = 5
_PARTS = ("body", "mind", "spirit")


@dataclass(frozen=True, slots=True)
class Read:
    """What the medicine made of each entry, by its kind and its words: facts, and questions."""

    chips: Mapping[tuple[OriginKind, str], tuple[facts.FactChip, ...]] = field(default_factory=dict)
    asks: Mapping[tuple[OriginKind, str], tuple[str, ...]] = field(default_factory=dict)


NOTHING = Read()


@dataclass(slots=True)
class Row:
    """An entry as a card shows it."""

    entry: OnRecord
    main: str
    said: tuple[str, ...]
    chips: tuple[facts.FactChip, ...] = ()
    asks: tuple[str, ...] = ()
    over: bool = False
    can_end: bool = False
    end_form: forms.Form | None = None
    goals: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Card:
    """A kind of entry with those of one patient, the form to add one, and whether the person may."""

    kind: Kind
    patient: Patient
    rows: list[Row]
    past: list[Row]
    form: forms.Form
    may_write: bool
    open: bool = False
    failed: str = ""
    groups: list[tuple[str, list[Row]]] = field(default_factory=list)

    @property
    def template(self) -> str:
        return self.kind.template


def entries(patient: Patient, kind: Kind) -> list[Any]:
    """All entries of a kind, those in error too, with who entered them."""
    rows = getattr(patient, kind.rows).select_related("entered_by", "closed_by")
    return list(rows.prefetch_related("goals__entered_by") if kind.model is Course else rows)


def card(  # noqa: PLR0913  (one argument for each thing a card is made of)
    patient: Patient,
    kind: Kind,
    rows: Iterable[OnRecord],
    read: Read,
    *,
    may_write: bool,
    form: forms.Form | None = None,
) -> Card:
    """The card of a kind. `form`: the one to go on with, which is then open."""
    today = timezone.localdate()
    shown = [_row(kind, entry, read, today) for entry in rows]
    standing = [row for row in shown if not row.over]
    past = [row for row in shown if row.over]
    if kind.name in ("vitals", "bone_density"):
        standing.sort(key=lambda row: (str(getattr(row.entry, "on", "")), row.entry.pk), reverse=True)
    if kind.name == "story":
        newest = _newest(standing)
        standing, past = newest, [*(row for row in standing if row not in newest), *past]
    if kind.name == "vitals":
        standing, past = standing[:_SHOWN_VITALS], [*standing[_SHOWN_VITALS:], *past]
    return Card(
        kind,
        patient,
        standing,
        past,
        form or fresh_form(kind, today),
        may_write,
        open=form is not None,
        groups=_parts(standing) if kind.name == "story" else [],
    )


def in_focus(form: forms.Form) -> forms.Form:
    """The form with the focus where typing goes on: at the first field that is wrong, else at the first."""
    name = next(iter(form.errors), None)
    name = name if name in form.fields else next(iter(form.fields))
    form.fields[name].widget.attrs["autofocus"] = True
    return form


def fresh_form(kind: Kind, today: dt.date | None = None) -> forms.Form:
    """An empty form of a kind, with today where a day is asked for that mostly is today."""
    day = (today or timezone.localdate()).isoformat()
    initial = {"on": day} if kind.name == "vitals" else {"started_on": day}
    return kind.form(auto_id=add_id(kind), initial=initial)


def add_id(kind: Kind) -> str:
    """How the fields of the form that adds an entry are named in the page."""
    return f"add-{kind.name}-%s"


def _row(kind: Kind, entry: OnRecord, read: Read, today: dt.date) -> Row:
    main, said = kind.line(entry)
    over = kind.is_over(entry, today)
    can_end = bool(kind.end) and not over and not (kind.name == "medicine" and entry.closed_at is not None)
    sources = () if entry.in_error else [source for source in facts.sources_of(entry) if source[1]]
    chips = {chip.words: chip for source in sources for chip in read.chips.get(source, ())}
    asks = {ask: None for source in sources for ask in read.asks.get(source, ())}
    return Row(
        entry,
        main,
        said,
        tuple(chips.values()),
        tuple(asks),
        over,
        can_end,
        kind.end_form(auto_id=f"end-{kind.name}-{entry.pk}-%s") if can_end else None,
        [_row(KINDS["goal"], goal, NOTHING, today) for goal in entry.goals.all() if not goal.in_error]
        if isinstance(entry, Course)
        else [],
    )


def _newest(rows: list[Row]) -> list[Row]:
    """The newest line of every label, body before mind before spirit."""
    newest: dict[tuple[int, str], Row] = {}
    for row in rows:
        if isinstance(row.entry, StoryEntry):
            newest[_PARTS.index(row.entry.part), row.entry.label.casefold()] = row
    return [row for _, row in sorted(newest.items(), key=lambda item: item[0][0])]


def _parts(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    return [
        (part.capitalize(), list(group))
        for part, group in itertools.groupby(rows, key=lambda row: getattr(row.entry, "part", ""))
    ]


def read_of(known: PatientFacts) -> Read:
    """What the medicine made of each entry."""
    return Read(facts.by_entry(known), facts.asks_by_entry(known))
