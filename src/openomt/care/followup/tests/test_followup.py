"""Tasks: their clock, their owner, how they end, and who may read their words."""

from __future__ import annotations

import datetime as dt
import threading
import zoneinfo
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.accounts.locks import BACKGROUND
from openomt.care.accounts.middleware import SEEN
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.booking import slots
from openomt.care.followup import clock, services
from openomt.care.followup.deadlines import NoDeadlineError, after_working, deadline
from openomt.care.followup.models import Task
from openomt.care.followup.services import TaskError
from openomt.medicine.triage.tables import triage_tables

ZONE = zoneinfo.ZoneInfo("America/New_York")
MONDAY = dt.date(2026, 11, 23)
U = Task.Urgency


def at(text: str, day: dt.date = MONDAY) -> dt.datetime:
    return slots.at(day, dt.time.fromisoformat(text), ZONE)


def week(*stretches: tuple[str, str]) -> list[slots.Hours]:
    return [
        slots.Hours(weekday, dt.time.fromisoformat(first), dt.time.fromisoformat(last), 1)
        for weekday in range(5)
        for first, last in stretches
    ]


# -- by when -------------------------------------------------------------------------------------------------

TUESDAY, FRIDAY = MONDAY + dt.timedelta(days=1), MONDAY + dt.timedelta(days=4)


@pytest.mark.parametrize(
    ("now", "hours", "stretches", "expected"),
    [
        (at("09:00"), 4, [("08:00", "17:00")], at("13:00")),
        (at("16:00"), 4, [("08:00", "17:00")], at("11:00", TUESDAY)),
        (at("11:00"), 4, [("08:00", "12:00"), ("13:00", "17:00")], at("16:00")),
        (at("06:00"), 1, [("08:00", "17:00")], at("09:00")),
        (at("20:00"), 1, [("08:00", "17:00")], at("09:00", TUESDAY)),
        (at("16:30", FRIDAY), 4, [("08:00", "17:00")], at("11:30", MONDAY + dt.timedelta(days=7))),
        (
            at("09:00"),
            4,
            [("08:00", "12:00"), ("10:00", "17:00")],
            at("13:00"),
        ),  # two clinicians, one practice
        (at("09:00"), 4, [], at("13:00")),  # nobody set any hours: the plain clock
    ],
)
def test_working_hours_are_those_in_which_the_practice_is_open(
    now: dt.datetime, hours: float, stretches: list[tuple[str, str]], expected: dt.datetime
) -> None:
    assert after_working(now, hours, week(*stretches), ZONE) == expected


def test_working_hours_over_the_clock_change_stand_by_the_wall_clock() -> None:
    friday, monday = dt.date(2026, 10, 30), dt.date(2026, 11, 2)
    assert after_working(at("16:00", friday), 2, week(("08:00", "17:00")), ZONE) == at("09:00", monday)


@pytest.mark.django_db
@pytest.mark.parametrize(("urgency", "result"), [(U.EMERGENCY, "E"), (U.SAME_DAY, "U"), (U.CALL, "office")])
def test_the_hours_of_a_deadline_come_from_the_knowledge(urgency: str, result: str) -> None:
    testing.practice(zone="America/New_York")
    known = triage_tables().results[result].deadline
    assert known is not None
    assert deadline(urgency, at("09:00")) == at("09:00") + dt.timedelta(hours=known.hours)


@pytest.mark.django_db
def test_a_question_has_no_deadline_unless_somebody_says_one() -> None:
    with pytest.raises(NoDeadlineError, match="Say by when"):
        services.open_task(None, testing.patient(), U.ROUTINE, "May I run?")
    assert not Task.objects.exists()


# -- the clock -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opened", "due", "now", "words"),
    [
        (at("09:00"), at("13:00"), at("12:48"), "0:12 left of 4 h"),
        (at("09:00"), at("13:00"), at("11:12"), "1:48 left of 4 h"),
        (at("09:00"), at("13:00"), at("13:00"), "0:00 left of 4 h"),
        (at("09:00"), at("13:00"), at("13:25"), "0:25 too late"),
        (at("09:00"), at("13:00"), at("15:00", TUESDAY + dt.timedelta(days=1)), "2 d too late"),
        (at("09:00"), at("09:00"), at("09:03"), "Now since 9:00 AM"),
        (at("00:10"), at("23:30"), at("00:20"), "Today 11:30 PM"),
        (at("09:00"), at("12:00", TUESDAY), at("09:00"), "Tue 24 Nov, 12:00 PM"),
        (at("09:00"), at("12:00", MONDAY + dt.timedelta(days=20)), at("09:00"), "13 Dec 12:00 PM"),
        (at("09:00"), at("10:30"), at("09:30"), "1:00 left of 1.5 h"),
        (at("09:00"), at("09:30"), at("09:10"), "0:20 left of 30 min"),
    ],
)
def test_the_clock_is_said_in_words(
    opened: dt.datetime, due: dt.datetime, now: dt.datetime, words: str
) -> None:
    assert clock.read(opened, due, now, ZONE).spoken == words


@pytest.mark.parametrize(
    ("now", "gone", "presses", "late"),
    [
        ("09:00", 0, False, False),
        ("11:00", 0.5, False, False),
        ("12:00", 0.75, True, False),
        ("14:00", 1, True, True),
    ],
)
def test_the_last_quarter_presses(now: str, gone: float, presses: bool, late: bool) -> None:
    read = clock.read(at("09:00"), at("13:00"), at(now), ZONE)
    assert (read.gone, read.presses, read.late) == (gone, presses, late)


# -- who does it ---------------------------------------------------------------------------------------------


def task(**more: Any) -> Task:
    values: dict[str, Any] = {"due_at": timezone.now() + dt.timedelta(hours=4)} | more
    patient = values.pop("patient", None) or testing.patient()
    return services.open_task(
        None, patient, values.pop("urgency", U.SAME_DAY), values.pop("title", "Tingling"), **values
    )


@pytest.mark.django_db
def test_a_task_is_taken_handed_over_and_closed_and_each_step_is_audited() -> None:
    one, nurse, doctor = (
        task(words="secret words"),
        testing.member(Role.FRONT_DESK),
        testing.member(Role.PHYSICIAN),
    )
    assert services.take(nurse, one).owner == nurse
    assert services.hand_over(nurse, one, doctor).owner == doctor
    closed = services.close(doctor, one, "secret outcome")
    assert (closed.closed_by, closed.outcome) == (doctor, "secret outcome")
    events = list(AuditEvent.objects.order_by("pk").values_list("action", "actor", "patient_id", "subject"))
    assert [event[0] for event in events] == [
        f"task.{verb}" for verb in ("opened", "taken", "handed_over", "closed")
    ]
    assert [event[1] for event in events] == [None, nurse.pk, nurse.pk, doctor.pk]
    assert {event[2:] for event in events} == {(one.patient_id, f"task:{one.uid}")}
    assert "secret" not in str(list(AuditEvent.objects.values_list("subject", "detail")))


@pytest.mark.django_db
def test_what_somebody_has_is_not_taken_from_them() -> None:
    one, first, second = task(), testing.member(Role.FRONT_DESK), testing.member(Role.PHYSICIAN)
    services.take(first, one)
    services.take(first, one)  # pressed twice
    with pytest.raises(TaskError, match="has it already"):
        services.take(second, one)
    one.refresh_from_db()
    assert one.owner == first
    assert AuditEvent.objects.filter(action="task.taken").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("outcome", ["", "   ", "\n"])
def test_it_is_not_closed_without_words(outcome: str) -> None:
    one = task()
    with pytest.raises(TaskError, match="what came of it"):
        services.close(testing.member(Role.PHYSICIAN), one, outcome)
    one.refresh_from_db()
    assert one.closed_at is None


@pytest.mark.django_db
def test_what_is_closed_stays_closed() -> None:
    one, doctor = task(), testing.member(Role.PHYSICIAN)
    services.close(doctor, one, "called, all well")
    with pytest.raises(TaskError, match="It is closed"):
        services.close(doctor, one, "other words")
    with pytest.raises(TaskError, match="It is closed"):
        services.take(doctor, one)
    with pytest.raises(TaskError, match="It is closed"):
        services.hand_over(doctor, one, doctor)
    one.refresh_from_db()
    assert one.outcome == "called, all well"


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.BILLER, Role.AUDITOR, Role.OWNER])
def test_it_goes_only_to_who_may_answer(role: Role) -> None:
    one = task()
    with pytest.raises(TaskError, match="does not answer patients"):
        services.hand_over(testing.member(Role.PHYSICIAN), one, testing.member(role))


@pytest.mark.django_db
def test_a_task_says_what_it_is() -> None:
    with pytest.raises(TaskError, match="what needs an answer"):
        task(title="  ")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_at_once_one_has_it() -> None:
    one, people = task(), [testing.member(Role.FRONT_DESK) for _ in range(4)]
    gate, refused = threading.Barrier(4), []

    def take(user: User) -> None:
        gate.wait(timeout=20)
        try:
            services.take(user, one)
        except TaskError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(refused) == 3
    assert AuditEvent.objects.filter(action="task.taken").count() == 1


# -- the pages -----------------------------------------------------------------------------------------------


def text(client: Client, name: str, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def nurse(db: None, client: Client) -> User:
    testing.practice(zone="America/New_York")
    user = testing.member(Role.FRONT_DESK, name="Nel Example")
    testing.signed_in(client, user)
    return user


ANSWERERS = {Role.PHYSICIAN, Role.TRAINEE, Role.FRONT_DESK}


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("answers", "get"),
        ("task_new", "get"),
        ("task", "get"),
        ("task_take", "post"),
        ("task_hand_over", "post"),
        ("task_close", "post"),
    ],
)
def test_the_pages_are_open_to_who_answers_patients(
    client: Client, role: Role, name: str, method: str
) -> None:
    one = task()
    testing.signed_in(client, testing.member(role))
    args = [] if name in ("answers", "task_new") else [one.uid]
    assert (getattr(client, method)(reverse(name, args=args)).status_code != 403) == (role in ANSWERERS)


def test_the_list_is_in_the_order_of_the_clocks(client: Client, nurse: User) -> None:
    now = timezone.now()
    for name, hours in (("Late", 5), ("Soon", 1), ("Middle", 3)):
        task(patient=testing.patient(given_names=name), due_at=now + dt.timedelta(hours=hours))
    shown = text(client, "answers")
    assert shown.index("Soon Test") < shown.index("Middle Test") < shown.index("Late Test")
    assert "3, oldest clock first" in shown
    assert shown.count("No owner") == 3


def test_the_clock_of_the_list_does_not_keep_a_session_awake(client: Client, nurse: User) -> None:
    shown = text(client, "answers")
    assert 'hx-trigger="every 60s"' in shown
    assert BACKGROUND in shown
    session = client.session
    session[SEEN] = was = session[SEEN] - 600
    session.save()
    client.get(reverse("answers"), headers={BACKGROUND: "1"})
    assert client.session[SEEN] == was
    client.get(reverse("answers"))
    assert client.session[SEEN] > was


def test_take_hand_over_and_close_by_hand(client: Client, nurse: User) -> None:
    one, doctor = task(), testing.member(Role.PHYSICIAN)
    answer = client.post(reverse("task_take", args=[one.uid]), {"next": reverse("answers")})
    assert answer.headers["Location"] == reverse("answers")
    assert "You" in text(client, "answers", show="mine")
    refused = client.post(reverse("task_close", args=[one.uid]), {"outcome": " "})
    assert refused.status_code == 422
    assert "Say in a few words what came of it" in refused.content.decode()
    client.post(reverse("task_hand_over", args=[one.uid]), {"to": doctor.uid})
    one.refresh_from_db()
    assert one.owner == doctor
    client.post(reverse("task_close", args=[one.uid]), {"outcome": "Called. All well."})
    assert "Called. All well." in text(client, "answers", show="closed")
    assert "Called. All well." in text(client, "task", one.uid)


@pytest.mark.parametrize("to", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_it_is_handed_only_to_somebody_there_is(client: Client, nurse: User, to: str) -> None:
    one = task()
    answer = client.post(reverse("task_hand_over", args=[one.uid]), {"to": to})
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()


def test_a_restricted_chart_keeps_its_words_from_who_has_no_access(client: Client, nurse: User) -> None:
    secret = {"title": "secret title", "words": "secret words", "origin": "secret origin"}
    one = task(patient=testing.patient(restricted=True), **secret)
    shown = text(client, "answers")
    assert "secret" not in shown
    assert "Restricted chart" in shown
    assert "Take it" not in shown
    for method, name in (("get", "task"), ("post", "task_take"), ("post", "task_close")):
        answer = getattr(client, method)(reverse(name, args=[one.uid]), {"outcome": "x"})
        assert answer.status_code == 302
        assert "secret" not in answer.content.decode()
    one.refresh_from_db()
    assert one.owner is None
    assert one.closed_at is None


def test_the_care_team_reads_a_restricted_task(client: Client, nurse: User) -> None:
    one = task(patient=testing.patient(restricted=True, care_team=(nurse,)), title="secret title")
    assert "secret title" in text(client, "answers")
    assert "secret title" in text(client, "task", one.uid)


def test_a_call_is_put_on_the_list(client: Client, nurse: User) -> None:
    testing.practice(zone="America/New_York")
    patient = testing.patient()
    values = {"patient": patient.uid, "urgency": "U", "title": "Numb hand", "words": "it tingles"}
    client.post(reverse("task_new"), values)
    one = Task.objects.get()
    assert (one.patient, one.urgency, one.title, one.words, one.owner) == (
        patient,
        "U",
        "Numb hand",
        "it tingles",
        None,
    )
    assert one.due_at > one.opened_at


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"urgency": "R"}, "say by when"),
        ({"urgency": "X"}, "Select a valid choice"),
        ({"title": ""}, "This field is required"),
        ({"title": "x" * 201}, "at most 200"),
        ({"words": "x" * 501}, "at most 500"),
        ({"patient": "x"}, "There is no such patient"),
        ({"day": "2026-11-30"}, "Give both"),
        ({"day": "0001-01-01", "time": "09:00"}, "within 2 years"),
        ({"owner": "x"}, "Select a valid choice"),
    ],
)
def test_a_mistake_is_named_and_nothing_is_put_on_the_list(
    client: Client, nurse: User, changes: dict[str, str], message: str
) -> None:
    values = {"patient": testing.patient().uid, "urgency": "U", "title": "Numb hand"} | changes
    answer = client.post(reverse("task_new"), values)
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Task.objects.exists()


def test_an_empty_list_says_what_to_do_next(client: Client, nurse: User) -> None:
    assert "Somebody called" in text(client, "answers")
    assert "take what has no owner" in text(client, "answers", show="mine")
    assert "Nothing was closed yet" in text(client, "answers", show="closed")


def test_words_are_escaped_and_a_token_is_put_in_by_the_page_alone(client: Client, nurse: User) -> None:
    task(title="<!--csrf--><script>alert(1)</script>")
    shown = text(client, "answers")
    assert "<script>alert" not in shown
    assert "&lt;!--csrf--&gt;" in shown
    assert shown.count('name="csrfmiddlewaretoken"') == 2  # the lock, and one to take it


def test_the_number_of_queries_does_not_grow_with_tasks(
    client: Client, nurse: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        task(patient=testing.patient(restricted=True))
    text(client, "answers")
    with django_assert_max_num_queries(9):
        text(client, "answers")
