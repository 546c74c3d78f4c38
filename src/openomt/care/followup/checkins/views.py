"""The patient's check-in: one question a screen, each answer kept as it is given, danger acted on at once."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from openomt.care.followup.checkins import flow, services
from openomt.care.followup.checkins.around import around
from openomt.care.followup.checkins.told import now_lines, self_care
from openomt.care.followup.models import CheckIn, Task
from openomt.care.portal.access import Scope, for_patients, visitor
from openomt.care.words import page_language, say
from openomt.medicine.triage import Population, lines


@for_patients(Scope.CHECKIN)
@require_http_methods(["GET", "POST"])
def mine_checkin(request: HttpRequest, uid: uuid.UUID) -> HttpResponseBase:
    """The question that is next (`?step=` another one), or what the answers lead to."""
    who = visitor(request)
    rows = CheckIn.objects.select_related("patient", "visit", "visit__patient", "visit__clinician")
    check_in = get_object_or_404(rows.filter(patient=who.patient), uid=uid)
    late = not services.standing(check_in, timezone.now())
    if request.method == "POST":
        return _kept(request, check_in, late=late)
    who.record("checkin.read", subject=f"checkin:{check_in.uid}")
    services.opened(check_in)
    return _page(request, check_in, request.GET.get("step", ""), late=late)


def _kept(request: HttpRequest, check_in: CheckIn, *, late: bool) -> HttpResponseBase:
    step = request.POST.get("step", "")
    # A page that was open for long may still say danger: that is acted on whenever it comes.
    if late and step not in (flow.DANGER, flow.MISTAKE):
        return HttpResponseRedirect(_here(check_in))
    try:
        services.answer(visitor(request), check_in, step, request.POST.getlist("choice"))
    except flow.ChoiceError:
        return _question(request, check_in, step, error=say("followup.choose"))
    return HttpResponseRedirect(_here(check_in))


def _page(request: HttpRequest, check_in: CheckIn, step: str, *, late: bool) -> HttpResponseBase:
    result, told = _result(check_in)
    if step and not late:
        return _question(request, check_in, step)
    if late and result != "E":
        return render(request, "followup/mine_over.html", {"check_in": check_in} | _signs(check_in))
    following = flow.next_step(check_in.answers, check_in.day)
    if following and (result != "E" or not check_in.answers):
        return _question(request, check_in, following)
    return _show_result(request, check_in, result, told)


def _here(check_in: CheckIn) -> str:
    return reverse("followup_mine_checkin", args=[check_in.uid])


def _result(check_in: CheckIn) -> tuple[str, tuple[str, ...]]:
    language = page_language()
    return services.outcome(check_in, services.judge(check_in, language), language)


def _question(request: HttpRequest, check_in: CheckIn, step: str, *, error: str = "") -> HttpResponseBase:
    try:
        asked = flow.asked(check_in.answers, check_in.day, step)
    except flow.ChoiceError:
        return HttpResponseRedirect(_here(check_in))
    before = flow.steps(check_in.answers, check_in.day)[asked.at - 2] if asked.at > 1 else ""
    context = {
        "check_in": check_in,
        "asked": asked,
        "before": before,
        "error": error,
        "minor": visitor(request).guardian is not None,
        "pains": flow.CHOICES[flow.PAIN],
        "most": flow.MOST_WORDS,
    }
    return render(
        request,
        f"followup/ask_{step}.html",
        context | _signs(check_in),
        status=422 if error else 200,
    )


def _signs(check_in: CheckIn) -> dict[str, Any]:
    population = _population(check_in)
    language = page_language()
    return {
        "danger_lines": lines("danger", population, language),
        "today_lines": lines("today", population, language),
    }


def _population(check_in: CheckIn) -> Population:
    return around(check_in.visit, timezone.localdate())[0]


_NUMBER = re.compile(r"\b(911|988)\b")


def _show_result(request: HttpRequest, check_in: CheckIn, result: str, told: tuple[str, ...]) -> HttpResponse:
    task = check_in.tasks.filter(source=Task.Source.ANSWER, closed_at=None).select_related("owner").first()
    act, more = now_lines(told)
    number = _NUMBER.search(told[0])
    context = {
        "check_in": check_in,
        "result": result,
        "act": act,
        "more": more,
        "call": number[1] if number else "",
        "rest": told[1:],
        "task": task if result in services.URGENCY else None,
        "today_due": task is not None and timezone.localdate(task.due_at) == timezone.localdate(),
        "which": services.is_danger(check_in),
        "chosen": check_in.answers.get(flow.DANGER) or (),
        "open_questions": flow.next_step(check_in.answers, check_in.day),
        "do": self_care(page_language()) if result in ("U", "office", "self_care") else (),
    }
    return render(request, "followup/mine_result.html", context | _signs(check_in))
