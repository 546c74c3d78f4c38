"""The made-up practice: plausible, safe, whole, and the same each time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from openomt.care.accounts import audit
from openomt.care.accounts.demo import PASSWORD, accounts
from openomt.care.accounts.models import Practice, User
from openomt.care.accounts.signing import check_signature
from openomt.care.booking.models import Appointment
from openomt.care.followup.models import Task
from openomt.care.intake.models import FormAnswer
from openomt.care.mine.models import Advice
from openomt.care.patients.facts import known
from openomt.care.patients.models import Document, Patient
from openomt.care.visits.documents import open_document
from openomt.care.visits.models import SignedVisit, Visit
from openomt.medicine.notation import read
from openomt.site.demo.clock import clock
from openomt.site.demo.drafts import everything_written
from openomt.site.demo.scale import Scale
from openomt.site.demo.seeding import NotEmptyError, refresh, seed
from openomt.site.demo.staff import PIN
from openomt.site.demo.stories import STORIES
from openomt.site.tests.databases import database, instead
from openomt.site.tests.seeded import TODAY, migrated, seeded

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

__all__ = ["migrated", "seeded"]


@pytest.fixture(scope="module")
def practice(seeded: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The made-up practice; tests only look at it."""
    with django_db_blocker.unblock(), instead("", seeded):
        yield


def story(key: str) -> Patient:
    given, family = STORIES[key]
    return Patient.objects.get(given_names=given, family_name=family)


def test_every_line_a_made_up_visit_may_hold_is_read_whole() -> None:
    lines = list(everything_written())
    assert len(lines) > 300
    for line in lines:
        reading = read(line)
        assert not reading.unread, line
        assert not reading.questions, line


def test_it_holds_as_many_as_asked(practice: None) -> None:
    assert Patient.objects.count() == 24
    assert SignedVisit.objects.count() == 60
    assert Visit.objects.filter(state=Visit.State.DRAFT).count() == 1
    assert Appointment.objects.filter(start__date__gt=TODAY).exists()


def test_every_signed_visit_is_read_whole_and_safe(practice: None) -> None:
    for signed in SignedVisit.objects.all():
        document = open_document(signed)
        assert not read(document.draft.text).unread
        assert document.verdict == "clear", document.draft.text
        assert document.value.findings
        assert document.value.treatments
        assert document.value.responses


def test_numbers_and_times_of_visits_follow_each_other(practice: None) -> None:
    for patient in Patient.objects.all():
        visits = list(patient.visits.order_by("number"))
        assert [one.number for one in visits] == list(range(1, len(visits) + 1))
        assert [one.date for one in visits] == sorted(one.date for one in visits)


def test_the_audit_is_whole_and_in_order_of_time(practice: None) -> None:
    from openomt.care.accounts.models import AuditEvent

    count, breaks = audit.verify()
    assert (count > 150, breaks) == (True, [])
    past = AuditEvent.objects.filter(at__date__lt=TODAY - dt.timedelta(days=1), action__startswith="visit.")
    times = list(past.order_by("pk").values_list("at", flat=True))
    assert times == sorted(times)


def test_everybody_who_is_shown_can_sign_in(practice: None) -> None:
    for account in accounts():
        assert User.objects.get(email=account.email).check_password(PASSWORD)


def test_the_physicians_pin_is_the_one_that_is_shown(practice: None) -> None:
    check_signature(User.objects.get(email="physician@demo.test"), pin=PIN)


def test_cpt_is_off(practice: None) -> None:
    assert not Practice.load().shows_cpt


FACTS = [
    ("rosa", {"pregnant", "anticoagulant"}),
    ("walter", {"rf_fracture", "age_over_65"}),
    ("leo", {"infant_under_2"}),
    ("arthur", {"anticoagulant"}),
    ("edith", {"osteoporosis"}),
]


@pytest.mark.parametrize(("key", "facts"), FACTS, ids=[one[0] for one in FACTS])
def test_a_story_holds_the_facts_it_is_told_for(key: str, facts: set[str], practice: None) -> None:
    found = known(story(key), TODAY)
    assert facts <= {one.fact.code for one in found.present}


def test_the_stories_are_all_there(practice: None) -> None:
    rosa, quinn, lucia = story("rosa"), story("quinn"), story("lucia")
    assert known(rosa, TODAY).weeks == 24
    assert quinn.restricted
    assert quinn.care_team.count() == 1
    assert (lucia.language, lucia.interpreter) == ("es", True)
    assert story("leo").guardians.get().relation == "Mother"
    assert story("mei").refusals.get().technique == "HVLA"
    assert story("walter").orders.get().holds
    assert story("della").visits.filter(state=Visit.State.AWAITING).exists()
    assert story("rosa").documents.count() == 2
    assert {one.urgency for one in Task.objects.all()} == {"U", "C", "R"}
    assert Task.objects.filter(owner=None).count() == 1
    assert {one.instrument for one in FormAnswer.objects.filter(patient=rosa)} == {
        "peg",
        "psfs",
        "sleep",
        "phq4",
    }


def test_patients_find_advice_and_papers_on_their_own_pages(practice: None) -> None:
    def advice(key: str) -> list[str]:
        return [one.text for one in Advice.objects.filter(patient=story(key)) if one.holds(TODAY)]

    walk = "Siga moviéndose: una caminata corta cada día ayuda. Llámenos si algo cambia."
    assert advice("lucia") == ["Una compresa tibia o fría puede aliviar.", walk]
    assert advice("rosa") == ["Keep moving: a short walk each day helps. Call us if things change."]
    assert advice("ben") == []
    shared = Document.objects.exclude(shared_at=None).values_list("patient__given_names", "title")
    assert set(shared) == {
        ("Rosa", "Letter from obstetrics"),
        ("Gus", "X-ray of the right shoulder"),
        ("Edith", "Bone density"),
        ("Lucía", "Carta para su trabajo"),
    }


def test_today_is_in_several_states(practice: None) -> None:
    today = Appointment.objects.filter(clinician__email="physician@demo.test", start__date=TODAY)
    assert today.count() == 9
    assert {one.status for one in today} == {"done", "roomed", "arrived", "booked"}


def test_no_thrust_where_thrust_is_refused(practice: None) -> None:
    for visit in story("mei").visits.filter(state=Visit.State.SIGNED):
        assert "HVLA" not in visit.signed.document


def test_nothing_is_put_between_real_data(practice: None) -> None:
    with pytest.raises(NotEmptyError):
        seed(TODAY, Scale(patients=20, visits=50))


def test_the_same_day_gives_the_same_practice(
    seeded: Path, migrated: dict[str, str], practice: None, tmp_path: Path
) -> None:
    def told() -> list[str]:
        return sorted(SignedVisit.objects.values_list("note", flat=True))

    def who() -> list[tuple[str, dt.date]]:
        return list(Patient.objects.order_by("uid").values_list("family_name", "birth_date"))

    first, people = told(), who()
    with database("sqlite", tmp_path, migrated["sqlite"]):
        seed(TODAY, Scale(patients=24, visits=60, months=4))
        assert who() == people
        assert told() == first


def test_on_a_later_day_there_is_a_schedule_and_no_clock_has_run_out(
    seeded: Path, practice: None, django_db_setup: None, tmp_path: Path
) -> None:
    later = TODAY + dt.timedelta(days=9)
    with database("sqlite", tmp_path, str(seeded)):
        Task.objects.update(due_at=timezone.now() - dt.timedelta(days=3))
        refresh(later)
        refresh(later)
        mine = Appointment.objects.filter(clinician__email="physician@demo.test", start__date=later)
        assert mine.filter(patient__family_name="Alvarez").count() == 1
        assert not Task.objects.filter(due_at__lt=timezone.now()).exists()


def test_the_clock_shows_what_it_is_set_to_and_then_the_time() -> None:
    then = dt.datetime(2025, 1, 2, 3, 4, tzinfo=dt.UTC)
    with clock() as now:
        now.shown = then
        assert timezone.now() == then
        assert Patient().added_at == then
    assert abs(timezone.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=5)
