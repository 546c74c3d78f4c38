"""Every link on the patient's own pages leads somewhere, also to the pages of the other steps."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openomt.care import testing
from openomt.care.accounts.models import User
from openomt.care.agree.models import Asking
from openomt.care.followup.models import CheckIn, Reply, Task
from openomt.care.intake.models import Intake
from openomt.care.patients.models import Patient
from openomt.care.portal.testing import visiting
from openomt.care.visits import services as visits
from openomt.care.visits.models import Visit

PAGES = ("mine_home", "mine_progress", "mine_visits", "mine_ask", "mine_everything")
_LINK = re.compile(r'<a [^>]*href="(/[^"#]*)"')


@pytest.fixture
def busy(ada: Patient, seen: Visit, doctor: User) -> Patient:
    """Ada, of whom everything is wanted: an intake, an agreement, a check-in; and one reply to read."""
    now = timezone.now()
    testing.appointment(patient=ada, clinician=doctor, start=(now + dt.timedelta(days=3)).replace(minute=0))
    Intake.objects.create(patient=ada, language="en")
    draft = visits.open_visit(doctor, ada, location=testing.location(), day=timezone.localdate())
    Asking.objects.create(visit=draft, techniques=["ME"], asked_by=doctor)
    CheckIn.objects.filter(visit=seen, day=1).delete()
    CheckIn.objects.create(
        patient=ada, visit=seen, day=1, due_at=now, useless_after=now + dt.timedelta(days=2), sent_at=now
    )
    task = Task.objects.create(
        patient=ada, urgency="R", source=Task.Source.QUESTION, title="Message", words="May I run?", due_at=now
    )
    Reply.objects.create(task=task, patient=ada, words="Walk first.", by=doctor)
    return ada


def test_everything_that_is_wanted_stands_on_the_first_page(busy: Patient) -> None:
    home = visiting(Client(), busy).get(reverse("mine_home")).context["home"]
    assert [one.door.name for one in home.to_do] == ["checkin", "agree", "intake"]
    assert [one.words for one in home.unread] == ["Walk first."]


def test_every_link_opens(busy: Patient, seen: Visit) -> None:
    client = visiting(Client(), busy)
    pages = [reverse(name) for name in PAGES] + [reverse("mine_visit", args=[seen.uid])]
    pages += [reverse("mine_question", args=[one.uid]) for one in Task.objects.filter(source="question")]
    found = {
        link.replace("&amp;", "&")
        for page in pages
        for link in _LINK.findall(client.get(page).content.decode())
    }
    assert len(found) > 15
    wrong = {}
    for link in sorted(found):
        status = client.get(link).status_code
        if status not in (200, 302):
            wrong[link] = status
    assert not wrong
