"""The pages of whoever signed in: their course, visits, messages, and all of their data in one file."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from dataclasses import replace

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from openomt.care.accounts import audit
from openomt.care.accounts.who import practice_of
from openomt.care.followup import services as followup
from openomt.care.followup.deadlines import answer_by
from openomt.care.followup.models import Task
from openomt.care.followup.replies import services as answers
from openomt.care.mine import export, sheets
from openomt.care.mine.home import advice_of, home_of, visits_of
from openomt.care.mine.trends import progress as progress_of
from openomt.care.patients.models import Document
from openomt.care.portal import limits
from openomt.care.portal.access import Visitor, for_patients, visitor
from openomt.care.portal.birth_date import BirthDate, read
from openomt.care.visits.documents import DocumentError, signed_document
from openomt.care.visits.models import Visit
from openomt.care.words import page_language, say
from openomt.knowledge import load
from openomt.knowledge.redflags import Aftercare
from openomt.medicine.narrative import patient_summary

_EMERGENCY = "911"
_LIFELINE = "988"


@for_patients()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What comes next, what is to do, the plan, and where to write."""
    now = _opened(request, "mine.read", "page:home")
    return render(request, "mine/home.html", {"here": "home", "home": home_of(now.patient)})


@for_patients()
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """How it goes, in pictures."""
    now = _opened(request, "mine.read", "page:progress")
    told = progress_of(now.patient, timezone.localdate())
    return render(request, "mine/progress.html", {"here": "progress", "progress": told})


@for_patients()
@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """The visits, what to do at home, and the papers the practice shares."""
    now = _opened(request, "mine.read", "page:visits")
    content = {
        "here": "visits",
        "visits": visits_of(now.patient),
        "advice": advice_of(now.patient),
        "documents": _shared(now).order_by("-pk"),
    }
    return render(request, "mine/visits.html", content)


@for_patients()
@require_safe
def visit(request: HttpRequest, visit_uid: uuid.UUID) -> HttpResponse:
    """One visit in everyday words."""
    now = visitor(request)
    row = _visit(now, visit_uid)
    now.record("visit.read", subject=f"visit:{row.uid}", address=audit.address_of(request))
    try:
        summary = patient_summary(signed_document(row).visit, page_language())
    except DocumentError:
        summary = None
    content = {
        "here": "visits",
        "visit": row,
        "summary": summary,
        "awaiting": row.state == Visit.State.AWAITING,
        "addenda": row.addenda.all(),
        "agreements": row.agreements.select_related("asking").order_by("pk"),
    }
    return render(request, "mine/visit.html", content, status=200 if summary else 409)


@for_patients()
@require_safe
def visit_file(request: HttpRequest, visit_uid: uuid.UUID, kind: str) -> HttpResponse:
    """A sheet of the visit, to keep or print."""
    now = visitor(request)
    row = _visit(now, visit_uid)
    if kind not in sheets.KINDS:
        raise Http404
    now.record(f"{kind}.print", subject=f"visit:{row.uid}", address=audit.address_of(request))
    try:
        content = sheets.sheet(row, kind, practice_of(request))
    except DocumentError:
        return _refused(request, "mine.not_made", "mine.visit_damaged")
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{kind}-{row.date}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


@for_patients()
@require_safe
def document(request: HttpRequest, document_uid: uuid.UUID) -> HttpResponse:
    """A paper the practice shares, as it was sent. One that has changed since is not given out."""
    now = visitor(request)
    row = get_object_or_404(_shared(now).defer(None), uid=document_uid)
    address = audit.address_of(request)
    now.record("document.read", subject=f"document:{row.uid}", address=address)
    content = bytes(row.content)
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), row.sha256):
        now.record("document.damaged", subject=f"document:{row.uid}", address=address)
        return _refused(request, "mine.document_damaged", "mine.document_damaged_text")
    return HttpResponse(
        content,
        content_type="text/plain; charset=utf-8" if row.media_type == "text/plain" else row.media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, row.name) or "attachment",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


# -- messages ------------------------------------------------------------------------------------------


@for_patients()
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """A message to the practice, and all that were sent. What holds a danger is answered on the next screen."""
    if request.method != "POST":
        return _ask_page(request, _opened(request, "mine.read", "page:ask"))
    now = visitor(request)
    words = request.POST.get("words", "").replace("\r\n", "\n").strip()
    fault = _fault_of(words)
    if fault:
        return _ask_page(request, now, words, fault, status=422)
    if not limits.allowed(request, "ask", str(now.patient.pk)):
        return _ask_page(request, now, words, say("mine.ask_too_many"), status=429)
    task = followup.ask(now.patient, now, words)
    return redirect("mine_question", task.uid)


def _fault_of(words: str) -> str:
    if not words:
        return say("mine.ask_empty")
    return say("mine.ask_long", most=followup.MOST_WORDS) if len(words) > followup.MOST_WORDS else ""


def _ask_page(
    request: HttpRequest, now: Visitor, words: str = "", fault: str = "", *, status: int = 200
) -> HttpResponse:
    content = {
        "here": "ask",
        "words": words,
        "fault": fault,
        "most": followup.MOST_WORDS,
        "answer_by": answer_by(timezone.now()),
        "signs": _emergency_signs(),
        "asked": _asked(now).prefetch_related("replies").order_by("-pk"),
    }
    return render(request, "mine/ask.html", content, status=status)


@for_patients()
@require_safe
def question(request: HttpRequest, question_uid: uuid.UUID) -> HttpResponse:
    """One message with what to do now, in the first line, and the replies."""
    now = visitor(request)
    task = get_object_or_404(_asked(now), uid=question_uid)
    now.record("task.read", subject=f"task:{task.uid}", address=audit.address_of(request))
    replies = list(task.replies.select_related("by").order_by("pk"))
    for one in replies:
        if one.read_at is None:
            answers.read(now, one)
    told = [str(line) for line in task.told]
    danger = told if task.danger and task.closed_at is None else []
    content = {
        "here": "ask",
        "task": task,
        "replies": replies,
        "act": danger[0] if danger else "",
        "more": danger[1] if len(danger) > 1 else "",
        "call": _number_in(danger),
        "rest": danger[2:],
    }
    return render(request, "mine/question.html", content)


def _number_in(told: list[str]) -> str:
    """The number to call at once: the one that the first line names."""
    first = told[0] if told else ""
    return next((number for number in (_LIFELINE, _EMERGENCY) if number in first), "")


def _emergency_signs() -> list[str]:
    """Lines of the knowledge that say when to call 911."""
    lines = sorted((one for one in load().all(Aftercare) if one.group == "call"), key=lambda one: one.order)
    texts = [one.en if page_language() == "en" else one.es for one in lines]
    return [text for text in texts if _EMERGENCY in text]


# -- everything --------------------------------------------------------------------------------------------


@for_patients()
@require_http_methods(["GET", "HEAD", "POST"])
def everything(request: HttpRequest) -> HttpResponseBase:
    """All that is kept about the patient, in one file, once the birth date was given again."""
    now = visitor(request)
    if request.method != "POST":
        return _everything_page(request, BirthDate())
    born = read(request.POST)
    if born.value is None:
        return _everything_page(request, born, status=422)
    if not limits.allowed(request, "everything", str(now.patient.pk)):
        return render(request, "portal/wait.html", status=429)
    if born.value != now.patient.birth_date:
        now.record("export.refused", subject="export:everything", address=audit.address_of(request))
        return _everything_page(request, replace(born, fault="birth_date_not_it"), status=422)
    now.record("export.made", subject="export:everything", address=audit.address_of(request))
    file = export.everything(now.patient, practice_of(request))
    name = f"my-data-{timezone.localdate()}.zip"
    answer = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    answer["Cache-Control"] = "no-store"
    return answer


def _everything_page(request: HttpRequest, born: BirthDate, *, status: int = 200) -> HttpResponse:
    return render(request, "mine/everything.html", {"here": "everything", "born": born}, status=status)


# -- whose rows ------------------------------------------------------------------------------------------------


def _opened(request: HttpRequest, action: str, subject: str) -> Visitor:
    """The visitor, after the opening of the page was written to the audit."""
    now = visitor(request)
    now.record(action, subject=subject, address=audit.address_of(request))
    return now


def _visit(now: Visitor, uid: uuid.UUID) -> Visit:
    return get_object_or_404(visits_of(now.patient), uid=uid)


def _shared(now: Visitor) -> QuerySet[Document]:
    rows = Document.objects.filter(patient=now.patient, in_error=False, shared_at__isnull=False)
    return rows.defer("content")


def _asked(now: Visitor) -> QuerySet[Task]:
    return Task.objects.filter(patient=now.patient, source=Task.Source.QUESTION)


def _refused(request: HttpRequest, title: str, text: str) -> HttpResponse:
    values = {"title_key": title, "text_key": text}
    return render(request, "portal/error.html", values, status=409)
