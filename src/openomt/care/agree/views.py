"""The patient's pages: what is planned, one thing a screen, and the signature. Works without JavaScript."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, cast, get_args

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openomt.care.accounts import audit
from openomt.care.accounts.models import Practice
from openomt.care.agree import services
from openomt.care.agree.answers import (
    THRUST,
    Answers,
    Assent,
    Step,
    Thrust,
    Understood,
    Yes,
    assent,
    questions,
)
from openomt.care.agree.models import Agreement, Asking
from openomt.care.agree.printing import agreement_pdf
from openomt.care.agree.services import AnswerError
from openomt.care.agree.texts import in_language, mark_of, plan_text, technique_text
from openomt.care.portal.access import Scope, Visitor, for_patients, visitor
from openomt.care.visits.printing.views import pdf_answer
from openomt.care.words import page_language, say
from openomt.medicine.safety.screen import screen


@for_patients(Scope.AGREE)
@require_safe
def start(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What is planned, or what was signed, or that it is over."""
    now = visitor(request)
    asking = _asking(now, uid)
    now.record("agreement.read", subject=f"asking:{asking.uid}", address=audit.address_of(request))
    signed = services.newest(asking.visit)
    if not services.is_open(asking):
        return _page(request, asking, "over", {"signed": signed})
    if asking.signed_at is not None and signed is not None:
        day = timezone.localtime(signed.signed_at).date()
        return _page(request, asking, "signed", {"signed": signed, "day": day, "rows": _rows(asking)})
    language = page_language()
    texts = [technique_text(code, language) for code in asking.techniques]
    answers = services.answers_of(asking)
    return _page(
        request,
        asking,
        "start",
        {"texts": texts, "first": _first_open(asking), "begun": answers != Answers()},
    )


@for_patients(Scope.AGREE)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, uid: uuid.UUID, step: str) -> HttpResponse:
    """One screen of the asking."""
    now = visitor(request)
    asking = _asking(now, uid)
    here = next((one for one in services.steps(asking) if one.name == step), None)
    if here is None:
        raise Http404
    if not services.is_open(asking) or asking.signed_at is not None:
        return redirect("agree_mine", asking.uid)
    if request.method == "POST":
        return _take(request, now, asking, here)
    return _show(request, asking, here)


def _take(request: HttpRequest, now: Visitor, asking: Asking, here: Step) -> HttpResponse:
    sent = request.POST
    chosen = sent.get("answer", "")
    try:
        match here.kind:
            case "risks":
                services.read(now, asking, here)
            case "technique":
                services.choose(now, asking, here, cast("Yes", _one_of(chosen, Yes)))
            case "thrust":
                services.choose_thrust(now, asking, here, cast("Thrust", _one_of(chosen, Thrust)))
            case "child":
                answer = cast("Assent", _one_of(chosen, Assent))
                services.say_assent(now, asking, here, answer, sent.get("words", ""))
            case "question":
                return _question(request, now, asking, here, chosen)
            case "sign":
                services.sign(
                    now,
                    asking,
                    sent.get("name", ""),
                    language=page_language(),
                    interpreter=sent.get("interpreter", ""),
                    address=audit.address_of(request),
                )
                return redirect("agree_mine", asking.uid)
    except AnswerError as error:
        return _show(request, asking, here, str(error))
    return redirect("agree_mine_step", asking.uid, _after(asking, here).name)


def _question(request: HttpRequest, now: Visitor, asking: Asking, here: Step, chosen: str) -> HttpResponse:
    """Right: on. Wrong: explained and asked again, or, after the last try, explained and on."""
    done = services.answers_of(asking).questions.get(here.key, Understood()).done
    if not done and services.try_question(now, asking, here, chosen).right:
        done = True
    elif not done:
        return redirect("agree_mine_step", asking.uid, here.name)
    return redirect("agree_mine_step", asking.uid, _after(asking, here).name)


def _one_of(chosen: str, known: Any) -> str:
    if chosen not in get_args(known):
        raise AnswerError("choose_one")
    return chosen


def _show(request: HttpRequest, asking: Asking, here: Step, error: str = "") -> HttpResponse:
    language, answers = page_language(), services.answers_of(asking)
    known: dict[str, Any] = {"step": here, "answers": answers, "typed": request.POST}
    never = services.never_wanted(asking.visit.patient)
    match here.kind:
        case "risks":
            known["plan"] = plan_text(language, services.audiences(asking))
        case "technique":
            known |= {
                "text": technique_text(here.key, language),
                "was_never": here.key in never,
                "chosen": answers.techniques.get(here.key) or ("always" if here.key in never else ""),
            }
        case "thrust":
            known |= {
                "text": technique_text(THRUST, language),
                "was_never": THRUST in never,
                "chosen": answers.thrust or ("always" if THRUST in never else ""),
            }
        case "question":
            known |= _asked(here, answers, language)
        case "child":
            known |= _child(language) | {"chosen": answers.assent or ""}
        case "sign":
            known |= {"rows": _rows(asking)}
    if error:
        known["error"] = say(f"agree.{error}")
    return _page(request, asking, here.kind, known, status=422 if error else 200)


def _asked(here: Step, answers: Answers, language: str) -> dict[str, Any]:
    question = next(one for one in questions() if one.id == here.key)
    so_far = answers.questions.get(here.key, Understood())
    return {
        "question": in_language(question, language),
        "choices": [(one.id, one.es if language == "es" else one.en) for one in question.choices],
        "explained": in_language(question, language, "explain") if so_far.tries and not so_far.right else "",
        "mark": mark_of(question),
        "so_far": so_far,
    }


def _child(language: str) -> dict[str, Any]:
    record = assent()
    return {
        "adult": in_language(record, language, "adult"),
        "child": in_language(record, language),
        "mark": mark_of(record),
    }


@dataclass(frozen=True, slots=True)
class Row:
    """An answer in the summary, and the step where it is changed."""

    name: str
    answer: str
    step: str
    yes: bool


def _rows(asking: Asking) -> list[Row]:
    answers, language = services.answers_of(asking), page_language()
    rows: list[Row] = []
    for one in services.steps(asking):
        if one.kind == "technique" and one.key in answers.techniques:
            said = answers.techniques[one.key]
            name = technique_text(one.key, language).name
            rows.append(Row(name, say(f"agree.{said}"), one.name, said == "yes"))
        elif one.kind == "thrust" and answers.thrust:
            words = say(f"agree.thrust_{answers.thrust}")
            rows.append(Row(say("agree.thrust_row"), words, one.name, answers.thrust == "fine"))
        elif one.kind == "child" and answers.assent:
            words = say(f"agree.assent_{answers.assent}")
            rows.append(Row(say("agree.child_row"), words, one.name, answers.assent == "yes"))
    return rows


def _first_open(asking: Asking) -> Step:
    answers = services.answers_of(asking)
    return next(one for one in services.steps(asking) if not one.done(answers))


def _after(asking: Asking, here: Step) -> Step:
    all_ = services.steps(asking)
    return all_[all_.index(here) + 1]


def _page(
    request: HttpRequest, asking: Asking, name: str, known: dict[str, Any], status: int = 200
) -> HttpResponse:
    here = known.get("step")
    context: dict[str, Any] = {
        "asking": asking,
        "visit": asking.visit,
        "patient": asking.visit.patient,
        "open": services.is_open(asking),
    }
    if isinstance(here, Step):
        all_ = services.steps(asking)
        at = all_.index(here)
        context |= {"at": at + 1, "of": len(all_), "before": all_[at - 1] if at else None}
    return render(request, f"agree/{name}.html", context | known, status=status)


@for_patients(Scope.AGREE)
@require_http_methods(["GET", "HEAD", "POST"])
def talk(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The patient has questions. Words of danger in them are answered at once."""
    now = visitor(request)
    asking = _asking(now, uid)
    if not services.is_open(asking):
        return redirect("agree_mine", asking.uid)
    if request.method != "POST":
        return _page(request, asking, "talk", {"told": False})
    words = request.POST.get("words", "")[:4000]
    try:
        services.want_to_talk(now, asking, words)
    except AnswerError:
        return redirect("agree_mine", asking.uid)
    found = screen(text=words, language=page_language())
    act = found.tell[0] if found.urgency and found.tell else ""
    more = " ".join(found.tell[1:2]) if act else ""
    known = {"told": True, "act": act, "more": more, "call": "911" if "911" in f"{act} {more}" else ""}
    return _page(request, asking, "talk", known | {"next": _next_name(asking)})


def _next_name(asking: Asking) -> str:
    return "" if asking.signed_at is not None else _first_open(asking).name


@for_patients(Scope.AGREE)
@require_POST
def change(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The patient changed their mind: to the summary, where each answer can be changed and signed anew."""
    now = visitor(request)
    asking = _asking(now, uid)
    try:
        services.change_mind(now, asking)
    except AnswerError:
        return redirect("agree_mine", asking.uid)
    return redirect("agree_mine_step", asking.uid, "sign")


@for_patients(Scope.AGREE)
@require_safe
def pdf(request: HttpRequest, uid: uuid.UUID, agreement: uuid.UUID) -> HttpResponse:
    """What was signed, to keep."""
    now = visitor(request)
    asking = _asking(now, uid)
    found = (
        Agreement.objects.select_related("guardian", "supersedes", "visit")
        .filter(uid=agreement, asking__visit=asking.visit)
        .first()
    )
    if found is None:
        raise Http404
    now.record("agreement.print", subject=f"agreement:{found.uid}", address=audit.address_of(request))
    return pdf_answer(agreement_pdf(found, Practice.load()), f"agreement-{found.visit.date}")


def _asking(now: Visitor, uid: uuid.UUID) -> Asking:
    found = services.asking_of(now.patient, uid)
    if found is None:
        raise Http404
    return found
