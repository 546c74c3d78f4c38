"""Entering an adverse event from a task, reading it, and taking a mistake back. For clinicians."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.who import member
from openomt.care.followup.adverse import services
from openomt.care.followup.adverse.forms import AdverseForm, places, proposed
from openomt.care.followup.adverse.severity import mark, severity_of
from openomt.care.followup.models import AdverseEvent, Task
from openomt.care.patients.charts import chart_to_change, open_chart
from openomt.care.visits.models import Visit


@allow(Permission.CHART_WRITE)
@require_http_methods(["GET", "POST"])
def adverse_new(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """The form, filled with what the patient's answers say already."""
    task = get_object_or_404(Task.objects.select_related("patient", "visit", "check_in"), uid=uid)
    chart_to_change(request, task.patient.uid)
    if task.visit is None:
        raise Http404
    form = AdverseForm(request.POST or None, visit=task.visit, initial=proposed(task))
    if request.method == "POST" and form.is_valid():
        services.record(
            member(request), task.visit, form.values(), task=task, address=audit.address_of(request)
        )
        messages.success(request, "Kept. It stands on the chart's timeline.")
        return redirect("task", uid=task.uid)
    context = {"section": "answers", "task": task, "form": form}
    return render(request, "followup/adverse_new.html", context, status=422 if form.errors else 200)


@allow(Permission.CHART_READ)
@require_GET
def adverse(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One event."""
    event = _event(uid)
    open_chart(request, event.patient.uid, "adverse_event.read", subject=f"adverse:{event.uid}")
    visit: Visit = event.visit
    place = dict(places(visit)).get(f"{event.technique}@{event.region}", "")
    severity = severity_of(event.severity)
    context = {"section": "patients", "event": event, "place": place, "severity": severity}
    return render(request, "followup/adverse.html", context | {"mark": mark(severity)})


@allow(Permission.CHART_WRITE)
@require_POST
def adverse_in_error(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Entered by mistake."""
    event = _event(uid)
    chart_to_change(request, event.patient.uid)
    services.mark_in_error(member(request), event, address=audit.address_of(request))
    return redirect("adverse", uid=event.uid)


def _event(uid: uuid.UUID) -> AdverseEvent:
    rows = AdverseEvent.objects.select_related("patient", "visit", "task", "entered_by")
    return get_object_or_404(rows, uid=uid)
