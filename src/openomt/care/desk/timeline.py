"""One line of time: visits, questionnaires, documents, tasks and appointments, the newest first."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from textwrap import shorten

from django.utils import timezone

from openomt.care.addresses import address
from openomt.care.booking.models import Appointment
from openomt.care.desk.grid import REGION_WORDS, state_words, techniques_of
from openomt.care.followup.models import AdverseEvent, Task
from openomt.care.intake.models import FormAnswer
from openomt.care.patients.kinds import vitals_words
from openomt.care.patients.models import Document, VitalsEntry
from openomt.care.times import spoken_time
from openomt.care.visits.models import Visit, VisitRegion
from openomt.medicine import instruments
from openomt.medicine.narrative.phrases import technique_record

FILTERS = (("all", "All"), ("visits", "Visits"), ("forms", "Forms"), ("documents", "Documents"))
STEP, MOST = 12, 600
_LONGEST = 120
"""Characters of a remark."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `word` stands in weight before `title`; `shape` is its icon."""

    on: dt.date
    kind: str
    shape: str
    word: str
    title: str = ""
    small: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The newest events, and how many there are before them."""

    events: list[Event]
    earlier: int


_Late = tuple[dt.date, Callable[[], Event]]


def timeline(  # noqa: PLR0913, PLR0917  (one argument for each source)
    visits: Iterable[Visit],
    regions: dict[int, list[VisitRegion]],
    vitals: Iterable[VitalsEntry],
    answers: Iterable[FormAnswer],
    documents: Iterable[Document],
    tasks: Iterable[Task],
    appointments: Iterable[Appointment],
    adverse: Iterable[AdverseEvent],
    count: int,
) -> Timeline:
    """The newest `count` of everything. Only those that are shown are put into words."""
    measured: dict[dt.date, list[VitalsEntry]] = {}
    for entry in vitals:
        measured.setdefault(entry.on, []).append(entry)
    found: list[_Late] = [
        *((visit.date, partial(_visit, visit, regions.get(visit.pk, ()), measured)) for visit in visits),
        *((forms[0].on, partial(_forms, forms)) for forms in _together(answers)),
        *((_dated(document), partial(_document, document)) for document in documents),
        *((timezone.localdate(task.opened_at), partial(_task, task)) for task in tasks),
        *((timezone.localdate(one.start), partial(_appointment, one)) for one in appointments),
        *((event.on, partial(_adverse, event)) for event in adverse),
    ]
    found.sort(key=lambda late: late[0], reverse=True)
    return Timeline([words() for _, words in found[:count]], max(len(found) - count, 0))


def _visit(
    visit: Visit, rows: Sequence[VisitRegion], measured: Mapping[dt.date, Sequence[VitalsEntry]]
) -> Event:
    state = state_words(visit)
    done = _done(rows) if any(row.techniques for row in rows) else _told(visit, rows)
    vitals = "; ".join(map(vitals_words, measured.get(visit.date, ())))
    return Event(
        visit.date,
        "visits",
        "open" if state else "person",
        f"Visit {visit.number}",
        state or "signed",
        " · ".join(filter(None, (done, vitals))),
        address("visit", visit.uid),
    )


def _told(visit: Visit, rows: Sequence[VisitRegion]) -> str:
    """Of a consultation, nothing having been treated: what was made of it, else why they came."""
    found = sum(1 for row in rows if row.findings)
    counted = f"{found} {'region' if found == 1 else 'regions'} with findings, none treated." if found else ""
    remark = visit.draft.get("assessment") or visit.draft.get("complaint") or ""
    return " ".join(filter(None, (counted, shorten(remark, _LONGEST, placeholder="…"))))


def _done(rows: Sequence[VisitRegion]) -> str:
    """`Thoracic, rib cage: BLT, MFR. 2 improved`."""
    treated = [row for row in rows if row.techniques]
    places = ", ".join(REGION_WORDS.get(row.region, row.region).lower() for row in treated).capitalize()
    techniques = ", ".join(dict.fromkeys(name for row in treated for name in techniques_of(row)))
    answers = Counter(row.response for row in treated if row.response)
    counted = ", ".join(f"{count} {word}" for word, count in answers.items())
    return f"{places}{': ' + techniques if techniques else ''}.{' ' + counted if counted else ''}"


def _together(answers: Iterable[FormAnswer]) -> Iterable[list[FormAnswer]]:
    """Questionnaires of one occasion stand in one line."""
    occasions: dict[tuple[dt.date, dt.datetime], list[FormAnswer]] = {}
    for one in answers:
        occasions.setdefault((one.on, one.entered_at), []).append(one)
    return occasions.values()


def _forms(forms: Sequence[FormAnswer]) -> Event:
    first = forms[0]
    url = address("form_answer", first.uid)
    if len(forms) == 1:
        return Event(first.on, "forms", "form", _short(first), "", first.words, url)
    return Event(first.on, "forms", "form", f"{len(forms)} forms", "", "; ".join(map(_short, forms)), url)


def _short(answer: FormAnswer) -> str:
    """`PEG 4.7`; of one without a total, what was answered first."""
    name = instruments.instrument(answer.instrument).abbreviation
    first = next((one for one in answer.answers.values() if isinstance(one, (int, float))), None)
    value = first if answer.score is None else answer.score
    return name if value is None else f"{name} {value:.1f}".removesuffix(".0")


def _dated(document: Document) -> dt.date:
    return document.dated or timezone.localdate(document.entered_at)


def _document(document: Document) -> Event:
    url = address("documents", document.patient.uid)
    return Event(_dated(document), "documents", "form", document.title, "", document.get_kind_display(), url)


def _task(task: Task) -> Event:
    on, url = timezone.localdate(task.opened_at), address("task", task.uid)
    if task.closed_at is None:
        return Event(on, "tasks", "clock", task.title, "open", task.words, url)
    return Event(on, "tasks", "check", task.title, "answered", task.outcome, url)


def _adverse(event: AdverseEvent) -> Event:
    """`Adverse event, moderate`: after which technique, and what happened."""
    record = technique_record(event.technique) if event.technique else None
    what = record.abbreviation if record else event.technique
    after = f"{what}, {REGION_WORDS.get(event.region, event.region).lower()}. " if what else ""
    severity = event.get_severity_display().lower()
    return Event(
        event.on,
        "adverse",
        "caution",
        "Adverse event",
        severity,
        f"{after}{event.words}",
        address("adverse", event.uid),
    )


def _appointment(one: Appointment) -> Event:
    start = timezone.localtime(one.start)
    return Event(
        start.date(),
        "appointments",
        "x" if one.status in (Appointment.Status.NO_SHOW, Appointment.Status.CANCELED) else "clock",
        f"Appointment {spoken_time(start)}",
        one.get_status_display().lower(),
        one.reason,
    )
