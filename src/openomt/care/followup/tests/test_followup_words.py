"""What patients read of this step: easy in both languages, and no English on a Spanish page."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care import words
from openomt.care.followup import services
from openomt.care.followup.checkins import flow
from openomt.care.followup.models import CheckIn, Reply
from openomt.care.portal.testing import visiting
from openomt.care.visits.models import Visit
from openomt.knowledge import load
from openomt.knowledge.redflags import Aftercare, CheckInSign
from openomt.medicine.triage.tables import triage_tables
from tests.reading_level import grade, spanish_ease

OURS = {name: one for name, one in words.words().items() if name.startswith("followup.")}


def test_the_words_read_easily_in_both_languages() -> None:
    filled = [
        {code: re.sub(r"\{\w+\}", "3", text) for code, text in one.items()}
        for one in OURS.values()
        if one["en"].endswith((".", "?")) and len(one["en"].split()) > 4
    ]
    assert len(filled) > 15
    assert grade([one["en"] for one in filled]) <= 6
    assert spanish_ease([one["es"] for one in filled]) >= 70
    assert all(grade([one["en"]]) <= 9 for one in filled)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answers",
    [
        {},
        {flow.DANGER: []},
        {"change": "better", "today": []},
        {"change": "worse", "much": "much worse", "pain": 9, "today": ["today-calf"], "words": "x"},
        {"change": "worse", "much": "worse", "pain": 5, "today": [], "words": "x"},
        {"change": "worse", "much": "worse", "pain": 2, "easing": True, "today": [], "words": "x"},
        *({"change": "worse", "much": "worse", "pain": 1, "step": step} for step in flow.CHOICES),
        {"change": "worse", "step": "words"},
        {"change": "same", "step": "today"},
    ],
)
def test_no_english_stands_on_a_spanish_page(visit: Visit, client: Client, answers: dict[str, Any]) -> None:
    step = answers.pop("step", "")
    one = CheckIn.objects.get(visit=visit, day=3)
    CheckIn.objects.filter(pk=one.pk).update(answers=answers)
    task = services.open_task(None, visit.patient, "U", "x", visit=visit, check_in=one, source="answer")
    reply = Reply.objects.create(task=task, patient=visit.patient, words="Descanse.", by=visit.clinician)
    visiting(client, visit.patient)
    pages = [
        f"{reverse('followup_mine_checkin', args=[one.uid])}?lang=es&step={step}",
        f"{reverse('followup_mine_aftercare', args=[visit.uid])}?lang=es",
        f"{reverse('followup_mine_reply', args=[reply.uid])}?lang=es",
    ]
    english = {one["en"] for one in OURS.values() if "{" not in one["en"] and len(one["en"].split()) > 1}
    english |= {one.en for one in load().all(Aftercare)} | {line.en for line in load().all(CheckInSign)}
    english |= {result.tell for result in triage_tables().results.values()}
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200
        shown = html.unescape(answer.content.decode())
        assert '<html lang="es">' in shown
        assert not [text for text in english if text in shown]


@pytest.mark.django_db
def test_a_closed_page_is_spanish_too(visit: Visit, client: Client) -> None:
    one = CheckIn.objects.get(visit=visit, day=1)
    CheckIn.objects.filter(pk=one.pk).update(useless_after=timezone.now())
    visiting(client, visit.patient)
    shown = client.get(f"{reverse('followup_mine_checkin', args=[one.uid])}?lang=es").content.decode()
    assert "Esta consulta ya terminó" in shown
    assert "check-in is over" not in shown
