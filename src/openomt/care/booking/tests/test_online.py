"""Booking by patients and by people we do not know: rules, true times, holds, reminders, the waiting list."""

from __future__ import annotations

import datetime as dt
import re
import threading
import zoneinfo
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care import testing, words
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, Location, User
from openomt.care.booking import calendar_file, online, requests, services, slots, waiting
from openomt.care.booking.models import (
    Absence,
    Appointment,
    AppointmentType,
    BookingRequest,
    BookingRules,
    Hold,
    WaitingEntry,
    WaitingOffer,
    WorkingHours,
)
from openomt.care.booking.reasons import Told, screened
from openomt.care.booking.signals import appointment_booked, danger_told
from openomt.care.contact.models import ContactSettings, Job, Message
from openomt.care.contact.worker import run_due
from openomt.care.patients.models import Guardian, Patient
from openomt.care.portal.access import Scope
from openomt.care.portal.testing import visiting
from tests.reading_level import grade, spanish_ease

pytestmark = pytest.mark.django_db
ZONE = zoneinfo.ZoneInfo("America/New_York")
SOON = 5
"""Days ahead: outside every notice, well within what may be booked."""


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()
    testing.practice(name="Elm Practice", phone="555-555-0100")
    ContactSettings.objects.create(pk=1, quiet_from=dt.time(0), quiet_until=dt.time(0))


@pytest.fixture
def place() -> Location:
    return testing.location(
        street="1 Elm St", city="Albany", state="NY", postal_code="12207", phone="555-555-0111"
    )


@pytest.fixture
def doctor(place: Location) -> User:
    return _works(testing.member(Role.PHYSICIAN, name="Dora Example"), place)


@pytest.fixture
def type_() -> AppointmentType:
    return testing.appointment_type(name="Erstling", kind="new", minutes=60)


@pytest.fixture
def rosa() -> Patient:
    return _reached("Rosa")


@pytest.fixture
def hers(client: Client, rosa: Patient) -> Client:
    return visiting(client, rosa)


def _works(user: User, place: Location) -> User:
    for day in range(7):
        WorkingHours.objects.create(
            clinician=user, location=place, weekday=day, start=dt.time(9), end=dt.time(12)
        )
    return user


def _reached(name: str, **more: Any) -> Patient:
    values = {"given_names": name, "family_name": "Quill", "email": f"{name.lower()}@example.test"} | more
    return testing.patient(contact=Patient.Contact.EMAIL, **values)


def at(clock: str, days: int = SOON) -> dt.datetime:
    day = timezone.now().astimezone(ZONE).date() + dt.timedelta(days=days)
    return slots.at(day, dt.time.fromisoformat(clock), ZONE)


def key(doctor: User, place: Location, clock: str = "09:00", days: int = SOON) -> str:
    return f"{slots.stamp(at(clock, days))}.{doctor.uid.hex}.{place.uid.hex}"


def booked(
    doctor: User, patient: Patient, clock: str = "09:00", days: int = SOON, **more: Any
) -> Appointment:
    return testing.appointment(
        patient=patient, clinician=doctor, start=at(clock, days), minutes=60, **{"type": _kind()} | more
    )


def _kind() -> AppointmentType:
    return testing.appointment_type(name="Erstling", kind="new", minutes=60)


def person(doctor: User, place: Location, **more: Any) -> dict[str, Any]:
    return {
        "at": key(doctor, place),
        "given_names": "Nell",
        "family_name": "Newman",
        "month": "2",
        "day": "3",
        "year": "1985",
        "sex": "female",
        "email": "nell@example.test",
        "phone": "",
        "channel": "email",
        "language": "en",
        "reason": "low back",
    } | more


def ask(client: Client, type_: AppointmentType, data: dict[str, Any], language: str = "en") -> Any:
    return client.post(f"{reverse('booking_visit')}?type={type_.uid}&lang={language}", data)


def link() -> str:
    found = Message.objects.filter(template="booking_confirm").latest("pk").link
    return "/book/confirm/" + found.rsplit("/", 1)[1]


# The public pages -------------------------------------------------------------------------------------


def test_the_first_page_says_where_when_and_which_visit_for_whom(
    client: Client, doctor: User, place: Location, type_: AppointmentType
) -> None:
    page = client.get("/book/?kind=new").content.decode()
    assert "1 Elm St, Albany, NY 12207" in page
    assert 'href="tel:555-555-0111"' in page
    assert re.search(
        r'href="https://www\.openstreetmap\.org/search\?query=1%20Elm%20St[^"]*" rel="noreferrer', page
    )
    assert "9:00 AM to 12:00 PM" in page
    assert str(type_.uid) in page
    assert words.say("booking.needs_new", "en") in page
    assert words.say("booking.fits", "en") in page
    assert "Erstling" not in page  # the practice's own name, which has one language only


def test_only_true_free_times_are_shown(
    client: Client, doctor: User, place: Location, type_: AppointmentType, rosa: Patient
) -> None:
    booked(doctor, rosa, "10:00")
    Absence.objects.create(clinician=doctor, start=at("09:00", SOON + 1), end=at("12:00", SOON + 1))
    day = at("09:00").astimezone(ZONE).date()
    page = client.get(
        reverse("booking_times"), {"type": str(type_.uid), "from": day.isoformat()}
    ).content.decode()
    shown = set(re.findall(r'name="at" value="(\w+)\.', page))
    assert slots.stamp(at("09:00")) in shown
    assert slots.stamp(at("11:00")) in shown
    assert slots.stamp(at("10:00")) not in shown
    assert not shown & {slots.stamp(at(clock, SOON + 1)) for clock in ("09:00", "10:00", "11:00")}


def test_rules_bound_what_is_offered(doctor: User, place: Location, type_: AppointmentType) -> None:
    rules = BookingRules(min_notice_hours=48, ahead_days=6)
    today = timezone.now().astimezone(ZONE).date()
    found = online.free(online.Wanted(60), today, today + dt.timedelta(days=60), rules)
    assert found
    assert all(one.start >= timezone.now() + dt.timedelta(hours=48) for one in found)
    assert max(one.start for one in found).astimezone(ZONE).date() == today + dt.timedelta(days=6)


def test_a_type_that_is_not_online_cannot_be_booked(
    hers: Client, doctor: User, place: Location, type_: AppointmentType
) -> None:
    AppointmentType.objects.update(online=False)
    assert str(type_.uid) not in hers.get("/book/").content.decode()
    assert ask(hers, type_, {"at": key(doctor, place), "reason": ""}).status_code == 404
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("what", ["", "nonsense", "99999999T9999Z.x.y"])
def test_a_broken_time_is_no_error_of_ours(
    hers: Client, doctor: User, type_: AppointmentType, what: str
) -> None:
    assert hers.get(reverse("booking_visit"), {"type": str(type_.uid), "at": what}).status_code == 409
    assert ask(hers, type_, {"at": what, "reason": ""}).status_code == 409


# A patient who signed in ------------------------------------------------------------------------------


def test_a_patient_books_at_once(
    hers: Client, doctor: User, place: Location, type_: AppointmentType, rosa: Patient
) -> None:
    told: list[Appointment] = []

    def note(appointment: Appointment, **_more: object) -> None:
        told.append(appointment)

    appointment_booked.connect(note)
    answer = ask(hers, type_, {"at": key(doctor, place), "reason": "my back"})
    appointment_booked.disconnect(note)
    made = Appointment.objects.get()
    assert answer["Location"] == reverse("booking_mine_one", kwargs={"uid": made.uid})
    assert (made.patient, made.start, made.reason, made.booked_by) == (rosa, at("09:00"), "my back", None)
    assert told == [made]
    event = AuditEvent.objects.get(action="appointment.booked")
    assert (event.actor_name, event.patient_id) == ("patient", rosa.pk)
    assert Message.objects.get().template == "appointment_booked"


def test_the_second_of_two_keeps_what_they_typed_and_sees_the_nearest_times(
    doctor: User, place: Location, type_: AppointmentType, rosa: Patient
) -> None:
    first, second = visiting(Client(), rosa), Client()
    data = person(doctor, place, given_names="Ñandú", reason="stiff neck")
    assert second.get(reverse("booking_visit"), {"type": str(type_.uid), "at": data["at"]}).status_code == 200
    assert ask(first, type_, {"at": data["at"], "reason": ""}).status_code == 302
    answer = ask(second, type_, data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert words.say("booking.taken", "en") in page
    assert 'value="Ñandú"' in page
    assert 'value="stiff neck"' in page
    near = re.findall(r'name="at" value="([^"]+)"', page)
    assert key(doctor, place, "10:00") in near
    assert data["at"] not in near
    assert ask(second, type_, data | {"at": key(doctor, place, "10:00")}).status_code == 302
    assert Hold.objects.count() == 1


def test_an_own_visit_at_the_same_time_is_said_plainly(
    hers: Client, doctor: User, place: Location, type_: AppointmentType, rosa: Patient
) -> None:
    booked(_works(testing.member(Role.PHYSICIAN), place), rosa)
    answer = ask(hers, type_, {"at": key(doctor, place), "reason": ""})
    assert answer.status_code == 409
    assert words.say("booking.elsewhere", "en") in answer.content.decode()
    assert Appointment.objects.count() == 1


# Somebody we do not know ------------------------------------------------------------------------------


def test_a_stranger_holds_a_time_and_confirms_it_by_the_link(
    client: Client, doctor: User, place: Location, type_: AppointmentType
) -> None:
    assert ask(client, type_, person(doctor, place))["Location"] == reverse("booking_sent")
    assert not Patient.objects.exists()
    assert Hold.objects.get().start == at("09:00")
    assert Message.objects.get().patient is None
    assert "low back" not in str(Message.objects.values().get())
    where = link()
    assert where.rsplit("/", 1)[1] not in str(BookingRequest.objects.values().get())  # hashed at rest
    assert client.get(where).status_code == 200
    assert not Appointment.objects.exists()  # looking confirms nothing
    assert client.post(where).status_code == 302
    made = Appointment.objects.get()
    assert (made.patient.name, made.start, made.reason) == ("Nell Newman", at("09:00"), "low back")
    assert made.patient.contact == "email"
    assert not Hold.objects.exists()
    assert BookingRequest.objects.get().new_record
    client.post(where)
    assert Appointment.objects.count() == 1
    assert client.get(f"{where}/visit.ics").content.startswith(b"BEGIN:VCALENDAR")


def test_a_held_time_is_nobody_elses(
    client: Client, doctor: User, place: Location, type_: AppointmentType, rosa: Patient
) -> None:
    ask(client, type_, person(doctor, place))
    assert ask(visiting(Client(), rosa), type_, {"at": key(doctor, place), "reason": ""}).status_code == 409
    desk = testing.member(Role.FRONT_DESK)
    with pytest.raises(services.TakenError, match="Held for somebody"):
        services.book(desk, rosa, doctor, place, type_, at("09:00"))
    page = testing.signed_in(Client(), desk).get(f"/schedule?day={at('09:00').astimezone(ZONE):%Y-%m-%d}")
    assert b"Held for somebody who books online" in page.content


def test_a_request_that_nobody_confirms_is_gone_with_all_that_was_typed(
    client: Client, doctor: User, place: Location, type_: AppointmentType, rosa: Patient
) -> None:
    ask(client, type_, person(doctor, place))
    where = link()
    later = timezone.now() + dt.timedelta(hours=2)
    Hold.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert client.get(where).status_code == 410
    client.post(where)
    assert not Appointment.objects.exists()
    assert ask(visiting(Client(), rosa), type_, {"at": key(doctor, place), "reason": ""}).status_code == 302
    run_due(later)
    assert not Hold.objects.exists()
    assert not BookingRequest.objects.exists()
    assert not Job.objects.exclude(failed_at=None).exists()


def test_nobody_learns_whether_there_is_a_record(
    client: Client, doctor: User, place: Location, type_: AppointmentType
) -> None:
    nell = testing.patient(
        given_names="Nell",
        family_name="Newman",
        birth_date=dt.date(1985, 2, 3),
        email="nell@example.test",
        contact="email",
    )
    known = ask(client, type_, person(doctor, place))
    stranger = person(
        doctor, place, at=key(doctor, place, "10:00"), given_names="Olga", email="olga@example.test"
    )
    assert known["Location"] == ask(client, type_, stranger)["Location"]
    bodies = []
    for message in Message.objects.filter(template="booking_confirm").order_by("pk"):
        where = "/book/confirm/" + message.link.rsplit("/", 1)[1]
        shown = [client.get(where).content.decode()]
        client.post(where)
        shown.append(client.get(where).content.decode())
        token = where.rsplit("/", 1)[1]
        bodies.append([_plain(page, token) for page in shown])
    assert bodies[0] == bodies[1]
    assert Appointment.objects.earliest("start").patient == nell
    assert Patient.objects.count() == 2


def _plain(page: str, token: str) -> str:
    """A page without what differs for every request: its token, its time, the token against forgery."""
    page = re.sub(r'value="\w{64}"', "", page.replace(token, "TOKEN"))
    return re.sub(r"\b(9|10):00 AM", "TIME", page)


def test_a_name_and_birth_date_without_the_address_on_file_is_a_new_record(
    client: Client, doctor: User, place: Location, type_: AppointmentType
) -> None:
    testing.patient(
        given_names="Nell", family_name="Newman", birth_date=dt.date(1985, 2, 3), email="true@example.test"
    )
    ask(client, type_, person(doctor, place))
    client.post(link())
    row = BookingRequest.objects.get()
    assert row.new_record
    desk = testing.signed_in(Client(), testing.member(Role.FRONT_DESK))
    page = desk.get(reverse("booking_to_check")).content.decode()
    assert "New record, made by themselves" in page
    assert "1 other record looks like it" in page
    desk.post(reverse("booking_checked", kwargs={"uid": row.uid}))
    assert "Nell Newman" not in desk.get(reverse("booking_to_check")).content.decode()


def test_a_matched_patient_who_is_booked_elsewhere_then_is_not_told_so(
    client: Client, doctor: User, place: Location, type_: AppointmentType
) -> None:
    nell = testing.patient(
        given_names="Nell", family_name="Newman", birth_date=dt.date(1985, 2, 3), email="nell@example.test"
    )
    booked(_works(testing.member(Role.PHYSICIAN), place), nell)
    ask(client, type_, person(doctor, place))
    client.post(link())
    assert Appointment.objects.filter(patient=nell, clinician=doctor).exclude(override="").exists()


def test_a_child_needs_who_answers_for_it(
    client: Client, doctor: User, place: Location, type_: AppointmentType
) -> None:
    data = person(doctor, place, year=str(timezone.now().year - 6))
    answer = ask(client, type_, data)
    assert answer.status_code == 422
    assert words.say("booking.guardian_name_missing", "en") in answer.content.decode()
    ask(client, type_, data | {"guardian_name": "Gro Newman", "guardian_relation": "mother"})
    client.post(link())
    guardian = Guardian.objects.get()
    assert (guardian.name, guardian.email) == ("Gro Newman", "nell@example.test")
    assert Message.objects.get(template="appointment_booked").guardian == guardian


@pytest.mark.parametrize(
    ("language", "reason", "says"),
    [
        ("en", "I lost control of my bladder and my legs are weak", "Call 911 now"),
        ("es", "perdí el control de la vejiga y tengo las piernas débiles", "Llame al 911 ahora"),
    ],
)
def test_danger_words_tell_what_to_do_first(  # noqa: PLR0917
    client: Client,
    doctor: User,
    place: Location,
    type_: AppointmentType,
    language: str,
    reason: str,
    says: str,
) -> None:
    data = person(doctor, place, reason=reason, language=language)
    answer = ask(client, type_, data, language)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.index('class="now"') < page.index("<main")
    assert says in page
    assert not Hold.objects.exists()
    told = re.search(r'name="told" value="(\w)"', page)
    assert told is not None
    assert ask(client, type_, data | {"told": told[1]}, language).status_code == 302
    assert BookingRequest.objects.get().urgency == told[1]
    seen: list[str] = []

    def note(appointment: Appointment, told: Told, **_more: object) -> None:
        seen.append(f"{appointment.reason} {told.urgency}")

    danger_told.connect(note)
    client.post(link())
    danger_told.disconnect(note)
    assert seen == [f"{reason} E"]


def test_ordinary_words_alarm_nobody_and_nobody_is_promised_a_call() -> None:
    born = dt.date(1985, 2, 3)
    for reason in ("low back pain since May", "stiff neck", "", "headaches at work"):
        assert screened(reason, born, "female", "en") is None, reason
    told = screened("I want to kill myself", born, "female", "en")
    assert told is not None
    assert (told.call, told.urgency) == ("988", "E")
    assert "We will call" not in told.act + told.more


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("given_names", " ", "booking.given_names_missing"),
        ("email", "nell@", "booking.email_wrong"),
        ("email", "", "booking.email_missing"),
        ("phone", "12", "booking.phone_wrong"),
        ("sex", "x", "booking.sex_missing"),
        ("year", "85", "portal.birth_year_wrong"),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_wrong_is_named_and_the_rest_is_kept(  # noqa: PLR0917
    client: Client,
    doctor: User,
    place: Location,
    type_: AppointmentType,
    field: str,
    value: str,
    wrong: str,
    language: str,
) -> None:
    answer = ask(client, type_, person(doctor, place, **{field: value}), language)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words.say(wrong, language) in page
    assert 'value="Newman"' in page
    assert not Hold.objects.exists()


def test_a_program_that_fills_the_hidden_field_gets_nothing(
    client: Client, doctor: User, place: Location, type_: AppointmentType
) -> None:
    answer = ask(client, type_, person(doctor, place, website="http://spam.example"))
    assert answer["Location"] == reverse("booking_sent")
    assert not Hold.objects.exists()
    assert not Message.objects.exists()


def test_one_address_cannot_hold_the_whole_day(
    client: Client, doctor: User, place: Location, type_: AppointmentType
) -> None:
    data = person(doctor, place)
    codes = [
        ask(client, type_, data | {"at": key(doctor, place, "09:00", SOON + n)}).status_code for n in range(6)
    ]
    assert codes[:4] == [302] * 4
    assert codes[-1] == 429
    assert Hold.objects.count() == 4


def test_the_owner_switches_new_people_off(
    client: Client, doctor: User, place: Location, type_: AppointmentType, rosa: Patient
) -> None:
    owner = testing.signed_in(Client(), testing.member(Role.OWNER))
    form = {
        "min_notice_hours": 12,
        "ahead_days": 90,
        "change_hours": 24,
        "hold_minutes": 60,
        "offer_hours": 4,
        "remind_hours": 48,
        "types": [type_.uid],
    }
    assert owner.post(reverse("booking_rules"), form | {"types": ["9" * 40]}).status_code == 422
    assert owner.post(reverse("booking_rules"), form | {"ahead_days": 0}).status_code == 422
    assert owner.post(reverse("booking_rules"), form).status_code == 302
    assert AuditEvent.objects.filter(action="booking_rules.changed").count() == 1
    assert ask(client, type_, person(doctor, place)).status_code == 404
    assert words.say("booking.not_online", "en") in client.get("/book/").content.decode()
    assert not Hold.objects.exists()
    assert ask(visiting(Client(), rosa), type_, {"at": key(doctor, place), "reason": ""}).status_code == 302


# One's own appointments -------------------------------------------------------------------------------


def test_a_patient_moves_and_cancels_within_the_rules(
    hers: Client, doctor: User, place: Location, type_: AppointmentType, rosa: Patient
) -> None:
    one = booked(doctor, rosa)
    where = {"uid": one.uid}
    assert hers.get(reverse("booking_mine_move", kwargs=where)).status_code == 200
    hers.post(reverse("booking_mine_move", kwargs=where), {"at": key(doctor, place, "11:00")})
    one.refresh_from_db()
    assert one.start == at("11:00")
    assert hers.post(reverse("booking_mine_cancel", kwargs=where), {"reason": ""}).status_code == 422
    hers.post(reverse("booking_mine_cancel", kwargs=where), {"reason": "ill"})
    one.refresh_from_db()
    assert (one.status, one.cancel_reason) == ("canceled", "ill")
    assert hers.get(reverse("booking_mine_one", kwargs=where)).status_code == 200
    templates = Message.objects.exclude(state="closed").values_list("template", flat=True)
    assert list(templates) == ["appointment_cancelled"]  # news of the move, not sent yet, was taken back


def test_a_taken_time_is_not_moved_to_and_others_are_offered(
    hers: Client, doctor: User, place: Location, rosa: Patient
) -> None:
    one, other = booked(doctor, rosa), _reached("Otto")
    booked(doctor, other, "11:00")
    answer = hers.post(
        reverse("booking_mine_move", kwargs={"uid": one.uid}), {"at": key(doctor, place, "11:00")}
    )
    assert answer.status_code == 409
    assert key(doctor, place, "10:00") in answer.content.decode()
    one.refresh_from_db()
    assert one.start == at("09:00")


def test_too_late_is_a_matter_for_the_phone(
    hers: Client, doctor: User, place: Location, rosa: Patient
) -> None:
    BookingRules(pk=1, change_hours=24 * 10).save()
    one = booked(doctor, rosa)
    page = hers.get(reverse("booking_mine_one", kwargs={"uid": one.uid})).content.decode()
    assert "tel:555-555-0100" in page
    for name, data in (("cancel", {"reason": "ill"}), ("move", {"at": key(doctor, place, "11:00")})):
        answer = hers.post(reverse(f"booking_mine_{name}", kwargs={"uid": one.uid}), data)
        assert answer.status_code == 409
    one.refresh_from_db()
    assert (one.status, one.start) == ("booked", at("09:00"))


def test_another_patient_finds_nothing(hers: Client, doctor: User, place: Location) -> None:
    other = booked(doctor, _reached("Otto"))
    for name in ("one", "move", "cancel", "calendar"):
        where = reverse(f"booking_mine_{name}", kwargs={"uid": other.uid})
        assert hers.get(where).status_code in {404, 405}
        assert hers.post(where, {"reason": "x", "at": key(doctor, place, "11:00")}).status_code in {404, 405}
    assert "Otto" not in hers.get(reverse("booking_mine")).content.decode()
    other.refresh_from_db()
    assert (other.status, other.start) == ("booked", at("09:00"))


def test_a_link_to_one_appointment_opens_no_other(doctor: User, rosa: Patient) -> None:
    one, other = booked(doctor, rosa), booked(doctor, rosa, "11:00")
    target = reverse("booking_mine_one", kwargs={"uid": one.uid})
    client = visiting(Client(), rosa, Scope.BOOKING, target=target)
    assert client.get(target).status_code == 200
    assert client.get(reverse("booking_mine_one", kwargs={"uid": other.uid})).status_code == 403
    assert str(other.uid) not in client.get(reverse("booking_mine")).content.decode()


def test_the_calendar_file_is_valid_and_says_nothing_of_health(
    hers: Client, doctor: User, place: Location, rosa: Patient
) -> None:
    testing.practice(name="Élan, Müller; Söhne " + "ü" * 40)
    one = booked(doctor, rosa, reason="sciatica")
    content = hers.get(reverse("booking_mine_calendar", kwargs={"uid": one.uid})).content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    text = content.replace(b"\r\n ", b"").decode()
    lines = dict(line.split(":", 1) for line in text.strip().split("\r\n"))
    assert lines["DTSTART"] == f"{one.start.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
    assert lines["SUMMARY"] == "Visit at Élan\\, Müller\\; Söhne " + "ü" * 40
    assert lines["LOCATION"].startswith("Main Street\\, 1 Elm St")
    assert {"VERSION", "PRODID", "UID", "DTSTAMP", "DTEND"} <= set(lines)
    assert "sciatica" not in text
    assert "Rosa" not in text
    one.status = Appointment.Status.CANCELED
    assert b"STATUS:CANCELLED" in calendar_file.calendar_file(one, "x")


# Reminders --------------------------------------------------------------------------------------------


def test_a_reminder_goes_out_in_time_and_follows_a_move(doctor: User, place: Location, rosa: Patient) -> None:
    desk = testing.member(Role.FRONT_DESK)
    one = services.book(desk, rosa, doctor, place, _kind(), at("09:00"))
    services.move(desk, one, doctor, place, at("11:00", SOON + 3))
    run_due(at("09:00") - dt.timedelta(hours=1))
    assert not Message.objects.filter(template="appointment_reminder").exists()
    run_due(at("11:00", SOON + 3) - dt.timedelta(hours=47))
    message = Message.objects.get(template="appointment_reminder")
    assert message.values["time"] == "11:00 AM"
    assert message.link


def test_a_canceled_appointment_is_not_reminded_of_unless_it_is_taken_back(
    doctor: User, place: Location, rosa: Patient
) -> None:
    desk = testing.member(Role.FRONT_DESK)
    one = services.book(desk, rosa, doctor, place, _kind(), at("09:00"))
    services.cancel(desk, one, "ill")
    assert not Job.objects.filter(kind="booking.remind", done_at=None).exists()
    services.undo(desk, one)
    run_due(at("09:00") - dt.timedelta(hours=3))
    assert Message.objects.filter(template="appointment_reminder").count() == 1
    assert not Message.objects.filter(template="appointment_cancelled").exclude(state="closed").exists()


# The waiting list -------------------------------------------------------------------------------------


def _waits(patient: Patient, **more: Any) -> WaitingEntry:
    return WaitingEntry.objects.create(patient=patient, type=_kind(), **more)


def test_a_time_that_frees_goes_to_the_first_it_fits_and_then_to_the_next(
    doctor: User, place: Location, rosa: Patient
) -> None:
    desk = testing.member(Role.FRONT_DESK)
    one = booked(doctor, rosa)
    _waits(_reached("Afternoon"), part="afternoon")
    _waits(testing.patient(given_names="Unreached"))
    first, second = _waits(_reached("Fern")), _waits(_reached("Sam"))
    services.cancel(desk, one, "ill")
    run_due()
    offer = WaitingOffer.objects.get()
    assert (offer.entry, offer.start) == (first, at("09:00"))
    assert Message.objects.filter(template="time_kept").get().patient == first.patient
    with pytest.raises(services.TakenError):
        services.book(desk, rosa, doctor, place, _kind(), at("09:00"))
    theirs = visiting(Client(), first.patient)
    where = reverse("booking_mine_offer", kwargs={"offer": offer.uid})
    assert theirs.get(where).status_code == 200
    theirs.post(where, {"answer": "no"})
    run_due()
    again = WaitingOffer.objects.get(answer="")
    assert again.entry == second
    where = reverse("booking_mine_offer", kwargs={"offer": again.uid})
    assert theirs.get(where).status_code == 404
    visiting(Client(), second.patient).post(where, {"answer": "yes"})
    assert Appointment.objects.get(status="booked").patient == second.patient
    assert WaitingEntry.objects.get(pk=second.pk).ended_at is not None
    assert not Hold.objects.exists()


def test_an_offer_without_an_answer_goes_on_and_is_then_too_late(
    doctor: User, place: Location, rosa: Patient
) -> None:
    one = booked(doctor, rosa)
    first, second = _waits(_reached("Fern")), _waits(_reached("Sam"))
    services.cancel(testing.member(Role.FRONT_DESK), one, "ill")
    run_due()
    offer = WaitingOffer.objects.get()
    Hold.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    Job.objects.filter(kind="booking.hold_over", done_at=None).update(run_after=timezone.now())
    run_due()
    run_due()
    assert WaitingOffer.objects.get(pk=offer.pk).answer == "late"
    assert WaitingOffer.objects.get(answer="").entry == second
    answer = visiting(Client(), first.patient).post(
        reverse("booking_mine_offer", kwargs={"offer": offer.uid}), {"answer": "yes"}
    )
    assert answer.status_code == 409
    assert not Appointment.objects.filter(status="booked").exists()


def test_hours_of_an_absence_that_ends_are_offered(doctor: User, place: Location) -> None:
    away = Absence.objects.create(clinician=doctor, start=at("09:00"), end=at("12:00"))
    entry = _waits(_reached("Fern"), weekdays=str(at("09:00").astimezone(ZONE).weekday()))
    services.remove_absence(testing.member(Role.FRONT_DESK), away)
    run_due()
    assert WaitingOffer.objects.get().entry == entry


def test_a_patient_joins_and_leaves_the_list(
    hers: Client, doctor: User, type_: AppointmentType, rosa: Patient
) -> None:
    form = {
        "type": str(type_.uid),
        "clinician": "",
        "location": "",
        "weekdays": ["0", "2"],
        "part": "morning",
    }
    assert hers.post(reverse("booking_mine_wait"), form | {"part": "x"}).status_code == 422
    hers.post(reverse("booking_mine_wait"), form)
    entry = WaitingEntry.objects.get()
    assert (entry.patient, entry.weekdays, entry.part) == (rosa, "02", "morning")
    assert hers.get(reverse("booking_mine")).status_code == 200
    other = visiting(Client(), _reached("Otto"))
    leave = reverse("booking_mine_wait_leave", kwargs={"entry": entry.uid})
    assert other.post(leave).status_code == 404
    hers.post(leave)
    entry.refresh_from_db()
    assert entry.ended_at is not None


# Two at once ------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_a_stranger_a_patient_and_an_offer_at_once_one_has_the_time(
    doctor: User, place: Location, rosa: Patient
) -> None:
    slot, kind = online.Slot(at("09:00"), at("10:00"), doctor, place), _kind()
    nell = requests.Person(
        "Nell", "Newman", dt.date(1985, 2, 3), "female", "", "n@example.test", "email", "en"
    )
    until = timezone.now() + dt.timedelta(hours=1)
    acts = (
        lambda: requests.ask(slot, kind, nell),
        lambda: services.book(None, rosa, doctor, place, kind, slot.start),
        lambda: requests.hold(slot, kind, until),
    )
    gate, answers = threading.Barrier(len(acts)), list[object]()

    def run(act: Any) -> None:
        gate.wait(timeout=20)
        try:
            answers.append(act())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    refused = [one for one in answers if isinstance(one, services.TakenError)]
    assert (len(answers), len(refused)) == (3, 2), answers
    assert Hold.objects.count() + Appointment.objects.count() == 1


# Words ------------------------------------------------------------------------------------------------


def test_the_words_read_easily_in_both_languages() -> None:
    told = [one for name, one in words.words().items() if name.startswith("booking.")]
    sentences = [one for one in told if one["en"].endswith((".", "?")) and len(one["en"].split()) > 4]
    assert len(sentences) > 30
    filled = [{code: re.sub(r"\{\w+\}", "3", text) for code, text in one.items()} for one in sentences]
    assert grade([one["en"] for one in filled]) <= 6
    assert spanish_ease([one["es"] for one in filled]) >= 70
    assert all(grade([one["en"]]) <= 9 for one in filled)


def test_no_english_stands_on_a_spanish_page(
    hers: Client, doctor: User, place: Location, type_: AppointmentType, rosa: Patient
) -> None:
    one, entry = booked(doctor, rosa, "11:00"), _waits(rosa)
    kept = requests.hold(
        online.Slot(at("10:00"), at("11:00"), doctor, place), type_, timezone.now() + dt.timedelta(hours=1)
    )
    offer = WaitingOffer.objects.create(entry=entry, clinician=doctor, start=kept.start, hold=kept)
    ask(Client(), type_, person(doctor, place))
    english = {
        text["en"]
        for name, text in words.words().items()
        if name.startswith("booking.") and "{" not in text["en"] and len(text["en"].split()) > 1
    }
    days = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
    pages = [
        (Client(), "/book/"),
        (Client(), f"{reverse('booking_times')}?type={type_.uid}"),
        (Client(), f"{reverse('booking_visit')}?type={type_.uid}&at={key(doctor, place, '09:00', SOON + 1)}"),
        (Client(), f"{reverse('booking_visit')}?type={type_.uid}&at={key(doctor, place)}"),
        (Client(), reverse("booking_sent")),
        (Client(), link()),
        (Client(), reverse("booking_confirm", kwargs={"token": "x"})),
        (hers, reverse("booking_mine")),
        (hers, reverse("booking_mine_one", kwargs={"uid": one.uid})),
        (hers, reverse("booking_mine_move", kwargs={"uid": one.uid})),
        (hers, reverse("booking_mine_wait")),
        (hers, reverse("booking_mine_offer", kwargs={"offer": offer.uid})),
    ]
    for client, address in pages:
        page = client.get(
            address, headers={"accept-language": "es"}, data=None if "?" in address else {"lang": "es"}
        )
        text = re.sub(r"<[^>]+>", "\n", page.content.decode())
        found = {line.strip() for line in text.splitlines()} & english
        assert not found, (address, found)
        assert not re.search(rf"\b({days}|January|AM|PM)\b", text), address


def test_an_entry_ends_with_what_was_offered(doctor: User, place: Location, rosa: Patient) -> None:
    entry = _waits(rosa)
    assert waiting.offer_free(doctor, slots.Span(at("09:00"), at("12:00"))) == 1
    visiting(Client(), rosa).post(reverse("booking_mine_wait_leave", kwargs={"entry": entry.uid}))
    assert not Hold.objects.exists()
    assert WaitingOffer.objects.get().answer == "declined"
