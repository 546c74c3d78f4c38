"""The patient's side of an intake: one question a screen, kept as it goes."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from openomt.care.body_infant import is_infant
from openomt.care.intake import body, danger, services
from openomt.care.intake.answering import Read, is_empty, read
from openomt.care.intake.flow import Flow, Step, Teller, steps
from openomt.care.intake.models import Intake
from openomt.care.intake.screens import screen
from openomt.care.intake.services import IntakeError
from openomt.care.intake.tellers import teller_of
from openomt.care.portal.access import Scope, Visitor, for_patients, visitor
from openomt.care.words import page_language

State = Intake.State
SEND = "send"
"""The screen after the last question."""


@for_patients(Scope.INTAKE)
@require_http_methods(["GET", "HEAD"])
def any_open(request: HttpRequest) -> HttpResponse:
    """The intake that is open; where none is, one is opened. Asking twice opens one."""
    patient = visitor(request).patient
    flow = services.flow_due(patient) or Flow.INTAKE
    return redirect("intake_mine", services.open_one(patient, flow=flow).uid)


@for_patients(Scope.INTAKE)
@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What this is; then on to the question where the patient stopped, on whatever device."""
    mine = _mine(request, uid)
    if mine.state != State.OPEN:
        return _over(request, mine)
    if request.method == "POST":
        services.begin(visitor(request), mine, page_language())
    elif mine.started_at is None:
        teller = _teller(request, mine)
        visitor(request).record("intake.read", subject=f"intake:{mine.uid}")
        minutes = _minutes(list(steps(teller, {})))
        return render(request, "intake/welcome.html", {"intake": mine, "minutes": minutes})
    teller = _teller(request, mine)
    found = danger.danger(teller, mine.answers)
    if found is not None and found.urgency == "E":
        return redirect("intake_mine_now", mine.uid)
    return redirect("intake_mine_question", mine.uid, _position(mine, teller))


@for_patients(Scope.INTAKE)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, uid: uuid.UUID, key: str) -> HttpResponse:
    """One question. An answer is kept before anything else happens."""
    mine = _mine(request, uid)
    if mine.state != State.OPEN:
        return _over(request, mine)
    teller = _teller(request, mine)
    every = steps(teller, mine.answers)
    step = next((one for one in every if one.key == key), None)
    if step is None:
        if key != SEND and key not in mine.answers:
            raise Http404
        return redirect("intake_mine_question", mine.uid, _position(mine, teller))
    if request.method != "POST":
        visitor(request).record("intake.read", subject=f"intake:{mine.uid}", detail={"screen": key})
        return _show(request, mine, teller, every, step)
    return _answered(request, mine, teller, every, step)


def _answered(
    request: HttpRequest, mine: Intake, teller: Teller, every: tuple[Step, ...], step: Step
) -> HttpResponse:
    who, sent = visitor(request), request.POST
    back = "back" in sent
    found = Read() if back and is_empty(step, sent) else read(step, sent, teller)
    if found.fault and not back:
        return _show(request, mine, teller, every, step, fault=found.fault)
    keeps = not (found.fault or (back and is_empty(step, sent)))
    try:
        news = services.save(who, mine, step, found.answer, teller) if keeps else None
    except IntakeError:
        return redirect("intake_mine", mine.uid)
    if news is not None and news.at_once:
        return redirect("intake_mine_now", mine.uid)
    if back:
        keys = [one.key for one in every]
        before = keys[max(keys.index(step.key) - 1, 0)]
        services.turn_to(who, mine, before)
        return redirect("intake_mine_question", mine.uid, before)
    after = [one.key for one in steps(teller, mine.answers)]
    place = after.index(step.key) + 1 if step.key in after else 0
    if place >= len(after):
        return redirect("intake_mine_send", mine.uid)
    return redirect("intake_mine_question", mine.uid, after[place])


def _show(  # noqa: PLR0913  (the screen and what was wrong)
    request: HttpRequest,
    mine: Intake,
    teller: Teller,
    every: tuple[Step, ...],
    step: Step,
    *,
    fault: str = "",
) -> HttpResponse:
    at = every.index(step)
    shown = screen(step, teller, mine.answers, request.POST if fault else None)
    values = {
        "intake": mine,
        "shown": shown,
        "fault": fault,
        "at": at + 1,
        "of": len(every),
        "minutes": _minutes(every[at:]),
        "saved": step.key in mine.answers,
        "first": at == 0,
    }
    if shown.look == "places":
        infant = is_infant(mine.patient.birth_date, timezone.localdate())
        clips = body.INFANT_CLIPS if infant else body.CLIPS
        values |= {"views": _views(infant), "view_box": body.VIEW_BOX, "clips": clips}
    return render(request, "intake/question.html", values, status=400 if fault else 200)


def _views(infant: bool) -> list[tuple[str, tuple[body.Zone, ...]]]:
    return [(view, body.zones(view, infant=infant)) for view in body.VIEWS]


@for_patients(Scope.INTAKE)
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The end: the patient sends it."""
    mine = _mine(request, uid)
    if mine.state != State.OPEN:
        return _over(request, mine)
    teller = _teller(request, mine)
    every = steps(teller, mine.answers)
    left = next((one.key for one in every if one.key not in mine.answers), None)
    if left is not None:
        return redirect("intake_mine_question", mine.uid, left)
    if request.method != "POST":
        return render(request, "intake/send.html", {"intake": mine, "last": every[-1].key})
    try:
        services.finish(visitor(request), mine, teller)
    except IntakeError:
        mine.refresh_from_db()
    return redirect("intake_mine", mine.uid)


@for_patients(Scope.INTAKE)
@require_http_methods(["GET", "HEAD"])
def now(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What to do now, in the first line."""
    mine = _mine(request, uid)
    teller = _teller(request, mine)
    found = danger.danger(teller, mine.answers)
    if found is None or not found.at_once:
        return redirect("intake_mine", mine.uid)
    visitor(request).record("intake.read", subject=f"intake:{mine.uid}", detail={"screen": "now"})
    values = {
        "intake": mine,
        "danger": found,
        "told_at": mine.saved_at or timezone.now(),
        "mistake": _where_it_was_said(mine, teller, found),
        "go_on": _position(mine, teller) if found.urgency != "E" else "",
    }
    return render(request, "intake/now.html", values)


def _where_it_was_said(mine: Intake, teller: Teller, found: danger.Danger) -> str:
    """The screen without whose answer this danger would not stand: the last such."""
    keys = [step.key for step in steps(teller, mine.answers) if step.key in mine.answers]
    for key in reversed(keys):
        without = {name: given for name, given in mine.answers.items() if name != key}
        rest = danger.danger(teller, without)
        if rest is None or not set(found.codes) <= set(rest.codes):
            return key
    return keys[-1] if keys else ""


def _over(request: HttpRequest, mine: Intake) -> HttpResponse:
    """After the end, or where nobody needs it any more."""
    teller = _teller(request, mine)
    found = danger.danger(teller, mine.answers)
    visitor(request).record("intake.read", subject=f"intake:{mine.uid}")
    return render(request, "intake/over.html", {"intake": mine, "danger": found})


def _mine(request: HttpRequest, uid: uuid.UUID) -> Intake:
    rows = Intake.objects.select_related("patient")
    found = rows.filter(uid=uid, patient=visitor(request).patient).first()
    if found is None:
        raise Http404
    return found


def _teller(request: HttpRequest, mine: Intake) -> Teller:
    who: Visitor = visitor(request)
    return teller_of(mine, page_language(), who.guardian)


def _position(mine: Intake, teller: Teller) -> str:
    """Where to go on: where they stopped, else the first question that is open."""
    keys = [step.key for step in steps(teller, mine.answers)]
    if mine.position in keys:
        return mine.position
    return next((key for key in keys if key not in mine.answers), keys[-1])


def _minutes(left: tuple[Step, ...] | list[Step]) -> int:
    return max(1, -(-sum(step.seconds for step in left) // 60))
