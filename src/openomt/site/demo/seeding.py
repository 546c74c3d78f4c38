"""Fills an empty database with the made-up practice, and keeps it up to the day."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

from django.db import transaction

from openomt.care.accounts.models import Location, User
from openomt.care.billing.services import register_signed
from openomt.care.booking import services as booking
from openomt.care.booking.models import FREED, Appointment, AppointmentType
from openomt.care.patients.models import Patient
from openomt.site.demo import day, history, home, people
from openomt.site.demo.clock import clock
from openomt.site.demo.diary import SLOT, Diary
from openomt.site.demo.people import Person
from openomt.site.demo.scale import Scale
from openomt.site.demo.staff import ZONE, Staff, open_practice
from openomt.site.demo.stories import STORIES, stories

_MARK = "demonstration"
_STANDING = [one for one in Appointment.Status if one not in FREED]
_AHEAD_DAYS = 14


class NotEmptyError(Exception):
    """There are accounts in the database already: nothing is put between real data."""


def today() -> dt.date:
    """The day in the practice."""
    return dt.datetime.now(zoneinfo.ZoneInfo(ZONE)).date()


def is_seeded(folder: Path) -> bool:
    """Whether the database of this data folder was filled to its end."""
    return (folder / _MARK).exists()


def mark_seeded(folder: Path) -> None:
    (folder / _MARK).touch()


def seed(today: dt.date, scale: Scale, say: Callable[[str], None] | None = None) -> int:
    """Fills an empty database; how many visits are signed. Raises NotEmptyError where somebody has an account."""
    if User.objects.exists():
        raise NotEmptyError("The database holds accounts already. The demonstration needs an empty one.")
    say = say or _say_nothing
    since = today - dt.timedelta(days=round(scale.months * 30.44))
    with clock() as now, transaction.atomic():
        now.shown = dt.datetime.combine(since - dt.timedelta(days=210), dt.time(14), tzinfo=dt.UTC)
        staff = open_practice(scale, since)
    everybody = _everybody(scale, staff, today, since)
    say(f"{len(everybody)} patients")
    signed = history.write_history(staff, everybody, today, since)
    say(f"{signed} signed visits")
    told = {one.key: one.patient for one in everybody if one.key in STORIES}
    day.documents(staff, told, today)
    home.advice(staff, told, today)
    with transaction.atomic():
        day.schedule(staff, told, today)
        _ahead(staff, everybody, today)
        day.tasks(staff, told)
        register_signed()
    say("today")
    return signed


def _say_nothing(_words: str) -> None:
    pass


def refresh(today: dt.date) -> None:
    """Today's schedule where there is none yet, and clocks that have not run out."""
    staff = _staff()
    with transaction.atomic():
        day.keep_clocks()
        told = {key: _find(key) for key in STORIES}
        if told["rosa"].appointments.filter(start__date=today, status__in=_STANDING).exists():
            return
        for one in Appointment.objects.filter(
            clinician__in=staff.physicians[:2], start__date=today, status="booked"
        ):
            booking.cancel(staff.front_desk, one, "The demonstration needs the day")
        day.schedule(staff, told, today)


def _everybody(scale: Scale, staff: Staff, today: dt.date, since: dt.date) -> list[Person]:
    told = stories(today, since, staff)
    physicians = len(staff.physicians)
    others = [
        people.somebody(number, today, since, physicians, staff.front_desk)
        for number in range(scale.patients - len(told))
    ]
    written = sum(plan.visits for one in told for plan in one.plans)
    for one, visits in zip(others, _shares(scale.visits - written - 1, len(others)), strict=True):
        people.plan_courses(one, visits, today, since)
    return [*told, *others]


def _shares(total: int, among: int) -> Sequence[int]:
    """How many visits each patient has: from few to many, in all exactly `total`."""
    weights = [1 + (number * 7919) % 11 for number in range(among)]
    whole = sum(weights)
    ends = [round(total * running / whole) for running in accumulate(weights)]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def _ahead(staff: Staff, everybody: Sequence[Person], today: dt.date) -> None:
    """The next two weeks: whoever has visits of a course still to come."""
    diary = Diary(today + dt.timedelta(days=1), today + dt.timedelta(days=_AHEAD_DAYS))
    rows = []
    for number, one in enumerate(everybody):
        running = [plan for plan in one.plans if plan.still]
        if not running:
            continue
        wished = today + dt.timedelta(days=1 + number % 10)
        start = diary.take(one.clinician, wished, 1, wished)
        if start is None:
            continue
        rows.append(
            Appointment(
                patient=one.patient,
                clinician=staff.physicians[one.clinician],
                location=staff.locations[one.clinician % 2 if one.clinician < 2 else 0],
                type=staff.types[AppointmentType.Kind.FOLLOW_UP],
                start=start,
                end=start + SLOT,
                reason=running[-1].trouble.title,
                booked_by=staff.front_desk,
            )
        )
    Appointment.objects.bulk_create(rows)


def _staff() -> Staff:
    """The staff as it is in the database."""
    by_email = {user.email: user for user in User.objects.order_by("pk")}
    return Staff(
        owner=by_email["owner@demo.test"],
        physicians=tuple(user for email, user in by_email.items() if email.startswith("physician")),
        trainee=by_email["trainee@demo.test"],
        front_desk=by_email["frontdesk@demo.test"],
        biller=by_email["biller@demo.test"],
        auditor=by_email["auditor@demo.test"],
        locations=tuple(Location.objects.order_by("pk")),
        types={one.kind: one for one in AppointmentType.objects.order_by("-pk")},
    )


def _find(key: str) -> Patient:
    given, family = STORIES[key]
    return Patient.objects.get(given_names=given, family_name=family)
