"""Two people at two desks: one books, the other is told. On SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
import zoneinfo
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection

from openomt.care import testing
from openomt.care.accounts import audit
from openomt.care.accounts.access import Role
from openomt.care.booking import services, slots
from openomt.care.booking.models import Appointment, WorkingHours
from openomt.care.booking.services import BookingError

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = dt.date(2035, 11, 26)
AT_ONCE = 6


def when(clock: str) -> dt.datetime:
    return slots.at(MONDAY, dt.time.fromisoformat(clock), zoneinfo.ZoneInfo("America/New_York"))


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act answered or raised, when all begin together, each with its own connection."""
    gate = threading.Barrier(len(acts))
    answers: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        gate.wait(timeout=20)
        try:
            answers[place] = act()
        except Exception as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


def overlaps() -> int:
    rows = list(
        Appointment.objects.exclude(status__in=["canceled", "no_show"]).order_by("clinician", "start")
    )
    return sum(
        one.clinician_id == other.clinician_id and other.start < one.end
        for one, other in itertools.pairwise(rows)
    )


def test_of_many_bookings_of_one_time_one_is_made() -> None:
    desk, doctor, place, kind = (
        testing.member(Role.FRONT_DESK),
        testing.member(Role.PHYSICIAN),
        testing.location(),
        testing.appointment_type(),
    )
    WorkingHours.objects.create(
        clinician=doctor, location=place, weekday=0, start=dt.time(8), end=dt.time(17)
    )
    patients = [testing.patient() for _ in range(AT_ONCE)]
    starts = [when(clock) for clock in ("09:00", "09:15", "09:00", "08:45", "09:20", "09:00")]
    answers = at_once(
        *(
            partial(services.book, desk, patient, doctor, place, kind, start)
            for patient, start in zip(patients, starts, strict=True)
        )
    )
    made = [one for one in answers if isinstance(one, Appointment)]
    refused = [one for one in answers if isinstance(one, BookingError)]
    assert len(made) in (1, 2)  # 8:45 and 9:15 or 9:20 stand side by side
    assert len(made) + len(refused) == AT_ONCE, answers
    assert overlaps() == 0
    assert Appointment.objects.count() == len(made)
    assert audit.verify()[1] == []


def test_two_moves_and_a_booking_do_not_meet_at_one_time_nor_wait_for_ever() -> None:
    desk, place, kind = testing.member(Role.FRONT_DESK), testing.location(), testing.appointment_type()
    doctors = [testing.member(Role.PHYSICIAN) for _ in range(2)]
    for doctor in doctors:
        WorkingHours.objects.create(
            clinician=doctor, location=place, weekday=0, start=dt.time(8), end=dt.time(17)
        )
    one = testing.appointment(clinician=doctors[0], start=when("08:00"))
    other = testing.appointment(clinician=doctors[1], start=when("08:00"))
    patient = testing.patient()
    for clock in ("10:00", "10:30", "11:00", "11:30"):
        acts = (
            # each moves to the other's clinician: locks taken in two orders would wait for each other
            partial(services.move, desk, one, doctors[1], place, when(clock), override="x"),
            partial(services.move, desk, other, doctors[0], place, when(clock), override="x"),
            partial(services.book, desk, patient, doctors[1], place, kind, when(clock), override="x"),
        )
        answers = at_once(*acts)
        assert all(isinstance(answer, Appointment | BookingError) for answer in answers), answers
        assert overlaps() == 0
        one, other = other, one


def test_a_time_freed_and_asked_back_at_once_is_held_by_one() -> None:
    desk, doctor, place, kind = (
        testing.member(Role.FRONT_DESK),
        testing.member(Role.PHYSICIAN),
        testing.location(),
        testing.appointment_type(),
    )
    WorkingHours.objects.create(
        clinician=doctor, location=place, weekday=0, start=dt.time(8), end=dt.time(17)
    )
    first = services.book(desk, testing.patient(), doctor, place, kind, when("09:00"))
    services.cancel(desk, first, "ill")
    patient = testing.patient()
    answers = at_once(
        lambda: services.undo(desk, first),
        lambda: services.book(desk, patient, doctor, place, kind, when("09:00")),
    )
    assert sum(isinstance(answer, BookingError) for answer in answers) == 1, answers
    assert overlaps() == 0


def test_a_step_by_two_people_is_one_step() -> None:
    desk, first = testing.member(Role.FRONT_DESK), testing.appointment(start=when("09:00"))
    answers = at_once(*(lambda: services.set_status(desk, first, "arrived") for _ in range(4)))
    assert all(isinstance(answer, Appointment) for answer in answers), answers
    first.refresh_from_db()
    assert (first.status, first.before) == ("arrived", "booked")
