"""Check-ins: planned, sent once, reminded of, closed; answered in two touches; every row on the screen."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.access import Role
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.booking import slots
from openomt.care.booking.diary import practice_zone
from openomt.care.contact import services as contact
from openomt.care.contact.models import Job, Message
from openomt.care.contact.signals import undelivered
from openomt.care.contact.worker import run_due
from openomt.care.followup.checkins import flow, services
from openomt.care.followup.checkins.around import around
from openomt.care.followup.deadlines import within
from openomt.care.followup.models import CheckIn, SymptomReport, Task
from openomt.care.followup.tests.conftest import NECK, sign
from openomt.care.patients.models import Guardian, MedicineEntry, Patient
from openomt.care.portal.access import Scope
from openomt.care.portal.models import PrivateLink
from openomt.care.portal.testing import visiting
from openomt.care.visits.models import Visit
from openomt.medicine.safety.screen_tables import screen_tables
from openomt.medicine.safety.screen_values import Answer
from openomt.medicine.triage import DAYS, Change, Population, lines, triage
from openomt.medicine.triage import CheckIn as Said
from openomt.medicine.triage.tables import triage_tables

pytestmark = pytest.mark.django_db
Of = Callable[..., CheckIn]
DAY = dt.timedelta(days=1)
OTHER = "00000000-0000-4000-8000-000000000000"


def nine(day: dt.date) -> dt.datetime:
    return slots.at(day, dt.time(9), practice_zone())


def sent(template: str = "checkin") -> list[Message]:
    return list(Message.objects.filter(template=template).order_by("pk"))


def page(client: Client, one: CheckIn, language: str = "en", **query: str) -> str:
    answer = client.get(reverse("followup_mine_checkin", args=[one.uid]), {"lang": language, **query})
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def tap(client: Client, one: CheckIn, step: str, *chosen: str) -> str:
    """One touch, and what stands on the screen after it."""
    data = {"step": step, "choice": list(chosen)}
    answer = client.post(reverse("followup_mine_checkin", args=[one.uid]), data, follow=True)
    return html.unescape(answer.content.decode())


# -- planned -------------------------------------------------------------------------------------------------


def test_a_signed_visit_with_treatment_plans_three(visit: Visit) -> None:
    planned = list(CheckIn.objects.values_list("day", "due_at"))
    assert planned == [(day, nine(visit.date + day * DAY)) for day in DAYS]
    keys = set(Job.objects.filter(kind="followup.checkin").values_list("key", flat=True))
    assert keys == {f"checkin:{visit.uid}:{day}" for day in DAYS}
    assert [one.template for one in Message.objects.all()] == ["aftercare"]


def test_planning_twice_plans_once(visit: Visit) -> None:
    services.plan(visit)
    assert CheckIn.objects.count() == Job.objects.filter(kind="followup.checkin").count() == 3


def test_a_visit_without_treatment_plans_none(doctor: User, patient: Patient) -> None:
    sign(doctor, patient, text="L3 ERSl (1) restr")
    assert not CheckIn.objects.exists()
    assert not Message.objects.exists()


def test_what_is_planned_falls_with_the_signature(
    doctor: User, patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError("the audit is full")

    monkeypatch.setattr("openomt.care.followup.checkins.services.enqueue", fails)
    with pytest.raises(RuntimeError):
        sign(doctor, patient)
    assert not CheckIn.objects.exists()
    assert Visit.objects.get().state == Visit.State.DRAFT


# -- sent ----------------------------------------------------------------------------------------------------


def test_each_is_sent_once_on_its_day_with_a_private_link(visit: Visit, patient: Patient) -> None:
    for day in DAYS:
        for _ in range(2):
            run_due(nine(visit.date + day * DAY))
        assert len(sent()) == DAYS.index(day) + 1
    assert {one.key for one in sent()} == {f"checkin:{visit.uid}:{day}" for day in DAYS}
    assert {one.patient_id for one in sent()} == {patient.pk}
    targets = set(PrivateLink.objects.filter(scope=Scope.CHECKIN).values_list("target", flat=True))
    assert {reverse("followup_mine_checkin", args=[one.uid]) for one in CheckIn.objects.all()} <= targets


@pytest.mark.parametrize(
    ("days", "asked", "too_late"), [(1, [1], []), (3, [3], [1]), (8, [7], [1, 3]), (15, [], [1, 3, 7])]
)
def test_a_clock_set_forward_sends_what_is_due_and_closes_the_rest_once(
    visit: Visit, days: int, asked: list[int], too_late: list[int]
) -> None:
    now = nine(visit.date + days * DAY)
    for _ in range(3):
        run_due(now)
    assert [one.key.rpartition(":")[2] for one in sent()] == [str(day) for day in asked]
    closed = CheckIn.objects.filter(closed_why=CheckIn.Closed.TOO_LATE).values_list("day", flat=True)
    assert list(closed) == too_late
    assert AuditEvent.objects.filter(action="checkin.closed").count() == len(too_late)


def test_a_week_forward_after_the_first_was_sent_closes_it_unanswered(visit: Visit) -> None:
    run_due(nine(visit.date + DAY))
    for _ in range(2):
        run_due(nine(visit.date + 8 * DAY))
    assert list(CheckIn.objects.values_list("day", "closed_why")) == [
        (1, "no_reply"), (3, "too_late"), (7, ""),
    ]  # fmt: skip
    assert len(sent()) == 2
    assert not sent("checkin_again")


def test_a_worker_that_dies_at_any_moment_loses_none_and_sends_none_twice(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, real = nine(visit.date + DAY), contact.send

    def dies(*said: Any, **more: Any) -> None:
        real(*said, **more)
        raise SystemError("killed")

    monkeypatch.setattr(contact, "send", dies)
    run_due(now, limit=1)
    assert not sent()  # what it had written fell with it
    assert CheckIn.objects.get(day=1).sent_at is None
    monkeypatch.setattr(contact, "send", real)
    run_due(now + dt.timedelta(hours=1))
    run_due(now + dt.timedelta(hours=2))
    assert len(sent()) == 1
    assert CheckIn.objects.get(day=1).sent_at is not None


def test_a_child_is_asked_through_the_guardian_in_the_childs_language(doctor: User) -> None:
    born = timezone.localdate() - 8 * 365 * DAY
    child = testing.patient(birth_date=born, language="es", contact=Patient.Contact.EMAIL)
    guardian = Guardian.objects.create(
        patient=child, name="Gro Quill", relation="mother", email="g@example.test"
    )
    visit = sign(doctor, child)
    run_due(nine(visit.date + DAY))
    [message] = sent()
    assert (message.guardian, message.language, message.address) == (guardian, "es", "g@example.test")


def test_who_gets_no_message_is_called_once_on_day_3(doctor: User) -> None:
    visit = sign(doctor, testing.patient(contact=Patient.Contact.PHONE))
    for day in DAYS:
        run_due(nine(visit.date + day * DAY))
    assert not sent()
    task = Task.objects.get()
    assert (task.source, task.owner, task.check_in and task.check_in.day) == ("silence", doctor, 3)
    assert "Prefers the phone" in task.origin
    assert set(CheckIn.objects.values_list("closed_why", flat=True)) == {"unreachable"}


def test_a_message_that_failed_counts_as_one_that_could_not_be_sent(visit: Visit) -> None:
    run_due(nine(visit.date + 3 * DAY))
    undelivered.send(Message, message=sent()[0])
    assert CheckIn.objects.get(day=3).closed_why == "unreachable"
    assert Task.objects.get().source == Task.Source.SILENCE


# -- silence -------------------------------------------------------------------------------------------------


def hours_after(visit: Visit, day: int, *hours: float) -> None:
    for one in hours:
        run_due(nine(visit.date + day * DAY) + dt.timedelta(hours=one))


def test_two_reminders_then_the_rule_of_the_day(visit: Visit) -> None:
    hours_after(visit, 1, 0, 8, 24, 32, 40)
    assert len(sent("checkin_again")) == 3  # day 1: reminded again
    assert not Task.objects.exists()
    hours_after(visit, 3, 0)
    assert CheckIn.objects.get(day=1).closed_why == "next"
    hours_after(visit, 3, 8, 24, 32)
    assert len(sent("checkin_again")) == 6
    assert not Task.objects.exists()
    hours_after(visit, 7, 0, 8, 24, 32)
    assert CheckIn.objects.get(day=7).closed_why == "no_reply"
    task, known = Task.objects.get(), triage_tables().results["close_with_note"]
    assert known.task in task.title
    assert known.deadline is not None
    assert task.due_at == within(known.deadline.hours, known.deadline.working, task.opened_at)


def test_silence_after_thrust_at_the_neck_is_called_on_day_3(doctor: User, patient: Patient) -> None:
    visit = sign(doctor, patient, text=NECK)
    hours_after(visit, 3, 0, 8, 24, 32, 40)
    task = Task.objects.get()
    assert triage_tables().results["staff_call"].task in task.title
    assert task.owner == doctor
    assert len(sent("checkin_again")) == 2


def test_silence_of_somebody_on_a_blood_thinner_is_called_on_day_3(visit: Visit, patient: Patient) -> None:
    MedicineEntry.objects.create(patient=patient, text="warfarin 5 mg daily")
    hours_after(visit, 3, 0, 8, 24, 32)
    assert Task.objects.get().source == Task.Source.SILENCE


def test_an_answer_closes_what_silence_opened_and_stops_the_reminders(
    visit: Visit, patient: Patient, client: Client
) -> None:
    MedicineEntry.objects.create(patient=patient, text="warfarin 5 mg daily")
    hours_after(visit, 3, 0, 8, 24, 32)
    one = CheckIn.objects.get(day=3)
    visiting(client, patient)
    CheckIn.objects.filter(pk=one.pk).update(useless_after=timezone.now() + 9 * DAY)
    tap(client, one, "change", "better")
    tap(client, one, "today")
    task = Task.objects.get()
    assert (task.closed_by, task.outcome) == (None, "The patient answered the check-in.")
    before = len(sent("checkin_again"))
    hours_after(visit, 3, 33, 48)
    assert len(sent("checkin_again")) == before


def test_what_was_begun_and_left_is_acted_on(check_in: Of, patient: Patient, client: Client) -> None:
    one = check_in(3)
    visiting(client, patient)
    tap(client, one, "change", "worse")
    assert not Task.objects.exists()
    services.silent(one := CheckIn.objects.get(pk=one.pk), 0, timezone.now())
    assert one.answered_at is not None
    assert Task.objects.get().urgency == Task.Urgency.CALL


# -- answered ------------------------------------------------------------------------------------------------


def test_a_fine_day_1_takes_two_touches(check_in: Of, patient: Patient, client: Client) -> None:
    one = check_in(1)
    visiting(client, patient, Scope.CHECKIN, target=reverse("followup_mine_checkin", args=[one.uid]))
    first = page(client, one)
    assert first.index("Better") < first.index("About the same") < first.index("Worse")
    tap(client, one, "change", "better")
    done = tap(client, one, "today")
    assert f"<h1>{triage_tables().results['thanks'].tell.partition('. ')[0]}.</h1>" in done
    assert not Task.objects.exists()
    one.refresh_from_db()
    assert (one.result, one.row, one.closed_why) == ("thanks", "T17", "answered")
    assert SymptomReport.objects.get().answers == {"change": "better", "today": []}


def test_the_questions_that_follow_worse_keep_what_was_said(
    check_in: Of, patient: Patient, client: Client
) -> None:
    one = check_in(3)
    visiting(client, patient)
    assert "How much worse?" in tap(client, one, "change", "worse")
    assert "How bad is the pain now?" in tap(client, one, "much", "worse")
    assert 'value="worse" aria-pressed="true"' in page(client, one, step="much")  # back, and nothing is lost
    assert "Is it easing" in tap(client, one, "pain", "2")
    assert "Is one of these new" in tap(client, one, "easing", "yes")
    assert "tell us more" in tap(client, one, "today")
    done = tap(client, one, "words", "A bit stiff, <b>no</b> more")
    assert "Feeling sore for a day or two is common." in done
    report = SymptomReport.objects.get()
    assert report.answers["words"] == "A bit stiff, <b>no</b> more"
    assert report.told[0].startswith("Feeling sore")


def test_pressing_the_button_of_danger_is_acted_on_before_anything_is_sent(
    check_in: Of, patient: Patient, client: Client, doctor: User
) -> None:
    one = check_in(1)
    visiting(client, patient)
    shown = tap(client, one, "danger")
    assert shown.index("Call 911 now.") < shown.index("Which one is it?")
    assert 'href="tel:911"' in shown
    task = Task.objects.get()
    assert (task.urgency, task.owner, task.danger, task.due_at) == ("E", doctor, True, task.opened_at)
    shown = tap(client, one, "danger", "danger-chest")
    assert "Call 911 now." in shown
    task.refresh_from_db()
    assert "Your chest hurts" in task.words
    tap(client, one, "mistake")
    tap(client, one, "change", "better")
    shown = tap(client, one, "today")
    assert "Thank you." in shown
    task.refresh_from_db()
    assert task.closed_at is None  # a person looks at it all the same
    assert "by mistake" in task.words


def test_an_answer_is_changed_and_never_makes_a_task_less_urgent(
    check_in: Of, patient: Patient, client: Client
) -> None:
    one = check_in(3)
    visiting(client, patient)
    tap(client, one, "change", "same")
    assert "tell us more" in tap(client, one, "today", "today-calf")
    assert Task.objects.get().urgency == "U"
    tap(client, one, "words", "")
    tap(client, one, "today")
    task = Task.objects.get()
    assert (task.urgency, task.closed_at) == ("U", None)
    assert CheckIn.objects.get(pk=one.pk).result == "as_planned"
    assert task.events.filter(kind="raised").count() == 2


def test_moderate_pain_on_day_1_is_asked_once_more_the_next_day(
    visit: Visit, patient: Patient, client: Client
) -> None:
    due = nine(visit.date + DAY)
    run_due(due)
    one = CheckIn.objects.get(day=1)
    visiting(client, patient)
    for step, choice in (("change", "worse"), ("much", "worse"), ("pain", "5"), ("words", "")):
        tap(client, one, step, choice)
    assert "We will ask again tomorrow." in tap(client, one, "today")
    again = Job.objects.get(kind="followup.again")
    CheckIn.objects.filter(pk=one.pk).update(useless_after=again.run_after + DAY)
    for _ in range(2):
        run_due(again.run_after)
    one.refresh_from_db()
    assert (one.answers, one.answered_at, one.again_at) == ({}, None, again.run_after)
    assert [m.key for m in sent() if m.key.endswith(":again")] == [f"checkin:{visit.uid}:1:again"]
    assert SymptomReport.objects.exclude(told=[]).count() == 1


@pytest.mark.parametrize(
    ("step", "choice"),
    [
        ("change", "x"),
        ("change", ""),
        ("pain", "11"),
        ("today", "danger-head"),
        ("x", "y"),
        ("words", "a" * 9999),
    ],
)
def test_a_wrong_answer_is_no_error_of_the_server(
    check_in: Of, patient: Patient, client: Client, step: str, choice: str
) -> None:
    one = check_in(3)
    visiting(client, patient)
    answer = client.post(reverse("followup_mine_checkin", args=[one.uid]), {"step": step, "choice": choice})
    assert answer.status_code in (302, 422)
    one.refresh_from_db()
    assert len(one.answers.get("words", "")) <= flow.MOST_WORDS


def test_nobody_else_opens_it(check_in: Of, client: Client) -> None:
    one = check_in(1)
    other = testing.patient()
    address = reverse("followup_mine_checkin", args=[one.uid])
    visiting(client, other)
    assert client.get(address).status_code == 404
    assert client.post(address, {"step": "danger"}).status_code == 404
    visiting(client, one.patient, Scope.CHECKIN, target=reverse("followup_mine_checkin", args=[OTHER]))
    assert client.get(address).status_code == 403
    assert not Task.objects.exists()


def test_one_that_is_over_still_takes_a_danger(check_in: Of, patient: Patient, client: Client) -> None:
    one = check_in(1, useless_after=timezone.now() - DAY)
    visiting(client, patient)
    shown = page(client, one)
    assert "This check-in is over" in shown
    assert "I have one of these" in shown
    tap(client, one, "change", "worse")
    assert CheckIn.objects.get(pk=one.pk).answers == {}
    assert "Call 911 now." in tap(client, one, "danger")
    assert Task.objects.get().urgency == "E"


# -- every row and every red flag ----------------------------------------------------------------------------


def answers_of(row: Any) -> Said:
    """Answers that fit a row: its first signs, or what it says was reported."""
    if row.clauses:
        return Said(pain=5, signs=dict.fromkeys(row.clauses[0], Answer.YES))
    if row.record.flags:
        clause = screen_tables().by_code[row.record.flags[0]].clauses[0]
        return Said(signs=dict.fromkeys(clause.signs, Answer.YES))
    reported = row.record.reported[0]
    pain = None if reported.no_pain_given or not reported.pain else reported.pain[0]
    return Said(pain=pain, change=Change(reported.change[-1] if reported.change else "unknown"))


def cases() -> Iterable[Any]:
    for row in triage_tables().rows:
        for day in DAYS:
            yield pytest.param(row.record.id, day, answers_of(row), id=f"{row.record.id}-{day}")
    for flag in screen_tables().by_code.values():
        signs = dict.fromkeys(flag.clauses[0].signs, Answer.YES)
        yield pytest.param(flag.code, 3, Said(signs=signs), id=flag.code)


def population_of(name: str) -> Population:
    rows = {row.record.id: row.record for row in triage_tables().rows}
    if name in rows and rows[name].populations == ("infant",):
        return Population.INFANT
    return Population.PREGNANT if "preg" in name or name == "T4" else Population.ADULT


@pytest.mark.parametrize(("name", "day", "said"), list(cases()))
def test_every_row_and_red_flag_reaches_its_text_and_deadline(  # noqa: PLR0917  (fixtures)
    name: str,
    day: int,
    said: Said,
    check_in: Of,
    patient: Patient,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, population = check_in(day), population_of(name)
    context = around(one.visit, timezone.localdate())[1]
    monkeypatch.setattr(services, "around", lambda *_: (population, context))
    monkeypatch.setattr(flow, "told", lambda *_: said)
    known = {language: triage(day, said, "", population, context, language) for language in ("en", "es")}
    CheckIn.objects.filter(pk=one.pk).update(answers={"change": "same"})
    visiting(client, patient)
    tap(client, one, "today")
    for language, found in known.items():
        shown = page(client, one, language)
        told = shown[shown.index("<body") :]
        for line in found.tell:
            act, dot, more = line.partition(". ")
            first = told.find(f"{act}." if dot else act)
            assert first >= 0, (line, told)
            assert more in told
        act = found.tell[0].partition(". ")[0]
        assert told.index(act) == min(told.index(part.partition(". ")[0]) for part in found.tell)
        assert ('class="now"' in told) == (found.urgency in ("E", "U"))
        assert ('href="tel:911"' in told) == (found.urgency == "E" and "988" not in found.tell[0])
    found = known["en"]
    task = Task.objects.first()
    if found.task is None and not found.never_auto_close:
        assert task is None
        return
    assert task is not None
    assert found.task is not None
    assert task.title == found.task.text[:200]
    assert task.due_at == within(found.task.hours, found.task.working, task.opened_at)
    assert task.urgency == services.URGENCY.get(found.urgency, Task.Urgency.CALL)
    assert task.told == list(found.tell)
    assert task.danger or found.urgency != "E"


@pytest.mark.parametrize("population", list(Population))
@pytest.mark.parametrize("day", DAYS)
def test_every_line_that_is_ticked_is_acted_on(population: Population, day: int) -> None:
    for line in (*lines("danger", population), *lines("today", population)):
        answers = flow.with_answer(
            {}, "danger" if line.code.startswith("danger") else "today", [line.code], population
        )
        found = triage(day, flow.told(answers, population), population=population)
        assert found.urgency in ("E", "U", "office") or (line.code, day) == ("today-fussy", 1), line
        if line.code.startswith("danger") and line.code != "danger-hot":
            assert found.urgency == "E", line


def test_words_of_danger_are_acted_on_in_both_languages(
    check_in: Of, patient: Patient, client: Client
) -> None:
    one = check_in(3)
    visiting(client, patient)
    for step, choice in (("change", "worse"), ("much", "worse"), ("pain", "3"), ("easing", "no")):
        tap(client, one, step, choice)
    tap(client, one, "today")
    shown = tap(client, one, "words", "No puedo respirar bien y me duele el pecho")
    assert shown.index("Call 911") < shown.index("<main")
    task = Task.objects.get()
    assert (task.urgency, task.danger) == ("E", True)
    assert task.words.endswith("No puedo respirar bien y me duele el pecho")


# -- another clock, another language --------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["change", "much", "pain", "easing", "today", "words"])
def test_every_question_is_asked_in_both_languages(
    step: str, check_in: Of, patient: Patient, client: Client
) -> None:
    one = check_in(
        3, answers={"change": "worse", "much": "worse", "pain": 2, "easing": True, "today": ["today-fever"]}
    )
    visiting(client, patient)
    english, spanish = page(client, one, step=step), page(client, one, "es", step=step)
    assert 'lang="en"' in english
    assert 'lang="es"' in spanish
    assert "Call 911" in english
    for leak in ("Call 911", "None of these", "worse", "Back", "Send", "Question "):
        assert leak not in spanish.replace('value="worse"', "").replace('value="much worse"', "")
    assert "Llame al 911" in spanish


def test_a_visit_signed_late_asks_only_what_is_still_worth_asking(doctor: User, patient: Patient) -> None:
    sign(doctor, patient, day=timezone.localdate() - 5 * DAY)
    run_due()
    assert list(CheckIn.objects.values_list("day", "closed_why")) == [(1, "too_late"), (3, ""), (7, "")]
    assert len(sent()) == 1


def test_a_trainees_visit_asks_too(patient: Patient) -> None:
    testing.practice()
    visit = sign(testing.member(Role.TRAINEE), patient)
    assert visit.state == Visit.State.AWAITING
    assert CheckIn.objects.count() == 3


def test_infants_are_asked_for_signs_of_infants(doctor: User, client: Client) -> None:
    born = timezone.localdate() - 60 * DAY
    baby = testing.patient(birth_date=born, contact=Patient.Contact.EMAIL)
    guardian = Guardian.objects.create(patient=baby, name="Gro", relation="mother", email="g@example.test")
    visit = sign(doctor, baby)
    one = CheckIn.objects.get(visit=visit, day=1)
    visiting(client, baby, guardian=guardian)
    shown = page(client, one)
    assert "hard to wake" in shown
    assert "walk straight" not in shown
    tap(client, one, "change", "worse")
    shown = tap(client, one, "today", "today-fever")  # under 3 months: an emergency
    assert "Call 911 now." in shown
    report = SymptomReport.objects.get()
    assert report.guardian == guardian
