"""The patient chart, and what is decided there about the course."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.desk import services, timeline
from openomt.care.desk.chart import Chart, load
from openomt.care.desk.decisions import ContinueForm, GoalForm, PlanForm, RateForm, StopForm
from openomt.care.patients import services as on_record
from openomt.care.patients.charts import member, open_chart
from openomt.care.patients.models import Goal, Patient

_DECISIONS = ("continue", "change", "stop", "start")


@allow(Permission.CHART_READ)
@require_GET
def chart(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The chart of a patient; asked for by htmx, its timeline alone."""
    patient = open_chart(request, uid, "chart.read")
    found = load(patient, member(request), show=_show(request), count=_count(request))
    if request.headers.get("HX-Target") == "timeline":
        return render(request, "desk/timeline.html", _timeline(request, found))
    return _page(request, found)


def _page(request: HttpRequest, found: Chart, status: int = 200, **bound: Any) -> HttpResponse:
    """The whole page. `bound`: forms with what was typed and what is wrong with it."""
    context = {
        "section": "patients",
        "chart": found,
        "bar": found.bar,
        **_timeline(request, found),
    }
    if member(request).may(Permission.CHART_WRITE):
        context |= _forms(found) | bound
    return render(request, "desk/chart.html", context, status=status)


def _forms(found: Chart) -> dict[str, Any]:
    if found.course is None:
        return {"start_form": PlanForm()}
    headline = found.standing.headline if found.standing is not None else ""
    return {
        "continue_form": ContinueForm(),
        "change_form": PlanForm(course=found.course),
        "stop_form": StopForm(outcome=headline),
        "rate_form": RateForm(found.goals),
        "goal_form": GoalForm(),
    }


def _timeline(request: HttpRequest, found: Chart) -> dict[str, Any]:
    return {
        "chart": found,
        "show": _show(request),
        "filters": timeline.FILTERS,
        "count": _count(request),
        "more": _count(request) + timeline.STEP * 2,
    }


def _show(request: HttpRequest) -> str:
    asked = request.GET.get("show", "all")
    return asked if asked in dict(timeline.FILTERS) else "all"


def _count(request: HttpRequest) -> int:
    asked = request.GET.get("count", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 6):
        return timeline.STEP
    return min(max(int(asked), timeline.STEP), timeline.MOST)


# Decisions -------------------------------------------------------------------------------------------------


@allow(Permission.CHART_WRITE)
@require_POST
def course_decide(request: HttpRequest, uid: uuid.UUID, decision: str) -> HttpResponse:
    """Begins, goes on with, changes or stops the course. What is wrong is shown in the chart, nothing is lost."""
    patient = open_chart(request, uid, "course.opened")
    if decision not in _DECISIONS:
        raise Http404
    course = services.running(patient)
    form: ContinueForm | PlanForm | StopForm
    if decision == "continue":
        form = ContinueForm(request.POST)
    elif decision == "stop":
        form = StopForm(request.POST)
    else:
        form = PlanForm(request.POST, course=course if decision == "change" else None)
    if not form.is_valid():
        return _refused(request, patient, **{f"{decision}_form": form})
    try:
        said = _decide(request, patient, form, decision)
    except services.CourseError as error:
        form.add_error(None, str(error))
        return _refused(request, patient, **{f"{decision}_form": form})
    messages.success(request, said)
    return redirect("chart", patient.uid)


def _decide(
    request: HttpRequest, patient: Patient, form: ContinueForm | PlanForm | StopForm, decision: str
) -> str:
    user, address = member(request), audit.address_of(request)
    if isinstance(form, ContinueForm):
        services.continue_course(user, patient, form.cleaned_data["review_on"], address=address)
        return "The course goes on. The day of its next review is kept."
    if isinstance(form, StopForm):
        day, outcome = form.cleaned_data["ended_on"], form.cleaned_data["outcome"]
        services.stop_course(user, patient, day, outcome, address=address)
        return "The course has ended."
    if decision == "start":
        services.start_course(user, patient, form.cleaned_data, address=address)
        return "The course has begun."
    services.change_plan(user, patient, form.cleaned_data, address=address)
    return "The plan is changed."


@allow(Permission.CHART_WRITE)
@require_POST
def goals(request: HttpRequest, uid: uuid.UUID, what: str) -> HttpResponse:
    """Adds a goal to the running course, or keeps where the patient stands with each."""
    patient = open_chart(request, uid, "course.opened")
    course = services.running(patient)
    if course is None or what not in ("add", "rate"):
        raise Http404
    user, address = member(request), audit.address_of(request)
    form: GoalForm | RateForm
    if what == "add":
        form = GoalForm(request.POST)
        if form.is_valid():
            on_record.add_goal(course, user, address=address, **form.cleaned_data)
    else:
        form = RateForm(list(Goal.objects.standing().filter(course=course)), request.POST)
        if form.is_valid():
            services.rate_goals(user, form.rated(), address=address)
    if not form.is_valid():
        return _refused(request, patient, **{"goal_form" if what == "add" else "rate_form": form})
    messages.success(request, "The goal is added." if what == "add" else "The goals are kept.")
    return redirect("chart", patient.uid)


def _refused(request: HttpRequest, patient: Patient, **bound: Any) -> HttpResponse:
    return _page(request, load(patient, member(request)), 422, **bound)
