"""The patient's page after a visit, and the sheet to print or keep."""

from __future__ import annotations

import uuid
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from openomt.care.accounts.who import practice_of
from openomt.care.followup.aftercare.services import sheets
from openomt.care.portal.access import Scope, Visitor, for_patients, visitor
from openomt.care.visits.documents import DocumentError
from openomt.care.visits.models import Visit
from openomt.care.visits.printing.aftercare import aftercare_data, aftercare_pdf
from openomt.care.visits.printing.source import printable
from openomt.care.visits.printing.values import PrintableVisit
from openomt.care.visits.printing.views import pdf_answer
from openomt.care.words import page_language


@for_patients(Scope.AFTERCARE)
@require_GET
def mine_aftercare(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """What to expect, what to do and when to call, and what was done, in the patient's language."""
    who = visitor(request)
    visit = _visit(who, uid)
    try:
        printed = _printed(request, visit)
    except DocumentError:
        return render(request, "followup/mine_no_sheet.html", status=409)
    told = {name.replace("-", "_"): value for name, value in aftercare_data(printed, page_language()).items()}
    who.record("aftercare.read", subject=f"visit:{visit.uid}")
    return render(request, "followup/mine_aftercare.html", {"visit": visit, "told": told})


@for_patients(Scope.AFTERCARE)
@require_GET
def mine_aftercare_pdf(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The same as a sheet of paper."""
    who = visitor(request)
    visit = _visit(who, uid)
    try:
        printed = _printed(request, visit)
    except DocumentError:
        return render(request, "followup/mine_no_sheet.html", status=409)
    language = page_language()
    who.record("aftercare.print", subject=f"visit:{visit.uid}")
    return pdf_answer(aftercare_pdf(printed, language), f"aftercare-{visit.date}-{language}")


def _visit(who: Visitor, uid: uuid.UUID) -> Visit:
    return get_object_or_404(sheets(who.patient).select_related("patient", "clinician", "location"), uid=uid)


def _printed(request: HttpRequest, visit: Visit) -> PrintableVisit:
    asked = visit.check_ins.filter(due_at__gt=timezone.now()).values_list("due_at", flat=True)
    days = tuple(timezone.localdate(due) for due in asked)
    return replace(printable(visit, practice_of(request)), check_ins=days)
