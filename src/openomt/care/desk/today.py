"""The day: its patients in order with what is not ready, and the people who need an answer; in a few queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from openomt.care.accounts.access import Permission
from openomt.care.accounts.models import User
from openomt.care.booking import slots
from openomt.care.booking.models import FREED, Absence, Appointment, WorkingHours
from openomt.care.booking.privacy import closed_to
from openomt.care.desk.today_safety import Danger, Judged, entries_of, judged
from openomt.care.followup.inbox import Waiting, age_and_sex, open_tasks, waiting
from openomt.care.patients.models import Course
from openomt.care.visits.models import Order, Visit, VisitRegion
from openomt.care.visits.rule_settings import settings_of

Status = Appointment.Status
State = Visit.State
TASKS_SHOWN = 8
_SIGNED = (State.SIGNED, State.AWAITING)
_RANKS = ("stop", "absolute", "hold", "result", "draft", "cosign", "review", "signed", "ready")
_SHAPES = {
    "stop": "stop",
    "absolute": "avoid",
    "hold": "caution",
    "result": "open",
    "draft": "open",
    "cosign": "open",
    "review": "diamond",
    "signed": "check",
    "ready": "check",
}
_DANGER, _CAUTION = ("stop", "absolute"), ("hold", "result")


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that is not ready, or that all is. `kind` is one of `_RANKS`, worst first."""

    kind: str
    words: str
    detail: str = ""

    @property
    def shape(self) -> str:
        return _SHAPES[self.kind]

    @property
    def tone(self) -> str:
        if self.kind in _DANGER:
            return "d"
        return "c" if self.kind in _CAUTION else "ok" if self.kind in ("signed", "ready") else "open"

    @property
    def wants_a_look(self) -> bool:
        return self.kind not in ("signed", "ready", "draft")


@dataclass(frozen=True, slots=True)
class Row:
    """One appointment of the day. `notes` are empty where this person reads no charts; `closed`: restricted."""

    appointment: Appointment
    age: str
    reason: str
    line: str
    notes: tuple[Note, ...] = ()
    visit: Seen | None = None
    now: bool = False
    closed: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing more happens: it is quiet on the page."""
        return self.appointment.status in (Status.DONE, *FREED)

    @property
    def wants_a_look(self) -> bool:
        return any(note.wants_a_look for note in self.notes)


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch between rows: somebody is away, or free."""

    words: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A visit as the day needs it."""

    pk: int
    uid: str
    patient: int
    number: int
    state: str
    date: dt.date
    appointment: int | None
    clinician: int
    clinician_name: str
    patient_name: str
    signed_at: dt.datetime | None
    saved_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Day:
    """All of the page."""

    day: dt.date
    mine: bool
    lines: tuple[Row | Gap, ...]
    tasks: tuple[Waiting, ...] = ()
    more_tasks: bool = False
    to_cosign: tuple[Seen, ...] = ()
    to_sign: tuple[Seen, ...] = ()
    results: tuple[Order, ...] = ()

    @property
    def rows(self) -> list[Row]:
        return [one for one in self.lines if isinstance(one, Row)]

    @property
    def coming(self) -> int:
        return sum(row.appointment.status not in FREED for row in self.rows)

    @property
    def looks(self) -> int:
        return sum(row.wants_a_look for row in self.rows)


@dataclass
class _Gathered:
    """What was read for all rows at once, by the key of the patient or the visit."""

    judged: dict[int, Judged] = field(default_factory=dict)
    visits: dict[int, Seen] = field(default_factory=dict)  # by appointment
    last: dict[int, Seen] = field(default_factory=dict)  # by patient
    orders: dict[int, list[Order]] = field(default_factory=lambda: defaultdict(list))
    all_visits: list[Seen] = field(default_factory=list)
    results: list[Order] = field(default_factory=list)
    closed: frozenset[int] = frozenset()


def gather(user: User, day: dt.date, *, mine: bool, now: dt.datetime, zone: dt.tzinfo) -> Day:
    """The day as this person may see it. The number of queries does not depend on the number of patients."""
    appointments = list(_appointments(user, day, zone, mine=mine))
    reads = user.may(Permission.CHART_READ)
    got = _read(user, appointments, day, mine=mine) if reads else _Gathered()
    current = _current(appointments, now)
    rows = [_row(one, day, got, reads=reads, now=one is current) for one in appointments]
    tasks = waiting(user, open_tasks(), now, zone, TASKS_SHOWN + 1) if user.may(Permission.TASK_WRITE) else []
    return Day(
        day=day,
        mine=mine,
        lines=tuple(_with_gaps(user, rows, day, now, zone) if mine else rows),
        tasks=tuple(tasks[:TASKS_SHOWN]),
        more_tasks=len(tasks) > TASKS_SHOWN,
        to_cosign=tuple(_to_cosign(user, got.all_visits)),
        to_sign=tuple(_to_sign(user, got.all_visits, day)),
        results=tuple(got.results),
    )


def _appointments(user: User, day: dt.date, zone: dt.tzinfo, *, mine: bool) -> QuerySet[Appointment]:
    span = slots.day_span(day, zone)
    last = Visit.objects.filter(patient=OuterRef("patient"), state__in=_SIGNED, date__lte=day)
    reviews = Course.objects.filter(
        patient=OuterRef("patient"), ended_on=None, in_error=False, review_on__lte=day
    )
    found = Appointment.objects.filter(start__gte=span.start, start__lt=span.end).exclude(
        status=Status.CANCELED
    )
    if mine:
        found = found.filter(clinician=user)
    return (
        found.select_related("patient", "type", "clinician")
        .annotate(
            last_visit=Subquery(last.order_by("-number").values("pk")[:1]),
            review_on=Subquery(
                reviews.order_by().values("patient").annotate(at=Min("review_on")).values("at")
            ),
        )
        .order_by("start", "clinician__name", "pk")
    )


def _read(user: User, appointments: Sequence[Appointment], day: dt.date, *, mine: bool) -> _Gathered:
    """Everything the rows say of their patients' charts, and what waits for this person."""
    closed = closed_to(user, (one.patient for one in appointments))
    open_ = [one for one in appointments if one.patient_id not in closed]
    patients = {one.patient_id for one in open_}
    last_keys = {pk for one in open_ if (pk := one.last_visit) is not None}  # type: ignore[attr-defined]
    got = _Gathered(closed=closed)
    got.all_visits = _visits(user, [one.pk for one in open_], last_keys)
    for visit in got.all_visits:
        if visit.appointment is not None:
            got.visits[visit.appointment] = visit
        if visit.pk in last_keys:
            got.last[visit.patient] = visit
    for order in _orders(user, patients, mine=mine):
        if order.patient_id in patients:
            got.orders[order.patient_id].append(order)
        if order.state == Order.State.RESULT and (not mine or order.ordered_by_id == user.pk):
            got.results.append(order)
    shut = closed | closed_to(user, (order.patient for order in got.results))
    got.results = [order for order in got.results if order.patient_id not in shut]
    got.judged = _judge(open_, last_keys, day)
    return got


def _visits(user: User, appointments: Iterable[int], last: Iterable[int]) -> list[Seen]:
    """The visits of the appointments, those signed last, and what waits for a signature of this person."""
    wanted = Q(appointment__in=list(appointments)) | Q(pk__in=list(last))
    if user.may(Permission.VISIT_COSIGN):
        wanted |= Q(state=State.AWAITING)
    if user.may(Permission.VISIT_SIGN):
        wanted |= Q(state=State.DRAFT, clinician=user)
    found = Visit.objects.filter(wanted).exclude(state=State.ABANDONED).select_related("patient", "clinician")
    columns = ("pk", "uid", "patient_id", "number", "state", "date", "appointment_id", "clinician_id")
    names = ("clinician__name", "patient__called", "patient__given_names", "patient__family_name")
    rows = found.order_by("date", "pk").values_list(*columns, *names, "signed__signed_at", "saved_at")
    return [
        Seen(
            pk,
            str(uid),
            patient,
            number,
            state,
            date,
            appointment,
            clinician,
            name,
            f"{called or given} {family}",
            *at,
        )
        for pk, uid, patient, number, state, date, appointment, clinician, name, called, given, family, *at in rows
    ]


def _orders(user: User, patients: Iterable[int], *, mine: bool) -> Iterable[Order]:
    """Results nobody read, and orders that hold treatment: of these patients, and those this person waits for."""
    waits = Q(state=Order.State.RESULT) | Q(state=Order.State.ORDERED, holds=True)
    whose = Q(patient__in=list(patients))
    whose |= Q(state=Order.State.RESULT, ordered_by=user) if mine else Q(state=Order.State.RESULT)
    return (
        Order.objects.filter(waits & whose)
        .select_related("patient")
        .defer("result")
        .order_by("ordered_at", "pk")
    )


def _judge(appointments: Sequence[Appointment], last: Iterable[int], day: dt.date) -> dict[int, Judged]:
    patients = {one.patient_id: one for one in appointments}
    entries = entries_of(patients)
    treated: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = VisitRegion.objects.filter(visit__in=list(last)).exclude(techniques="").order_by("pk")
    for visit, region, techniques in rows.values_list("visit_id", "region", "techniques"):
        treated[visit].append((region, techniques))
    settings = settings_of()
    return {
        pk: judged(
            one.patient.birth_date,
            one.patient.sex,
            entries.get(pk, ()),
            tuple(treated.get(one.last_visit, ())),  # type: ignore[attr-defined]
            settings,
            day,
        )
        for pk, one in patients.items()
    }


def _row(one: Appointment, day: dt.date, got: _Gathered, *, reads: bool, now: bool) -> Row:
    patient = one.patient
    age = age_and_sex(patient.birth_date, patient.sex, day)
    closed = one.patient_id in got.closed
    if not reads or closed:
        return Row(one, age, "", "", now=now, closed=closed)
    visit, last, facts = got.visits.get(one.pk), got.last.get(one.patient_id), got.judged[one.patient_id]
    notes = sorted(
        [*_notes(one, visit, facts.dangers, got.orders.get(one.patient_id, ())), *_before(visit, last)],
        key=lambda note: _RANKS.index(note.kind),
    )
    if not notes:
        notes = [Note("ready", "Ready")]
    return Row(one, age, one.reason, _line(visit, last, facts.weeks), tuple(notes), visit, now)


def _line(visit: Seen | None, last: Seen | None, weeks: int | None) -> str:
    """`Visit 4, 24 wk pregnant`; `First visit`."""
    number = visit.number if visit else last.number + 1 if last else 1
    words = "First visit" if number == 1 else f"Visit {number}"
    return f"{words}, {weeks} wk pregnant" if weeks is not None else words


def _notes(
    one: Appointment, visit: Seen | None, dangers: Iterable[Danger], orders: Iterable[Order]
) -> Iterator[Note]:
    """Everything not ready about a row. What was signed is past: its dangers are in the visit."""
    if visit is not None and visit.state in _SIGNED:
        yield from _signed(visit)
    else:
        yield from (Note(danger.level, danger.words, danger.why) for danger in dangers)
        yield from (_held(order) for order in orders if order.holds)
        if visit is not None:
            yield Note("draft", "Draft, not signed", f"Saved {_clock(visit.saved_at)}")
        if one.review_on is not None:  # type: ignore[attr-defined]
            yield Note("review", "Course review due", f"Planned for {_day(one.review_on)}")  # type: ignore[attr-defined]
    yield from (
        Note("result", "Result to read", order.text)
        for order in orders
        if order.state == Order.State.RESULT and not order.holds
    )


def _before(visit: Seen | None, last: Seen | None) -> Iterator[Note]:
    """The last visit, where nobody co-signed it yet and it is not this one."""
    if last is not None and last.state == State.AWAITING and (visit is None or visit.pk != last.pk):
        words = f"Visit {last.number} awaits co-signature"
        yield Note("cosign", words, f"{_day(last.date)}, {last.clinician_name}")


def _held(order: Order) -> Note:
    came = order.state == Order.State.RESULT
    return Note("hold", "Hold: read the result first" if came else "Hold: waits for a result", order.text)


def _signed(visit: Seen) -> Iterator[Note]:
    at = f" {_clock(visit.signed_at)}" if visit.signed_at else ""
    if visit.state == State.AWAITING:
        yield Note("cosign", "Awaiting co-signature", f"Signed{at} by {visit.clinician_name}")
    else:
        yield Note("signed", f"Signed{at}")


def _to_cosign(user: User, visits: Iterable[Seen]) -> Iterator[Seen]:
    if user.may(Permission.VISIT_COSIGN):
        yield from (one for one in visits if one.state == State.AWAITING and one.clinician != user.pk)


def _to_sign(user: User, visits: Iterable[Seen], day: dt.date) -> Iterator[Seen]:
    """Drafts of earlier days. Those of this day stand in their rows."""
    return (one for one in visits if one.state == State.DRAFT and one.clinician == user.pk and one.date < day)


def _current(appointments: Sequence[Appointment], now: dt.datetime) -> Appointment | None:
    """Whose turn it is: who is with the clinician, else whose time it is."""
    inside = [one for one in appointments if one.status == Status.WITH_CLINICIAN and one.start <= now]
    due = [
        one for one in appointments if one.start <= now < one.end and one.status not in (Status.DONE, *FREED)
    ]
    return next(iter([*inside, *due]), None)


def _with_gaps(
    user: User, rows: Sequence[Row], day: dt.date, now: dt.datetime, zone: dt.tzinfo
) -> Iterator[Row | Gap]:
    """The rows of one clinician's day, with absences and free stretches between them."""
    whole = slots.day_span(day, zone)
    away = list(Absence.objects.filter(clinician=user, start__lt=whole.end, end__gt=whole.start))
    hours = [
        slots.Hours(row.weekday, row.start, row.end, row.location_id)
        for row in WorkingHours.objects.filter(clinician=user, weekday=day.weekday())
    ]
    taken = [slots.Span(row.appointment.start, row.appointment.end) for row in rows if row.appointment.stands]
    busy = [*taken, *(slots.Span(one.start, one.end) for one in away)]
    found: list[tuple[dt.datetime, Row | Gap]] = [(row.appointment.start, row) for row in rows]
    for one in away:
        start, end = max(one.start, whole.start), min(one.end, whole.end)
        found.append((start, Gap(f"{_clock(start)} to {_clock(end)}, {one.words or 'away'}")))
    for opening in slots.open_spans(hours, day, zone):
        for gap in slots.gaps(opening.span, busy):
            if gap.end > now and rows:
                found.append((gap.start, Gap(f"{_clock(gap.start)} to {_clock(gap.end)}, free")))
    return (line for _, line in sorted(found, key=lambda pair: pair[0]))


def _clock(moment: dt.datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.hour}:{local:%M}"


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b}"
