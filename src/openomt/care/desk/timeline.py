"""One line of time: visits, questionnaires, documents, tasks and appointments, the newest first."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from openomt.care.booking.models import Appointment
from openomt.care.desk.grid import REGION_WORDS, state_words, techniques_of
from openomt.care.followup.models import Task
from openomt.care.intake.models import FormAnswer
from openomt.care.patients.models import Document
from openomt.care.visits.models import Visit, VisitRegion
from openomt.medicine import instruments

FILTERS = (("all", "All"), ("visits", "Visits"), ("forms", "Forms"), ("documents", "Documents"))
STEP, MOST = 12, 600


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


def events(
    visits: Iterable[Visit],
    regions: dict[int, list[VisitRegion]],
    answers: Iterable[FormAnswer],
    documents: Iterable[Document],
    tasks: Iterable[Task],
    appointments: Iterable[Appointment],
) -> list[Event]:
    """Everything, the newest first."""
    found = [
        *(_visit(visit, regions.get(visit.pk)) for visit in visits),
        *_forms(answers),
        *(_document(document) for document in documents),
        *(_task(task) for task in tasks),
        *(_appointment(one) for one in appointments),
    ]
    found.sort(key=lambda event: event.on, reverse=True)
    return found


def _visit(visit: Visit, rows: Sequence[VisitRegion] | None) -> Event:
    state = state_words(visit)
    return Event(
        visit.date,
        "visits",
        "open" if state else "person",
        f"Visit {visit.number}",
        state or "signed",
        _done(rows or ()),
        reverse("visit", args=[visit.uid]),
    )


def _done(rows: Sequence[VisitRegion]) -> str:
    """`Thoracic, rib cage: BLT, MFR. 2 improved`."""
    treated = [row for row in rows if row.techniques]
    if not treated:
        found = sum(1 for row in rows if row.findings)
        return f"{found} {'region' if found == 1 else 'regions'} with findings, none treated" if found else ""
    places = ", ".join(REGION_WORDS.get(row.region, row.region).lower() for row in treated).capitalize()
    techniques = ", ".join(dict.fromkeys(name for row in treated for name in techniques_of(row)))
    answers = Counter(row.response for row in treated if row.response)
    counted = ", ".join(f"{count} {word}" for word, count in answers.items())
    return f"{places}{': ' + techniques if techniques else ''}.{' ' + counted if counted else ''}"


def _forms(answers: Iterable[FormAnswer]) -> Iterator[Event]:
    """Questionnaires of one occasion stand in one line."""
    together: dict[tuple[dt.date, dt.datetime], list[FormAnswer]] = {}
    for one in answers:
        together.setdefault((one.on, one.entered_at), []).append(one)
    for (on, _), forms in together.items():
        yield Event(
            on,
            "forms",
            "form",
            _short(forms[0]) if len(forms) == 1 else f"{len(forms)} forms",
            "",
            forms[0].words if len(forms) == 1 else "; ".join(_short(one) for one in forms),
            reverse("form_answer", args=[forms[0].uid]),
        )


def _short(answer: FormAnswer) -> str:
    """`PEG 4.7`; of one without a total, what was answered first."""
    name = instruments.instrument(answer.instrument).abbreviation
    first = next((one for one in answer.answers.values() if isinstance(one, (int, float))), None)
    value = first if answer.score is None else answer.score
    return name if value is None else f"{name} {value:.1f}".removesuffix(".0")


def _document(document: Document) -> Event:
    on = document.dated or timezone.localdate(document.entered_at)
    return Event(on, "documents", "form", document.title, "", document.get_kind_display())


def _task(task: Task) -> Event:
    on = timezone.localdate(task.opened_at)
    if task.closed_at is None:
        return Event(on, "tasks", "clock", task.title, "open", task.words, reverse_task(task))
    return Event(on, "tasks", "check", task.title, "answered", task.outcome, reverse_task(task))


def reverse_task(task: Task) -> str:
    return reverse("task", args=[task.uid])


def _appointment(one: Appointment) -> Event:
    start = timezone.localtime(one.start)
    at = f"{start.hour}:{start:%M}"
    return Event(
        start.date(),
        "appointments",
        "x" if one.status in (Appointment.Status.NO_SHOW, Appointment.Status.CANCELED) else "clock",
        f"Appointment {at}",
        one.get_status_display().lower(),
        one.reason,
    )
