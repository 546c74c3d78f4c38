"""A small practice with one of everything, and which of it stands behind each address that names something."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.urls import reverse
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)

from openomt.care.accounts.access import Role
from openomt.care.accounts.models import User
from openomt.care.agree import services as agree
from openomt.care.agree.walking import walk
from openomt.care.billing import services as billing
from openomt.care.billing.models import ClaimFile, Fee, PayerRule
from openomt.care.booking.models import (
    Absence,
    Appointment,
    BookingRequest,
    Hold,
    WaitingEntry,
    WaitingOffer,
    WorkingHours,
)
from openomt.care.contact.letters import stop_token
from openomt.care.contact.models import Job, Message
from openomt.care.followup.models import AdverseEvent, CheckIn, Reply, Task
from openomt.care.intake import services as intake
from openomt.care.intake.models import FormAnswer
from openomt.care.mine.models import Advice
from openomt.care.patients import models as records
from openomt.care.patients import services as patients
from openomt.care.patients.models import Patient
from openomt.care.portal import links
from openomt.care.portal.access import Scope
from openomt.care.portal.known import hashed
from openomt.care.portal.models import PatientPasskey, PortalBrowser, PrivateLink
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
    rows = _on_record(one, doctor) | _booked(one, doctor)
    rows |= _billed(people[Role.BILLER], signed) | _asked(one, doctor, draft) | _sent(one)
    objects = {
        "patients/<uid>": str(one.uid),
        "visits/<uid>": str(draft.uid),
        "visits/<visit_uid>": str(signed.uid),
        "sheets/<kind>": "summary",
        "learn/<slug>": "pregnancy",
        "conditions/<slug>": "low-back-pain",
        "techniques/<slug>": "counterstrain",
        "duplicates/<first>": str(one.uid),
        "duplicates/<second>": str(twin.uid),
    } | _accounts(people)
    rows |= _at_the_door(one) | _followed_up(doctor, awaiting) | _story(one)
    rows |= _agreed(doctor, draft)
    return World(people, one, draft, signed, awaiting, objects | rows)


def _accounts(people: dict[Role, User]) -> dict[str, str]:
    doctor = people[Role.PHYSICIAN]
    passkey = Authenticator.objects.create(
        user=doctor, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": _credential()}
    )
    return {
        "people/<uid>": str(doctor.uid),
        "credentials/<uid>": str(doctor.licenses.get().uid),
        "locations/<uid>": str(location().uid),
        "keys/<pk>": str(passkey.pk),
        "key/<uidb36>": user_pk_to_url_str(doctor),
        "key/<key>": default_token_generator.make_token(doctor),
        "confirm-email/<key>": "no-such-key",
    }


def _credential() -> dict[str, Any]:
    """What a passkey's registration leaves behind, of a key that nobody holds."""
    data = AuthenticatorData.create(
        hashlib.sha256(b"localhost").digest(),
        AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT,
        0,
        _public_key(),
    )
    said = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"challenge", "https://localhost")
    answer = AuthenticatorAttestationResponse(
        client_data=said, attestation_object=AttestationObject.create("none", data, {})
    )
    return dict(RegistrationResponse(raw_id=b"made up", response=answer))


def _public_key() -> AttestedCredentialData:
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())  # type: ignore[no-untyped-call]
    return AttestedCredentialData.create(b"\0" * 16, b"made up", key)


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
        size=len(content), sha256=hashlib.sha256(content).hexdigest(), content=content, shared_at=timezone.now(),
    )  # fmt: skip
    course = records.Course.objects.create(
        patient=one, title="Mid-back pain", started_on=today - dt.timedelta(days=30), planned_visits=6
    )
    records.Goal.objects.create(course=course, text="Sit through a meeting", start=3, now=5, target=8)
    patients.enter(records.Guardian, one, by, name="Guard Ian", relation="mother")
    patients.enter(records.ProblemEntry, one, by, text="Mid-back pain")
    patients.enter(records.MedicineEntry, one, by, text="enoxaparin 40 mg daily")
    patients.enter(records.StoryEntry, one, by, part="mind", label="Sleep", text="Wakes at four")
    answers = [
        FormAnswer.objects.create(patient=one, instrument="peg", on=on, answers={}, score=score)
        for on, score in ((today - dt.timedelta(days=28), 6.0), (today, 4.0))
    ]
    advice = Advice.objects.create(patient=one, text="Walk ten minutes a day", entered_by=by)
    return {
        "documents/<document_uid>": str(document.uid),
        "advice/<advice_uid>": str(advice.uid),
        "course/<decision>": "continue",
        "goals/<what>": "rate",
        "record/<kind>": "guardian",
        "forms/<uid>": str(answers[-1].uid),
    }


def _at_the_door(one: Patient) -> dict[str, str]:
    """What opens the patient's side: a link, a known browser, a passkey. A child of hers is another person's page."""
    address = links.make(one, Scope.AFTERCARE, reverse("portal_devices"))
    browser = PortalBrowser.objects.create(patient=one, token_hash="a" * 64, kind="android")
    key = _public_key()
    passkey = PatientPasskey.objects.create(
        patient=one, credential_id=websafe_encode(key.credential_id), credential=websafe_encode(key)
    )
    return {
        "l/<token>": address.rsplit("/", 1)[1],
        "devices/<uid>": str(browser.uid),
        "links/<uid>": str(PrivateLink.objects.filter(patient=one).latest("pk").uid),
        "passkeys/<uid>": str(passkey.uid),
        "people/<uid>": str(one.uid),
    }


def _agreed(doctor: User, visit: Visit) -> dict[str, str]:
    """The patient answered and signed, and may still change their mind."""
    asking = agree.ask(doctor, visit, ["ME"])
    agreement = walk(asking, "Ada Quill")
    return {
        "agree/<uid>": str(asking.uid),
        "step/<step>": "technique-ME",
        "signed/<agreement>": str(agreement.uid),
    }


def _story(one: Patient) -> dict[str, str]:
    """An intake that nobody has begun."""
    uid = str(intake.open_one(one).uid)
    return {"intake/<uid>": uid, "intakes/<uid>": uid, "question/<key>": "reason"}


def _booked(one: Patient, doctor: User) -> dict[str, str]:
    booked: Appointment = appointment(patient=one, clinician=doctor)
    now = timezone.now()
    WorkingHours.objects.create(
        clinician=doctor, location=location(), weekday=0, start=dt.time(8), end=dt.time(17)
    )
    absence = Absence.objects.create(
        clinician=doctor, start=now + dt.timedelta(days=3), end=now + dt.timedelta(days=4)
    )
    now = timezone.now()
    hold = Hold.objects.create(
        clinician=doctor, location=location(), type=booked.type, start=now + dt.timedelta(days=5),
        end=now + dt.timedelta(days=5, minutes=30), expires_at=now + dt.timedelta(hours=4),
    )  # fmt: skip
    entry = WaitingEntry.objects.create(patient=one, type=booked.type)
    offer = WaitingOffer.objects.create(entry=entry, clinician=doctor, start=hold.start, hold=hold)
    request = BookingRequest.objects.create(
        token_hash=hashed("world"), given_names="Ada", family_name="Quill", birth_date=one.birth_date, sex=one.sex,
        channel="email", email="ada@example.test", language="en", confirmed_at=now, patient=one, appointment=booked,
    )  # fmt: skip
    return {
        "bookings/<uid>": str(booked.uid),
        "waiting/<entry>": str(entry.uid),
        "offers/<offer>": str(offer.uid),
        "requests/<uid>": str(request.uid),
        "confirm/<token>": "world",
        "appointment/<uid>": str(booked.uid),
        "hours/<uid>": str(doctor.uid),
        "appointment-types/<uid>": str(booked.type.uid),
        "away/<uid>": str(absence.uid),
    }


def _billed(biller: User, visit: Visit) -> dict[str, str]:
    fee = Fee.objects.create(code="98926", amount=80, valid_from=dt.date(2020, 1, 1))
    payer = PayerRule.objects.create(payer="Example Health")
    billing.register_signed()
    claim = visit.claim
    billing.code_claim(biller, claim)
    file = ClaimFile.objects.create(kind=ClaimFile.Kind.CSV, content="claim\r\n", made_by=biller)
    return {
        "claims/<uid>": str(claim.uid),
        "claims/<act>": "unbill",
        "warnings/<warning>": "consent",
        "lines/<place>": "0",
        "files/<uid>": str(file.uid),
        "fees/<uid>": str(fee.uid),
        "payers/<uid>": str(payer.uid),
    }


def _sent(one: Patient) -> dict[str, str]:
    message = Message.objects.create(
        key="world", patient=one, channel="email", template="checkin", language="en",
        address="ada@example.test", state=Message.State.IN_DOUBT, error="It may have gone out.",
    )  # fmt: skip
    job = Job.objects.create(key="world", kind="world", failed_at=timezone.now(), error="Given up.")
    return {
        "messages/<uid>": str(message.uid),
        "jobs/<pk>": str(job.pk),
        "stop/<token>": stop_token(message),
    }


def _followed_up(doctor: User, visit: Visit) -> dict[str, str]:
    """A check-in that waits for its answer, the page after the visit, a reply, and harm that was recorded."""
    task = Task.objects.create(
        patient=visit.patient, visit=visit, urgency="U", title="Dizzy", due_at=timezone.now()
    )
    reply = Reply.objects.create(task=task, patient=visit.patient, words="Please rest.", by=doctor)
    harm = AdverseEvent.objects.create(
        patient=visit.patient, visit=visit, severity="mild", onset="day", lasted="hours", related="possible",
        words="Sore", on=visit.date, entered_by=doctor,
    )  # fmt: skip
    return {
        "check-in/<uid>": str(CheckIn.objects.get(visit=visit, day=7).uid),
        "aftercare/<uid>": str(visit.uid),
        "replies/<uid>": str(reply.uid),
        "adverse/<uid>": str(harm.uid),
    }


def _asked(one: Patient, doctor: User, visit: Visit) -> dict[str, str]:
    order = Order.objects.create(patient=one, visit=visit, kind="imaging", text="X-ray", ordered_by=doctor)
    phrase = Phrase.objects.create(user=doctor, short="walk", text="Walk 20 min daily.")
    task = Task.objects.create(
        patient=one,
        urgency="C",
        title="Worse after treatment",
        visit=visit,
        due_at=timezone.now() + dt.timedelta(hours=4),
    )
    question = Task.objects.create(
        patient=one,
        urgency=Task.Urgency.ROUTINE,
        source=Task.Source.QUESTION,
        title="Message from the patient",
        words="May I swim?",
        due_at=timezone.now() + dt.timedelta(hours=16),
    )
    return {
        "orders/<uid>": str(order.uid),
        "phrases/<pk>": str(phrase.pk),
        "answers/<uid>": str(task.uid),
        "ask/<question_uid>": str(question.uid),
        "safety-rules/<rule>": "R-46",
    }
