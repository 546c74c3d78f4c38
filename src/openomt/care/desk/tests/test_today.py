"""The day: what is not ready, to whom it is shown, and how little it asks of the database."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.booking import slots
from openomt.care.booking.models import Absence, Appointment, WorkingHours
from openomt.care.desk import today_safety
from openomt.care.desk.today import Day, Gap, Note, Row, gather
from openomt.care.followup.services import open_task
from openomt.care.intake import services as intake
from openomt.care.intake.models import Intake
from openomt.care.patients.facts import known, rows_of
from openomt.care.patients.models import (
    BoneDensityEntry,
    Course,
    FactAnswer,
    MedicineEntry,
    Patient,
    PregnancyEntry,
    ProblemEntry,
    SurgeryEntry,
    VitalsEntry,
)
from openomt.care.visits.models import Order, SignedVisit, Visit, VisitRegion
from openomt.medicine.anatomy import Region
from openomt.medicine.safety.values import PlannedItem

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db
ZONE = zoneinfo.ZoneInfo("America/New_York")
DAY = dt.date(2026, 11, 23)
NOW = slots.at(DAY, dt.time(9, 40), ZONE)
S = Appointment.Status


def at(clock: str, day: dt.date = DAY) -> dt.datetime:
    return slots.at(day, dt.time.fromisoformat(clock), ZONE)


@pytest.fixture(autouse=True)
def zone() -> Any:
    testing.practice(zone="America/New_York")
    with timezone.override(ZONE):
        yield


@pytest.fixture
def doctor() -> User:
    return testing.member(Role.PHYSICIAN, name="Ada Example")


def visit(patient: Patient, number: int, who: User, state: str = "signed", **more: Any) -> Visit:
    techniques = more.pop("techniques", ())
    made = Visit.objects.create(
        patient=patient,
        clinician=who,
        number=number,
        state=state,
        **({"date": DAY - dt.timedelta(days=30 - number), "saved_at": at("09:12")} | more),
    )
    if state in ("signed", "awaiting"):
        SignedVisit.objects.create(
            visit=made,
            schema=1,
            document="{}",
            sha256="0",
            note="",
            signed_by=who,
            signed_as="x",
            signed_at=at("08:58"),
        )
    for region, names in techniques:
        VisitRegion.objects.create(visit=made, region=region, state="dysfunction", techniques=names)
    return made


def order(patient: Patient, by: User, **more: Any) -> Order:
    return Order.objects.create(
        patient=patient, ordered_by=by, **({"kind": "imaging", "text": "Lumbar film"} | more)
    )


def look(user: User, *, mine: bool = True, day: dt.date = DAY, now: dt.datetime = NOW) -> Day:
    return gather(User.objects.get(pk=user.pk), day, mine=mine, now=now, zone=ZONE)


def only(user: User) -> Row:
    [row] = look(user).rows
    return row


def kinds(row: Row) -> list[str]:
    return [note.kind for note in row.notes]


# -- what is not ready ---------------------------------------------------------------------------------------

HVLA = (("cervical", "HVLA,ME"),)


def _nothing(patient: Patient, doctor: User, one: Appointment) -> None:
    """A patient without anything on record."""


def _seen_before(patient: Patient, doctor: User, one: Appointment) -> None:
    visit(patient, 1, doctor, techniques=HVLA)


def _anticoagulant(patient: Patient, doctor: User, one: Appointment) -> None:
    MedicineEntry.objects.create(patient=patient, text="warfarin 5 mg daily")
    visit(patient, 1, doctor, techniques=HVLA)


def _anticoagulant_no_thrust(patient: Patient, doctor: User, one: Appointment) -> None:
    MedicineEntry.objects.create(patient=patient, text="warfarin 5 mg daily")
    visit(patient, 1, doctor, techniques=HVLA)
    visit(patient, 2, doctor, techniques=(("thoracic", "MFR"),))


def _entered_in_error(patient: Patient, doctor: User, one: Appointment) -> None:
    MedicineEntry.objects.create(patient=patient, text="warfarin 5 mg daily", in_error=True)
    visit(patient, 1, doctor, techniques=HVLA)


def _red_flag(patient: Patient, doctor: User, one: Appointment) -> None:
    ProblemEntry.objects.create(patient=patient, text="saddle numbness and new urinary retention")


def _holding(patient: Patient, doctor: User, one: Appointment) -> None:
    order(patient, doctor, holds=True)


def _holding_result(patient: Patient, doctor: User, one: Appointment) -> None:
    order(patient, doctor, holds=True, state="result")


def _result(patient: Patient, doctor: User, one: Appointment) -> None:
    order(patient, doctor, state="result")


def _read(patient: Patient, doctor: User, one: Appointment) -> None:
    order(patient, doctor, state="read", holds=True)
    order(patient, doctor, state="canceled", holds=True)
    order(patient, doctor, state="ordered")


def _draft(patient: Patient, doctor: User, one: Appointment) -> None:
    visit(patient, 1, doctor, "draft", appointment=one, date=DAY)


def _signed(patient: Patient, doctor: User, one: Appointment) -> None:
    MedicineEntry.objects.create(patient=patient, text="warfarin 5 mg daily")
    visit(patient, 1, doctor, appointment=one, date=DAY, techniques=HVLA)


def _awaiting(patient: Patient, doctor: User, one: Appointment) -> None:
    visit(patient, 1, testing.member(Role.TRAINEE, name="Lee"), "awaiting", appointment=one, date=DAY)


def _awaiting_before(patient: Patient, doctor: User, one: Appointment) -> None:
    visit(patient, 1, testing.member(Role.TRAINEE, name="Lee"), "awaiting")


def _abandoned(patient: Patient, doctor: User, one: Appointment) -> None:
    visit(patient, 1, doctor, "abandoned", date=DAY)


def _review(patient: Patient, doctor: User, one: Appointment) -> None:
    Course.objects.create(
        patient=patient, title="Back", started_on=DAY, planned_visits=6, review_on=DAY - dt.timedelta(days=2)
    )


def _review_later(patient: Patient, doctor: User, one: Appointment) -> None:
    soon = DAY + dt.timedelta(days=1)
    Course.objects.create(patient=patient, title="Back", started_on=DAY, planned_visits=6, review_on=soon)
    Course.objects.create(
        patient=patient, title="Neck", started_on=DAY, planned_visits=6, review_on=DAY, ended_on=DAY
    )


def _intake(patient: Patient, doctor: User, one: Appointment) -> None:
    intake.open_one(patient, one)


def _intake_begun(patient: Patient, doctor: User, one: Appointment) -> None:
    Intake.objects.filter(pk=intake.open_one(patient).pk).update(started_at=at("08:00"))


def _intake_over(patient: Patient, doctor: User, one: Appointment) -> None:
    Intake.objects.create(patient=patient, state=Intake.State.DONE)
    Intake.objects.create(patient=patient, state=Intake.State.WITHDRAWN)


def _intake_for_later(patient: Patient, doctor: User, one: Appointment) -> None:
    later = testing.appointment(patient=patient, clinician=doctor, start=at("09:30") + dt.timedelta(days=7))
    intake.open_one(patient, later)


def _intake_signed(patient: Patient, doctor: User, one: Appointment) -> None:
    intake.open_one(patient, one)
    visit(patient, 1, doctor, appointment=one, date=DAY)


def _everything(patient: Patient, doctor: User, one: Appointment) -> None:
    for act in (_review, _draft, _result, _holding, _red_flag):
        act(patient, doctor, one)
    MedicineEntry.objects.create(patient=patient, text="warfarin 5 mg daily")
    visit(patient, 2, doctor, techniques=HVLA)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (_nothing, ["ready: Ready"]),
        (_seen_before, ["ready: Ready"]),
        (_anticoagulant, ["absolute: HVLA cervical: do not use (Takes an anticoagulant)"]),
        (_anticoagulant_no_thrust, ["ready: Ready"]),  # what was done last counts
        (_entered_in_error, ["ready: Ready"]),
        (_red_flag, ["stop: Stop: Cauda equina syndrome (L1: Emergency department, MRI now)"]),
        (_holding, ["hold: Hold: waits for a result (Lumbar film)"]),
        (_holding_result, ["hold: Hold: read the result first (Lumbar film)"]),
        (_result, ["result: Result to read (Lumbar film)"]),
        (_read, ["ready: Ready"]),
        (_draft, ["draft: Draft, not signed (Saved 9:12 AM)"]),
        (_signed, ["signed: Signed 8:58 AM"]),
        (_awaiting, ["cosign: Awaiting co-signature (Signed 8:58 AM by Lee)"]),
        (_awaiting_before, ["cosign: Visit 1 awaits co-signature (25 Oct, Lee)"]),
        (_abandoned, ["ready: Ready"]),
        (_review, ["review: Course review due (Planned for 21 Nov)"]),
        (_review_later, ["ready: Ready"]),
        (_intake, ["intake: Intake not done (Not begun)"]),
        (_intake_begun, ["intake: Intake not done (Begun, not sent)"]),
        (_intake_over, ["ready: Ready"]),
        (_intake_for_later, ["ready: Ready"]),
        (_intake_signed, ["signed: Signed 8:58 AM"]),
    ],
)
def test_what_is_not_ready_is_said(given: Any, expected: list[str], doctor: User) -> None:
    patient = testing.patient()
    one = testing.appointment(patient=patient, clinician=doctor, start=at("09:30"))
    given(patient, doctor, one)
    said = [f"{n.kind}: {n.words}" + (f" ({n.detail})" if n.detail else "") for n in only(doctor).notes]
    assert said == expected


def test_the_worst_stands_first(doctor: User) -> None:
    patient = testing.patient()
    one = testing.appointment(patient=patient, clinician=doctor, start=at("09:30"))
    _everything(patient, doctor, one)
    assert kinds(only(doctor)) == [
        "stop",
        "hold",
        "result",
        "draft",
        "review",
    ]  # a stop stops every technique
    ProblemEntry.objects.update(in_error=True)
    assert kinds(only(doctor)) == ["absolute", "hold", "result", "draft", "review"]


def test_what_wants_a_look_is_counted(doctor: User) -> None:
    for clock, given in (("08:00", _nothing), ("08:30", _red_flag), ("09:00", _result), ("09:30", _draft)):
        patient = testing.patient()
        given(patient, doctor, testing.appointment(patient=patient, clinician=doctor, start=at(clock)))
    day = look(doctor)
    assert (day.coming, day.looks) == (4, 2)


@pytest.mark.parametrize(
    ("visits", "weeks", "expected"),
    [(0, None, "First visit"), (3, None, "Visit 4"), (3, 16, "Visit 4, 24 wk pregnant")],
)
def test_the_number_of_the_visit_is_said(visits: int, weeks: int | None, expected: str, doctor: User) -> None:
    patient = testing.patient()
    testing.appointment(patient=patient, clinician=doctor, start=at("09:30"), reason="Mid-back")
    for number in range(1, visits + 1):
        visit(patient, number, doctor)
    if weeks is not None:
        PregnancyEntry.objects.create(patient=patient, due_date=DAY + dt.timedelta(weeks=weeks))
    row = only(doctor)
    assert (row.reason, row.line) == ("Mid-back", expected)


# -- the order of the day ------------------------------------------------------------------------------------


def test_patients_stand_in_order_with_what_lies_between(doctor: User) -> None:
    for clock in ("09:30", "08:30"):
        testing.appointment(clinician=doctor, start=at(clock))
    testing.appointment(clinician=doctor, start=at("10:30"), status=S.CANCELED)
    testing.appointment(start=at("09:00"))  # somebody else's
    Absence.objects.create(clinician=doctor, start=at("12:00"), end=at("13:00"), words="lunch")
    WorkingHours.objects.create(
        clinician=doctor, location=testing.location(), weekday=0, start=dt.time(8, 30), end=dt.time(13)
    )
    lines = [one.words if isinstance(one, Gap) else one.time for one in look(doctor).lines]
    assert lines == [
        "8:30 AM",
        "9:30 AM",  # what was free before is past
        "10:00 AM to 12:00 PM, free",
        "12:00 PM to 1:00 PM, lunch",
    ]


def test_everyone_shows_all_clinicians(doctor: User) -> None:
    testing.appointment(clinician=doctor, start=at("09:30"))
    testing.appointment(start=at("09:00"))
    assert [row.time for row in look(doctor, mine=False).rows] == ["9:00 AM", "9:30 AM"]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (S.DONE, S.BOOKED, ["9:30 AM"]),
        (S.WITH_CLINICIAN, S.BOOKED, ["9:00 AM"]),  # late: who is inside is now
        (S.BOOKED, S.BOOKED, ["9:30 AM"]),
        (S.DONE, S.NO_SHOW, []),
        (S.DONE, S.DONE, []),
    ],
)
def test_whose_turn_it_is_is_marked(first: str, second: str, expected: list[str], doctor: User) -> None:
    testing.appointment(clinician=doctor, start=at("09:00"), status=first)
    testing.appointment(clinician=doctor, start=at("09:30"), status=second)
    assert [row.time for row in look(doctor).rows if row.now] == expected


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (dt.date(2026, 11, 1), ("00:30", "12:30 AM"), ("23:30", "11:30 PM")),
        (dt.date(2026, 3, 8), ("00:30", "12:30 AM"), ("23:30", "11:30 PM")),
        (DAY, ("00:00", "12:00 AM"), ("23:55", "11:55 PM")),
    ],
)
def test_a_day_is_that_of_the_practice(
    day: dt.date, first: tuple[str, str], last: tuple[str, str], doctor: User
) -> None:
    for clock in (first[0], last[0]):
        testing.appointment(clinician=doctor, start=at(clock, day), minutes=5)
    for other in (-1, 1):
        testing.appointment(clinician=doctor, start=at("12:00", day + dt.timedelta(days=other)))
    rows = look(doctor, day=day).rows
    assert [row.time for row in rows] == [first[1], last[1]]


def test_drafts_of_other_days_cosignatures_and_results_wait_at_the_side(doctor: User) -> None:
    trainee = testing.member(Role.TRAINEE, name="Lee")
    old = visit(testing.patient(), 1, doctor, "draft")
    visit(testing.patient(), 1, doctor, "draft", date=DAY)
    to_cosign = visit(testing.patient(), 1, trainee, "awaiting")
    visit(testing.patient(), 1, doctor, "awaiting")  # one's own
    result = order(testing.patient(), doctor, state="result")
    order(testing.patient(), trainee, state="result")
    day = look(doctor)
    assert [one.uid for one in day.to_sign] == [old.uid]
    assert [one.uid for one in day.to_cosign] == [to_cosign.uid]
    assert [one.uid for one in day.results] == [result.uid]
    assert len(look(doctor, mine=False).results) == 2
    assert look(trainee).to_cosign == ()


# -- who sees what -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.OWNER])
def test_who_reads_no_charts_sees_no_clinical_word(role: Role, client: Client, doctor: User) -> None:
    patient = testing.patient()
    one = testing.appointment(patient=patient, clinician=doctor, start=at("09:30"), reason="secret reason")
    _everything(patient, doctor, one)
    Appointment.objects.filter(pk=one.pk).update(status=S.ROOMED, room="2", status_at=at("09:26"))
    testing.signed_in(client, testing.member(role))
    shown = client.get(reverse("today"), {"day": DAY.isoformat()}).content.decode()
    assert patient.name in shown
    assert "Room 2 since 9:26 AM" in shown
    for word in (
        "secret",
        "Cauda",
        "HVLA",
        "Lumbar film",
        "Draft",
        "review",
        "Open visit",
        "Result",
        "Visit 2",
    ):
        assert word not in shown


def test_a_restricted_chart_is_closed_until_it_is_opened_with_a_reason(doctor: User) -> None:
    patient = testing.patient(restricted=True)
    one = testing.appointment(patient=patient, clinician=doctor, start=at("09:30"), reason="secret")
    _everything(patient, doctor, one)
    day = look(doctor)
    [row] = day.rows
    assert (row.closed, row.reason, row.notes, row.visit) == (True, "", (), "")
    assert day.results == ()
    patient.care_team.add(doctor)
    row = only(doctor)
    assert (row.closed, row.reason) == (False, "secret")
    assert row.notes[0].kind == "stop"


@pytest.mark.parametrize("role", list(Role))
def test_the_day_is_open_to_who_sees_or_receives_patients(client: Client, role: Role) -> None:
    testing.signed_in(client, testing.member(role))
    allowed = {Role.OWNER, Role.PHYSICIAN, Role.TRAINEE, Role.FRONT_DESK}
    assert (client.get(reverse("today")).status_code == 200) == (role in allowed)


def test_looking_is_audited_once_in_a_while(client: Client, doctor: User) -> None:
    testing.signed_in(client, doctor)
    for _ in range(3):
        client.get(reverse("today"), {"day": DAY.isoformat()})
    client.get(reverse("today"), {"day": DAY.isoformat(), "who": "everyone"})
    events = AuditEvent.objects.filter(action="day.read").order_by("pk")
    assert [one.subject for one in events] == [f"day:{DAY}:mine", f"day:{DAY}:everyone"]


# -- the page ------------------------------------------------------------------------------------------------


@pytest.fixture
def page(client: Client, doctor: User) -> Any:
    testing.signed_in(client, doctor)

    def get(**query: str) -> str:
        answer = client.get(reverse("today"), {"day": DAY.isoformat()} | query)
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def test_a_row_offers_the_next_step_and_the_visit(page: Any, client: Client, doctor: User) -> None:
    one = testing.appointment(clinician=doctor, start=at("09:30"))
    shown = page()
    assert reverse("visit_new", args=[one.patient.uid]) in shown
    assert f'name="appointment" value="{one.uid}"' in shown
    assert '<input type="hidden" name="status" value="arrived">' in shown
    assert "did not come" not in shown.lower()  # that is asked for on the appointment's page
    client.post(reverse("appointment_status", args=[one.uid]), {"status": "arrived"})
    assert f'aria-label="Room for {one.patient.name}"' in page()


def test_a_visit_that_is_there_is_gone_on_with(page: Any, doctor: User) -> None:
    one = testing.appointment(clinician=doctor, start=at("09:30"))
    draft = visit(one.patient, 1, doctor, "draft", appointment=one, date=DAY)
    shown = page()
    assert reverse("visit", args=[draft.uid]) in shown
    assert reverse("visit_new", args=[one.patient.uid]) not in shown


def test_kept_rows_hold_no_token_of_another_session(page: Any, client: Client, doctor: User) -> None:
    testing.appointment(clinician=doctor, start=at("09:30"))
    page()
    other = testing.signed_in(Client(), doctor)
    shown = other.get(reverse("today"), {"day": DAY.isoformat()}).content.decode()
    tokens = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown))
    assert len(tokens) >= 1
    assert "<!--csrf-->" not in shown
    secret = other.cookies["csrftoken"].value
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = other.cookies
    one = Appointment.objects.get()
    answer = strict.post(
        reverse("appointment_status", args=[one.uid]),
        {"status": "arrived", "csrfmiddlewaretoken": tokens.pop()},
    )
    assert secret
    assert answer.status_code == 302


def test_who_needs_an_answer_stands_beside_the_day(page: Any) -> None:
    for number in range(10):
        open_task(
            None,
            testing.patient(),
            "U",
            f"Question {number}",
            due_at=timezone.now() + dt.timedelta(hours=number),
        )
    shown = page()
    assert shown.count('<article class="q') == 8
    assert "All of them" in shown


def test_an_empty_day_says_what_to_do_next(page: Any) -> None:
    shown = page()
    assert "Nobody is booked with you" in shown
    assert reverse("appointment_new") in shown
    assert "Nobody waits for an answer" in shown


@pytest.mark.parametrize("day", ["x", "0001-01-01", "9999-12-31", "99999-01-01", "2026-02-30", "<b>", "🙂"])
def test_an_odd_day_shows_today(page: Any, day: str) -> None:
    local = timezone.localdate()
    assert f"{local.day} {local:%B}" in page(day=day)


def test_words_of_any_kind_are_escaped(page: Any, doctor: User) -> None:
    patient = testing.patient(given_names="<script>alert(1)</script>", family_name="مرحبا 🙂")
    testing.appointment(
        patient=patient, clinician=doctor, start=at("09:30"), reason="<img src=x onerror=alert(1)>"
    )
    shown = page()
    assert "<script>alert" not in shown
    assert "<img" not in shown
    assert "مرحبا 🙂" in shown


# -- how little it asks --------------------------------------------------------------------------------------


def _busy_day(doctor: User, count: int) -> None:
    for place in range(count):
        patient = testing.patient()
        MedicineEntry.objects.create(patient=patient, text="warfarin 5 mg daily")
        one = testing.appointment(
            patient=patient, clinician=doctor, start=at("07:00") + dt.timedelta(minutes=30 * place)
        )
        visit(patient, 1, doctor, techniques=HVLA)
        visit(patient, 2, doctor, "draft", appointment=one, date=DAY)
        order(patient, doctor, state="result")


def test_the_number_of_queries_does_not_grow_with_patients(
    page: Any, doctor: User, django_assert_max_num_queries: Any
) -> None:
    _busy_day(doctor, 20)
    page()
    with django_assert_max_num_queries(15):  # four of them by the site: session, person, roles, practice
        page()


def test_nobody_is_judged_twice_while_nothing_changes(doctor: User) -> None:
    _busy_day(doctor, 3)
    today_safety.judged.cache_clear()
    look(doctor)
    asked = today_safety.judged.cache_info().misses
    look(doctor)
    assert (asked, today_safety.judged.cache_info().misses) == (3, 3)
    MedicineEntry.objects.filter(patient__appointments__clinician=doctor).update(in_error=True)
    assert {kind for row in look(doctor).rows for kind in kinds(row)} == {"result", "draft"}


def test_facts_read_for_many_are_the_facts_of_each(doctor: User) -> None:
    first, second = testing.patient(), testing.patient(sex="male", birth_date=dt.date(1950, 1, 2))
    for patient in (first, second):
        ProblemEntry.objects.create(
            patient=patient, text="osteoporosis", code="M81.0", onset="2015", over=False
        )
        ProblemEntry.objects.create(patient=patient, text="migraine", resolved="2020-03", over=True)
        MedicineEntry.objects.create(
            patient=patient, text="prednisone 10 mg", started="2020", stopped="2031-01-01"
        )
        SurgeryEntry.objects.create(patient=patient, text="lumbar fusion", on="2026-10-01")
        PregnancyEntry.objects.create(patient=patient, due_date=dt.date(2027, 3, 1))
        PregnancyEntry.objects.create(
            patient=patient, due_date=dt.date(2020, 1, 1), ended_on=dt.date(2020, 1, 3)
        )
        BoneDensityEntry.objects.create(patient=patient, t_score=-2.7, site="hip", on="2024-05")
        VitalsEntry.objects.create(patient=patient, on=DAY, systolic=190, diastolic=115, temperature=36.6)
        VitalsEntry.objects.create(
            patient=patient, on=dt.date(2020, 1, 1), systolic=120, diastolic=70, pulse=60
        )
        FactAnswer.objects.create(patient=patient, code="anticoagulant", answer="no")
        FactAnswer.objects.create(patient=patient, code="anticoagulant", answer="yes")
        MedicineEntry.objects.create(patient=patient, text="warfarin", in_error=True)
    entries = today_safety.entries_of([first.pk, second.pk])
    for patient in (first, second):
        rows = today_safety.rows_from(entries[patient.pk])
        alone = known(patient, DAY, rows_of(patient))
        assert known(patient, DAY, rows) == alone
        assert alone.has("anticoagulant")
        assert alone.has("osteoporosis")


def test_nobody_on_the_list_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert today_safety.entries_of([]) == {}


@pytest.mark.parametrize(
    ("treated", "expected"),
    [
        ((("cervical", "HVLA,ME"),), [("HVLA", Region.CERVICAL), ("ME", Region.CERVICAL)]),
        ((("rib", "BLT"), ("rib", "BLT")), [("BLT", Region.RIB)]),
        ((("head", " OCMM , no such technique"),), [("OCMM", Region.HEAD)]),
        ((), []),
    ],
)
def test_what_was_done_last_is_the_plan_that_is_judged(
    treated: today_safety.Treated, expected: list[tuple[str, Region]]
) -> None:
    assert today_safety.plan_from(treated) == tuple(PlannedItem(code, region) for code, region in expected)


def test_every_kind_of_note_has_a_shape_and_a_word() -> None:
    assert {Note(kind, "x").shape for kind in ("stop", "absolute", "hold", "ready")} == {
        "stop",
        "avoid",
        "caution",
        "check",
    }


# -- in Chromium ---------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_step_is_taken_by_keyboard_without_losing_the_place(
    open_page: Callable[..., Page], no_serious_axe: Callable[[Page], None]
) -> None:
    testing.practice(zone="America/New_York")
    doctor = testing.member(Role.PHYSICIAN, name="Ada Example")
    one = testing.appointment(clinician=doctor, start=at("09:30"))
    open_task(None, testing.patient(), "U", "Tingling", due_at=timezone.now() + dt.timedelta(hours=3))
    page = open_page(doctor, f"/today?day={DAY}", width=390)
    page.evaluate("window.sameDocument = true")
    for button, state in (
        ("Arrived", "Arrived since"),
        ("To a room", "Room 2 since"),
        ("Start", "With the clinician"),
    ):
        if button == "To a room":
            page.get_by_label(f"Room for {one.patient.name}").fill("2")
        page.get_by_role("button", name=f"{button} {one.patient.name}").press("Enter")
        page.get_by_text(state).wait_for()
        assert page.evaluate("window.sameDocument"), "the whole page was loaded anew"
        assert page.evaluate("document.activeElement.id") == f"step-{one.uid}"
    one.refresh_from_db()
    assert (one.status, one.room) == ("seen", "2")
    no_serious_axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "dark"), [(390, True), (820, False), (1440, False)])
def test_no_serious_axe_findings(
    open_page: Callable[..., Page], no_serious_axe: Callable[[Page], None], width: int, dark: bool
) -> None:
    testing.practice(zone="America/New_York")
    doctor = testing.member(Role.PHYSICIAN, name="Ada Example")
    for clock, given in (("08:00", _signed), ("08:30", _everything), ("09:00", _result), ("10:00", _nothing)):
        patient = testing.patient(
            family_name="Averyveryverylongfamilynamewithoutanyblank" if given is _result else "Example"
        )
        given(patient, doctor, testing.appointment(patient=patient, clinician=doctor, start=at(clock)))
    task = open_task(None, testing.patient(), "E", "Face droops", words="since this morning")
    page = open_page(doctor, f"/today?day={DAY}", width=width, dark=dark)
    for path in (None, "/answers", f"/answers/{task.uid}", "/answers/new"):
        if path:
            page.goto(path)
        no_serious_axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
