"""A small practice with one of everything, and which of it stands behind each address that names something."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import User
from openomt.care.billing.models import Claim, Fee, PayerRule
from openomt.care.booking.models import Absence, Appointment, WorkingHours
from openomt.care.followup.models import Task
from openomt.care.intake.models import FormAnswer
from openomt.care.patients import models as records
from openomt.care.patients.models import Patient
from openomt.care.testing import appointment, location, member, patient, practice
from openomt.care.visits import services as visits
from openomt.care.visits.drafts import Draft
from openomt.care.visits.models import Order, Phrase, Visit
from tools.routes import Route

TEXT = "T5 FRSr (2) boggy; ME T5; improved\nL3 ERSl (1) restr; MFR L3; unchanged"
"""Two findings in two regions, treated."""
HELP = (
    "src/openomt/site/tests/world.py does not know what {word!r} stands for in {route}. Add the object to `build` "
    "and the word to `World.objects`."
)


@dataclass(frozen=True, slots=True)
class World:
    """Everything in the practice, by the word that stands before its identifier in an address."""

    people: dict[Role, User]
    patient: Patient
    draft: Visit
    signed: Visit
    awaiting: Visit
    objects: dict[str, str]

    def address(self, route: Route) -> str:
        """The address of a route, with real objects in it. Fails where it names something not known here."""
        values = {}
        for name, word in route.parameters:
            assert word in self.objects, HELP.format(word=word, route=route)
            values[name] = self.objects[word]
        return reverse(route.name, kwargs=values)

    def also(self, route: Route) -> tuple[str, ...]:
        """Other states of the same page: a visit signed, and one that waits for its co-signature."""
        if not any(word == "visits/<uid>" for _name, word in route.parameters):
            return ()
        one = str(self.draft.uid)
        return tuple(self.address(route).replace(one, str(v.uid)) for v in (self.signed, self.awaiting))


def build() -> World:
    """Makes it all."""
    practice()
    people = {role: member(role, name=f"{role.words} Person") for role in Role}
    doctor, trainee = people[Role.PHYSICIAN], people[Role.TRAINEE]
    one = patient(family_name="Quill", given_names="Ada", what_matters="Sleep through the night")
    twin = patient(family_name="Quill", given_names="Adah", birth_date=one.birth_date)
    signed = _visit(doctor, one, day=timezone.localdate() - dt.timedelta(days=14), sign=True)
    awaiting = _visit(trainee, one, day=timezone.localdate() - dt.timedelta(days=7), sign=True)
    draft = _visit(doctor, one, day=timezone.localdate())
    rows = _on_record(one, doctor) | _desk(one, doctor, signed)
    objects = {
        "patients/<uid>": str(one.uid),
        "visits/<uid>": str(draft.uid),
        "with/<other>": str(twin.uid),
    }
    return World(people, one, draft, signed, awaiting, objects | rows)


def _visit(clinician: User, one: Patient, *, day: dt.date, sign: bool = False) -> Visit:
    visit = visits.open_visit(clinician, one, location=location(), day=day)
    saved = visits.save(clinician, visit, Draft(text=TEXT, agreed=True), base=0, tab="world")
    visit.refresh_from_db()
    if sign:
        visits.sign(clinician, visit, revision=saved.revision)
        visit.refresh_from_db()
    return visit


def _on_record(one: Patient, by: User) -> dict[str, str]:
    today = timezone.localdate()
    content = b"%PDF-1.4 made up"
    document = records.Document.objects.create(
        patient=one, title="Report", kind="report", name="report.pdf", media_type="application/pdf",
        size=len(content), sha256="0" * 64, content=content,
    )  # fmt: skip
    course = records.Course.objects.create(
        patient=one, title="Mid-back pain", started_on=today, planned_visits=6
    )
    records.Guardian.objects.create(patient=one, name="Guard Ian", relation="mother")
    records.ProblemEntry.objects.create(patient=one, text="Mid-back pain", entered_by=by)
    answer = FormAnswer.objects.create(patient=one, instrument="peg", on=today, answers={}, score=4.0)
    return {
        "documents/<uid>": str(document.uid),
        "courses/<pk>": str(course.pk),
        "forms/<uid>": str(answer.uid),
    }


def _desk(one: Patient, doctor: User, signed: Visit) -> dict[str, str]:
    booked: Appointment = appointment(patient=one, clinician=doctor)
    now = timezone.now()
    WorkingHours.objects.create(
        clinician=doctor, location=location(), weekday=0, start=dt.time(8), end=dt.time(17)
    )
    absence = Absence.objects.create(
        clinician=doctor, start=now + dt.timedelta(days=3), end=now + dt.timedelta(days=4)
    )
    order = Order.objects.create(patient=one, kind="imaging", text="X-ray", ordered_by=doctor)
    phrase = Phrase.objects.create(user=doctor, short="walk", text="Walk 20 min daily.")
    claim = Claim.objects.get_or_create(visit=signed)[0]
    fee = Fee.objects.create(code="98926", amount=80, valid_from=timezone.localdate())
    payer = PayerRule.objects.create(payer="Example Health")
    task = Task.objects.create(
        patient=one, urgency="C", title="Worse after treatment", due_at=now + dt.timedelta(hours=4)
    )
    return {
        "appointments/<uid>": str(booked.uid),
        "absences/<pk>": str(absence.pk),
        "orders/<uid>": str(order.uid),
        "phrases/<pk>": str(phrase.pk),
        "claims/<uid>": str(claim.uid),
        "fees/<pk>": str(fee.pk),
        "payers/<pk>": str(payer.pk),
        "tasks/<uid>": str(task.uid),
    }
