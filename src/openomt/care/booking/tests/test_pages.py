"""The pages of the schedule: what they show, to whom, and what they do with bad input."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.booking import slots
from openomt.care.booking.models import Absence, Appointment, AppointmentType, WorkingHours

pytestmark = pytest.mark.django_db
ZONE = zoneinfo.ZoneInfo("America/New_York")


def next_weekday(weekday: int) -> dt.date:
    today = timezone.now().astimezone(ZONE).date()
    return today + dt.timedelta(days=(weekday - today.weekday()) % 7 + 7)


MONDAY = next_weekday(0)


def when(clock: str, day: dt.date = MONDAY) -> dt.datetime:
    return slots.at(day, dt.time.fromisoformat(clock), ZONE)


@pytest.fixture
def doctor() -> User:
    testing.practice(zone="America/New_York")
    user = testing.member(Role.PHYSICIAN, name="Ada Example")
    for weekday in range(5):
        WorkingHours.objects.create(
            clinician=user, location=testing.location(), weekday=weekday, start=dt.time(8), end=dt.time(12)
        )
    testing.appointment_type()
    return user


@pytest.fixture
def desk(client: Client, doctor: User) -> Client:
    return testing.signed_in(client, testing.member(Role.FRONT_DESK))


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def form(doctor: User, **changes: Any) -> dict[str, Any]:
    values = {
        "clinician": doctor.uid,
        "location": testing.location().pk,
        "type": testing.appointment_type().uid,
        "day": MONDAY.isoformat(),
        "time": "09:00",
        "reason": "Low back",
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


# -- who may -------------------------------------------------------------------------------------------------

READ, WRITE, PRACTICE = (
    {Role.OWNER, Role.PHYSICIAN, Role.TRAINEE, Role.FRONT_DESK, Role.AUDITOR},
    {Role.OWNER, Role.PHYSICIAN, Role.TRAINEE, Role.FRONT_DESK},
    {Role.OWNER},
)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("name", "allowed", "method"),
    [
        ("schedule", READ, "get"),
        ("appointment", READ, "get"),
        ("appointment_new", WRITE, "get"),
        ("booking_find", WRITE, "get"),
        ("appointment_move", WRITE, "get"),
        ("appointment_cancel", WRITE, "post"),
        ("appointment_status", WRITE, "post"),
        ("hours", WRITE, "get"),
        ("clinician_hours", WRITE, "get"),
        ("absence_new", WRITE, "post"),
        ("appointment_types", PRACTICE, "get"),
        ("appointment_type", PRACTICE, "get"),
        ("appointment_type_offer", PRACTICE, "post"),
    ],
)
def test_each_page_is_open_to_the_roles_that_need_it(  # noqa: PLR0917
    client: Client, doctor: User, role: Role, name: str, allowed: set[Role], method: str
) -> None:
    one = testing.appointment(clinician=doctor)
    uid = {"clinician_hours": doctor.uid, "absence_new": doctor.uid}.get(name, one.uid)
    uid = one.type.uid if name.startswith("appointment_type") else uid
    plain = ("schedule", "appointment_new", "booking_find", "hours", "appointment_types")
    testing.signed_in(client, testing.member(role))
    answer = getattr(client, method)(reverse(name, args=[] if name in plain else [uid]))
    assert (answer.status_code != 403) == (role in allowed)


def test_who_only_reads_gets_no_buttons(client: Client, doctor: User) -> None:
    one = testing.appointment(clinician=doctor, start=when("09:00"))
    testing.signed_in(client, testing.member(Role.AUDITOR))
    shown = page(client, "schedule", day=MONDAY.isoformat())
    assert "10:00 AM free" in shown
    assert reverse("appointment_new") not in shown
    assert reverse("appointment_status", args=[one.uid]) not in page(client, "appointment", one.uid)


def test_a_restricted_chart_asks_for_a_reason_before_its_appointment_is_read(
    desk: Client, doctor: User
) -> None:
    one = testing.appointment(
        patient=testing.patient(restricted=True), clinician=doctor, reason="secret reason"
    )
    answer = desk.get(reverse("appointment", args=[one.uid]))
    assert answer.status_code == 302
    assert "secret reason" not in desk.get(reverse("schedule")).content.decode()


def test_reading_is_audited(desk: Client, doctor: User) -> None:
    one = testing.appointment(clinician=doctor)
    page(desk, "appointment", one.uid)
    page(desk, "schedule")
    page(desk, "schedule")
    read = AuditEvent.objects.filter(action="appointment.read").values_list("patient_id", "subject")
    assert list(read) == [(one.patient_id, f"appointment:{one.uid}")]
    assert AuditEvent.objects.filter(action="schedule.read").count() == 1  # looked at twice within minutes


@pytest.mark.parametrize(
    ("role", "status", "there"),
    [
        (Role.PHYSICIAN, "booked", True),
        (Role.PHYSICIAN, "seen", True),
        (Role.PHYSICIAN, "no_show", False),
        (Role.PHYSICIAN, "canceled", False),
        (Role.FRONT_DESK, "seen", False),
        (Role.AUDITOR, "seen", False),
    ],
)
def test_who_treats_opens_the_visit_from_the_appointment(
    client: Client, doctor: User, role: Role, status: str, there: bool
) -> None:
    one = testing.appointment(clinician=doctor)
    Appointment.objects.filter(pk=one.pk).update(status=status)
    testing.signed_in(client, testing.member(role))
    opening = reverse("visit_new", args=[one.patient.uid])
    assert (opening in page(client, "appointment", one.uid)) == there


# -- the schedule --------------------------------------------------------------------------------------------


def test_a_day_shows_who_is_booked_who_is_away_and_what_is_free(desk: Client, doctor: User) -> None:
    testing.appointment(
        patient=testing.patient(given_names="Rosa", family_name="Example"),
        clinician=doctor,
        start=when("09:00"),
    )
    Absence.objects.create(clinician=doctor, start=when("11:00"), end=when("12:00"), words="a meeting")
    shown = page(desk, "schedule", day=MONDAY.isoformat())
    assert "9:00 AM Rosa Example" in shown
    assert "11:00 AM to 12:00 PM, a meeting" in shown
    assert re.findall(r"(\d+:\d\d) [AP]M free<", shown) == ["8:00", "8:30", "9:30", "10:00", "10:30"]


def test_a_free_time_leads_to_the_form_with_everything_known(desk: Client, doctor: User) -> None:
    shown = page(desk, "schedule", day=MONDAY.isoformat())
    [link] = re.findall(r'href="([^"]+)">10:30 AM free', shown)
    filled = desk.get(link.replace("&amp;", "&")).content.decode()
    assert f'value="{MONDAY.isoformat()}"' in filled
    assert 'value="10:30"' in filled
    assert re.search(rf'<option value="{doctor.uid}" selected', filled)


def test_free_times_follow_the_length_of_the_type(desk: Client, doctor: User) -> None:
    long = testing.appointment_type(name="New", kind="new", minutes=120)
    shown = page(desk, "schedule", day=MONDAY.isoformat(), type=str(long.uid))
    assert re.findall(r"(\d+:\d\d) [AP]M free<", shown) == ["8:00", "10:00"]


def test_a_week_shows_one_clinician_day_by_day(desk: Client, doctor: User) -> None:
    testing.appointment(clinician=doctor, start=when("09:00", MONDAY + dt.timedelta(days=2)))
    other = testing.appointment(start=when("09:00"))
    shown = page(desk, "schedule", day=MONDAY.isoformat(), view="week", clinician=str(doctor.uid))
    assert shown.count("<section class=") == 5  # a weekend without anything is left out
    assert "1 booked" in shown
    assert other.patient.name not in shown


def test_another_location_hides_what_is_elsewhere(desk: Client, doctor: User) -> None:
    harbor = testing.location(name="Harbor")
    testing.appointment(clinician=doctor, start=when("09:00"))
    shown = page(desk, "schedule", day=MONDAY.isoformat(), location=harbor.pk)
    assert "Nobody sees patients this day at Harbor" in shown


def test_who_does_not_come_stands_apart_and_the_time_is_free_again(desk: Client, doctor: User) -> None:
    testing.appointment(clinician=doctor, start=when("09:00"), status="canceled")
    shown = page(desk, "schedule", day=MONDAY.isoformat())
    assert "Not coming" in shown
    assert "9:00 AM free" in shown


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-03-08", ["1:00", "1:30", "3:00", "3:30"]), ("2026-11-01", ["1:00", "1:30", "1:00", "1:30"])],
)
def test_the_day_the_clocks_change_shows_the_times_there_are(
    desk: Client, doctor: User, day: str, expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    WorkingHours.objects.create(
        clinician=doctor,
        location=testing.location(),
        weekday=6,
        start=dt.time(1),
        end=dt.time(4) if expected[2] == "3:00" else dt.time(2),
    )
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    shown = page(desk, "schedule", day=day)
    assert re.findall(r"(\d+:\d\d) [AP]M free<", shown) == expected


@pytest.mark.parametrize(
    "day",
    ["", "x", "0001-01-01", "9999-12-31", "99999-01-01", "2026-02-30", "2026-11-30' OR 1=1", "٢٠٢٦-١١-٣٠"],
)
@pytest.mark.parametrize("view", ["", "week"])
def test_an_odd_day_shows_today(desk: Client, day: str, view: str) -> None:
    today = timezone.now().astimezone(ZONE).date()
    assert f'value="{today.isoformat()}"' in page(desk, "schedule", day=day, view=view)


@pytest.mark.parametrize("name", ["clinician", "type", "location", "move", "view"])
@pytest.mark.parametrize(
    "value", ["x", "-1", "9" * 40, "<b>", "00000000-0000-0000-0000-000000000000", "🙂", "²"]
)
def test_odd_choices_are_left_out(desk: Client, name: str, value: str) -> None:
    page(desk, "schedule", **{name: value})


@pytest.mark.parametrize(
    "start", ["x", "2026", "0001-01-01T00:00Z", "9999-12-31T23:59Z", "2026-01-01T09:00", "🙂"]
)
def test_an_odd_start_leaves_the_form_empty(desk: Client, start: str) -> None:
    assert 'name="time" value' not in page(desk, "appointment_new", start=start)


def test_the_number_of_queries_does_not_grow_with_appointments(
    desk: Client, doctor: User, django_assert_max_num_queries: Any
) -> None:
    for place in range(8):
        testing.appointment(clinician=doctor, start=when("08:00") + dt.timedelta(minutes=30 * place))
    page(desk, "schedule", day=MONDAY.isoformat())
    with django_assert_max_num_queries(14):
        page(desk, "schedule", day=MONDAY.isoformat())


# -- booking -------------------------------------------------------------------------------------------------


def test_a_booking_is_made_and_shown(desk: Client, doctor: User) -> None:
    patient = testing.patient()
    answer = desk.post(reverse("appointment_new"), form(doctor, patient=patient.uid), follow=True)
    made = Appointment.objects.get()
    assert (made.patient, made.start, made.reason) == (patient, when("09:00"), "Low back")
    assert "Booked for Monday" in answer.content.decode()
    assert answer.request["QUERY_STRING"] == f"day={MONDAY.isoformat()}"


def test_no_name_of_a_patient_stands_in_a_cookie(desk: Client, doctor: User) -> None:
    patient = testing.patient(family_name="Cookieless")
    answer = desk.post(reverse("appointment_new"), form(doctor, patient=patient.uid))
    assert "Cookieless" not in str(answer.cookies)


def test_a_taken_time_says_who_is_there_and_keeps_what_was_typed(desk: Client, doctor: User) -> None:
    testing.appointment(
        patient=testing.patient(given_names="Rosa", family_name="Example"),
        clinician=doctor,
        start=when("09:00"),
    )
    answer = desk.post(
        reverse("appointment_new"), form(doctor, patient=testing.patient().uid, reason="My long reason")
    )
    shown = answer.content.decode()
    assert "Rosa Example" in shown
    assert "Choose a free time" in shown
    assert 'value="My long reason"' in shown
    assert Appointment.objects.count() == 1


def test_a_warning_asks_for_a_reason_and_then_books(desk: Client, doctor: User) -> None:
    values = form(doctor, patient=testing.patient().uid, time="13:00")
    warned = desk.post(reverse("appointment_new"), values).content.decode()
    assert "Outside the hours of Ada Example" in warned
    assert 'name="override"' in warned
    assert not Appointment.objects.exists()
    desk.post(reverse("appointment_new"), values | {"override": "Comes from far"})
    assert Appointment.objects.get().override == "Comes from far"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"patient": None}, "Find the patient"),
        ({"patient": "x"}, "There is no such patient"),
        ({"patient": "00000000-0000-0000-0000-000000000000"}, "There is no such patient"),
        ({"clinician": "1"}, "Select a valid choice"),
        ({"location": "9" * 30}, "Select a valid choice"),
        ({"type": "<script>"}, "This type is not offered"),
        ({"day": "0001-01-01"}, "within 2 years"),
        ({"day": "9999-12-31"}, "within 2 years"),
        ({"day": "99999-01-01"}, "Enter a valid date"),
        ({"day": "tomorrow"}, "Enter a valid date"),
        ({"time": "25:00"}, "Enter a valid time"),
        ({"time": "09:01"}, "multiples of 5 minutes"),
        ({"time": "09:00:30"}, "multiples of 5 minutes"),
        ({"reason": "x" * 201}, "at most 200 characters"),
        ({"reason": "x" * 1_000_000}, "at most 200 characters"),
    ],
)
def test_a_mistake_is_named_at_its_field(
    desk: Client, doctor: User, changes: dict[str, Any], message: str
) -> None:
    values = form(doctor, **({"patient": testing.patient().uid} | changes))
    answer = desk.post(reverse("appointment_new"), values)
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["مرحبا", "🙂 emoji", "Robert'); DROP TABLE x;--", "<script>alert(1)</script>", "a\u202eb", "tab\there"],
)
def test_words_of_any_kind_are_kept_and_escaped(desk: Client, doctor: User, text: str) -> None:
    desk.post(reverse("appointment_new"), form(doctor, patient=testing.patient().uid, reason=text))
    made = Appointment.objects.get()
    assert made.reason == text
    assert "<script>alert" not in page(desk, "appointment", made.uid)


def test_a_time_the_clock_skips_is_refused(
    desk: Client, doctor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 3, 1, tzinfo=dt.UTC))
    values = form(doctor, patient=testing.patient().uid, day="2026-03-08", time="02:30")
    assert "the clocks go forward" in desk.post(reverse("appointment_new"), values).content.decode()


def test_the_patient_is_found_by_name(desk: Client) -> None:
    patient = testing.patient(given_names="Zora", family_name="Findable")
    found = page(desk, "booking_find", who="finda")
    assert str(patient.uid) in found
    assert "Findable, Zora" in found
    assert "Nobody found" in page(desk, "booking_find", who="qqqq")
    assert page(desk, "booking_find", who="   ").strip() == ""


# -- one appointment -----------------------------------------------------------------------------------------


def test_steps_are_taken_from_the_page(desk: Client, doctor: User) -> None:
    one = testing.appointment(clinician=doctor)
    step = reverse("appointment_status", args=[one.uid])
    assert desk.post(step, {"status": "arrived"}).headers["Location"] == reverse(
        "appointment", args=[one.uid]
    )
    desk.post(step, {"status": "roomed", "room": "2"})
    assert "Room 2 since" in page(desk, "appointment", one.uid)
    desk.post(step, {"status": "undo"})
    one.refresh_from_db()
    assert one.status == "arrived"


def test_a_script_is_told_that_something_changed(desk: Client, doctor: User) -> None:
    one = testing.appointment(clinician=doctor)
    step = reverse("appointment_status", args=[one.uid])
    answer = desk.post(step, {"status": "arrived"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (204, "appointment-changed")
    refused = desk.post(step, {"status": "done"}, headers={"HX-Request": "true"})
    assert refused.headers["HX-Refresh"] == "true"
    assert "does not go to: done" in page(desk, "appointment", one.uid)


@pytest.mark.parametrize("status", ["", "x", "canceled", "booked", "seen"])
def test_what_is_no_step_changes_nothing(desk: Client, doctor: User, status: str) -> None:
    one = testing.appointment(clinician=doctor)
    desk.post(reverse("appointment_status", args=[one.uid]), {"status": status, "room": "x" * 99})
    one.refresh_from_db()
    assert one.status == "booked"


def test_a_step_leads_back_only_to_this_site(desk: Client, doctor: User) -> None:
    one = testing.appointment(clinician=doctor)
    step = reverse("appointment_status", args=[one.uid])
    answer = desk.post(step, {"status": "arrived", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == reverse("appointment", args=[one.uid])


def test_a_cancellation_needs_a_reason_and_can_be_taken_back(desk: Client, doctor: User) -> None:
    one = testing.appointment(clinician=doctor)
    cancel = reverse("appointment_cancel", args=[one.uid])
    refused = desk.post(cancel, {"reason": " "})
    assert refused.status_code == 422
    assert "Say why it is canceled" in refused.content.decode()
    desk.post(cancel, {"reason": "has a cold"})
    shown = page(desk, "appointment", one.uid)
    assert "has a cold" in shown
    assert "Take back" in shown


def test_a_move_is_chosen_on_the_schedule_and_confirmed(desk: Client, doctor: User) -> None:
    one = testing.appointment(clinician=doctor, start=when("09:00"))
    shown = page(desk, "schedule", move=str(one.uid), day=MONDAY.isoformat())
    assert f"Moving {one.patient.name}" in shown
    [link] = re.findall(r'href="([^"]+)">10:30 AM move here', shown)
    offered = desk.get(link.replace("&amp;", "&")).content.decode()
    assert 'value="10:30"' in offered
    values = form(doctor, time="10:30", type=None, reason=None)
    desk.post(reverse("appointment_move", args=[one.uid]), values)
    one.refresh_from_db()
    assert one.start == when("10:30")


def test_a_move_onto_somebody_is_refused_with_their_name(desk: Client, doctor: User) -> None:
    one = testing.appointment(clinician=doctor, start=when("09:00"))
    there = testing.appointment(clinician=doctor, start=when("10:30"))
    answer = desk.post(
        reverse("appointment_move", args=[one.uid]), form(doctor, time="10:30", type=None, reason=None)
    )
    assert there.patient.name in answer.content.decode()
    one.refresh_from_db()
    assert one.start == when("09:00")


# -- types, hours, absences ----------------------------------------------------------------------------------


@pytest.fixture
def owner(client: Client) -> Client:
    return testing.signed_in(client, testing.member(Role.OWNER))


def test_a_type_is_added_changed_retired_and_offered_again(owner: Client) -> None:
    owner.post(reverse("appointment_types"), {"name": "Long", "kind": "new", "minutes": 60})
    one = AppointmentType.objects.get(name="Long")
    owner.post(reverse("appointment_type", args=[one.uid]), {"name": "Longer", "kind": "new", "minutes": 90})
    owner.post(reverse("appointment_type_offer", args=[one.uid]))
    one.refresh_from_db()
    assert (one.name, one.minutes, one.is_active) == ("Longer", 90, False)
    owner.post(reverse("appointment_type_offer", args=[one.uid]), {"offered": "yes"})
    one.refresh_from_db()
    assert one.is_active
    actions = AuditEvent.objects.filter(action__startswith="appointment_type").order_by("pk")
    assert [event.action.partition(".")[2] for event in actions] == [
        "added",
        "changed",
        "retired",
        "restored",
    ]


@pytest.mark.parametrize("minutes", ["0", "4", "7", "245", "-30", "9" * 30, "x", ""])
def test_a_length_that_cannot_be_is_refused(owner: Client, minutes: str) -> None:
    answer = owner.post(reverse("appointment_types"), {"name": "Odd", "kind": "new", "minutes": minutes})
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert not AppointmentType.objects.exists()


def test_a_week_is_kept(desk: Client, doctor: User) -> None:
    values = {
        "d0-0-start": "",
        "d2-0-start": "08:00",
        "d2-0-end": "12:00",
        "d2-0-location": testing.location().pk,
    }
    desk.post(reverse("clinician_hours", args=[doctor.uid]), {"d0-0-start": "", **values})
    assert [str(row) for row in doctor.hours.all()] == ["Wed 8:00 AM to 12:00 PM"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"d2-0-start": "08:00"}, "Give both times"),
        ({"d2-0-start": "12:00", "d2-0-end": "08:00"}, "The end must come after the start"),
        ({"d2-0-start": "08:00", "d2-0-end": "12:00"}, "Say where"),
        ({"d2-0-start": "x", "d2-0-end": "12:00"}, "Enter a valid time"),
        ({"d2-0-location": "999999999999999999999"}, "Select a valid choice"),
    ],
)
def test_a_week_that_makes_no_sense_is_refused_at_its_field(
    desk: Client, doctor: User, values: dict[str, str], message: str
) -> None:
    answer = desk.post(reverse("clinician_hours", args=[doctor.uid]), {"d0-0-start": "", **values})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert doctor.hours.count() == 5


def test_an_absence_names_who_is_booked_and_is_added_on_demand(desk: Client, doctor: User) -> None:
    one = testing.appointment(clinician=doctor, start=when("09:00"))
    values = {
        "first_day": MONDAY.isoformat(),
        "first_time": "08:00",
        "last_day": MONDAY.isoformat(),
        "last_time": "12:00",
        "words": "a meeting",
    }
    add = reverse("absence_new", args=[doctor.uid])
    warned = desk.post(add, values)
    assert warned.status_code == 422
    assert one.patient.name in warned.content.decode()
    desk.post(add, values | {"keep": "on"})
    absence = Absence.objects.get()
    assert (absence.start, absence.end) == (when("08:00"), when("12:00"))
    desk.post(reverse("absence_remove", args=[absence.uid]))
    assert not Absence.objects.exists()


def test_no_hours_are_set_for_who_is_no_clinician(desk: Client) -> None:
    biller = testing.member(Role.BILLER)
    assert desk.get(reverse("clinician_hours", args=[biller.uid])).status_code == 404


def test_an_empty_practice_says_what_to_do_next(client: Client) -> None:
    testing.practice()
    testing.signed_in(client, testing.member(Role.FRONT_DESK))
    assert "There is no clinician yet" in page(client, "schedule")
    assert "There is no type of appointment yet" in page(client, "appointment_new")
