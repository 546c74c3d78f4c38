"""What is on record of a patient: problems, medicines, allergies and the rest, and the facts they give rise to."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from openomt.care.accounts import audit
from openomt.care.accounts.access import Permission, allow
from openomt.care.patients import facts, services
from openomt.care.patients.charts import chart_to_change, member, open_chart
from openomt.care.patients.forms import AboutForm, AnswerForm, GoalForm, GoalNowForm
from openomt.care.patients.kinds import KINDS, ON_RECORD, Kind
from openomt.care.patients.models import Course, FactAnswer, Goal, OnRecord, Patient
from openomt.care.patients.views.cards import (
    NOTHING,
    Card,
    Read,
    add_id,
    card,
    entries,
    fresh_form,
    in_focus,
    read_of,
)
from openomt.medicine.safety.values import FactQuestion, PatientFacts

_UNREADABLE = "This could not be read. Reload the page and try again."


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that only a clinician can settle, with the words that raised it and what was answered last."""

    question: FactQuestion
    title: str
    sources: tuple[str, ...]
    unsure: FactAnswer | None


@allow(Permission.CHART_READ)
@require_safe
def record(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Everything on record of a patient."""
    patient = open_chart(request, uid, "record.read")
    return _page(request, patient)


@allow(Permission.CHART_WRITE, Permission.DEMOGRAPHICS)
@require_POST
def entry_add(request: HttpRequest, uid: uuid.UUID, kind: str) -> HttpResponse:
    """Adds an entry of a kind."""
    chosen, patient = _kind(request, kind), chart_to_change(request, uid)
    form = chosen.form(request.POST, auto_id=add_id(chosen))
    if form.is_valid():
        try:
            services.enter(
                chosen.model, patient, member(request), address=audit.address_of(request), **form.cleaned_data
            )
            return _answer(request, patient, chosen, f"{chosen.title}: added.", again=True)
        except ValidationError as error:
            _onto(form, error)
    return _answer(request, patient, chosen, "Not added. See what the form says.", form=form)


@allow(Permission.CHART_WRITE)
@require_POST
def allergy_none(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """States that no allergies are known."""
    chosen, patient = KINDS["allergy"], chart_to_change(request, uid)
    try:
        services.enter(
            chosen.model, patient, member(request), address=audit.address_of(request), none_known=True
        )
    except ValidationError as error:
        return _answer(request, patient, chosen, " ".join(error.messages), failed=True)
    return _answer(request, patient, chosen, "Allergies: none known.")


@allow(Permission.CHART_WRITE, Permission.DEMOGRAPHICS)
@require_POST
def entry_end(request: HttpRequest, uid: uuid.UUID, kind: str) -> HttpResponse:
    """Ends an entry, on the day that was given."""
    chosen, patient = _kind(request, kind), chart_to_change(request, uid)
    entry = _entry(request, patient, chosen)
    form = chosen.end_form(request.POST)
    if not chosen.end:
        raise Http404
    if not form.is_valid():
        return _answer(request, patient, chosen, f"Not ended. {_words_of(form)}", failed=True)
    try:
        services.end(entry, member(request), address=audit.address_of(request), **form.cleaned_data)
    except ValidationError as error:
        return _answer(request, patient, chosen, " ".join(error.messages), failed=True)
    return _answer(request, patient, chosen, f"{chosen.title}: ended.")


@allow(Permission.CHART_WRITE, Permission.DEMOGRAPHICS)
@require_POST
def entry_error(request: HttpRequest, uid: uuid.UUID, kind: str) -> HttpResponse:
    """Marks an entry as entered in error."""
    chosen, patient = _kind(request, kind), chart_to_change(request, uid)
    services.mark_in_error(
        _entry(request, patient, chosen), member(request), address=audit.address_of(request)
    )
    return _answer(request, patient, chosen, f"{chosen.title}: marked as entered in error.")


@allow(Permission.CHART_WRITE)
@require_POST
def goal_add(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Adds a goal to a course."""
    patient = chart_to_change(request, uid)
    course = _entry(request, patient, KINDS["course"])
    form = GoalForm(request.POST)
    if not isinstance(course, Course) or not form.is_valid():
        return _answer(request, patient, KINDS["course"], _words_of(form), failed=True)
    services.add_goal(course, member(request), address=audit.address_of(request), **form.cleaned_data)
    return _answer(request, patient, KINDS["course"], "Goal added.")


@allow(Permission.CHART_WRITE)
@require_POST
def goal_now(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Says where the patient stands with a goal today."""
    patient = chart_to_change(request, uid)
    goal = _entry(request, patient, KINDS["goal"])
    form = GoalNowForm(request.POST)
    if not isinstance(goal, Goal) or not form.is_valid():
        return _answer(request, patient, KINDS["course"], _words_of(form), failed=True)
    services.change_goal(goal, member(request), form.cleaned_data["now"], address=audit.address_of(request))
    return _answer(request, patient, KINDS["course"], "Goal changed.")


@allow(Permission.CHART_WRITE)
@require_POST
def fact_answer(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Keeps the answer to the question after a fact."""
    patient = chart_to_change(request, uid)
    form = AnswerForm(request.POST)
    done, words = False, _UNREADABLE
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.answer_fact(
                patient,
                member(request),
                data["code"],
                data["answer"],
                data["region"],
                address=audit.address_of(request),
            )
            done, words = True, "Answer kept."
        except ValidationError as error:
            words = " ".join(error.messages)
    if not request.headers.get("HX-Request"):
        (messages.success if done else messages.error)(request, words)
        return redirect("record", patient.uid)
    known, _ = _known(patient)
    return render(
        request, "patients/_questions.html", _around(patient, known, swapped=True) | {"said": words}
    )


@allow(Permission.CHART_WRITE)
@require_POST
def about(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Changes why the patient is here and what matters to them."""
    patient = chart_to_change(request, uid)
    form = AboutForm(request.POST)
    if form.is_valid():
        services.change_patient(
            patient, member(request), address=audit.address_of(request), **form.cleaned_data
        )
        if not request.headers.get("HX-Request"):
            return redirect("record", patient.uid)
        patient.refresh_from_db()
        form = AboutForm(initial=_about_of(patient))
    elif not request.headers.get("HX-Request"):
        return _page(request, patient, about=form, status=422)
    return render(request, "patients/_about.html", {"patient": patient, "about": form})


# -- what the pages are made of ------------------------------------------------------------------------


def _kind(request: HttpRequest, name: str) -> Kind:
    """The kind, where the person may write one. Raises Http404 for any other."""
    kind = KINDS.get(name)
    if kind is None or not member(request).may(kind.write):
        raise Http404
    return kind


def _entry(request: HttpRequest, patient: Patient, kind: Kind) -> OnRecord:
    """The entry that is meant, which belongs to the patient. Raises Http404 where it does not."""
    key = request.POST.get("entry", "")
    if not key.isascii() or not key.isdigit() or len(key) > 18:
        raise Http404
    owner = "course__patient" if kind.name == "goal" else "patient"
    return get_object_or_404(kind.model, pk=int(key), **{owner: patient})


def _onto(form: forms.Form, error: ValidationError) -> None:
    """Puts what a service refused at the field it names, or above the form."""
    fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, words in fields.items():
        form.add_error(name if name in form.fields else None, words)


def _words_of(form: forms.Form) -> str:
    return " ".join(str(text) for errors in form.errors.values() for text in errors) or _UNREADABLE


def _answer(  # noqa: PLR0913  (one argument for each thing an answer depends on)
    request: HttpRequest,
    patient: Patient,
    kind: Kind,
    said: str,
    *,
    form: forms.Form | None = None,
    failed: bool = False,
    again: bool = False,
) -> HttpResponse:
    """The card anew for htmx, else the page it stands on.

    form     one that could not be kept
    failed   `said` is why nothing was done
    again    an entry was added, and the next may follow
    """
    kind = KINDS["course"] if kind.name == "goal" else kind
    if not request.headers.get("HX-Request"):
        return _whole(request, patient, kind, said, form, failed)
    if again and form is None:
        form = fresh_form(kind)
    read = NOTHING
    content: dict[str, object] = {"patient": patient, "said": said}
    if kind.name != "guardian":
        known, read = _known(patient)
        content = _around(patient, known, swapped=True) | content
    one = card(patient, kind, entries(patient, kind), read, may_write=True, form=form and in_focus(form))
    one.failed = said if failed else ""
    return render(request, "patients/_swap.html", content | {"card": one})


def _whole(  # noqa: PLR0913, PLR0917  (one argument for each thing an answer depends on)
    request: HttpRequest, patient: Patient, kind: Kind, said: str, form: forms.Form | None, failed: bool
) -> HttpResponse:
    """The answer where there is no htmx: the page anew, with the form that could not be kept."""
    where = "patient_edit" if kind.name == "guardian" else "record"
    if form is not None and where == "record":
        return _page(request, patient, broken={kind.name: in_focus(form)}, status=422)
    add = messages.error if failed or form is not None else messages.success
    add(request, _words_of(form) if form is not None else said)
    return redirect(f"{reverse(where, args=[patient.uid])}#card-{kind.name}")


def _known(patient: Patient) -> tuple[PatientFacts, Read]:
    known = facts.known(patient, timezone.localdate())
    return known, read_of(known)


def _page(
    request: HttpRequest,
    patient: Patient,
    *,
    broken: dict[str, forms.Form] | None = None,
    about: AboutForm | None = None,
    status: int = 200,
) -> HttpResponse:
    may_write = member(request).may(Permission.CHART_WRITE)
    found = {name: entries(patient, KINDS[name]) for name in ON_RECORD}
    rows = facts.Rows(
        **{
            KINDS[name].rows: tuple(entry for entry in found[name] if not entry.in_error)
            for name in ("problem", "medicine", "surgery", "pregnancy", "bone_density", "vitals")
        },
        answers=tuple(patient.fact_answers.filter(in_error=False).select_related("entered_by")),
    )
    known = facts.known(patient, timezone.localdate(), rows)
    read = read_of(known)
    cards: dict[str, Card] = {
        name: card(
            patient, KINDS[name], found[name], read, may_write=may_write, form=(broken or {}).get(name)
        )
        for name in ON_RECORD
    }
    content = _around(patient, known, answers=rows.answers) | {
        "cards": cards,
        "about": about or AboutForm(initial=_about_of(patient)),
        "may_write": may_write,
    }
    return render(request, "patients/record.html", content, status=status)


def _around(
    patient: Patient,
    known: PatientFacts,
    *,
    answers: tuple[FactAnswer, ...] | None = None,
    swapped: bool = False,
) -> dict[str, object]:
    """The patient bar and the questions, which every change may change."""
    today = timezone.localdate()
    if answers is None:
        answers = tuple(patient.fact_answers.filter(in_error=False).select_related("entered_by"))
    newest = {(row.code, row.region): row for row in sorted(answers, key=lambda row: row.pk)}
    asked = {(one.fact.code, one.fact.region.value if one.fact.region else "") for one in known.questions}
    return {
        "patient": patient,
        "today": today,
        "section": "patients",
        "here": "record",
        "chips": facts.shown(known, patient, today),
        "weeks": known.weeks,
        "questions": [_question(one, newest) for one in known.questions],
        "answered": [
            (facts.title_of(code, region), row)
            for (code, region), row in newest.items()
            if (code, region) not in asked
        ],
        "swapped": swapped,
        "may_write": True if swapped else None,
    }


def _question(question: FactQuestion, newest: dict[tuple[str, str], FactAnswer]) -> Question:
    region = question.fact.region.value if question.fact.region else ""
    last = newest.get((question.fact.code, region))
    return Question(
        question,
        facts.title(question.fact),
        facts.words_behind(question),
        last if last is not None and last.answer == "unsure" else None,
    )


def _about_of(patient: Patient) -> dict[str, str]:
    return {"why_here": patient.why_here, "what_matters": patient.what_matters}
