"""Booking, moving, canceling, and the way of a patient from the door to done."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, Location, User
from openomt.care.booking import diary, services, slots
from openomt.care.booking.models import Absence, Appointment, WorkingHours
from openomt.care.booking.services import BookingError, NeedsReasonError
from openomt.care.patients.models import Patient

pytestmark = pytest.mark.django_db
ZONE = zoneinfo.ZoneInfo("America/New_York")
MONDAY = dt.date(2035, 11, 26)
S = Appointment.Status


def when(clock: str, day: dt.date = MONDAY) -> dt.datetime:
    return slots.at(day, dt.time.fromisoformat(clock), ZONE)


@pytest.fixture
def desk() -> User:
    return testing.member(Role.FRONT_DESK)


@pytest.fixture
def place() -> Location:
    return testing.location()


@pytest.fixture
def doctor(place: Location) -> User:
    user = testing.member(Role.PHYSICIAN, name="Ada Example")
    WorkingHours.objects.create(clinician=user, location=place, weekday=0, start=dt.time(8), end=dt.time(17))
    return user


@pytest.fixture
def rosa() -> Patient:
    return testing.patient(given_names="Rosa", family_name="Example")


def book(desk: User, doctor: User, patient: Patient, clock: str, **more: Any) -> Appointment:
    return services.book(
        desk, patient, doctor, testing.location(), testing.appointment_type(), when(clock), **more
    )


def test_a_free_time_is_booked_for_the_length_of_its_type(desk: User, doctor: User, rosa: Patient) -> None:
    made = book(desk, doctor, rosa, "09:30", reason="Low back")
    assert (made.start, made.end) == (when("09:30"), when("10:00"))
    assert (made.status, made.reason, made.booked_by) == (S.BOOKED, "Low back", desk)


@pytest.mark.parametrize("clock", ["09:15", "09:30", "09:45"])
def test_a_clinician_is_never_booked_twice_and_the_message_names_who_is_there(
    desk: User, doctor: User, rosa: Patient, clock: str
) -> None:
    book(desk, doctor, rosa, "09:30")
    with pytest.raises(BookingError, match="Rosa Example, Mon 26 Nov, 9:30 AM to 10:00 AM, Follow-up"):
        book(desk, doctor, testing.patient(), clock, override="urgent")
    assert Appointment.objects.count() == 1


def test_one_may_begin_when_another_ends(desk: User, doctor: User, rosa: Patient) -> None:
    book(desk, doctor, rosa, "09:30")
    book(desk, doctor, testing.patient(), "10:00")
    book(desk, doctor, testing.patient(), "09:00")


def test_another_clinician_is_free_at_that_time(
    desk: User, doctor: User, rosa: Patient, place: Location
) -> None:
    book(desk, doctor, rosa, "09:30")
    other = testing.member(Role.PHYSICIAN)
    WorkingHours.objects.create(clinician=other, location=place, weekday=0, start=dt.time(8), end=dt.time(17))
    book(desk, other, testing.patient(), "09:30")


@pytest.mark.parametrize("gone", [S.CANCELED, S.NO_SHOW])
def test_who_does_not_come_frees_the_time(desk: User, doctor: User, rosa: Patient, gone: str) -> None:
    first = book(desk, doctor, rosa, "09:30")
    if gone == S.CANCELED:
        services.cancel(desk, first, "ill")
    else:
        services.set_status(desk, first, gone)
    book(desk, doctor, testing.patient(), "09:30")
    with pytest.raises(BookingError, match="booked at this time"):
        services.undo(desk, first)
    first.refresh_from_db()
    assert first.status == gone


def test_an_absence_is_no_time_to_book_and_is_named(desk: User, doctor: User, rosa: Patient) -> None:
    services.add_absence(desk, doctor, when("12:00"), when("13:00"), "lunch")
    with pytest.raises(BookingError, match=r"away Mon 26 Nov, 12:00 PM to 1:00 PM \(lunch\)"):
        book(desk, doctor, rosa, "12:45", override="it must be")


@pytest.mark.parametrize(
    ("clock", "warning"), [("07:30", "Outside the hours"), ("16:45", "Outside the hours")]
)
def test_outside_the_hours_needs_a_reason_that_is_kept(
    desk: User, doctor: User, rosa: Patient, clock: str, warning: str
) -> None:
    with pytest.raises(NeedsReasonError) as refused:
        book(desk, doctor, rosa, clock)
    assert warning in refused.value.warnings[0]
    assert "8:00 AM to 5:00 PM at Main Street" in refused.value.warnings[0]
    with pytest.raises(NeedsReasonError):
        book(desk, doctor, rosa, clock, override="   ")
    assert book(desk, doctor, rosa, clock, override="She comes from far").override == "She comes from far"
    assert AuditEvent.objects.get(action="appointment.booked").detail == {"overridden": True}


def test_hours_at_another_location_are_not_hours_here(desk: User, doctor: User, rosa: Patient) -> None:
    with pytest.raises(NeedsReasonError, match="at Main Street"):
        services.book(
            desk,
            rosa,
            doctor,
            testing.location(name="Other Street"),
            testing.appointment_type(),
            when("09:00"),
        )


def test_a_day_without_hours_says_so(desk: User, doctor: User, rosa: Patient) -> None:
    with pytest.raises(NeedsReasonError, match="has no hours on Sundays"):
        services.book(
            desk,
            rosa,
            doctor,
            testing.location(),
            testing.appointment_type(),
            when("09:00", MONDAY - dt.timedelta(days=1)),
        )


def test_a_reason_given_without_need_is_not_kept(desk: User, doctor: User, rosa: Patient) -> None:
    assert book(desk, doctor, rosa, "09:00", override="just in case").override == ""


def test_a_patient_at_two_places_is_warned_of(
    desk: User, doctor: User, rosa: Patient, place: Location
) -> None:
    book(desk, doctor, rosa, "09:30")
    other = testing.member(Role.PHYSICIAN, name="Bo Example")
    WorkingHours.objects.create(clinician=other, location=place, weekday=0, start=dt.time(8), end=dt.time(17))
    with pytest.raises(NeedsReasonError, match="The patient is booked with Ada Example, DO"):
        book(desk, other, rosa, "09:45")
    book(desk, other, rosa, "09:45", override="Both see her together")


def test_the_past_is_warned_of(desk: User, doctor: User, rosa: Patient) -> None:
    with pytest.raises(NeedsReasonError, match="in the past"):
        services.book(
            desk,
            rosa,
            doctor,
            testing.location(),
            testing.appointment_type(),
            when("09:00", dt.date(2020, 11, 23)),
        )


def test_times_stand_on_five_minutes(desk: User, doctor: User, rosa: Patient) -> None:
    with pytest.raises(BookingError, match="multiples of 5 minutes"):
        book(desk, doctor, rosa, "09:32")


def test_only_clinicians_are_booked(desk: User, rosa: Patient) -> None:
    with pytest.raises(BookingError, match="does not see patients"):
        book(desk, testing.member(Role.BILLER), rosa, "09:30")


def test_a_retired_type_is_not_booked(desk: User, doctor: User, rosa: Patient) -> None:
    services.offer_type(desk, testing.appointment_type(), offered=False)
    with pytest.raises(BookingError, match="not offered any more"):
        book(desk, doctor, rosa, "09:30")


def test_a_merged_record_is_not_booked(desk: User, doctor: User, rosa: Patient) -> None:
    rosa.merged_into = testing.patient()
    rosa.save()
    with pytest.raises(BookingError, match="merged"):
        book(desk, doctor, rosa, "09:30")


def test_a_move_keeps_the_length_and_frees_the_old_time(desk: User, doctor: User, rosa: Patient) -> None:
    first = book(desk, doctor, rosa, "09:30")
    moved = services.move(desk, first, doctor, testing.location(), when("14:00"))
    assert (moved.pk, moved.start, moved.end) == (first.pk, when("14:00"), when("14:30"))
    book(desk, doctor, testing.patient(), "09:30")


def test_a_move_may_overlap_its_own_old_time(desk: User, doctor: User, rosa: Patient) -> None:
    first = book(desk, doctor, rosa, "09:30")
    assert services.move(desk, first, doctor, testing.location(), when("09:45")).start == when("09:45")


def test_a_move_onto_another_is_refused(desk: User, doctor: User, rosa: Patient) -> None:
    first = book(desk, doctor, rosa, "09:30")
    book(desk, doctor, testing.patient(), "11:00")
    with pytest.raises(BookingError, match="booked at this time"):
        services.move(desk, first, doctor, testing.location(), when("10:45"))
    first.refresh_from_db()
    assert first.start == when("09:30")


def test_what_somebody_moved_meanwhile_is_looked_at_again(desk: User, doctor: User, rosa: Patient) -> None:
    stale = book(desk, doctor, rosa, "09:30")
    other = testing.member(Role.PHYSICIAN)
    services.move(desk, stale, other, testing.location(), when("09:30"), override="x")
    with pytest.raises(BookingError, match="was moved to"):
        services.set_status(desk, Appointment(pk=stale.pk, clinician=doctor), S.ARRIVED)


def test_what_has_begun_is_not_moved(desk: User, doctor: User, rosa: Patient) -> None:
    first = services.set_status(desk, book(desk, doctor, rosa, "09:30"), S.ARRIVED)
    with pytest.raises(BookingError, match="this one is: arrived"):
        services.move(desk, first, doctor, testing.location(), when("14:00"))


def test_a_cancellation_says_why(desk: User, doctor: User, rosa: Patient) -> None:
    first = book(desk, doctor, rosa, "09:30")
    with pytest.raises(BookingError, match="Say why"):
        services.cancel(desk, first, "  ")
    assert services.cancel(desk, first, "has a cold").cancel_reason == "has a cold"


def test_a_cancellation_is_taken_back_while_the_time_is_free(desk: User, doctor: User, rosa: Patient) -> None:
    first = services.cancel(desk, book(desk, doctor, rosa, "09:30"), "ill")
    back = services.undo(desk, first)
    assert (back.status, back.cancel_reason, back.before) == (S.BOOKED, "", "")


_FOLLOWS = {(one, other) for one, others in services.FORWARD.items() for other in others}


def test_the_way_is_the_one_that_was_agreed() -> None:
    assert {(str(one), str(other)) for one, other in _FOLLOWS} == {
        ("booked", "arrived"),
        ("booked", "no_show"),
        ("arrived", "roomed"),
        ("arrived", "seen"),
        ("roomed", "seen"),
        ("roomed", "roomed"),
        ("seen", "done"),
        ("no_show", "arrived"),
    }


@pytest.mark.parametrize("to", [*S.values, "x"])
@pytest.mark.parametrize("at", S.values)
def test_only_sensible_steps_are_taken(at: str, to: str, desk: User, doctor: User, rosa: Patient) -> None:
    first = testing.appointment(patient=rosa, clinician=doctor, start=when("09:30"), status=at)
    if at == to:
        assert services.set_status(desk, first, to).status == at
        return
    if (at, to) in _FOLLOWS:
        assert services.set_status(desk, first, to).status == to
        return
    with pytest.raises(BookingError, match="From there it does not go to"):
        services.set_status(desk, first, to)
    first.refresh_from_db()
    assert first.status == at


def test_the_whole_way_is_walked_and_audited(desk: User, doctor: User, rosa: Patient) -> None:
    first = book(desk, doctor, rosa, "09:30")
    for status in (S.ARRIVED, S.ROOMED, S.WITH_CLINICIAN, S.DONE):
        first = services.set_status(desk, first, status, room="Room 2")
    assert (first.status, first.room) == (S.DONE, "Room 2")
    events = AuditEvent.objects.order_by("pk").values_list("action", "patient_id", "subject")
    assert [one for one, _, _ in events] == [
        f"appointment.{verb}" for verb in ("booked", "arrived", "roomed", "seen", "done")
    ]
    assert {(patient, subject) for _, patient, subject in events} == {(rosa.pk, f"appointment:{first.uid}")}


def test_the_audit_holds_no_words_of_the_appointment(desk: User, doctor: User, rosa: Patient) -> None:
    first = book(desk, doctor, rosa, "07:00", reason="secret reason", override="secret override")
    services.set_status(desk, first, S.ARRIVED)
    services.cancel(desk, first, "secret cause")
    kept = str(list(AuditEvent.objects.values_list("action", "subject", "detail")))
    assert "secret" not in kept


def test_one_step_is_taken_back_and_no_more(desk: User, doctor: User, rosa: Patient) -> None:
    first = book(desk, doctor, rosa, "09:30")
    services.set_status(desk, first, S.ARRIVED)
    services.set_status(desk, first, S.ROOMED, room="2")
    back = services.undo(desk, first)
    assert (back.status, back.room) == (S.ARRIVED, "")
    with pytest.raises(BookingError, match="no step to take back"):
        services.undo(desk, first)


def test_another_room_is_a_step_too(desk: User, doctor: User, rosa: Patient) -> None:
    first = testing.appointment(
        patient=rosa, clinician=doctor, start=when("09:30"), status=S.ROOMED, room="2"
    )
    assert services.set_status(desk, first, S.ROOMED, room="3").room == "3"
    assert services.undo(desk, first).room == "2"


def test_a_step_pressed_twice_is_one_step(desk: User, doctor: User, rosa: Patient) -> None:
    first = book(desk, doctor, rosa, "09:30")
    services.set_status(desk, first, S.ARRIVED)
    services.set_status(desk, first, S.ARRIVED)
    assert AuditEvent.objects.filter(action="appointment.arrived").count() == 1
    assert services.undo(desk, first).status == S.BOOKED


def test_an_absence_over_appointments_names_them(desk: User, doctor: User, rosa: Patient) -> None:
    book(desk, doctor, rosa, "09:30")
    with pytest.raises(NeedsReasonError, match="Rosa Example, Mon 26 Nov, 9:30 AM to 10:00 AM"):
        services.add_absence(desk, doctor, when("09:00"), when("12:00"), "away")
    assert not Absence.objects.exists()
    services.add_absence(desk, doctor, when("09:00"), when("12:00"), "away", keep=True)
    assert Absence.objects.count() == 1


def test_the_week_of_a_clinician_is_replaced_whole(desk: User, doctor: User, place: Location) -> None:
    rows = [
        WorkingHours(location=place, weekday=2, start=dt.time(8), end=dt.time(12)),
        WorkingHours(location=place, weekday=2, start=dt.time(13), end=dt.time(17)),
    ]
    services.set_hours(desk, doctor, rows)
    assert [(row.weekday, row.start.hour) for row in doctor.hours.all()] == [(2, 8), (2, 13)]


@pytest.mark.parametrize(
    ("rows", "message"),
    [([(0, 8, 12), (0, 11, 13)], "two stretches overlap"), ([(3, 12, 12)], "the end must come after")],
)
def test_hours_that_make_no_sense_are_refused_and_the_old_stay(
    desk: User, doctor: User, place: Location, rows: list[tuple[int, int, int]], message: str
) -> None:
    wanted = [WorkingHours(location=place, weekday=w, start=dt.time(a), end=dt.time(b)) for w, a, b in rows]
    with pytest.raises(BookingError, match=message):
        services.set_hours(desk, doctor, wanted)
    assert doctor.hours.count() == 1


def test_a_day_of_the_clock_change_is_booked_by_the_wall_clock(
    desk: User, rosa: Patient, place: Location
) -> None:
    doctor = testing.member(Role.PHYSICIAN)
    sunday = dt.date(2035, 11, 4)  # 2:00 becomes 1:00 again
    WorkingHours.objects.create(clinician=doctor, location=place, weekday=6, start=dt.time(0), end=dt.time(9))
    type_ = testing.appointment_type()
    for start in (
        when("08:00", sunday),
        when("01:30", sunday),
        when("01:30", sunday) + dt.timedelta(hours=1),
    ):
        services.book(desk, testing.patient(), doctor, place, type_, start)
    held = diary.read([doctor.pk], sunday, sunday, ZONE)
    shown = [f"{one.start.astimezone(ZONE):%H:%M %Z}" for one in held.appointments[doctor.pk]]
    assert shown == ["01:30 EDT", "01:30 EST", "08:00 EST"]


def _insert(doctor: User, other: Appointment, gone: Appointment) -> None:
    testing.appointment(patient=other.patient, clinician=doctor, start=when("09:15"))


def _shift(doctor: User, other: Appointment, gone: Appointment) -> None:
    Appointment.objects.filter(pk=other.pk).update(start=when("09:45"), end=when("10:15"))


def _restore(doctor: User, other: Appointment, gone: Appointment) -> None:
    Appointment.objects.filter(pk=gone.pk).update(status=S.BOOKED)


@pytest.mark.parametrize("write", [_insert, _shift, _restore])
def test_the_database_itself_refuses_a_second_appointment(
    doctor: User, rosa: Patient, write: Callable[[User, Appointment, Appointment], None]
) -> None:
    testing.appointment(patient=rosa, clinician=doctor, start=when("09:30"))
    other = testing.appointment(clinician=doctor, start=when("11:00"))
    gone = testing.appointment(clinician=doctor, start=when("09:45"), status=S.CANCELED)
    with pytest.raises(DatabaseError, match="booked at this time"), transaction.atomic():
        write(doctor, other, gone)


def test_the_database_refuses_an_appointment_longer_than_it_can_guard(doctor: User) -> None:
    with pytest.raises(DatabaseError, match="too long"), transaction.atomic():
        testing.appointment(clinician=doctor, start=when("00:00"), minutes=13 * 60)
