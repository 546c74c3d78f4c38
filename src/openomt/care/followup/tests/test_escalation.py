"""A task's way: who has it next, what was done and kept, what the patient reads, and what no program closes."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.contact import services as contact
from openomt.care.contact.letters import letter
from openomt.care.contact.models import Message
from openomt.care.contact.worker import run_due
from openomt.care.followup import escalation, services
from openomt.care.followup.adverse.severity import by_pain, severities
from openomt.care.followup.deadlines import answer_by, deadline
from openomt.care.followup.models import AdverseEvent, CheckIn, Reply, Task, TaskEvent
from openomt.care.followup.replies import services as replies
from openomt.care.followup.services import TaskError
from openomt.care.followup.tests.conftest import NECK, sign
from openomt.care.patients.models import Patient
from openomt.care.portal.access import Scope, Visitor
from openomt.care.portal.testing import visiting
from openomt.care.visits.models import Visit

pytestmark = pytest.mark.django_db
ZONE = zoneinfo.ZoneInfo("America/New_York")
U = Task.Urgency


def opened(patient: Patient, visit: Visit | None = None, urgency: str = U.SAME_DAY, **more: Any) -> Task:
    owner = escalation.first_owner(visit)
    return services.open_task(None, patient, urgency, "Dizzy", visit=visit, owner=owner, **more)


def told(task: Task) -> list[tuple[str, str]]:
    return [(one.kind, str(one.by or "")) for one in task.events.all()]


# -- on to the next person -----------------------------------------------------------------------------------


def test_it_goes_on_at_the_deadline_in_the_order_of_the_practice(visit: Visit, doctor: User) -> None:
    desk = testing.member(Role.FRONT_DESK, name="Aa Desk")
    second = testing.member(Role.PHYSICIAN, name="Zed Second")
    testing.member(Role.BILLER, name="Ab Biller")
    task = opened(visit.patient, visit)
    assert escalation.order(task) == [doctor, second, desk]
    had = []
    now = task.due_at
    run_due(now - dt.timedelta(minutes=1))
    assert not Task.objects.get().escalations
    for _ in range(5):
        run_due(now)
        had.append(Task.objects.get().owner)
        now += dt.timedelta(hours=2)
    assert had == [second, desk, desk, desk, desk]
    assert task.events.filter(kind=TaskEvent.Kind.ESCALATED).count() == 2
    assert AuditEvent.objects.filter(action="task.escalated").count() == 2
    assert Task.objects.get().due_at == task.due_at  # it stays late


def test_an_emergency_goes_on_after_a_quarter_of_an_hour(visit: Visit, doctor: User) -> None:
    testing.member(Role.FRONT_DESK)
    task = opened(visit.patient, visit, U.EMERGENCY)
    assert task.due_at == task.opened_at
    run_due(task.opened_at + dt.timedelta(minutes=14))
    assert Task.objects.get().owner == doctor
    run_due(task.opened_at + dt.timedelta(minutes=15))
    assert Task.objects.get().owner != doctor


@pytest.mark.parametrize("how", ["called", "replied", "closed"])
def test_what_was_answered_goes_to_nobody_else(visit: Visit, doctor: User, how: str) -> None:
    testing.member(Role.FRONT_DESK)
    task = opened(visit.patient, visit)
    if how == "called":
        services.called(doctor, task, "Feels better", reached=True)
    elif how == "replied":
        replies.write(doctor, task, "Please rest")
    else:
        services.close(doctor, task, "Called, all well")
    run_due(task.due_at + dt.timedelta(days=1))
    assert Task.objects.get().escalations == 0


def test_a_call_that_reached_nobody_answers_nothing(visit: Visit, doctor: User) -> None:
    task = opened(visit.patient, visit)
    services.called(doctor, task, "No answer", reached=False)
    run_due(task.due_at)
    assert Task.objects.get().answered_at is None
    assert told(task)[1] == ("note", "Dana Example, DO")


def test_who_took_it_and_did_not_answer_loses_it_too(visit: Visit, doctor: User) -> None:
    desk = testing.member(Role.FRONT_DESK)
    task = services.open_task(None, visit.patient, U.SAME_DAY, "Dizzy", visit=visit)
    services.take(desk, task)
    run_due(task.due_at)
    assert Task.objects.get().owner == doctor


def test_more_from_the_patient_makes_an_answered_task_wait_again(visit: Visit, doctor: User) -> None:
    testing.member(Role.FRONT_DESK)
    task = opened(visit.patient, visit, U.CALL)
    services.called(doctor, task, "Feels better", reached=True)
    now = timezone.now()
    task = services.raise_task(task, "E", "Chest pain", "my chest hurts", ["Call 911"], danger=True, now=now)
    assert (task.urgency, task.due_at, task.answered_at, task.danger) == ("E", now, None, True)
    task = services.raise_task(task, "C", "x", "ok now", [], danger=False, now=now)
    assert (task.urgency, task.danger, task.told) == ("E", True, ["Call 911"])
    run_due(now + dt.timedelta(minutes=15))
    assert Task.objects.get().escalations == 1


def test_whom_it_goes_on_to_is_told_once_at_night_too_and_nothing_of_the_patient(doctor: User) -> None:
    testing.practice(zone="America/New_York")
    opened_at = dt.datetime(2026, 12, 1, 22, 15, tzinfo=ZONE)  # in the quiet hours, which patients are spared
    desk = testing.member(Role.FRONT_DESK, email="desk@practice.example")
    contact.opt_out("email", desk.email)
    patient = testing.patient(given_names="Zora", family_name="Findable")
    services.open_task(
        None, patient, U.EMERGENCY, "Chest pain", words="my chest hurts", owner=doctor, now=opened_at
    )
    for minutes in (15, 15, 40):
        run_due(opened_at + dt.timedelta(minutes=minutes))
    message = Message.objects.get()
    assert (message.member, message.address, message.patient) == (desk, desk.email, None)
    assert (message.state, message.language) == ("kept", "en")
    said = letter(message)
    assert "since 10:15 PM, Tuesday, December 1" in said.body
    assert f"{settings.SITE_ADDRESS}{reverse('answers')}" in said.body
    assert said.stop == ""
    everything = f"{list(Message.objects.values())}{said}".lower()
    assert not [word for word in ("zora", "findable", "chest", "hurts", "emergency") if word in everything]


def test_the_wait_that_is_told_began_with_what_nobody_answered(visit: Visit, doctor: User) -> None:
    start = timezone.now()
    task = opened(visit.patient, visit, U.CALL, now=start)
    later, last = start + dt.timedelta(hours=1), start + dt.timedelta(hours=2)
    services.raise_task(task, "C", "x", "worse", [], danger=False, now=later)
    assert escalation.waiting_since(task) == start
    services.called(doctor, task, "Feels better", reached=True)
    services.raise_task(task, "C", "x", "worse again", [], danger=False, now=last)
    assert escalation.waiting_since(task) == last


# -- what no program closes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", ["I can not breathe", "no chest pain at all", "se me cayó la cara", "numb between my legs"]
)
def test_words_of_danger_are_closed_by_a_person_alone(visit: Visit, doctor: User, words: str) -> None:
    task = opened(visit.patient, visit, words=words)
    assert task.danger
    assert not services.close_by_itself(task, "over", timezone.now())
    with pytest.raises(TaskError, match="what came of it"):
        services.close(doctor, task, " ")
    assert Task.objects.get().closed_at is None
    services.close(doctor, task, "Called, went to the hospital")
    assert Task.objects.get().closed_by == doctor


def test_what_a_person_has_begun_no_program_closes(visit: Visit, doctor: User) -> None:
    task = opened(visit.patient, visit)
    services.called(doctor, task, "Nobody there", reached=False)
    assert not services.close_by_itself(task, "over", timezone.now())
    other = opened(visit.patient, visit)
    assert services.close_by_itself(other, "over", timezone.now())
    assert told(other) == [("opened", ""), ("closed", "")]


def test_history_only_grows(visit: Visit) -> None:
    task = opened(visit.patient, visit)
    with pytest.raises(Exception, match="only grows"):
        TaskEvent.objects.filter(task=task).update(words="x")


# -- messages to the practice --------------------------------------------------------------------------------


def visitor(patient: Patient) -> Visitor:
    return Visitor(patient, None, Scope.ALL, "s")


def test_a_question_has_the_stated_time_and_the_treating_clinician(visit: Visit, doctor: User) -> None:
    task = services.ask(visit.patient, visitor(visit.patient), " May I run again? ")
    assert (task.urgency, task.words, task.owner, task.visit) == ("R", "May I run again?", doctor, visit)
    assert (task.source, task.told, task.danger) == ("question", [], False)
    assert task.due_at == answer_by(task.opened_at)
    assert AuditEvent.objects.filter(action="task.asked").exists()


@pytest.mark.parametrize(
    ("words", "urgency", "first"),
    [
        ("My chest hurts and I can not breathe", "E", "Call 911 now."),
        ("I have the worst headache of my life, all at once", "E", "Call 911 now."),
        ("I want to die", "E", "Call or text 988 now"),
        ("My calf is swollen and hurts", "U", "You need a doctor today. Call us now."),
    ],
)
def test_danger_in_a_message_is_told_and_due_at_once(
    visit: Visit, words: str, urgency: str, first: str
) -> None:
    task = services.ask(visit.patient, visitor(visit.patient), words)
    assert (task.urgency, task.danger) == (urgency, True)
    assert task.told[0].startswith(first)
    assert task.due_at == deadline(task.urgency, task.opened_at)


def test_danger_is_told_in_the_language_of_the_page(visit: Visit) -> None:
    with translation.override("es"):
        task = services.ask(visit.patient, visitor(visit.patient), "Me duele el pecho y no puedo respirar")
    assert task.told[0].startswith("Llame al 911 ahora.")


def test_an_empty_message_is_refused(patient: Patient) -> None:
    with pytest.raises(TaskError, match="write what you want"):
        services.ask(patient, visitor(patient), "  ")
    assert not Task.objects.exists()


def test_who_was_never_treated_may_ask_too(patient: Patient) -> None:
    testing.practice()
    assert services.ask(patient, visitor(patient), "Do you treat babies?").owner is None


# -- answers to the patient ----------------------------------------------------------------------------------


def test_a_reply_is_read_by_its_patient_and_the_message_says_nothing_of_it(
    visit: Visit, doctor: User, client: Client
) -> None:
    task = services.ask(visit.patient, visitor(visit.patient), "May I run?")
    testing.signed_in(client, doctor)
    client.post(reverse("task_reply", args=[task.uid]), {"answer": "secret: <b>walk</b>, do not run"})
    reply, message = Reply.objects.get(), Message.objects.get(template="answer")
    assert "secret" not in str(list(Message.objects.values()))
    assert "secret" not in str(list(AuditEvent.objects.values_list("subject", "detail")))
    assert message.asked_for
    assert Task.objects.get(pk=task.pk).answered_at
    address = reverse("followup_mine_reply", args=[reply.uid])
    visiting(client, testing.patient())
    assert client.get(address).status_code == 404
    visiting(client, visit.patient, Scope.CHECKIN, target=address)
    for language, title in (("en", "Our answer to you"), ("es", "Nuestra respuesta")):
        shown = client.get(address, {"lang": language}).content.decode()
        assert title in shown
        assert "secret: &lt;b&gt;walk&lt;/b&gt;, do not run" in shown
    assert Reply.objects.get().read_at is not None


def test_where_no_message_can_tell_staff_are_told_to_call(doctor: User, client: Client) -> None:
    task = services.open_task(None, testing.patient(contact=Patient.Contact.PHONE), U.SAME_DAY, "Dizzy")
    testing.signed_in(client, doctor)
    shown = client.post(
        reverse("task_reply", args=[task.uid]), {"answer": "Rest"}, follow=True
    ).content.decode()
    assert "Prefers the phone." in shown
    assert "Please call." in shown
    assert Reply.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("task_called", {"reached": "yes", "words": ""}, "Say in a few words what was said"),
        ("task_called", {"reached": "x", "words": "y"}, "Select a valid choice"),
        ("task_reply", {"answer": " "}, "Write what the patient is to read."),
        ("task_reply", {"answer": "x" * 5000}, "at most 4000"),
    ],
)
def test_a_mistake_is_named(  # noqa: PLR0917  (fixtures)
    visit: Visit, doctor: User, client: Client, name: str, data: dict[str, str], said: str
) -> None:
    task = opened(visit.patient, visit)
    testing.signed_in(client, doctor)
    answer = client.post(reverse(name, args=[task.uid]), data)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_the_page_of_a_task_tells_its_history(visit: Visit, doctor: User, client: Client) -> None:
    desk = testing.member(Role.FRONT_DESK, name="Nel Desk")
    task = opened(visit.patient, visit, words="I feel dizzy")
    services.hand_over(doctor, task, desk)
    testing.signed_in(client, desk)
    client.post(reverse("task_called", args=[task.uid]), {"reached": "yes", "words": "Sat down, better"})
    client.post(reverse("task_close", args=[task.uid]), {"outcome": "All well"})
    shown = client.get(reverse("task", args=[task.uid])).content.decode()
    places = [
        shown.index(part) for part in ("Opened</span>", "Handed over", "Called</span>", "Closed</span>")
    ]
    assert places == sorted(places)
    assert "Sat down, better" in shown
    assert told(task) == [
        ("opened", ""),
        ("handed_over", "Dana Example, DO"),
        ("called", "Nel Desk"),
        ("closed", "Nel Desk"),
    ]


def test_the_list_marks_what_is_late_and_what_went_on(visit: Visit, doctor: User, client: Client) -> None:
    testing.member(Role.FRONT_DESK)
    task = opened(visit.patient, visit, due_at=timezone.now() - dt.timedelta(hours=2))
    Task.objects.filter(pk=task.pk).update(escalations=1)
    testing.signed_in(client, doctor)
    shown = client.get(reverse("answers")).content.decode()
    assert "Overdue" in shown
    assert "Went on 1 time<" in shown
    services.called(doctor, task, "Spoke", reached=True)
    shown = client.get(reverse("answers")).content.decode()
    assert "Answered, not closed" in shown
    assert "Overdue" not in shown


# -- harm ----------------------------------------------------------------------------------------------------


def test_harm_is_proposed_from_the_answers_and_hangs_on_visit_technique_and_region(
    doctor: User, patient: Patient, client: Client
) -> None:
    visit = sign(doctor, patient, text=NECK)
    one = CheckIn.objects.get(visit=visit, day=3)
    CheckIn.objects.filter(pk=one.pk).update(answers={"change": "worse", "pain": 6}, result="office")
    task = services.open_task(None, patient, U.CALL, "Worse", visit=visit, check_in=one, words="Neck is sore")
    testing.signed_in(client, doctor)
    address = reverse("adverse_new", args=[task.uid])
    shown = client.get(address).content.decode()
    for chosen in ("hvla@cervical", "moderate", "three_days", "still"):
        assert f'value="{chosen}" selected' in shown
    assert "Neck is sore" in shown
    assert "Moderate: changed routine" in shown
    assert "Confidence derived; awaiting a licensed osteopathic physician" in shown
    data = {
        "place": "hvla@cervical",
        "severity": "moderate",
        "onset": "three_days",
        "lasted": "days",
        "related": "probable",
        "words": "Sore neck, could not turn",
    }
    assert client.post(address, data | {"severity": "x"}).status_code == 422
    client.post(address, data)
    event = AdverseEvent.objects.get()
    assert (event.visit, event.technique, event.region, event.task) == (visit, "hvla", "cervical", task)
    chart = client.get(reverse("chart", args=[patient.uid])).content.decode()
    assert "Adverse event" in chart
    assert "HVLA, cervical" in chart
    assert "Sore neck, could not turn" in chart
    page = client.get(reverse("adverse", args=[event.uid])).content.decode()
    assert "Moderate: changed routine" in page
    assert "Confidence derived; awaiting a licensed osteopathic physician" in page
    client.post(reverse("adverse_in_error", args=[event.uid]))
    assert "Sore neck" not in client.get(reverse("chart", args=[patient.uid])).content.decode()
    actions = AuditEvent.objects.filter(subject=f"adverse:{event.uid}").values_list("action", flat=True)
    assert set(actions) == {"adverse_event.entered", "adverse_event.read", "adverse_event.in_error"}


def test_each_severity_is_defined_and_proposed_by_the_pain_of_the_table() -> None:
    assert [one.id for one in severities()] == AdverseEvent.Severity.values
    assert [by_pain(pain) for pain in (0, 3, 4, 7, 8, 10)] == ["mild"] * 2 + ["moderate"] * 2 + ["severe"] * 2


def test_harm_is_a_clinicians_word(visit: Visit, client: Client) -> None:
    task = opened(visit.patient, visit)
    testing.signed_in(client, testing.member(Role.FRONT_DESK))
    assert client.get(reverse("adverse_new", args=[task.uid])).status_code == 403
