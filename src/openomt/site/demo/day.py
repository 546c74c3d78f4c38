"""Today in the made-up practice: the schedule in several states, a draft, a result to wait for, people to answer."""

from __future__ import annotations

import datetime as dt
import json
import zoneinfo
from dataclasses import dataclass

import typst
from django.utils import timezone

from openomt.care.accounts.models import User
from openomt.care.agree import services as agree
from openomt.care.agree.plan import choices, usual
from openomt.care.agree.walking import walk
from openomt.care.booking import services as booking
from openomt.care.booking.models import Appointment
from openomt.care.followup.models import Task
from openomt.care.patients.models import Patient
from openomt.care.patients.services import add_document, share_document
from openomt.care.visits import services as visits
from openomt.care.visits.drafts import Draft, draft_from
from openomt.care.visits.models import Order, Visit
from openomt.site.demo.clock import clock
from openomt.site.demo.staff import ZONE, Staff

_Status = Appointment.Status
_STEPS = {
    _Status.BOOKED: (),
    _Status.ARRIVED: (_Status.ARRIVED,),
    _Status.ROOMED: (_Status.ARRIVED, _Status.ROOMED),
    _Status.WITH_CLINICIAN: (_Status.ARRIVED, _Status.ROOMED, _Status.WITH_CLINICIAN),
    _Status.DONE: (_Status.ARRIVED, _Status.ROOMED, _Status.WITH_CLINICIAN, _Status.DONE),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A line of today's schedule: when, whose, with whom (0: the first physician), and how far it is."""

    time: dt.time
    story: str
    reason: str
    physician: int = 0
    kind: str = "follow_up"
    status: str = _Status.BOOKED


SLOTS = (
    Slot(dt.time(8, 30), "theo", "Low back", status=_Status.DONE),
    Slot(dt.time(9, 0), "ines", "Tension headache", status=_Status.DONE),
    Slot(dt.time(9, 30), "rosa", "Mid-back, neck; 24 wk pregnant", status=_Status.ROOMED),
    Slot(
        dt.time(10, 15), "walter", "New back pain after a fall", kind="consultation", status=_Status.ARRIVED
    ),
    Slot(dt.time(11, 0), "leo", "Colic; with his mother, Carla"),
    Slot(dt.time(13, 0), "priya", "Chronic low back pain"),
    Slot(dt.time(13, 30), "gus", "Shoulder"),
    Slot(dt.time(14, 0), "mei", "Migraine, referred"),
    Slot(dt.time(15, 0), "samuel", "Ankle sprain"),
    Slot(dt.time(9, 0), "lucia", "Low back; interpreter booked", 1, status=_Status.ARRIVED),
    Slot(dt.time(10, 0), "edith", "Stiff mid-back; osteoporosis", 1),
    Slot(dt.time(11, 0), "quinn", "Neck", 1),
    Slot(dt.time(14, 30), "arthur", "Low back; blood thinner", 1),
)


def schedule(staff: Staff, stories: dict[str, Patient], today: dt.date) -> None:
    """Books the day and brings it as far as it is: done, drafted, in a room, arrived."""
    zone, real = zoneinfo.ZoneInfo(ZONE), timezone.now()
    with clock() as now:
        for slot in SLOTS:
            start = dt.datetime.combine(today, slot.time, tzinfo=zone).astimezone(dt.UTC)
            now.shown = min(real, start - dt.timedelta(days=6))
            clinician = staff.physicians[slot.physician]
            made = booking.book(
                staff.front_desk,
                stories[slot.story],
                clinician,
                staff.locations[slot.physician],
                staff.types[slot.kind],
                start,
                reason=slot.reason,
                override="Booked for the demonstration",
            )
            for step, status in enumerate(_STEPS[_Status(slot.status)]):
                now.shown = min(real, start + dt.timedelta(minutes=9 * step - 8))
                made = booking.set_status(
                    staff.front_desk if step < 2 else clinician,
                    made,
                    status,
                    room="2" if status == "roomed" else "",
                )
            if slot.status == _Status.DONE:
                now.shown = min(real, start + dt.timedelta(minutes=26))
                _visit(clinician, made, sign=slot.story == "theo")
        now.shown = min(real, dt.datetime.combine(today, dt.time(10, 5), tzinfo=zone))
        _hold(stories["walter"], staff.physicians[0])


def _visit(clinician: User, appointment: Appointment, *, sign: bool) -> None:
    """Today's visit, written like the last one; signed, or left as a draft with something missing."""
    visit = visits.open_visit(clinician, appointment.patient, appointment=appointment, day=_day(appointment))
    last = Visit.objects.filter(patient=visit.patient, state=Visit.State.SIGNED).order_by("-date").first()
    if last is None:
        return
    draft = draft_from(last.draft)
    if not sign:
        draft = _without_goal(draft)
    saved = visits.save(clinician, visit, draft, base=visit.revision, tab="demonstration")
    visit.refresh_from_db()
    if sign:
        visits.sign(clinician, visit, revision=saved.revision)
    elif planned := usual(choices(visit)):
        walk(agree.ask(clinician, visit, planned), visit.patient.name, language=visit.patient.language)


def _without_goal(draft: Draft) -> Draft:
    """The same without its goal, which the checklist then misses."""
    return draft.model_copy(update={"goal": ""})


def _day(appointment: Appointment) -> dt.date:
    return appointment.start.astimezone(zoneinfo.ZoneInfo(ZONE)).date()


def _hold(patient: Patient, by: User) -> None:
    """An X-ray that treatment waits for."""
    if Order.objects.filter(patient=patient).exists():
        return
    Order.objects.create(
        patient=patient,
        kind=Order.Kind.IMAGING,
        text="X-ray of the lumbar spine, two views",
        reason="New back pain after a fall, over 70",
        holds=True,
        ordered_by=by,
        ordered_at=timezone.now(),
    )


# People who need an answer ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who waits for an answer: how long ago they asked, and how long there is left."""

    story: str
    urgency: str
    title: str
    words: str
    origin: str
    since: dt.timedelta
    left: dt.timedelta
    owner: str = ""


TASKS = (
    Asked(
        "della",
        Task.Urgency.SAME_DAY,
        "Tingling in the left arm since yesterday",
        "My left arm tingles since yesterday evening.",
        "Check-in day 3, neck treated (MFR)",
        dt.timedelta(hours=3, minutes=48),
        dt.timedelta(minutes=12),
    ),
    Asked(
        "arthur",
        Task.Urgency.SAME_DAY,
        "Pain 8 of 10, much worse than before",
        "It hurts a lot more than before I came.",
        "Check-in day 1, low back treated yesterday",
        dt.timedelta(hours=2, minutes=12),
        dt.timedelta(hours=1, minutes=48),
        "front_desk",
    ),
    Asked(
        "nora",
        Task.Urgency.CALL,
        "Still sore, 6 of 10, on day 3",
        "Worse on stairs. Heat helps a bit.",
        "Check-in day 3",
        dt.timedelta(hours=2),
        dt.timedelta(hours=6),
        "front_desk",
    ),
    Asked(
        "ben",
        Task.Urgency.ROUTINE,
        "“Can I lift weights on Wednesday?”",
        "Can I lift weights on Wednesday?",
        "Message",
        dt.timedelta(hours=5),
        dt.timedelta(hours=26),
        "physician",
    ),
)


def tasks(staff: Staff, stories: dict[str, Patient]) -> None:
    """Four people who wait for an answer, each with a clock of their own."""
    owners = {"front_desk": staff.front_desk, "physician": staff.physicians[0]}
    now = timezone.now()
    for asked in TASKS:
        Task.objects.create(
            patient=stories[asked.story],
            visit=Visit.objects.filter(patient=stories[asked.story]).order_by("-date").first(),
            urgency=asked.urgency,
            title=asked.title,
            words=asked.words,
            origin=asked.origin,
            owner=owners.get(asked.owner),
            opened_at=now - asked.since,
            due_at=now + asked.left,
        )


def keep_clocks() -> None:
    """Lets the clocks of the demonstration's open tasks run from now on: it may have slept for days."""
    now = timezone.now()
    for asked in TASKS:
        Task.objects.filter(title=asked.title, closed_at=None).update(
            opened_at=now - asked.since, due_at=now + asked.left
        )


# Documents --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paper:
    """A document in a chart. `shared`: the practice put it on the patient's page."""

    story: str
    kind: str
    title: str
    text: str
    days_ago: int
    shared: bool = False


PAPERS = (
    Paper(
        "rosa",
        "letter",
        "Letter from obstetrics",
        "OMT may go on. Please no thrust while on enoxaparin.",
        40,
        shared=True,
    ),
    Paper(
        "rosa", "consent", "Consent, signed", "Gentle techniques agreed; thrust to the neck not wanted.", 42
    ),
    Paper(
        "gus", "imaging", "X-ray of the right shoulder", "No fracture. Mild wear of the AC joint.", 75, True
    ),
    Paper("edith", "report", "Bone density", "Hip: T-score -2.9.", 200, True),
    Paper("mei", "letter", "Referral", "Migraine without aura. Please see for OMT.", 36),
    Paper("lucia", "letter", "Carta para su trabajo", "La señora Herrera Vega vino hoy a su cita.", 22, True),
)


def documents(staff: Staff, stories: dict[str, Patient], today: dt.date) -> None:
    """A few papers, each one page."""
    for paper in PAPERS:
        dated = today - dt.timedelta(days=paper.days_ago)
        with clock() as now:
            now.shown = dt.datetime.combine(dated, dt.time(16), tzinfo=dt.UTC)
            kept = add_document(
                stories[paper.story],
                staff.front_desk,
                _page(paper, dated, stories[paper.story].language),
                f"{paper.title}.pdf",
                title=paper.title,
                kind=paper.kind,
                dated=dated,
            )
            if paper.shared:
                share_document(kept, staff.front_desk, shared=True)


_MADE_UP = {"en": "Made up for the demonstration.", "es": "Inventado para la demostración."}


def _page(paper: Paper, dated: dt.date, language: str) -> bytes:
    source = (
        '#set page("us-letter", margin: 25mm)\n#set text(size: 11pt)\n#let d = json(bytes(sys.inputs.d))\n'
        "= #d.title\n#d.dated\n\n#d.text\n\n#emph(d.made-up)"
    )
    told = {"title": paper.title, "dated": dated.isoformat(), "text": paper.text}
    data = json.dumps(told | {"made-up": _MADE_UP[language]})
    made = typst.compile(source.encode(), format="pdf", sys_inputs={"d": data})
    return bytes(made)
