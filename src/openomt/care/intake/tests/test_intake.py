"""A patient tells their story: kept as it goes, taken up anywhere, closed to others; dangers act at once."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts.models import AuditEvent
from openomt.care.booking.models import AppointmentType
from openomt.care.booking.services import book
from openomt.care.contact.models import Message
from openomt.care.contact.worker import run_due
from openomt.care.intake import services
from openomt.care.intake.danger import Danger
from openomt.care.intake.models import FormAnswer, Intake, Proposal
from openomt.care.intake.tellers import target_of
from openomt.care.intake.tests.conftest import TYPICAL, Walk
from openomt.care.learning.tests.reading import read
from openomt.care.patients import services as on_record
from openomt.care.patients.models import AllergyEntry, MedicineEntry, Patient
from openomt.care.portal.access import Scope
from openomt.care.portal.models import PrivateLink
from openomt.care.portal.testing import visiting
from openomt.care.testing import appointment_type, location, member, patient, signed_in
from openomt.care.words import words
from openomt.knowledge import load
from openomt.knowledge.instruments import Instrument
from openomt.medicine.safety.screen_tables import screen_tables

pytestmark = pytest.mark.django_db
Walker = Callable[..., Walk]


def _send(walk: Walk) -> Any:
    return walk.client.post(reverse("intake_mine_send", args=[walk.intake.uid]), follow=True)


def _done(walk: Walk, **how: Any) -> Intake:
    walk.begin()
    walk.walk(**how)
    _send(walk)
    assert walk.now().state == Intake.State.DONE
    return walk.intake


# Telling ------------------------------------------------------------------------------------------------------


def test_a_story_is_told_scored_and_proposed(walk: Walker, adult: Patient) -> None:
    mine = walk(adult)
    _done(mine)
    scores = dict(FormAnswer.objects.values_list("instrument", "score"))
    assert scores == {"peg": 5.0, "psfs": 4.0, "sleep": None, "evs": 90.0, "phq4": 0.0}
    told = set(Proposal.objects.values_list("kind", "text"))
    assert ("medicine", "Ibuprofen 400 mg") in told
    assert ("what_matters", "Sleep through the night") in told
    assert not MedicineEntry.objects.exists()
    actions = list(AuditEvent.objects.filter(patient_id=adult.pk).values_list("action", flat=True))
    assert {"intake.made", "intake.begun", "intake.answered", "intake.finished"} <= set(actions)


def test_an_answer_is_kept_at_once_and_another_device_goes_on_there(walk: Walker, adult: Patient) -> None:
    mine = walk(adult)
    mine.begin()
    mine.walk(until="danger-now")
    other = visiting(Client(), adult, Scope.INTAKE, target=target_of(mine.intake))
    where = other.get(reverse("intake_mine", args=[mine.intake.uid]))
    assert where["Location"] == mine.at("danger-now")


def test_a_link_opens_it_after_the_birth_date(client: Client, adult: Patient) -> None:
    intake, sent = services.invite(adult)
    assert sent is not None
    token = "/l/" + sent.link.rsplit("/", 1)[1]
    client.post(token, {"month": "3", "day": "4", "year": "1985"})
    assert client.get(target_of(intake)).status_code == 200


def test_going_back_loses_nothing(walk: Walker, adult: Patient) -> None:
    mine = walk(adult)
    mine.begin()
    mine.answer("reason", text="My back")
    back = mine.answer("where", place=["neck"], back="1")
    assert back["Location"] == mine.at("reason")
    assert "My back" in mine.client.get(mine.at("reason")).content.decode()
    assert mine.now().answers["where"] == ["neck"]
    assert mine.intake.position == "reason"


def test_a_question_can_be_left_out_and_is_named(walk: Walker, adult: Patient) -> None:
    mine = walk(adult)
    mine.begin()
    assert mine.answer("reason", skip="1")["Location"] == mine.at("where")
    assert mine.now().answers == {"reason": None}


@pytest.mark.parametrize(
    ("key", "sent", "said"),
    [
        ("reason", {"text": " "}, "Write a few words"),
        ("reason", {"text": "x" * 5000}, "too long"),
        ("where", {"place": ["moon"]}, "pick one"),
        ("where", {"place": ["neck"], "none": "1"}, "leave one"),
        ("where", {}, "Tick each place"),
        ("danger-now", {"tick": ["made-up"]}, "Tick what fits"),
        ("danger-now", {}, "Tick what fits"),
        ("danger-now", {"skip": "1"}, "Tick what fits"),
        ("birth", {"value": "maybe"}, "pick one"),
        ("psfs-q1", {"value": "4"}, "Write one thing"),
        ("psfs-q1", {"text": "stairs", "value": "44"}, "number from 0 to 10"),
        ("sleep-q1", {"value": "six"}, "number from 0 to 24"),
        ("sleep-q1", {"value": "٣"}, "number from 0 to 24"),
        ("phq4-q1", {"value": "9"}, "pick one"),
        ("medicine", {"text": "\n".join(map(str, range(50)))}, "too many lines"),
        ("medicine", {"text": "x" * 900}, "too long"),
        ("medicine", {}, "Write one on each line"),
    ],
)
def test_a_wrong_answer_is_named_and_stays_on_the_page(
    key: str, sent: dict[str, Any], said: str, walk: Walker, adult: Patient
) -> None:
    mine = walk(adult)
    mine.begin()
    before = mine.now().answers
    answer = mine.answer(key, **sent)
    assert answer.status_code == 400
    page = html.unescape(answer.content.decode())
    assert said in page
    assert mine.now().answers == before
    if len(sent.get("text", "").strip()) in range(1, 100):
        assert sent["text"] in page


def test_what_is_no_question_is_not_found(walk: Walker, adult: Patient) -> None:
    mine = walk(adult)
    mine.begin()
    assert mine.client.get(mine.at("stc-q1")).status_code == 404
    assert mine.client.get(mine.at("no-such")).status_code == 404


@pytest.mark.parametrize("scope", [Scope.ALL, Scope.INTAKE])
def test_another_patients_intake_is_not_found(walk: Walker, adult: Patient, scope: Scope) -> None:
    mine = walk(adult)
    mine.begin()
    other = visiting(Client(), patient(), scope)
    for name, more in (("", []), ("_now", []), ("_send", []), ("_question", ["reason"])):
        where = reverse(f"intake_mine{name}", args=[mine.intake.uid, *more])
        assert other.get(where).status_code == 404
        assert other.post(where, {"text": "x"}).status_code in (404, 405)
    assert mine.now().answers == {}


def test_after_the_end_nothing_is_changed(walk: Walker, adult: Patient) -> None:
    mine = walk(adult)
    kept = _done(mine).answers
    mine.answer("reason", text="Something else")
    _send(mine)
    assert mine.now().answers == kept
    assert Proposal.objects.filter(kind="medicine").count() == 1


def test_the_end_waits_for_open_questions(walk: Walker, adult: Patient) -> None:
    mine = walk(adult)
    mine.begin()
    mine.walk(until="hope")
    where = mine.client.post(reverse("intake_mine_send", args=[mine.intake.uid]))
    assert where["Location"] == mine.at("hope")


def test_a_guardian_answers_for_a_child_in_words_for_a_guardian(walk: Walker, child: Patient) -> None:
    mine = walk(child)
    page = mine.begin().content.decode()
    assert "What brings your child to us?" in page
    mine.walk()
    _send(mine)
    assert mine.now().guardian is not None
    assert not FormAnswer.objects.exists()


def test_a_second_time_asks_what_is_still_true(walk: Walker, adult: Patient) -> None:
    eliquis = on_record.enter(MedicineEntry, adult, None, text="Eliquis 5 mg")
    aspirin = on_record.enter(MedicineEntry, adult, None, text="Aspirin 81 mg")
    _done(walk(adult), typical={**_typical(), "medicine": {"all": "1"}})
    again = walk(adult)
    again.begin()
    assert "last time" in again.client.get(again.at("reason")).content.decode()
    assert again.answer("reason", same="1").status_code == 302
    assert again.now().answers["reason"] == "My low back has hurt for two months"
    refused = again.answer("medicine", text="")
    assert "tap yes or no" in refused.content.decode()
    sent = {f"still-{eliquis.pk}": "yes", f"still-{aspirin.pk}": "no", "text": "Ibuprofen"}
    again.walk(typical={**_typical(), "medicine": sent})
    _send(again)
    found = Proposal.objects.filter(intake=again.intake, kind="medicine").values_list("text", "ends")
    assert set(found) == {("Aspirin 81 mg", aspirin.pk), ("Ibuprofen", None)}


def _typical() -> dict[str, Any]:
    return dict(TYPICAL)


# Dangers ------------------------------------------------------------------------------------------------------


def test_a_danger_is_told_in_the_first_line_and_to_the_practice_at_once(
    walk: Walker, adult: Patient, heard: list[Danger]
) -> None:
    mine = walk(adult)
    mine.begin()
    mine.walk(until="danger-nerves")
    answer = mine.answer("danger-nerves", tick=["saddle"])
    assert answer["Location"] == reverse("intake_mine_now", args=[mine.intake.uid])
    page = mine.client.get(answer["Location"]).content.decode()
    assert page.index("Call 911 now") < page.index("<main")
    assert 'href="tel:911"' in page
    assert [(one.urgency, one.task.hours) for one in heard] == [("E", 0)]
    home = mine.client.get(reverse("intake_mine", args=[mine.intake.uid]))
    assert home["Location"] == answer["Location"]


def test_a_danger_tapped_by_mistake_is_taken_back_and_the_practice_has_heard(
    walk: Walker, adult: Patient, heard: list[Danger]
) -> None:
    mine = walk(adult)
    mine.begin()
    mine.walk(until="danger-nerves")
    mine.answer("danger-nerves", tick=["saddle"])
    page = mine.client.get(reverse("intake_mine_now", args=[mine.intake.uid])).content.decode()
    assert mine.at("danger-nerves") in page
    assert mine.answer("danger-nerves", none="1").status_code == 302
    mine.walk()
    _send(mine)
    assert mine.now().state == Intake.State.DONE
    assert len(heard) == 1


def test_the_same_danger_is_told_to_the_practice_once(
    walk: Walker, adult: Patient, heard: list[Danger]
) -> None:
    mine = walk(adult)
    mine.begin()
    mine.walk(until="danger-now")
    mine.answer("danger-now", tick=["stroke"])
    mine.answer("danger-now", tick=["stroke"])
    mine.answer("danger-now", tick=["stroke", "chest"])
    assert [one.urgency for one in heard] == ["E", "E"]


def test_a_doctor_today_lets_the_patient_go_on(walk: Walker, adult: Patient, heard: list[Danger]) -> None:
    mine = walk(adult)
    mine.begin()
    mine.walk(until="danger-nerves")
    mine.answer("danger-nerves", tick=["hands"])
    page = mine.client.get(reverse("intake_mine_now", args=[mine.intake.uid])).content.decode()
    assert "You need a doctor today" in page
    assert "Go on with the questions" in page
    assert [(one.urgency, one.task.working) for one in heard] == [("U", True)]


@pytest.mark.parametrize("language", ["en", "es"])
def test_words_of_self_harm_show_a_number_to_call(
    language: str, walk: Walker, adult: Patient, heard: list[Danger]
) -> None:
    mine = walk(adult)
    mine.begin()
    said = {"en": "I want to kill myself", "es": "Me quiero matar"}[language]
    answer = mine.client.post(f"{mine.at('reason')}?lang={language}", {"text": said})
    page = mine.client.get(answer["Location"]).content.decode()
    assert 'href="tel:988"' in page
    assert [one.urgency for one in heard] == ["E"]


# Languages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["adult", "child", "baby"])
def test_spanish_is_whole_and_no_english_leaks(
    who: str, walk: Walker, request: pytest.FixtureRequest
) -> None:
    one = request.getfixturevalue(who)
    Patient.objects.filter(pk=one.pk).update(language="es")
    one.refresh_from_db()
    english = _english()
    leaks: list[str] = []
    mine = walk(one)

    def look_at(name: str, page: str) -> None:
        leaks.extend(f"{name}: {text}" for text in _texts(page) if text in english)

    look_at("welcome", mine.client.get(target_of(mine.intake)).content.decode())
    mine.begin()
    assert len(mine.walk(language="es", seen=lambda step, page: look_at(step.key, page))) > 15
    page = mine.client.get(reverse("intake_mine_send", args=[mine.intake.uid])).content.decode()
    look_at("send", page)
    look_at("over", _send(mine).content.decode())
    assert not leaks


def _texts(page: str) -> set[str]:
    found = read(page)
    return set(found.texts) | set(found.spoken)


def _english() -> set[str]:
    """Every English text a patient could read, where the Spanish one is another."""
    found = {both["en"] for both in words().values() if both["en"] != both["es"]}
    found |= {row.record.ask for row in screen_tables().questions.values()}
    for record in load().all(Instrument):
        found |= {item.en for item in record.items} | {record.intro_en}
        found |= {option.en for item in record.items for option in record.options_of(item)}
    return found - {"No", ""}


def test_an_interpreter_asked_for_is_noted(walk: Walker, adult: Patient) -> None:
    Patient.objects.filter(pk=adult.pk).update(language="es")
    adult.refresh_from_db()
    mine = walk(adult)
    _done(mine, language="es", typical={**_typical(), "interpreter": {"value": "yes"}})
    assert mine.intake.interpreter
    adult.refresh_from_db()
    assert adult.interpreter


# Staff ----------------------------------------------------------------------------------------------------------


def _new(adult: Patient, *, kind: str = AppointmentType.Kind.NEW) -> Any:
    start = (timezone.now() + dt.timedelta(days=20)).replace(hour=15, minute=0, second=0, microsecond=0)
    return book(
        None,
        adult,
        member("physician"),
        location(),
        appointment_type(name=f"A {kind}", kind=kind),
        start,
        override="no hours are set",
    )


def test_a_first_visit_that_is_booked_brings_one_invitation(adult: Patient) -> None:
    booked = _new(adult)
    for _ in range(2):
        run_due(timezone.now() + dt.timedelta(hours=1))
    intake = Intake.objects.get()
    assert intake.appointment_id == booked.pk
    assert Message.objects.filter(template="intake").count() == 1
    link = PrivateLink.objects.get(scope=Scope.INTAKE)
    assert link.expires_at > booked.start


def test_a_follow_up_or_a_canceled_visit_brings_none(adult: Patient) -> None:
    _new(adult, kind=AppointmentType.Kind.FOLLOW_UP)
    booked = _new(patient(email="x@example.test", contact=Patient.Contact.EMAIL))
    type(booked).objects.filter(pk=booked.pk).update(status="canceled")
    run_due(timezone.now() + dt.timedelta(hours=1))
    assert not Intake.objects.exists()


def test_front_desk_sends_it_or_hands_the_tablet_over(client: Client, adult: Patient) -> None:
    desk = signed_in(client, member("front_desk"))
    said = desk.post(reverse("intake_send", args=[adult.uid]), follow=True).content.decode()
    assert "ada@example.test" in said
    intake = Intake.objects.get()
    over = desk.post(reverse("intake_tablet", args=[adult.uid]))
    assert over["Location"] == target_of(intake)
    assert Intake.objects.count() == 1
    assert desk.get(over["Location"]).status_code == 200
    assert desk.get(reverse("intake_summary", args=[intake.uid])).status_code in (302, 403)


def test_the_physician_reads_what_changed_first_and_takes_over(
    walk: Walker, client: Client, adult: Patient
) -> None:
    _done(walk(adult))
    better = {**_typical(), "reason": {"same": "1"}, "hope": {"text": "Dance again"}}
    better |= {f"peg-q{n}": {"value": "2"} for n in (1, 2, 3)}
    second = walk(adult)
    _done(second, typical=better)
    doctor = signed_in(Client(), member("physician"))
    page = html.unescape(doctor.get(reverse("intake_summary", args=[second.intake.uid])).content.decode())
    assert page.index("Changed since the last time") < page.index('id="h-body"')
    for said in ("PEG 5", "PEG 2", "better", "Dance again", "patient-reported"):
        assert said in page
    assert "still to ask at the visit" in page
    chart = html.unescape(doctor.get(reverse("chart", args=[adult.uid])).content.decode())
    assert "PEG 2" in chart
    doctor.post(reverse("intake_decide", args=[second.intake.uid]), {"all": "1"})
    assert MedicineEntry.objects.get().text == "Ibuprofen 400 mg"
    assert AllergyEntry.objects.get().none_known
    adult.refresh_from_db()
    assert adult.what_matters == "Dance again"
    assert not Proposal.objects.filter(intake=second.intake, accepted=None).exists()


def test_one_is_taken_over_and_another_declined_and_twice_is_once(walk: Walker, adult: Patient) -> None:
    mine = walk(adult)
    _done(mine)
    doctor = signed_in(Client(), member("physician"))
    where = reverse("intake_decide", args=[mine.intake.uid])
    medicine = Proposal.objects.get(kind="medicine")
    for _ in range(2):
        doctor.post(where, {"proposal": str(medicine.pk), "accept": "1"})
    doctor.post(where, {"proposal": str(Proposal.objects.get(kind="what_matters").pk), "decline": "1"})
    assert MedicineEntry.objects.count() == 1
    adult.refresh_from_db()
    assert adult.what_matters == ""
    said = doctor.post(where, {"proposal": "9" * 40}, follow=True).content.decode()
    assert "Nothing was ticked" in said


def test_what_cannot_be_taken_over_says_why(walk: Walker, adult: Patient) -> None:
    mine = walk(adult)
    _done(mine)
    on_record.enter(AllergyEntry, adult, None, text="Penicillin")
    doctor = signed_in(Client(), member("physician"))
    said = doctor.post(reverse("intake_decide", args=[mine.intake.uid]), {"all": "1"}, follow=True)
    assert "Not taken over: No allergies known" in said.content.decode()
    assert Proposal.objects.get(kind="allergy_none").accepted is None


def test_a_withdrawn_intake_says_so_to_the_patient(walk: Walker, adult: Patient) -> None:
    mine = walk(adult)
    services.withdraw(member("front_desk"), mine.intake)
    page = mine.client.get(target_of(mine.intake)).content.decode()
    assert "do not need these answers" in page


def test_front_desk_finds_it_at_the_patients_door_though_none_is_open(client: Client, adult: Patient) -> None:
    desk = signed_in(client, member("front_desk"))
    door = reverse("portal_door", args=[adult.uid])
    assert "Questions before the visit" in desk.get(door).content.decode()
    over = desk.post(reverse("portal_hand_over", args=[adult.uid]), {"door": "intake"})
    for _ in range(2):
        assert desk.get(over["Location"], follow=True).status_code == 200
    assert Intake.objects.count() == 1
