"""What patients may book themselves: the practice's rules, applied to its clinicians' free times. It only reads."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils import timezone

from openomt.care.accounts.models import Location, User
from openomt.care.booking import diary, slots
from openomt.care.booking.models import Appointment, AppointmentType, BookingRules, WorkingHours

NEAREST = 6
_LOOK_FOR_NEAREST = 14
_KINDS = (
    AppointmentType.Kind.CONSULTATION,
    AppointmentType.Kind.NEW,
    AppointmentType.Kind.FOLLOW_UP,
)


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A free time with somebody, somewhere."""

    start: dt.datetime
    end: dt.datetime
    clinician: User = field(compare=False)
    location: Location = field(compare=False)

    @property
    def key(self) -> str:
        """As forms and addresses carry it."""
        return f"{slots.stamp(self.start)}.{self.clinician.uid.hex}.{self.location.uid.hex}"

    @property
    def span(self) -> slots.Span:
        return slots.Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for: how long, with whom (None: anybody), where (None: anywhere)."""

    minutes: int
    clinician: User | None = None
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A location as the public sees it: the hours in which somebody is there, by weekday."""

    location: Location
    week: tuple[tuple[int, tuple[tuple[dt.time, dt.time], ...]], ...]

    @property
    def address(self) -> str:
        one = self.location
        town = " ".join(filter(None, (one.city and f"{one.city},", one.state, one.postal_code)))
        return ", ".join(filter(None, (one.street, town.rstrip(","))))


def types() -> list[AppointmentType]:
    """What patients may book, in the order of a course."""
    rows = AppointmentType.objects.filter(is_active=True, online=True)
    return sorted(rows, key=lambda one: (_KINDS.index(AppointmentType.Kind(one.kind)), one.minutes, one.name))


def locations() -> QuerySet[Location]:
    return Location.objects.filter(is_active=True).order_by("name")


def places() -> list[Place]:
    """Where patients are seen, and when."""
    rows: dict[int, dict[int, list[tuple[dt.time, dt.time]]]] = defaultdict(lambda: defaultdict(list))
    keys = [one.pk for one in diary.clinicians()]
    for row in WorkingHours.objects.filter(clinician__in=keys):
        rows[row.location_id][row.weekday].append((row.start, row.end))
    return [
        Place(one, tuple((day, tuple(_joined(spans))) for day, spans in sorted(rows[one.pk].items())))
        for one in locations()
    ]


def _joined(spans: Iterable[tuple[dt.time, dt.time]]) -> Iterator[tuple[dt.time, dt.time]]:
    """Hours of several people as the hours of the place."""
    open_: tuple[dt.time, dt.time] | None = None
    for start, end in sorted(spans):
        if open_ is not None and start <= open_[1]:
            open_ = (open_[0], max(open_[1], end))
            continue
        if open_ is not None:
            yield open_
        open_ = (start, end)
    if open_ is not None:
        yield open_


def last_day(rules: BookingRules) -> dt.date:
    return _today() + dt.timedelta(days=rules.ahead_days)


def free(wanted: Wanted, first: dt.date, last: dt.date, rules: BookingRules) -> list[Slot]:
    """Times that can be booked online from one day to another, in order; of equal ones one."""
    first, last = max(first, _today()), min(last, last_day(rules))
    if first > last:
        return []
    people = {one.pk: one for one in diary.clinicians() if wanted.clinician in (None, one)}
    open_ = {one.pk: one for one in locations() if wanted.location in (None, one)}
    held = diary.read(list(people), first, last, diary.practice_zone())
    soonest = timezone.now() + dt.timedelta(hours=rules.min_notice_hours)
    found: dict[tuple[dt.datetime, int], Slot] = {}
    for key, person in people.items():
        for one in held.free(key, wanted.minutes, not_before=soonest):
            if one.location in open_:
                slot = Slot(one.span.start, one.span.end, person, open_[one.location])
                found.setdefault((slot.start, one.location), slot)
    return sorted(found.values())


def find(key: str, minutes: int, rules: BookingRules) -> tuple[Slot | None, Wanted, dt.datetime | None]:
    """The free time that a form names; what it asked for, where it is not free any more."""
    nothing = Wanted(minutes)
    stamp, _, rest = key.partition(".")
    who, _, where = rest.partition(".")
    try:
        start = dt.datetime.strptime(stamp, "%Y%m%dT%H%MZ").replace(tzinfo=dt.UTC)
    except ValueError:
        return None, nothing, None
    clinician = next((one for one in diary.clinicians() if one.uid.hex == who), None)
    location = next((one for one in locations() if one.uid.hex == where), None)
    if clinician is None or location is None:
        return None, nothing, start
    wanted = Wanted(minutes, clinician, location)
    day = start.astimezone(diary.practice_zone()).date()
    return next((one for one in free(wanted, day, day, rules) if one.start == start), None), wanted, start


def nearest(wanted: Wanted, start: dt.datetime | None, rules: BookingRules) -> list[Slot]:
    """The free times nearest to one that is gone: with the same person and place, or else with anybody."""
    around = start or timezone.now()
    first = around.astimezone(diary.practice_zone()).date() - dt.timedelta(days=2)
    last = first + dt.timedelta(days=_LOOK_FOR_NEAREST + 2)
    found = free(wanted, first, last, rules) or free(Wanted(wanted.minutes), first, last, rules)
    close = sorted(found, key=lambda one: abs(one.start - around))[:NEAREST]
    return sorted(close)


def by_day(found: Iterable[Slot]) -> list[tuple[dt.date, list[Slot]]]:
    zone = diary.practice_zone()
    days = itertools.groupby(found, lambda one: one.start.astimezone(zone).date())
    return [(day, list(one)) for day, one in days]


def may_change(appointment: Appointment, rules: BookingRules) -> bool:
    """Whether the patient may still move or cancel it online."""
    notice = dt.timedelta(hours=rules.change_hours)
    return appointment.status == Appointment.Status.BOOKED and appointment.start - timezone.now() >= notice


def _today() -> dt.date:
    return timezone.now().astimezone(diary.practice_zone()).date()
