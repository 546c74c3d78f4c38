"""Who needs an answer: the list, one task, and what is done about it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.who import member
from openomt.care.booking.looking import look
from openomt.care.contact.reach import reach
from openomt.care.followup import services
from openomt.care.followup.deadlines import NoDeadlineError
from openomt.care.followup.forms import CalledForm, CloseForm, HandOverForm, ReplyForm, TaskForm
from openomt.care.followup.inbox import AT_MOST, cards, open_tasks, waiting
from openomt.care.followup.models import Task
from openomt.care.followup.replies import services as replies
from openomt.care.followup.services import TaskError
from openomt.care.patients.charts import chart_to_change, open_chart
from openomt.care.patients.models import Patient
from openomt.care.portal.links import answers_for

_CLOSED_SHOWN = 50


@allow(Permission.TASK_WRITE)
@require_GET
def answers(request: HttpRequest) -> HttpResponse:
    """Everybody who needs an answer, oldest clock first; only one's own; or what was closed last."""
    user = member(request)
    show = request.GET.get("show", "")
    tasks = open_tasks()
    if show == "mine":
        tasks = tasks.filter(owner=user)
    if show == "closed":
        closed = Task.objects.exclude(closed_at=None).select_related("patient", "owner", "closed_by")
        tasks = closed.order_by("-closed_at")[:_CLOSED_SHOWN]
    look(request, "answers.read", f"answers:{show or 'all'}")
    found = waiting(user, tasks[:AT_MOST], timezone.now(), timezone.get_current_timezone())
    context = {
        "section": "answers",
        "waiting": found,
        "cards": cards(request, found),
        "show": show if show in ("mine", "closed") else "all",
        "here": request.get_full_path(),
    }
    return render(request, "followup/answers.html", context)


@allow(Permission.TASK_WRITE)
@require_GET
def task(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """One task, with what can be done about it."""
    one = _task(uid)
    open_chart(request, one.patient.uid, "task.read", subject=f"task:{one.uid}")
    return _page(request, one)


@allow(Permission.TASK_WRITE)
@require_http_methods(["GET", "POST"])
def task_new(request: HttpRequest) -> HttpResponseBase:
    """Opens a task by hand: somebody called."""
    form = TaskForm(request.POST or None, initial={"patient": request.GET.get("patient", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.open_task(
                member(request),
                data["patient"],
                data["urgency"],
                data["title"],
                words=data["words"],
                origin="Entered by hand",
                owner=data["owner"],
                due_at=data.get("due_at"),
                address=audit.address_of(request),
            )
        except (TaskError, NoDeadlineError) as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "On the list.")
            return redirect("answers")
    context = {"section": "answers", "form": form, "patient": _patient(form["patient"].value())}
    return render(request, "followup/new.html", context, status=422 if form.errors else 200)


@allow(Permission.TASK_WRITE)
@require_POST
def task_take(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Takes it. Whose chart is restricted must be opened with a reason first."""
    one = _to_change(request, uid)
    try:
        services.take(member(request), one, address=audit.address_of(request))
    except TaskError as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(_back(request, one))


@allow(Permission.TASK_WRITE)
@require_POST
def task_hand_over(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Gives it to another person."""
    one = _to_change(request, uid)
    form = HandOverForm(request.POST)
    if form.is_valid():
        try:
            services.hand_over(
                member(request), one, form.cleaned_data["to"], address=audit.address_of(request)
            )
        except TaskError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Handed over to {form.cleaned_data['to']}.")
            return redirect("answers")
    return _page(request, one, hand=form)


@allow(Permission.TASK_WRITE)
@require_POST
def task_close(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Closes it with what came of it."""
    one = _to_change(request, uid)
    form = CloseForm(request.POST)
    if form.is_valid():
        try:
            services.close(
                member(request), one, form.cleaned_data["outcome"], address=audit.address_of(request)
            )
        except TaskError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Closed.")
            return redirect("answers")
    return _page(request, one, closing=form)


@allow(Permission.TASK_WRITE)
@require_POST
def task_called(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Keeps that somebody called, and what was said."""
    one = _to_change(request, uid)
    form = CalledForm(request.POST)
    if form.is_valid():
        try:
            services.called(
                member(request),
                one,
                form.cleaned_data["words"],
                reached=form.cleaned_data["reached"] == "yes",
                address=audit.address_of(request),
            )
        except TaskError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Kept.")
            return redirect("task", uid=one.uid)
    return _page(request, one, call=form)


@allow(Permission.TASK_WRITE)
@require_POST
def task_reply(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """Answers the patient in writing: on a page of theirs, of which a message tells."""
    one = _to_change(request, uid)
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            written = replies.write(
                member(request), one, form.cleaned_data["answer"], address=audit.address_of(request)
            )
        except TaskError as refused:
            form.add_error(None, str(refused))
        else:
            if written.why_not:
                messages.error(request, f"Kept, but no message tells of it. {written.why_not} Please call.")
            else:
                messages.success(request, "Sent. The message holds a link, not your words.")
            return redirect("task", uid=one.uid)
    return _page(request, one, reply=form)


def _task(uid: uuid.UUID) -> Task:
    found = Task.objects.select_related("patient", "owner", "visit", "closed_by", "check_in")
    return get_object_or_404(found, uid=uid)


def _to_change(request: HttpRequest, uid: uuid.UUID) -> Task:
    one = _task(uid)
    chart_to_change(request, one.patient.uid)
    return one


def _page(request: HttpRequest, one: Task, **forms: Any) -> HttpResponse:
    """The task with its forms; `forms`: one that was sent with a mistake, shown in place of an empty one."""
    user = member(request)
    tasks = Task.objects.filter(pk=one.pk).select_related("patient", "owner")
    [shown] = waiting(user, tasks, timezone.now(), timezone.get_current_timezone())
    way = reach(one.patient, guardian=answers_for(one.patient), asked_for=one.source == Task.Source.QUESTION)
    context: dict[str, Any] = {
        "section": "answers",
        "task": one,
        "shown": shown,
        "history": one.events.select_related("by", "to"),
        "replies": one.replies.select_related("by"),
        "events": one.adverse_events.filter(in_error=False),
        "guardian": answers_for(one.patient),
        "why_not": way.why_not,
        "hand": HandOverForm(),
        "closing": CloseForm(),
        "call": CalledForm(),
        "reply": ReplyForm(),
    }
    return render(request, "followup/task.html", context | forms, status=422 if forms else 200)


def _patient(value: Any) -> Patient | None:
    try:
        uid = uuid.UUID(str(value))
    except ValueError:
        return None
    return Patient.objects.filter(uid=uid, merged_into=None).first()


def _back(request: HttpRequest, one: Task) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("task", kwargs={"uid": one.uid})
