"""Intakes for staff: send one, hand the tablet over for it, read it, take over what the patient told."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.booking.models import Appointment
from openomt.care.contact.reach import reach
from openomt.care.intake import services
from openomt.care.intake.door import DOOR
from openomt.care.intake.flow import Flow
from openomt.care.intake.models import Intake
from openomt.care.intake.summary import summary as read_summary
from openomt.care.intake.summary import unasked
from openomt.care.intake.tellers import finished, target_of, teller_of
from openomt.care.patients.charts import chart_to_change, member, open_chart
from openomt.care.patients.days import age
from openomt.care.patients.models import Patient
from openomt.care.portal import links
from openomt.care.portal.doors import Offer
from openomt.care.portal.staff_views import to_patient


@allow(Permission.TASK_WRITE)
@require_POST
def send(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Opens an intake and sends a private link to it."""
    patient = chart_to_change(request, uid)
    _intake, sent = services.invite(patient, _next_of(patient), member(request), _flow(request))
    if sent is None:
        why = reach(patient, guardian=links.answers_for(patient)).why_not
        messages.error(request, f"Nothing was sent. {why} It can be opened on this tablet.")
    else:
        messages.success(
            request, f"The questions go to {sent.address} by {sent.get_channel_display().lower()}."
        )
    return redirect("portal_door", patient.uid)


@allow(Permission.TASK_WRITE)
@require_POST
def tablet(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Opens an intake and hands this tablet to the patient for it."""
    patient = chart_to_change(request, uid)
    intake = services.open_one(patient, _next_of(patient), member(request), _flow(request))
    return to_patient(request, patient, Offer(DOOR, target_of(intake)))


def _flow(request: HttpRequest) -> Flow:
    """The whole story, unless the follow-up form was asked for."""
    return Flow.FOLLOWUP if request.POST.get("flow") == Flow.FOLLOWUP else Flow.INTAKE


def _next_of(patient: Patient) -> Appointment | None:
    """The appointment it is for: the next that stands."""
    day = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    rows = Appointment.objects.filter(patient=patient, start__gte=day, status=Appointment.Status.BOOKED)
    return rows.first()


@allow(Permission.CHART_READ)
@require_GET
def summary(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Everything the patient told, what changed first."""
    one = _intake(uid)
    patient = open_chart(request, one.patient.uid, "intake.read", subject=f"intake:{one.uid}")
    values = {
        "patient": patient,
        "told": read_summary(one, finished(patient, one), one.proposals.select_related("decided_by")),
        "unasked": unasked(teller_of(one, "en"), one.answers) if one.started_at else (),
        "age": age(patient.birth_date, timezone.localdate()),
        "section": "patients",
    }
    return render(request, "intake/summary.html", values)


@allow(Permission.CHART_WRITE)
@require_POST
def decide(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Takes over or declines what was ticked, or all of it."""
    one = _intake(uid)
    chart_to_change(request, one.patient.uid)
    open_ones = list(one.proposals.filter(accepted=None).values_list("pk", flat=True))
    asked = {
        int(key)
        for key in request.POST.getlist("proposal")
        if key.isascii() and key.isdecimal() and len(key) < 18
    }
    chosen = open_ones if "all" in request.POST else [key for key in open_ones if key in asked]
    if not chosen:
        messages.error(request, "Nothing was ticked. Tick what to take over.")
        return redirect("intake_summary", one.uid)
    accept = "decline" not in request.POST
    done, faults = services.decide(
        member(request), one, chosen, accept=accept, address=audit.address_of(request)
    )
    if done:
        messages.success(request, f"{done} {'taken over into the chart' if accept else 'declined'}.")
    for fault in faults:
        messages.error(request, f"Not taken over: {fault}")
    return redirect("intake_summary", one.uid)


@allow(Permission.TASK_WRITE)
@require_POST
def withdraw(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Nobody needs to answer it any more."""
    one = _intake(uid)
    patient = chart_to_change(request, one.patient.uid)
    services.withdraw(member(request), one, address=audit.address_of(request))
    messages.success(request, "The questions are withdrawn.")
    return redirect("portal_door", patient.uid)


def _intake(uid: uuid.UUID) -> Intake:
    found = Intake.objects.select_related("patient", "guardian").filter(uid=uid).first()
    if found is None:
        raise Http404
    return found
