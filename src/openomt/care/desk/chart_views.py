"""The patient chart, and what is decided there about the course."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
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
DecisionForm = ContinueForm | PlanForm | StopForm | RateForm | GoalForm


@allow(Permission.CHART_READ)
@require_GET
def chart(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The chart of a patient; asked for by htmx, its timeline or its course alone."""
    patient = open_chart(request, uid, "chart.read")
    found = load(patient, member(request), show=_show(request), count=_count(request))
    part = {"timeline": "desk/timeline.html", "course": "desk/course.html"}.get(
        request.headers.get("HX-Target", ""), "desk/chart.html"
    )
    return _page(request, found, part=part)


def _page(  # noqa: PLR0913  (the page, a form in it, and how it is answered)
    request: HttpRequest,
    found: Chart,
    form: DecisionForm | None = None,
    decision: str = "",
    *,
    status: int = 200,
    part: str = "desk/chart.html",
) -> HttpResponse:
    """The page or a part of it. `form`: what was typed for a decision, and what is wrong with it."""
    if form is None and member(request).may(Permission.CHART_WRITE):
        decision = request.GET.get("decide", "")
        form = _blank(found, decision)
    context = {
        "section": "patients",
        "chart": found,
        "bar": found.bar,
        "form": form,
        "decision": decision,
        **_timeline(request, found),
    }
    return render(request, part, context, status=status)


def _blank(found: Chart, decision: str) -> DecisionForm | None:
    """The form of a decision that was asked for, where it can be taken now."""
    if found.course is None or found.standing is None:
        return PlanForm() if decision == "start" else None
    if decision == "continue":
        return ContinueForm()
    if decision == "change":
        return PlanForm(course=found.course)
    if decision == "stop":
        return StopForm(outcome=found.standing.headline)
    if decision == "rate" and found.goals:
        return RateForm(found.goals)
    return GoalForm() if decision == "add" else None


def _timeline(request: HttpRequest, found: Chart) -> dict[str, Any]:
    return {
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
    form = _decision_form(request, patient, decision)
    if form.is_valid():
        try:
            said = _decide(request, patient, form, decision)
        except services.CourseError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect("chart", patient.uid)
    return _page(request, load(patient, member(request)), form, decision, status=422)


def _decision_form(
    request: HttpRequest, patient: Patient, decision: str
) -> ContinueForm | PlanForm | StopForm:
    if decision == "continue":
        return ContinueForm(request.POST)
    if decision == "stop":
        return StopForm(request.POST)
    return PlanForm(request.POST, course=services.running(patient) if decision == "change" else None)


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
        return _page(request, load(patient, user), form, what, status=422)
    messages.success(request, "The goal is added." if what == "add" else "The goals are kept.")
    return redirect("chart", patient.uid)
