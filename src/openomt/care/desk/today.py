"""The day: its patients in order with what is not ready, and the people who need an answer; in a few queries.

A row is a value: everything it shows, and nothing else, so that its HTML can be kept (`booking.cached_html`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BooleanField, Case, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from openomt.care.accounts.access import Permission
from openomt.care.accounts.models import User
from openomt.care.accounts.prepared import Joined, Prepared, plans_kept
from openomt.care.booking import slots
from openomt.care.booking.models import FREED, Absence, Appointment, WorkingHours
from openomt.care.booking.privacy import closed_to
from openomt.care.booking.templatetags.booking import SHAPES, following, state_words
from openomt.care.desk.today_safety import Danger, Judged, entries_of, judged
from openomt.care.followup.inbox import Waiting, age_and_sex, open_tasks, waiting
from openomt.care.followup.models import Task
from openomt.care.intake.models import Intake
from openomt.care.patients.models import Course, Patient
from openomt.care.times import spoken_time
from openomt.care.visits.models import Order, Visit, VisitRegion
from openomt.care.visits.rule_settings import settings_of

Status = Appointment.Status
State = Visit.State
TASKS_SHOWN = 8
_SIGNED = (State.SIGNED, State.AWAITING)
_KINDS = {
    "stop": ("stop", "d"),
    "absolute": ("avoid", "d"),
    "hold": ("caution", "c"),
    "result": ("open", "c"),
    "draft": ("open", ""),
    "cosign": ("open", ""),
    "review": ("diamond", ""),
    "intake": ("open", ""),
    "signed": ("check", "ok"),
    "ready": ("check", "ok"),
}
"""What a row may say, worst first: its shape and its tone (danger, caution, quiet)."""
_RANKS = tuple(_KINDS)
_QUIET = ("draft", "intake", "signed", "ready")


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that is not ready, or that all is. `kind` is one of `_KINDS`."""

    kind: str
    words: str
    detail: str = ""

    @property
    def shape(self) -> str:
        return _KINDS[self.kind][0]

    @property
    def tone(self) -> str:
        return _KINDS[self.kind][1]


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment of the day with what is read of patient, type and clinician, and the key of the last visit.

    intake  whether the open intake was begun; None: none is open
    """

    pk: int
    uid: uuid.UUID
    start: dt.datetime
    end: dt.datetime
    status: str
    status_at: dt.datetime
    room: str
    reason: str
    patient: int
    patient_uid: uuid.UUID
    called: str
    given: str
    family: str
    born: dt.date
    sex: str
    restricted: bool
    type: str
    clinician: int
    clinician_name: str
    last_visit: int | None
    review_on: dt.date | None
    intake: bool | None

    @property
    def name(self) -> str:
        return f"{self.called or self.given} {self.family}"

    @property
    def stands(self) -> bool:
        return self.status not in FREED


_COLUMNS = (
    "pk", "uid", "start", "end", "status", "status_at", "room", "reason", "patient_id", "patient__uid",
    "patient__called", "patient__given_names", "patient__family_name", "patient__birth_date", "patient__sex",
    "patient__restricted", "type__name", "clinician_id", "clinician__name", "last_visit", "review_on",
    "intake",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """A visit as the day needs it."""

    pk: int
    uid: uuid.UUID
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
class Waits:
    """An order that somebody waits for: its result is to be read, or it holds the treatment."""

    uid: uuid.UUID
    text: str
    state: str
    holds: bool
    ordered_by: int
    patient: int
    patient_name: str
    restricted: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One appointment of the day. `notes` are empty where this person reads no charts; `closed`: restricted.

    status, shape, state   the state of the appointment, its shape and its words
    steps                  the steps that may follow, with their words
    """

    uid: str
    patient_uid: str
    name: str
    time: str
    age: str
    type: str
    clinician: str
    status: str
    shape: str
    state: str
    steps: tuple[tuple[str, str], ...]
    now: bool
    closed: bool
    reason: str = ""
    line: str = ""
    notes: tuple[Note, ...] = ()
    visit: str = ""
    visit_state: str = ""

    @property
    def over(self) -> bool:
        """Whether nothing more happens: it is quiet on the page."""
        return self.status in (Status.DONE, *FREED)

    @property
    def comes(self) -> bool:
        return self.status not in FREED

    @property
    def wants_a_look(self) -> bool:
        return any(note.kind not in _QUIET for note in self.notes)


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch between rows in which the clinician is away or free."""

    words: str


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
    results: tuple[Waits, ...] = ()

    @property
    def rows(self) -> list[Row]:
        return [one for one in self.lines if isinstance(one, Row)]

    @property
    def coming(self) -> int:
        return sum(row.comes for row in self.rows)

    @property
    def looks(self) -> int:
        return sum(row.wants_a_look for row in self.rows)


@dataclass
class _Gathered:
    """What was read for all rows at once, by the key of the appointment or the patient."""

    closed: frozenset[int] = frozenset()
    all_visits: list[Seen] = field(default_factory=list)
    visits: dict[int, Seen] = field(default_factory=dict)
    last: dict[int, Seen] = field(default_factory=dict)
    orders: dict[int, list[Waits]] = field(default_factory=lambda: defaultdict(list))
    results: list[Waits] = field(default_factory=list)
    judged: dict[int, Judged] = field(default_factory=dict)


def gather(user: User, day: dt.date, *, mine: bool, now: dt.datetime, zone: dt.tzinfo) -> Day:
    """The day as this person may see it. The number of queries does not depend on the number of patients."""
    with plans_kept():
        return _gather(user, day, mine, now, zone)


def _gather(user: User, day: dt.date, mine: bool, now: dt.datetime, zone: dt.tzinfo) -> Day:
    booked = _booked(user, day, zone, mine=mine)
    reads = user.may(Permission.CHART_READ)
    got = _read(user, booked, day, mine=mine) if reads else _Gathered()
    current = _current(booked, now)
    rows = [(one, _row(one, day, got, reads=reads, now=one is current)) for one in booked]
    tasks = waiting(user, _tasks.rows(), now, zone) if user.may(Permission.TASK_WRITE) else []
    return Day(
        day=day,
        mine=mine,
        lines=tuple(_with_gaps(user, rows, day, now, zone) if mine else (row for _, row in rows)),
        tasks=tuple(tasks[:TASKS_SHOWN]),
        more_tasks=len(tasks) > TASKS_SHOWN,
        to_cosign=tuple(_to_cosign(user, got.all_visits)),
        to_sign=tuple(_to_sign(user, got.all_visits, day)),
        results=tuple(got.results),
    )


_tasks = Joined(Task, {"patient": Patient, "owner": User}, lambda: open_tasks()[: TASKS_SHOWN + 1])


def _booked(user: User, day: dt.date, zone: dt.tzinfo, *, mine: bool) -> list[Booked]:
    span = slots.day_span(day, zone)
    return [Booked(*row) for row in _appointments.rows(span.start, span.end, day, user.pk, mine)]


@Prepared
def _appointments(
    start: dt.datetime, end: dt.datetime, day: dt.date, user: int, mine: bool
) -> QuerySet[Appointment, Any]:
    last = Visit.objects.filter(patient=OuterRef("patient"), state__in=_SIGNED, date__lte=day)
    reviews = Course.objects.filter(
        patient=OuterRef("patient"), ended_on=None, in_error=False, review_on__lte=day
    )
    begun = Case(When(started_at=None, then=Value(False)), default=Value(True), output_field=BooleanField())
    intakes = Intake.objects.filter(
        Q(appointment=None) | Q(appointment__start__lte=OuterRef("start")),
        patient=OuterRef("patient"),
        state=Intake.State.OPEN,
    )
    found = Appointment.objects.filter(start__gte=start, start__lt=end)
    if mine:
        found = found.filter(clinician=user)
    rows = (
        found.exclude(status=Status.CANCELED)
        .annotate(
            last_visit=Subquery(last.order_by("-number").values("pk")[:1]),
            review_on=Subquery(
                reviews.order_by().values("patient").annotate(at=Min("review_on")).values("at")
            ),
            intake=Subquery(intakes.order_by("pk").annotate(begun=begun).values("begun")[:1]),
        )
        .order_by("start", "clinician__name", "pk")
    )
    return rows.values_list(*_COLUMNS)


def _read(user: User, booked: Sequence[Booked], day: dt.date, *, mine: bool) -> _Gathered:
    """Everything the rows say of their patients' charts, and what waits for this person."""
    closed = closed_to(user, ((one.patient, one.restricted) for one in booked))
    open_ = [one for one in booked if one.patient not in closed]
    patients = {one.patient for one in open_}
    last = {one.last_visit for one in open_ if one.last_visit is not None}
    got = _Gathered(closed=closed, all_visits=_visits(user, [one.pk for one in open_], last))
    for visit in got.all_visits:
        if visit.appointment is not None:
            got.visits[visit.appointment] = visit
        if visit.pk in last:
            got.last[visit.patient] = visit
    for order in _orders(user, patients, mine=mine):
        if order.patient in patients:
            got.orders[order.patient].append(order)
        if order.state == Order.State.RESULT and (not mine or order.ordered_by == user.pk):
            got.results.append(order)
    shut = closed | closed_to(user, ((one.patient, one.restricted) for one in got.results))
    got.results = [order for order in got.results if order.patient not in shut]
    got.judged = _judge(open_, last, day)
    return got


def _visits(user: User, appointments: Collection[int], last: Collection[int]) -> list[Seen]:
    """The visits of the appointments, those signed last, and what waits for a signature of this person."""
    cosigns, signs = user.may(Permission.VISIT_COSIGN), user.may(Permission.VISIT_SIGN)
    rows = _seen.rows(list(appointments), list(last), user.pk, cosigns, signs)
    return [
        Seen(
            pk, uid, patient, number, state, at, appointment, who, name, f"{called or given} {family}", *when
        )
        for pk, uid, patient, number, state, at, appointment, who, name, called, given, family, *when in rows
    ]


@Prepared
def _seen(
    appointments: list[int], last: list[int], user: int, cosigns: bool, signs: bool
) -> QuerySet[Visit, Any]:
    wanted = Q(appointment__in=appointments) | Q(pk__in=last)
    if cosigns:
        wanted |= Q(state=State.AWAITING)
    if signs:
        wanted |= Q(state=State.DRAFT, clinician=user)
    columns = ("pk", "uid", "patient_id", "number", "state", "date", "appointment_id", "clinician_id")
    names = ("clinician__name", "patient__called", "patient__given_names", "patient__family_name")
    found = Visit.objects.filter(wanted).exclude(state=State.ABANDONED).order_by("date", "pk")
    return found.values_list(*columns, *names, "signed__signed_at", "saved_at")


def _orders(user: User, patients: Collection[int], *, mine: bool) -> list[Waits]:
    """Results nobody read, and orders that hold treatment: of these patients, and those this person waits for."""
    return [
        Waits(uid, text, state, holds, by, patient, f"{called or given} {family}", restricted)
        for uid, text, state, holds, by, patient, restricted, called, given, family in _waiting_orders.rows(
            list(patients), user.pk, mine
        )
    ]


@Prepared
def _waiting_orders(patients: list[int], user: int, mine: bool) -> QuerySet[Order, Any]:
    waits = Q(state=Order.State.RESULT) | Q(state=Order.State.ORDERED, holds=True)
    whose = Q(patient__in=patients)
    whose |= Q(state=Order.State.RESULT, ordered_by=user) if mine else Q(state=Order.State.RESULT)
    columns = ("uid", "text", "state", "holds", "ordered_by_id", "patient_id", "patient__restricted")
    names = ("patient__called", "patient__given_names", "patient__family_name")
    found = Order.objects.filter(waits & whose).order_by("ordered_at", "pk")
    return found.values_list(*columns, *names)


def _judge(booked: Sequence[Booked], last: Collection[int], day: dt.date) -> dict[int, Judged]:
    patients = {one.patient: one for one in booked}
    entries = entries_of(patients)
    treated: dict[int | None, list[tuple[str, str]]] = defaultdict(list)
    for visit, region, techniques in _treated.rows(list(last)):
        treated[visit].append((region, techniques))
    settings = settings_of()
    return {
        pk: judged(
            one.born, one.sex, entries.get(pk, ()), tuple(treated.get(one.last_visit, ())), settings, day
        )
        for pk, one in patients.items()
    }


@Prepared
def _treated(visits: list[int]) -> QuerySet[VisitRegion, Any]:
    rows = VisitRegion.objects.filter(visit__in=visits).exclude(techniques="").order_by("pk")
    return rows.values_list("visit_id", "region", "techniques")


def _row(one: Booked, day: dt.date, got: _Gathered, *, reads: bool, now: bool) -> Row:
    visit = got.visits.get(one.pk)
    closed = one.patient in got.closed
    chart = {} if closed or not reads else _of_chart(one, visit, got)
    return Row(
        uid=str(one.uid),
        patient_uid=str(one.patient_uid),
        name=one.name,
        time=_clock(one.start),
        age=age_and_sex(one.born, one.sex, day),
        type=one.type,
        clinician=one.clinician_name,
        status=one.status,
        shape=SHAPES[Status(one.status)],
        state=state_words(one.status, one.room, one.status_at),
        steps=following(one.status),
        now=now,
        closed=closed,
        **chart,  # type: ignore[arg-type]
    )


def _of_chart(one: Booked, visit: Seen | None, got: _Gathered) -> dict[str, object]:
    """What a row says of the chart."""
    last, facts = got.last.get(one.patient), got.judged[one.patient]
    notes = [
        *_notes(one, visit, facts.dangers, got.orders.get(one.patient, ())),
        *_before(visit, last),
    ]
    notes.sort(key=lambda note: _RANKS.index(note.kind))
    return {
        "reason": one.reason,
        "line": _line(visit, last, facts.weeks),
        "notes": tuple(notes) or (Note("ready", "Ready"),),
        "visit": str(visit.uid) if visit else "",
        "visit_state": visit.state if visit else "",
    }


def _line(visit: Seen | None, last: Seen | None, weeks: int | None) -> str:
    """`Visit 4, 24 wk pregnant`; `First visit`."""
    number = visit.number if visit else last.number + 1 if last else 1
    words = "First visit" if number == 1 else f"Visit {number}"
    return f"{words}, {weeks} wk pregnant" if weeks is not None else words


def _notes(
    one: Booked, visit: Seen | None, dangers: Iterable[Danger], orders: Collection[Waits]
) -> Iterator[Note]:
    """Everything not ready about a row. What was signed is past: its dangers are in the visit."""
    if visit is not None and visit.state in _SIGNED:
        yield _signed(visit)
    else:
        yield from (Note(danger.level, danger.words, danger.why) for danger in dangers)
        yield from (_held(order) for order in orders if order.holds)
        if visit is not None:
            yield Note("draft", "Draft, not signed", f"Saved {_clock(visit.saved_at)}")
        if one.review_on is not None:
            yield Note("review", "Course review due", f"Planned for {_day(one.review_on)}")
        if one.intake is not None:
            yield Note("intake", "Intake not done", "Begun, not sent" if one.intake else "Not begun")
    for order in orders:
        if order.state == Order.State.RESULT and not order.holds:
            yield Note("result", "Result to read", order.text)


def _before(visit: Seen | None, last: Seen | None) -> Iterator[Note]:
    """The last visit, where nobody co-signed it yet and it is not this one."""
    if last is not None and last.state == State.AWAITING and (visit is None or visit.pk != last.pk):
        words = f"Visit {last.number} awaits co-signature"
        yield Note("cosign", words, f"{_day(last.date)}, {last.clinician_name}")


def _held(order: Waits) -> Note:
    came = order.state == Order.State.RESULT
    return Note("hold", "Hold: read the result first" if came else "Hold: waits for a result", order.text)


def _signed(visit: Seen) -> Note:
    at = f" {_clock(visit.signed_at)}" if visit.signed_at else ""
    if visit.state == State.AWAITING:
        return Note("cosign", "Awaiting co-signature", f"Signed{at} by {visit.clinician_name}")
    return Note("signed", f"Signed{at}")


def _to_cosign(user: User, visits: Iterable[Seen]) -> Iterator[Seen]:
    if user.may(Permission.VISIT_COSIGN):
        yield from (one for one in visits if one.state == State.AWAITING and one.clinician != user.pk)


def _to_sign(user: User, visits: Iterable[Seen], day: dt.date) -> Iterator[Seen]:
    """Drafts of earlier days. Those of this day stand in their rows."""
    return (one for one in visits if one.state == State.DRAFT and one.clinician == user.pk and one.date < day)


def _current(booked: Sequence[Booked], now: dt.datetime) -> Booked | None:
    """Whose turn it is: who is with the clinician, else whose time it is."""
    inside = [one for one in booked if one.status == Status.WITH_CLINICIAN and one.start <= now]
    open_ = (one for one in booked if one.stands and one.status != Status.DONE)
    return next(iter([*inside, *(one for one in open_ if one.start <= now < one.end)]), None)


def _with_gaps(
    user: User, rows: Sequence[tuple[Booked, Row]], day: dt.date, now: dt.datetime, zone: dt.tzinfo
) -> Iterator[Row | Gap]:
    """The rows of one clinician's day, with absences and free stretches between them."""
    whole = slots.day_span(day, zone)
    away = [
        (slots.Span(start, end), words) for start, end, words in _away.rows(user.pk, whole.start, whole.end)
    ]
    hours = [slots.Hours(*row) for row in _hours.rows(user.pk, day.weekday())]
    busy = [slots.Span(one.start, one.end) for one, _ in rows if one.stands]
    busy += [span for span, _ in away]
    found: list[tuple[dt.datetime, Row | Gap]] = [(one.start, row) for one, row in rows]
    for span, words in away:
        start, end = max(span.start, whole.start), min(span.end, whole.end)
        found.append((start, Gap(f"{_clock(start)} to {_clock(end)}, {words or 'away'}")))
    for opening in slots.open_spans(hours, day, zone):
        for gap in slots.gaps(opening.span, busy):
            if gap.end > now and rows:
                found.append((gap.start, Gap(f"{_clock(gap.start)} to {_clock(gap.end)}, free")))
    return (line for _, line in sorted(found, key=lambda pair: pair[0]))


@Prepared
def _away(user: int, start: dt.datetime, end: dt.datetime) -> QuerySet[Absence, Any]:
    found = Absence.objects.filter(clinician=user, start__lt=end, end__gt=start)
    return found.order_by("start", "pk").values_list("start", "end", "words")


@Prepared
def _hours(user: int, weekday: int) -> QuerySet[WorkingHours, Any]:
    found = WorkingHours.objects.filter(clinician=user, weekday=weekday)
    return found.values_list("weekday", "start", "end", "location_id")


def _clock(moment: dt.datetime) -> str:
    return spoken_time(timezone.localtime(moment))


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b}"
