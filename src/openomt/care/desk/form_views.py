"""Questionnaires at the desk or in the visit: choose one, enter the answers, see what the score means."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.desk.bar import bar
from openomt.care.followup.models import Task
from openomt.care.followup.services import open_task
from openomt.care.intake import services
from openomt.care.intake.forms import DayForm, Questionnaire, questionnaires
from openomt.care.intake.models import FormAnswer
from openomt.care.intake.services import Given
from openomt.care.patients.charts import member, open_chart
from openomt.care.patients.models import Patient
from openomt.medicine import instruments
from openomt.medicine.instruments import BatteryPlan, Change, Form, Score, ScoreError

BATTERIES = ("followup", "intake")
LANGUAGES = (("en", "English"), ("es", "Español"))
_USES = (
    ("default", "Usual"),
    ("optional", "For single questions"),
    ("review", "At a review"),
    ("step2", "Second step, in the visit"),
    ("part", "Parts of the above"),
)


@dataclass(frozen=True, slots=True)
class Section:
    """One questionnaire on the page, and why it stands in English where it does."""

    form: Questionnaire
    notice: str


@allow(Permission.CHART_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def form_new(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Without a name: which questionnaire. With `instrument` or `battery`: its questions; POST keeps the answers."""
    name, plan = request.GET.get("instrument", ""), request.GET.get("battery", "")
    patient = open_chart(request, uid, "chart.read", subject="form")
    kept = list(FormAnswer.objects.filter(patient=patient, in_error=False))
    if not name and not plan:
        return render(request, "desk/form_choose.html", _choices(patient, kept))
    sections, skipped = _sections(request, patient, kept, name, plan)
    day = DayForm(patient.birth_date, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        answer = _kept(request, patient, sections, day)
        if answer is not None:
            return redirect("form_answer", answer.uid)
    return render(
        request,
        "desk/form_new.html",
        {
            "section": "patients",
            "bar": bar(patient),
            "patient": patient,
            "sections": sections,
            "skipped": skipped,
            "day": day,
            "language": _language(request, patient),
            "name": name,
            "plan": plan,
            "languages": LANGUAGES,
            "open_items": _open_items(sections) if day.is_bound else (),
            "by_keys": not all(one.form.is_list for one in sections),
            "faults": sum(len(one.form.faults) for one in sections),
            "nothing": day.is_bound and all(one.form.is_empty for one in sections),
        },
        status=422 if day.is_bound else 200,
    )


def _language(request: HttpRequest, patient: Patient) -> str:
    asked = request.GET.get("language", patient.language)
    return asked if asked in dict(LANGUAGES) else "en"


def _sections(
    request: HttpRequest, patient: Patient, kept: Sequence[FormAnswer], name: str, plan: str
) -> tuple[list[Section], tuple[str, ...]]:
    """What is asked on this page, and which parts of a battery are asked elsewhere. Raises Http404."""
    language = _language(request, patient)
    shown: list[tuple[Form, str]] = []
    skipped: tuple[str, ...] = ()
    try:
        if plan:
            battery = _battery(plan)
            skipped = tuple(step.title for step in battery.steps if not step.instrument)
            shown = [
                services.shown_form(step.instrument, language, step.only_items)
                for step in battery.steps
                if step.instrument
            ]
        else:
            shown = [services.shown_form(name[:80], language)]
    except ScoreError:
        raise Http404 from None
    data = request.POST if request.method == "POST" else None
    forms = questionnaires([one for one, _ in shown], data, services.newest(kept))
    return [Section(form, notice) for form, (_, notice) in zip(forms, shown, strict=True)], skipped


def _battery(name: str) -> BatteryPlan:
    if name not in BATTERIES:
        raise Http404
    return instruments.battery(name)


def _open_items(sections: Sequence[Section]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Questions without which there is no score, of the questionnaires that somebody began."""
    return tuple(
        (one.form.record.abbreviation, one.form.open_items)
        for one in sections
        if not one.form.is_empty and one.form.open_items
    )


def _kept(
    request: HttpRequest, patient: Patient, sections: Sequence[Section], day: DayForm
) -> FormAnswer | None:
    """The first of the answers kept, or the one a person must see at once; None where something is wrong."""
    right = [one.form.is_valid() for one in sections]
    if not day.is_valid() or not all(right):
        return None
    begun = [one.form for one in sections if not one.form.is_empty]
    if not begun or (_open_items(sections) and "without_score" not in request.POST):
        return None
    user, address = member(request), audit.address_of(request)
    with transaction.atomic():
        rows = services.record_together(
            user,
            patient,
            [Given(form.shown.instrument, form.answers) for form in begun],
            day.cleaned_data["on"],
            address=address,
        )
        urgent = [row for row in rows if _tasks_for(request, patient, row)]
    messages.success(request, "Kept." if len(rows) == 1 else f"{len(rows)} questionnaires kept.")
    return (urgent or rows)[0]


def _tasks_for(request: HttpRequest, patient: Patient, row: FormAnswer) -> bool:
    """Opens a task for each answer that a person must see at once. Whether there was one."""
    alerts = services.alerts_of(row)
    for alert in alerts:
        name = instruments.instrument(alert.instrument).abbreviation
        open_task(
            member(request),
            patient,
            Task.Urgency.EMERGENCY,
            alert.staff[:200],
            origin=f"{name}, answered {row.on.isoformat()}",
            due_at=timezone.now(),
            address=audit.address_of(request),
        )
    return bool(alerts)


# Which one ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """A questionnaire to choose, and its last result."""

    id: str
    title: str
    abbreviation: str
    seconds: int | None
    last: FormAnswer | None


def _choices(patient: Patient, kept: Sequence[FormAnswer]) -> dict[str, Any]:
    last = services.newest(kept)
    groups = [
        (
            words,
            [
                Choice(one.id, one.title, one.abbreviation, one.seconds, last.get(one.id))
                for one in instruments.instruments()
                if one.use == use
            ],
        )
        for use, words in _USES
    ]
    return {
        "section": "patients",
        "bar": bar(patient),
        "patient": patient,
        "batteries": [_battery(name) for name in BATTERIES],
        "groups": [(words, choices) for words, choices in groups if choices],
    }


# What was answered ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Result:
    """One questionnaire as it was answered, and how it compares with the first and the last before it."""

    answer: FormAnswer
    score: Score
    title: str
    since: tuple[tuple[str, FormAnswer, Change], ...]
    tasks: tuple[Task, ...] = ()


@allow(Permission.CHART_READ)
@require_GET
def form_answer(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What was answered, what it means, and what must be done about it."""
    answer = _answer(uid)
    patient = open_chart(request, answer.patient.uid, "form.read", subject=f"form:{answer.uid}")
    kept = list(FormAnswer.objects.filter(patient=patient).select_related("entered_by"))
    together = [one for one in kept if one.entered_at == answer.entered_at and one.pk != answer.pk]
    return render(
        request,
        "desk/form_answer.html",
        {
            "section": "patients",
            "bar": bar(patient),
            "patient": patient,
            "results": [_result(patient, one, kept) for one in (answer, *together)],
            "answer": answer,
        },
    )


def _answer(uid: uuid.UUID) -> FormAnswer:
    answer = FormAnswer.objects.select_related("patient").filter(uid=uid).first()
    if answer is None:
        raise Http404
    return answer


def _result(patient: Patient, answer: FormAnswer, kept: Sequence[FormAnswer]) -> Result:
    record = instruments.instrument(answer.instrument)
    score = services.score_of(answer)
    before = [
        one
        for one in kept
        if one.instrument == answer.instrument
        and not one.in_error
        and (one.on, one.pk) < (answer.on, answer.pk)
    ]
    ends = [("Since the last time", before[-1])] if before else []
    ends += [("Since the first time", before[0])] if len(before) > 1 else []
    return Result(
        answer=answer,
        score=score,
        title=record.title,
        since=tuple(
            (words, one, instruments.change(answer.instrument, services.score_of(one), score))
            for words, one in ends
        ),
        tasks=tuple(_tasks(patient, answer)) if score.alerts else (),
    )


def _tasks(patient: Patient, answer: FormAnswer) -> Iterable[Task]:
    name = instruments.instrument(answer.instrument).abbreviation
    return Task.objects.filter(patient=patient, origin=f"{name}, answered {answer.on.isoformat()}")


@allow(Permission.CHART_WRITE)
@require_POST
def form_error(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Marks a questionnaire as entered in error."""
    answer = _answer(uid)
    open_chart(request, answer.patient.uid, "form.opened", subject=f"form:{answer.uid}")
    services.mark_in_error(member(request), answer, address=audit.address_of(request))
    messages.success(request, "Marked as entered in error. It stays readable and counts nowhere.")
    return redirect("form_answer", answer.uid)
