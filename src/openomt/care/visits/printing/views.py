"""The printed forms of a visit. Each is audited as a reading of the chart."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from openomt.care.accounts.access import Permission, allow
from openomt.care.accounts.models import Practice
from openomt.care.patients.charts import open_chart
from openomt.care.visits.documents import DocumentError
from openomt.care.visits.models import Visit
from openomt.care.visits.printing.aftercare import aftercare_pdf
from openomt.care.visits.printing.letter import letter_pdf
from openomt.care.visits.printing.note import note_pdf
from openomt.care.visits.printing.source import printable
from openomt.care.visits.printing.values import LANGUAGES, PrintableVisit, Recipient

MOST_LINES = 6


@allow(Permission.VISIT_READ)
@require_GET
def visit_print(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What can be printed of a visit."""
    visit = _visit(request, uid, "visit.read")
    return render(request, "visits/print.html", {"section": "patients", "visit": visit})


@allow(Permission.VISIT_READ)
@require_GET
def visit_pdf(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The note."""
    visit = _visit(request, uid, "note.print")
    return _answer(request, visit, note_pdf, f"note-{visit.date}")


@allow(Permission.VISIT_READ)
@require_GET
def visit_letter(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """A letter to a colleague, addressed to `to` with the lines of `address`; both may be empty."""
    visit = _visit(request, uid, "letter.print")
    lines = request.GET.get("address", "")[:600].splitlines()
    to = Recipient(
        request.GET.get("to", "")[:120].strip(),
        tuple(line.strip() for line in lines if line.strip())[:MOST_LINES],
    )
    return _answer(request, visit, letter_pdf, f"letter-{visit.date}", to)


@allow(Permission.VISIT_READ)
@require_GET
def visit_aftercare(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The sheet the patient takes home, in `language` or the patient's own."""
    visit = _visit(request, uid, "aftercare.print")
    language = request.GET.get("language", visit.patient.language)
    if language not in LANGUAGES:
        raise Http404
    make = partial(aftercare_pdf, language=language)
    return _answer(request, visit, make, f"aftercare-{visit.date}-{language}")


def _visit(request: HttpRequest, uid: uuid.UUID, action: str) -> Visit:
    visit = Visit.objects.select_related("patient", "clinician", "location").filter(uid=uid).first()
    if visit is None:
        raise Http404
    open_chart(request, visit.patient.uid, action, subject=f"visit:{visit.uid}")
    return visit


def _answer(
    request: HttpRequest,
    visit: Visit,
    make: Callable[[PrintableVisit], bytes],
    name: str,
    to: Recipient | None = None,
) -> HttpResponse:
    try:
        printed = printable(visit, Practice.load(), to)
    except DocumentError as error:
        told = {"title": "Not printed", "message": f"{error}. Restore it from a backup before it is printed."}
        return render(request, "site/error.html", told, status=409)
    return pdf_answer(make(printed), name)


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """A PDF shown in the browser and kept in no cache. `name` says nothing of the patient."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer
