"""What a patient finds on their own pages, in both languages, and what nobody else finds there."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.models import AuditEvent, User
from openomt.care.followup.models import Reply, Task
from openomt.care.mine import services
from openomt.care.patients import services as records
from openomt.care.patients.models import Course, Document, Guardian, Patient
from openomt.care.portal.testing import visiting
from openomt.care.visits.models import SignedVisit, Visit

PAGES = ("mine_home", "mine_progress", "mine_visits", "mine_ask", "mine_everything")


def _get(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_first_page_tells_plan_goal_and_what_matters_in_the_patients_words(ada: Patient) -> None:
    page = _get(visiting(Client(), ada), "mine_home")
    for words in (
        "Carry my grandson",
        "Sit through dinner",
        "Lumbar strain",
        "Up to 4 visits, then we look together.",
        "Ten slow squats",
    ):
        assert words in page


def test_visits_left_are_never_a_target(ada: Patient, seen: Visit) -> None:
    page = _get(visiting(Client(), ada), "mine_home")
    assert "left" not in page.casefold().replace('"i-left"', "")
    assert "of 4" not in page


def test_the_next_visit_is_the_nearest_that_is_booked(ada: Patient, doctor: User) -> None:
    soon, later = (timezone.now() + dt.timedelta(days=n) for n in (3, 20))
    for start, status in ((later, "booked"), (soon, "booked"), (soon - dt.timedelta(days=1), "canceled")):
        testing.appointment(patient=ada, clinician=doctor, start=start.replace(minute=0), status=status)
    page = visiting(Client(), ada).get(reverse("mine_home")).context["home"]
    assert page.next_visit.start.date() == soon.date()


def test_advice_ends_with_its_days_or_by_hand(ada: Patient, doctor: User) -> None:
    old = services.advise(doctor, ada, "Heat at night", days=2)
    type(old).objects.filter(pk=old.pk).update(entered_at=timezone.now() - dt.timedelta(days=3))
    gone = services.advise(doctor, ada, "Walk on sand")
    services.end_advice(doctor, gone)
    page = _get(visiting(Client(), ada), "mine_home")
    assert "Ten slow squats" in page
    assert "Heat at night" not in page
    assert "Walk on sand" not in page


def test_a_signed_visit_is_told_in_plain_words_in_both_languages(ada: Patient, seen: Visit) -> None:
    client = visiting(Client(), ada)
    english = _get(client, "mine_visit", seen.uid)
    spanish = _get(client, "mine_visit", seen.uid, lang="es")
    assert "What we did" in english or "middle back" in english
    assert "Visita del" in spanish
    assert 'lang="es"' in spanish
    assert "FRS" not in english


def test_a_draft_is_not_shown(ada: Patient, doctor: User) -> None:
    draft = Visit.objects.create(patient=ada, clinician=doctor, number=9, date=timezone.localdate())
    client = visiting(Client(), ada)
    assert client.get(reverse("mine_visit", args=[draft.uid])).status_code == 404
    assert str(draft.uid) not in _get(client, "mine_visits")


@pytest.mark.parametrize("kind", ["summary", "aftercare", "note"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_sheet_is_a_pdf(ada: Patient, seen: Visit, kind: str, language: str) -> None:
    address = reverse("mine_visit_file", args=[seen.uid, kind])
    answer = visiting(Client(), ada).get(address, {"lang": language})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert answer["Cache-Control"] == "no-store"
    assert "Quill" not in answer["Content-Disposition"]


def test_a_damaged_visit_is_refused_without_an_error(
    ada: Patient, seen: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openomt.care.visits.documents.digest", lambda _text: "0" * 64)
    client = visiting(Client(), ada)
    assert SignedVisit.objects.exists()
    assert client.get(reverse("mine_visit", args=[seen.uid])).status_code == 409
    assert client.get(reverse("mine_visit_file", args=[seen.uid, "summary"])).status_code == 409


def test_only_papers_the_practice_shares_are_there(ada: Patient, paper: Document, doctor: User) -> None:
    client, address = visiting(Client(), ada), reverse("mine_document", args=[paper.uid])
    assert "X-ray report" in _get(client, "mine_visits")
    assert client.get(address).content == b"%PDF-1.4 report"
    records.share_document(paper, doctor, shared=False)
    assert "X-ray report" not in _get(client, "mine_visits")
    assert client.get(address).status_code == 404
    records.share_document(paper, doctor, shared=True)
    records.mark_in_error(paper, doctor)
    assert client.get(address).status_code == 404


def test_staff_share_a_paper_and_give_advice(ada: Patient, paper: Document, doctor: User) -> None:
    client = testing.signed_in(Client(), doctor)
    client.post(reverse("document_share", args=[ada.uid, paper.uid]), {"shared": "0"})
    paper.refresh_from_db()
    assert paper.shared_at is None
    address = reverse("mine_advice", args=[ada.uid])
    assert client.post(address, {"text": "", "days": "400"}).status_code == 422
    assert client.post(address, {"text": "Stretch the calf", "days": "7"}).status_code == 302
    assert "Stretch the calf" in client.get(address).content.decode()
    actions = set(AuditEvent.objects.filter(patient_id=ada.pk).values_list("action", flat=True))
    assert {"document.unshared", "advice.added", "advice.read"} <= actions


# Messages --------------------------------------------------------------------------------------------------


def test_a_message_becomes_a_task_and_stands_in_the_list_with_its_reply(ada: Patient, doctor: User) -> None:
    client = visiting(Client(), ada)
    answer = client.post(reverse("mine_ask"), {"words": "May I swim on Sunday?"})
    task = Task.objects.get(patient=ada)
    assert answer["Location"] == reverse("mine_question", args=[task.uid])
    assert "We have your message." in _get(client, "mine_question", task.uid)
    Reply.objects.create(task=task, patient=ada, words="Yes, slowly.", by=doctor)
    assert "Yes, slowly." in _get(client, "mine_question", task.uid)
    assert Reply.objects.get().read_at is not None
    assert "Answered" in _get(client, "mine_ask")


@pytest.mark.parametrize("language", ["en", "es"])
def test_words_of_danger_are_answered_at_once_in_the_first_line(ada: Patient, language: str) -> None:
    client = visiting(Client(), ada)
    words = {"en": "I can not feel my groin and I wet myself", "es": "no siento la entrepierna y me orino"}
    answer = client.post(f"{reverse('mine_ask')}?lang={language}", {"words": words[language]}, follow=True)
    page = answer.content.decode()
    task = Task.objects.get(patient=ada)
    assert task.danger
    assert task.urgency == "E"
    assert page.index('role="alert"') < page.index("<h1")
    assert task.told[0] in page
    assert 'href="tel:911"' in page


def test_an_empty_or_too_long_message_keeps_what_was_typed(ada: Patient) -> None:
    client = visiting(Client(), ada)
    assert client.post(reverse("mine_ask"), {"words": "  "}).status_code == 422
    answer = client.post(reverse("mine_ask"), {"words": "word " * 1000})
    assert answer.status_code == 422
    assert "word word" in answer.content.decode()
    assert not Task.objects.exists()


# Everybody ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_opens_for_who_has_nothing_yet(other: Patient, name: str, language: str) -> None:
    page = _get(visiting(Client(), other), name, lang=language)
    assert f'lang="{language}"' in page


def test_a_guardian_reads_the_childs_pages(ada: Patient, doctor: User) -> None:
    born = timezone.localdate() - dt.timedelta(days=8 * 365)
    child = testing.patient(given_names="Bo", family_name="Quill", birth_date=born, what_matters="Play")
    guardian = records.enter(Guardian, child, doctor, name="Ada Quill", relation="mother")
    client = visiting(Client(), child, guardian=guardian)
    for name in PAGES:
        assert "Carry my grandson" not in _get(client, name)
    assert "Play" in _get(client, "mine_home")
    client.post(reverse("mine_ask"), {"words": "May Bo play ball?"})
    assert Task.objects.get().patient == child
    assert "birth date" in _get(client, "mine_everything")


def test_a_course_that_ended_is_no_plan(ada: Patient) -> None:
    Course.objects.filter(patient=ada).update(ended_on=timezone.localdate())
    assert "We have not made a plan yet" in _get(visiting(Client(), ada), "mine_home")


def test_what_is_read_stands_in_the_audit(ada: Patient, seen: Visit) -> None:
    client = visiting(Client(), ada)
    _get(client, "mine_home")
    _get(client, "mine_visit", seen.uid)
    rows = AuditEvent.objects.filter(patient_id=ada.pk, actor_name="patient")
    assert {"mine.read", "visit.read"} <= set(rows.values_list("action", flat=True))


def test_the_practice_says_by_when_it_answers(ada: Patient) -> None:
    address, client = reverse("mine_ask"), visiting(Client(), ada)
    usual = client.get(address).context["answer_by"]
    testing.practice(answer_hours=2)
    stated = client.get(address).context["answer_by"]
    assert stated < usual
    client.post(address, {"words": "May I swim?"})
    assert abs(Task.objects.get().due_at - stated) < dt.timedelta(minutes=1)
