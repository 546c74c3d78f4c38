"""Pages of patients in a made-up practice, with the session that opens each: for pictures and for the slow phone.

Runs where the practice's database is (OPENOMT_DATA). Whatever a page needs is put there: a visit agreed to, an intake
with a danger sign, a check-in that went badly. All people are made up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from openomt.site.start import django_ready

if TYPE_CHECKING:
    from openomt.care.intake.models import Intake
    from openomt.care.patients.models import Patient


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its name, its path, and the session of the patient who sees it (empty: nobody)."""

    name: str
    path: str
    session: str = ""


def places() -> Iterator[Place]:
    """Every one of them."""
    yield from _public()
    yield from _of_one()
    yield from _intake()
    yield from _after()


def _public() -> Iterator[Place]:
    from django.urls import reverse

    from openomt.care.booking.models import AppointmentType

    yield Place("front", "/")
    yield Place("learn", reverse("learning_index"))
    yield Place("conditions", reverse("learning_conditions"))
    yield Place("condition", reverse("learning_condition", args=["low-back-pain"]))
    yield Place("techniques", reverse("learning_techniques"))
    yield Place("technique", reverse("learning_technique", args=["counterstrain"]))
    yield Place("self-check", reverse("learning_check"))
    yield Place("self-check-danger", reverse("learning_check"))
    kinds = AppointmentType.objects.filter(online=True, is_active=True).order_by("minutes")
    yield Place("free-times", f"{reverse('booking_times')}?type={kinds[0].uid}")


def _session(patient: Patient) -> str:
    from django.conf import settings
    from django.test import Client

    from openomt.care.portal.testing import visiting

    return str(visiting(Client(), patient).cookies[settings.SESSION_COOKIE_NAME].value)


def _of_one() -> Iterator[Place]:
    """Who has answered most and was here most often; and what is agreed to with a physician."""
    from django.db.models import Count
    from django.urls import reverse

    from openomt.care.accounts.models import User
    from openomt.care.agree import services as agree
    from openomt.care.agree.models import Asking
    from openomt.care.patients.models import Patient
    from openomt.care.visits.services import open_visit

    adults = Patient.objects.filter(merged_into=None, guardians=None)
    one = adults.annotate(
        told=Count("form_answers", distinct=True), seen=Count("visits", distinct=True)
    ).order_by("-told", "-seen", "pk")[0]
    session = _session(one)
    yield Place("my-page", reverse("mine_home"), session)
    yield Place("how-it-goes", reverse("mine_progress"), session)
    yield Place("my-visits", reverse("mine_visits"), session)
    yield Place("write-to-us", reverse("mine_ask"), session)
    asking = Asking.objects.filter(visit__patient=one).order_by("pk").last()
    if asking is None:
        doctor = User.objects.get(email="physician@demo.test")
        asking = agree.ask(doctor, open_visit(doctor, one), ["ME", "HVLA"])
    steps = agree.steps(asking)
    technique = next(step for step in steps if step.name.startswith("technique"))
    yield Place("agree-risks", reverse("agree_mine_step", args=[asking.uid, steps[0].name]), session)
    yield Place("agree-technique", reverse("agree_mine_step", args=[asking.uid, technique.name]), session)


def _intake() -> Iterator[Place]:
    """One that nobody has begun; the follow-up form; and one whose first answer was a danger sign."""
    from django.urls import reverse

    from openomt.care.intake import services
    from openomt.care.intake.flow import Flow
    from openomt.care.intake.models import Intake
    from openomt.care.patients.models import Patient

    never = Patient.objects.filter(merged_into=None, guardians=None, intakes=None).order_by("pk")
    still = Intake.objects.filter(state=Intake.State.OPEN, patient__guardians=None).order_by("pk")
    mine = still.filter(started_at=None, flow=Flow.INTAKE).first() or services.open_one(never[0])
    session = _session(mine.patient)
    yield Place("intake", reverse("intake_mine", args=[mine.uid]), session)
    for key, name in (("where", "intake-figure"), ("problem", "intake-list")):
        yield Place(name, reverse("intake_mine_question", args=[mine.uid, key]), session)
    short = services.open_one(never[0], flow=Flow.FOLLOWUP)
    after = reverse("intake_mine_question", args=[short.uid, "after_new"])
    yield Place("intake-followup", after, _session(short.patient))
    theirs = still.exclude(started_at=None).first() or _in_danger(never[0])
    yield Place("intake-danger", reverse("intake_mine_now", args=[theirs.uid]), _session(theirs.patient))


def _in_danger(patient: Patient) -> Intake:
    """The patient ticks the first danger sign, as they would on their phone: the practice is told, too."""
    from django.test import Client
    from django.urls import reverse

    from openomt.care.intake import services
    from openomt.care.intake.flow import steps
    from openomt.care.intake.tellers import teller_of
    from openomt.care.portal.testing import visiting

    opened = services.open_one(patient)
    asked = next(step for step in steps(teller_of(opened, "en"), {}) if step.kind == "danger")
    client = visiting(Client(HTTP_HOST="localhost"), patient)
    client.post(reverse("intake_mine", args=[opened.uid]))
    question = reverse("intake_mine_question", args=[opened.uid, asked.key])
    client.post(question, {"tick": asked.shown[0].code})
    return opened


def _after() -> Iterator[Place]:
    import datetime as dt

    from django.urls import reverse
    from django.utils import timezone

    from openomt.care.followup.models import CheckIn

    check_in, other = CheckIn.objects.filter(visit__patient__guardians=None).order_by("-pk")[:2]
    still = timezone.now() + dt.timedelta(days=1)
    rows = CheckIn.objects.filter(pk__in=[check_in.pk, other.pk])
    rows.update(useless_after=still)
    rows.filter(pk=check_in.pk).update(answers={})
    worse = {"change": "worse", "much": "much worse", "pain": 8, "today": [], "words": ""}
    rows.filter(pk=other.pk).update(answers=worse)
    session = _session(check_in.patient)
    yield Place("check-in", reverse("followup_mine_checkin", args=[check_in.uid]), session)
    result = reverse("followup_mine_checkin", args=[other.uid])
    yield Place("check-in-result", result, _session(other.patient))
    yield Place("aftercare", reverse("followup_mine_aftercare", args=[check_in.visit.uid]), session)


def main() -> None:
    """Prints them, each as name, path and session."""
    django_ready()
    print(json.dumps([astuple(place) for place in places()]))


if __name__ == "__main__":
    main()
